"""The scale of a field: its colours with numbers beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPolygonF
from PySide6.QtWidgets import QGraphicsWidget

from bp_gui.views.plot.axis import ticks
from bp_gui.views.theme import LIGHT, Theme

_LEFT, _WIDTH = 12.0, 12.0
_GAP = 5.0
_POINTER = 6.0
_WIDEST = "5.00e−5"


class ColourBar(QGraphicsWidget):
    """Colours from low to high; lines where contours run, and a pointer at one value."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._table: NDArray[np.uint8] = np.zeros((2, 3), dtype=np.uint8)
        self._low, self._high, self._logarithmic = 0.0, 1.0, False
        self._levels: Sequence[float] = ()
        self._value = math.nan
        self._title = ""
        self._font = QFont()

    def set_style(self, theme: Theme, table: NDArray[np.uint8], font: QFont) -> None:
        """Take over colours, and the font of the numbers."""
        self._theme, self._table, self._font = theme, table, font
        metrics = QFontMetricsF(font)
        wide = _LEFT + _WIDTH + _GAP + metrics.horizontalAdvance(_WIDEST) + metrics.height() + 4
        self.setMinimumWidth(wide)
        self.setMaximumWidth(wide)
        self.update()

    def set_scale(self, low: float, high: float, *, logarithmic: bool, title: str) -> None:
        """Reach from the one to the other number."""
        self._low, self._high, self._logarithmic, self._title = low, high, logarithmic, title
        self.update()

    def set_marks(self, levels: Sequence[float], value: float) -> None:
        """Mark where contours run, and point at a value."""
        self._levels, self._value = levels, value
        self.update()

    def share(self, value: float) -> float:
        """Return how far up a value stands, from 0 to 1; NaN for none."""
        low, high = self._low, self._high
        if self._logarithmic:
            if not value > 0:
                return 0.0 if value == value else math.nan
            value, low, high = (math.log10(number) for number in (value, low, high))
        return (value - low) / (high - low) if high > low else 0.5

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw the colours, the marks upon them and the numbers beside them."""
        bar = QRectF(_LEFT, 0.0, _WIDTH, self.size().height() - 1.0)
        pixels = np.ascontiguousarray(
            0xFF000000 | (self._table[::-1].astype(np.uint32) @ np.array([65536, 256, 1]))
        ).astype(np.uint32)
        image = QImage(pixels.data, 1, len(pixels), 4, QImage.Format.Format_RGB32)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(bar, image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(QColor(self._theme.border))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar)
        line = QColor(self._theme.text)
        line.setAlphaF(0.4)
        painter.setPen(line)
        for level in self._levels:
            y = self._height(bar, level)
            painter.drawLine(QPointF(bar.left(), y), QPointF(bar.right(), y))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._point(painter, bar)
        self._write(painter, bar)

    def _height(self, bar: QRectF, value: float) -> float:
        return bar.bottom() - self.share(value) * bar.height()

    def _point(self, painter: QPainter, bar: QRectF) -> None:
        share = self.share(self._value)
        if not math.isfinite(share):
            return
        y = bar.bottom() - min(max(share, 0.0), 1.0) * bar.height()
        tip = QPointF(bar.left() - 1.0, y)
        back, side = QPointF(-_POINTER, 0.0), QPointF(0.0, _POINTER / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.text))
        painter.drawPolygon(QPolygonF([tip, tip + back + side, tip + back - side]))

    def _write(self, painter: QPainter, bar: QRectF) -> None:
        metrics = QFontMetricsF(self._font)
        painter.setFont(self._font)
        painter.setPen(QColor(self._theme.muted))
        left = bar.right() + _GAP
        for value, text in ticks(self._low, self._high, bar.height(), self._logarithmic):
            row = QRectF(left, self._height(bar, value), 80.0, metrics.height())
            row.translate(0.0, -metrics.height() / 2)
            row.moveTop(min(max(row.top(), 0.0), bar.bottom() - metrics.height()))
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.translate(self.size().width() - metrics.height(), bar.center().y())
        painter.rotate(-90.0)
        across = QRectF(-bar.height() / 2, 0.0, bar.height(), metrics.height())
        text = metrics.elidedText(self._title, Qt.TextElideMode.ElideRight, bar.height())
        painter.drawText(across, Qt.AlignmentFlag.AlignCenter, text)
