"""The dialog in which a person writes what a project is about."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from bp_gui.session.project import MAX_NOTES


class NotesDialog(QDialog):
    """Shows the notes of a project, to be changed.

    Parameters
    ----------
    name
        What the project is called.
    notes
        What was written so far.
    """

    def __init__(self, name: str, notes: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Notes on “{name}”")
        self.text = QPlainTextEdit(notes)
        self._too_long = QLabel(f"Notes have at most {MAX_NOTES:,} characters.")
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._build()
        self.text.textChanged.connect(self._judge)
        self._judge()
        self.resize(520, 360)

    @property
    def notes(self) -> str:
        """What is written now."""
        return self.text.toPlainText()

    def _judge(self) -> None:
        fits = len(self.notes) <= MAX_NOTES
        self._too_long.setVisible(not fits)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(fits)

    def _build(self) -> None:
        about = QLabel("Saved in the project file; training and exports do not look at them.")
        about.setObjectName("quiet")
        about.setWordWrap(True)
        self.text.setAccessibleName("Notes")
        self.text.setPlaceholderText("What is this network for? What is worth a look?")
        self.text.setTabChangesFocus(True)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        body = QVBoxLayout(self)
        body.setSpacing(8)
        body.addWidget(about)
        body.addWidget(self.text, 1)
        body.addWidget(self._too_long)
        body.addWidget(self.buttons)


def ask_for_notes(name: str, notes: str, parent: QWidget | None = None) -> str | None:
    """Show the notes of a project; return what they should be, or None to leave them."""
    dialog = NotesDialog(name, notes, parent)
    try:
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        return dialog.notes if accepted else None
    finally:
        dialog.deleteLater()
