"""What a neuron, or the network's decision, is over one or two inputs, ready to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.coding import Coding
from bp_gui.engine.response import response, responses
from bp_gui.session.classification import Classes, classes_of
from bp_gui.session.snapshot import Snapshot

MAP_POINTS, CURVE_POINTS = 81, 241
MOST_SAMPLES = 2000
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


@dataclass(frozen=True)
class Neuron:
    """A neuron, counted from 0: layer 0 is the first hidden layer."""

    layer: int
    position: int


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


@dataclass(frozen=True, eq=False)
class ResponseCurve:
    """A neuron's activation over one input, (k,)."""

    x: Array
    values: Array


@dataclass(frozen=True, eq=False)
class Response:
    """What is asked for, at which moment, and the answer.

    Attributes
    ----------
    snapshot, window
        The moment, and the part of the inputs that is looked at.
    neuron
        Whose activation it is; None for the class that the network names.
    drawn
        The answer.
    """

    snapshot: Snapshot
    window: Window
    neuron: Neuron | None
    drawn: ResponseMap | DecisionMap | ResponseCurve


def response_of(snapshot: Snapshot, window: Window, neuron: Neuron | None) -> Response:
    """Return the response of a neuron, or the network's decision over two inputs."""
    drawn: ResponseMap | DecisionMap | ResponseCurve
    if neuron is None:
        drawn = decision_map(snapshot, window)
    elif len(window.varied) == 1:
        drawn = response_curve(snapshot, window, neuron)
    else:
        drawn = response_map(snapshot, window, neuron)
    return Response(snapshot, window, neuron, drawn)


def response_map(snapshot: Snapshot, window: Window, neuron: Neuron) -> ResponseMap:
    """Return what a neuron makes of every place of the window."""
    x, y, found = _over_two(snapshot, window, neuron.layer)
    values = frozen(found[..., neuron.position])
    low, high = _bounds(values, snapshot.experiment.architecture.activations[neuron.layer])
    return ResponseMap(x, y, values, low, high)


def decision_map(snapshot: Snapshot, window: Window) -> DecisionMap:
    """Return which output is the largest at every place of the window."""
    x, y, found = _over_two(snapshot, window, snapshot.experiment.architecture.n_layers - 1)
    rising = np.sort(found, axis=-1)
    best, second = rising[..., -1:], rising[..., -2:-1]
    lead = np.where(found == best, found - second, found - best)
    winner = np.where(np.isnan(found).any(axis=-1), -1, found.argmax(axis=-1))
    return DecisionMap(x, y, winner, frozen(np.moveaxis(lead, -1, 0)))


def response_curve(snapshot: Snapshot, window: Window, neuron: Neuron) -> ResponseCurve:
    """Return what a neuron makes of every value of the one input."""
    x = window.axis(0, CURVE_POINTS)
    base, parameters = window.rest.inputs(snapshot), snapshot.experiment.parameters
    values = response(parameters, base, window.varied[:1], (x,), neuron.layer, neuron.position)
    return ResponseCurve(x, values)


@dataclass(frozen=True, eq=False)
class Marks:
    """The training samples as points on a response.

    Attributes
    ----------
    x, y
        Where they stand, (k,): at their inputs, or over one input at their targets.
    classes
        What tells them apart, (k,): their class, or on which side of the middle their target is.
    wrong
        Whose class is not told, (k,).
    outputs
        What the network gives instead of the target, (k,), where y is a target; else nothing.
    here
        Where the sample stands that is shown elsewhere.
    """

    x: Array
    y: Array
    classes: Classes
    wrong: NDArray[np.bool_]
    outputs: Array
    here: tuple[float, float]


def marks_of(found: Response, coding: Coding) -> Marks:
    """Return the training samples on a response, given what their targets mean."""
    snapshot, varied, neuron = found.snapshot, found.window.varied, found.neuron
    experiment = snapshot.experiment
    x, t, outputs = (each[:MOST_SAMPLES] for each in (experiment.x, experiment.t, snapshot.outputs))
    across = x[:, varied[0]]
    if neuron is None:
        right, told = classes_of(t, coding), classes_of(outputs, coding)
        here = float(snapshot.x[varied[0]]), float(snapshot.x[varied[1]])
        return Marks(across, x[:, varied[1]], right, right != told, np.empty(0), here)
    is_output = neuron.layer == experiment.architecture.n_layers - 1
    column = t[:, neuron.position if is_output else 0]
    sides = np.where(column > (column.min() + column.max()) / 2, 0, 1)
    wrong = np.zeros(len(x), dtype=np.bool_)
    if len(varied) == 2:
        here = float(snapshot.x[varied[0]]), float(snapshot.x[varied[1]])
        return Marks(across, x[:, varied[1]], sides, wrong, np.empty(0), here)
    activation = float(snapshot.forward.a[neuron.layer][0, neuron.position])
    kept = slice(None if is_output else 0)
    given = outputs[kept, neuron.position if is_output else 0]
    here = float(snapshot.x[varied[0]]), activation
    return Marks(across[kept], column[kept], sides[kept], wrong[kept], given, here)


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
