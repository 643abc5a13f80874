"""Expressions as NumPy code, so that a formula of the registries can be run elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bp_gui.engine.arrays import Array
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
from bp_gui.explain.formulas import parse_formula

_FUNCTIONS: Final = MappingProxyType(
    {
        "exp": "np.exp({0})",
        "ln": "np.log({0})",
        "tanh": "np.tanh({0})",
        "σ": "1 / (1 + np.exp(-({0})))",
        "max": "np.maximum({0}, {1})",
        "min": "np.minimum({0}, {1})",
        "sign": "np.sign({0})",
    }
)
_CONSTANTS: Final = MappingProxyType({"½": "0.5", "π": "np.pi", "e": "np.e"})
_COMPARISONS: Final = MappingProxyType({"≤": "<=", "≥": ">=", "=": "==", "<": "<", ">": ">"})


def numpy_code(text: str, names: Mapping[str, str]) -> str:
    """Return a formula of a registry as one NumPy expression.

    Parameters
    ----------
    text
        The formula; what it defines on the way is put in its place.
    names
        What the letters are called in the code; others keep their name.
    """
    formula = parse_formula(text)
    known = dict(names)
    for name, definition in formula.definitions:
        known[name] = f"({code_of(definition, known)})"
    return code_of(formula.body, known)


def array_code(values: Array) -> str:
    """Return an array as a literal that reads back bit for bit."""
    numbers = str(values.tolist()).replace("nan", "np.nan").replace("inf", "np.inf")
    return f"np.array({numbers})"


def code_of(expression: Expression, names: Mapping[str, str]) -> str:
    """Return an expression as NumPy code."""

    def inner(part: Expression) -> str:
        return code_of(part, names)

    match expression:
        case Constant(text):
            return _CONSTANTS.get(text, text)
        case Variable(name):
            return names.get(name, name)
        case Total(terms):
            return _total(terms, names)
        case Product(factors):
            return " * ".join(_operand(factor, names) for factor in factors)
        case Quotient(top, bottom):
            below = _operand(bottom, names)
            below = f"({below})" if isinstance(bottom, Product | Quotient | Call) else below
            return f"{_operand(top, names)} / {below}"
        case Negated(part):
            return f"-{_operand(part, names)}"
        case Power(Constant("e"), exponent):
            return f"np.exp({inner(exponent)})"
        case Power(base, exponent):
            below = inner(base) if isinstance(base, Variable) else f"({inner(base)})"
            return f"{below}**{_operand(exponent, names)}"
        case SquareRoot(part):
            return f"np.sqrt({inner(part)})"
        case Magnitude(part):
            return f"np.abs({inner(part)})"
        case Call(name, arguments):
            return _FUNCTIONS[name].format(*map(inner, arguments))
        case SumOver(_, body):
            return f"np.sum({inner(body)})"
        case Choice():
            return _choice(expression, names)


def _total(terms: tuple[tuple[int, Expression], ...], names: Mapping[str, str]) -> str:
    pieces = []
    for position, (sign, term) in enumerate(terms):
        mark = "-" if sign < 0 else "" if position == 0 else "+"
        code = code_of(term, names)
        code = f"({code})" if isinstance(term, Total | Negated) else code
        pieces.append(f"{mark}{code}" if position == 0 else f"{mark} {code}")
    return " ".join(pieces)


def _operand(expression: Expression, names: Mapping[str, str]) -> str:
    code = code_of(expression, names)
    is_open = isinstance(expression, Total | Negated) or code.startswith("1 / (1 +")
    return f"({code})" if is_open else code


def _choice(choice: Choice, names: Mapping[str, str]) -> str:
    code = code_of(choice.otherwise, names)
    for chosen, condition in reversed(choice.cases):
        code = f"np.where({_condition(condition, names)}, {code_of(chosen, names)}, {code})"
    return code


def _condition(condition: Condition, names: Mapping[str, str]) -> str:
    left, right = code_of(condition.left, names), code_of(condition.right, names)
    return f"{left} {_COMPARISONS[condition.sign]} {right}"
