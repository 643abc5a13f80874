"""Mathematics as frozen data: what a line of a formula is made of, before anybody draws it.

A node says what stands where, not how large or in which colour. The same tree is painted in the
window, written as LaTeX or as one line of Unicode (`bp_gui.explain.written`), and read back as
arithmetic (`bp_gui.explain.arithmetic`). Numbers stay numbers: how many digits they show is chosen
when they are shown.

Any part can carry a meaning. `Symbol` and `Number` hold the `Ref` of the quantity that they stand
for, so that a view can highlight every appearance of a selection. `Linked` makes a part lead to
an explanation.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from bp_gui.engine.names import Ref


class Space(Enum):
    """How much room a symbol wants beside it; the classes are TeX's.

    Source: Knuth, The TeXbook (1984), chapter 18.
    """

    ORDINARY = "ordinary"  # none
    FUNCTION = "function"  # ln, tanh: a thin space before an argument without a fence
    BINARY = "binary"  # + and ·: a medium space on both sides
    RELATION = "relation"  # = and ←: a thick space on both sides
    PUNCTUATION = "punctuation"  # a comma: a thin space after it


class Fence(Enum):
    """What encloses a part; the value is the opening and the closing sign."""

    ROUND = "()"
    SQUARE = "[]"
    BARS = "||"
    NORM = "‖‖"


class Mark(Enum):
    """What stands over a symbol; the value is the combining character."""

    HAT = "\N{COMBINING CIRCUMFLEX ACCENT}"
    BAR = "\N{COMBINING OVERLINE}"


@dataclass(frozen=True)
class Symbol:
    """A letter, a sign or a function's name.

    Attributes
    ----------
    text
        One or more characters, set as one.
    ref
        The quantity it stands for, if it is one.
    upright
        Whether it is set upright, as functions are, and not in italics as quantities.
    space
        Which room it wants.
    """

    text: str
    ref: Ref | None = None
    upright: bool = False
    space: Space = Space.ORDINARY


@dataclass(frozen=True)
class Number:
    """A value; its digits are chosen when it is shown.

    Attributes
    ----------
    value
        Any float64, also an infinity or NaN.
    ref
        The quantity whose value it is, if it is one.
    """

    value: float
    ref: Ref | None = None


@dataclass(frozen=True)
class Words:
    """Words of a sentence inside a formula, set upright in the text's type."""

    text: str


@dataclass(frozen=True)
class Row:
    """Parts side by side on one base line."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Fraction:
    """``top`` over ``bottom``, with a line between."""

    top: Node
    bottom: Node


@dataclass(frozen=True)
class Scripts:
    """A base with something small below right, above right, or both."""

    base: Node
    sub: Node | None = None
    sup: Node | None = None


@dataclass(frozen=True)
class Fenced:
    """A part between two fences as high as it is."""

    inner: Node
    fence: Fence = Fence.ROUND


@dataclass(frozen=True)
class Root:
    """The square root of ``inner``."""

    inner: Node


@dataclass(frozen=True)
class Accent:
    """``inner`` with a mark over it."""

    inner: Node
    mark: Mark = Mark.HAT


@dataclass(frozen=True)
class Sum:
    """A large ∑ with its bounds, and what it adds up.

    Attributes
    ----------
    body
        The term.
    under, over
        What stands below and above the sign.
    """

    body: Node
    under: Node | None = None
    over: Node | None = None


@dataclass(frozen=True)
class Matrix:
    """Cells in rows and columns between square brackets; a vector has one column.

    Attributes
    ----------
    rows
        The cells that are shown, equally many in each row. Where rows or columns are left out,
        one row or column of ellipses (⋮, …, ⋱) stands for them.
    shape
        Rows and columns of the whole matrix, also of what is left out.
    """

    rows: tuple[tuple[Node, ...], ...]
    shape: tuple[int, int]


@dataclass(frozen=True)
class Cases:
    """A choice between values: a large brace, and in each row a value and its condition."""

    rows: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True)
class Under:
    """``inner`` with a small label centred below it, such as a matrix with its dimensions."""

    inner: Node
    label: Node


@dataclass(frozen=True)
class Linked:
    """A part that leads somewhere when it is clicked.

    Attributes
    ----------
    inner
        What is shown.
    target
        A `Ref` or another target of `bp_gui.explain.targets`; it can be compared and hashed.
    """

    inner: Node
    target: Hashable


Node = (
    Symbol
    | Number
    | Words
    | Row
    | Fraction
    | Scripts
    | Fenced
    | Root
    | Accent
    | Sum
    | Matrix
    | Cases
    | Under
    | Linked
)


def binary(text: str) -> Symbol:
    """Return an operator between two operands."""
    return Symbol(text, space=Space.BINARY)


def relation(text: str) -> Symbol:
    """Return a relation between two sides."""
    return Symbol(text, space=Space.RELATION)


def function(text: str) -> Symbol:
    """Return a function's name, which is set upright."""
    return Symbol(text, upright=True, space=Space.FUNCTION)


ADD: Final = binary("+")
SUBTRACT: Final = binary("−")
TIMES: Final = binary("·")  # a product
HADAMARD: Final = binary("⊙")  # a product cell by cell
NEGATIVE: Final = Symbol("−")  # a sign, not an operator
JUXTAPOSED: Final = Symbol("\N{INVISIBLE TIMES}")  # a product by a thin space: a (1 − a)
EQUALS: Final = relation("=")
BECOMES: Final = relation("←")
COMMA: Final = Symbol(",", space=Space.PUNCTUATION)
PARTIAL: Final = Symbol("∂")
PRIME: Final = Symbol("′")  # as a superscript: f′
TRANSPOSED: Final = Symbol("T", upright=True)  # as a superscript: Wᵀ
DOTS: Final = Symbol("…")
DOTS_DOWN: Final = Symbol("⋮")
DOTS_DIAGONAL: Final = Symbol("⋱")
HALF: Final = Fraction(Symbol("1"), Symbol("2"))


def row(*items: Node) -> Node:
    """Return the items side by side; one item stays itself, rows inside are opened."""
    flat: list[Node] = []
    for item in items:
        flat.extend(item.items if isinstance(item, Row) else (item,))
    return flat[0] if len(flat) == 1 else Row(tuple(flat))


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts directly inside a node, in reading order."""
    match node:
        case Symbol() | Number() | Words():
            return ()
        case Row(items):
            return items
        case Fraction(top, bottom):
            return (top, bottom)
        case Scripts(base, sub, sup):
            return tuple(part for part in (base, sub, sup) if part is not None)
        case Sum(body, under, over):
            return tuple(part for part in (under, over, body) if part is not None)
        case Matrix(rows) | Cases(rows):
            return tuple(cell for cells in rows for cell in cells)
        case Under(inner, label):
            return (inner, label)
        case Fenced(inner) | Root(inner) | Accent(inner) | Linked(inner):
            return (inner,)


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything inside it, in reading order."""
    yield node
    for child in children(node):
        yield from walk(child)
