"""What lies under a point of the graph."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF

from bp_gui.engine.names import Kind, Ref
from bp_gui.views.network.layout import Card, Layout

_REACH = 7.0


def ref_on(card: Card, point: QPointF) -> Ref:
    """Return the row's quantity, or what stands for the whole neuron."""
    for row, place in card.rows:
        beside_badge = card.header.isEmpty() and point.x() < card.badge.right()
        if place.top() <= point.y() <= place.bottom() and not beside_badge:
            return row.ref
    if card.layer == 0:
        return Ref(Kind.INPUT, to=card.neuron)
    return Ref(Kind.ACTIVATION, card.layer - 1, card.neuron)


def weight_at(layout: Layout, point: QPointF) -> Ref | None:
    """Return the weight whose edge passes nearest, within reach."""
    best, nearest = None, _REACH
    for layer, ends in enumerate(layout.edges):
        distance = _distances(ends, point.x(), point.y())
        at = np.unravel_index(int(np.argmin(distance)), distance.shape)
        if distance[at] < nearest:
            nearest = float(distance[at])
            best = Ref(Kind.WEIGHT, layer, int(at[0]), int(at[1]))
    return best


def _distances(
    ends: np.ndarray[tuple[int, ...], np.dtype[np.float64]], x: float, y: float
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return how far a point is from each segment."""
    start, along = ends[..., :2], ends[..., 2:] - ends[..., :2]
    offset = np.array([x, y]) - start
    share = np.clip((offset * along).sum(-1) / np.maximum((along**2).sum(-1), 1e-12), 0.0, 1.0)
    return np.asarray(np.hypot(*np.moveaxis(offset - share[..., None] * along, -1, 0)))
