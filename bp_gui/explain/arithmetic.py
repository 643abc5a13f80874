"""Arithmetic on typeset mathematics: what a line of numbers comes to.

Reads the same nodes that a person reads, so that a line can be held against the number behind it.
Precedence is that of print: powers, then functions, then products, then sums.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from bp_gui.explain.mathematics import (
    ADD,
    COMMA,
    JUXTAPOSED,
    NEGATIVE,
    SUBTRACT,
    TIMES,
    Fence,
    Fenced,
    Fraction,
    Linked,
    Node,
    Number,
    Root,
    Row,
    Scripts,
    Space,
    Symbol,
    Under,
)


class NotArithmeticError(ValueError):
    """Mathematics that does not come to one number, such as a letter; the message names it."""


Function = Callable[..., float]


def _sigmoid(x: float) -> float:
    return float(1.0 / (1.0 + np.exp(-np.float64(x))))


FUNCTIONS: Final[Mapping[str, Function]] = MappingProxyType(
    {
        "exp": lambda x: float(np.exp(x)),
        "ln": lambda x: float(np.log(x)),
        "tanh": lambda x: float(np.tanh(x)),
        "σ": _sigmoid,
        "max": lambda *x: float(np.max(x)),
        "min": lambda *x: float(np.min(x)),
        "sign": lambda x: float(np.sign(x)),
    }
)
_CONSTANTS: Final = MappingProxyType({"π": math.pi, "e": math.e})


def evaluate(node: Node) -> float:
    """Return the value of a node that holds nothing but numbers, in float64.

    Divisions by zero and overflow give infinities and NaN, as in the engine.

    Raises
    ------
    NotArithmeticError
        If a part has no value; the message quotes it.
    """
    with np.errstate(all="ignore"):
        return _value(node)


def _value(node: Node) -> float:
    match node:
        case Number(value):
            return value
        case Symbol(text):
            return _constant(text)
        case Row(items):
            return _Reader(items).whole()
        case Fraction(top, bottom):
            return float(np.float64(_value(top)) / np.float64(_value(bottom)))
        case Scripts(base, None, exponent) if exponent is not None:
            return _power(base, _value(exponent))
        case Fenced(inner, Fence.ROUND | Fence.SQUARE):
            return _value(inner)
        case Fenced(inner, Fence.BARS):
            return abs(_value(inner))
        case Root(inner):
            return float(np.sqrt(_value(inner)))
        case Under(inner) | Linked(inner):
            return _value(inner)
        case _:
            raise NotArithmeticError(f"{node} has no value")


def _constant(text: str) -> float:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    try:
        return float(text)
    except ValueError:
        raise NotArithmeticError(f"{text!r} has no value") from None


def _power(base: Node, exponent: float) -> float:
    if base == Symbol("e"):
        return float(np.exp(exponent))
    return float(np.float64(_value(base)) ** exponent)


class _Reader:
    """Reads the items of one row from left to right."""

    def __init__(self, items: tuple[Node, ...]) -> None:
        self._items = items
        self._at = 0

    def whole(self) -> float:
        value = self._sum()
        if self._at < len(self._items):
            raise NotArithmeticError(f"{self._items[self._at]} does not belong into a sum")
        return value

    def _next_is(self, *symbols: Node) -> bool:
        return self._at < len(self._items) and self._items[self._at] in symbols

    def _sum(self) -> float:
        total = self._signed_product()
        while self._next_is(ADD, SUBTRACT):
            sign = 1.0 if self._next_is(ADD) else -1.0
            self._at += 1
            total += sign * self._signed_product()
        return total

    def _signed_product(self) -> float:
        sign = 1.0
        while self._next_is(NEGATIVE):
            sign = -sign
            self._at += 1
        return sign * self._product()

    def _product(self) -> float:
        product = self._factor()
        while self._at < len(self._items) and not self._next_is(ADD, SUBTRACT, COMMA):
            if self._next_is(TIMES, JUXTAPOSED):
                self._at += 1
            product *= self._factor()
        return product

    def _factor(self) -> float:
        if self._at >= len(self._items):
            raise NotArithmeticError("an operand is missing at the end of a row")
        item = self._items[self._at]
        self._at += 1
        name = item.inner if isinstance(item, Linked) else item
        if isinstance(name, Symbol) and name.space is Space.FUNCTION:
            return self._call(name.text)
        return _value(item)

    def _call(self, name: str) -> float:
        if name not in FUNCTIONS:
            raise NotArithmeticError(f"the function {name} is unknown")
        if self._at >= len(self._items):
            raise NotArithmeticError(f"{name} has no argument")
        argument = self._items[self._at]
        self._at += 1
        if isinstance(argument, Fenced) and argument.fence is Fence.ROUND:
            return FUNCTIONS[name](*map(_value, _arguments(argument.inner)))
        return FUNCTIONS[name](_value(argument))


def _arguments(node: Node) -> list[Node]:
    """Return the parts between the commas."""
    parts: list[list[Node]] = [[]]
    for item in node.items if isinstance(node, Row) else (node,):
        if item == COMMA:
            parts.append([])
        else:
            parts[-1].append(item)
    return [part[0] if len(part) == 1 else Row(tuple(part)) for part in parts]
