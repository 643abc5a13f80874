"""Optimizers: a registry of frozen entries.

An optimizer turns a gradient into a change of θ. What it remembers from update to update is an
array ``state`` of shape (slots, P), so that one copy of it restores everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from bp_gui.engine.arrays import Array, frozen


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
        How many numbers it remembers for each parameter.
    change
        ``(gradient (P,), eta, state (slots, P)) -> (Δθ (P,), new state)``.
    formula, source
        The change as text, and where it comes from.
    """

    name: str
    label: str
    slots: int
    change: Callable[[Array, float, Array], tuple[Array, Array]]
    formula: str
    source: str

    def initial_state(self, n_parameters: int) -> Array:
        """Return the state before the first update: zeros, (slots, P)."""
        return frozen(np.zeros((self.slots, n_parameters)))


def _gradient_descent(gradient: Array, eta: float, state: Array) -> tuple[Array, Array]:
    return -eta * gradient, state


OPTIMIZERS: Mapping[str, Optimizer] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Optimizer(
                name="gradient_descent",
                label="Gradient descent",
                slots=0,
                change=_gradient_descent,
                formula="Δw = −η g",
                source="Rumelhart, Hinton, Williams, Nature 323 (1986), eq. 8",
            ),
        )
    }
)
