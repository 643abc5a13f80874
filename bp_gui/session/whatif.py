"""The cost as a function of what a person could change, ready to be drawn.

A `Line` is one quantity to vary and a `Plane` two directions in θ; both know the present point, its
slope and what an update does there. The numbers along them are computed by `curve` and `surface`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.directions import (
    coordinates,
    main_directions,
    parameter_direction,
    random_directions,
)
from bp_gui.engine.landscape import Costs, Direction, Landscape
from bp_gui.engine.names import Kind, Ref
from bp_gui.engine.network import BiasPolicy, Parameters
from bp_gui.session.snapshot import Snapshot

VARIABLE = frozenset({Kind.WEIGHT, Kind.BIAS, Kind.INPUT, Kind.TARGET, Kind.ETA})


@dataclass(frozen=True, eq=False)
class Line:
    """One quantity, and the cost as a function of it.

    Attributes
    ----------
    ref
        What is varied. Of the learning rate the cost after the next update is the function.
    landscape, direction
        Where the function is evaluated: at the landscape's point plus ``(v − origin) · direction``.
    origin
        Value of the quantity at the landscape's point.
    present
        Its value now.
    slope
        ∂C/∂v at the present value.
    following
        Its value after the next update, if an update changes it.
    """

    ref: Ref
    landscape: Landscape
    direction: Direction
    origin: float
    present: float
    slope: float
    following: float | None

    def costs(self, values: Array) -> Costs:
        """Return C at each of the values, (k,)."""
        return self.landscape.along(self.direction, values - self.origin)

    @cached_property
    def cost(self) -> float:
        """C at the present value."""
        return float(self.costs(np.array([self.present])).total[0])

    @cached_property
    def following_cost(self) -> float | None:
        """C after the update's change of this quantity alone."""
        if self.following is None:
            return None
        return float(self.costs(np.array([self.following])).total[0])

    @property
    def step(self) -> float | None:
        """What the next update changes it by."""
        return None if self.following is None else self.following - self.present

    @property
    def predicted(self) -> float | None:
        """``∂C/∂v · Δv``: the change of C if the tangent were the curve."""
        return None if self.step is None else self.slope * self.step

    @property
    def actual(self) -> float | None:
        """The change of C that Δv alone makes."""
        return None if self.following_cost is None else self.following_cost - self.cost

    @property
    def usual_range(self) -> tuple[float, float]:
        """A range of values that is worth looking at first."""
        if self.ref.kind is Kind.ETA:
            return 0.0, max(4.0 * self.present, 1e-3)
        if self.ref.kind in (Kind.INPUT, Kind.TARGET):
            return self.present - 1.0, self.present + 1.0
        reach = max(3.0, 1.5 * abs(self.present))
        return self.present - reach, self.present + reach


def line(snapshot: Snapshot, ref: Ref | None) -> Line | None:
    """Return the line along a quantity; None where there is nothing to vary."""
    if ref is None or ref.kind not in VARIABLE:
        return None
    experiment = snapshot.experiment
    surroundings = landscape_at(snapshot)
    if ref.is_parameter:
        k = experiment.architecture.index(ref)
        direction = Direction(_together(snapshot, ref))
        following = float(snapshot.next_theta[k]) if experiment.trainable[k] else None
    elif ref.kind is Kind.ETA:
        return _line_of_eta(snapshot)
    elif ref.kind is Kind.INPUT:
        direction, following = Direction(x=_cell(experiment.x, snapshot.sample, ref.to)), None
    else:
        direction, following = Direction(t=_cell(experiment.t, snapshot.sample, ref.to)), None
    present = snapshot.value(ref)
    slope = surroundings.slope(direction)
    return Line(ref, surroundings, direction, present, present, slope, following)


def landscape_at(snapshot: Snapshot) -> Landscape:
    """Return the cost of all training samples around the present point."""
    experiment = snapshot.experiment
    return Landscape(experiment.objective, experiment.parameters, experiment.x, experiment.t)


def _line_of_eta(snapshot: Snapshot) -> Line:
    """Return C after the next update, over η: every optimizer's change is linear in η."""
    experiment = snapshot.experiment
    theta = experiment.parameters.theta
    still, unit = (
        replace(experiment, eta=eta).stepped(theta, snapshot.gradient, experiment.optimizer_state)
        for eta in (0.0, 1.0)
    )
    origin = Parameters(experiment.architecture, still[0])
    there = replace(landscape_at(snapshot), parameters=origin)
    direction = Direction(frozen(unit[0] - still[0]))
    assert direction.theta is not None
    present = Parameters(origin.architecture, origin.theta + experiment.eta * direction.theta)
    slope = replace(there, parameters=present).slope(direction)
    return Line(Ref(Kind.ETA), there, direction, 0.0, experiment.eta, slope, None)


