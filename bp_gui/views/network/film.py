"""What a frame of the film adds to the graph: lights, pulses, veils and new numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmapCache
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget

from bp_gui.engine.names import Kind, Ref, neuron_of
from bp_gui.explain.numbers import format_number
from bp_gui.session.frames import VEILED, Change, Frame, Phase
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.network.layout import PAD, Card, Detail, Layout
from bp_gui.views.network.picture import MOST_MARKED, Face
from bp_gui.views.network.pulses import Pulses
from bp_gui.views.theme import Theme

VEIL = "\u2007·"  # where a number has not been computed yet
_UNDER, _OVER = -1.0, 2.0
_GLOW, _FAINT_GLOW = 13.0, 1.0
_FEW = 20
_CACHE_KIB = 128 * 1024


@dataclass(frozen=True, eq=False)
class Stage:
    """What the film is drawn on.

    Attributes
    ----------
    snapshot, layout, theme
        As the graph shows them.
    font
        Of the graph's numbers.
    digits
        Significant digits shown.
    ratio
        Pixels of the screen per unit of length.
    overlay
        The neuron shown in full over the others, if there is one.
    """

    snapshot: Snapshot
    layout: Layout
    theme: Theme
    font: QFont
    digits: int
    ratio: float
    overlay: Card | None = None

    def is_like(self, other: Stage | None) -> bool:
        """Whether what is drawn on the other one fits this one."""
        return other is not None and (
            self.snapshot is other.snapshot
            and self.layout is other.layout
            and self.theme is other.theme
            and (self.font, self.digits, self.ratio) == (other.font, other.digits, other.ratio)
            and self.overlay == other.overlay
        )


class FilmLayer:
    """Draws frames over a graph, and says which of its values are still unknown.

    Parameters
    ----------
    scene
        The graph's scene.
    """

    def __init__(self, scene: QGraphicsScene) -> None:
        self._pulses = Pulses(scene)
        self._glow, self._rings, self._news = _GlowItem(), _RingsItem(), _NewsItem()
        self._frame: Frame | None = None
        self._stage: Stage | None = None
        self._known: frozenset[Ref] | None = None
        # The canvas is kept as several pictures; what drops out of the cache is drawn again.
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), _CACHE_KIB))
        for item in self._items:
            scene.addItem(item)
            item.hide()

    @property
    def _items(self) -> tuple[_Item, ...]:
        return self._glow, self._rings, self._news

    @property
    def pulses(self) -> Pulses:
        """The numbers under way."""
        return self._pulses

    @property
    def frame(self) -> Frame | None:
        """The frame on show."""
        return self._frame

    def show(self, frame: Frame | None, progress: float, stage: Stage) -> bool:
        """Show a frame when so much of it is over; return whether the veils have changed."""
        if frame is None:
            changed, self._frame, self._known = self._known is not None, None, None
            self._pulses.clear()
            for item in self._items:
                item.hide()
            return changed
        if frame is not self._frame or not stage.is_like(self._stage):
            self._frame, self._stage = frame, stage
            self._prepare(frame, stage)
        self._pulses.move(progress)
        known = frame.known_at(progress)
        changed, self._known = known != self._known, known
        return changed

    def veiled(self, card: Card, face: Face, theme: Theme) -> Face:
        """Return what a neuron shows of what has been computed so far."""
        if self._known is None or card.layer == 0:
            return face
        values = tuple(
            VEIL if text and row.ref.kind in VEILED and row.ref not in self._known else text
            for (row, _), text in zip(card.rows, face.values, strict=True)
        )
        # What a mistake makes of a number would tell it before its time.
        others = tuple(
            "" if other and value == VEIL else other
            for value, other in zip(values, face.others, strict=False)
        )
        has_fired = Ref(Kind.ACTIVATION, card.layer - 1, card.neuron) in self._known
        tint = face.tint if has_fired else QColor(theme.surface)
        return replace(face, tint=tint, values=values, others=others)

    def _prepare(self, frame: Frame, stage: Stage) -> None:
        layout, theme = stage.layout, stage.theme
        bounds = QRectF(QPointF(0, 0), layout.size)
        small = QFont(stage.font)
        small.setPointSizeF(small.pointSizeF() * 0.95)
        self._pulses.show(frame.pulses, stage.snapshot, layout, theme, small, stage.ratio)
        hue = QColor(theme.forward if frame.phase is Phase.FORWARD else theme.backward)
        if frame.phase is Phase.UPDATE:
            hue = QColor(theme.accent)
        lines, places = _lit(frame, layout, stage.overlay)
        self._glow.set_lines(bounds, lines, hue)
        self._rings.set_places(bounds, places, hue)
        self._news.set_news(bounds, _labels(frame.changes, stage), theme, small)
        self._glow.show()
        self._rings.show()
        self._news.setVisible(bool(frame.changes))


def _lit(frame: Frame, layout: Layout, overlay: Card | None) -> tuple[list[QLineF], list[QRectF]]:
    """Return the edges and the rectangles that a frame lights."""
    weights = {ref for ref in frame.lit if ref.kind is Kind.WEIGHT}
    weights.update(pulse.edge for pulse in frame.pulses)
    lines = [
        QLineF(*map(float, layout.edges[ref.layer][ref.to, ref.source]))
        for ref in list(weights)[:MOST_MARKED]
    ]
    others = {ref for ref in frame.lit if ref.kind is not Kind.WEIGHT}
    places = [
        box.adjusted(-3, -1, 3, 1) for ref, box in layout.weight_boxes.items() if ref in weights
    ]
    neurons = {place for ref in others if (place := neuron_of(ref, len(layout.cards) - 1))}
    for card in layout.all_cards():
        hidden = overlay is not None and overlay.rect.intersects(card.rect)
        if (card.layer, card.neuron) in neurons and not hidden:
            places += _lit_on(card, others)
    if overlay is not None:
        places += _lit_on(overlay, others)
    return lines, places


def _lit_on(card: Card, refs: set[Ref]) -> list[QRectF]:
    """Return the rows of a card that are lit, or the whole of a card without rows."""
    if card.rows:
        start = card.rect.left() + PAD / 2
        if card.header.isEmpty():
            start = card.badge.right() + PAD / 2
        return [
            QRectF(
                QPointF(start, place.top() + 1),
                QPointF(card.rect.right() - PAD / 2, place.bottom() - 1),
            )
            for row, place in card.rows
            if row.ref in refs
        ]
    return [card.rect.adjusted(-2, -2, 2, 2)]


def _labels(changes: tuple[Change, ...], stage: Stage) -> list[tuple[QRectF, str]]:
    """Return the new numbers and where each stands: under the box of the old one."""
    metrics = QFontMetricsF(stage.font)
    layout = stage.layout
    if layout.detail is not Detail.BOXES:
        return []
    biases = {
        row.ref: place
        for card in layout.all_cards()
        for row, place in card.rows
        if row.ref.kind is Kind.BIAS
    }
    labels = []
    for change in changes:
        text = f"→ {format_number(change.new, stage.digits)}"
        width = metrics.horizontalAdvance(text) + 12
        rect = QRectF(0, 0, width, metrics.height() + 2)
        box = layout.weight_boxes.get(change.ref)
        if box is not None:
            rect.moveCenter(box.center())
            rect.moveTop(box.bottom() + 1)
        elif change.ref in biases:
            place = biases[change.ref]
            rect.moveCenter(place.center())
            rect.moveTop(place.bottom() + 1)
        else:
            continue
        labels.append((rect, text))
    return labels


class _Item(QGraphicsItem):
    """An item as large as the canvas."""

    def __init__(self) -> None:
        super().__init__()
        self._bounds = QRectF()
        # Drawn once a frame, not whenever a chip moves over it.
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def boundingRect(self) -> QRectF:
        """Return the canvas."""
        return self._bounds

    def _set_bounds(self, bounds: QRectF) -> None:
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
        self.update()


class _GlowItem(_Item):
    """The edges that the moment uses, in the hue of the pass; it lies under them."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[QLineF] = []
        self._pen = QPen()
        self.setZValue(_UNDER)

    def set_lines(self, bounds: QRectF, lines: list[QLineF], hue: QColor) -> None:
        """Light these edges."""
        glow = QColor(hue)
        glow.setAlphaF(0.35)
        self._lines = lines
        self._pen = QPen(glow, _GLOW if len(lines) < _FEW else _FAINT_GLOW)
        self._pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        self._set_bounds(bounds)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw the glow; many lines roughly, which is ten times as fast."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(self._lines) < _FEW)
        painter.setPen(self._pen)
        painter.drawLines(self._lines)


