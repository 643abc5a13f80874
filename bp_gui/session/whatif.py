"""The cost as a function of one quantity that a person could change, ready to be drawn.

A `Line` knows the present point, its slope and what an update does there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.directions import parameter_direction
from bp_gui.engine.landscape import Costs, Direction, Landscape
from bp_gui.engine.names import Kind, Ref
from bp_gui.engine.network import BiasPolicy, Parameters
from bp_gui.session.snapshot import Snapshot

VARIABLE = frozenset({Kind.WEIGHT, Kind.BIAS, Kind.INPUT, Kind.TARGET, Kind.ETA})


@dataclass(frozen=True)
class Step:
    """A step along a line.

    Attributes
    ----------
    start, end
        The values that it leads from and to.
    slope
        ∂C/∂v at its start.
    is_made
        Whether the next update makes it; otherwise it is what −η ∂C/∂v would be.
    """

    start: float
    end: float
    slope: float
    is_made: bool

    @property
    def change(self) -> float:
        """Δv."""
        return self.end - self.start

    @property
    def predicted(self) -> float:
        """``∂C/∂v · Δv``: the change of C if the tangent were the curve."""
        return self.slope * self.change


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
    step
        Of a parameter, what the next update does to it alone; of what no update moves, −η ∂C/∂v.
        Of the learning rate, all the way from η = 0: the update itself.
    """

    ref: Ref
    landscape: Landscape
    direction: Direction
    origin: float
    present: float
    slope: float
    step: Step

    def costs(self, values: Array) -> Costs:
        """Return C at each of the values, (k,)."""
        return self.landscape.along(self.direction, values - self.origin)

    @cached_property
    def _ends(self) -> Array:
        return self.costs(np.array([self.present, self.step.start, self.step.end])).total

    @property
    def cost(self) -> float:
        """C at the present value."""
        return float(self._ends[0])

    @property
    def start_cost(self) -> float:
        """C where the step begins."""
        return float(self._ends[1])

    @property
    def end_cost(self) -> float:
        """C where the step ends, all else unchanged."""
        return float(self._ends[2])

    @property
    def actual(self) -> float:
        """The change of C that the step makes, all else unchanged."""
        return self.end_cost - self.start_cost

    @property
    def usual_range(self) -> tuple[float, float]:
        """A range of values that is worth looking at first."""
        if self.ref.kind is Kind.ETA:
            return 0.0, max(4.0 * self.present, 1e-3)
        if self.ref.kind in (Kind.INPUT, Kind.TARGET):
            return self.present - 1.0, self.present + 1.0
        reach = max(3.0, 1.5 * abs(self.present))
        return self.present - reach, self.present + reach

    @property
    def range_of_step(self) -> tuple[float, float] | None:
        """The range in which the step fills a quarter of the width; None where there is none."""
        reach = 2.0 * abs(self.step.change)
        if not np.isfinite(reach) or reach <= 1e-12 * max(abs(self.present), 1.0):
            return None
        middle = (self.step.start + self.step.end) / 2
        return middle - reach, middle + reach


@dataclass(frozen=True, eq=False)
class Curve:
    """The cost over a range of values, (k,), of a line's quantity."""

    line: Line
    values: Array
    costs: Costs


def curves(found: Line, extent: tuple[float, float], points: Sequence[int]) -> Iterator[Curve]:
    """Yield the curve from one value to another, with ever more points."""
    for count in points:
        values = frozen(np.linspace(*extent, count))
        yield Curve(found, values, found.costs(values))


def line(snapshot: Snapshot, ref: Ref | None) -> Line | None:
    """Return the line along a quantity; None where there is nothing to vary."""
    if ref is None or ref.kind not in VARIABLE:
        return None
    if ref.kind is Kind.ETA:
        return _line_of_eta(snapshot)
    experiment = snapshot.experiment
    surroundings = landscape_at(snapshot)
    present = snapshot.value(ref)
    direction = _direction(snapshot, ref)
    slope = surroundings.slope(direction)
    end, is_made = present - experiment.eta * slope, False
    if ref.is_parameter:
        k = experiment.architecture.index(ref)
        if experiment.trainable[k]:
            end, is_made = float(snapshot.next_theta[k]), True
    step = Step(present, end, slope, is_made)
    return Line(ref, surroundings, direction, present, present, slope, step)


def landscape_at(snapshot: Snapshot) -> Landscape:
    """Return the cost of all training samples around the present point."""
    experiment = snapshot.experiment
    return Landscape(experiment.objective, experiment.parameters, experiment.x, experiment.t)


def _direction(snapshot: Snapshot, ref: Ref) -> Direction:
    experiment, sample = snapshot.experiment, snapshot.sample
    if ref.kind is Kind.INPUT:
        return Direction(x=_cell(experiment.x, sample, ref.to))
    if ref.kind is Kind.TARGET:
        return Direction(t=_cell(experiment.t, sample, ref.to))
    return Direction(moved_with(snapshot, ref))


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
    moves = frozen(unit[0] - still[0])
    direction = Direction(moves)
    present = Parameters(origin.architecture, origin.theta + experiment.eta * moves)
    slope = replace(there, parameters=present).slope(direction)
    step = Step(0.0, experiment.eta, there.slope(direction), is_made=True)
    return Line(Ref(Kind.ETA), there, direction, 0.0, experiment.eta, slope, step)


def moved_with(snapshot: Snapshot, ref: Ref) -> Array:
    """Return what setting a parameter moves: under shared biases all those of its layer, (P,)."""
    architecture = snapshot.experiment.architecture
    refs = [ref]
    if ref.kind is Kind.BIAS and snapshot.experiment.bias_policy is BiasPolicy.SHARED:
        refs = [replace(ref, to=to) for to in range(architecture.sizes[ref.layer + 1])]
    return parameter_direction(architecture, [architecture.index(each) for each in refs])


def _cell(array: Array, row: int, column: int) -> Array:
    cell = np.zeros(array.shape)
    cell[row, column] = 1.0
    return frozen(cell)
