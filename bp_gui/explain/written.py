"""Mathematics as text: LaTeX, and one line of Unicode.

Both writers are total: every tree has a text, with the digits that are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bp_gui.explain.mathematics import (
    Accent,
    Cases,
    Fence,
    Fenced,
    Fraction,
    Linked,
    Mark,
    Matrix,
    Node,
    Number,
    Root,
    Row,
    Scripts,
    Space,
    Sum,
    Symbol,
    Under,
    Words,
)
from bp_gui.explain.numbers import MINUS, format_number

Digits = int
"""How numbers are shown: significant digits, 3 to 17, or `Decimals`, as many behind the point."""


def write_number(value: float, digits: Digits) -> str:
    """Return a number in the window's typography."""
    return format_number(value, digits)


def to_text(node: Node, digits: Digits) -> str:
    """Return one line of Unicode that says what the node says.

    Numerals as subscripts follow their letter as they do in names (``w5``, ``β1``); other
    subscripts are marked (``z_h1``). Fractions become quotients with the parentheses that they
    need.
    """
    return _Plain(digits).text(node)


def to_latex(node: Node, digits: Digits) -> str:
    """Return LaTeX for mathematics mode; it needs the package amsmath."""
    return _Latex(digits).text(node)


def words_to_latex(text: str) -> str:
    """Return words as LaTeX for a paragraph or a heading; Greek letters stand as mathematics."""
    return _escaped(text, _IN_TEXT)


