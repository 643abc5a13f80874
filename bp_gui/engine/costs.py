"""Cost functions of one sample: a registry of frozen entries.

The cost of a batch is the mean over its samples; that mean is taken in
`bp_gui.engine.propagation`, not here.
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
        One term and its derivative by the output, as text.
    source
        Where the definition comes from.
    """

    name: str
    label: str
    terms: Callable[[Values, Values], Values]
    gradient: Callable[[Values, Values], Values]
    formula: str
    derivative_formula: str
    source: str


def _huber(t: Values, y: Values) -> Values:
    e = t - y
    size = np.where(e.real < 0, -e, e)
    return np.where(size.real <= 1.0, 0.5 * e**2, size - 0.5)


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
                name="huber",
                label="Huber",
                terms=_huber,
                gradient=lambda t, y: np.clip(y - t, -1.0, 1.0),
                formula="½ (t − a)² if |t − a| ≤ 1, else |t − a| − ½",
                derivative_formula="a − t, held between −1 and 1",
                source="Huber, Annals of Mathematical Statistics 35 (1964), with k = 1",
            ),
        )
    }
)
