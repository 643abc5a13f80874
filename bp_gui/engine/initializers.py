"""Random starting weights: a registry of frozen entries, seeded and reproducible."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from bp_gui.engine.arrays import Array


@dataclass(frozen=True)
class Initializer:
    """One way to draw a layer's weights.

    Attributes
    ----------
    name
        Registry key, lower case; saved in files and never changed.
    label
        What a person reads.
    draw
        ``(generator, n_to, n_from) -> (n_to, n_from)``.
    formula, source
        The distribution as text, and where it comes from.
    """

    name: str
    label: str
    draw: Callable[[np.random.Generator, int, int], Array]
    formula: str
    source: str


def _xavier(generator: np.random.Generator, n_to: int, n_from: int) -> Array:
    limit = np.sqrt(6.0 / (n_from + n_to))
    return generator.uniform(-limit, limit, (n_to, n_from))


INITIALIZERS: Mapping[str, Initializer] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Initializer(
                name="xavier",
                label="Xavier (Glorot) uniform",
                draw=_xavier,
                formula="U(−r, r), r = √(6 / (n_from + n_to))",
                source="Glorot, Bengio, AISTATS 9 (2010), eq. 16",
            ),
        )
    }
)