_SUPERSCRIPTS: Final = str.maketrans("0123456789+−()nmklij", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿᵐᵏˡⁱʲ")
_SUBSCRIPTS: Final = str.maketrans("0123456789+−", "₀₁₂₃₄₅₆₇₈₉₊₋")
_SMALL_RAISED: Final = frozenset("0123456789+−()nmklij")
_VULGAR: Final = {("1", "2"): "½"}


@dataclass(frozen=True)
class _Plain:
    digits: Digits

    def text(self, node: Node) -> str:
        match node:
            case Symbol(text):
                return " " if text == "\N{INVISIBLE TIMES}" else text
            case Number(value):
                return write_number(value, self.digits)
            case Words(text):
                return text
            case Row(items):
                return self._row(items)
            case Fraction(top, bottom):
                vulgar = _VULGAR.get((self.text(top), self.text(bottom)))
                return vulgar or f"{self._operand(top)}/{self._operand(bottom)}"
            case Scripts():
                return self._scripts(node)
            case Fenced(inner, fence):
                return f"{fence.value[0]}{self.text(inner)}{fence.value[1]}"
            case Root(inner):
                return f"√{self._operand(inner)}"
            case Accent(inner, mark):
                return f"{self.text(inner)}{mark.value}"
            case Sum(body, under, over):
                bounds = self._bound("_", under) + self._bound("^", over)
                return f"∑{bounds} {self.text(body)}"
            case Matrix(rows):
                return "[" + "; ".join(", ".join(map(self.text, cells)) for cells in rows) + "]"
            case Cases(rows):
                return ", ".join(f"{self.text(v)} {self.text(c)}" for v, c in rows)
            case Under(inner, label):
                return f"{self.text(inner)} [{self.text(label)}]"
            case Linked(inner):
                return self.text(inner)

    def _row(self, items: tuple[Node, ...]) -> str:
        """Join the parts with the spaces that their classes want."""
        pieces: list[str] = []
        for index, item in enumerate(items):
            text = self.text(item)
            if not isinstance(item, Symbol):
                pieces.append(f" {text} " if isinstance(item, Words) else text)
            elif item.space in (Space.BINARY, Space.RELATION):
                pieces.append(f" {text} " if pieces else f"{text} ")
            else:
                needs_room = item.space is Space.PUNCTUATION or (
                    item.space is Space.FUNCTION and not _starts_fenced(items[index + 1 :])
                )
                pieces.append(f"{text} " if needs_room else text)
        return re.sub(" {2,}", " ", "".join(pieces)).strip()

    def _scripts(self, node: Scripts) -> str:
        base = self.text(node.base) if _is_one_piece(node.base) else f"({self.text(node.base)})"
        sub = "" if node.sub is None else self.text(node.sub)
        sup = "" if node.sup is None else self.text(node.sup)
        raised = self._raised(sup)
        if sub.isdecimal() and sup and raised == sup.translate(_SUPERSCRIPTS):
            return f"{base}{raised}{sub.translate(_SUBSCRIPTS)}"
        # A point inside a name, as in h2·1, has no spaces around it and is no product.
        if sub and not sub.replace("·", "").isdecimal():
            sub = f"_{sub}" if sub.replace("·", "").isalnum() else f"_({sub})"
        return f"{base}{sub}{raised}"

    def _raised(self, sup: str) -> str:
        if sup in ("′", ""):
            return sup
        if sup == "T":
            return "ᵀ"
        if set(sup) <= _SMALL_RAISED:
            return sup.translate(_SUPERSCRIPTS)
        return f"^{sup}" if sup.isalnum() else f"^({sup})"

    def _bound(self, sign: str, bound: Node | None) -> str:
        if bound is None:
            return ""
        text = self.text(bound)
        return f"{sign}{text}" if text.isalnum() else f"{sign}({text})"

    def _operand(self, node: Node) -> str:
        text = self.text(node)
        return text if _is_one_piece(node) else f"({text})"


def _starts_fenced(items: tuple[Node, ...]) -> bool:
    return bool(items) and isinstance(_opened(items[0]), Fenced)


def _opened(node: Node) -> Node:
    """Return what a link shows."""
    while isinstance(node, Linked):
        node = node.inner
    return node


def _is_one_piece(node: Node) -> bool:
    """Whether a node can stand in a quotient or under a power without parentheses."""
    node = _opened(node)
    if isinstance(node, Fraction | Sum | Cases):
        return False
    if isinstance(node, Row):
        return all(
            not (isinstance(item, Symbol) and item.space is not Space.ORDINARY)
            and not (isinstance(item, Symbol) and item.text in ("−", "\N{INVISIBLE TIMES}"))
            and _is_one_piece(item)
            for item in map(_opened, node.items)
        )
    return not (isinstance(node, Number) and str(node.value).startswith("-"))


_LETTERS: Final = {
    "α": r"\alpha",
    "β": r"\beta",
    "γ": r"\gamma",
    "δ": r"\delta",
    "ε": r"\varepsilon",
    "η": r"\eta",
    "θ": r"\theta",
    "λ": r"\lambda",
    "μ": r"\mu",
    "π": r"\pi",
    "ρ": r"\rho",
    "σ": r"\sigma",
    "Δ": r"\Delta",
    "Σ": r"\Sigma",
    "∂": r"\partial",
    "∇": r"\nabla",
    "·": r"\cdot",
    "×": r"\times",
    "⊙": r"\odot",
    "−": "-",
    "←": r"\leftarrow",
    "→": r"\to",
    "≈": r"\approx",
    "≤": r"\le",
    "≥": r"\ge",
    "≠": r"\ne",
    "∈": r"\in",
    "∞": r"\infty",
    "…": r"\dots",
    "⋮": r"\vdots",
    "⋱": r"\ddots",
    "′": r"\prime",
    "½": r"\tfrac{1}{2}",
    "\N{INVISIBLE TIMES}": r"\,",
    "\\": r"\backslash",
    "~": r"\sim",
    "^": r"\wedge",
    "<": "<",
    ">": ">",
    **{sign: f"\\{sign}" for sign in "#$%&_{}"},
}
_IN_TEXT: Final = {
    **{sign: f"${macro}$" for sign, macro in _LETTERS.items() if not sign.isascii()},
    **{
        raised: rf"\textsuperscript{{{plain}}}"
        for raised, plain in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾", "0123456789()", strict=True)
    },
    **{
        lowered: rf"\textsubscript{{{plain}}}"
        for lowered, plain in zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)
    },
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "#$%&_{}"},
}
_NAMED: Final = frozenset({"ln", "tanh", "max", "min", "exp", "sinh", "cosh", "log"})
_FENCES: Final = {
    Fence.ROUND: ("(", ")"),
    Fence.SQUARE: ("[", "]"),
    Fence.BARS: (r"\lvert ", r"\rvert "),
    Fence.NORM: (r"\lVert ", r"\rVert "),
}
_MARKS: Final = {Mark.HAT: r"\hat", Mark.BAR: r"\bar"}


