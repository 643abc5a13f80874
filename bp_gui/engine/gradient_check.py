"""Gradients by other means, to hold backpropagation against.

A change of one weight or bias of layer l changes one net input of that layer, so layers below are
shared, and all parameters of a layer go through the layers above it in one batched pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.batched import BLOCK, onward
from bp_gui.engine.costs import Cost
from bp_gui.engine.network import Architecture, Parameters
from bp_gui.engine.objective import NO_PENALTY, Objective, Penalty
from bp_gui.engine.propagation import ForwardTrace, forward
from bp_gui.engine.update import under_policy

COMPLEX_STEP = 1e-30
CENTRAL_STEP = 1e-5


class Method(Enum):
    """How the gradient that backpropagation is held against is found."""

    COMPLEX_STEP = "complex step"
    CENTRAL_DIFFERENCES = "central differences"


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """Backpropagation's gradient beside one found from costs alone.

    Attributes
    ----------
    method, step
        How the other one was found, and with which h.
    analytic, numeric
        Both gradients, (P,).
    floor
        Size below which a derivative is lost in the rounding of the method.
    tolerance
        Largest relative error that rounding and the method's own error explain.
    pieces
        Labels of the functions that are made of pieces, because of which there is no complex step.
    """

    method: Method
    step: float
    analytic: Array
    numeric: Array
    floor: float
    tolerance: float
    pieces: tuple[str, ...]

    @cached_property
    def error(self) -> Array:
        """``|g − n| / max(|g|, |n|, floor)`` of every parameter, (P,)."""
        return relative_error(self.analytic, self.numeric, self.floor)

    @property
    def worst(self) -> int:
        """Position in θ of the largest error; of the first that is no number, if there is one."""
        return int(np.argmax(np.where(np.isnan(self.error), np.inf, self.error)))

    @cached_property
    def agrees(self) -> NDArray[np.bool_]:
        """Whether each parameter's error is within the tolerance, (P,)."""
        return np.asarray(self.error <= self.tolerance)


def check_gradient(
    objective: Objective, parameters: Parameters, x: Array, t: Array
) -> GradientCheck:
    """Hold backpropagation against the complex step, or against central differences.

    Where a function is made of pieces that meet at a kink it has no complex derivative there, so
    central differences with h = 1e-5 are taken; closer than h to a kink these see both pieces and
    may differ from either.
    """
    analytic = objective.gradient(parameters, forward(parameters, x), t)
    pieces = made_of_pieces(objective, parameters)
    largest = float(np.abs(analytic).max())
    if pieces:
        numeric = central_differences(parameters, objective.cost, x, t, objective.penalty)
        tolerance = 1e-5
        floor = _rounding(objective, parameters, x, t, CENTRAL_STEP) / tolerance
    else:
        numeric = complex_step(parameters, objective.cost, x, t, objective.penalty)
        tolerance, floor = 1e-9, 1e-6 * largest
    return GradientCheck(
        method=Method.CENTRAL_DIFFERENCES if pieces else Method.COMPLEX_STEP,
        step=CENTRAL_STEP if pieces else COMPLEX_STEP,
        analytic=analytic,
        numeric=frozen(under_policy(parameters.architecture, numeric, objective.bias_policy)),
        floor=max(floor, float(np.finfo(np.float64).tiny)),
        tolerance=tolerance,
        pieces=pieces,
    )


def made_of_pieces(objective: Objective, parameters: Parameters) -> tuple[str, ...]:
    """Return the labels of the functions in use that are not analytic everywhere."""
    used = dict.fromkeys(parameters.architecture.activations)
    labels = [ACTIVATIONS[name].label for name in used if not ACTIVATIONS[name].analytic]
    if not objective.cost.analytic:
        labels.append(objective.cost.label)
    if objective.penalty.l1 > 0:
        labels.append("L1 penalty")
    return tuple(labels)


def relative_error(analytic: Array, numeric: Array, floor: float) -> Array:
    """Return ``|g − n| / max(|g|, |n|, floor)``, shaped as the gradients; 0 where both are 0."""
    with np.errstate(all="ignore"):
        size = np.maximum(np.maximum(np.abs(analytic), np.abs(numeric)), floor)
        return frozen(np.where(analytic == numeric, 0.0, np.abs(analytic - numeric) / size))


def error_curve(
    objective: Objective, parameters: Parameters, x: Array, t: Array, steps: Array, position: int
) -> Array:
    """Return the relative error of one parameter's central differences for each step, (steps,).

    Only what its gradient is made of is moved: the parameter, or for a bias all those of its
    layer, because they may share theirs. The error falls as h² while the truncated terms of the
    series dominate, and rises as 1/h where the rounding of the two costs does.

    Source: Press et al., Numerical Recipes (2007), section 5.7.
    """
    analytic = objective.gradient(parameters, forward(parameters, x), t)[position]
    moved = _shared_with(parameters.architecture, position)
    rows = _central(parameters, objective.cost, x, t, objective.penalty, steps, moved)
    numeric = np.array(
        [under_policy(parameters.architecture, r, objective.bias_policy)[position] for r in rows]
    )
    return relative_error(analytic, numeric, float(np.finfo(np.float64).tiny))


