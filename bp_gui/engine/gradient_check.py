"""Gradients by other means, to hold backpropagation against."""

from __future__ import annotations

import numpy as np

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.costs import Cost
from bp_gui.engine.network import Architecture, Parameters
from bp_gui.engine.objective import NO_PENALTY, Penalty

COMPLEX_STEP = 1e-30
CENTRAL_STEP = 1e-5


def complex_step(
    parameters: Parameters, cost: Cost, x: Array, t: Array, penalty: Penalty = NO_PENALTY
) -> Array:
    """Return ∂C/∂θ as ``Im C(θ + i h) / h`` with h = 1e-30.

    There is no difference of near numbers in it, so it is exact to rounding; it needs every
    activation and the cost to be analytic.

    Source: Squire, Trapp, Using complex variables to estimate derivatives of real functions,
    SIAM Review 40 (1998), eq. 6.
    """
    architecture = parameters.architecture
    gradient = np.empty(architecture.n_parameters)
    for k in range(architecture.n_parameters):
        theta = parameters.theta.astype(np.complex128)
        theta[k] += 1j * COMPLEX_STEP
        gradient[k] = _cost_at(architecture, theta, cost, x, t, penalty).imag / COMPLEX_STEP
    return frozen(gradient)


def central_differences(
    parameters: Parameters,
    cost: Cost,
    x: Array,
    t: Array,
    penalty: Penalty = NO_PENALTY,
    step: float = CENTRAL_STEP,
) -> Array:
    """Return ∂C/∂θ as ``(C(θ + h) − C(θ − h)) / 2h``, good to about h²."""
    architecture = parameters.architecture
    gradient = np.empty(architecture.n_parameters)
    for k in range(architecture.n_parameters):
        above, below = parameters.theta.copy(), parameters.theta.copy()
        above[k] += step
        below[k] -= step
        difference = _cost_at(architecture, above, cost, x, t, penalty) - _cost_at(
            architecture, below, cost, x, t, penalty
        )
        gradient[k] = difference.real / (above[k] - below[k])
    return frozen(gradient)


def _cost_at(
    architecture: Architecture,
    theta: np.ndarray[tuple[int], np.dtype[np.float64 | np.complex128]],
    cost: Cost,
    x: Array,
    t: Array,
    penalty: Penalty,
) -> complex:
    """Return the batch cost with the penalty at a θ that may be complex."""
    W, b = architecture.views(theta)  # type: ignore[arg-type]
    z = a = x
    for weights, biases, name in zip(W, b, architecture.activations, strict=True):
        z = a @ weights.T + biases
        a = ACTIVATIONS[name].value(z)
    terms = cost.terms_through(architecture.activations[-1], t, z, a)
    return complex(terms.sum() / len(t) + penalty.value(architecture, theta))
