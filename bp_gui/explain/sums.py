"""Sums and products of parts, with parentheses where numbers are negative, and long sums elided."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from bp_gui.explain.mathematics import (
    ADD,
    DOTS,
    SUBTRACT,
    TIMES,
    Fenced,
    Linked,
    Node,
    Number,
    Row,
    Space,
    Symbol,
    Under,
    Words,
    row,
)


@dataclass(frozen=True)
class Elision:
    """Which terms of a sum are shown: the first ones and the last, where there are too many.

    Attributes
    ----------
    count
        How many terms there are.
    longest
        How many may be shown, at least 3; one of them stands for those that are not.
    """

    count: int
    longest: int

    @property
    def is_needed(self) -> bool:
        """Whether there are too many."""
        return self.count > self.longest

    @property
    def head(self) -> range:
        """The terms before the ellipsis."""
        return range(self.longest - 2 if self.is_needed else self.count)

    @property
    def hidden(self) -> range:
        """The terms that the ellipsis stands for."""
        return range(self.head.stop, self.count - 1 if self.is_needed else self.count)

    @property
    def tail(self) -> range:
        """The term after it."""
        return range(self.hidden.stop, self.count)


def shown(node: Node) -> Node:
    """Return what a link shows."""
    while isinstance(node, Linked):
        node = node.inner
    return node


def is_negative(node: Node) -> bool:
    """Whether a node is a number with a minus sign."""
    node = shown(node)
    return isinstance(node, Number) and math.copysign(1.0, node.value) < 0


def operand(node: Node) -> Node:
    """Return a node as it stands to the right of an operator: a negative number in parentheses."""
    return Fenced(node) if is_negative(node) else node


def factor(node: Node) -> Node:
    """Return a node as it stands in a product: a sum in parentheses."""
    inner = shown(node)
    is_sum = isinstance(inner, Row) and any(
        isinstance(item, Symbol) and item.space is Space.BINARY and item != TIMES
        for item in inner.items
    )
    return Fenced(node) if is_sum else node


def product(*factors: Node, leads: bool = True) -> Node:
    """Return factors with a dot between them.

    Parameters
    ----------
    leads
        Whether nothing stands to the left, so that a negative number may begin.
    """
    items: list[Node] = []
    for position, node in enumerate(factors):
        if position:
            items.append(TIMES)
        bare = leads and position == 0
        items.append(factor(node) if bare else operand(factor(node)))
    return row(*items)


def added(
    elision: Elision,
    term: Callable[[int, bool], Node],
    hidden: Callable[[range], Node] | None = None,
) -> Node:
    """Return a sum.

    Parameters
    ----------
    elision
        Which terms are shown.
    term
        ``(position, leads) -> node``; ``leads`` says that nothing stands to its left.
    hidden
        What stands for the hidden terms; an ellipsis if it is not given.
    """
    items: list[Node] = []
    for position in elision.head:
        _append(items, term(position, not items))
    if elision.hidden:
        _append(items, DOTS if hidden is None else hidden(elision.hidden))
    for position in elision.tail:
        _append(items, term(position, not items))
    return row(*items)


def plus(*terms: Node) -> Node:
    """Return the sum of some nodes; negative numbers are subtracted."""
    return added(Elision(len(terms), max(3, len(terms))), lambda position, leads: terms[position])


def rest(value: float, count: int) -> Node:
    """Return the number that stands for hidden terms, with how many they are below it."""
    return Under(Number(value), Words(f"{count} more"))


def _append(items: list[Node], node: Node) -> None:
    """Append a term; a negative number is subtracted."""
    flipped = _negated(node) if items else None
    if items:
        items.append(ADD if flipped is None else SUBTRACT)
    items.append(node if flipped is None else flipped)


def _negated(node: Node) -> Node | None:
    """Return a negative number without its sign, or None for anything else."""
    match node:
        case Number(value, ref) if is_negative(node):
            return Number(-value, ref)
        case Linked(inner, target):
            flipped = _negated(inner)
            return None if flipped is None else Linked(flipped, target)
        case Under(inner, label):
            flipped = _negated(inner)
            return None if flipped is None else Under(flipped, label)
    return None
