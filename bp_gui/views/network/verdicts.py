"""A mark at every weight and bias: whether its gradient is right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from bp_gui.engine.names import Kind, Ref
from bp_gui.views.network.items import CanvasItem
from bp_gui.views.network.layout import PAD, Layout
from bp_gui.views.theme import Theme

_BESIDE = 6.0  # pixels from a box to its mark
_DOT, _SMALL_DOT = 5.0, 3.0  # a quiet point where all is well
_CROSS = 4.0  # half of what is drawn where it is not
_CROWDED = 300  # marks from which the quiet ones are small


@dataclass(frozen=True)
class Verdicts:
    """Where marks stand, those of right gradients and those of wrong ones."""

    right: tuple[QPointF, ...]
    wrong: tuple[QPointF, ...]


def verdicts(layout: Layout, wrong: frozenset[Ref]) -> Verdicts:
    """Return the marks of a network, given whose gradients are wrong."""
    places = list(_places(layout))
    return Verdicts(
        tuple(place for ref, place in places if ref not in wrong),
        tuple(place for ref, place in places if ref in wrong),
    )


def _places(layout: Layout) -> Iterator[tuple[Ref, QPointF]]:
    """Yield beside its box, on its edge or at its neuron where each parameter's mark stands."""
    for layer, ends in enumerate(layout.edges):
        for to, source in ((k, j) for k in range(ends.shape[0]) for j in range(ends.shape[1])):
            ref = Ref(Kind.WEIGHT, layer, to, source)
            box = layout.weight_boxes.get(ref)
            if box is not None:
                yield ref, QPointF(box.right() + _BESIDE, box.center().y())
            else:
                # Nearer to where it leads: there the edges of a layer lie farthest apart.
                x1, y1, x2, y2 = ends[to, source]
                yield ref, QPointF(x1 + 0.35 * (x2 - x1), y1 + 0.35 * (y2 - y1))
    for card in layout.all_cards():
        if card.layer > 0:
            ref = Ref(Kind.BIAS, card.layer - 1, card.neuron)
            rows = [place for row, place in card.rows if row.ref == ref]
            middle = rows[0].center().y() if rows else card.rect.center().y()
            yield ref, QPointF(card.rect.right() - PAD / 2 if rows else card.rect.right(), middle)


class VerdictsItem(CanvasItem):
    """Draws the marks: a quiet point where all is well, a red cross where it is not."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: Verdicts | None = None
        self._theme: Theme | None = None

    def show_verdicts(self, shown: Verdicts | None, theme: Theme) -> None:
        """Take over other marks; None for none."""
        self._shown, self._theme = shown, theme
        self.setVisible(shown is not None)
        self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw the marks."""
        if self._shown is None or self._theme is None:
            return
        crowded = len(self._shown.right) > _CROWDED
        quiet = QPen(QColor(self._theme.accent), _SMALL_DOT if crowded else _DOT)
        quiet.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(quiet)
        painter.drawPoints(list(self._shown.right))
        across, up = QPointF(_CROSS, _CROSS), QPointF(_CROSS, -_CROSS)
        lines = [QLineF(p - d, p + d) for p in self._shown.wrong for d in (across, up)]
        for colour, width in ((self._theme.background, 5.0), (self._theme.warning, 2.4)):
            painter.setPen(QPen(QColor(colour), width, c=Qt.PenCapStyle.RoundCap))
            painter.drawLines(lines)
