"""Activation functions: a registry of frozen entries.

Each entry gives ``f(z)`` and the vector-Jacobian product ``f'(z)ᵀ v``, because a product (not a
derivative) is what backpropagation needs and what an activation such as softmax can offer.
Functions accept complex input where they are analytic, so that a complex step can check them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]


@dataclass(frozen=True)
class Activation:
    """One activation function.

    Attributes
    ----------
    name
        Registry key, lower case; saved in files and never changed.
    label
        What a person reads.
    value
        ``z (m, n) -> f(z) (m, n)``.
    pull_back
        ``(z, a, v) -> f'(z)ᵀ v``, each (m, n); for an elementwise f this is ``v · f'(z)``.
    formula, derivative_formula
        The function and its derivative as text, in the net input z and the activation a.
    source
        Where the definition comes from.
    """

    name: str
    label: str
    value: Callable[[Values], Values]
    pull_back: Callable[[Values, Values, Values], Values]
    formula: str
    derivative_formula: str
    source: str


def sigmoid(z: Values) -> Values:
    """Return ``1 / (1 + e^(-z))`` without overflow for any finite or infinite z.

    The exponential is only ever taken of a number that is not positive: for z < 0 the equal
    form ``e^z / (1 + e^z)`` is used.
    """
    positive = z.real >= 0
    e = np.exp(np.where(positive, -z, z))
    return np.where(positive, 1.0, e) / (1.0 + e)


def _linear(z: Values) -> Values:
    return z


ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Activation(
                name="sigmoid",
                label="Sigmoid",
                value=sigmoid,
                pull_back=lambda z, a, v: v * (a * (1.0 - a)),
                formula="1 / (1 + e^(−z))",
                derivative_formula="a (1 − a)",
                source="Rumelhart, Hinton, Williams, Nature 323 (1986), eq. 2",
            ),
            Activation(
                name="tanh",
                label="Hyperbolic tangent",
                value=np.tanh,
                pull_back=lambda z, a, v: v * (1.0 - a * a),
                formula="tanh(z)",
                derivative_formula="1 − a²",
                source="LeCun, Bottou, Orr, Müller, Efficient BackProp (1998), section 4.4",
            ),
            Activation(
                name="linear",
                label="Linear",
                value=_linear,
                pull_back=lambda z, a, v: v,
                formula="z",
                derivative_formula="1",
                source="the identity",
            ),
        )
    }
)
