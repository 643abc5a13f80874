"""Expressions: what a formula of the registries means, as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Constant:
    """A number that the formula itself holds, as it is written there: ``1``, ``½``, ``π``."""

    text: str


@dataclass(frozen=True)
class Variable:
    """A letter: ``z``, ``β₁``, ``v̂``, ``z_j``."""

    name: str


@dataclass(frozen=True)
class Total:
    """A sum; each term has the sign +1 or −1."""

    terms: tuple[tuple[int, Expression], ...]


@dataclass(frozen=True)
class Product:
    """Factors side by side."""

    factors: tuple[Expression, ...]


@dataclass(frozen=True)
class Quotient:
    """``top`` through ``bottom``."""

    top: Expression
    bottom: Expression


@dataclass(frozen=True)
class Negated:
    """``−inner``."""

    inner: Expression


@dataclass(frozen=True)
class Power:
    """``base`` to the ``exponent``."""

    base: Expression
    exponent: Expression


@dataclass(frozen=True)
class SquareRoot:
    """``√inner``."""

    inner: Expression


@dataclass(frozen=True)
class Magnitude:
    """``|inner|``."""

    inner: Expression


@dataclass(frozen=True)
class Call:
    """A function of arguments; its name is one of `arithmetic.FUNCTIONS`."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True)
class SumOver:
    """``Σ_index body``: over all members of the families that the body names."""

    index: str
    body: Expression


@dataclass(frozen=True)
class Condition:
    """``left sign right`` with one of ``< > ≤ ≥ =``."""

    left: Expression
    sign: str
    right: Expression


@dataclass(frozen=True)
class Choice:
    """The first expression whose condition holds, else ``otherwise``."""

    cases: tuple[tuple[Expression, Condition], ...]
    otherwise: Expression


Expression = (
    Constant
    | Variable
    | Total
    | Product
    | Quotient
    | Negated
    | Power
    | SquareRoot
    | Magnitude
    | Call
    | SumOver
    | Choice
)