def _shared_with(architecture: Architecture, position: int) -> NDArray[np.bool_]:
    """Return which parameters the gradient of one can be made of, (P,)."""
    starts = [start for start, _ in architecture.offsets]
    layer = np.searchsorted(starts, np.arange(architecture.n_parameters), side="right")
    if architecture.bias_mask[position]:
        return np.asarray(architecture.bias_mask & (layer == layer[position]))
    return np.asarray(np.arange(architecture.n_parameters) == position)


def complex_step(
    parameters: Parameters, cost: Cost, x: Array, t: Array, penalty: Penalty = NO_PENALTY
) -> Array:
    """Return ∂C/∂θ as ``Im C(θ + i h) / h`` with h = 1e-30.

    There is no difference of near numbers in it, so it is exact to rounding; it needs every
    activation and the cost to be analytic.

    Source: Squire, Trapp, Using complex variables to estimate derivatives of real functions,
    SIAM Review 40 (1998), eq. 6.
    """
    costs = _costs_near(parameters, cost, x, t, penalty, np.array([1j * COMPLEX_STEP]))
    return frozen(costs[0].imag / COMPLEX_STEP)


def central_differences(
    parameters: Parameters,
    cost: Cost,
    x: Array,
    t: Array,
    penalty: Penalty = NO_PENALTY,
    step: float = CENTRAL_STEP,
) -> Array:
    """Return ∂C/∂θ as ``(C(θ + h) − C(θ − h)) / 2h``, good to about h²."""
    return frozen(_central(parameters, cost, x, t, penalty, np.array([step]))[0])


def _central(
    parameters: Parameters,
    cost: Cost,
    x: Array,
    t: Array,
    penalty: Penalty,
    steps: Array,
    moved: NDArray[np.bool_] | None = None,
) -> Array:
    """Return central differences for each step, (steps, P); 0 where nothing was moved."""
    both = np.concatenate((steps, -steps))
    above, below = np.split(_costs_near(parameters, cost, x, t, penalty, both, moved), 2)
    return np.asarray((above - below) / (2.0 * steps[:, np.newaxis]))


def _rounding(
    objective: Objective, parameters: Parameters, x: Array, t: Array, step: float
) -> float:
    """Return about how much rounding of the costs alone makes of a central difference."""
    cost = objective.value(parameters, forward(parameters, x), t)
    return float(np.finfo(np.float64).eps) * max(abs(cost), 1.0) / step


def _costs_near(
    parameters: Parameters,
    cost: Cost,
    x: Array,
    t: Array,
    penalty: Penalty,
    steps: NDArray[Any],
    moved: NDArray[np.bool_] | None = None,
) -> NDArray[Any]:
    """Return the batch cost with each parameter changed by each step, (steps, P).

    Where ``moved`` is given and false, the cost is not found and only the penalty stands there.
    """
    architecture = parameters.architecture
    if moved is None:
        moved = np.ones(architecture.n_parameters, dtype=np.bool_)
    costs = np.zeros((len(steps), architecture.n_parameters), dtype=steps.dtype)
    with np.errstate(all="ignore"):
        trace = forward(parameters, x)
        for layer, (start, _) in enumerate(architecture.offsets):
            for part, to, inputs in _blocks(parameters, trace, layer, len(steps), moved[start:]):
                z = np.empty((len(steps), len(to), *trace.z[layer].shape), dtype=steps.dtype)
                z[...] = trace.z[layer]
                moves = steps[:, np.newaxis, np.newaxis] * inputs.T
                z[:, np.arange(len(to)), :, to] += moves.swapaxes(0, 1)
                last_z, last_a = onward(parameters, layer, z)
                terms = cost.terms_through(architecture.activations[-1], t, last_z, last_a)
                costs[:, start + part] = terms.sum(axis=(-2, -1)) / len(t)
        if penalty:
            costs += _penalty_changes(parameters, penalty, steps)
    return costs


def _blocks(
    parameters: Parameters,
    trace: ForwardTrace,
    layer: int,
    n_steps: int,
    moved: NDArray[np.bool_],
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp], Array]]:
    """Yield a layer's parameters by blocks: position in the layer, neuron, and what feeds it.

    What feeds a weight is the activation that it weighs, (m, block), and 1 for a bias.
    """
    n_from, n_to = parameters.architecture.sizes[layer : layer + 2]
    source = trace.source_of(layer)
    with_bias = np.concatenate((source, np.ones((len(source), 1))), axis=1)
    weight = np.arange(n_to * n_from)
    to = np.concatenate((weight // n_from, np.arange(n_to)))
    feeding = np.concatenate((weight % n_from, np.full(n_to, n_from)))
    widest = max(parameters.architecture.sizes[layer + 1 :])
    size = max(BLOCK // (n_steps * len(source) * widest), 1)
    wanted = np.flatnonzero(moved[: len(to)])
    for first in range(0, len(wanted), size):
        part = wanted[first : first + size]
        yield part, to[part], with_bias[:, feeding[part]]


def _penalty_changes(parameters: Parameters, penalty: Penalty, steps: NDArray[Any]) -> NDArray[Any]:
    """Return by how much the penalty changes with each parameter by each step, (steps, P)."""
    theta = parameters.theta
    changes = penalty.terms(theta + steps[:, np.newaxis]) - penalty.terms(theta)
    return np.where(parameters.architecture.bias_mask, 0.0, changes)
