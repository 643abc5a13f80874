"""What a window asks a person, and tells in dialogs of its own."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMessageBox

from bp_gui.controller.document import SUFFIX
from bp_gui.views.actions import SPECS, Actions
from bp_gui.views.whole_name import with_ending

TITLE = "Backpropagation explorer"
FILTER = f"Backprop projects (*{SUFFIX} *.json);;All files (*)"
_OTHER_KEYS = (
    ("↑ ↓", "In a number box: one step; with Shift a tenth, with Ctrl ten"),
    ("← → ↑ ↓", "In the graph: from neuron to neuron"),
    ("Del, Ins", "In the graph: remove the selected neuron, or add one to its layer"),
    ("Menu", "What can be done with what is selected"),
)


class Answer(Enum):
    """What to do with unsaved changes."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"


class Conflict(Enum):
    """What to do with a file that somebody else has written meanwhile."""

    REPLACE = "replace"
    SAVE_AS = "save as"
    CANCEL = "cancel"


class AskingWindow(QMainWindow):
    """A window that asks for files and about changes, and says what went wrong."""

    def ask_file_to_open(self) -> Path | None:
        """Ask which file to open."""
        name, _ = QFileDialog.getOpenFileName(self, "Open a project", "", FILTER)
        return Path(name) if name else None

    def ask_file_to_save(self, suggestion: str) -> Path | None:
        """Ask where to save."""
        name, _ = QFileDialog.getSaveFileName(self, "Save the project", suggestion, FILTER)
        if not name:
            return None
        path = Path(name)
        return path if path.suffix == ".json" else with_ending(self, path, SUFFIX)

    def ask_about_changes(self, name: str) -> Answer:
        """Ask what to do with unsaved changes."""
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(TITLE)
        box.setText(f"Save the changes to “{name}”?")
        button = QMessageBox.StandardButton
        box.setStandardButtons(button.Save | button.Discard | button.Cancel)
        box.setDefaultButton(button.Save)
        chosen = button(box.exec())
        return {button.Save: Answer.SAVE, button.Discard: Answer.DISCARD}.get(chosen, Answer.CANCEL)

    def ask_to_save_elsewhere(self, sentence: str) -> bool:
        """Say why a file could not be written; return whether to save somewhere else."""
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(TITLE)
        box.setText(sentence)
        box.setInformativeText("Nothing is lost: what the file held before is untouched.")
        elsewhere = box.addButton("Save &as…", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(elsewhere)
        box.exec()
        return box.clickedButton() is elsewhere

    def ask_about_conflict(self, path: Path) -> Conflict:
        """Say that somebody else has written a file since; return whether to replace it."""
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(TITLE)
        box.setText(f"{path.name} was changed by another window or program.")
        box.setInformativeText("Replacing it loses what was saved there since it was opened here.")
        replace = box.addButton("&Replace", QMessageBox.ButtonRole.DestructiveRole)
        elsewhere = box.addButton("Save &as…", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(elsewhere)
        box.exec()
        if box.clickedButton() is replace:
            return Conflict.REPLACE
        return Conflict.SAVE_AS if box.clickedButton() is elsewhere else Conflict.CANCEL

    def show_error(self, sentence: str) -> None:
        """Say in a dialog what could not be done."""
        QMessageBox.warning(self, TITLE, sentence)

    def show_shortcuts(self, actions: Actions) -> None:
        """List all keys."""
        rows = []
        for spec in SPECS:
            keys = actions[spec.key].shortcuts()
            if keys:
                shown = " or ".join(
                    k.toString(QKeySequence.SequenceFormat.NativeText) for k in keys
                )
                rows.append(f"<tr><td><b>{shown}</b>&nbsp;&nbsp;</td><td>{spec.tip}</td></tr>")
        rows += [f"<tr><td><b>{keys}</b></td><td>{tip}</td></tr>" for keys, tip in _OTHER_KEYS]
        QMessageBox.information(self, "Keyboard", f"<table>{''.join(rows)}</table>")

    def show_about(self) -> None:
        """Say what the program is."""
        QMessageBox.about(
            self,
            TITLE,
            f"<b>{TITLE}</b><p>See, change and check every number of a small neural network.</p>",
        )
