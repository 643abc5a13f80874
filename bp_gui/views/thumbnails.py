"""Little pictures of data: every sample a mark, told apart by colour and by shape."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from bp_gui.engine.arrays import Array
from bp_gui.engine.coding import Coding
from bp_gui.engine.datasets import DATASETS
from bp_gui.session.bundled import BUNDLED
from bp_gui.session.classification import Classes, classes_of
from bp_gui.views.theme import Theme

SIZE = QSize(56, 42)
_MARGIN = 4.0
_DRAWN = 140
_FEW = 8  # up to so many samples, marks are drawn large
_RADIUS, _LARGE_RADIUS = 1.6, 4.0
_SEED = 1


@lru_cache(maxsize=64)
def picture_points(name: str) -> tuple[Array, Classes]:
    """Return where the marks of a data set lie, (m, 2), from 0 to 1, and the class of each.

    Two inputs are the two directions; one input is drawn against the target; of more than two
    inputs the last two are taken.
    """
    if name in BUNDLED:
        samples = BUNDLED[name].samples
        x, t, coding = samples.x, samples.t, samples.coding
    else:
        dataset = DATASETS[name]
        coding = dataset.coding
        x, t = dataset.samples(_SEED, max(dataset.size, 1) if dataset.size <= _FEW else _DRAWN)
    points = np.hstack([x, t]) if x.shape[1] == 1 else x[:, -2:]
    classes = np.zeros(len(x), dtype=np.int64)
    if coding is not Coding.NUMBERS:
        classes = classes_of(t, coding)
    low, span = points.min(axis=0), np.ptp(points, axis=0)
    inside = np.where(span > 0, (points - low) / np.where(span > 0, span, 1.0), 0.5)
    return inside, classes


def thumbnail(name: str, theme: Theme, ratio: float) -> QIcon:
    """Return the picture of a registered data set or of a table that comes with the program.

    Parameters
    ----------
    name
        Key in `DATASETS` or in `BUNDLED`.
    theme
        Whose colours are used.
    ratio
        Device pixels to a pixel.
    """
    pixmap = QPixmap(SIZE * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    points, classes = picture_points(name)
    radius = _LARGE_RADIUS if len(points) <= _FEW else _RADIUS
    width, height = SIZE.width() - 2 * _MARGIN, SIZE.height() - 2 * _MARGIN
    colours = [QColor(colour) for colour in class_colours(theme)]
    for (x, y), label in zip(points.tolist(), classes.tolist(), strict=True):
        centre = QPointF(_MARGIN + x * width, _MARGIN + (1.0 - y) * height)
        _draw_mark(painter, centre, radius, label, colours)
    painter.end()
    return QIcon(pixmap)


def class_colours(theme: Theme) -> Sequence[str]:
    """Return the colours of the first classes; more begin anew."""
    return theme.negative, theme.positive, theme.muted


def _draw_mark(
    painter: QPainter, centre: QPointF, radius: float, label: int, colours: Sequence[QColor]
) -> None:
    """Draw a ring for the first class, a disc for the second, a triangle for the third."""
    colour = colours[label % len(colours)]
    if label % len(colours) == 0:
        painter.setPen(QPen(colour, 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, radius - 0.3, radius - 0.3)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if label % len(colours) == 1:
        painter.drawEllipse(centre, radius, radius)
        return
    box = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
    painter.drawPolygon(
        QPolygonF([QPointF(centre.x(), box.top()), box.bottomRight(), box.bottomLeft()])
    )
