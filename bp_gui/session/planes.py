"""The cost over two directions in θ, ready to be drawn.

A `Plane` goes through one point of θ; it knows where the present one falls on it, which way is
uphill there and what an update does. It can be kept while the present moves on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.directions import coordinates, main_directions, random_directions
from bp_gui.engine.landscape import Costs, Direction, Landscape
from bp_gui.engine.names import Ref
from bp_gui.engine.network import Parameters
from bp_gui.session.snapshot import Snapshot
from bp_gui.session.whatif import landscape_at, moved_with

_ON_PLANE = 1e-9  # of the length of θ, off which the present is not on the plane


class Axes(Enum):
    """What the two directions of a plane are."""

    PARAMETERS = "parameters"
    MAIN = "main directions"
    RANDOM = "random directions"


@dataclass(frozen=True, eq=False)
class Plane:
    """Two directions in θ, and the cost as a function of the place on them.

    Attributes
    ----------
    names
        What the two axes are called.
    landscape
        The surroundings of the point that the plane goes through.
    first, second
        The directions, (P,): the horizontal and the vertical axis.
    origin
        Coordinates of the landscape's point.
    snapshot
        The present moment.
    axes
        What its two directions are.
    """

    names: tuple[str, str]
    landscape: Landscape
    first: Array
    second: Array
    origin: tuple[float, float]
    snapshot: Snapshot
    axes: Axes

    @property
    def label(self) -> str:
        """What is moved along, in words."""
        return f"{self.names[0]} and {self.names[1]}"

    @property
    def theta(self) -> Array:
        """The present θ, (P,)."""
        return self.snapshot.experiment.parameters.theta

    @cached_property
    def present(self) -> tuple[float, float]:
        """Where the present θ falls on the plane."""
        return _pair(self.places(self.theta[np.newaxis])[0])

    @cached_property
    def following(self) -> tuple[float, float]:
        """Where θ after the next update falls on it."""
        return _pair(self.places(self.snapshot.next_theta[np.newaxis])[0])

    @property
    def holds_present(self) -> bool:
        """Whether the present θ lies on the plane itself, not beside it."""
        place = np.array(self.present) - self.origin
        on = self.landscape.parameters.theta + place[0] * self.first + place[1] * self.second
        far, size = np.linalg.norm(self.theta - on), np.linalg.norm(self.theta)
        return bool(far <= _ON_PLANE * max(float(size), 1.0))

    def costs(self, horizontal: Array, vertical: Array) -> Costs:
        """Return C on a grid, (vertical, horizontal)."""
        return self.landscape.over(
            Direction(self.second),
            Direction(self.first),
            vertical - self.origin[1],
            horizontal - self.origin[0],
        )

    @cached_property
    def _slopes(self) -> tuple[Costs, Costs]:
        """What each part of the cost does along either direction at the present θ."""
        here = landscape_at(self.snapshot)
        return here.slopes(Direction(self.first)), here.slopes(Direction(self.second))

    def slopes(self, output: int | None = None) -> tuple[float, float]:
        """Return ∂C/∂ of the two coordinates at the present θ, or those of one output's cost."""
        across, up = self._slopes
        if output is None:
            return float(across.total), float(up.total)
        return float(across.per_output[output]), float(up.per_output[output])

    def uphill(self, output: int | None = None) -> tuple[float, float]:
        """Return where the gradient points on the plane: its projection on the two directions.

        A plain gradient step leads the opposite way, whatever lengths and angles the directions
        have: ``(DᵀD)⁻¹ Dᵀ g`` with the directions as the columns of D.
        """
        slopes = np.array(self.slopes(output))
        if self.axes is Axes.PARAMETERS:
            return _pair(slopes)
        plane = np.stack((self.first, self.second), axis=1)
        return _pair(np.linalg.solve(plane.T @ plane, slopes))

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

    def seen_from(self, snapshot: Snapshot) -> Plane:
        """Return the same plane at another moment of a network of the same shape."""
        around = replace(landscape_at(snapshot), parameters=self.landscape.parameters)
        return replace(self, landscape=around, snapshot=snapshot)


def parameter_plane(snapshot: Snapshot, first: Ref, second: Ref) -> Plane:
    """Return the plane of two parameters.

    Raises
    ------
    ValueError
        If both are one and the same: shared biases of a layer are.
    """
    directions = moved_with(snapshot, first), moved_with(snapshot, second)
    if np.array_equal(*directions):
        raise ValueError(f"{first} and {second} are one number: choose two that differ.")
    return Plane(
        names=(first.name, second.name),
        landscape=landscape_at(snapshot),
        first=directions[0],
        second=directions[1],
        origin=(snapshot.value(first), snapshot.value(second)),
        snapshot=snapshot,
        axes=Axes.PARAMETERS,
    )


def random_plane(snapshot: Snapshot, seed: int) -> Plane:
    """Return a plane of two random directions, each neuron's part as long as its weights.

    Raises
    ------
    ValueError
        If there are not two: every neuron has a single weight, or none but zeros.
    """
    around = landscape_at(snapshot)
    first, second = random_directions(around.parameters, seed)
    if np.linalg.matrix_rank(np.stack((first, second))) < 2:
        raise ValueError(
            "Random directions are as long as the weights of each neuron: these span no plane."
        )
    names = ("random direction 1", "random direction 2")
    return Plane(names, around, first, second, (0.0, 0.0), snapshot, Axes.RANDOM)


def main_plane(snapshot: Snapshot, trajectories: Sequence[Array]) -> Plane:
    """Return the plane of the two main directions of trajectories (n, P), through the present.

    Raises
    ------
    ValueError
        If training has not gone in two directions yet.
    """
    try:
        present = snapshot.experiment.parameters.theta[np.newaxis]
        found = main_directions(np.concatenate([*trajectories, present]))
    except ValueError:
        raise ValueError(
            "Main directions are those in which training went furthest: it has not gone in two yet."
        ) from None
    origin = Parameters(snapshot.experiment.architecture, found.origin)
    around = replace(landscape_at(snapshot), parameters=origin)
    shares = [f"main direction {k} ({share:.1%})" for k, share in enumerate(found.shares, start=1)]
    directions = found.first, found.second
    return Plane((shares[0], shares[1]), around, *directions, (0.0, 0.0), snapshot, Axes.MAIN)


def _pair(values: Array) -> tuple[float, float]:
    return float(values[0]), float(values[1])
