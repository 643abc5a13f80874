"""Many training updates in one go."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from bp_gui.engine.arrays import Array
from bp_gui.engine.names import COST, Kind, Ref
from bp_gui.engine.network import Parameters
from bp_gui.engine.propagation import BackwardTrace, ForwardTrace, backward, batch_cost, forward
from bp_gui.engine.update import policy_gradient
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


def advance(
    experiment: Experiment,
    updates: int,
    *,
    seconds: float = math.inf,
    stopped: Callable[[], bool] = lambda: False,
) -> Chunk:
    """Return the experiment after ``updates`` full-batch updates, or fewer.

    Every update takes all gradients at the old parameters and changes all parameters at once. A
    state is only ever taken over when it and its cost are finite, so that what is kept can always
    be shown.

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
    parameters, state = experiment.parameters, experiment.optimizer_state
    with np.errstate(all="ignore"):
        trace = forward(parameters, experiment.x)
        cost = batch_cost(experiment.cost, experiment.t, trace.output)
        costs: list[float] = []
        last = experiment.last_update
        divergence = None
        while len(costs) < updates and not stopped() and time.perf_counter() < deadline:
            passed_back = backward(parameters, experiment.cost, trace, experiment.t)
            gradient = policy_gradient(experiment.architecture, passed_back, experiment.bias_policy)
            theta, new_state = experiment.stepped(parameters.theta, gradient, state)
            candidate = Parameters(experiment.architecture, theta)
            new_trace = forward(candidate, experiment.x)
            new_cost = batch_cost(experiment.cost, experiment.t, new_trace.output)
            if not (math.isfinite(new_cost) and np.isfinite(theta).all()):
                quantity, value = first_non_finite(
                    parameters, trace, passed_back, candidate, new_trace
                )
                count = experiment.updates + len(costs) + 1
                divergence = Divergence(quantity, value, count)
                break
            last = LastUpdate(parameters.theta, gradient, theta)
            costs.append(cost)
            parameters, state, trace, cost = candidate, new_state, new_trace, new_cost
    return Chunk(_advanced(experiment, parameters, state, last, costs), divergence)


def _advanced(
    experiment: Experiment,
    parameters: Parameters,
    state: Array,
    last: LastUpdate | None,
    costs: list[float],
) -> Experiment:
    """Return the experiment moved on by as many updates as there are costs left behind."""
    if not costs:
        return experiment
    counts = np.arange(experiment.updates, experiment.updates + len(costs))
    return replace(
        experiment,
        parameters=parameters,
        optimizer_state=state,
        updates=experiment.updates + len(costs),
        last_update=last,
        history=experiment.history.extended(counts, costs),
    )


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