@dataclass(frozen=True)
class _Latex:
    digits: Digits

    def text(self, node: Node) -> str:
        match node:
            case Symbol():
                return _latex_symbol(node)
            case Number(value):
                return _latex_number(write_number(value, self.digits))
            case Words(text):
                return rf"\text{{{_escaped(text, _IN_TEXT)}}}"
            case Row(items):
                return self._row(items)
            case Fraction(top, bottom):
                return rf"\frac{{{self.text(top)}}}{{{self.text(bottom)}}}"
            case Scripts(base, sub, sup):
                lower = "" if sub is None else f"_{{{self.text(sub)}}}"
                upper = "" if sup is None else f"^{{{self.text(sup)}}}"
                return f"{{{self.text(base)}}}{lower}{upper}"
            case Fenced(inner, fence):
                opening, closing = _FENCES[fence]
                return rf"\left{opening}{self.text(inner)}\right{closing}"
            case Root(inner):
                return rf"\sqrt{{{self.text(inner)}}}"
            case Accent(inner, mark):
                return f"{_MARKS[mark]}{{{self.text(inner)}}}"
            case Sum(body, under, over):
                lower = "" if under is None else f"_{{{self.text(under)}}}"
                upper = "" if over is None else f"^{{{self.text(over)}}}"
                return rf"\sum{lower}{upper} {self.text(body)}"
            case Matrix(rows):
                return self._table("bmatrix", rows, self.text)
            case Cases(rows):
                return self._table("cases", rows, self.text)
            case Under(inner, label):
                return rf"\underset{{{self.text(label)}}}{{{self.text(inner)}}}"
            case Linked(inner):
                return self.text(inner)

    def _row(self, items: tuple[Node, ...]) -> str:
        pieces = []
        for item in items:
            spaced = isinstance(item, Words)
            pieces.append(rf"\;{self.text(item)}\;" if spaced else self.text(item))
        return " ".join(pieces)

    @staticmethod
    def _table(name: str, rows: tuple[tuple[Node, ...], ...], write: Callable[[Node], str]) -> str:
        body = r" \\ ".join(" & ".join(map(write, cells)) for cells in rows)
        return rf"\begin{{{name}}} {body} \end{{{name}}}"


def _latex_symbol(symbol: Symbol) -> str:
    text = symbol.text
    if text in _NAMED:
        return f"\\{text}"
    escaped = _escaped(text, _LETTERS)
    if symbol.upright:
        command = "operatorname" if symbol.space is Space.FUNCTION else "mathrm"
        return rf"\{command}{{{escaped}}}"
    is_word = len(text) > 1 and text.isalnum() and not text.isdecimal()
    return rf"\mathit{{{escaped}}}" if is_word else escaped


def _escaped(text: str, macros: dict[str, str]) -> str:
    """Return the text with every sign as LaTeX writes it, macros kept apart from letters."""
    pieces = []
    for sign in text:
        macro = macros.get(sign, sign)
        pieces.append(f"{macro} " if macro != sign and macro[-1].isalpha() else macro)
    return "".join(pieces).strip()


def _latex_number(text: str) -> str:
    if text == "NaN":
        return r"\mathrm{NaN}"
    text = text.replace("∞", r"\infty").replace(MINUS, "-")
    mantissa, mark, exponent = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{exponent}}}" if mark else text
