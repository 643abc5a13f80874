"""The part of a plane that is looked at, and the costs there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.names import Kind, Ref
from bp_gui.engine.network import Architecture
from bp_gui.session.paths import Path
from bp_gui.session.planes import Axes, Plane

Box = tuple[float, float, float, float]  # from and to, across and up

_LEAST_REACH = 3.0  # of a parameter
_UNIT = 1.0  # of a direction: it changes every neuron by as much as it is worth
_ROOM = 0.14  # around what must be in view, as a share of it


@dataclass(frozen=True, eq=False)
class Map:
    """Costs on a grid.

    Attributes
    ----------
    plane
        What the grid lies on.
    output
        0-based output whose cost it is; None for the whole cost.
    horizontal, vertical
        Coordinates of columns and rows, ascending.
    costs
        (rows, columns).
    """

    plane: Plane
    output: int | None
    horizontal: Array
    vertical: Array
    costs: Array


def maps(plane: Plane, output: int | None, box: Box, grids: Sequence[int]) -> Iterator[Map]:
    """Yield the costs on ever finer grids."""
    for points in grids:
        x, y = np.linspace(box[0], box[1], points), np.linspace(box[2], box[3], points)
        costs = plane.costs(x, y)
        drawn = costs.total if output is None else costs.per_output[..., output]
        yield Map(plane, output, frozen(x), frozen(y), frozen(drawn))


def ground_of(plane: Plane, output: int | None, box: Box) -> tuple[object, ...]:
    """Return all that a map depends on, but for the place of the present point on it."""
    experiment = plane.snapshot.experiment
    moves = (plane.first != 0) | (plane.second != 0)
    theta = plane.landscape.parameters.theta
    # Only along two parameters of their own does moving change nothing else.
    alone = np.count_nonzero(plane.first) == np.count_nonzero(plane.second) == 1
    return (
        (np.where(moves, 0.0, theta) if alone else theta).tobytes(),
        experiment.architecture,
        experiment.objective,
        experiment.data,
        plane.names,
        output,
        box,
    )


def usual_box(plane: Plane, paths: Sequence[Path]) -> Box:
    """Return a range that holds the point, the next step and where training has been."""
    places = [np.array([plane.present, plane.following])]
    size = len(plane.theta)
    places += [plane.places(path.theta) for path in paths if path.theta.shape[1] == size]
    every = np.concatenate(places)
    low, high = every.min(axis=0), every.max(axis=0)
    room = (high - low) * _ROOM
    if plane.axes is Axes.PARAMETERS:
        room = np.maximum(room, (_LEAST_REACH - (high - low)) / 2)
    elif plane.axes is Axes.RANDOM:
        room = np.maximum(room, _UNIT)
    low, high = low - room, high + room
    return float(low[0]), float(high[0]), float(low[1]), float(high[1])


def is_inside(place: tuple[float, float], box: Box) -> bool:
    """Whether a place is in view."""
    return box[0] < place[0] < box[1] and box[2] < place[1] < box[3]


def first_two(architecture: Architecture, refs: Sequence[Ref]) -> tuple[int, int]:
    """Return which parameters to begin with: of one neuron to two outputs, or two to one output."""
    last = architecture.n_layers - 1
    wanted = [Ref(Kind.WEIGHT, last, 0, 0), Ref(Kind.WEIGHT, last, 1, 0)]
    if architecture.n_outputs == 1:
        wanted[1] = Ref(Kind.WEIGHT, last, 0, 1)
    if all(ref in refs for ref in wanted):
        return refs.index(wanted[0]), refs.index(wanted[1])
    return 0, min(1, len(refs) - 1)
