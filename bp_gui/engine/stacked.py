"""Many training runs of one shape in one NumPy pass, for when the compiled loops are not there.

A Python loop over small runs spends its time on calls, not on numbers. Here each call computes for
all runs: ``W[l]`` is (R, n_l, n_{l-1}) and ``z[l]`` is (R, m, n_l), so that activations, costs and
optimizers serve as they are. In memory the runs lie side by side, which makes the axis that is long
the one that NumPy's inner loops run along.

What may differ from run to run are numbers: θ and what the optimizer remembers, η, the optimizer's
settings, penalties, clipping, and which parameters move. Runs that differ in anything else belong
into stacks of their own, see `kind_of`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

import numpy as np

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array
from bp_gui.engine.compiled.task import Result, Task, is_recorded
from bp_gui.engine.network import BiasPolicy
from bp_gui.engine.optimizers import OPTIMIZERS, OptimizerState
from bp_gui.engine.stacked_course import Course, Moment, Pass

_T = TypeVar("_T")

# NumPy adds along an axis of length 1 in another order, and some of its vector code ends in a loop
# that rounds otherwise. A number of runs that fills every vector avoids both, so that the numbers
# of a run are the same to the last bit whoever it shares the stack with.
_LANES = 8
_NORMS = ("l1", "l2")
# Samples times parameters from which on a run by itself is no slower.
_MOST_TERMS = 12_000


def kind_of(task: Task) -> Hashable:
    """Return what tasks have in common that can share a stack."""
    return (
        task.architecture,
        task.objective.cost.name,
        task.objective.bias_policy is BiasPolicy.SHARED,
        task.optimizer_name,
        task.batches,
        task.shuffle_seed,
        *map(id, (task.x, task.t, task.x_test, task.t_test)),
    )


def is_worthwhile(task: Task) -> bool:
    """Whether stacking such runs is faster than making them one by one."""
    rows = min(task.batches.size or len(task.t), len(task.t))
    return rows * task.architecture.n_parameters <= _MOST_TERMS


class Stack:
    """Runs of one kind, ready to be made together.

    Parameters
    ----------
    tasks
        One for each run, all with the same `kind_of`.

    Raises
    ------
    ValueError
        If there is none, or one is of another kind.
    """

    def __init__(self, tasks: Sequence[Task]) -> None:
        if len({kind_of(task) for task in tasks}) != 1:
            raise ValueError(f"{len(tasks)} tasks are not of one kind")
        self._runs = len(tasks)
        tasks = _filled(tasks, -len(tasks) % _LANES)
        self._like = task = tasks[0]
        self._architecture = task.architecture
        self._rule = OPTIMIZERS[task.optimizer_name].rule
        self._eta = np.array([task.eta for task in tasks])
        self._settings = tuple(np.array([task.optimizer_settings for task in tasks]).T)
        penalties = [task.objective.penalty for task in tasks]
        self._l1, self._l2 = (np.array([getattr(p, name) for p in penalties]) for name in _NORMS)
        self._has_penalty = any(penalties)
        clips = [math.inf if task.clip is None else task.clip for task in tasks]
        self._clip = np.array(clips)
        self._clips = min(clips) < math.inf
        self._moves = np.stack([task.trainable for task in tasks], axis=-1)
        self._shares = np.stack([task.norm_shares for task in tasks], axis=-1)
        self._is_weight = ~task.architecture.bias_mask

    def run(
        self,
        thetas: Sequence[Array],
        states: Sequence[OptimizerState],
        first: int,
        updates: int,
        stopped: Callable[[], bool] = lambda: False,
    ) -> tuple[Result, ...]:
        """Make updates from each θ on; a run ends early where they lead to no finite numbers.

        Every run's numbers are those of `bp_gui.engine.propagation` to twelve digits.

        Parameters
        ----------
        thetas, states
            Where each run begins; the optimizers have made equally many updates.
        first
            The number of the first update, counted from 0 at the start of training.
        updates
            How many.
        stopped
            Asked before every update; stop when it says so.
        """
        fill = self._moves.shape[1] - self._runs
        theta = np.stack(_filled(thetas, fill), axis=-1)
        slots = np.stack([state.slots for state in _filled(states, fill)], axis=-1)
        with np.errstate(all="ignore"):
            now = self._moment(theta, slots, *self._samples(first))
            course = Course(now, first, states[0].updates)
            while course.goes_on and course.length < updates and not stopped():
                self._update(course)
        return course.results(self._runs)

    def _update(self, course: Course) -> None:
        """Make one update of all runs."""
        now, count = course.now, course.first + course.length
        g = self._gradient(now)
        if is_recorded(count, self._per_epoch):
            course.record(count, *self._recorded_costs(now))
        change, slots = self._rule(
            self._clipped(g),
            self._eta,
            self._settings,
            now.slots,
            course.optimizer_updates + course.length + 1,
        )
        theta = np.where(self._moves, now.theta + change, now.theta)
        samples = (now.x, now.t) if self._is_whole else self._samples(count + 1)
        course.go_on(self._moment(theta, slots, *samples), g)

    @property
    def _per_epoch(self) -> int:
        return self._like.batches.per_epoch(len(self._like.t))

    @property
    def _is_whole(self) -> bool:
        """Whether every update uses all samples in their order."""
        return self._like.batches.is_full(len(self._like.t))

    def _samples(self, update: int) -> tuple[Array, Array]:
        x, t, batches = self._like.x, self._like.t, self._like.batches
        if not self._is_whole and batches.size is not None:
            epoch, position = divmod(update, self._per_epoch)
            (order,) = batches.orders(len(t), self._like.shuffle_seed, epoch, 1)
            rows = order[position * batches.size :][: batches.size]
            x, t = x[rows], t[rows]
        return x[np.newaxis], t

    def _moment(self, theta: Array, slots: Array, x: Array, t: Array) -> Moment:
        trace = self._forward(theta, x)
        cost = self._data_cost(trace, t) + self._penalty(theta)
        return Moment(theta, slots, x, t, trace, cost)

    def _layers(self, values: Array) -> tuple[list[Array], list[Array]]:
        """Return views into (P, R): weights (R, n_to, n_from) and biases (R, n_to)."""
        sizes, runs = self._architecture.sizes, values.shape[-1]
        W, b = [], []
        for layer, (w_start, b_start) in enumerate(self._architecture.offsets):
            n_from, n_to = sizes[layer : layer + 2]
            W.append(values[w_start:b_start].reshape(n_to, n_from, runs).transpose(2, 0, 1))
            b.append(values[b_start : b_start + n_to].T)
        return W, b

    def _forward(self, theta: Array, x: Array) -> Pass:
        """Compute ``z = W a + b`` and ``a = f(z)`` of every layer of every run."""
        a, passed = x, Pass([], [], [])
        for W, b, name in zip(*self._layers(theta), self._architecture.activations, strict=True):
            passed.sources.append(a)
            z = np.einsum("rmj,rij->rmi", a, W)
            z += b[:, np.newaxis]
            a = ACTIVATIONS[name].value(z)
            passed.z.append(z)
            passed.a.append(a)
        return passed

    def _gradient(self, now: Moment) -> Array:
        """Return the gradient of the objective under the bias policy, (P, R)."""
        g, trace, names = np.empty_like(now.theta), now.trace, self._architecture.activations
        W, _ = self._layers(now.theta)
        dW, db = self._layers(g)
        cost = self._like.objective.cost
        delta = cost.delta_through(names[-1], now.t, trace.z[-1], trace.a[-1])
        for layer in reversed(range(len(names))):
            np.einsum("rmi,rmj->rij", delta, trace.sources[layer], out=dW[layer])
            delta.sum(axis=1, out=db[layer])
            if layer > 0:
                above = np.einsum("rmi,rij->rmj", delta, W[layer])
                z, a = trace.z[layer - 1], trace.a[layer - 1]
                delta = ACTIVATIONS[names[layer - 1]].pull_back(z, a, above)
        g /= len(now.t)
        if self._like.objective.bias_policy is BiasPolicy.SHARED:
            for each in db:
                each[:] = each.sum(axis=1, keepdims=True)
        if self._has_penalty:
            w = now.theta[self._is_weight]
            g[self._is_weight] += self._l1 * np.sign(w) + self._l2 * w
        return g

    def _clipped(self, g: Array) -> Array:
        """Return each run's gradient, made shorter where its norm is above the run's limit."""
        if not self._clips:
            return g
        norm = np.sqrt((self._shares * g * g).sum(axis=0))
        return g * np.where(norm > self._clip, self._clip / norm, 1.0)

    def _data_cost(self, trace: Pass, t: Array) -> Array:
        last = self._architecture.activations[-1]
        terms = self._like.objective.cost.terms_through(last, t, trace.z[-1], trace.a[-1])
        return np.asarray(terms.sum(axis=(1, 2)) / len(t))

    def _penalty(self, theta: Array) -> Array:
        if not self._has_penalty:
            return np.zeros(theta.shape[-1])
        w = theta[self._is_weight]
        return np.asarray((self._l1 * np.abs(w) + 0.5 * self._l2 * (w * w)).sum(axis=0))

    def _recorded_costs(self, now: Moment) -> tuple[Array, Array]:
        """Return each run's costs of all training samples and of all test samples, (R,)."""
        task, cost = self._like, now.cost
        test = np.full(len(cost), math.nan)
        if not self._is_whole:
            trace = self._forward(now.theta, task.x[np.newaxis])
            cost = self._data_cost(trace, task.t) + self._penalty(now.theta)
        if len(task.t_test):
            trace = self._forward(now.theta, task.x_test[np.newaxis])
            test = self._data_cost(trace, task.t_test)
        return cost, test


def _filled(items: Sequence[_T], more: int) -> list[_T]:
    """Return the items and some more like the last."""
    return [*items, *[items[-1]] * more]
