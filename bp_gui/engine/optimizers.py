"""Optimizers: a registry of frozen entries.

An optimizer turns a gradient into a change of θ. What it remembers from update to update is a
frozen `OptimizerState`, so that keeping the old one is all that undo needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.settings import Setting


@dataclass(frozen=True, eq=False)
class OptimizerState:
    """What an optimizer remembers.

    Attributes
    ----------
    slots
        Its running vectors, (slots, P).
    updates
        How many updates it has made since it began.
    """

    slots: Array
    updates: int = 0


# One number, or one for each of R runs made together: rules go entry by entry, so that g of
# shape (P, R) and slots of shape (k, P, R) serve as well.
Numbers = float | Array
Rule = Callable[[Array, Numbers, tuple[Numbers, ...], Array, int], tuple[Array, Array]]


@dataclass(frozen=True)
class Optimizer:
    """One optimizer.

    Attributes
    ----------
    name
        Registry key, lower case; saved in files and never changed.
    label
        What a person reads.
    slots
        What each number that it remembers for a parameter is called in the formula.
    rule
        ``(g (P,), η, settings, slots (k, P), n) -> (Δθ (P,), new slots)`` for its n-th update.
    settings
        The numbers it can be told, in the order in which ``rule`` takes them.
    usual_eta
        A learning rate that is often a good start.
    formula, source
        The steps to the change Δw in the language of `bp_gui.explain.formulas`, in the gradient
        g, the weight w and the number n of the update; and where they come from.
    """

    name: str
    label: str
    slots: tuple[str, ...]
    rule: Rule
    settings: tuple[Setting, ...]
    usual_eta: float
    formula: str
    source: str

    @property
    def defaults(self) -> tuple[float, ...]:
        """The default of every setting."""
        return tuple(setting.default for setting in self.settings)

    def initial_state(self, n_parameters: int) -> OptimizerState:
        """Return the state before the first update: zeros."""
        return OptimizerState(frozen(np.zeros((len(self.slots), n_parameters))))

    def change(
        self, gradient: Array, eta: float, settings: tuple[float, ...], state: OptimizerState
    ) -> tuple[Array, OptimizerState]:
        """Return ``(Δθ, new state)`` for a gradient (P,)."""
        n = state.updates + 1
        change, slots = self.rule(gradient, eta, settings, state.slots, n)
        return change, OptimizerState(frozen(slots), n)


def _gradient_descent(
    g: Array, eta: Numbers, settings: tuple[Numbers, ...], slots: Array, n: int
) -> tuple[Array, Array]:
    return -eta * g, slots


def _momentum(
    g: Array, eta: Numbers, settings: tuple[Numbers, ...], slots: Array, n: int
) -> tuple[Array, Array]:
    (mu,) = settings
    v = mu * slots[0] - eta * g
    return v, v[np.newaxis]


def _nesterov(
    g: Array, eta: Numbers, settings: tuple[Numbers, ...], slots: Array, n: int
) -> tuple[Array, Array]:
    (mu,) = settings
    v = mu * slots[0] - eta * g
    return mu * v - eta * g, v[np.newaxis]


def _adagrad(
    g: Array, eta: Numbers, settings: tuple[Numbers, ...], slots: Array, n: int
) -> tuple[Array, Array]:
    (epsilon,) = settings
    s = slots[0] + g * g
    return -eta * g / (np.sqrt(s) + epsilon), s[np.newaxis]


def _rmsprop(
    g: Array, eta: Numbers, settings: tuple[Numbers, ...], slots: Array, n: int
) -> tuple[Array, Array]:
    rho, epsilon = settings
    s = rho * slots[0] + (1.0 - rho) * (g * g)
    return -eta * g / (np.sqrt(s) + epsilon), s[np.newaxis]


def _adam(
    g: Array, eta: Numbers, settings: tuple[Numbers, ...], slots: Array, n: int
) -> tuple[Array, Array]:
    beta1, beta2, epsilon = settings
    m = beta1 * slots[0] + (1.0 - beta1) * g
    v = beta2 * slots[1] + (1.0 - beta2) * (g * g)
    m_hat = m / (1.0 - beta1**n)
    v_hat = v / (1.0 - beta2**n)
    return -eta * m_hat / (np.sqrt(v_hat) + epsilon), np.stack((m, v))


_MU = Setting("mu", "μ", "Momentum μ", 0.9, 0.0, 1.0)
_RHO = Setting("rho", "ρ", "Decay ρ", 0.9, 0.0, 1.0)
_BETA1 = Setting("beta1", "β₁", "Decay of the mean β₁", 0.9, 0.0, 1.0)
_BETA2 = Setting("beta2", "β₂", "Decay of the square β₂", 0.999, 0.0, 1.0)


def _epsilon(default: float) -> Setting:
    return Setting("epsilon", "ε", "Smallest divisor ε", default, 1e-16, 1.0)


OPTIMIZERS: Mapping[str, Optimizer] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Optimizer(
                name="gradient_descent",
                label="Gradient descent",
                slots=(),
                rule=_gradient_descent,
                settings=(),
                usual_eta=0.5,
                formula="Δw = −η g",
                source="Rumelhart, Hinton, Williams, Nature 323 (1986), eq. 8",
            ),
            Optimizer(
                name="momentum",
                label="Momentum",
                slots=("v",),
                rule=_momentum,
                settings=(_MU,),
                usual_eta=0.05,
                formula="v ← μ v − η g;  Δw = v",
                source="Rumelhart, Hinton, Williams, Nature 323 (1986), eq. 9",
            ),
            Optimizer(
                name="nesterov",
                label="Nesterov momentum",
                slots=("v",),
                rule=_nesterov,
                settings=(_MU,),
                usual_eta=0.05,
                formula="v ← μ v − η g;  Δw = μ v − η g",
                source="Bengio, Boulanger-Lewandowski, Pascanu, ICASSP (2013), eq. 7",
            ),
            Optimizer(
                name="adagrad",
                label="AdaGrad",
                slots=("s",),
                rule=_adagrad,
                settings=(_epsilon(1e-10),),
                usual_eta=0.1,
                formula="s ← s + g²;  Δw = −η g / (√s + ε)",
                source="Duchi, Hazan, Singer, JMLR 12 (2011), figure 1",
            ),
            Optimizer(
                name="rmsprop",
                label="RMSProp",
                slots=("s",),
                rule=_rmsprop,
                settings=(_RHO, _epsilon(1e-8)),
                usual_eta=0.01,
                formula="s ← ρ s + (1 − ρ) g²;  Δw = −η g / (√s + ε)",
                source="Tieleman, Hinton, Neural Networks for Machine Learning, lecture 6e (2012)",
            ),
            Optimizer(
                name="adam",
                label="Adam",
                slots=("m", "v"),
                rule=_adam,
                settings=(_BETA1, _BETA2, _epsilon(1e-8)),
                usual_eta=0.01,
                formula=(
                    "m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  "
                    "m̂ = m/(1 − β₁ⁿ);  v̂ = v/(1 − β₂ⁿ);  Δw = −η m̂ / (√v̂ + ε)"
                ),
                source="Kingma, Ba, ICLR (2015), algorithm 1",
            ),
        )
    }
)
