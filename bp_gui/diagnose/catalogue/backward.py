"""Mistakes on the way back: how errors travel from layer to layer, and derivatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bp_gui.diagnose.algorithm import Algorithm, Layer
from bp_gui.diagnose.mistake import Check, Line, Mistake, checks
from bp_gui.engine.arrays import Array

_HIDDEN = Line(
    "δ_l = W_{l+1}ᵀ δ_{l+1} ⊙ f′(z_l)",
    r"\delta^{l} = (W^{l+1})^{\mathsf T} \delta^{l+1} \odot f'(z^{l})",
    "delta_h = (delta_o @ W2) * f_prime(z1)",
)
_ALWAYS = checks(Check.GRADIENT_CHECK, Check.ONE_UPDATE)


def _updated_weights(algorithm: Algorithm) -> Algorithm:
    inner = algorithm.weights_back

    def weights_back(W: Array, updated: Callable[[], Array]) -> Array:
        new = updated()
        return inner(new, lambda: new)

    return replace(algorithm, weights_back=weights_back)


def _not_transposed(algorithm: Algorithm) -> Algorithm:
    """Multiply by W itself; where its shape does not fit, by its numbers in written order."""
    inner = algorithm.weights_back

    def weights_back(W: Array, updated: Callable[[], Array]) -> Array:
        used = inner(W, updated)
        return used.reshape(used.shape[::-1]).T

    return replace(algorithm, weights_back=weights_back)


def _raw_error(algorithm: Algorithm) -> Algorithm:
    inner = algorithm.passed_back

    def passed_back(delta: Array, error: Array | None) -> Array:
        return inner(delta if error is None else error, error)

    return replace(algorithm, passed_back=passed_back)


def _one_path(algorithm: Algorithm) -> Algorithm:
    inner = algorithm.upstream
    return replace(algorithm, upstream=lambda signal, W: inner(signal[:, :1], W[:1]))


def _in_proportion(algorithm: Algorithm) -> Algorithm:
    """Divide the error among the weights in proportion, as some introductions do."""
    inner = algorithm.weights_back

    def weights_back(W: Array, updated: Callable[[], Array]) -> Array:
        used = inner(W, updated)
        return np.asarray(used / used.sum(axis=1, keepdims=True))

    return replace(algorithm, weights_back=weights_back)


def _no_hidden_derivative(algorithm: Algorithm) -> Algorithm:
    inner = algorithm.pull_back

    def pull_back(layer: Layer, v: Array) -> Array:
        return inner(layer, v) if layer.is_last else v

    return replace(algorithm, pull_back=pull_back)


def _bias_omitted(algorithm: Algorithm) -> Algorithm:
    inner = algorithm.pull_back

    def pull_back(layer: Layer, v: Array) -> Array:
        if layer.is_last:
            return inner(layer, v)
        return inner(layer.at(layer.z - layer.b), v)

    return replace(algorithm, pull_back=pull_back)


def _at_activation(algorithm: Algorithm) -> Algorithm:
    inner = algorithm.pull_back
    return replace(algorithm, pull_back=lambda layer, v: inner(layer.at(layer.a), v))


def _one_at_zero(algorithm: Algorithm) -> Algorithm:
    inner = algorithm.pull_back

    def pull_back(layer: Layer, v: Array) -> Array:
        right = inner(layer, v)
        bent = layer.activation in ("relu", "leaky_relu")
        return np.where(layer.z == 0, v, right) if bent else right

    return replace(algorithm, pull_back=pull_back)


def _sigmoid_derivative(algorithm: Algorithm) -> Algorithm:
    inner = algorithm.pull_back

    def pull_back(layer: Layer, v: Array) -> Array:
        if layer.activation in ("sigmoid", "softmax"):
            return inner(layer, v)
        return v * (layer.a * (1.0 - layer.a))

    return replace(algorithm, pull_back=pull_back)


def _square_forgotten(algorithm: Algorithm) -> Algorithm:
    inner = algorithm.pull_back

    def pull_back(layer: Layer, v: Array) -> Array:
        return v * (1.0 - layer.a) if layer.activation == "tanh" else inner(layer, v)

    return replace(algorithm, pull_back=pull_back)


BACKWARD = (
    Mistake(
        name="output_weights_first",
        label="Later weights updated first",
        clause="{W} is updated before the errors go back through it",
        cause="Each layer is updated as soon as its gradient is known, so the error of the layer "
        "before goes through weights that are new already. It often learns all the same.",
        right=_HIDDEN,
        wrong=Line(
            "δ_l = W_{l+1}(new)ᵀ δ_{l+1} ⊙ f′(z_l)",
            r"\delta^{l} = (W^{l+1}_{\mathrm{new}})^{\mathsf T} \delta^{l+1} \odot f'(z^{l})",
            "W2 -= eta * dW2\ndelta_h = (delta_o @ W2) * f_prime(z1)",
        ),
        change=_updated_weights,
        caught_by=checks(Check.GRADIENT_CHECK, Check.ONE_UPDATE, Check.OWN_COST),
    ),
    Mistake(
        name="missing_transpose",
        label="Transpose missing on the way back",
        clause="{W} is not transposed on the way back",
        cause="The error is multiplied by W itself; with layers of equal size nothing complains.",
        right=_HIDDEN,
        wrong=Line(
            "δ_l = W_{l+1} δ_{l+1} ⊙ f′(z_l)",
            r"\delta^{l} = W^{l+1} \delta^{l+1} \odot f'(z^{l})",
            "delta_h = (delta_o @ W2.T) * f_prime(z1)",
        ),
        change=_not_transposed,
        caught_by=checks(Check.GRADIENT_CHECK, Check.ONE_UPDATE, Check.UNEQUAL_LAYERS),
    ),
    Mistake(
        name="bias_omitted_in_derivative",
        label="Bias left out of f′",
        clause="the bias is left out of f′",
        cause="f′ of a hidden layer is taken at W a, not at W a + b.",
        right=_HIDDEN,
        wrong=Line(
            "δ_l = W_{l+1}ᵀ δ_{l+1} ⊙ f′(W_l a_{l−1})",
            r"\delta^{l} = (W^{l+1})^{\mathsf T} \delta^{l+1} \odot f'(W^{l} a^{l-1})",
            "delta_h = (delta_o @ W2) * f_prime(x @ W1.T)",
        ),
        change=_bias_omitted,
        caught_by=checks(Check.GRADIENT_CHECK, Check.ONE_UPDATE, Check.LARGE_BIASES),
    ),
    Mistake(
        name="missing_transpose_and_bias",
        label="Transpose missing and bias left out of f′",
        clause="{W} is not transposed on the way back and the bias is left out of f′",
        cause="Both slips in one line, as a well-known notebook prints them.",
        right=_HIDDEN,
        wrong=Line(
            "δ_l = W_{l+1} δ_{l+1} ⊙ f′(W_l a_{l−1})",
            r"\delta^{l} = W^{l+1} \delta^{l+1} \odot f'(W^{l} a^{l-1})",
            "delta_h = (delta_o @ W2.T) * f_prime(x @ W1.T)",
        ),
        change=lambda algorithm: _bias_omitted(_not_transposed(algorithm)),
        caught_by=checks(
            Check.GRADIENT_CHECK, Check.ONE_UPDATE, Check.UNEQUAL_LAYERS, Check.LARGE_BIASES
        ),
        parts=("missing_transpose", "bias_omitted_in_derivative"),
    ),
    Mistake(
        name="raw_error_through_weights",
        label="y − t sent back instead of δ",
        clause="the raw error is sent back instead of δ",
        cause="f′ of the output layer is used for its own weights, but forgotten on the way back.",
        right=_HIDDEN,
        wrong=Line(
            "δ_l = W_Lᵀ (y − t) ⊙ f′(z_l)",
            r"\delta^{l} = (W^{L})^{\mathsf T} (y - t) \odot f'(z^{l})",
            "delta_h = ((y - t) @ W2) * f_prime(z1)",
        ),
        change=_raw_error,
        caught_by=_ALWAYS,
    ),
    Mistake(
        name="no_hidden_derivative",
        label="No f′ in the hidden layers",
        clause="f′ is left out in the hidden layers",
        cause="The error that arrives at a hidden neuron is taken for its δ.",
        right=_HIDDEN,
        wrong=Line(
            "δ_l = W_{l+1}ᵀ δ_{l+1}",
            r"\delta^{l} = (W^{l+1})^{\mathsf T} \delta^{l+1}",
            "delta_h = delta_o @ W2",
        ),
        change=_no_hidden_derivative,
        caught_by=_ALWAYS,
    ),
    Mistake(
        name="derivative_at_activation",
        label="f′ taken at a instead of z",
        clause="f′ is taken at the activation instead of the net input",
        cause="A function that expects z is called with a: σ′(a) = σ(a) (1 − σ(a)).",
        right=Line("f′(z)", r"f'(z)", "s = sigmoid(z)\nf_prime = s * (1 - s)"),
        wrong=Line("f′(a)", r"f'(a)", "s = sigmoid(a)\nf_prime = s * (1 - s)"),
        change=_at_activation,
        caught_by=_ALWAYS,
    ),
    Mistake(
        name="one_path_only",
        label="Only one path back",
        clause="a hidden neuron takes its error from the first neuron above alone",
        cause="The sum over the neurons of the next layer is forgotten.",
        right=Line(
            "δ_j = f′(z_j) Σ_k w_kj δ_k",
            r"\delta_j = f'(z_j) \sum_k w_{kj} \delta_k",
            "delta_h = (delta_o @ W2) * f_prime(z1)",
        ),
        wrong=Line(
            "δ_j = f′(z_j) w_1j δ_1",
            r"\delta_j = f'(z_j)\, w_{1j} \delta_1",
            "delta_h = (delta_o[:, :1] @ W2[:1]) * f_prime(z1)",
        ),
        change=_one_path,
        caught_by=_ALWAYS,
    ),
    Mistake(
        name="error_in_proportion",
        label="Error divided in proportion to the weights",
        clause="the error is divided among the neurons in proportion to their weights",
        cause="Some introductions split the error by w/Σw; that is not the derivative.",
        right=_HIDDEN,
        wrong=Line(
            "δ_j = f′(z_j) Σ_k (w_kj / Σ_i w_ki) δ_k",
            r"\delta_j = f'(z_j) \sum_k \frac{w_{kj}}{\sum_i w_{ki}}\, \delta_k",
            "share = W2 / W2.sum(axis=1, keepdims=True)\ndelta_h = (delta_o @ share) * f_prime(z1)",
        ),
        change=_in_proportion,
        caught_by=_ALWAYS,
    ),
    Mistake(
        name="relu_slope_one_at_zero",
        label="Slope of ReLU at 0 taken as 1",
        clause="the slope of ReLU at exactly 0 is taken as 1",
        cause="z >= 0 instead of z > 0. Either is a choice; this program takes 0.",
        right=Line("f′(0) = 0", r"f'(0) = 0", "f_prime = (z > 0) * 1.0"),
        wrong=Line("f′(0) = 1", r"f'(0) = 1", "f_prime = (z >= 0) * 1.0"),
        change=_one_at_zero,
        caught_by=checks(Check.ONE_UPDATE),
        is_convention=True,
    ),
    Mistake(
        name="sigmoid_derivative_everywhere",
        label="a (1 − a) for another activation",
        clause="a (1 − a) is used as f′ of an activation that is no sigmoid",
        cause="The derivative of the sigmoid stays in the code when the activation is changed.",
        right=Line("f′(z)", r"f'(z)", "f_prime = 1 - a**2  # of tanh"),
        wrong=Line("a (1 − a)", r"a\,(1 - a)", "f_prime = a * (1 - a)"),
        change=_sigmoid_derivative,
        caught_by=_ALWAYS,
    ),
    Mistake(
        name="tanh_square_forgotten",
        label="1 − a for tanh′",
        clause="the square is missing from the derivative of tanh",
        cause="The derivative of tanh is 1 − a².",
        right=Line("f′ = 1 − a²", r"f' = 1 - a^{2}", "f_prime = 1 - a**2"),
        wrong=Line("f′ = 1 − a", r"f' = 1 - a", "f_prime = 1 - a"),
        change=_square_forgotten,
        caught_by=_ALWAYS,
    ),
)
