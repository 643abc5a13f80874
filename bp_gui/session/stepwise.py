"""Updates made one by one with NumPy: the path that is always there, and says what broke."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from bp_gui.engine.arrays import Array
from bp_gui.engine.compiled import is_recorded
from bp_gui.engine.names import COST, Kind, Ref
from bp_gui.engine.network import Parameters
from bp_gui.engine.propagation import BackwardTrace, ForwardTrace, backward, forward
from bp_gui.session.experiment import Experiment, LastUpdate


@dataclass(frozen=True)
class Divergence:
    """Where training left the finite numbers.

    Attributes
    ----------
    quantity
        The first quantity, in the order of computation, that was not finite.
    value
        What it was: an infinity or NaN.
    update
        The update, counted from 1 at the start of training, that would have led there.
    """

    quantity: Ref
    value: float
    update: int


@dataclass(frozen=True, eq=False)
class _Batch:
    """The samples of one update; ``is_whole`` when they are all in their order."""

    x: Array
    t: Array
    is_whole: bool


class StepwiseRun:
    """Updates from an experiment on, one at a time.

    Attributes
    ----------
    made
        How many there have been.
    divergence
        Why there can be no more, if so.
    """

    def __init__(self, begin: Experiment) -> None:
        self._begin = begin
        self._parameters = begin.parameters
        self._state = begin.optimizer_state
        self._last = begin.last_update
        self._recorded: list[tuple[int, float, float]] = []
        self._batch = self._batch_of(begin.updates)
        self._trace = forward(begin.parameters, self._batch.x)
        self.made = 0
        self.divergence: Divergence | None = None

    def update(self) -> None:
        """Make one update, or find out that training diverges.

        A new state is taken over when it is finite and its cost is, over the samples that the next
        update will use.
        """
        begin, parameters, batch = self._begin, self._parameters, self._batch
        count = begin.updates + self.made
        gradient = begin.objective.gradient(parameters, self._trace, batch.t)
        theta, state = begin.stepped(parameters.theta, gradient, self._state)
        candidate = Parameters(begin.architecture, theta)
        new_batch = batch if batch.is_whole else self._batch_of(count + 1)
        new_trace = forward(candidate, new_batch.x)
        new_cost = begin.objective.value(candidate, new_trace, new_batch.t)
        if not (math.isfinite(new_cost) and np.isfinite(theta).all()):
            passed_back = backward(parameters, begin.cost, self._trace, batch.t)
            found = _first_non_finite(passed_back, candidate, new_trace)
            self.divergence = Divergence(*found, count + 1)
            return
        if is_recorded(count, begin.updates_per_epoch):
            self._record(count)
        self._last = LastUpdate(parameters.theta, gradient, theta)
        self._parameters, self._state = candidate, state
        self._batch, self._trace = new_batch, new_trace
        self.made += 1

    def experiment(self) -> Experiment:
        """Return the experiment after the updates that were made."""
        if self.made == 0:
            return self._begin
        counts, costs, tests = np.array(self._recorded, dtype=np.float64).reshape(-1, 3).T
        return replace(
            self._begin,
            parameters=self._parameters,
            optimizer_state=self._state,
            updates=self._begin.updates + self.made,
            last_update=self._last,
            history=self._begin.history.extended(counts, costs, tests),
        )

    def _batch_of(self, update: int) -> _Batch:
        begin = self._begin
        rows = begin.batch(update)
        if rows is None:
            return _Batch(begin.x, begin.t, True)
        return _Batch(begin.x[rows], begin.t[rows], False)

    def _record(self, count: int) -> None:
        begin, parameters = self._begin, self._parameters
        trace = self._trace if self._batch.is_whole else forward(parameters, begin.x)
        cost = begin.objective.value(parameters, trace, begin.t)
        test = replace(begin, parameters=parameters).test_cost()
        self._recorded.append((count, cost, test))


def _first_non_finite(
    passed_back: BackwardTrace, candidate: Parameters, new_trace: ForwardTrace
) -> tuple[Ref, float]:
    """Return the first quantity of an update that is not finite, in the order of computation.

    The order is: δ from the last layer to the first, the new weights and biases, then the net
    inputs and activations that they give, and last the cost.
    """
    layers = range(candidate.architecture.n_layers)
    stages = [(Kind.DELTA, layer, passed_back.delta[layer]) for layer in reversed(layers)]
    stages += [(Kind.WEIGHT, layer, candidate.W[layer]) for layer in layers]
    stages += [(Kind.BIAS, layer, candidate.b[layer]) for layer in layers]
    for layer in layers:
        stages.append((Kind.NET_INPUT, layer, new_trace.z[layer]))
        stages.append((Kind.ACTIVATION, layer, new_trace.a[layer]))
    for kind, layer, array in stages:
        found = np.argwhere(~np.isfinite(array))
        if len(found):
            place = tuple(int(i) for i in found[0])
            value = float(array[place])
            if kind is Kind.WEIGHT:
                return Ref(kind, layer, *place), value
            return Ref(kind, layer, place[-1]), value
    return COST, math.inf
