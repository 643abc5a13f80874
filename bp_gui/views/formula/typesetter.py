"""Turns nodes into boxes, and sets again only what differs from before."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from bp_gui.engine.names import Ref
from bp_gui.explain.mathematics import (
    PRIME,
    Accent,
    Cases,
    Fenced,
    Fraction,
    Linked,
    Matrix,
    Node,
    Number,
    Root,
    Row,
    Scripts,
    Sum,
    Symbol,
    Under,
    Words,
    children,
)
from bp_gui.explain.written import Digits, write_number
from bp_gui.views.formula.box import Box, Placed
from bp_gui.views.formula.constructs import Constructs
from bp_gui.views.formula.font import MathFont, math_font
from bp_gui.views.formula.growing import Growing
from bp_gui.views.formula.letters import Letters
from bp_gui.views.formula.rows import row_of
from bp_gui.views.formula.scripts import Scripting
from bp_gui.views.formula.style import DISPLAY, Style
from bp_gui.views.formula.tables import Tables

_COMMA_OF_INDICES = Symbol(",")


class Typesetter:
    """Sets formulas in one font with one choice of digits.

    Parameters
    ----------
    digits
        How numbers are shown.
    font
        The font; STIX Two Math if none is given.
    """

    def __init__(self, digits: Digits = 6, font: MathFont | None = None) -> None:
        self._font = math_font() if font is None else font
        self._digits = digits
        scales = self.scales = (1.0, 1.0, *self._font.script_scales)
        growing = Growing(self._font, scales)
        self._letters = Letters(self._font, scales)
        self._constructs = Constructs(self._font, scales, growing)
        self._scripting = Scripting(self._font, scales, growing)
        self._tables = Tables(self._font, scales, growing)

    @property
    def font(self) -> MathFont:
        """The font."""
        return self._font

    def set(self, node: Node, style: Style = DISPLAY, old: Box | None = None) -> Box:
        """Return the box of a node.

        Parameters
        ----------
        node
            The formula.
        style
            Its size.
        old
            The box of an earlier formula in its place. What is equal in both is not set again, and
            where everything is, ``old`` itself comes back.
        """
        if old is not None and (old.style is not style or type(old.node) is not type(node)):
            old = None
        if old is not None and old.node is node:
            return old
        if isinstance(node, Symbol | Words):
            return self._leaf(node, style, old)
        if isinstance(node, Number):
            return self._number(node, style, old)
        nodes = children(node)
        before: tuple[Box | None, ...] = () if old is None else old.parts
        if len(before) != len(nodes):
            before = (None,) * len(nodes)
        parts = tuple(map(self.set, nodes, _styles(node, style), before))
        if old is not None and parts == before and _frame(node) == _frame(old.node):
            return old
        box = self._composed(node, style, parts)
        box.ref = _common_ref(parts)
        return box

    def _leaf(self, node: Symbol | Words, style: Style, old: Box | None) -> Box:
        if old is not None and old.node == node:
            return old
        if isinstance(node, Symbol):
            return self._letters.symbol(node, style)
        return self._letters.words(node, style)

    def _number(self, node: Number, style: Style, old: Box | None) -> Box:
        text = write_number(node.value, self._digits)
        if old is not None and old.text == text and _frame(node) == _frame(old.node):
            return old
        return self._letters.number(node, text, style)

    def _composed(self, node: Node, style: Style, parts: tuple[Box, ...]) -> Box:
        constructs, scripting, tables = self._constructs, self._scripting, self._tables
        match node:
            case Row():
                return row_of(node, style, self.scales[style.level], parts)
            case Fraction():
                return constructs.fraction(node, style, parts)
            case Scripts(_, sub, sup):
                below = None if sub is None else parts[1]
                above = None if sup is None else parts[-1]
                if above is not None and sup == PRIME:
                    return scripting.prime(node, style, parts[0], below, above)
                return scripting.scripts(node, style, parts[0], below, above, parts)
            case Fenced():
                return constructs.fenced(node, style, parts)
            case Root():
                return constructs.root(node, style, parts)
            case Accent():
                return constructs.accent(node, style, parts)
            case Sum(_, under, over):
                below = None if under is None else parts[0]
                above = None if over is None else parts[-2]
                return scripting.sum(node, style, parts[-1], below, above, parts)
            case Matrix():
                return tables.matrix(node, style, parts)
            case Cases():
                return tables.cases(node, style, parts)
            case Under():
                return constructs.under(node, style, parts)
            case Linked():
                return _linked(node, style, parts)
            case Symbol() | Words() | Number():
                raise TypeError(f"{node} has no parts")


def _linked(node: Linked, style: Style, parts: tuple[Box, ...]) -> Box:
    (inner,) = parts
    return replace(
        inner, node=node, parts=parts, placed=(Placed(inner, 0.0, 0.0),), ink=(), rules=()
    )


def _common_ref(parts: tuple[Box, ...]) -> Ref | None:
    """Return what all parts stand for, if it is one quantity; a comma between indices is none."""
    common: Ref | None = None
    for part in parts:
        if part.ref is None:
            if part.node == _COMMA_OF_INDICES:
                continue
            return None
        if common is not None and part.ref != common:
            return None
        common = part.ref
    return common


def _styles(node: Node, style: Style) -> tuple[Style, ...]:
    """Return the style of each part."""
    match node:
        case Row(items):
            return (style,) * len(items)
        case Fraction():
            return (style.numerator, style.denominator)
        case Scripts(_, sub, sup):
            below = () if sub is None else (style.sub,)
            above = () if sup is None else (style if sup == PRIME else style.sup,)
            return (style, *below, *above)
        case Sum(_, under, over):
            below = () if under is None else (style.sub,)
            above = () if over is None else (style.sup,)
            return (*below, *above, style)
        case Matrix(rows) | Cases(rows):
            return (style.as_text,) * sum(map(len, rows))
        case Under():
            return (style, style.sub)
        case Root() | Accent():
            return (style.as_cramped,)
        case Fenced() | Linked():
            return (style,)
        case Symbol() | Words() | Number():
            return ()


def _frame(node: Node | None) -> Hashable:
    """Return what distinguishes a node from others of its type with equal parts."""
    match node:
        case Number(_, ref):
            return ref
        case Scripts(_, sub, sup):
            return (sub is None, sup is None)
        case Sum(_, under, over):
            return (under is None, over is None)
        case Matrix(rows):
            return len(rows)
        case Fenced(_, fence):
            return fence
        case Accent(_, mark):
            return mark
        case Linked(_, target):
            return target
        case _:
            return None
