"""Mistakes of gradients, their mean over samples, and the update."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bp_gui.diagnose.algorithm import Algorithm, Layer, Rows
from bp_gui.diagnose.mistake import Check, Line, Mistake, checks
from bp_gui.diagnose.problem import Problem
from bp_gui.engine.arrays import Array
from bp_gui.engine.optimizers import OPTIMIZERS

_DW = Line(
    "∂C/∂W = δ aᵀ",
    r"\partial C/\partial W^{l} = \delta^{l} (a^{l-1})^{\mathsf T}",
    "dW = delta.T @ a / m",
)
_DB = Line("∂C/∂b = δ", r"\partial C/\partial b^{l} = \delta^{l}", "db = delta.sum(axis=0) / m")
_STEP = Line("w ← w − η g", r"w \leftarrow w - \eta\, g", "w = w - eta * g")
_MEAN = Line(
    "g = (1/m) Σ_i ∂C_i/∂w",
    r"g = \tfrac{1}{m} \sum_i \partial C_i / \partial w",
    "dW = delta.T @ a / m",
)
_PENALTY = Line("g_w = ∂C/∂w + λ₂ w", r"g_w = \partial C/\partial w + \lambda_2 w", "dW += l2 * W")
_CLIP = Line(
    "g ← g min(1, c/‖g‖)",
    r"g \leftarrow g \min(1, c/\lVert g \rVert)",
    "g *= min(1, c / np.linalg.norm(g))",
)
_ADAM = Line(
    "Δw = −η m̂ / (√v̂ + ε)",
    r"\Delta w = -\eta\, \hat m / (\sqrt{\hat v} + \varepsilon)",
    "m_hat = m / (1 - beta1**n)\nv_hat = v / (1 - beta2**n)\n"
    "w -= eta * m_hat / (np.sqrt(v_hat) + eps)",
)
_ALWAYS = checks(Check.GRADIENT_CHECK, Check.ONE_UPDATE)
_UPDATE = checks(Check.ONE_UPDATE)
_LATER = checks(Check.TWO_UPDATES)


def _from_net_inputs(algorithm: Algorithm) -> Algorithm:
    inner = algorithm.weight_gradient

    def weight_gradient(delta: Array, layer: Layer, rows: Rows) -> Array:
        return inner(delta, replace(layer, source=layer.source_z), rows)

    return replace(algorithm, weight_gradient=weight_gradient)


def _outer_transposed(algorithm: Algorithm) -> Algorithm:
    inner = algorithm.weight_gradient

    def weight_gradient(delta: Array, layer: Layer, rows: Rows) -> Array:
        right = inner(delta, layer, rows)
        return right.T.reshape(right.shape)

    return replace(algorithm, weight_gradient=weight_gradient)


def of_samples(
    weights: Callable[[Rows], tuple[Rows, float]], biases: Callable[[Rows], tuple[Rows, float]]
) -> Callable[[Algorithm], Algorithm]:
    """Return the change that takes other samples, and a multiple of their mean."""

    def change(algorithm: Algorithm) -> Algorithm:
        of_w, of_b = algorithm.weight_gradient, algorithm.bias_gradient

        def weight_gradient(delta: Array, layer: Layer, rows: Rows) -> Array:
            used, factor = weights(rows)
            return factor * of_w(delta, layer, used)

        def bias_gradient(delta: Array, layer: Layer, rows: Rows) -> Array:
            used, factor = biases(rows)
            return factor * of_b(delta, layer, used)

        return replace(algorithm, weight_gradient=weight_gradient, bias_gradient=bias_gradient)

    return change


def mean(rows: Rows) -> tuple[Rows, float]:
    """Return all samples, taken once."""
    return rows, 1.0


def total(rows: Rows) -> tuple[Rows, float]:
    """Return all samples, with the factor that makes their mean a sum."""
    return rows, float(len(rows))


def _twice_divided(rows: Rows) -> tuple[Rows, float]:
    return rows, 1.0 / len(rows)


def _last(rows: Rows) -> tuple[Rows, float]:
    return rows[-1:], 1.0


def _bias_as_input(algorithm: Algorithm) -> Algorithm:
    inner = algorithm.bias_gradient

    def bias_gradient(delta: Array, layer: Layer, rows: Rows) -> Array:
        return inner(delta, layer, rows) * layer.b

    return replace(algorithm, bias_gradient=bias_gradient)


def with_eta(eta: Callable[[float], float]) -> Callable[[Algorithm], Algorithm]:
    """Return the change that uses another learning rate."""

    def change(algorithm: Algorithm) -> Algorithm:
        inner = algorithm.eta
        return replace(algorithm, eta=lambda agreed: eta(inner(agreed)))

    return change


def _ascend(algorithm: Algorithm) -> Algorithm:
    inner = algorithm.step
    return replace(algorithm, step=lambda theta, change: inner(theta, -change))


def _stale(algorithm: Algorithm) -> Algorithm:
    def used_gradient(problem: Problem, gradient: Array) -> Array:
        old = problem.previous_gradient
        return gradient if old is None else old

    return replace(algorithm, used_gradient=used_gradient)


def _accumulated(algorithm: Algorithm) -> Algorithm:
    inner = algorithm.used_gradient

    def used_gradient(problem: Problem, gradient: Array) -> Array:
        old = problem.previous_gradient
        return inner(problem, gradient if old is None else old + gradient)

    return replace(algorithm, used_gradient=used_gradient)


def _other_penalty(
    other: Callable[[Problem, Array], Array],
) -> Callable[[Algorithm], Algorithm]:
    def change(algorithm: Algorithm) -> Algorithm:
        inner = algorithm.penalty_gradient

        def penalty_gradient(problem: Problem) -> Array | float:
            found = inner(problem)
            return found if isinstance(found, float) else other(problem, found)

        return replace(algorithm, penalty_gradient=penalty_gradient)

    return change


def _with_biases(problem: Problem, found: Array) -> Array:
    penalty, theta = problem.objective.penalty, problem.parameters.theta
    slope = penalty.l1 * np.sign(theta) + penalty.l2 * theta
    return np.where(problem.architecture.bias_mask, slope, found)


def _clip_each(gradient: Array, shares: Array, largest: float) -> Array:
    return np.clip(gradient, -largest, largest)


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


UPDATE = (
    Mistake(
        name="net_input_for_activation",
        label="z instead of a in the weight gradient",
        clause="weight gradients are made with z of the layer before instead of a",
        cause="The wrong one of two saved arrays is multiplied with δ.",
        right=_DW,
        wrong=Line(
            "∂C/∂W = δ zᵀ",
            r"\partial C/\partial W^{l} = \delta^{l} (z^{l-1})^{\mathsf T}",
            "dW = delta.T @ z / m",
        ),
        change=_from_net_inputs,
        caught_by=_ALWAYS,
    ),
    Mistake(
        name="gradient_transposed",
        label="Weight gradient the wrong way round",
        clause="the gradient of the weights is a δᵀ instead of δ aᵀ",
        cause="The outer product is written in the other order; square matrices hide it.",
        right=_DW,
        wrong=Line(
            "∂C/∂W = a δᵀ",
            r"\partial C/\partial W^{l} = a^{l-1} (\delta^{l})^{\mathsf T}",
            "dW = a.T @ delta / m",
        ),
        change=_outer_transposed,
        caught_by=checks(Check.GRADIENT_CHECK, Check.ONE_UPDATE, Check.UNEQUAL_LAYERS),
    ),
    Mistake(
        name="summed_gradient",
        label="Gradient summed over the samples",
        clause="the gradient is summed over the samples instead of averaged",
        cause="The division by m is forgotten, while the cost is a mean.",
        right=_MEAN,
        wrong=Line("g = Σ_i ∂C_i/∂w", r"g = \sum_i \partial C_i/\partial w", "dW = delta.T @ a"),
        change=of_samples(total, total),
        caught_by=checks(Check.GRADIENT_CHECK, Check.ONE_UPDATE, Check.REPEATED_SAMPLE),
    ),
    Mistake(
        name="divided_twice",
        label="Divided by the number of samples twice",
        clause="the gradient is divided by the number of samples twice",
        cause="δ is divided by m already, and the gradient again.",
        right=_MEAN,
        wrong=Line(
            "g = (1/m²) Σ_i ∂C_i/∂w",
            r"g = \tfrac{1}{m^2} \sum_i \partial C_i/\partial w",
            "dW = (delta / m).T @ a / m",
        ),
        change=of_samples(_twice_divided, _twice_divided),
        caught_by=checks(Check.GRADIENT_CHECK, Check.ONE_UPDATE, Check.REPEATED_SAMPLE),
    ),
    Mistake(
        name="summed_bias_gradient",
        label="Bias gradient summed, weight gradient averaged",
        clause="the gradient of the biases is summed over the samples instead of averaged",
        cause="The division by m stands in the line of W only.",
        right=_DB,
        wrong=Line(
            "∂C/∂b = Σ_i δ_i", r"\partial C/\partial b = \sum_i \delta_i", "db = delta.sum(axis=0)"
        ),
        change=of_samples(mean, total),
        caught_by=checks(Check.GRADIENT_CHECK, Check.ONE_UPDATE, Check.REPEATED_SAMPLE),
    ),
    Mistake(
        name="last_sample_only",
        label="Only the last sample counts",
        clause="only the last sample of the batch counts",
        cause="The loop over the samples overwrites the gradient instead of adding to it.",
        right=_MEAN,
        wrong=Line("g = ∂C_m/∂w", r"g = \partial C_m/\partial w", "dW = np.outer(delta_i, a_i)"),
        change=of_samples(_last, _last),
        caught_by=_ALWAYS,
    ),
    Mistake(
        name="bias_as_its_own_input",
        label="Bias gradient multiplied by the bias",
        clause="the gradient of a bias is multiplied by the bias",
        cause="The bias is taken for an activation; what it is multiplied with is 1.",
        right=_DB,
        wrong=Line("∂C/∂b = δ b", r"\partial C/\partial b = \delta\, b", "db = delta * b"),
        change=_bias_as_input,
        caught_by=checks(Check.GRADIENT_CHECK, Check.ONE_UPDATE, Check.LARGE_BIASES),
    ),
    Mistake(
        name="eta_twice",
        label="Learning rate applied twice",
        clause="the learning rate is applied twice",
        cause="η is in the gradient already and multiplied in again by the update.",
        right=_STEP,
        wrong=Line("w ← w − η² g", r"w \leftarrow w - \eta^{2} g", "g = eta * g\nw = w - eta * g"),
        change=with_eta(lambda eta: eta * eta),
        caught_by=_UPDATE,
    ),
    Mistake(
        name="eta_forgotten",
        label="Learning rate forgotten",
        clause="the learning rate is left out",
        cause="The whole gradient is subtracted.",
        right=_STEP,
        wrong=Line("w ← w − g", r"w \leftarrow w - g", "w = w - g"),
        change=with_eta(lambda eta: 1.0),
        caught_by=_UPDATE,
    ),
    Mistake(
        name="gradient_added",
        label="Gradient added",
        clause="the gradient is added instead of subtracted",
        cause="The update climbs; the gradient itself is right.",
        right=_STEP,
        wrong=Line("w ← w + η g", r"w \leftarrow w + \eta\, g", "w = w + eta * g"),
        change=_ascend,
        caught_by=checks(Check.ONE_UPDATE, Check.COST_FALLS),
    ),
    Mistake(
        name="stale_gradient",
        label="Gradient of the update before",
        clause="the gradient of the update before is used",
        cause="The update stands before the backward pass in the loop.",
        right=_STEP,
        wrong=Line("w ← w − η g_{n−1}", r"w \leftarrow w - \eta\, g_{n-1}", "w = w - eta * old_g"),
        change=_stale,
        caught_by=_LATER,
    ),
    Mistake(
        name="accumulated_gradient",
        label="Gradients not cleared",
        clause="the gradient of the update before is still in the sum",
        cause="Gradients are added up and nobody sets them to zero between two updates.",
        right=_STEP,
        wrong=Line(
            "w ← w − η (g_{n−1} + g_n)",
            r"w \leftarrow w - \eta\,(g_{n-1} + g_{n})",
            "g += backward()\nw = w - eta * g  # and g is not cleared",
        ),
        change=_accumulated,
        caught_by=_LATER,
    ),
    Mistake(
        name="penalty_forgotten",
        label="Penalty missing from the gradient",
        clause="the penalty is missing from the gradient",
        cause="The penalty is in the cost and not in the update.",
        right=_PENALTY,
        wrong=Line("g_w = ∂C/∂w", r"g_w = \partial C/\partial w", "# dW as it is"),
        change=_other_penalty(lambda problem, found: 0.0 * found),
        caught_by=_ALWAYS,
    ),
    Mistake(
        name="penalty_doubled",
        label="Penalty without its ½",
        clause="the gradient of the penalty is twice as large",
        cause="The derivative of λ w² is taken where the penalty is ½ λ w².",
        right=_PENALTY,
        wrong=Line(
            "g_w = ∂C/∂w + 2 λ₂ w",
            r"g_w = \partial C/\partial w + 2 \lambda_2 w",
            "dW += 2 * l2 * W",
        ),
        change=_other_penalty(lambda problem, found: 2.0 * found),
        caught_by=_ALWAYS,
    ),
    Mistake(
        name="penalised_biases",
        label="Biases regularised too",
        clause="the biases are regularised too",
        cause="The penalty is applied to every parameter; it belongs to the weights alone.",
        right=Line("g_b = ∂C/∂b", r"g_b = \partial C/\partial b", "# db as it is"),
        wrong=Line(
            "g_b = ∂C/∂b + λ₂ b",
            r"g_b = \partial C/\partial b + \lambda_2 b",
            "db += l2 * b",
        ),
        change=_other_penalty(_with_biases),
        caught_by=checks(Check.GRADIENT_CHECK, Check.ONE_UPDATE, Check.LARGE_BIASES),
    ),
    Mistake(
        name="clip_forgotten",
        label="Gradient not clipped",
        clause="the gradient is not clipped",
        cause="The norm is not looked at before the update.",
        right=Line(
            "g ← g min(1, c/‖g‖)",
            r"g \leftarrow g \min(1, c/\lVert g \rVert)",
            "g *= min(1, c / np.linalg.norm(g))",
        ),
        wrong=Line("g as it is", r"g", "# g as it is"),
        change=lambda algorithm: replace(algorithm, clip=lambda g, shares, largest: g),
        caught_by=_UPDATE,
    ),
    Mistake(
        name="clipped_one_by_one",
        label="Each number of the gradient clipped by itself",
        clause="every number of the gradient is clipped by itself",
        cause="np.clip changes the direction; clipping by norm keeps it.",
        right=Line(
            "g ← g min(1, c/‖g‖)",
            r"g \leftarrow g \min(1, c/\lVert g \rVert)",
            "g *= min(1, c / np.linalg.norm(g))",
        ),
        wrong=Line(
            "g_i ← max(−c, min(c, g_i))",
            r"g_i \leftarrow \max(-c, \min(c, g_i))",
            "g = np.clip(g, -c, c)",
        ),
        change=lambda algorithm: replace(algorithm, clip=_clip_each),
        caught_by=_UPDATE,
    ),
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
