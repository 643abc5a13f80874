"""The dialog that saves or copies the graph, the cost curve or both as a still picture."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QWidget,
)

from bp_gui.session.exports.stills import SCALES, Ground, Still, StillFormat, Subject
from bp_gui.views.whole_name import with_ending

_GROUNDS = {Ground.LIGHT: "White, for print", Ground.DARK: "Dark"}
_TIPS = {
    StillFormat.SVG: "SVG, a drawing for the web",
    StillFormat.PDF: "PDF, a drawing for print",
    StillFormat.PNG: "PNG, pixels",
}


class ExportPictureDialog(QDialog):
    """Asks what is to be in the picture, how it is saved and how large it is.

    Parameters
    ----------
    with_curve
        Whether there is a curve to draw.
    parent
        The window.

    Signals
    -------
    copy_requested(Still)
        The picture is wanted on the clipboard; the dialog stays.
    """

    copy_requested = Signal(object)

    def __init__(self, *, with_curve: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export a picture")
        self._subject, self._format, self._ground = QComboBox(), QComboBox(), QComboBox()
        for subject in Subject if with_curve else (Subject.GRAPH,):
            self._subject.addItem(subject.label, subject)
        for kind, text in _TIPS.items():
            self._format.addItem(text, kind)
        for ground, text in _GROUNDS.items():
            self._ground.addItem(text, ground)
        self._scale = QDoubleSpinBox()
        self._scale.setRange(*SCALES)
        self._scale.setSingleStep(0.5)
        self._scale.setDecimals(1)
        self._scale.setValue(2.0)
        self._scale.setSuffix(" ×")
        self._scale.setToolTip("How many times as large as on the screen")
        form = QFormLayout(self)
        form.addRow("&Picture of", self._subject)
        form.addRow("&Format", self._format)
        form.addRow("&Ground", self._ground)
        form.addRow("&Scale", self._scale)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self.copy = buttons.addButton("&Copy", QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.setToolTip("Copy the picture in pixels, to be pasted elsewhere")
        self.copy.clicked.connect(lambda: self.copy_requested.emit(self.wish))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    @property
    def wish(self) -> Still:
        """What is asked for."""
        return Still(
            self._format.currentData(),
            self._subject.currentData(),
            self._ground.currentData(),
            self._scale.value(),
        )

    def ask_where(self) -> Path | None:
        """Ask for the file."""
        suffix = self.wish.format.value
        name, _ = QFileDialog.getSaveFileName(
            self.parentWidget(), self.windowTitle(), f"network{suffix}", f"Pictures (*{suffix})"
        )
        if not name:
            return None
        path = Path(name)
        if path.suffix.lower() == suffix:
            return path
        return with_ending(self.parentWidget(), path, suffix)
