"""The name of a file to write, where a person left its ending out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QMessageBox, QWidget


def with_ending(parent: QWidget | None, path: Path, ending: str) -> Path | None:
    """Return a path with an ending behind it; None if a file of that name is to stay.

    The file dialog has asked about the name that was typed. It knows nothing of the file that the
    ending makes of it, so here is asked about that one.
    """
    whole = path.with_name(path.name + ending)
    if whole == path or not whole.exists() or may_replace(parent, whole):
        return whole
    return None


def may_replace(parent: QWidget | None, path: Path) -> bool:
    """Ask whether a file may be replaced."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("Replace?")
    box.setText(f"{path.name} exists already. Replace it?")
    replace = box.addButton("&Replace", QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.exec()
    return box.clickedButton() is replace
