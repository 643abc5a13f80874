"""Check my numbers: paste or drop values, and read what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFontDatabase,
    QGuiApplication,
)
from PySide6.QtWidgets import QPlainTextEdit, QSplitter, QTextBrowser, QToolButton, QWidget

from bp_gui.diagnose.catalogue import MISTAKES
from bp_gui.diagnose.diagnosis import Comparison, Diagnosis, Verdict
from bp_gui.diagnose.mistake import Mistake
from bp_gui.diagnose.reading import MAX_CHARACTERS, decoded
from bp_gui.diagnose.words import sentences
from bp_gui.engine.network import Architecture
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.panels.lab.lines import side_by_side
from bp_gui.views.theme import LIGHT, Theme

_MOST_LINKS = 3  # to the lab
_PAUSE_MS = 300  # in typing, before the numbers are looked at
_PLACEHOLDER = """Paste numbers here, or drop a file:

W1 = [[0.14978, 0.19956], [0.24975, 0.29950]]
cost after: 0.291028

What NumPy prints, lists, JSON, CSV or plain numbers; weights after the next update, gradients, deltas, activations, cost; rounded as you like."""  # noqa: E501


class NumbersEdit(QPlainTextEdit):
    """A field for text that also takes files.

    Signals
    -------
    refused(sentence)
        A dropped file cannot be read.
    """

    refused = Signal(str)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Take text and local files."""
        return _local_file(source) is not None or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Insert pasted or dropped text; a file takes the place of what is there."""
        path = _local_file(source)
        if path is None:
            super().insertFromMimeData(source)
            return
        try:
            if path.stat().st_size > MAX_CHARACTERS:
                raise ValueError("is too large")
            self.setPlainText(decoded(path.read_bytes()))
        except OSError as error:
            self.refused.emit(f"The file {path.name}: {error.strerror}")
        except ValueError:
            self.refused.emit(f"The file {path.name} is too large or no text.")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files here, before the window takes them for projects."""
        if self.canInsertFromMimeData(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Go on taking them."""
        if _local_file(event.mimeData()) is not None:
            event.acceptProposedAction()
        else:
            super().dragMoveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Read a dropped file; text lands where it is dropped."""
        if _local_file(event.mimeData()) is None:
            super().dropEvent(event)
            return
        event.acceptProposedAction()
        self.insertFromMimeData(event.mimeData())


def _local_file(source: QMimeData) -> Path | None:
    urls = source.urls()
    return Path(urls[0].toLocalFile()) if urls and urls[0].isLocalFile() else None


class CheckPanel(CardFrame):
    """A field for numbers above, and what there is to say about them below.

    Signals
    -------
    check_requested(text)
        These numbers are to be compared with the next update.
    lab_requested(names)
        These mistakes are to be seen in the lab.
    """

    check_requested = Signal(str)
    lab_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Check my numbers", parent)
        self._theme = LIGHT
        self._snapshot: Snapshot | None = None
        self._shown: tuple[Diagnosis, Architecture] | str | None = None
        self.numbers = NumbersEdit()
        self.numbers.setPlaceholderText(_PLACEHOLDER)
        self.numbers.setAccessibleName("Your numbers")
        self.numbers.setTabChangesFocus(True)
        self.numbers.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.numbers.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.result = QTextBrowser()
        self.result.setAccessibleName("What they say")
        self.result.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.result.viewport().setAutoFillBackground(False)
        self.result.document().setDocumentMargin(4)
        self.result.setOpenLinks(False)
        self.result.anchorClicked.connect(
            lambda url: self.lab_requested.emit(frozenset(url.path().split(",")))
        )
        self._pause = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._ask)
        self.numbers.textChanged.connect(self._pause.start)
        self.numbers.refused.connect(self.show_unreadable)
        self._add_buttons()
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(8)
        for widget, share in ((self.numbers, 0), (self.result, 1)):
            splitter.addWidget(widget)
            splitter.setStretchFactor(splitter.count() - 1, share)
        splitter.setSizes([170, 400])
        self.body.addWidget(splitter, 1)

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Look at the numbers again: they are compared with another moment now."""
        before, self._snapshot = self._snapshot, new
        if before is not None and self.numbers.toPlainText().strip():
            self._pause.start()

    def show_diagnosis(self, diagnosis: Diagnosis, experiment: Experiment) -> None:
        """Show what has been found."""
        self._shown = diagnosis, experiment.architecture
        self._render()

    def show_unreadable(self, sentence: str) -> None:
        """Say why the numbers cannot be compared."""
        self._shown = sentence
        self._render()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        self._render()

    def panes(self) -> list[QWidget]:
        """Return what the keyboard goes to."""
        return [self.numbers, self.result]

    def _add_buttons(self) -> None:
        for text, tip, slot in (
            ("Paste", "Put the clipboard's text in place of what is there", self._paste),
            ("Clear", "Empty the field", self.numbers.clear),
        ):
            button = QToolButton()
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(f"{text} numbers")
            button.clicked.connect(slot)
            self.add_to_head(button)

    def _paste(self) -> None:
        self.numbers.selectAll()
        self.numbers.paste()
        if not QGuiApplication.clipboard().text():
            self.show_unreadable("There is no text on the clipboard.")

    def _ask(self) -> None:
        text = self.numbers.toPlainText()
        if text.strip():
            self.check_requested.emit(text)
        else:
            self._shown = None
            self._render()

    def _render(self) -> None:
        shown = self._shown
        if shown is None:
            self.result.clear()
        elif isinstance(shown, str):
            sentence = escape(shown[:1].upper() + shown[1:]).rstrip(".")
            self.result.setHtml(f'<p style="color:{self._theme.muted}">{sentence}.</p>')
        else:
            self.result.setHtml(self._html(*shown))

    def _html(self, diagnosis: Diagnosis, architecture: Architecture) -> str:
        theme = self._theme
        colour = {
            Verdict.AGREES: theme.accent,
            Verdict.CONVENTION: theme.text,
        }.get(diagnosis.verdict, theme.warning)
        headline, *rest = sentences(diagnosis, architecture)
        said = "".join(f'<p style="margin:5px 0">{escape(sentence)}</p>' for sentence in rest)
        mistakes = dict.fromkeys(m for e in diagnosis.explanations for m in e.mistakes)
        rows = "".join(_row(each, theme) for each in diagnosis.comparisons)
        return (
            f'<p style="color:{colour}; font-weight:600; margin:2px 0 6px 0">{escape(headline)}</p>'
            f"{said}{side_by_side(mistakes, theme, 'Yours')}{_links(diagnosis, theme)}"
            f'<table cellspacing="0" cellpadding="3" style="margin:10px 0 0 0">{rows}</table>'
        )


def _links(diagnosis: Diagnosis, theme: Theme) -> str:
    """Return a link to the lab for each explanation that it can show."""
    shown = [
        e.mistakes for e in diagnosis.explanations if all(m.name in MISTAKES for m in e.mistakes)
    ]
    links = [
        f'<a href="lab:{",".join(mistake.name for mistake in mistakes)}" '
        f'style="color:{theme.accent}">See {"it" if len(shown) == 1 else _labels(mistakes)} '
        "in the lab</a>"
        for mistakes in shown[:_MOST_LINKS]
    ]
    return "".join(f'<p style="margin:6px 0 0 0">{link}</p>' for link in links)


def _labels(mistakes: Sequence[Mistake]) -> str:
    return escape(" and ".join(f"“{mistake.label}”" for mistake in mistakes))


def _row(comparison: Comparison, theme: Theme) -> str:
    """Return one line of the list of quantities."""
    mark = "✓" if comparison.agrees else "✗"
    colour = theme.muted if comparison.agrees else theme.warning
    return (
        f'<tr><td style="color:{colour}">{mark}</td><td>{escape(comparison.quantity.name)}</td>'
        f'<td style="color:{theme.muted}">{comparison.agreeing:,} of {comparison.count:,} '
        "agree</td></tr>"
    )
