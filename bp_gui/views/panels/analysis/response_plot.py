"""The picture of a response: a map or a curve, with samples upon it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QWidget

from bp_gui.engine.arrays import Array
from bp_gui.session.responses import DecisionMap, Marks, Response, ResponseCurve, ResponseMap
from bp_gui.views.plot.colour_bar import ColourBar
from bp_gui.views.plot.contours import colours_of, contour_lines, shares_between
from bp_gui.views.plot.field import Field
from bp_gui.views.plot.figure import Figure
from bp_gui.views.plot.shades import class_colour, parting_shades, region_pixels
from bp_gui.views.theme import LIGHT, Theme

_ROOM = 0.08
_SYMBOLS = ("o", "t", "s", "d", "star", "p")
_SURE = 0.5  # a lead from which a region has its full colour


class ResponsePlot(Figure):
    """Shows one response, and the samples in the colours and shapes of their classes.

    Parameters
    ----------
    tip
        Says what a sample is: its place in x and y, and its 0-based number.
    """

    def __init__(
        self, tip: Callable[[float, float, int], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Response over the inputs")
        self._theme = LIGHT
        self._samples_shown: tuple[object, ...] = ()
        self._field = self.add(Field(), 0)
        self._boundary = self.add(pg.PlotCurveItem(antialias=True, connect="pairs"), 1)
        self._residuals = self.add(pg.PlotCurveItem(antialias=True, connect="pairs"), 2)
        self._curve = self.add(pg.PlotCurveItem(antialias=True, connect="finite"), 3)
        self._samples = self.add(pg.ScatterPlotItem(size=8, hoverable=True, tip=tip), 4)
        self._wrong = self.add(pg.ScatterPlotItem(size=13, brush=None), 5)
        self._present = self.add(pg.ScatterPlotItem(size=17, brush=None), 6)
        self._bar = ColourBar()
        self.add_beside(self._bar)

    def set_style(self, theme: Theme, font: QFont) -> None:
        """Take over colours and the font."""
        self.set_fonts(font)
        self.set_theme(theme)
        small = QFont(font)
        small.setPointSizeF(max(font.pointSizeF() - 1.0, 1.0))
        self._bar.set_style(theme, parting_shades(theme), small)
        width = self.devicePixelRatioF()
        self._boundary.setPen(pg.mkPen(theme.text, width=1.4 * width))
        self._curve.setPen(pg.mkPen(theme.accent, width=2.0 * width))
        faint = QColor(theme.muted)
        faint.setAlphaF(0.6)
        self._residuals.setPen(pg.mkPen(faint, width=width))
        self._wrong.setPen(pg.mkPen(theme.warning, width=1.8))
        self._present.setPen(pg.mkPen(theme.text, width=2.2))
        self._samples_shown = ()

    def show_response(self, found: Response, marks: Marks, name: str) -> None:
        """Show what was asked for, and the samples upon it."""
        drawn = found.drawn
        if isinstance(drawn, ResponseMap):
            self._show_map(drawn, name)
        elif isinstance(drawn, DecisionMap):
            self._show_decision(drawn)
        else:
            self._show_curve(drawn, marks)
        self._bar.setVisible(isinstance(drawn, ResponseMap))
        self._show_samples(found, marks)
        self._present.setData([marks.here[0]], [marks.here[1]])
        self._wrong.setData(marks.x[marks.wrong], marks.y[marks.wrong])

    def _show_map(self, found: ResponseMap, name: str) -> None:
        """Show one neuron over two inputs, with its boundary and its scale."""
        shares = shares_between(found.values, found.low, found.high, logarithmic=False)
        missing = QColor(self._theme.border).rgb()
        pixels = colours_of(shares, parting_shades(self._theme), missing)
        lines = contour_lines(found.values, found.x, found.y, found.middle)
        self._show_field(pixels, found.x, found.y, lines)
        self._bar.set_scale(found.low, found.high, logarithmic=False, title=name)
        self._bar.set_marks([found.middle], float("nan"))

    def _show_decision(self, found: DecisionMap) -> None:
        """Show which output is the largest over two inputs, and where another becomes it."""
        strength = np.clip(found.lead.max(axis=0) / _SURE, 0.0, 1.0)
        pixels = region_pixels(self._theme, found.winner, strength)
        lines = [contour_lines(lead, found.x, found.y, 0.0) for lead in found.lead]
        joined = np.concatenate([x for x, _ in lines]), np.concatenate([y for _, y in lines])
        self._show_field(pixels, found.x, found.y, joined)

    def _show_field(
        self, pixels: NDArray[np.uint32], x: Array, y: Array, lines: tuple[Array, Array]
    ) -> None:
        self._field.setVisible(True)
        self._field.show_pixels(pixels, x, y)
        self._boundary.setData(*lines)
        self._curve.setData([], [])
        self._residuals.setData([], [])
        self.set_range((float(x[0]), float(x[-1])), (float(y[0]), float(y[-1])))

    def _show_curve(self, found: ResponseCurve, marks: Marks) -> None:
        """Show one neuron over one input, and join targets with what the network gives."""
        x, values = found.x, found.values
        self._field.setVisible(False)
        self._boundary.setData([], [])
        self._curve.setData(x, np.where(np.isfinite(values), values, np.nan))
        every = np.concatenate((values, marks.y))
        known = every[np.isfinite(every)]
        low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
        room = (high - low or 1.0) * _ROOM
        pairs = np.stack((marks.y, marks.outputs), axis=1).ravel()
        self._residuals.setData(np.repeat(marks.x, 2), np.where(np.isfinite(pairs), pairs, np.nan))
        self.set_range((float(x[0]), float(x[-1])), (low - room, high + room))

    def _show_samples(self, found: Response, marks: Marks) -> None:
        """Draw the samples, unless they are drawn already."""
        shown = found.snapshot.experiment.data, found.neuron, found.window.varied
        if shown == self._samples_shown:
            return
        self._samples_shown = shown
        classes = marks.classes.tolist()
        brushes = {k: pg.mkBrush(class_colour(self._theme, k)) for k in set(classes)}
        self._samples.setData(
            marks.x,
            marks.y,
            brush=[brushes[k] for k in classes],
            symbol=[_SYMBOLS[k % len(_SYMBOLS)] for k in classes],
            pen=pg.mkPen(self._theme.surface, width=1.2),
            data=np.arange(len(marks.x)),
        )
