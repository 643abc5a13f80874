"""Many training updates in one go."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from bp_gui.engine.names import COST, Kind, Ref
from bp_gui.engine.network import Parameters
from bp_gui.engine.propagation import BackwardTrace, ForwardTrace, backward, forward
from bp_gui.session.experiment import Experiment, LastUpdate

DENSE_RECORDS = 2**20


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
class Chunk:
    """The result of `advance`.

    Attributes
    ----------
    experiment
        The last state whose numbers are all finite.
    divergence
        Why the chunk ended early, if it did.
    """

    experiment: Experiment
    divergence: Divergence | None = None


def is_recorded(update: int, updates_per_epoch: int) -> bool:
    """Whether the cost before an update, counted from 0, goes into the history.

    Where an update uses all samples its cost comes for free and each is recorded; mini-batches
    record the cost of all samples once an epoch. From `DENSE_RECORDS` on records are ever farther
    apart, so that a history grows with the logarithm of the updates only.
    """
    epoch, position = divmod(update, updates_per_epoch)
    if position:
        return False
    return epoch < DENSE_RECORDS or epoch % (epoch // (DENSE_RECORDS // 2)) == 0


def advance(
    experiment: Experiment,
    updates: int,
    *,
    seconds: float = math.inf,
    stopped: Callable[[], bool] = lambda: False,
) -> Chunk:
    """Return the experiment after ``updates`` updates, or fewer.

    Every update takes all gradients at the old parameters and changes all parameters at once. A
    state is only taken over when it and its cost over the samples just used are finite, so that
    what is kept can be shown.

    Parameters
    ----------
    experiment
        Where to begin.
    updates
        How many updates at most.
    seconds
        Stop after about this time.
    stopped
        Asked before every update; stop when it says so.
    """
    deadline = time.perf_counter() + seconds
    run = _Run(experiment)
    with np.errstate(all="ignore"):
        while (
            run.made < updates
            and run.divergence is None
            and not stopped()
            and time.perf_counter() < deadline
        ):
            run.update()
    return Chunk(run.experiment(), run.divergence)


class _Run:
    """Updates made one by one with NumPy."""

    def __init__(self, experiment: Experiment) -> None:
        self._begin = experiment
        self._parameters = experiment.parameters
        self._state = experiment.optimizer_state
        self._last = experiment.last_update
        self._recorded: list[tuple[int, float, float]] = []
        self._whole: ForwardTrace | None = None
        self.made = 0
        self.divergence: Divergence | None = None

    def update(self) -> None:
        """Make one update, or find out that training diverges."""
        begin, parameters = self._begin, self._parameters
        count = begin.updates + self.made
        batch = begin.batch(count)
        x, t = (begin.x, begin.t) if batch is None else (begin.x[batch], begin.t[batch])
        trace = forward(parameters, x) if batch is not None else self._whole_trace()
        gradient = begin.objective.gradient(parameters, trace, t)
        theta, state = begin.stepped(parameters.theta, gradient, self._state)
        candidate = Parameters(begin.architecture, theta)
        new_trace = forward(candidate, x)
        new_cost = begin.objective.value(candidate, new_trace, t)
        if not (math.isfinite(new_cost) and np.isfinite(theta).all()):
            passed_back = backward(parameters, begin.cost, trace, t)
            found, value = first_non_finite(parameters, trace, passed_back, candidate, new_trace)
            self.divergence = Divergence(found, value, count + 1)
            return
        if is_recorded(count, begin.updates_per_epoch):
            self._record(count)
        self._last = LastUpdate(parameters.theta, gradient, theta)
        self._parameters, self._state = candidate, state
        self._whole = new_trace if batch is None else None
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

    def _whole_trace(self) -> ForwardTrace:
        if self._whole is None:
            self._whole = forward(self._parameters, self._begin.x)
        return self._whole

    def _record(self, count: int) -> None:
        begin, parameters = self._begin, self._parameters
        cost = begin.objective.value(parameters, self._whole_trace(), begin.t)
        test = replace(begin, parameters=parameters).test_cost()
        self._recorded.append((count, cost, test))


def first_non_finite(
    parameters: Parameters,
    trace: ForwardTrace,
    passed_back: BackwardTrace,
    candidate: Parameters,
    new_trace: ForwardTrace,
) -> tuple[Ref, float]:
    """Return the first quantity of an update that is not finite, in the order of computation.

    The order is: δ from the last layer to the first, the new weights and biases, then the net
    inputs and activations that they give, and last the cost.
    """
    layers = range(parameters.architecture.n_layers)
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
