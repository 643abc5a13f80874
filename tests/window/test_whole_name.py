"""A name typed without its ending replaces no file that nobody was asked about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from bp_gui.app import Program
from bp_gui.session.exports.stills import StillFormat
from bp_gui.views import whole_name
from bp_gui.views.dialogs.export import ExportDialog
from bp_gui.views.dialogs.export_picture import ExportPictureDialog
from bp_gui.views.theme import LIGHT
from bp_gui.views.worksheet import ask_where


def _of_export(program: Program) -> Path | None:
    dialog = ExportDialog("mine", LIGHT, program.window)
    asked: list[Path] = []
    dialog.save_requested.connect(lambda entry, path: asked.append(path))
    dialog.save.click()
    return asked[0] if asked else None


def _of_picture(program: Program) -> Path | None:
    dialog = ExportPictureDialog(with_curve=True, parent=program.window)
    assert dialog.wish.format is StillFormat.SVG
    return dialog.ask_where()


@pytest.mark.parametrize(
    ("ask", "ending"),
    [
        (lambda program: program.window.ask_file_to_save("mine"), ".backprop.json"),
        (_of_export, ".csv"),
        (_of_picture, ".svg"),
        (lambda program: ask_where(program.window, 1), ".pdf"),
    ],
)
def test_a_file_that_the_ending_leads_to_is_asked_about(
    ask: Callable[[Program], Path | None],
    ending: str,
    program: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    typed, whole = tmp_path / "mine", tmp_path / f"mine{ending}"
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_: (str(typed), f"Files (*{ending})")
    )
    asked: list[Path] = []

    def refuse(_: object, path: Path) -> bool:
        asked.append(path)
        return False

    monkeypatch.setattr(whole_name, "may_replace", refuse)
    assert ask(program) == whole
    assert not asked
    whole.touch()
    assert ask(program) is None
    assert asked == [whole]
    monkeypatch.setattr(whole_name, "may_replace", lambda *_: True)
    assert ask(program) == whole
