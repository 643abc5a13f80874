"""Sizes of formulas, and the room between their parts.

Sources: Knuth, The TeXbook (1984), chapter 17 for the styles, chapter 18 for the spaces. A space is
given in em of the text size: TeX's mu is 1/18 em.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from functools import cached_property

from bp_gui.explain.mathematics import Space

MU = 1 / 18
THIN, MEDIUM, THICK = 3 * MU, 4 * MU, 5 * MU


class Level(IntEnum):
    """How deep a formula is nested, the largest first."""

    DISPLAY = 0
    TEXT = 1
    SCRIPT = 2
    SCRIPT_SCRIPT = 3


@dataclass(frozen=True, eq=False)
class Style:
    """One of TeX's eight styles; there is one object of each, so compare with ``is``.

    Attributes
    ----------
    level
        How deep.
    cramped
        Whether superscripts are raised less, as below a line.
    """

    level: Level
    cramped: bool = False

    @property
    def is_small(self) -> bool:
        """Whether it is one of the sizes in which signs stand close together."""
        return self.level >= Level.SCRIPT

    @cached_property
    def sup(self) -> Style:
        """The style of a superscript."""
        return _STYLES[_SCRIPT_OF[self.level], self.cramped]

    @cached_property
    def sub(self) -> Style:
        """The style of a subscript."""
        return _STYLES[_SCRIPT_OF[self.level], True]

    @cached_property
    def numerator(self) -> Style:
        """The style above a fraction's line."""
        return _STYLES[_PART_OF[self.level], self.cramped]

    @cached_property
    def denominator(self) -> Style:
        """The style below a fraction's line."""
        return _STYLES[_PART_OF[self.level], True]

    @cached_property
    def as_cramped(self) -> Style:
        """The same size, with superscripts raised less."""
        return _STYLES[self.level, True]

    @cached_property
    def as_text(self) -> Style:
        """The style of a cell: never larger than text."""
        return _STYLES[max(self.level, Level.TEXT), self.cramped]


_SCRIPT_OF = (Level.SCRIPT, Level.SCRIPT, Level.SCRIPT_SCRIPT, Level.SCRIPT_SCRIPT)
_PART_OF = (Level.TEXT, Level.SCRIPT, Level.SCRIPT_SCRIPT, Level.SCRIPT_SCRIPT)
_STYLES = {(level, cramped): Style(level, cramped) for level in Level for cramped in (False, True)}
DISPLAY = _STYLES[Level.DISPLAY, False]
TEXT = _STYLES[Level.TEXT, False]


class Atom(Enum):
    """TeX's classes of what stands in a row; the value is its place in the table of spaces."""

    ORD = 0
    OP = 1
    BIN = 2
    REL = 3
    OPEN = 4
    CLOSE = 5
    PUNCT = 6
    INNER = 7


ATOM_OF = {
    Space.ORDINARY: Atom.ORD,
    Space.FUNCTION: Atom.OP,
    Space.BINARY: Atom.BIN,
    Space.RELATION: Atom.REL,
    Space.PUNCTUATION: Atom.PUNCT,
}

# The TeXbook, page 170: a row for the left part, a column for the right one. Lower case letters
# leave their space out in scripts.
_TABLE = (
    "0Tmk000t",
    "TT0k000t",
    "mm00m00m",
    "kk00k00k",
    "00000000",
    "0Tmk000t",
    "tt0ttttt",
    "tTmkt0tt",
)
_ROOM = {"0": 0.0, "T": THIN, "t": THIN, "m": MEDIUM, "k": THICK}
_SPACES = {
    (left, right, small): _ROOM[code] if not (small and code.islower()) else 0.0
    for left in Atom
    for right in Atom
    for small in (False, True)
    for code in (_TABLE[left.value][right.value],)
}
_NO_OPERAND = frozenset({Atom.BIN, Atom.OP, Atom.REL, Atom.OPEN, Atom.PUNCT})
_NOTHING_FOLLOWS = frozenset({Atom.REL, Atom.CLOSE, Atom.PUNCT})


def room_between(left: Atom, right: Atom, *, small: bool) -> float:
    """Return the space between two neighbours, in em of their own size."""
    return _SPACES[left, right, small]


def is_sign(left: Atom | None, right: Atom | None) -> bool:
    """Return whether an operator between these neighbours is a mere sign, as in ``= −x``."""
    return left is None or left in _NO_OPERAND or right is None or right in _NOTHING_FOLLOWS
