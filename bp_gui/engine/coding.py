"""What targets mean: numbers, or classes in one of three codings."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType


class Task(Enum):
    """What a network is asked for."""

    CLASSIFICATION = "classification"
    REGRESSION = "regression"


class Coding(Enum):
    """How targets stand for what is asked; the value is a key that never changes.

    ``NUMBERS`` are the numbers themselves. A class is one output of 0 or 1 (``ZERO_ONE``), one of
    −1 or 1 (``PLUS_MINUS``), or one output a class of which the right one is 1 (``ONE_HOT``).
    """

    NUMBERS = "numbers"
    ZERO_ONE = "zero_one"
    PLUS_MINUS = "plus_minus"
    ONE_HOT = "one_hot"

    @property
    def task(self) -> Task:
        """What is asked."""
        return Task.REGRESSION if self is Coding.NUMBERS else Task.CLASSIFICATION

    @property
    def activation(self) -> str:
        """Registry key of the output activation whose range is that of the targets."""
        return _SUITED[self][0]

    @property
    def cost(self) -> str:
        """Registry key of the cost that goes with it."""
        return _SUITED[self][1]


_SUITED: Mapping[Coding, tuple[str, str]] = MappingProxyType(
    {
        Coding.NUMBERS: ("linear", "half_squared_error"),
        Coding.ZERO_ONE: ("sigmoid", "binary_cross_entropy"),
        Coding.PLUS_MINUS: ("tanh", "half_squared_error"),
        Coding.ONE_HOT: ("softmax", "categorical_cross_entropy"),
    }
)
