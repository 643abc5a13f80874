"""Mistakes of the forward pass."""

from __future__ import annotations

from dataclasses import replace

from bp_gui.diagnose.algorithm import Algorithm, Layer
from bp_gui.diagnose.mistake import Check, Line, Mistake, checks
from bp_gui.engine.arrays import Array

_NET_INPUT = Line("z = W a + b", r"z^{l} = W^{l} a^{l-1} + b^{l}", "z = a @ W.T + b")


def _without_bias(algorithm: Algorithm) -> Algorithm:
    inner = algorithm.net_input
    return replace(algorithm, net_input=lambda a, W, b: inner(a, W, 0.0 * b))


def _bias_twice(algorithm: Algorithm) -> Algorithm:
    inner = algorithm.net_input
    return replace(algorithm, net_input=lambda a, W, b: inner(a, W, 2.0 * b))


def _read_transposed(algorithm: Algorithm) -> Algorithm:
    """Read the list of weights column by column: of a square matrix, its transpose."""
    inner = algorithm.net_input
    return replace(algorithm, net_input=lambda a, W, b: inner(a, W.reshape(W.shape[::-1]).T, b))


def _linear_output(algorithm: Algorithm) -> Algorithm:
    inner = algorithm.activate

    def activate(layer: Layer, z: Array) -> Array:
        return z if layer.is_last else inner(layer, z)

    return replace(algorithm, activate=activate)


FORWARD = (
    Mistake(
        name="no_bias_forward",
        label="Bias not added in the forward pass",
        clause="the bias is not added in the forward pass",
        cause="The net input is only the weighted sum.",
        right=_NET_INPUT,
        wrong=Line("z = W a", r"z^{l} = W^{l} a^{l-1}", "z = a @ W.T"),
        change=_without_bias,
        caught_by=checks(
            Check.HAND_FORWARD, Check.ONE_UPDATE, Check.LARGE_BIASES, Check.GRADIENT_CHECK
        ),
    ),
    Mistake(
        name="bias_added_twice",
        label="Bias added twice",
        clause="the bias is added twice",
        cause="The bias is in the weighted sum already, as a weight with input 1, and added again.",
        right=_NET_INPUT,
        wrong=Line("z = W a + 2 b", r"z^{l} = W^{l} a^{l-1} + 2 b^{l}", "z = a @ W.T + b + b"),
        change=_bias_twice,
        caught_by=checks(
            Check.HAND_FORWARD, Check.ONE_UPDATE, Check.LARGE_BIASES, Check.GRADIENT_CHECK
        ),
    ),
    Mistake(
        name="weights_read_transposed",
        label="Weights read in the other order",
        clause="the weights are read as (from, to) in the forward pass",
        cause="The list of weights is filled in column by column instead of row by row.",
        right=_NET_INPUT,
        wrong=Line(
            "z = Wᵀ a + b",
            r"z^{l} = (W^{l})^{\mathsf T} a^{l-1} + b^{l}",
            "z = a @ W + b",
        ),
        change=_read_transposed,
        caught_by=checks(
            Check.HAND_FORWARD, Check.ONE_UPDATE, Check.UNEQUAL_LAYERS, Check.GRADIENT_CHECK
        ),
    ),
    Mistake(
        name="no_output_activation",
        label="No activation in the output layer",
        clause="the output layer has no activation in the forward pass",
        cause="The loop applies the activation to the hidden layers only.",
        right=Line("y = f(z)", r"y = f(z^{L})", "y = f(z)"),
        wrong=Line("y = z", r"y = z^{L}", "y = z"),
        change=_linear_output,
        caught_by=checks(Check.HAND_FORWARD, Check.ONE_UPDATE, Check.GRADIENT_CHECK),
    ),
)
