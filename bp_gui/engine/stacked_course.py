"""Where runs that are made together stand, and what becomes of each of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.compiled.task import Result
from bp_gui.engine.optimizers import OptimizerState


@dataclass(frozen=True, eq=False)
class Pass:
    """A forward pass of all runs: what feeds each layer, its z and its a, (R, m, n)."""

    sources: list[Array]
    z: list[Array]
    a: list[Array]


@dataclass(frozen=True, eq=False)
class Moment:
    """All runs between two updates.

    Attributes
    ----------
    theta, slots
        θ (P, R), and what the optimizer remembers (k, P, R).
    x, t
        The samples of the update that comes next, (1, m, n_0) and (m, n_L).
    trace, cost
        Their forward pass, and their mean cost with the penalty (R,).
    """

    theta: Array
    slots: Array
    x: Array
    t: Array
    trace: Pass
    cost: Array


class Course:
    """What becomes of all runs; those that have ended stay as they were.

    Attributes
    ----------
    now
        All runs at present.
    first, optimizer_updates
        How many updates lie behind them at the beginning, of the training and of the optimizer.
    length
        How many updates those have made that go on.
    """

    def __init__(self, now: Moment, first: int, optimizer_updates: int) -> None:
        runs = now.theta.shape[-1]
        self.now, self.first, self.optimizer_updates, self.length = now, first, optimizer_updates, 0
        self._going = np.ones(runs, dtype=bool)
        self._made = np.zeros(runs, dtype=np.int64)
        self._before = self._gradient = now.theta
        self._recorded: list[int] = []
        self._costs: list[Array] = []
        self._test_costs: list[Array] = []

    @property
    def goes_on(self) -> bool:
        """Whether any run can be carried on."""
        return bool(self._going.any())

    def record(self, count: int, costs: Array, test_costs: Array) -> None:
        """Note what all runs cost (R,) before an update."""
        self._recorded.append(count)
        self._costs.append(costs)
        self._test_costs.append(test_costs)

    def go_on(self, there: Moment, gradient: Array) -> None:
        """Take an update of the runs that it leads to finite numbers; the others end here.

        Parameters
        ----------
        there
            Where it leads.
        gradient
            What it was made by, (P, R).
        """
        before = self.now.theta
        good = self._going & np.isfinite(there.cost) & np.isfinite(there.theta).all(axis=0)
        if not good.all():
            theta = np.where(good, there.theta, self.now.theta)
            slots = np.where(good, there.slots, self.now.slots)
            there = replace(there, theta=theta, slots=slots)
            before = np.where(good, before, self._before)
            gradient = np.where(good, gradient, self._gradient)
        self.now, self._before, self._gradient, self._going = there, before, gradient, good
        self._made += good
        self.length += 1

    def results(self, runs: int) -> tuple[Result, ...]:
        """Return what has become of the first runs."""
        counts = np.array(self._recorded, dtype=np.int64)
        costs, test_costs = (
            np.array(each).reshape(len(counts), len(self._made))
            for each in (self._costs, self._test_costs)
        )
        found = []
        for run in range(runs):
            made = int(self._made[run])
            recorded = int(np.searchsorted(counts, self.first + made))
            state = OptimizerState(frozen(self.now.slots[..., run]), self.optimizer_updates + made)
            found.append(
                Result(
                    made=made,
                    is_finite=bool(self._going[run]),
                    theta=frozen(self.now.theta[:, run]),
                    optimizer_state=state,
                    before=frozen(self._before[:, run]),
                    gradient=frozen(self._gradient[:, run]),
                    updates=counts[:recorded],
                    costs=costs[:recorded, run],
                    test_costs=test_costs[:recorded, run],
                )
            )
        return tuple(found)
