"""Mistakes and other conventions of the optimizers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bp_gui.diagnose.algorithm import Algorithm
from bp_gui.diagnose.mistake import Check, Line, Mistake, checks
from bp_gui.diagnose.problem import Problem
from bp_gui.engine.arrays import Array
from bp_gui.engine.optimizers import OPTIMIZERS

_ADAM = Line(
    "Δw = −η m̂ / (√v̂ + ε)",
    r"\Delta w = -\eta\, \hat m / (\sqrt{\hat v} + \varepsilon)",
    "m_hat = m / (1 - beta1**n)\nv_hat = v / (1 - beta2**n)\n"
    "w -= eta * m_hat / (np.sqrt(v_hat) + eps)",
)
_UPDATE = checks(Check.ONE_UPDATE)


def _own_rule(
    names: tuple[str, ...], rule: Callable[[Problem, Array, float], Array]
) -> Callable[[Algorithm], Algorithm]:
    """Return the change that computes Δθ of some optimizers otherwise."""

    def change(algorithm: Algorithm) -> Algorithm:
        inner = algorithm.rule

        def chosen(problem: Problem, g: Array, eta: float) -> Array:
            known = problem.optimizer.name in names
            return rule(problem, g, eta) if known else inner(problem, g, eta)

        return replace(algorithm, rule=chosen)

    return change


def _moments(problem: Problem, g: Array) -> tuple[Array, Array, float, int]:
    beta1, beta2, epsilon = problem.settings
    state = problem.optimizer_state
    m = beta1 * state.slots[0] + (1.0 - beta1) * g
    v = beta2 * state.slots[1] + (1.0 - beta2) * g * g
    return m, v, epsilon, state.updates + 1


def _uncorrected(problem: Problem, g: Array, eta: float) -> Array:
    m, v, epsilon, _ = _moments(problem, g)
    return np.asarray(-eta * m / (np.sqrt(v) + epsilon))


def _epsilon_inside(problem: Problem, g: Array, eta: float) -> Array:
    if problem.optimizer.name == "adam":
        m, v, epsilon, n = _moments(problem, g)
        beta1, beta2, _ = problem.settings
        return np.asarray(-eta * m / (1.0 - beta1**n) / np.sqrt(v / (1.0 - beta2**n) + epsilon))
    s = problem.optimizer_state.slots[0]
    epsilon = problem.settings[-1]
    rho = problem.settings[0] if problem.optimizer.name == "rmsprop" else None
    s = s + g * g if rho is None else rho * s + (1.0 - rho) * g * g
    return np.asarray(-eta * g / np.sqrt(s + epsilon))


def _plain(problem: Problem, g: Array, eta: float) -> Array:
    return -eta * g


def _damped(problem: Problem, g: Array, eta: float) -> Array:
    (mu,) = problem.settings
    return np.asarray(mu * problem.optimizer_state.slots[0] - (1.0 - mu) * eta * g)


def _not_ahead(problem: Problem, g: Array, eta: float) -> Array:
    momentum = OPTIMIZERS["momentum"]
    return momentum.change(g, eta, problem.settings, problem.optimizer_state)[0]


OPTIMIZER = (
    Mistake(
        name="adam_uncorrected",
        label="Adam without bias correction",
        clause="Adam's moments are not corrected for their start at zero",
        cause="m and v are used as they are; in the first updates they are far too small.",
        right=_ADAM,
        wrong=Line(
            "Δw = −η m / (√v + ε)",
            r"\Delta w = -\eta\, m / (\sqrt{v} + \varepsilon)",
            "w -= eta * m / (np.sqrt(v) + eps)",
        ),
        change=_own_rule(("adam",), _uncorrected),
        caught_by=_UPDATE,
    ),
    Mistake(
        name="epsilon_inside_root",
        label="ε inside the square root",
        clause="ε stands inside the square root",
        cause="Some write √(s + ε), others √s + ε; the numbers differ where gradients are small.",
        right=Line(
            "Δw = −η g / (√s + ε)",
            r"\Delta w = -\eta\, g / (\sqrt{s} + \varepsilon)",
            "w -= eta * g / (np.sqrt(s) + eps)",
        ),
        wrong=Line(
            "Δw = −η g / √(s + ε)",
            r"\Delta w = -\eta\, g / \sqrt{s + \varepsilon}",
            "w -= eta * g / np.sqrt(s + eps)",
        ),
        change=_own_rule(("adam", "rmsprop", "adagrad"), _epsilon_inside),
        caught_by=_UPDATE,
        is_convention=True,
    ),
    Mistake(
        name="plain_descent",
        label="Plain gradient descent",
        clause="plain gradient descent is used instead of the optimizer",
        cause="The optimizer's state is never used.",
        right=Line("Δw by the optimizer", r"\Delta w\ \text{by the optimizer}", "# optimizer"),
        wrong=Line("Δw = −η g", r"\Delta w = -\eta\, g", "w = w - eta * g"),
        change=_own_rule(tuple(n for n in OPTIMIZERS if n != "gradient_descent"), _plain),
        caught_by=_UPDATE,
    ),
    Mistake(
        name="damped_momentum",
        label="Momentum as a running mean",
        clause="the gradient enters the momentum with 1 − μ",
        cause="Some define v as a running mean of gradients; then steps are smaller by 1 − μ.",
        right=Line("v ← μ v − η g", r"v \leftarrow \mu v - \eta\, g", "v = mu * v - eta * g"),
        wrong=Line(
            "v ← μ v − (1 − μ) η g",
            r"v \leftarrow \mu v - (1 - \mu)\, \eta\, g",
            "v = mu * v - (1 - mu) * eta * g",
        ),
        change=_own_rule(("momentum",), _damped),
        caught_by=_UPDATE,
        is_convention=True,
    ),
    Mistake(
        name="nesterov_not_ahead",
        label="Nesterov without looking ahead",
        clause="Nesterov momentum does not look ahead",
        cause="Plain momentum: the step is v, not μ v − η g.",
        right=Line("Δw = μ v − η g", r"\Delta w = \mu v - \eta\, g", "w += mu * v - eta * g"),
        wrong=Line("Δw = v", r"\Delta w = v", "w += v"),
        change=_own_rule(("nesterov",), _not_ahead),
        caught_by=_UPDATE,
    ),
)
