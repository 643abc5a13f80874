"""Cost functions of one sample: a registry of frozen entries.

The cost of a batch is the mean over its samples; that mean is taken in
`bp_gui.engine.propagation`, not here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

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
        )
    }
)
