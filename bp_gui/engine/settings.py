"""One number that a registry entry can be told, with its range."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """A named number with a default and the range that makes sense.

    Attributes
    ----------
    name
        Key in files, lower case; never changed.
    symbol
        How formulas write it.
    label
        What a person reads.
    default
        The value it has until somebody chooses another.
    lowest, below
        Accepted are ``lowest <= value < below``.
    """

    name: str
    symbol: str
    label: str
    default: float
    lowest: float = 0.0
    below: float = math.inf

    def accepts(self, value: float) -> bool:
        """Whether ``value`` is finite and in the range."""
        return math.isfinite(value) and self.lowest <= value < self.below

    @property
    def accepted(self) -> str:
        """The range in words."""
        if math.isinf(self.below):
            return "any finite number" if math.isinf(self.lowest) else f"{self.lowest:g} or more"
        return f"from {self.lowest:g} to below {self.below:g}"
