"""Mistakes at the output: the cost, its derivative and the first error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bp_gui.diagnose.algorithm import Algorithm, Layer
from bp_gui.diagnose.mistake import Check, Line, Mistake, checks
from bp_gui.diagnose.problem import Problem
from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array

PullBack = Callable[[Layer, Array], Array]
_DELTA = Line(
    "δ_L = ∂C/∂y ⊙ f′(z_L)",
    r"\delta^{L} = \nabla_{y} C \odot f'(z^{L})",
    "delta = (y - t) * f_prime(z)",
)
_ERROR = Line("∂C/∂y = y − t", r"\partial C / \partial y = y - t", "error = y - t")
_ALWAYS = checks(Check.GRADIENT_CHECK, Check.ONE_UPDATE)


def scaled_error(factor: Callable[[Problem], float]) -> Callable[[Algorithm], Algorithm]:
    """Return the change that multiplies the derivative of the cost."""

    def change(algorithm: Algorithm) -> Algorithm:
        inner = algorithm.error_factor
        return replace(algorithm, error_factor=lambda p: inner(p) * factor(p))

    return change


def one_over_outputs(problem: Problem) -> float:
    """Return 1/n for n outputs."""
    return 1.0 / problem.architecture.n_outputs


def twice_without_half(problem: Problem) -> float:
    """Return by how much a cost grows that is written without its ½: 2, or 1 if it has none."""
    return 2.0 if problem.objective.cost.name == "half_squared_error" else 1.0


def _no_output_derivative(algorithm: Algorithm) -> Algorithm:
    def output_delta(problem: Problem, layer: Layer, pull_back: PullBack) -> Array:
        return algorithm.output_error(problem, layer)

    return replace(algorithm, output_delta=output_delta)


def _derivative_kept(algorithm: Algorithm) -> Algorithm:
    """Multiply by f′ where cost and activation have cancelled it already."""
    inner = algorithm.output_delta

    def output_delta(problem: Problem, layer: Layer, pull_back: PullBack) -> Array:
        delta = inner(problem, layer, pull_back)
        if layer.activation not in problem.objective.cost.fused:
            return delta
        return delta * (layer.a * (1.0 - layer.a))

    return replace(algorithm, output_delta=output_delta)


def _softmax_elementwise(algorithm: Algorithm) -> Algorithm:
    """Take softmax for a function of one number: only the diagonal of its Jacobian."""
    inner = algorithm.pull_back

    def pull_back(layer: Layer, v: Array) -> Array:
        if not ACTIVATIONS[layer.activation].output_only:
            return inner(layer, v)
        return v * (layer.a * (1.0 - layer.a))

    return replace(algorithm, pull_back=pull_back)


def _one_term_of_cross_entropy(algorithm: Algorithm) -> Algorithm:
    """Leave out the term of the targets that are 0."""

    def output_delta(problem: Problem, layer: Layer, pull_back: PullBack) -> Array:
        if problem.objective.cost.name != "binary_cross_entropy":
            return algorithm.output_delta(problem, layer, pull_back)
        return pull_back(layer, -problem.t / layer.a)

    return replace(algorithm, output_delta=output_delta)


OUTPUT = (
    Mistake(
        name="no_output_derivative",
        label="No f′ at the output",
        clause="f′ is left out at the output",
        cause="The error y − t is taken for δ; only cross-entropy allows that.",
        right=_DELTA,
        wrong=Line("δ_L = ∂C/∂y", r"\delta^{L} = \nabla_{y} C", "delta = y - t"),
        change=_no_output_derivative,
        caught_by=_ALWAYS,
    ),
    Mistake(
        name="no_half",
        label="Gradient without the ½",
        clause="the gradient is that of Σ (t − y)² without the ½",
        cause="The 2 of the derivative is kept although the ½ of the cost cancels it.",
        right=_ERROR,
        wrong=Line(
            "∂C/∂y = 2 (y − t)", r"\partial C / \partial y = 2\,(y - t)", "error = 2 * (y - t)"
        ),
        change=scaled_error(twice_without_half),
        caught_by=_ALWAYS,
    ),
    Mistake(
        name="mean_of_half_squares",
        label="Gradient divided by the number of outputs",
        clause="the gradient is divided by the number of outputs",
        cause="The cost is averaged over the outputs, by np.mean for instance, instead of summed.",
        right=Line("e = ∂C/∂y", r"e = \partial C / \partial y", "error = cost_prime(y, t)"),
        wrong=Line(
            "e = (1/n) ∂C/∂y",
            r"e = \tfrac{1}{n} \partial C / \partial y",
            "error = cost_prime(y, t) / y.shape[1]",
        ),
        change=scaled_error(one_over_outputs),
        caught_by=_ALWAYS,
    ),
    Mistake(
        name="sign_flipped",
        label="Sign of the error turned round",
        clause="the error has the wrong sign",
        cause="t − y is used where the derivative of the cost is y − t, or a minus of the "
        "cross-entropy is lost; the cost rises.",
        right=_ERROR,
        wrong=Line("∂C/∂y = t − y", r"\partial C / \partial y = t - y", "error = t - y"),
        change=scaled_error(lambda problem: -1.0),
        caught_by=checks(Check.GRADIENT_CHECK, Check.ONE_UPDATE, Check.COST_FALLS),
    ),
    Mistake(
        name="output_derivative_kept",
        label="f′ kept where it cancels",
        clause="the error of squared error, with y (1 − y), is used under cross-entropy",
        cause="δ of squared error is used with cross-entropy, where f′ has cancelled.",
        right=Line("δ_L = y − t", r"\delta^{L} = y - t", "delta = y - t"),
        wrong=Line(
            "δ_L = (y − t) ⊙ y (1 − y)",
            r"\delta^{L} = (y - t) \odot y \odot (1 - y)",
            "delta = (y - t) * y * (1 - y)",
        ),
        change=_derivative_kept,
        caught_by=_ALWAYS,
    ),
    Mistake(
        name="softmax_elementwise",
        label="Softmax differentiated like a sigmoid",
        clause="softmax is differentiated as if each output depended on its own z alone",
        cause="Every output of softmax depends on every z; only the diagonal of that is taken.",
        right=Line(
            "δ_k = y_k (e_k − Σ_j y_j e_j)",
            r"\delta_k = y_k \bigl(e_k - \textstyle\sum_j y_j e_j\bigr)",
            "delta = y * (e - (y * e).sum(axis=1, keepdims=True))",
        ),
        wrong=Line(
            "δ_k = e_k y_k (1 − y_k)",
            r"\delta_k = e_k\, y_k (1 - y_k)",
            "delta = e * y * (1 - y)",
        ),
        change=_softmax_elementwise,
        caught_by=_ALWAYS,
    ),
    Mistake(
        name="one_term_of_cross_entropy",
        label="Only t ln y of the cross-entropy",
        clause="the term of 1 − t is missing from the cross-entropy",
        cause="The cost for one-hot targets is used where every output has a target of its own.",
        right=Line(
            "∂C/∂y = (1 − t)/(1 − y) − t/y",
            r"\partial C / \partial y = \frac{1-t}{1-y} - \frac{t}{y}",
            "error = (1 - t) / (1 - y) - t / y",
        ),
        wrong=Line("∂C/∂y = −t/y", r"\partial C / \partial y = -\frac{t}{y}", "error = -t / y"),
        change=_one_term_of_cross_entropy,
        caught_by=_ALWAYS,
    ),
)
