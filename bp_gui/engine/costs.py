"""Cost functions of one sample: a registry of frozen entries.

The cost of a batch is the mean over its samples; that mean is taken in
`bp_gui.engine.objective`, not here.

A cost is written in the outputs y. Where a cost and the last activation cancel, as cross-entropy
and softmax do, the entry also holds the fused form in the net inputs z: it is the same function,
but stays finite and exact where y is 0 or 1 to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bp_gui.engine.activations import ACTIVATIONS

Values = NDArray[Any]


@dataclass(frozen=True)
class Fused:
    """A cost taken through one activation at once.

    Attributes
    ----------
    terms
        ``(t, z) -> (m, n_L)``: the cost's terms from the net inputs.
    delta
        ``(t, a) -> (m, n_L)``: ∂C/∂z from the activations.
    formula, delta_formula
        Both in the language of `bp_gui.explain.formulas`; z_j and t_j are those of all outputs.
    """

    terms: Callable[[Values, Values], Values]
    delta: Callable[[Values, Values], Values]
    formula: str
    delta_formula: str


@dataclass(frozen=True)
class Cost:
    """One cost function.

    Attributes
    ----------
    name
        Registry key, lower case; saved in files and never changed.
    label
        What a person reads.
    terms
        ``(t, y) -> (m, n_L)``: what each output of each sample adds to that sample's cost.
    gradient
        ``(t, y) -> (m, n_L)``: derivative of a sample's cost by its outputs y.
    formula, derivative_formula
        One term and its derivative by the output, in the output a, the target t and the number
        of outputs n, in the language of `bp_gui.explain.formulas`.
    source
        Where the definition comes from.
    fused
        By name of the last activation: the form to use with it instead.
    unit_interval
        Whether it is defined for outputs between 0 and 1 only.
    analytic
        Whether it is one analytic function of the outputs; pieces that meet are not.
    """

    name: str
    label: str
    terms: Callable[[Values, Values], Values]
    gradient: Callable[[Values, Values], Values]
    formula: str
    derivative_formula: str
    source: str
    fused: Mapping[str, Fused] = field(default_factory=lambda: MappingProxyType({}))
    unit_interval: bool = False
    analytic: bool = True

    def is_defined_for(self, activation: str) -> bool:
        """Whether every output that an activation can give has a cost."""
        return ACTIVATIONS[activation].unit_interval or not self.unit_interval

    def terms_through(self, activation: str, t: Values, z: Values, a: Values) -> Values:
        """Return each output's term, (m, n_L), for the last layer's z and a."""
        fused = self.fused.get(activation)
        return self.terms(t, a) if fused is None else fused.terms(t, z)

    def delta_through(self, activation: str, t: Values, z: Values, a: Values) -> Values:
        """Return the error δ_L = ∂C/∂z_L of each sample, (m, n_L)."""
        fused = self.fused.get(activation)
        if fused is not None:
            return fused.delta(t, a)
        return ACTIVATIONS[activation].pull_back(z, a, self.gradient(t, a))


def _huber(t: Values, y: Values) -> Values:
    e = t - y
    size = np.where(e.real < 0, -e, e)
    return np.where(size.real <= 1.0, 0.5 * e**2, size - 0.5)


def _times_log(t: Values, y: Values) -> Values:
    """Return ``t ln y``, which is 0 where t is 0, whatever y is."""
    return t * np.log(np.where(t == 0, 1.0, y))


def _over(t: Values, y: Values) -> Values:
    """Return ``t / y``, which is 0 where t is 0, whatever y is."""
    return t / np.where(t == 0, 1.0, y)


def _binary_from_z(t: Values, z: Values) -> Values:
    """Return ``ln(1 + e^z) − t z``, without overflow and without cancellation at t = 1."""
    positive = z.real > 0
    line = np.where(positive, 1.0 - t, -t) * z
    return line + np.log1p(np.exp(np.where(positive, -z, z)))


def _categorical_from_z(t: Values, z: Values) -> Values:
    """Return ``t_k (ln Σ_j e^(z_j) − z_k)`` with the largest z taken out of the exponentials."""
    shifted = z - z.real.max(axis=-1, keepdims=True)
    log_sum = np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return np.asarray(t * (log_sum - np.where(t == 0, 0.0, shifted)))


COSTS: Mapping[str, Cost] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Cost(
                name="half_squared_error",
                label="Half squared error",
                terms=lambda t, y: 0.5 * (t - y) ** 2,
                gradient=lambda t, y: y - t,
                formula="½ (t − a)²",
                derivative_formula="a − t",
                source="Rumelhart, Hinton, Williams, Nature 323 (1986), eq. 3",
            ),
            Cost(
                name="mean_squared_error",
                label="Mean squared error",
                terms=lambda t, y: (t - y) ** 2 / t.shape[-1],
                gradient=lambda t, y: 2.0 * (y - t) / t.shape[-1],
                formula="(t − a)² / n",
                derivative_formula="2 (a − t) / n",
                source="the mean over the n outputs of the squared error",
            ),
            Cost(
                name="binary_cross_entropy",
                label="Binary cross-entropy",
                terms=lambda t, y: -_times_log(t, y) - _times_log(1.0 - t, 1.0 - y),
                gradient=lambda t, y: _over(1.0 - t, 1.0 - y) - _over(t, y),
                formula="−t ln a − (1 − t) ln(1 − a)",
                derivative_formula="(1 − t)/(1 − a) − t/a",
                source="Bishop, Neural Networks for Pattern Recognition (1995), eq. 6.120",
                unit_interval=True,
                fused=MappingProxyType(
                    {
                        "sigmoid": Fused(
                            terms=_binary_from_z,
                            delta=lambda t, a: a - t,
                            formula="ln(1 + e^z) − t z",
                            delta_formula="a − t",
                        )
                    }
                ),
            ),
            Cost(
                name="categorical_cross_entropy",
                label="Categorical cross-entropy",
                terms=lambda t, y: -_times_log(t, y),
                gradient=lambda t, y: -_over(t, y),
                formula="−t ln a",
                derivative_formula="−t/a",
                source="Bishop, Neural Networks for Pattern Recognition (1995), eq. 6.148",
                unit_interval=True,
                fused=MappingProxyType(
                    {
                        "softmax": Fused(
                            terms=_categorical_from_z,
                            delta=lambda t, a: a * t.sum(axis=-1, keepdims=True) - t,
                            formula="t (ln Σ_j e^(z_j) − z)",
                            delta_formula="a Σ_j t_j − t",
                        )
                    }
                ),
            ),
            Cost(
                name="huber",
                label="Huber",
                terms=_huber,
                gradient=lambda t, y: np.clip(y - t, -1.0, 1.0),
                formula="½ (t − a)² if |t − a| ≤ 1, else |t − a| − ½",
                derivative_formula="1 if a − t > 1, −1 if a − t < −1, else a − t",
                source="Huber, Annals of Mathematical Statistics 35 (1964), with k = 1",
                analytic=False,
            ),
        )
    }
)
