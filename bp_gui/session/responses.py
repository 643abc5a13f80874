"""What a neuron, or the network's decision, is over one or two inputs, ready to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.response import responses
from bp_gui.session.snapshot import Snapshot

MAP_POINTS, CURVE_POINTS = 81, 241
Span = tuple[float, float]


class Rest(Enum):
    """What the inputs that are not varied are held at."""

    SAMPLE = "the sample's"
    MEAN = "their means"

    def inputs(self, snapshot: Snapshot) -> Array:
        """Return all inputs with those numbers, (n_0,)."""
        if self is Rest.SAMPLE:
            return snapshot.x
        return frozen(snapshot.experiment.x.mean(axis=0))


@dataclass(frozen=True)
class Window:
    """The part of the inputs that is looked at.

    Attributes
    ----------
    varied
        0-based: the input that runs across, and the one that runs up if there are two.
    spans
        From where to where each of them goes.
    rest
        What the others are held at.
    """

    varied: tuple[int, ...]
    spans: tuple[Span, ...]
    rest: Rest

    def axis(self, which: int, points: int) -> Array:
        """Return the values along one of the varied inputs."""
        return frozen(np.linspace(*self.spans[which], points))


@dataclass(frozen=True, eq=False)
class ResponseMap:
    """A neuron's activation over two inputs, (rows, columns), and what its colours span."""

    x: Array
    y: Array
    values: Array
    low: float
    high: float

    @property
    def middle(self) -> float:
        """Where the boundary runs."""
        return (self.low + self.high) / 2


@dataclass(frozen=True, eq=False)
class DecisionMap:
    """Which output is the largest over two inputs.

    Attributes
    ----------
    winner
        0-based output, (rows, columns); −1 where there is none.
    lead
        By how much each output is above the largest of the others, (n_L, rows, columns).
    """

    x: Array
    y: Array
    winner: NDArray[np.intp]
    lead: Array


def response_map(snapshot: Snapshot, window: Window, layer: int, neuron: int) -> ResponseMap:
    """Return what a neuron makes of every place of the window; both are counted from 0."""
    x, y, found = _over_two(snapshot, window, layer)
    values = frozen(found[..., neuron])
    low, high = _bounds(values, snapshot.experiment.architecture.activations[layer])
    return ResponseMap(x, y, values, low, high)


def decision_map(snapshot: Snapshot, window: Window) -> DecisionMap:
    """Return which output is the largest at every place of the window."""
    x, y, found = _over_two(snapshot, window, snapshot.experiment.architecture.n_layers - 1)
    rising = np.sort(found, axis=-1)
    best, second = rising[..., -1:], rising[..., -2:-1]
    lead = np.where(found == best, found - second, found - best)
    winner = np.where(np.isnan(found).any(axis=-1), -1, found.argmax(axis=-1))
    return DecisionMap(x, y, winner, frozen(np.moveaxis(lead, -1, 0)))


def response_curve(snapshot: Snapshot, window: Window, layer: int) -> tuple[Array, Array]:
    """Return the values of the one input and all activations of a layer there, (k,) and (k, n)."""
    x = window.axis(0, CURVE_POINTS)
    base, parameters = window.rest.inputs(snapshot), snapshot.experiment.parameters
    return x, responses(parameters, base, window.varied[:1], (x,), layer)


def usual_spans(snapshot: Snapshot, varied: Sequence[int], room: float) -> tuple[Span, ...]:
    """Return spans that hold all training samples with some room, a share of their extent."""
    spans = []
    for k in varied:
        column = snapshot.experiment.x[:, k]
        low, high = float(column.min()), float(column.max())
        around = (high - low) * room or 1.0
        spans.append((low - around, high + around))
    return tuple(spans)


def _over_two(snapshot: Snapshot, window: Window, layer: int) -> tuple[Array, Array, Array]:
    x, y = (window.axis(which, MAP_POINTS) for which in (0, 1))
    across, up = window.varied
    base, parameters = window.rest.inputs(snapshot), snapshot.experiment.parameters
    return x, y, responses(parameters, base, (up, across), (y, x), layer)


def _bounds(values: Array, activation: str) -> tuple[float, float]:
    """Return what colours span: 0 to 1 where that is all there can be, else around zero."""
    if ACTIVATIONS[activation].unit_interval:
        return 0.0, 1.0
    finite = np.abs(values[np.isfinite(values)])
    largest = float(finite.max(initial=0.0)) or 1.0
    return -largest, largest
