r"""Reads one line of LaTeX into mathematics: the few commands that formulas as data use.

Scripts, ``\frac`` and ``\tfrac``, ``\sqrt``, ``\hat``, ``\mathrm``, ``\sum``, ``\lVert … \rVert``,
``\text``, parentheses, Greek letters and signs. Sizes (``\bigl``, ``\textstyle``) are the
typesetter's business and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from bp_gui.explain.mathematics import (
    ADD,
    BECOMES,
    COMMA,
    EQUALS,
    HADAMARD,
    JUXTAPOSED,
    NEGATIVE,
    PARTIAL,
    PRIME,
    SUBTRACT,
    TRANSPOSED,
    Accent,
    Fence,
    Fenced,
    Fraction,
    Node,
    Root,
    Scripts,
    Space,
    Sum,
    Symbol,
    Words,
    function,
    row,
)

_TOKEN = re.compile(r"(?<=\\text\{)[^}]*|\\[A-Za-z]+|\\.|\S")
_IGNORED = frozenset({r"\bigl", r"\bigr", r"\textstyle", r"\displaystyle"})
_SYMBOLS: Final[Mapping[str, Node]] = {
    "=": EQUALS,
    "+": ADD,
    ",": COMMA,
    "/": Symbol("/"),
    r"\,": JUXTAPOSED,
    r"\ ": JUXTAPOSED,
    r"\leftarrow": BECOMES,
    r"\odot": HADAMARD,
    r"\partial": PARTIAL,
    r"\nabla": Symbol("∇"),
    r"\delta": Symbol("δ"),
    r"\Delta": Symbol("Δ"),
    r"\eta": Symbol("η"),
    r"\mu": Symbol("μ"),
    r"\lambda": Symbol("λ"),
    r"\varepsilon": Symbol("ε"),
    r"\min": function("min"),
    r"\max": function("max"),
}


class LatexError(ValueError):
    """A line has something that is not read here."""


def read_latex(text: str, letters: Mapping[str, str] | None = None) -> Node:
    r"""Return a line of LaTeX as mathematics.

    Parameters
    ----------
    text
        For instance ``\delta^{l} = W^{l+1} \delta^{l+1}``.
    letters
        What stands for the scripts that name a layer: ``{"l": "1", "l+1": "2"}``. A layer then
        stands below its letter, as in the equations between matrices, and layer 0 is ``x``.

    Raises
    ------
    LatexError
        If a command is not known, or a brace or a parenthesis is not closed.
    """
    reader = _Reader(_TOKEN.findall(text), letters or {})
    return reader.until(None)


class _Reader:
    """Goes through the tokens from left to right."""

    def __init__(self, tokens: list[str], letters: Mapping[str, str]) -> None:
        self._tokens, self._letters = tokens, letters
        self._place = 0

    def until(self, end: str | None) -> Node:
        """Return what stands before a token, and go behind it."""
        items: list[Node] = []
        while (token := self._next(end)) != end:
            if token not in _IGNORED:
                items.append(self._sum() if token == r"\sum" else self._scripted(token, items))
        return row(*items)

    def _next(self, wanted: str | None) -> str | None:
        if self._place == len(self._tokens):
            if wanted is not None:
                raise LatexError(f"{wanted} is missing at the end")
            return None
        self._place += 1
        return self._tokens[self._place - 1]

    def _scripted(self, token: str | None, before: list[Node]) -> Node:
        node = self._atom(token, before)
        sub, sup = self._scripts()
        if sub == Symbol("0") and self._letters:
            return Symbol("x")
        if sub is sup is None:
            return node
        if isinstance(node, Fenced) and sub is None and _is_one_letter(node.inner):
            inner = node.inner if isinstance(node.inner, Scripts) else Scripts(node.inner)
            return Scripts(inner.base, inner.sub, sup)
        return Scripts(node, sub, sup)

    def _scripts(self) -> tuple[Node | None, Node | None]:
        """Return what stands small below and above, and go behind it."""
        below: list[Node] = []
        above: list[Node] = []
        while self._peek() in ("_", "^", "'"):
            token = self._next("a script")
            if token == "'":
                above.append(PRIME)
                continue
            start = self._place
            node = self._group()
            layer = self._letters.get("".join(self._tokens[start : self._place]).strip("{}"))
            if layer is not None:
                below.append(Symbol(layer))
            elif token == "_":
                below += [COMMA, node] if below else [node]
            else:
                above.append(node)
        return row(*below) if below else None, row(*above) if above else None

    def _peek(self) -> str | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _group(self) -> Node:
        """Return what stands between braces, or the one token without any."""
        token = self._next("a brace")
        return self.until("}") if token == "{" else self._atom(token, [])

    def _atom(self, token: str | None, before: list[Node]) -> Node:
        assert token is not None
        if token in _SYMBOLS:
            return _SYMBOLS[token]
        if token in _COMMANDS:
            return _COMMANDS[token](self)
        if token == "-":
            return SUBTRACT if before and not _opens(before[-1]) else NEGATIVE
        if token == "(":
            return Fenced(self.until(")"))
        if token == r"\lVert":
            return Fenced(self.until(r"\rVert"), Fence.NORM)
        if token == "{":
            return self.until("}")
        if token.isalnum():
            return Symbol(token)
        raise LatexError(f"{token} is not read")

    def words(self) -> Node:
        """Return the words of the group that follows."""
        end = self._tokens.index("}", self._place)
        words = "".join(self._tokens[self._place + 1 : end])
        self._place = end + 1
        return Words(words)

    def _sum(self) -> Node:
        """Return a sum over the one product that follows: up to the next relation or sign."""
        under, over = self._scripts()
        items: list[Node] = []
        while (token := self._peek()) is not None and token not in _AFTER_SUM:
            self._place += 1
            if token not in _IGNORED:
                items.append(self._scripted(token, items))
        return Sum(row(*items), under, over)

    def fraction(self) -> Node:
        """Return a fraction of the two groups that follow."""
        return Fraction(self._group(), self._group())

    def root(self) -> Node:
        """Return the root of the group that follows."""
        return Root(self._group())

    def hat(self) -> Node:
        """Return the group that follows with a hat."""
        return Accent(self._group())

    def upright(self) -> Node:
        """Return letters that are one word, set upright."""
        if self._peek() != "{":
            return TRANSPOSED if self._next("a letter") == "T" else Symbol("")
        end = self._tokens.index("}", self._place)
        word = "".join(self._tokens[self._place + 1 : end])
        self._place = end + 1
        return Symbol(word, upright=True)


_COMMANDS: Final[Mapping[str, Callable[[_Reader], Node]]] = {
    r"\frac": _Reader.fraction,
    r"\tfrac": _Reader.fraction,
    r"\sqrt": _Reader.root,
    r"\hat": _Reader.hat,
    r"\mathrm": _Reader.upright,
    r"\mathsf": _Reader.upright,
    r"\text": _Reader.words,
}
_AFTER_SUM = frozenset({"=", "+", ")", "}", r"\leftarrow"})


def _opens(node: Node) -> bool:
    """Whether a minus after it is a sign and not an operator."""
    return isinstance(node, Symbol) and node.space in (Space.RELATION, Space.BINARY)


def _is_one_letter(node: Node) -> bool:
    """Whether it is a letter, perhaps with something below it: it needs no parentheses."""
    bare = node.base if isinstance(node, Scripts) and node.sup is None else node
    return isinstance(bare, Symbol)
