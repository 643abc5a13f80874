"""The dialog that saves the graph, the cost curve or both as a still picture."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QWidget,
)

from bp_gui.views.stills import StillFormat


class Subject(Enum):
    """What is in the picture."""

    GRAPH = "The graph"
    CURVE = "The cost curve"
    BOTH = "Both"


class ExportPictureDialog(QDialog):
    """Asks what is to be in the picture, how it is saved and how large it is.

    Parameters
    ----------
    with_curve
        Whether there is a curve to draw.
    parent
        The window.
    """

    def __init__(self, *, with_curve: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export a picture")
        self._subject, self._format = QComboBox(), QComboBox()
        for subject in Subject if with_curve else (Subject.GRAPH,):
            self._subject.addItem(subject.value, subject)
        for kind, text in (
            (StillFormat.SVG, "SVG, a drawing for the web"),
            (StillFormat.PDF, "PDF, a drawing for print"),
            (StillFormat.PNG, "PNG, pixels"),
        ):
            self._format.addItem(text, kind)
        self._scale = QDoubleSpinBox()
        self._scale.setRange(0.5, 8.0)
        self._scale.setSingleStep(0.5)
        self._scale.setDecimals(1)
        self._scale.setValue(2.0)
        self._scale.setSuffix(" ×")
        self._scale.setToolTip("How many times as large as on the screen")
        form = QFormLayout(self)
        form.addRow("&Picture of", self._subject)
        form.addRow("&Format", self._format)
        form.addRow("&Scale", self._scale)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    @property
    def subject(self) -> Subject:
        """What is to be in the picture."""
        subject: Subject = self._subject.currentData()
        return subject

    @property
    def format(self) -> StillFormat:
        """How it is to be saved."""
        kind: StillFormat = self._format.currentData()
        return kind

    @property
    def scale(self) -> float:
        """How many times as large as on the screen."""
        return self._scale.value()

    def ask_where(self) -> Path | None:
        """Ask for the file."""
        suffix = self.format.value
        name, _ = QFileDialog.getSaveFileName(
            self.parentWidget(), self.windowTitle(), f"network{suffix}", f"Pictures (*{suffix})"
        )
        if not name:
            return None
        path = Path(name)
        return path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)
