"""Where everything of the graph stands: geometry only, no painting and no numbers.

A layout is made for a canvas size and a font; it chooses how much detail fits. Zooming makes the
canvas larger and so brings detail in, instead of magnifying the glyphs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF

from bp_gui.engine.names import Kind, Ref
from bp_gui.engine.network import Architecture

ALWAYS_BOXES = 26  # as many as 3-4-2 has
MOST_BOXES = 60
MARGIN = 12.0
PAD = 7.0
GAP_BETWEEN_CARDS = 6.0
LARGEST_PITCH = 420.0
SMALLEST_EDGE = 44.0
LARGEST_DOT = 22.0
ALL_ROWS = 9
FEWEST_ROWS = 2
_FIRST_TO_STAY = "aδzbtC"
_SPOTS = np.linspace(0.0, 1.0, 41)
_FAVOURITE_SPOT = 0.30


class Detail(IntEnum):
    """How much of a neuron is drawn, from least to most."""

    DOTS = 0
    NAMES = 1
    VALUES = 2
    BOXES = 3


@dataclass(frozen=True)
class Metrics:
    """Sizes in pixels that follow from the font and the number of digits.

    Rows of the kinds and layers in ``tall`` have room for a second number.
    """

    text_row: float
    tall_row: float
    box_row: float
    box_width: float
    value_width: float
    symbol_width: float
    label_height: float
    header: float
    badge: float
    tall: frozenset[tuple[Kind, int]] = frozenset()

    def is_tall(self, row: Row) -> bool:
        """Whether a row has room for a second number."""
        return not row.boxed and (row.ref.kind, row.ref.layer) in self.tall

    def card_width(self, detail: Detail) -> float:
        """Return the width of a card that shows values, with the badge above or beside them."""
        if detail is Detail.BOXES:
            return PAD + self.symbol_width + max(self.value_width, self.box_width) + PAD
        return PAD + self.badge + PAD + self.symbol_width + self.value_width + PAD


@dataclass(frozen=True)
class Row:
    """One line of a card: a symbol and the quantity beside it."""

    symbol: str
    ref: Ref
    boxed: bool


@dataclass(frozen=True)
class Card:
    """One neuron: its place, its badge and its rows.

    Attributes
    ----------
    layer, neuron
        0-based; layer 0 holds the inputs.
    rect, badge
        The card, and the round with the neuron's name.
    header
        Beside the badge, for what kind of neuron it is; empty where there is no room.
    rows
        Each with the rectangle of its value; empty where there is no room for values.
    """

    layer: int
    neuron: int
    rect: QRectF
    badge: QRectF
    header: QRectF
    rows: tuple[tuple[Row, QRectF], ...]


@dataclass(frozen=True)
class Layout:
    """The whole picture's geometry.

    Attributes
    ----------
    detail
        How much is drawn.
    size
        Of the canvas; larger than what was asked for where the boxes need it.
    cards
        By layer, then neuron.
    edges
        By weight layer: end points (n_to, n_from, 4) as x1, y1, x2, y2.
    weight_boxes
        Where each weight's box stands, if it has one.
    labelled
        Whether there is room for each weight's name above its box.
    """

    detail: Detail
    size: QSizeF
    cards: tuple[tuple[Card, ...], ...]
    edges: tuple[NDArray[np.float64], ...]
    weight_boxes: dict[Ref, QRectF]
    labelled: bool

    def all_cards(self) -> Iterator[Card]:
        """Yield every card, layer by layer."""
        for column in self.cards:
            yield from column


def card_rows(
    architecture: Architecture, layer: int, neuron: int, boxed: bool, most: int = ALL_ROWS
) -> tuple[Row, ...]:
    """Return what a card lists: x of an input; z, a, δ and b of a neuron; C and t of an output.

    Where it has room for ``most`` rows only, those that say most stay: a, δ, z, then the rest.
    """
    if layer == 0:
        return (Row("x", Ref(Kind.INPUT, to=neuron), boxed),)
    rows = [
        Row("z", Ref(Kind.NET_INPUT, layer - 1, neuron), False),
        Row("a", Ref(Kind.ACTIVATION, layer - 1, neuron), False),
        Row("δ", Ref(Kind.DELTA, layer - 1, neuron), False),
    ]
    if layer == architecture.n_layers:
        rows.append(Row("C", Ref(Kind.OUTPUT_COST, to=neuron), False))
        rows.append(Row("t", Ref(Kind.TARGET, to=neuron), boxed))
    rows.append(Row("b", Ref(Kind.BIAS, layer - 1, neuron), boxed))
    kept = sorted(rows, key=lambda row: _FIRST_TO_STAY.index(row.symbol))[:most]
    return tuple(row for row in rows if row in kept)


def lay_out(
    architecture: Architecture, available: QSizeF, by_scale: Mapping[float, Metrics]
) -> tuple[float, Layout]:
    """Return the layout with the most detail, then the largest type, that the room can hold.

    A network of up to `ALWAYS_BOXES` parameters always gets its boxes: there the canvas grows. One
    of up to `MOST_BOXES` gets them where they fit.

    Parameters
    ----------
    available
        The room there is.
    by_scale
        For each scale of the type, from large to small, the sizes that follow from it.

    Returns
    -------
    The scale that was chosen, and the layout.
    """
    if architecture.n_parameters <= MOST_BOXES:
        for scale in (each for each in by_scale if each >= 1.0):
            layout = _with_boxes(architecture, available, by_scale[scale], may_grow=False)
            if layout is not None:
                return scale, layout
    if architecture.n_parameters <= ALWAYS_BOXES:
        layout = _with_boxes(architecture, available, by_scale[1.0], may_grow=True)
        assert layout is not None
        return 1.0, layout
    for scale, metrics in by_scale.items():
        if _fits(_needed(architecture, Detail.VALUES, metrics), available):
            return scale, _without_boxes(architecture, available, Detail.VALUES, metrics)
    for scale in (each for each in by_scale if each <= 1.0):
        fewer = _without_some_rows(architecture, available, by_scale[scale])
        if fewer is not None:
            return scale, fewer
    for scale, metrics in by_scale.items():
        if _fits(_needed(architecture, Detail.NAMES, metrics), available):
            return scale, _without_boxes(architecture, available, Detail.NAMES, metrics)
    return 1.0, _without_boxes(architecture, available, Detail.DOTS, by_scale[1.0])


def _fits(needed: QSizeF, available: QSizeF) -> bool:
    return needed.width() <= available.width() and needed.height() <= available.height()


def _row_height(row: Row, metrics: Metrics) -> float:
    if row.boxed:
        return metrics.box_row
    return metrics.tall_row if metrics.is_tall(row) else metrics.text_row


def _card_size(
    architecture: Architecture, layer: int, detail: Detail, metrics: Metrics, most: int = ALL_ROWS
) -> QSizeF:
    if detail <= Detail.NAMES:
        return QSizeF(metrics.badge, metrics.header)
    rows = card_rows(architecture, layer, 0, detail is Detail.BOXES, most)
    heights = sum(_row_height(row, metrics) for row in rows)
    width = metrics.card_width(detail)
    if detail is Detail.BOXES:
        return QSizeF(width, metrics.header + heights + PAD)
    return QSizeF(width, max(heights, metrics.badge) + PAD)


def _needed(
    architecture: Architecture, detail: Detail, metrics: Metrics, most: Sequence[int] = ()
) -> QSizeF:
    """Return the smallest canvas on which the cards of this detail do not touch."""
    width, height = 2 * MARGIN, 0.0
    for layer, n in enumerate(architecture.sizes):
        rows = most[layer] if most else ALL_ROWS
        size = _card_size(architecture, layer, detail, metrics, rows)
        width += size.width() + (SMALLEST_EDGE if layer else 0.0)
        height = max(height, n * (size.height() + GAP_BETWEEN_CARDS))
    return QSizeF(width, height + GAP_BETWEEN_CARDS + _caption_height(detail, metrics))


def _caption_height(detail: Detail, metrics: Metrics) -> float:
    """Return the room above the columns for what their layers are; cards with boxes say it."""
    return 0.0 if detail is Detail.BOXES else metrics.label_height + PAD


def _without_some_rows(
    architecture: Architecture, available: QSizeF, metrics: Metrics
) -> Layout | None:
    """Return cards with as many rows as each layer has room for, or None if that is too few."""
    most = []
    for n in architecture.sizes:
        below = available.height() - _caption_height(Detail.VALUES, metrics)
        room = (below - GAP_BETWEEN_CARDS) / n - GAP_BETWEEN_CARDS - PAD
        most.append(int(room / metrics.text_row))
    crowded = any(rows < FEWEST_ROWS for rows in most[1:]) or most[0] < 1
    if crowded or not _fits(_needed(architecture, Detail.VALUES, metrics, most), available):
        return None
    return _without_boxes(architecture, available, Detail.VALUES, metrics, most)


def _without_boxes(
    architecture: Architecture,
    available: QSizeF,
    detail: Detail,
    metrics: Metrics,
    most: Sequence[int] = (),
) -> Layout:
    cards = _cards(architecture, available, detail, metrics, most)
    return Layout(detail, available, cards, _edges(cards), {}, False)


def _with_boxes(
    architecture: Architecture, available: QSizeF, metrics: Metrics, *, may_grow: bool
) -> Layout | None:
    """Return a layout with a box on every weight.

    Where boxes would overlap the canvas grows until they do not; if it may not grow, and for the
    larger scales that also means no room for the weights' names, the answer is None.
    """
    smallest = _needed(architecture, Detail.BOXES, metrics)
    extra = (metrics.box_width + 2 * PAD - SMALLEST_EDGE) * architecture.n_layers
    smallest.setWidth(smallest.width() + extra)
    if not may_grow and not _fits(smallest, available):
        return None
    size = available.expandedTo(smallest)
    while True:
        cards = _cards(architecture, size, Detail.BOXES, metrics)
        edges = _edges(cards)
        for labelled in (True, False) if may_grow else (True,):
            boxes = _place_boxes(architecture, edges, metrics, labelled)
            if boxes is not None:
                return Layout(Detail.BOXES, size, cards, edges, boxes, labelled)
        if not may_grow:
            return None
        size = QSizeF(size.width() * 1.02, size.height() * 1.01)


def _cards(
    architecture: Architecture,
    size: QSizeF,
    detail: Detail,
    metrics: Metrics,
    most: Sequence[int] = (),
) -> tuple[tuple[Card, ...], ...]:
    rows = most or [ALL_ROWS] * len(architecture.sizes)
    sizes = [
        _card_size(architecture, layer, detail, metrics, rows[layer])
        for layer in range(len(architecture.sizes))
    ]
    above = _caption_height(detail, metrics)
    height = size.height() - above
    pitch = min(height / max(architecture.sizes), LARGEST_PITCH)
    if detail is Detail.DOTS:
        diameter = min(LARGEST_DOT, max(4.0, pitch * 0.7))
        sizes = [QSizeF(diameter, diameter)] * len(sizes)
    free = size.width() - 2 * MARGIN - sum(each.width() for each in sizes)
    gap = free / architecture.n_layers
    columns, x = [], MARGIN
    for layer, (n, card) in enumerate(zip(architecture.sizes, sizes, strict=True)):
        pitch = min(height / n, max(LARGEST_PITCH, 0.0))
        top = above + (height - n * pitch) / 2
        columns.append(
            tuple(
                _card(
                    architecture,
                    layer,
                    neuron,
                    QRectF(QPointF(x, top + (neuron + 0.5) * pitch - card.height() / 2), card),
                    detail,
                    metrics,
                    rows[layer],
                )
                for neuron in range(n)
            )
        )
        x += card.width() + gap
    return tuple(columns)


def _card(
    architecture: Architecture,
    layer: int,
    neuron: int,
    rect: QRectF,
    detail: Detail,
    metrics: Metrics,
    most: int = ALL_ROWS,
) -> Card:
    if detail <= Detail.NAMES:
        return Card(layer, neuron, rect, rect, QRectF(), ())
    boxed = detail is Detail.BOXES
    left, y, header = rect.left() + PAD, rect.top() + PAD / 2, QRectF()
    if boxed:
        badge = QRectF(left, y + 1, metrics.badge, metrics.header - 4)
        header = QRectF(badge.right() + PAD, y, rect.right() - badge.right() - 2 * PAD, 0)
        header.setHeight(metrics.header - 2)
        y += metrics.header
    else:
        badge = QRectF(left, rect.center().y() - metrics.badge / 2, metrics.badge, metrics.badge)
        left = badge.right() + PAD
    left += metrics.symbol_width
    rows = []
    for row in card_rows(architecture, layer, neuron, boxed, most):
        height = _row_height(row, metrics)
        rows.append((row, QRectF(left, y, rect.right() - PAD - left, height)))
        y += height
    if len(rows) == 1 and not boxed:
        only, place = rows[0]
        place.moveCenter(QPointF(place.center().x(), rect.center().y()))
        rows = [(only, place)]
    return Card(layer, neuron, rect, badge, header, tuple(rows))


def overlay_card(architecture: Architecture, card: Card, canvas: QSizeF, metrics: Metrics) -> Card:
    """Return the full card of a neuron that is drawn small, kept inside the canvas."""
    size = _card_size(architecture, card.layer, Detail.VALUES, metrics)
    rect = QRectF(QPointF(0, 0), size)
    rect.moveCenter(card.rect.center())
    rect.moveLeft(min(max(rect.left(), PAD), max(canvas.width() - PAD - rect.width(), PAD)))
    rect.moveTop(min(max(rect.top(), PAD), max(canvas.height() - PAD - rect.height(), PAD)))
    return _card(architecture, card.layer, card.neuron, rect, Detail.VALUES, metrics)


def _edges(cards: tuple[tuple[Card, ...], ...]) -> tuple[NDArray[np.float64], ...]:
    layers = []
    for before, after in pairwise(cards):
        ends = np.empty((len(after), len(before), 4))
        ends[:, :, 0] = [card.rect.right() for card in before]
        ends[:, :, 1] = [card.rect.center().y() for card in before]
        ends[:, :, 2] = [[card.rect.left()] for card in after]
        ends[:, :, 3] = [[card.rect.center().y()] for card in after]
        layers.append(ends)
    return tuple(layers)


def _place_boxes(
    architecture: Architecture,
    edges: tuple[NDArray[np.float64], ...],
    metrics: Metrics,
    labelled: bool,
) -> dict[Ref, QRectF] | None:
    """Return a place on its edge for every weight's box, or None if two would overlap.

    Level edges take the middle; slanted ones the first free spot nearest to where they leave, so
    that boxes stay clear of the crossings in the middle.
    """
    label = metrics.label_height if labelled else 0.0
    width, height = metrics.box_width, metrics.box_row - 4.0
    places: dict[Ref, QRectF] = {}
    for layer, ends in enumerate(edges):
        taken: list[QRectF] = []
        order = sorted(np.ndindex(ends.shape[:2]), key=lambda at: _steepness(ends[at]))
        for to, source in order:
            x1, y1, x2, y2 = ends[to, source]
            level = abs(y2 - y1) < 1.0
            favourite = 0.5 if level else _FAVOURITE_SPOT
            low, high = x1 + PAD + width / 2, x2 - PAD - width / 2
            spots = low + _SPOTS * max(high - low, 0.0)
            for x in sorted(spots, key=lambda x: abs(x - x1 - favourite * (x2 - x1))):
                y = y1 + (y2 - y1) * (x - x1) / (x2 - x1)
                slot = QRectF(x - width / 2, y - height / 2 - label, width, height + label)
                if not any(slot.adjusted(-3, -3, 3, 3).intersects(other) for other in taken):
                    taken.append(slot)
                    places[Ref(Kind.WEIGHT, layer, to, source)] = slot.adjusted(0, label, 0, 0)
                    break
            else:
                return None
    return places


def _steepness(ends: NDArray[np.float64]) -> float:
    return float(abs(ends[3] - ends[1]))
