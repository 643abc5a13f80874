"""The error of central differences over their step ε."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QWidget

from bp_gui.engine.arrays import Array
from bp_gui.views.plot.field import Note, Notes
from bp_gui.views.plot.figure import Figure
from bp_gui.views.theme import Theme

_HEIGHT = 230
_ROOM = 0.7  # powers of ten above and below


class ErrorPlot(Figure):
    """A curve with the chosen ε on it; both axes are logarithmic."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Relative error of central differences over ε")
        self.setFixedHeight(_HEIGHT)
        self.left.logarithmic = self.bottom.logarithmic = True
        self.set_labels("step ε of central differences", "relative error")
        self._curve = self.add(pg.PlotCurveItem(antialias=True, connect="finite"), 1)
        self._line = self.add(pg.InfiniteLine(angle=90), 0)
        self._point = self.add(pg.ScatterPlotItem(size=11), 2)
        self._notes = self.add(Notes(), 3)

    def set_style(self, theme: Theme, font: QFont) -> None:
        """Take over colours and the font."""
        self.set_fonts(font)
        self.set_theme(theme)
        self._curve.setPen(pg.mkPen(theme.accent, width=1.8 * self.devicePixelRatioF()))
        self._line.setPen(pg.mkPen(theme.muted, width=1))
        self._point.setBrush(pg.mkBrush(QColor(theme.accent)))
        self._point.setPen(pg.mkPen(theme.surface, width=1.5))
        small = QFont(font)
        small.setPointSizeF(max(font.pointSizeF() - 1.0, 1.0))
        self._notes.set_style(small, theme.muted, theme.surface)

    def show_errors(self, exponents: Array, logs: Array) -> None:
        """Show decimal logarithms of errors over those of ε."""
        self._curve.setData(exponents, logs)
        low, high = float(logs.min()) - _ROOM, float(logs.max()) + _ROOM
        first, last = float(exponents[0]), float(exponents[-1])
        self.set_range((first, last), (low, high))
        top = high - 0.09 * (high - low)
        notes = [
            Note("rounding", [(first + share * (last - first), top) for share in (0.28, 0.36)]),
            Note("truncation", [(first + share * (last - first), top) for share in (0.7, 0.62)]),
        ]
        self._notes.set_notes(notes, np.stack((exponents, logs), axis=1))

    def show_choice(self, exponent: float, log: float) -> None:
        """Mark the chosen ε."""
        self._line.setValue(exponent)
        self._point.setData([exponent], [log])
