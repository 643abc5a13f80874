"""Numbers on their way along the edges: pictures drawn once a frame, and moved by the clock."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPixmapItem, QGraphicsScene

from bp_gui.engine.names import Kind, Ref
from bp_gui.explain.numbers import format_number
from bp_gui.session.frames import Pulse
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.network.layout import Layout
from bp_gui.views.network.picture import mixed
from bp_gui.views.theme import Theme

MOST_WITH_NUMBERS = 24  # in one frame: more would cover each other
MOST_DIGITS = 4
_POINT = 6.0  # how far the tip of a chip stands out
_DOT = 9.0
_Z = 3.0


class Pulses:
    """The chips of the present frame; made anew for each frame, and only moved in between.

    Parameters
    ----------
    scene
        Where they run.
    """

    def __init__(self, scene: QGraphicsScene) -> None:
        self._scene = scene
        self._pool: list[QGraphicsPixmapItem] = []
        self._runs: list[tuple[Pulse, QGraphicsPixmapItem, _Track, _Looks]] = []

    def show(
        self,
        pulses: tuple[Pulse, ...],
        snapshot: Snapshot,
        layout: Layout,
        theme: Theme,
        font: QFont,
        ratio: float,
    ) -> None:
        """Draw the chips of a frame.

        Parameters
        ----------
        ratio
            Pixels of the screen per unit of length.
        """
        numbered = len(pulses) <= MOST_WITH_NUMBERS
        while len(self._pool) < len(pulses):
            item = QGraphicsPixmapItem()
            item.setShapeMode(QGraphicsPixmapItem.ShapeMode.BoundingRectShape)
            item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
            item.setZValue(_Z)
            self._scene.addItem(item)
            self._pool.append(item)
        for item in self._pool[len(pulses) :]:
            item.hide()
        self._runs = []
        for pulse, item in zip(pulses, self._pool, strict=False):
            edge = pulse.edge
            x1, y1, x2, y2 = layout.edges[edge.layer][edge.to, edge.source].tolist()
            box = layout.weight_boxes.get(edge)
            # A box lies over the scene: the chip passes under it, not behind it.
            aside = 0.0 if box is None else box.height() / 2 + QFontMetricsF(font).height() / 2 + 3
            looks = _Looks(pulse, snapshot, theme, font, ratio, numbered)
            self._runs.append((pulse, item, _Track(x1, y1, x2, y2, aside), looks))

    def move(self, progress: float) -> None:
        """Put every chip where it is when so much of the frame is over; at its end they go."""
        for pulse, item, track, looks in self._runs:
            item.setVisible(progress < 1.0)
            picture = looks.picture(progress)
            if item.pixmap().cacheKey() != picture.cacheKey():
                item.setPixmap(picture)
                size = picture.deviceIndependentSize()
                item.setOffset(-size.width() / 2, -size.height() / 2)
            item.setPos(track.place(pulse, progress, looks.width))

    def clear(self) -> None:
        """Take all chips away."""
        self._runs = []
        for item in self._pool:
            item.hide()

    def places(self) -> Iterator[QPointF]:
        """Yield where the chips that can be seen are."""
        return (item.pos() for _, item, _, _ in self._runs if item.isVisible())


class _Track(NamedTuple):
    """The line that a chip runs along, ``aside`` below its edge."""

    x1: float
    y1: float
    x2: float
    y2: float
    aside: float

    def place(self, pulse: Pulse, progress: float, chip: float) -> QPointF:
        """Return where a chip of this width is; between the cards, whose numbers it would hide."""
        width, height = self.x2 - self.x1, self.y2 - self.y1
        margin = min(0.45, chip / 2 / max(abs(width), 1.0))
        along = margin + (1.0 - 2.0 * margin) * pulse.at(progress)
        return QPointF(self.x1 + width * along, self.y1 + height * along + self.aside)


class _Looks:
    """The two pictures of a chip: before and behind the weight."""

    def __init__(
        self,
        pulse: Pulse,
        snapshot: Snapshot,
        theme: Theme,
        font: QFont,
        ratio: float,
        numbered: bool,
    ) -> None:
        digits = MOST_DIGITS
        texts = [format_number(n, digits) if numbered else "" for n in (pulse.sent, pulse.arriving)]
        fill = tint_of(pulse.origin, snapshot, theme).name()
        edge = theme.backward if pulse.is_backward else theme.forward
        key = font.toString()
        self._before, self._behind = (
            _chip(text, fill, edge, theme.text, key, ratio, pulse.is_backward) for text in texts
        )
        self.width = self._before.deviceIndependentSize().width()

    def picture(self, progress: float) -> QPixmap:
        """Return the chip when so much of the frame is over."""
        return self._before if progress < 0.5 else self._behind


def tint_of(ref: Ref, snapshot: Snapshot, theme: Theme) -> QColor:
    """Return the colour of the neuron that a quantity belongs to, as its badge has it."""
    if ref.kind is Kind.INPUT:
        size = snapshot.value(ref)
    else:
        size = snapshot.value(Ref(Kind.ACTIVATION, ref.layer, ref.to))
    hue = theme.negative if size < 0 else theme.positive
    share = 0.10 + 0.45 * min(abs(size), 1.0) if abs(size) < float("inf") else 0.0
    return mixed(theme.surface, hue, share)


@lru_cache(maxsize=512)
def _chip(
    text: str, fill: str, edge: str, ink: str, font_name: str, ratio: float, backward: bool
) -> QPixmap:
    """Return a chip that points the way it goes, or a dot where there is no number."""
    font = QFont()
    font.fromString(font_name)
    metrics = QFontMetricsF(font)
    width = metrics.horizontalAdvance(text) + 2 * _POINT + 10.0 if text else _DOT
    height = metrics.height() + 4.0 if text else _DOT
    picture = QPixmap(round((width + 2) * ratio), round((height + 2) * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(edge), 1.6))
    painter.setBrush(QColor(fill if text else edge))
    rect = QRectF(1, 1, width, height)
    painter.drawPath(_pointed(rect, backward) if text else _round(rect))
    painter.setPen(QColor(ink))
    painter.setFont(font)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return picture


def _round(rect: QRectF) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(rect.adjusted(1, 1, -1, -1))
    return path


def _pointed(rect: QRectF, backward: bool) -> QPainterPath:
    """Return the outline of a label with its point to the right, or backward to the left."""
    left, right, middle = rect.left() + 1, rect.right() - 1, rect.center().y()
    top, bottom = rect.top() + 1, rect.bottom() - 1
    if backward:
        left, right = right, left
    tip = right - _POINT if not backward else right + _POINT
    path = QPainterPath(QPointF(left, top))
    for x, y in ((tip, top), (right, middle), (tip, bottom), (left, bottom)):
        path.lineTo(x, y)
    path.closeSubpath()
    return path
