"""The dialog that takes shared text, or an address of TensorFlow Playground."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from bp_gui.session.experiment import Experiment
from bp_gui.session.imports.playground import UsePlayground, read_playground
from bp_gui.session.imports.problem import ImportProblem
from bp_gui.session.share import UseShared, from_share_text
from bp_gui.views.theme import Theme


class PasteDialog(QDialog):
    """Says what a text holds before it is used; what was there can be had back with Undo.

    Parameters
    ----------
    text
        What to begin with, the clipboard as a rule.
    theme
        Colours.
    """

    def __init__(self, text: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.edit: UseShared | UsePlayground | None = None
        self.setWindowTitle("Paste shared text")
        self.text = QPlainTextEdit()
        self.verdict = QLabel()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._build()
        self.text.textChanged.connect(self._judge)
        self.text.setPlainText(text)
        self._judge()
        self.resize(480, 320)

    def _judge(self) -> None:
        """Say what the text holds, or why nothing."""
        text = self.text.toPlainText().strip()
        self.edit, sentence = None, "Paste a text that was copied with Copy share text."
        is_good = not text
        try:
            if text:
                self.edit, sentence = _read(text)
                is_good = True
        except ImportProblem as error:
            sentence = f"{str(error)[:1].upper()}{str(error)[1:]}."
        self.verdict.setText(sentence)
        self.verdict.setStyleSheet(
            f"color: {self._theme.text if is_good else self._theme.warning};"
        )
        use = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        use.setEnabled(self.edit is not None)

    def _build(self) -> None:
        about = QLabel(
            "Shared text holds the whole network with its data and training. An address of "
            "TensorFlow Playground is taken as well. Undo brings back what is here now."
        )
        about.setObjectName("quiet")
        about.setWordWrap(True)
        self.text.setAccessibleName("Shared text or address")
        self.text.setPlaceholderText("backprop1.…")
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.verdict.setWordWrap(True)
        self.verdict.setAccessibleName("What it holds")
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Use")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        body = QVBoxLayout(self)
        body.setSpacing(8)
        body.addWidget(about)
        body.addWidget(self.text, 1)
        body.addWidget(self.verdict)
        body.addWidget(self.buttons)


def _read(text: str) -> tuple[UseShared | UsePlayground, str]:
    """Return what a text asks for, and what that is in words."""
    if "playground" in text[:200].lower():
        found = read_playground(text)
        notes = "\n".join(f"{note}." for note in found.notes)
        return found.edit, f"A configuration of TensorFlow Playground.\n{notes}"
    experiment = from_share_text(text)
    return UseShared(experiment), _described(experiment)


def _described(experiment: Experiment) -> str:
    sizes = "-".join(map(str, experiment.architecture.sizes))
    samples = len(experiment.t)
    return (
        f"A {sizes} network after {experiment.updates:,} updates, with "
        f"{samples:,} sample{'' if samples == 1 else 's'}."
    )


def paste_shared(
    text: str, theme: Theme, parent: QWidget | None = None
) -> UseShared | UsePlayground | None:
    """Ask what to make of a text; return the edit, or None if it is not wanted."""
    dialog = PasteDialog(text, theme, parent)
    try:
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        return dialog.edit if accepted else None
    finally:
        dialog.deleteLater()
