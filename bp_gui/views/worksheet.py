"""Puts a worksheet into a file: PDF, HTML or text, by the ending of its name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QFileDialog, QWidget

from bp_gui.session.experiment import Experiment
from bp_gui.session.quiz import Question
from bp_gui.session.whole_file import write_whole
from bp_gui.session.worksheet import worksheet_html, worksheet_text
from bp_gui.views.whole_name import with_ending

FILTER = "PDF (*.pdf);;Web page (*.html);;Text (*.txt)"
_MARGIN_MM = 18.0
_POINTS = 11.0
_DPI = 300


def ask_where(parent: QWidget, seed: int) -> Path | None:
    """Ask where a worksheet goes."""
    name, kind = QFileDialog.getSaveFileName(
        parent, "Save the worksheet", f"worksheet-{seed}.pdf", FILTER
    )
    if not name:
        return None
    path = Path(name)
    ending = f".{kind.rpartition('.')[2].rstrip(')')}"
    return path if path.suffix else with_ending(parent, path, ending)


def save_worksheet(
    path: Path, experiment: Experiment, questions: Sequence[Question], seed: int
) -> None:
    """Write a worksheet with its answer key, whole or not at all.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    if path.suffix.lower() == ".pdf":
        content = _as_pdf(worksheet_html(experiment, questions, seed))
    elif path.suffix.lower() in (".html", ".htm"):
        content = worksheet_html(experiment, questions, seed).encode()
    else:
        content = worksheet_text(experiment, questions, seed).encode()
    write_whole(path, content)


def _as_pdf(html: str) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DPI)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    document = QTextDocument()
    font = QFont("Inter")
    font.setPointSizeF(_POINTS)
    document.setDefaultFont(font)
    document.setHtml(html)
    document.print_(writer)
    return bytes(buffer.data().data())