def _together(snapshot: Snapshot, ref: Ref) -> Array:
    """Return what setting a parameter moves: under shared biases all those of its layer."""
    architecture = snapshot.experiment.architecture
    refs = [ref]
    if ref.kind is Kind.BIAS and snapshot.experiment.bias_policy is BiasPolicy.SHARED:
        refs = [replace(ref, to=to) for to in range(architecture.sizes[ref.layer + 1])]
    return parameter_direction(architecture, [architecture.index(each) for each in refs])


def _cell(array: Array, row: int, column: int) -> Array:
    cell = np.zeros(array.shape)
    cell[row, column] = 1.0
    return frozen(cell)


@dataclass(frozen=True, eq=False)
class Plane:
    """Two directions in θ, and the cost as a function of the place on them.

    Attributes
    ----------
    names
        What the two axes are called.
    landscape
        The surroundings of the point that the plane starts from.
    first, second
        The directions, (P,): the horizontal and the vertical axis.
    origin
        Coordinates of the landscape's point.
    present
        Coordinates of the present θ.
    theta
        The present θ.
    gradient
        ∂C/∂ of the two coordinates at the present point.
    step
        What the next update changes the two coordinates by.
    """

    names: tuple[str, str]
    landscape: Landscape
    first: Array
    second: Array
    origin: tuple[float, float]
    present: tuple[float, float]
    theta: Array
    gradient: tuple[float, float]
    step: tuple[float, float]

    @property
    def label(self) -> str:
        """What is moved along, in words."""
        return f"{self.names[0]} and {self.names[1]}"

    def costs(self, horizontal: Array, vertical: Array) -> Costs:
        """Return C on a grid, (vertical, horizontal)."""
        return self.landscape.over(
            Direction(self.second),
            Direction(self.first),
            vertical - self.origin[1],
            horizontal - self.origin[0],
        )

    def theta_at(self, horizontal: float, vertical: float) -> Array:
        """Return the present θ, moved to another place of the plane."""
        return frozen(
            self.theta
            + (horizontal - self.present[0]) * self.first
            + (vertical - self.present[1]) * self.second
        )

    def places(self, trajectory: Array) -> Array:
        """Return where states of θ (n, P) fall on the plane, (n, 2)."""
        found = coordinates(trajectory, self.landscape.parameters.theta, self.first, self.second)
        return frozen(found + np.array(self.origin))


def parameter_plane(snapshot: Snapshot, first: Ref, second: Ref) -> Plane:
    """Return the plane of two parameters.

    Raises
    ------
    ValueError
        If both are one and the same: shared biases of a layer are.
    """
    directions = _together(snapshot, first), _together(snapshot, second)
    if np.array_equal(*directions):
        raise ValueError(f"{first} and {second} are one number: choose two that differ")
    place = snapshot.value(first), snapshot.value(second)
    return _plane(snapshot, (first.name, second.name), directions, place, landscape_at(snapshot))


def random_plane(snapshot: Snapshot, seed: int, centre: Array | None = None) -> Plane:
    """Return a plane of two random directions, each neuron's part as long as its weights.

    Parameters
    ----------
    centre
        The θ that the plane goes through at its origin; the present one if None.
    """
    around = landscape_at(snapshot)
    if centre is not None:
        around = replace(
            around, parameters=Parameters(snapshot.experiment.architecture, frozen(centre))
        )
    directions = random_directions(around.parameters, seed)
    return _plane(snapshot, ("random direction 1", "random direction 2"), directions, None, around)


def main_plane(snapshot: Snapshot, trajectory: Array) -> Plane:
    """Return the plane of the two main directions of a trajectory (n, P), through its last state.

    Raises
    ------
    ValueError
        If the trajectory does not go in two directions.
    """
    found = main_directions(trajectory)
    origin = Parameters(snapshot.experiment.architecture, found.origin)
    around = replace(landscape_at(snapshot), parameters=origin)
    names = tuple(
        f"main direction {number} ({share:.1%} of the way)"
        for number, share in enumerate(found.shares, start=1)
    )
    return _plane(snapshot, (names[0], names[1]), (found.first, found.second), None, around)


def _plane(
    snapshot: Snapshot,
    names: tuple[str, str],
    directions: tuple[Array, Array],
    place: tuple[float, float] | None,
    around: Landscape,
) -> Plane:
    """Return a plane; a place says what the coordinates of the landscape's point are, else 0."""
    theta = snapshot.experiment.parameters.theta
    first, second = directions
    base = around.parameters.theta
    (here,) = coordinates(theta[np.newaxis], base, first, second)
    (there,) = coordinates(snapshot.next_theta[np.newaxis], base, first, second)
    origin = (0.0, 0.0) if place is None else place
    at_present = replace(around, parameters=snapshot.experiment.parameters)
    return Plane(
        names=names,
        landscape=around,
        first=first,
        second=second,
        origin=origin,
        present=(origin[0] + float(here[0]), origin[1] + float(here[1])),
        theta=theta,
        gradient=(at_present.slope(Direction(first)), at_present.slope(Direction(second))),
        step=(float(there[0] - here[0]), float(there[1] - here[1])),
    )
