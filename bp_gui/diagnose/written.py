"""Numbers as somebody wrote them: the value, and how much the written digits say."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

NUMBER = re.compile(
    r"[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|inf(?:inity)?\b|nan\b)", re.IGNORECASE
)
_MANY_DIGITS = 10  # from here on a number tells single precision from double
_FEWEST_DIGITS = 3  # nobody rounds to fewer
_MAX_EXPONENT = 400
_COARSEST_ZERO = 0.01  # who prints one decimal place, or none, of a number means a zero


@dataclass(frozen=True)
class Written:
    """One number with the digits that it was written with.

    Attributes
    ----------
    text
        As it stood.
    value
        The nearest float64.
    unit
        One unit in its last written place; 0 of a number that is not finite.
    digits
        How many significant digits were written.
    """

    text: str
    value: float
    unit: float
    digits: int

    @property
    def low(self) -> float:
        """The smallest number that gives this text by rounding or by cutting off."""
        return self.value - (self.unit if self.value <= 0 else 0.5 * self.unit)

    @property
    def high(self) -> float:
        """The largest number that gives this text by rounding or by cutting off."""
        return self.value + (self.unit if self.value >= 0 else 0.5 * self.unit)

    @property
    def is_single(self) -> bool:
        """Whether many digits were written and they are just those of a 32-bit float."""
        if self.digits < _MANY_DIGITS or not math.isfinite(self.value):
            return False
        with np.errstate(over="ignore"):
            single = float(np.float32(self.value))
        return abs(single - self.value) <= self.unit


def written(text: str) -> Written:
    """Return a number as it was written.

    Parameters
    ----------
    text
        What `NUMBER` matches.

    Raises
    ------
    ValueError
        If it is no number, or its exponent is out of all proportion.
    """
    lower = text.lower().lstrip("+-")
    if lower.startswith(("inf", "nan")):
        return Written(text, float(text), 0.0, 0)
    mantissa, _, exponent = text.lower().partition("e")
    if exponent and abs(int(exponent[:6])) > _MAX_EXPONENT:
        raise ValueError(f"{text} is too large or too small for a 64-bit float")
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is too large for a 64-bit float")
    unit = float(Decimal(1).scaleb(int(exponent or 0) - _places(mantissa)))
    if value == 0:
        unit = min(unit, _COARSEST_ZERO)
    figures = mantissa.lstrip("+-").replace(".", "").lstrip("0")
    return Written(text, value, unit, len(figures))


def _places(mantissa: str) -> int:
    """Return how many decimal places the digits speak for, negative for tens and more.

    A number rounded to three digits prints as 4440 or 4440.0: zeros at the end of a whole number
    of more than two digits, and a lone zero after its point, say nothing.
    """
    whole, _, fraction = mantissa.lstrip("+-").partition(".")
    whole = whole.lstrip("0")
    if fraction not in ("", "0") or len(whole) < _FEWEST_DIGITS:
        return len(fraction)
    zeros = len(whole) - len(whole.rstrip("0"))
    return -min(zeros, len(whole) - _FEWEST_DIGITS)


def with_zeros_sharpened(numbers: Iterable[Written]) -> list[Written]:
    """Return numbers in which a zero counts as exact as the coarsest number beside it.

    Who prints an array prints ``0.`` for a zero, which by itself would say next to nothing.
    """
    numbers = list(numbers)
    units = [n.unit for n in numbers if n.value != 0 and n.unit > 0]
    if not units:
        return numbers
    coarsest = max(units)
    return [
        replace(n, unit=min(n.unit, coarsest)) if n.value == 0 and n.unit > 0 else n
        for n in numbers
    ]
