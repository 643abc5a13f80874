"""The two items of the graph's scene: all edges, and all neurons. Painting computes nothing."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from bp_gui.engine.names import Ref
from bp_gui.views.network.layout import PAD, Card, Detail, Layout
from bp_gui.views.network.picture import Face, Label, Stroke, mixed
from bp_gui.views.theme import Theme

_CORNER = 8.0


class CanvasItem(QGraphicsItem):
    """An item as large as the canvas."""

    def __init__(self) -> None:
        super().__init__()
        self._bounds = QRectF()

    def set_bounds(self, bounds: QRectF) -> None:
        """Give the size of the canvas."""
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds

    def boundingRect(self) -> QRectF:
        """Return the canvas."""
        return self._bounds


class EdgesItem(CanvasItem):
    """All connections, drawn in as many calls as there are pens, and the names of the weights."""

    def __init__(self) -> None:
        super().__init__()
        self._strokes: list[Stroke] = []
        self._labels: list[Label] = []
        self._marks: list[Stroke] = []
        self._label_colour = self._wrong_colour = QColor()
        self._ground = QColor()
        self._label_font = QFont()

    def set_strokes(self, strokes: list[Stroke]) -> None:
        """Take over new edges."""
        self._strokes = strokes
        self.update()

    def set_marks(self, marks: list[Stroke]) -> None:
        """Take over the broad lines that lie under some edges."""
        self._marks = marks
        self.update()

    def set_labels(self, labels: list[Label], theme: Theme, font: QFont) -> None:
        """Take over the names that stand above the boxes."""
        self._labels = labels
        self._label_colour, self._wrong_colour = QColor(theme.muted), QColor(theme.warning)
        self._ground = QColor(theme.background)
        self._label_font = font
        self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw the edges."""
        for stroke in [*self._marks, *self._strokes]:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, not stroke.rough)
            painter.setPen(stroke.pen)
            painter.drawLines(stroke.lines)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._label_font)
        for label in self._labels:
            painter.fillRect(label.place, self._ground)
            painter.setPen(self._wrong_colour if label.is_wrong else self._label_colour)
            painter.drawText(label.place, Qt.AlignmentFlag.AlignCenter, label.text)


class NeuronsItem(CanvasItem):
    """All neurons with their values."""

    def __init__(self) -> None:
        super().__init__()
        self._drawn: list[tuple[Card, Face]] = []
        self._overlay: tuple[Card, Face] | None = None
        self._detail = Detail.BOXES
        self._theme: Theme | None = None
        self._selected: Ref | None = None
        self._selected_neuron: tuple[int, int] | None = None
        self._hovered: Ref | None = None
        self._hovered_neuron: tuple[int, int] | None = None
        self._font = QFont()
        self._name_font = QFont()

    def set_style(self, theme: Theme, font: QFont, name_font: QFont) -> None:
        """Take over colours and fonts."""
        self._theme, self._font, self._name_font = theme, font, name_font
        self.update()

    def set_neurons(
        self, layout: Layout, drawn: list[tuple[Card, Face]], overlay: tuple[Card, Face] | None
    ) -> None:
        """Take over what every neuron shows, and the one shown in full over the others."""
        self._detail, self._drawn, self._overlay = layout.detail, drawn, overlay
        self.update()

    def set_selected(self, ref: Ref | None, neuron: tuple[int, int] | None) -> None:
        """Mark a quantity and the neuron it belongs to."""
        self._selected, self._selected_neuron = ref, neuron
        self.update()

    def set_hovered(self, ref: Ref | None, neuron: tuple[int, int] | None) -> None:
        """Mark a quantity and its neuron faintly."""
        self._hovered, self._hovered_neuron = ref, neuron
        self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw the neurons."""
        if self._theme is None:
            return
        for card, face in self._drawn:
            if self._detail >= Detail.VALUES:
                self._paint_card(painter, card, face)
            else:
                self._paint_badge(painter, card, face, named=self._detail is Detail.NAMES)
        if self._overlay is not None:
            self._paint_card(painter, *self._overlay)

    def _paint_card(self, painter: QPainter, card: Card, face: Face) -> None:
        assert self._theme is not None
        chosen = self._selected_neuron == (card.layer, card.neuron)
        border = self._border_of(card)
        painter.setPen(QPen(border, 1.5 if chosen else 1.0))
        painter.setBrush(QColor(self._theme.surface))
        painter.drawRoundedRect(card.rect, _CORNER, _CORNER)
        self._paint_badge(painter, card, face, named=True)
        painter.setFont(self._font)
        middle = Qt.AlignmentFlag.AlignVCenter
        if not card.header.isEmpty():
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(card.header, middle | Qt.AlignmentFlag.AlignLeft, face.kind)
        for at, ((row, place), value) in enumerate(zip(card.rows, face.values, strict=True)):
            marked = row.ref == self._selected
            if row.ref == self._hovered:
                self._paint_band(painter, card, place)
            other = face.others[at] if face.others else None
            if other is not None:
                self._paint_other(painter, place, other)
                place = place.adjusted(0, 0, 0, -place.height() / 2)
            painter.setPen(QColor(self._theme.accent if marked else self._theme.muted))
            start = card.rect.left() if not card.header.isEmpty() else card.badge.right()
            symbol = place.adjusted(start + PAD - place.left(), 0, 0, 0)
            painter.drawText(symbol, middle | Qt.AlignmentFlag.AlignLeft, row.symbol)
            painter.setPen(QColor(self._theme.accent if marked else self._theme.text))
            painter.drawText(place, middle | Qt.AlignmentFlag.AlignLeft, value)

    def _border_of(self, card: Card) -> QColor:
        """Return the colour around a neuron: whether it is selected, hovered or neither."""
        assert self._theme is not None
        neuron = card.layer, card.neuron
        if neuron == self._selected_neuron:
            return QColor(self._theme.accent)
        if neuron == self._hovered_neuron:
            return mixed(self._theme.border, self._theme.accent, 0.6)
        return QColor(self._theme.border)

    def _paint_band(self, painter: QPainter, card: Card, place: QRectF) -> None:
        """Lay a band under a row that is hovered somewhere."""
        assert self._theme is not None
        start = card.rect.left() if not card.header.isEmpty() else card.badge.right()
        band = QRectF(start + PAD / 2, place.top(), 0.0, place.height())
        band.setRight(card.rect.right() - PAD / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mixed(self._theme.surface, self._theme.accent, 0.18))
        painter.drawRoundedRect(band, 3, 3)

    def _paint_other(self, painter: QPainter, place: QRectF, text: str) -> None:
        """Draw what a row would say if things went wrong, on a line of its own below."""
        assert self._theme is not None
        painter.setPen(QColor(self._theme.warning))
        below = place.adjusted(0, place.height() / 2, 0, 0)
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _paint_badge(self, painter: QPainter, card: Card, face: Face, named: bool) -> None:
        assert self._theme is not None
        painter.setPen(QPen(self._border_of(card), 1.0))
        painter.setBrush(face.tint)
        radius = min(card.badge.width(), card.badge.height()) / 2
        painter.drawRoundedRect(card.badge, radius, radius)
        if named:
            painter.setPen(QColor(self._theme.text))
            painter.setFont(self._name_font)
            painter.drawText(card.badge, Qt.AlignmentFlag.AlignCenter, face.name)
