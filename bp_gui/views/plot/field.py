"""Items of a figure that pyqtgraph has not: a smooth field, arrows and notes true on the screen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from bp_gui.engine.arrays import Array

_SHORTEST = 3.0  # pixels below which an arrow shows no direction
_HEAD = 9.0
_HALO = 2.6
_SHADE = 0.78  # of the ground behind a note
_CLEAR, _CLEAR_OF_POINTS = 3.0, 8.0  # pixels between notes, and from points


class Field(pg.GraphicsObject):  # type: ignore[misc]
    """Colours on a grid, smooth in between."""

    def __init__(self) -> None:
        super().__init__()
        self._pixels: NDArray[np.uint32] | None = None
        self._rect = QRectF()

    def show_pixels(self, pixels: NDArray[np.uint32], x: Array, y: Array) -> None:
        """Show 0xffRRGGBB (rows, columns) at the places of columns and rows, ascending."""
        self.prepareGeometryChange()
        self._pixels = np.ascontiguousarray(pixels)
        step = float(x[1] - x[0]), float(y[1] - y[0])
        self._rect = QRectF(
            float(x[0]) - step[0] / 2, float(y[0]) - step[1] / 2, step[0] * len(x), step[1] * len(y)
        )
        self.update()

    def boundingRect(self) -> QRectF:
        """Return what the grid covers."""
        return self._rect

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw the grid enlarged; its first row is the lowest."""
        if self._pixels is None:
            return
        rows, columns = self._pixels.shape
        image = QImage(self._pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self._rect, image)


class _OnScreen(pg.GraphicsObject):  # type: ignore[misc]
    """Something whose place is in the figure's units and whose shape is in pixels."""

    def __init__(self) -> None:
        super().__init__()
        self._seen = QRectF()

    def boundingRect(self) -> QRectF:
        """Return all that can be seen."""
        return self._seen

    def viewTransformChanged(self) -> None:
        """Follow the axes; the scene has to hear of it before the bounds are others."""
        super().viewTransformChanged()
        self.prepareGeometryChange()
        self._seen = self.viewRect()
        self.update()


class Arrow(_OnScreen):
    """An arrow from a point along a vector, both in the figure's units; its head is in pixels.

    Parameters
    ----------
    width
        Of the shaft, in pixels.
    length
        In pixels whatever the vector's; None for as long as the vector is.
    """

    def __init__(self, width: float, length: float | None = None) -> None:
        super().__init__()
        self._width, self._length = width, length
        self._start, self._vector = QPointF(), QPointF()
        self._colour, self._halo = QColor(), QColor()

    def set_colours(self, colour: str, halo: str) -> None:
        """Draw in a colour, with a rim of another."""
        self._colour, self._halo = QColor(colour), QColor(halo)
        self.update()

    def set_arrow(self, start: tuple[float, float], vector: tuple[float, float]) -> None:
        """Lead from a point along a vector; nothing is drawn of one that is not finite."""
        self._start = QPointF(*start)
        there = all(map(math.isfinite, (*start, *vector)))
        self._vector = QPointF(*vector) if there else QPointF()
        self.update()

    def ends(self, painter: QPainter) -> tuple[QPointF, QPointF] | None:
        """Return both ends in pixels; None if it is too short to be seen."""
        transform = painter.worldTransform()
        start = transform.map(self._start)
        shaft = transform.map(self._start + self._vector) - start
        size = math.hypot(shaft.x(), shaft.y())
        if size == 0 or (self._length is None and size < _SHORTEST):
            return None
        return start, start + shaft * (1.0 if self._length is None else self._length / size)

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw the rim, then the arrow."""
        ends = self.ends(painter)
        if ends is None:
            return
        start, tip = ends
        size = math.hypot((tip - start).x(), (tip - start).y())
        along = (tip - start) / size
        head = min(_HEAD, size)
        back, side = tip - along * head, QPointF(-along.y(), along.x()) * (0.42 * head)
        barbs = QPolygonF([tip, back + side, back + along * (0.25 * head), back - side])
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, rim in ((self._halo, _HALO), (self._colour, 0.0)):
            pen = QPen(colour, self._width + rim)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(start, back + along * (0.25 * head))
            painter.setPen(QPen(colour, rim) if rim else Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPolygon(barbs)


@dataclass(frozen=True)
class Note:
    """A short text where it covers nothing: at the first such place and offset.

    Attributes
    ----------
    text
        What it says.
    places
        In the figure's units.
    offsets
        In pixels from a place to the middle of the text.
    """

    text: str
    places: Sequence[tuple[float, float]]
    offsets: Sequence[tuple[float, float]] = ((0.0, 0.0),)


class Notes(_OnScreen):
    """Texts that keep clear of each other and of what they must not cover; the first go first."""

    def __init__(self) -> None:
        super().__init__()
        self._notes: Sequence[Note] = ()
        self._clear_of: Array = np.empty((0, 2))
        self._font = QFont()
        self._colour, self._ground = QColor(), QColor()

    def set_style(self, font: QFont, colour: str, ground: str) -> None:
        """Write in a font and a colour, on a ground that what lies below shines through."""
        self._font, self._colour, self._ground = font, QColor(colour), QColor(ground)
        self._ground.setAlphaF(_SHADE)
        self.update()

    def set_notes(self, notes: Sequence[Note], clear_of: Array) -> None:
        """Write these, away from points (n, 2)."""
        self._notes, self._clear_of = notes, clear_of
        self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Write each note where there is room."""
        transform, metrics = painter.worldTransform(), QFontMetricsF(self._font)
        seen = transform.mapRect(self._seen).adjusted(_CLEAR, _CLEAR, -_CLEAR, -_CLEAR)
        points = _mapped(self._clear_of, transform)
        painter.resetTransform()
        painter.setFont(self._font)
        taken: list[QRectF] = []
        for note in self._notes:
            size = metrics.size(Qt.TextFlag.TextSingleLine, note.text)
            rect = QRectF(QPointF(), size).adjusted(-2, 0, 2, 0)
            for place, offset in product(note.places, note.offsets):
                rect.moveCenter(transform.map(QPointF(*place)) + QPointF(*offset))
                if seen.contains(rect) and _is_free(rect, taken, points):
                    taken.append(QRectF(rect))
                    self._write(painter, rect, note.text)
                    break

    def _write(self, painter: QPainter, rect: QRectF, text: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ground)
        painter.drawRoundedRect(rect, 3, 3)
        painter.setPen(self._colour)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def _mapped(points: Array, transform: Any) -> Array:
    matrix = np.array([[transform.m11(), transform.m12()], [transform.m21(), transform.m22()]])
    return np.asarray(points @ matrix + np.array([transform.dx(), transform.dy()]))


def _is_free(rect: QRectF, taken: Sequence[QRectF], points: Array) -> bool:
    wide = rect.adjusted(-_CLEAR, -_CLEAR, _CLEAR, _CLEAR)
    if any(wide.intersects(other) for other in taken):
        return False
    more = _CLEAR_OF_POINTS
    wide = rect.adjusted(-more, -more, more, more)
    x, y = points[:, 0], points[:, 1]
    inside = (x > wide.left()) & (x < wide.right()) & (y > wide.top()) & (y < wide.bottom())
    return not inside.any()
