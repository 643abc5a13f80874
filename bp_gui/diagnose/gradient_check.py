"""The gradient check of an algorithm with mistakes, against its own cost.

Who checks gradients differentiates the cost that their own code computes. So the check finds what
is wrong on the way back and is blind to what is wrong on the way forward: this module shows both.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bp_gui.diagnose.algorithm import Algorithm
from bp_gui.diagnose.outcome import Outcome, pass_forward, run, terms_of
from bp_gui.diagnose.problem import Problem
from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.gradient_check import COMPLEX_STEP, GradientCheck, Method
from bp_gui.engine.propagation import BackwardTrace
from bp_gui.engine.update import policy_gradient

TOLERANCE = 1e-9
_NEGLIGIBLE = 1e-6  # of the largest derivative: below that, rounding has a say


def numerical_gradient(problem: Problem, algorithm: Algorithm) -> Array:
    """Return the derivative of the cost that an algorithm computes, (P,), by complex step.

    ``∂C/∂θ_k = Im C(θ + i h e_k) / h`` with h = 1e-30, over the samples of the update.
    """
    architecture, rows = problem.architecture, problem.rows
    gradient = np.empty(architecture.n_parameters)
    with np.errstate(all="ignore"):
        factor = algorithm.cost_factor(problem)
        for k in range(architecture.n_parameters):
            theta = problem.parameters.theta.astype(np.complex128)
            theta[k] += 1j * COMPLEX_STEP
            W, b = architecture.views(theta)  # type: ignore[arg-type]
            terms = terms_of(problem, pass_forward(problem, algorithm, W, b))[rows]
            penalty = problem.objective.penalty.value(architecture, theta)
            cost = terms.sum() * factor / len(rows) + penalty
            gradient[k] = complex(cost).imag / COMPLEX_STEP
    policy = algorithm.policy(problem.objective.bias_policy)
    passed = BackwardTrace((), *architecture.views(gradient))
    return frozen(policy_gradient(architecture, passed, policy))


def own_gradient(problem: Problem, algorithm: Algorithm) -> Array:
    """Return the derivative of the cost that an algorithm computes, (P,).

    Where its forward pass is right, backpropagation gives what the complex step would give, to
    rounding, in one pass instead of P.
    """
    if not algorithm.is_right_forward:
        return numerical_gradient(problem, algorithm)
    right = Algorithm(policy=algorithm.policy, error_factor=algorithm.cost_factor)
    return run(problem, right).gradient


def own_check(outcome: Outcome) -> GradientCheck:
    """Return the gradient check of an outcome's gradient against its own algorithm's cost."""
    numeric = own_gradient(outcome.problem, outcome.algorithm)
    largest = float(np.max(np.abs(numeric[np.isfinite(numeric)]), initial=0.0))
    return GradientCheck(
        method=Method.COMPLEX_STEP,
        step=COMPLEX_STEP,
        analytic=outcome.gradient,
        numeric=numeric,
        floor=max(_NEGLIGIBLE * largest, float(np.finfo(np.float64).tiny)),
        tolerance=TOLERANCE,
        pieces=(),
    )


def wrong_entries(outcome: Outcome) -> NDArray[np.bool_]:
    """Return where the gradient check goes red: which entries of θ have a wrong gradient, (P,)."""
    red: NDArray[np.bool_] = ~own_check(outcome).agrees
    return red
