"""Two cost curves over the same updates, drawn without further ado."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from bp_gui.engine.arrays import Array
from bp_gui.explain.numbers import format_number, told_apart
from bp_gui.session.lab import Curves
from bp_gui.views.theme import LIGHT, Theme

_MARGIN = 8
_TICKS = 4
_BROAD, _NARROW = 3.4, 1.6  # so that both are seen where one lies on the other
_DASHES = [4.0, 3.0]  # in widths of the line
_DECADES_FOR_LOG = 1.0
_SMALLEST = 1e-300


@dataclass(frozen=True)
class _Drawing:
    """What `paint` draws, all in pixels."""

    area: QRectF
    right: tuple[QPolygonF, ...]
    mistaken: tuple[QPolygonF, ...]
    ticks: tuple[tuple[float, str], ...]


class PairPlot(QWidget):
    """The right curve broad in the accent colour, the mistaken one dashed upon it in another.

    The cost axis is logarithmic once the costs span a factor of ten.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Cost with and without the mistakes")
        self._curves: Curves | None = None
        self._theme = LIGHT
        self._digits = 6
        self._drawing: _Drawing | None = None

    def sizeHint(self) -> QSize:
        """Return a good size."""
        return QSize(400, 150)

    def show_curves(self, curves: Curves | None) -> None:
        """Show how far training has come, or nothing."""
        self._curves = curves
        self._lay_out()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        self.update()

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the curves into the new size."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        """Turn costs into pixels, so that painting is drawing only."""
        self._drawing = None
        curves = self._curves
        if curves is not None and len(curves.updates) > 0:
            self.setAccessibleDescription(" ".join(text for text, _ in self._legend()))
            self._drawing = self._drawn(curves)
        self.update()

    def _drawn(self, curves: Curves) -> _Drawing | None:
        costs = np.concatenate((curves.right, curves.mistaken))
        finite = costs[np.isfinite(costs) & (costs < 1e300)]
        if len(finite) == 0:
            return None
        low, high = float(finite.min()), float(finite.max())
        logarithmic = low > _SMALLEST and math.log10(high / low) > _DECADES_FOR_LOG

        def scale(values: float | Array) -> Array:
            return np.log10(values) if logarithmic else np.asarray(values)

        bottom, top = (float(scale(low)), float(scale(high))) if logarithmic else (0.0, high)
        if top - bottom < 1e-12:
            bottom, top = bottom - 0.5, top + 0.5
        top += 0.05 * (top - bottom)
        area = self._area()

        def polylines(values: Array) -> tuple[QPolygonF, ...]:
            with np.errstate(all="ignore"):
                y = area.bottom() - (scale(values) - bottom) / (top - bottom) * area.height()
            x = area.left() + curves.updates / max(curves.wanted, 1) * area.width()
            return _pieces(x, y)

        ticks = []
        for value in _tick_values(bottom, top, logarithmic=logarithmic):
            place = float(scale(value)) if logarithmic else value
            y = area.bottom() - (place - bottom) / (top - bottom) * area.height()
            ticks.append((y, format_number(value, 3)))
        return _Drawing(area, polylines(curves.right), polylines(curves.mistaken), tuple(ticks))

    def _area(self) -> QRectF:
        metrics = QFontMetricsF(self.font())
        left = metrics.horizontalAdvance("0.00e−00") + _MARGIN
        line = metrics.height()
        return QRectF(
            left,
            line + _MARGIN,
            max(self.width() - left - 2 * _MARGIN, 1.0),
            max(self.height() - 2 * line - 2.5 * _MARGIN, 1.0),
        )

    def _legend(self) -> list[tuple[str, str]]:
        """Return what the two curves have come to, with their colours."""
        assert self._curves is not None
        right, mistaken = told_apart(
            float(self._curves.right[-1]), float(self._curves.mistaken[-1]), self._digits
        )
        return [
            (f"right {right}", self._theme.accent),
            (f"with the mistakes {mistaken}", self._theme.warning),
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw axes, curves and what they have come to."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._drawing is None:
                painter.setPen(QColor(self._theme.muted))
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "No cost to show yet")
            else:
                self._paint(painter, self._drawing)
        finally:
            painter.end()

    def _paint(self, painter: QPainter, drawing: _Drawing) -> None:
        area, theme = drawing.area, self._theme
        metrics = QFontMetricsF(painter.font())
        for y, text in drawing.ticks:
            painter.setPen(QColor(theme.grid))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(theme.muted))
            box = QRectF(0, y - metrics.height() / 2, area.left() - 6, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        self._paint_ends(painter, area, metrics)
        right = QPen(QColor(theme.accent), _BROAD)
        mistaken = QPen(QColor(theme.warning), _NARROW)
        mistaken.setDashPattern(_DASHES)
        for pen, lines in ((right, drawing.right), (mistaken, drawing.mistaken)):
            painter.setPen(pen)
            for line in lines:
                painter.drawPolyline(line)

    def _paint_ends(self, painter: QPainter, area: QRectF, metrics: QFontMetricsF) -> None:
        assert self._curves is not None
        bottom = QRectF(area.left(), area.bottom() + 3, area.width(), metrics.height())
        painter.drawText(bottom, Qt.AlignmentFlag.AlignLeft, "0")
        painter.drawText(bottom, Qt.AlignmentFlag.AlignRight, f"{self._curves.wanted:,} updates")
        x = area.left()
        for text, colour in self._legend():
            painter.setPen(QColor(colour))
            painter.drawText(QPointF(x, metrics.ascent() + 1), text)
            x += metrics.horizontalAdvance(text) + 3 * _MARGIN


def _pieces(x: Array, y: Array) -> tuple[QPolygonF, ...]:
    """Return a polyline, interrupted where it is not finite."""
    pieces: list[list[QPointF]] = [[]]
    for a, b in zip(x.tolist(), y.tolist(), strict=True):
        if math.isfinite(b) and abs(b) < 1e6:
            pieces[-1].append(QPointF(a, b))
        elif pieces[-1]:
            pieces.append([])
    return tuple(QPolygonF(piece) for piece in pieces if piece)


def _tick_values(bottom: float, top: float, *, logarithmic: bool) -> list[float]:
    if logarithmic:
        decades = range(math.ceil(bottom), math.floor(top) + 1)
        every = max(1, math.ceil(len(decades) / _TICKS))
        return [10.0**decade for decade in decades if decade % every == 0]
    rough = (top - bottom) / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(f * power for f in (1.0, 2.0, 5.0, 10.0) if f * power >= rough)
    first, last = math.ceil(bottom / step), math.floor(top / step)
    return [float(f"{index * step:.12g}") for index in range(first, last + 1)]