class _RingsItem(_Item):
    """The values that the moment reads and gives, in the hue of the pass."""

    def __init__(self) -> None:
        super().__init__()
        self._places: list[QRectF] = []
        self._hue = QColor()
        self.setZValue(_OVER)

    def set_places(self, bounds: QRectF, places: list[QRectF], hue: QColor) -> None:
        """Ring these rectangles."""
        self._places, self._hue = places, hue
        self._set_bounds(bounds)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw a ring about each value."""
        ground = QColor(self._hue)
        ground.setAlphaF(0.14)
        painter.setPen(QPen(self._hue, 1.5))
        painter.setBrush(ground)
        for place in self._places:
            painter.drawRoundedRect(place, 4, 4)


class _NewsItem(_Item):
    """The new parameters beside the old ones."""

    def __init__(self) -> None:
        super().__init__()
        self._labels: list[tuple[QRectF, str]] = []
        self._theme: Theme | None = None
        self._font = QFont()
        self.setZValue(_OVER)

    def set_news(
        self, bounds: QRectF, labels: list[tuple[QRectF, str]], theme: Theme, font: QFont
    ) -> None:
        """Show these texts."""
        self._labels, self._theme, self._font = labels, theme, font
        self._set_bounds(bounds)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw each new number on a ground of its own."""
        if self._theme is None:
            return
        painter.setFont(self._font)
        for rect, text in self._labels:
            painter.setPen(QPen(QColor(self._theme.accent), 1.2))
            painter.setBrush(QColor(self._theme.surface))
            painter.drawRoundedRect(rect, 4, 4)
            painter.setPen(QColor(self._theme.accent))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
