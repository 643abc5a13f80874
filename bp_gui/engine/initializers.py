"""Starting weights: a registry of frozen entries, seeded and reproducible."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from bp_gui.engine.arrays import Array
from bp_gui.engine.settings import Setting


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
        ``(generator, n_to, n_from, setting) -> (n_to, n_from)``.
    formula, source
        The distribution as text, and where it comes from.
    setting
        The number it can be told, if there is one; else ``draw`` ignores what it is given.
    """

    name: str
    label: str
    draw: Callable[[np.random.Generator, int, int, float], Array]
    formula: str
    source: str
    setting: Setting | None = None


def _zeros(generator: np.random.Generator, n_to: int, n_from: int, setting: float) -> Array:
    return np.zeros((n_to, n_from))


def _constant(generator: np.random.Generator, n_to: int, n_from: int, setting: float) -> Array:
    return np.full((n_to, n_from), setting)


def _uniform(generator: np.random.Generator, n_to: int, n_from: int, setting: float) -> Array:
    return generator.uniform(-setting, setting, (n_to, n_from))


def _normal(generator: np.random.Generator, n_to: int, n_from: int, setting: float) -> Array:
    return generator.normal(0.0, setting, (n_to, n_from))


def _xavier(generator: np.random.Generator, n_to: int, n_from: int, setting: float) -> Array:
    limit = np.sqrt(6.0 / (n_from + n_to))
    return generator.uniform(-limit, limit, (n_to, n_from))


def _he(generator: np.random.Generator, n_to: int, n_from: int, setting: float) -> Array:
    return generator.normal(0.0, np.sqrt(2.0 / n_from), (n_to, n_from))


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
            Initializer(
                name="he",
                label="He normal",
                draw=_he,
                formula="N(0, σ²), σ = √(2 / n_from)",
                source="He, Zhang, Ren, Sun, ICCV (2015), eq. 10",
            ),
            Initializer(
                name="uniform",
                label="Uniform",
                draw=_uniform,
                formula="U(−r, r)",
                source="the uniform distribution",
                setting=Setting("range", "r", "Largest size r", 0.5, 0.0, 1e6),
            ),
            Initializer(
                name="normal",
                label="Normal",
                draw=_normal,
                formula="N(0, σ²)",
                source="the normal distribution",
                setting=Setting("sigma", "σ", "Standard deviation σ", 0.5, 0.0, 1e6),
            ),
            Initializer(
                name="constant",
                label="Constant",
                draw=_constant,
                formula="c",
                source="one number for every weight: the neurons of a layer stay alike",
                setting=Setting("value", "c", "Value c", 0.5, -math.inf),
            ),
            Initializer(
                name="zeros",
                label="Zeros",
                draw=_zeros,
                formula="0",
                source="no weight at all: the neurons of a layer stay alike",
            ),
        )
    }
)
