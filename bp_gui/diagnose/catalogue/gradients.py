"""Mistakes of the gradients and of their mean over the samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bp_gui.diagnose.algorithm import Algorithm, Layer, Rows
from bp_gui.diagnose.mistake import Check, Line, Mistake, checks
from bp_gui.engine.arrays import Array

_DW = Line(
    "∂C/∂W = δ aᵀ",
    r"\partial C/\partial W^{l} = \delta^{l} (a^{l-1})^{\mathsf T}",
    "dW = delta.T @ a / m",
)
_DB = Line("∂C/∂b = δ", r"\partial C/\partial b^{l} = \delta^{l}", "db = delta.sum(axis=0) / m")
_MEAN = Line(
    "g = (1/m) Σ_i ∂C_i/∂w",
    r"g = \tfrac{1}{m} \sum_i \partial C_i / \partial w",
    "dW = delta.T @ a / m",
)
_ALWAYS = checks(Check.GRADIENT_CHECK, Check.ONE_UPDATE)


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


GRADIENTS = (
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
)
