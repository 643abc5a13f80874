"""Explanations as data: lines of mathematics with their numbers, in sections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bp_gui.engine.names import Ref
from bp_gui.explain.mathematics import EQUALS, Node, Number, Symbol, row
from bp_gui.explain.naming import Naming
from bp_gui.explain.sums import shown
from bp_gui.explain.targets import Target


@dataclass(frozen=True)
class Line:
    """``left = symbolic = substituted = value``.

    Attributes
    ----------
    left
        What the line computes.
    symbolic
        It in names; several forms stand one after the other.
    substituted
        The last form with numbers put in: arithmetic that comes to ``value``. None where there is
        nothing to compute.
    value
        The number, as the engine has it where the engine has it.
    caption
        One sentence on the line; may be empty.
    target
        What explains the line further.
    sign
        What stands between the left side and the rest.
    """

    left: Node
    symbolic: tuple[Node, ...]
    substituted: Node | None
    value: float
    caption: str = ""
    target: Target | None = None
    sign: Symbol = EQUALS

    @property
    def result(self) -> Number:
        """The value as mathematics."""
        return Number(self.value, self.target if isinstance(self.target, Ref) else None)

    @property
    def parts(self) -> tuple[Node, ...]:
        """The sides of the equation in order; numbers that say the same stand once."""
        numbers = () if self.substituted is None else (self.substituted,)
        if numbers and isinstance(shown(numbers[0]), Number):
            numbers = ()
        return (self.left, *self.symbolic, *numbers, self.result)

    @property
    def equation(self) -> Node:
        """The whole line as mathematics."""
        left, *rest = self.parts
        items: list[Node] = [left]
        for position, part in enumerate(rest):
            items += [EQUALS if position else self.sign, part]
        return row(*items)


@dataclass(frozen=True)
class Section:
    """Lines that belong together.

    Attributes
    ----------
    title
        A few words.
    lines
        In reading order.
    text
        A sentence or two before them; may be empty.
    """

    title: str
    lines: tuple[Line, ...]
    text: str = ""


@dataclass(frozen=True)
class Explanation:
    """Why a number is what it is.

    Attributes
    ----------
    target
        What is explained.
    name
        It as mathematics.
    title
        It in words, for instance “Weight w5, from h1 to o1”.
    value
        The number.
    sections
        From what it is to what becomes of it.
    """

    target: Target
    name: Node
    title: str
    value: float
    sections: tuple[Section, ...]

    @property
    def lines(self) -> Iterator[Line]:
        """All lines in reading order."""
        return (line for section in self.sections for line in section.lines)


@dataclass(frozen=True)
class Style:
    """What a reader chose.

    Attributes
    ----------
    naming
        What things are called.
    longest_sum
        How many terms a sum may show, at least 3; of longer ones the middle stands as one number.
    unfold
        How many layers of errors δ are explained in place, and not only linked to.
    """

    naming: Naming
    longest_sum: int = 8
    unfold: int = 0
