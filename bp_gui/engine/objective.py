"""What training makes small: the mean cost of a batch plus penalties on the weights."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.costs import Cost
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.propagation import ForwardTrace, backward
from bp_gui.engine.update import policy_gradient


@dataclass(frozen=True)
class Penalty:
    """An addition to the cost that keeps weights small; biases are left out.

    ``P = λ₁ Σ |w| + ½ λ₂ Σ w²`` with gradient ``λ₁ sign(w) + λ₂ w``; sign(0) is 0.

    Attributes
    ----------
    l1, l2
        λ₁ and λ₂, finite and not negative.

    Raises
    ------
    ValueError
        If one of them is negative or not finite.

    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), sections 7.1.1 and 7.1.2.
    """

    l1: float = 0.0
    l2: float = 0.0

    def __post_init__(self) -> None:
        for name, value in (("l1", self.l1), ("l2", self.l2)):
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{name} cannot be {value}: it must be finite and 0 or more")

    def __bool__(self) -> bool:
        return self.l1 > 0 or self.l2 > 0

    def terms(self, w: NDArray[Any]) -> NDArray[Any]:
        """Return what each weight adds, shaped as ``w``; it may be complex, for a complex step."""
        size = np.where(w.real < 0, -w, w)
        return np.asarray(self.l1 * size + 0.5 * self.l2 * (w * w))

    def value(self, architecture: Architecture, theta: NDArray[Any]) -> Any:
        """Return P; θ may be complex, for a complex step."""
        return self.terms(theta[~architecture.bias_mask]).sum() if self else 0.0

    def gradient(self, architecture: Architecture, theta: Array) -> Array:
        """Return ∂P/∂θ, (P,), zero for biases."""
        slope = self.l1 * np.sign(theta) + self.l2 * theta
        return np.where(architecture.bias_mask, 0.0, slope)


NO_PENALTY = Penalty()


@dataclass(frozen=True)
class Objective:
    """The function of θ that training makes small.

    Attributes
    ----------
    cost
        Cost of one sample; a batch counts with the mean over its samples.
    penalty
        What is added for the weights.
    bias_policy
        Whether a layer's biases are one number.
    """

    cost: Cost
    penalty: Penalty = NO_PENALTY
    bias_policy: BiasPolicy = BiasPolicy.PER_NEURON

    def data_cost(self, parameters: Parameters, trace: ForwardTrace, t: Array) -> float:
        """Return the mean over the samples of the sum of each sample's terms."""
        last = parameters.architecture.activations[-1]
        terms = self.cost.terms_through(last, t, trace.z[-1], trace.output)
        return float(terms.sum() / len(t))

    def value(self, parameters: Parameters, trace: ForwardTrace, t: Array) -> float:
        """Return the data cost plus the penalty."""
        penalty = self.penalty.value(parameters.architecture, parameters.theta)
        return self.data_cost(parameters, trace, t) + float(penalty)

    def gradient(self, parameters: Parameters, trace: ForwardTrace, t: Array) -> Array:
        """Return the derivative of `value` by every entry of θ, under the bias policy."""
        architecture = parameters.architecture
        passed_back = backward(parameters, self.cost, trace, t)
        gradient = policy_gradient(architecture, passed_back, self.bias_policy)
        if self.penalty:
            gradient = gradient + self.penalty.gradient(architecture, parameters.theta)
        return frozen(gradient)
