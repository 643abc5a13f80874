"""The language in which the registries write their formulas, and how it is read.

A formula is one line of text that a person can read as it is: ``½ z (1 + T), T = tanh(√(2/π) z)``.

- Letters are single (``z``, ``η``); a hat (``m̂``), small digits (``β₁``) or an index (``z_j``)
  belong to them, and so does a leading Δ.
- Side by side means a product; it binds like ``/``, from left to right. ``−`` is U+2212.
- Powers are ``²``, ``³``, ``ⁿ`` or ``^`` with a letter or a parenthesis after it.
- Functions are those of `bp_gui.explain.arithmetic`; ``√`` and ``ln`` take what follows at once.
- ``Σ_j`` adds up what follows at once over all j.
- ``x if z > 0, else y`` chooses; further cases stand between commas.
- Definitions follow a comma (``T = …``). Steps of an optimizer stand between semicolons;
  ``v ← …`` replaces what is remembered, ``m̂ = …`` names a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from bp_gui.explain.arithmetic import FUNCTIONS
from bp_gui.explain.expressions import (
    Call,
    Choice,
    Condition,
    Constant,
    Expression,
    Magnitude,
    Negated,
    Power,
    Product,
    Quotient,
    SquareRoot,
    SumOver,
    Total,
    Variable,
)


@dataclass(frozen=True)
class Formula:
    """An expression and the definitions that it uses.

    Attributes
    ----------
    body
        The expression.
    definitions
        Names and what they stand for, in the order of computation.
    """

    body: Expression
    definitions: tuple[tuple[str, Expression], ...] = ()


@dataclass(frozen=True)
class Step:
    """One step of an optimizer: ``name ← body`` if it is remembered, else ``name = body``."""

    name: str
    body: Expression
    is_remembered: bool


class FormulaError(ValueError):
    """A text that is not of the language; the message quotes it and the place."""


@cache
def parse_formula(text: str) -> Formula:
    """Return what a formula of an activation or a cost says.

    Raises
    ------
    FormulaError
        If the text cannot be read.
    """
    reader = _Reader(text)
    body = reader.choice()
    definitions = []
    while reader.take(","):
        name = reader.name()
        reader.expect("=")
        definitions.append((name, reader.sum()))
    reader.end()
    return Formula(body, tuple(definitions))


@cache
def parse_steps(text: str) -> tuple[Step, ...]:
    """Return the steps of an optimizer's formula.

    Raises
    ------
    FormulaError
        If the text cannot be read.
    """
    reader = _Reader(text)
    steps = []
    while True:
        name = reader.name()
        is_remembered = reader.take("←")
        if not is_remembered:
            reader.expect("=")
        steps.append(Step(name, reader.sum(), is_remembered))
        if not reader.take(";"):
            break
    reader.end()
    return tuple(steps)


_SUPERSCRIPTS: Final[dict[str, Expression]] = {
    "²": Constant("2"),
    "³": Constant("3"),
    "ⁿ": Variable("n"),
}
_WORDS: Final = frozenset({"if", "else"})
_TOKEN: Final = re.compile(
    r"""\s*(
        \d+(?:\.\d+)?                     # a number
      | [a-z]{2,}                         # a function or a word
      | Δ?[A-Za-zα-ω]\u0302?[₀-₉]*(?:_[a-z])?   # a letter with what belongs to it
      | Σ_[a-z]
      | [-+−·/^()|√,;=←≤≥<>²³ⁿ½]
    )""",
    re.VERBOSE,
)
_STARTS_OPERAND: Final = re.compile(r"[\d½√(Σ]|Δ?[A-Za-zα-ω]")


class _Reader:
    """Reads tokens from left to right; one method a level of precedence."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._split(text)
        self._at = 0
        self._inside_bars = False

    @staticmethod
    def _split(text: str) -> list[str]:
        tokens, at = [], 0
        text = text.rstrip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                raise FormulaError(f"{text!r} cannot be read from {text[at:]!r} on")
            tokens.append(match[1])
            at = match.end()
        return tokens

    @property
    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _advance(self) -> str:
        token = self._next
        self._at += 1
        return token

    def take(self, token: str) -> bool:
        """Take the token if it is the next."""
        if self._next != token:
            return False
        self._at += 1
        return True

    def expect(self, token: str) -> None:
        """Take the token, which must be the next."""
        if not self.take(token):
            raise self._error(f"{token!r} expected")

    def end(self) -> None:
        """Raise if anything is left."""
        if self._next:
            raise self._error("the end expected")

    def _error(self, what: str) -> FormulaError:
        return FormulaError(f"{self._text!r}: {what} before {self._next or 'the end'!r}")

    def name(self) -> str:
        """Take a letter."""
        if not self._is_letter():
            raise self._error("a letter expected")
        return self._advance()

    def _is_letter(self) -> bool:
        token = self._next
        return (
            token not in FUNCTIONS
            and token not in _WORDS
            and re.match(r"Δ?[A-Za-zα-ω]", token) is not None
        )

    def choice(self) -> Expression:
        """Read ``sum [if condition {, sum if condition}, else sum]``."""
        chosen = self.sum()
        if self._next != "if":
            return chosen
        cases = []
        while self.take("if"):
            cases.append((chosen, self._condition()))
            self.expect(",")
            if self.take("else"):
                return Choice(tuple(cases), self.sum())
            chosen = self.sum()
        raise self._error("'if' expected")

    def _condition(self) -> Condition:
        left = self.sum()
        sign = self._advance()
        if sign not in ("<", ">", "≤", "≥", "="):
            raise self._error("a comparison expected")
        return Condition(left, sign, self.sum())

    def sum(self) -> Expression:
        """Read terms between + and −."""
        terms = [(1, self._term())]
        while self._next in ("+", "−"):
            sign = 1 if self._advance() == "+" else -1
            terms.append((sign, self._term()))
        first = terms[0][1]
        if len(terms) == 1:
            return first
        if isinstance(first, Negated):
            terms[0] = (-1, first.inner)
        return Total(tuple(terms))

    def _term(self) -> Expression:
        if self.take("−"):
            return Negated(self._term())
        whole: Expression | None = None
        factors = [self._power()]
        while True:
            if self.take("/"):
                whole = Quotient(_product(factors), self._power())
                factors = [whole]
            elif self.take("·") or self._starts_operand():
                factors.append(self._power())
            else:
                return _product(factors)

    def _starts_operand(self) -> bool:
        token = self._next
        if token == "|":
            return not self._inside_bars
        return token not in _WORDS and _STARTS_OPERAND.match(token) is not None

    def _power(self) -> Expression:
        base = self._primary()
        if self._next in _SUPERSCRIPTS:
            return Power(base, _SUPERSCRIPTS[self._advance()])
        if self.take("^"):
            return Power(base, self._primary())
        return base

    def _primary(self) -> Expression:
        token = self._next
        if token in FUNCTIONS:
            return self._call(self._advance())
        if self._is_letter():
            return Constant(self._advance()) if token in ("e", "π") else Variable(self._advance())
        self._at += 1
        if token[:1].isdecimal() or token == "½":
            return Constant(token)
        if token.startswith("Σ_"):
            return SumOver(token[2:], self._power())
        if token == "√":
            return SquareRoot(self._primary())
        if token == "(":
            inner = self.sum()
            self.expect(")")
            return inner
        if token == "|":
            return self._magnitude()
        self._at -= 1
        raise self._error("an operand expected")

    def _magnitude(self) -> Expression:
        self._inside_bars = True
        inner = self.sum()
        self._inside_bars = False
        self.expect("|")
        return Magnitude(inner)

    def _call(self, name: str) -> Expression:
        if not self.take("("):
            return Call(name, (self._power(),))
        arguments = [self.sum()]
        while self.take(","):
            arguments.append(self.sum())
        self.expect(")")
        return Call(name, tuple(arguments))


def _product(factors: list[Expression]) -> Expression:
    return factors[0] if len(factors) == 1 else Product(tuple(factors))
