"""What targets mean: numbers, or classes in one of three codings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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


_LOW: Mapping[Coding, str] = MappingProxyType(
    {Coding.ZERO_ONE: "0", Coding.PLUS_MINUS: "\N{MINUS SIGN}1"}
)
_BOTH = re.compile(r"(?P<high>.*) \((?P<mark>0|\u22121) = (?P<low>.*)\)", re.DOTALL)
_SUITED: Mapping[Coding, tuple[str, str]] = MappingProxyType(
    {
        Coding.NUMBERS: ("linear", "half_squared_error"),
        Coding.ZERO_ONE: ("sigmoid", "binary_cross_entropy"),
        Coding.PLUS_MINUS: ("tanh", "half_squared_error"),
        Coding.ONE_HOT: ("softmax", "categorical_cross_entropy"),
    }
)


def target_names(coding: Coding, classes: Sequence[str]) -> tuple[str, ...]:
    """Return what the outputs are called that stand for some classes.

    One output for two classes says both: ``yes (0 = no)``. `class_names` reads them back.

    Raises
    ------
    ValueError
        If one output is to tell more or fewer than two classes, or the coding has no classes.
    """
    if coding is Coding.ONE_HOT:
        return tuple(classes)
    if coding not in _LOW or len(classes) != 2:
        raise ValueError(f"{len(classes)} classes cannot be coded as {coding.value}")
    low, high = classes
    return (f"{high} ({_LOW[coding]} = {low})",)


def class_names(coding: Coding, names: Sequence[str], n_targets: int) -> tuple[str, ...]:
    """Return what the classes are called, by the names of the outputs, if these have names.

    Parameters
    ----------
    coding
        One that has classes.
    names
        One for each output, or none.
    n_targets
        How many outputs there are.
    """
    if coding is Coding.ONE_HOT:
        return tuple(names) or tuple(str(number + 1) for number in range(n_targets))
    low = _LOW[coding]
    both = _BOTH.fullmatch(names[0]) if names else None
    if both is not None and both["mark"] == low:
        return both["low"], both["high"]
    return low, "1"
