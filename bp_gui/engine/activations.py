"""Activation functions: a registry of frozen entries.

Each entry gives ``f(z)`` and the vector-Jacobian product ``f'(z)ᵀ v``, because a product (not a
derivative) is what backpropagation needs and what an activation such as softmax can offer.
Functions accept complex input where they are analytic, so that a complex step can check them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]

LEAK = 0.01
_GELU_SCALE = np.sqrt(2.0 / np.pi)
_GELU_CUBE = 0.044715
_GELU_FLAT = 10.0
_SIGMOID_FLAT = 1000.0  # there the sigmoid is 0 or 1 to the last bit


@dataclass(frozen=True)
class Activation:
    """One activation function.

    Attributes
    ----------
    name
        Registry key, lower case; saved in files and never changed.
    label
        What a person reads.
    symbol
        How formulas write it: σ in ``a = σ(z)`` and ``σ′(z)``.
    value
        ``z (m, n) -> f(z) (m, n)``.
    pull_back
        ``(z, a, v) -> f'(z)ᵀ v``, each (m, n); for an elementwise f this is ``v · f'(z)``.
    formula, derivative_formula
        The function and its derivative in the net input z and the activation a, in the language
        of `bp_gui.explain.formulas`. Where outputs depend on each other, a_k and z_k are those of
        one neuron, z_j those of all (or of the one it is derived by).
    source
        Where the definition comes from.
    output_only
        Whether it belongs into the last layer only, because its outputs depend on each other.
    reach
        The lowest and the highest value, or what they come near to.
    analytic
        Whether it is one analytic function everywhere; pieces that meet at z = 0 are not.
    """

    name: str
    label: str
    symbol: str
    value: Callable[[Values], Values]
    pull_back: Callable[[Values, Values, Values], Values]
    formula: str
    derivative_formula: str
    source: str
    output_only: bool = False
    reach: tuple[float, float] = (-math.inf, math.inf)
    analytic: bool = True

    @property
    def unit_interval(self) -> bool:
        """Whether every value lies between 0 and 1."""
        return self.reach == (0.0, 1.0)


def sigmoid(z: Values) -> Values:
    """Return ``1 / (1 + e^(-z))`` without overflow for any finite or infinite z.

    The exponential is only ever taken of a number that is not positive: for z < 0 the equal
    form ``e^z / (1 + e^z)`` is used.
    """
    if np.iscomplexobj(z):
        positive = z.real >= 0
        e = np.exp(np.where(positive, -z, z))
        return np.where(positive, 1.0, e) / (1.0 + e)
    # The same without choosing entry by entry, which takes longer than both exponentials.
    return np.asarray(np.exp(np.minimum(z, 0.0)) / (1.0 + np.exp(-np.abs(z))))


def _linear(z: Values) -> Values:
    return z


def _elu(z: Values) -> Values:
    return np.where(z.real > 0, z, np.expm1(np.where(z.real > 0, 0.0, z)))


def _softplus(z: Values) -> Values:
    """Return ``ln(1 + e^z)``; the exponential is only taken of a number that is not positive."""
    positive = z.real > 0
    return np.where(positive, z, 0.0) + np.log1p(np.exp(np.where(positive, -z, z)))


def _gelu_inner(z: Values) -> Values:
    # Beyond 10 the hyperbolic tangent is 1 to the last bit, and z³ could overflow.
    z = np.where(np.abs(z.real) > _GELU_FLAT, np.sign(z.real) * _GELU_FLAT, z)
    return np.asarray(np.tanh(_GELU_SCALE * (z + _GELU_CUBE * z**3)))


def _gelu(z: Values) -> Values:
    return 0.5 * np.where(z.real < -_GELU_FLAT, 0.0, z) * (1.0 + _gelu_inner(z))


def _gelu_slope(z: Values) -> Values:
    tangent = _gelu_inner(z)
    near = np.clip(z, -_GELU_FLAT, _GELU_FLAT)
    inner_slope = _GELU_SCALE * (1.0 + 3.0 * _GELU_CUBE * near**2)
    slope = 0.5 * (1.0 + tangent) + 0.5 * near * (1.0 - tangent**2) * inner_slope
    return np.asarray(slope)


def _silu(z: Values) -> Values:
    return np.where(z.real < -_SIGMOID_FLAT, 0.0, z) * sigmoid(z)


def _silu_slope(z: Values) -> Values:
    s = sigmoid(z)
    return s * (1.0 + np.clip(z, -_SIGMOID_FLAT, _SIGMOID_FLAT) * (1.0 - s))


def softmax(z: Values) -> Values:
    """Return ``e^(z_k) / Σ_j e^(z_j)`` over the last axis, without overflow."""
    e = np.exp(z - z.real.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def _softmax_pull_back(z: Values, a: Values, v: Values) -> Values:
    return np.asarray(a * (v - (a * v).sum(axis=-1, keepdims=True)))


ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Activation(
                name="sigmoid",
                label="Sigmoid",
                symbol="σ",
                value=sigmoid,
                pull_back=lambda z, a, v: v * (a * (1.0 - a)),
                formula="1 / (1 + e^(−z))",
                derivative_formula="a (1 − a)",
                source="Rumelhart, Hinton, Williams, Nature 323 (1986), eq. 2",
                reach=(0.0, 1.0),
            ),
            Activation(
                name="tanh",
                label="Hyperbolic tangent",
                symbol="tanh",
                value=np.tanh,
                pull_back=lambda z, a, v: v * (1.0 - a * a),
                formula="tanh(z)",
                derivative_formula="1 − a²",
                source="LeCun, Bottou, Orr, Müller, Efficient BackProp (1998), section 4.4",
                reach=(-1.0, 1.0),
            ),
            Activation(
                name="linear",
                label="Linear",
                symbol="id",
                value=_linear,
                pull_back=lambda z, a, v: v,
                formula="z",
                derivative_formula="1",
                source="the identity",
            ),
            Activation(
                name="relu",
                label="Rectified linear (ReLU)",
                symbol="ReLU",
                value=lambda z: np.where(z.real > 0, z, 0.0),
                pull_back=lambda z, a, v: np.where(z > 0, v, 0.0),
                formula="max(0, z)",
                derivative_formula="1 if z > 0, else 0",
                source="Nair, Hinton, Rectified linear units improve RBMs, ICML (2010)",
                reach=(0.0, math.inf),
                analytic=False,
            ),
            Activation(
                name="leaky_relu",
                label="Leaky ReLU",
                symbol="LReLU",
                value=lambda z: np.where(z.real > 0, z, LEAK * z),
                pull_back=lambda z, a, v: np.where(z > 0, v, LEAK * v),
                formula="z if z > 0, else 0.01 z",
                derivative_formula="1 if z > 0, else 0.01",
                source="Maas, Hannun, Ng, Rectifier nonlinearities, ICML workshop (2013)",
                analytic=False,
            ),
            Activation(
                name="elu",
                label="Exponential linear (ELU)",
                symbol="ELU",
                value=_elu,
                pull_back=lambda z, a, v: np.where(z > 0, v, v * (a + 1.0)),
                formula="z if z > 0, else e^z − 1",
                derivative_formula="1 if z > 0, else a + 1",
                source="Clevert, Unterthiner, Hochreiter, ICLR (2016), with α = 1",
                reach=(-1.0, math.inf),
                analytic=False,
            ),
            Activation(
                name="softplus",
                label="Softplus",
                symbol="softplus",
                value=_softplus,
                pull_back=lambda z, a, v: v * sigmoid(z),
                formula="ln(1 + e^z)",
                derivative_formula="1 / (1 + e^(−z))",
                source="Dugas, Bengio, Bélisle, Nadeau, Garcia, NIPS 13 (2001)",
                reach=(0.0, math.inf),
            ),
            Activation(
                name="gelu",
                label="GELU (tanh form)",
                symbol="GELU",
                value=_gelu,
                pull_back=lambda z, a, v: v * _gelu_slope(z),
                formula="½ z (1 + T), T = tanh(√(2/π) (z + 0.044715 z³))",
                derivative_formula=(
                    "½ (1 + T) + ½ z (1 − T²) √(2/π) (1 + 0.134145 z²), "
                    "T = tanh(√(2/π) (z + 0.044715 z³))"
                ),
                source="Hendrycks, Gimpel, Gaussian error linear units (2016), section 2",
                reach=(-0.1700407506, math.inf),
            ),
            Activation(
                name="silu",
                label="SiLU (swish)",
                symbol="SiLU",
                value=_silu,
                pull_back=lambda z, a, v: v * _silu_slope(z),
                formula="z σ(z)",
                derivative_formula="σ(z) (1 + z (1 − σ(z)))",
                source="Elfwing, Uchibe, Doya, Neural Networks 107 (2018), eqs. 5 and 6",
                reach=(-0.2784645428, math.inf),
            ),
            Activation(
                name="softmax",
                label="Softmax",
                symbol="softmax",
                value=softmax,
                pull_back=_softmax_pull_back,
                formula="e^(z_k) / Σ_j e^(z_j)",
                derivative_formula="a_k (1 − a_k) if j = k, else −a_k a_j",
                source="Bridle, Neurocomputing, NATO ASI F68 (1990), eq. 4",
                output_only=True,
                reach=(0.0, 1.0),
            ),
        )
    }
)
