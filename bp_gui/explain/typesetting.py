"""Expressions set as mathematics, with names or with numbers put in, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from bp_gui.explain.arithmetic import evaluate
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
from bp_gui.explain.mathematics import (
    ADD,
    COMMA,
    HALF,
    JUXTAPOSED,
    NEGATIVE,
    SUBTRACT,
    TIMES,
    Accent,
    Cases,
    Fence,
    Fenced,
    Fraction,
    Node,
    Number,
    Root,
    Scripts,
    Sum,
    Symbol,
    Words,
    function,
    relation,
    row,
)
from bp_gui.explain.sums import Elision, added, is_negative, operand, rest, shown


@dataclass(frozen=True)
class Bindings:
    """What the letters of a formula stand for.

    Attributes
    ----------
    nodes
        By name: the node to show. A letter that is not named here is shown as itself.
    families
        By name with a running index (``z_j``): all members. A sum over a family that is not named
        here keeps its ∑.
    longest_sum
        How many members may be shown.
    """

    nodes: Mapping[str, Node]
    families: Mapping[str, tuple[Node, ...]] = field(default_factory=lambda: MappingProxyType({}))
    longest_sum: int = 8

    def node(self, name: str) -> Node:
        """Return what a letter is shown as."""
        found = self.nodes.get(name)
        return letter(name) if found is None else found

    def member(self, index: str, position: int) -> Bindings:
        """Return the bindings in which every family of ``index`` is one of its members."""
        ending = f"_{index}"
        chosen = {
            name: nodes[position] for name, nodes in self.families.items() if name.endswith(ending)
        }
        return Bindings({**self.nodes, **chosen}, self.families, self.longest_sum)


_HAT: Final = "\N{COMBINING CIRCUMFLEX ACCENT}"
_FLAT: Final = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def letter(name: str) -> Node:
    """Return a letter as it is set: ``β₁`` and ``z_j`` with a subscript, ``m̂`` with a hat."""
    stem, _, index = name.partition("_")
    digits = stem.lstrip("".join(c for c in stem if not c.isdecimal() and c not in "₀₁₂₃₄₅₆₇₈₉"))
    stem = stem.removesuffix(digits) if digits else stem
    base: Node = Symbol(stem.removesuffix(_HAT))
    if stem.endswith(_HAT):
        base = Accent(base)
    small = digits.translate(_FLAT) or index
    return Scripts(base, Symbol(small)) if small else base


def typeset(expression: Expression, bindings: Bindings) -> Node:
    """Return the expression as mathematics, with parentheses where they are needed."""
    return _Typesetter(bindings).set(expression, leads=True)


def value(expression: Expression, bindings: Bindings) -> float:
    """Return what the expression comes to; every letter must be bound to a number."""
    return evaluate(typeset(resolve(expression, bindings), bindings))


def resolve(expression: Expression, bindings: Bindings) -> Expression:
    """Return the expression with every choice replaced by the case that holds."""
    if isinstance(expression, Choice):
        for chosen, condition in expression.cases:
            if holds(condition, bindings):
                return resolve(chosen, bindings)
        return resolve(expression.otherwise, bindings)
    return expression


def holding(expression: Expression, bindings: Bindings) -> Condition | None:
    """Return the condition that decided a choice, or None if there was none to decide."""
    if not isinstance(expression, Choice):
        return None
    return next((c for _, c in expression.cases if holds(c, bindings)), expression.cases[-1][1])


_COMPARE: Final[Mapping[str, Callable[[float, float], bool]]] = MappingProxyType(
    {
        "<": lambda a, b: a < b,
        ">": lambda a, b: a > b,
        "≤": lambda a, b: a <= b,
        "≥": lambda a, b: a >= b,
        "=": lambda a, b: a == b,
    }
)


def holds(condition: Condition, bindings: Bindings) -> bool:
    """Whether a condition holds for numbers."""
    left, right = (evaluate(typeset(e, bindings)) for e in (condition.left, condition.right))
    return _COMPARE[condition.sign](left, right)


def typeset_condition(condition: Condition, bindings: Bindings) -> Node:
    """Return a condition as mathematics."""
    left, right = typeset(condition.left, bindings), typeset(condition.right, bindings)
    return row(left, relation(condition.sign), right)


@dataclass(frozen=True)
class _Typesetter:
    bindings: Bindings

    def set(self, expression: Expression, *, leads: bool) -> Node:
        """Set an expression; ``leads`` says that nothing stands to its left."""
        match expression:
            case Constant(text):
                return HALF if text == "½" else Symbol(text)
            case Variable(name):
                node = self.bindings.node(name)
                return node if leads else operand(node)
            case Total(terms):
                return self._total(terms, leads)
            case Product(factors):
                return self._product(factors, leads)
            case Quotient(top, bottom):
                return Fraction(self.set(top, leads=True), self.set(bottom, leads=True))
            case Negated(inner):
                return row(NEGATIVE, self._factor(inner, leads=False))
            case Power(base, exponent):
                return Scripts(self._base(base), sup=self.set(exponent, leads=True))
            case SquareRoot(inner):
                return Root(self.set(inner, leads=True))
            case Magnitude(inner):
                return Fenced(self.set(inner, leads=True), Fence.BARS)
            case Call(name, arguments):
                return self._call(name, arguments)
            case SumOver(index, body):
                return self._sum_over(index, body)
            case Choice():
                return self._choice(expression)

    def _total(self, terms: tuple[tuple[int, Expression], ...], leads: bool) -> Node:
        items: list[Node] = []
        for position, (sign, term) in enumerate(terms):
            first = position == 0
            if not first or sign < 0:
                items.append(NEGATIVE if first else ADD if sign > 0 else SUBTRACT)
            node = self.set(term, leads=leads and first and sign > 0)
            items.append(Fenced(node) if isinstance(term, Total | Negated) else node)
        return row(*items)

    def _product(self, factors: tuple[Expression, ...], leads: bool) -> Node:
        items: list[Node] = []
        for factor in factors:
            node = self._factor(factor, leads=leads and not items)
            if items:
                numeric = _begins_with_number(node) or _is_number(items[-1])
                items.append(TIMES if numeric else JUXTAPOSED)
            items.append(node)
        return row(*items)

    def _factor(self, expression: Expression, *, leads: bool) -> Node:
        if isinstance(expression, Total | Choice):
            return Fenced(self.set(expression, leads=True))
        node = self.set(expression, leads=leads)
        expands = isinstance(expression, SumOver) and not isinstance(node, Sum)
        return Fenced(node) if expands else node

    def _base(self, base: Expression) -> Node:
        bare = isinstance(base, Constant | Variable | Magnitude)
        node = self.set(base, leads=not bare)
        is_closed = bare and (isinstance(node, Fenced) or not _is_long(node))
        return node if is_closed else Fenced(node)

    def _call(self, name: str, arguments: tuple[Expression, ...]) -> Node:
        nodes = [self.set(argument, leads=True) for argument in arguments]
        inner = row(*[part for node in nodes for part in (COMMA, node)][1:])
        is_letter = isinstance(arguments[0], Variable) or isinstance(nodes[0], Sum)
        if name == "ln" and is_letter and not is_negative(nodes[0]):
            return row(function(name), inner)
        return row(function(name), Fenced(inner))

    def _sum_over(self, index: str, body: Expression) -> Node:
        sizes = {len(n) for name, n in self.bindings.families.items() if name.endswith(f"_{index}")}
        if not sizes:
            return Sum(self.set(body, leads=False), under=Symbol(index))

        def term(position: int, leads: bool) -> Node:
            return _Typesetter(self.bindings.member(index, position)).set(body, leads=leads)

        def hidden(positions: range) -> Node:
            return rest(sum(evaluate(term(p, True)) for p in positions), len(positions))

        return added(Elision(max(sizes), self.bindings.longest_sum), term, hidden)

    def _choice(self, choice: Choice) -> Node:
        rows: list[tuple[Node, Node]] = []
        for chosen, condition in choice.cases:
            test = row(Words("if"), typeset_condition(condition, self.bindings))
            rows.append((self.set(chosen, leads=True), test))
        rows.append((self.set(choice.otherwise, leads=True), Words("otherwise")))
        return Cases(tuple(rows))


_PLAIN_RANGE: Final = (1e-4, 1e3)  # outside, a number may be written with a power of ten


def _is_long(node: Node) -> bool:
    """Whether a number is likely to be written with an exponent, which no power may follow."""
    node = shown(node)
    if not isinstance(node, Number):
        return False
    return not (node.value == 0 or _PLAIN_RANGE[0] <= abs(node.value) < _PLAIN_RANGE[1])


def _is_number(node: Node) -> bool:
    node = shown(node)
    if isinstance(node, Fenced):
        return isinstance(shown(node.inner), Number)
    return isinstance(node, Number)


def _begins_with_number(node: Node) -> bool:
    node = shown(node)
    if isinstance(node, Scripts):
        return _begins_with_number(node.base)
    return _is_number(node) or (isinstance(node, Symbol) and node.text[:1].isdecimal())
