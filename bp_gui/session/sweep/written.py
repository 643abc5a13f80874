"""The values of settings as people write and read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

from bp_gui.explain.numbers import NumberError, format_exact, format_number, parse_number
from bp_gui.session.sweep.factors import FACTORS, Kind, Value
from bp_gui.session.sweep.spec import Settings, SweepError

NONE, ALL = "none", "all"
MOST_VALUES: Final = 10_000
_SPAN: Final = re.compile(r"(\d+)\s*(?:\.\.|…|–)\s*(\d+)")
_SPREAD_DIGITS: Final = 3


def word(name: str, value: Value, digits: int = 17) -> str:
    """Return a value of a setting as a person reads it: ``0.3``, ``4-4``, ``all``, ``leaky relu``.

    Parameters
    ----------
    name
        The setting.
    value
        One of its values.
    digits
        Significant digits of numbers; 17 reads back bit for bit.
    """
    if value is None:
        return ALL
    if isinstance(value, tuple | list):
        return "-".join(map(str, value)) or NONE
    if isinstance(value, str):
        return value.replace("_", " ")
    if FACTORS[name].kind is Kind.NUMBER:
        return format_number(float(value), digits)
    return str(value)


def words(name: str, values: Iterable[Value]) -> str:
    """Return some values as one line that `read_values` reads."""
    return ", ".join(word(name, value) for value in values)


def settings_in_words(settings: Settings, digits: int = 4) -> str:
    """Return what tells a run from others: ``η 0.3, seed 4``."""
    return ", ".join(f"{_label(name)} {word(name, value, digits)}" for name, value in settings)


def _label(name: str) -> str:
    label = FACTORS[name].label
    return label if len(label) <= 2 else label.lower()


def read_values(name: str, text: str) -> list[Any]:
    """Return the values in a line, as a specification holds them.

    They are set apart by commas, or by semicolons if there is one: then numbers may have a decimal
    comma. ``1..8`` stands for all whole numbers from 1 to 8.

    Raises
    ------
    SweepError
        If a value is not accepted, or stands there twice; the message names it.
    """
    parts = [part.strip() for part in text.split(";" if ";" in text else ",")]
    values = [value for part in parts if part for value in _read(name, part)]
    if not values:
        raise SweepError(f"no value yet; {_example(name)}")
    if len(values) > MOST_VALUES:
        raise SweepError(f"{len(values):,} values are more than {MOST_VALUES:,}")
    seen: set[Value] = set()
    for value in values:
        try:
            accepted = FACTORS[name].read(value)
        except ValueError as error:
            raise SweepError(_capital(str(error))) from None
        if accepted in seen:
            raise SweepError(f"{word(name, accepted)} stands there twice")
        seen.add(accepted)
    return values


def spread(low: float, high: float, count: int, *, logarithmic: bool) -> list[float]:
    """Return evenly spaced numbers from ``low`` to ``high``, or numbers with evenly spaced logs.

    Those in between are rounded to three digits where that leaves them apart, so that they are
    easy to read and to type again.

    Raises
    ------
    SweepError
        If there is no such range.
    """
    if not low < high:
        raise SweepError(f"the low end {format_exact(low)} is not below {format_exact(high)}")
    if logarithmic and low <= 0:
        raise SweepError(f"the low end {format_exact(low)} must be above 0 on a log scale")
    exact = np.geomspace(low, high, count) if logarithmic else np.linspace(low, high, count)
    inner = [float(number) for number in exact[1:-1]]
    rounded = [float(f"{number:.{_SPREAD_DIGITS}g}") for number in inner]
    with_ends = [low, *rounded, high]
    apart = all(a < b for a, b in pairwise(with_ends))
    return with_ends if apart else [low, *inner, high]


def _read(name: str, part: str) -> Sequence[Any]:
    """Return the value in a part of a line, or the values of a span."""
    kind = FACTORS[name].kind
    if kind is Kind.NUMBER:
        try:
            return [parse_number(part)]
        except NumberError as error:
            raise SweepError(str(error).rstrip(".")) from None
    if kind is Kind.NAME:
        return [part.lower().replace(" ", "_")]
    if kind is Kind.SIZES:
        sizes = [] if part.lower() == NONE else re.split(r"\s*[-×x\s]\s*", part)
        return [[_whole(size, part, name) for size in sizes]]
    if part.lower() == ALL:
        return [None]
    span = _SPAN.fullmatch(part)
    if span is None:
        return [_whole(part, part, name)]
    first, last = int(span[1][:19]), int(span[2][:19])
    if not 0 <= last - first < MOST_VALUES:
        raise SweepError(f"{part} is no span of 1 to {MOST_VALUES:,} numbers")
    return range(first, last + 1)


def _whole(text: str, part: str, name: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise SweepError(f"“{part}” is not accepted; {_example(name)}")
    return int(text)


def _example(name: str) -> str:
    examples = {
        Kind.NUMBER: "type for instance 0.1, 0.5, 1",
        Kind.WHOLE: "type whole numbers, for instance 1, 2, 5..8",
        Kind.SIZES: "type for instance 2, 8, 4-4",
        Kind.NAME: f"there are: {', '.join(FACTORS[name].choices)}".replace("_", " "),
    }
    return examples[FACTORS[name].kind]


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
