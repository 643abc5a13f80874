"""Numbers with mistakes beside the right ones, as blocks of a sheet. No Qt."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from bp_gui.diagnose.answers import Pair
from bp_gui.diagnose.mistake import Mistake
from bp_gui.engine.names import COST, Kind, Ref
from bp_gui.explain.explanation import Line
from bp_gui.explain.latex_reading import read_latex
from bp_gui.explain.mathematics import BECOMES, Linked, Node, Number, Scripts, Symbol, Words, row
from bp_gui.explain.matrices import Block as MatrixBlock
from bp_gui.explain.numbers import told_apart
from bp_gui.explain.targets import Derivative, Gradient, Mistaken, Target, Update
from bp_gui.explain.written import Digits, write_number
from bp_gui.session.lab import Comparison
from bp_gui.views.formula.blocks import Block, Equation, Heading, Prose

_MOST_SOURCES = 3
_NEAR = 1e-9
_LAYERED = (Kind.WEIGHT, Kind.BIAS, Kind.NET_INPUT, Kind.ACTIVATION, Kind.DELTA)


@dataclass(frozen=True)
class Beside:
    """Says what mistakes make of a number, and in which line.

    Attributes
    ----------
    comparison
        Right and mistaken numbers of the moment.
    name_of
        Tells what a target is called.
    digits
        How many digits numbers are shown with.
    """

    comparison: Comparison
    name_of: Callable[[Target], Node]
    digits: Digits

    def section(self, target: Target) -> Iterator[Block]:
        """Yield what there is to say about a number that is explained."""
        asked = [(each, self.comparison.pair(each)) for each in self._asked(target)]
        different = [(each, pair) for each, pair in asked if pair is not None and pair.differs]
        if all(pair is None for _, pair in asked):
            return
        yield Heading(self.comparison.phrase.capitalize())
        following = list(self._next_cost()) if target == COST else []
        if not different and not following:
            yield Prose("It stays the same.", quiet=True)
        yield from (self._both(each, pair) for each, pair in different)
        yield from following
        yield from self._lines([each for each, _ in different])

    def _next_cost(self) -> Iterator[Block]:
        pair = self.comparison.next_cost
        if pair.differs:
            name = Scripts(Symbol("C"), Words("next"))
            yield Equation(name, (self._beside(pair, None),))

    def note(self, line: Line, depth: int) -> Iterator[Block]:
        """Yield what stands below a line whose number mistakes change."""
        pair = None if line.target is None else self.comparison.pair(line.target)
        if pair is None or not pair.differs or line.target is None:
            return
        if math.isclose(line.value, pair.right, rel_tol=_NEAR):
            marked = Linked(Number(pair.mistaken), Mistaken(line.target))
            yield Equation(None, (row(Words(self.comparison.phrase), marked),), depth=depth)

    def _asked(self, target: Target) -> tuple[Target, ...]:
        """Return the numbers that a page is about: of a parameter, what an update does to it."""
        if not isinstance(target, Ref) or not target.is_parameter:
            return (target,)
        own, used = Derivative(COST, target), Gradient(target)
        is_one_number = self.comparison.pair(own) == self.comparison.pair(used)
        return (own, Update(target)) if is_one_number else (own, used, Update(target))

    def _both(self, target: Target, pair: Pair) -> Equation:
        both = self._beside(pair, target)
        if isinstance(target, Update):
            return Equation(self.name_of(target.of), (both,), BECOMES)
        return Equation(self.name_of(target), (both,))

    def _beside(self, pair: Pair, target: Target | None) -> Node:
        """Return both numbers on one line; the mistaken one is marked as that of a target."""
        right, mistaken = _apart(pair, self.digits)
        marked = Linked(mistaken, Mistaken(target or COST))
        return row(Words("right"), right, Words(f" {self.comparison.phrase}"), marked)

    def _lines(self, targets: list[Target]) -> Iterator[Block]:
        """Yield the wrong lines beside the right ones, or whence the wrong numbers come."""
        found: dict[Mistake, Target] = {}
        for target in targets:
            for mistake in self.comparison.concerned(target):
                found.setdefault(mistake, target)
        for mistake, target in found.items():
            yield Prose(f"{mistake.label}. The right line, and the mistaken one:", quiet=True)
            right, wrong = lines_of(mistake, target, self.comparison)
            yield _in_one(right)
            yield _in_one(Linked(wrong, Mistaken(target)))
        handed_on = [target for target in targets if not self.comparison.concerned(target)]
        if handed_on:
            yield from self._sources(handed_on[0], targets)

    def _sources(self, target: Target, told: list[Target]) -> Iterator[Block]:
        """Yield by which numbers a right line becomes wrong, if they are not told already."""
        sources = [each for each in self.comparison.handed_on_by(target) if each not in told]
        if not sources:
            return
        yield Prose("The line itself is right. It is computed from what is wrong:", quiet=True)
        for source in sources[:_MOST_SOURCES]:
            pair = self.comparison.pair(source)
            if pair is not None:
                yield self._both(source, pair)


def lines_of(mistake: Mistake, target: Target, comparison: Comparison) -> tuple[Node, Node]:
    """Return the right and the wrong line of a mistake, in the layer that a number belongs to."""
    count = comparison.experiment.architecture.n_layers
    letters = {"L": str(count)}
    layer = _layer_of(target)
    if layer is not None:
        letters |= {"l": str(layer + 1), "l+1": str(layer + 2), "l-1": str(layer)}
    right, wrong = (read_latex(line.latex, letters) for line in (mistake.right, mistake.wrong))
    return right, wrong


def mistaken_block(block: MatrixBlock, comparison: Comparison) -> MatrixBlock | None:
    """Return a matrix as mistakes make it, its wrong cells marked; None where it stays the same."""
    values = np.array(block.values, dtype=np.float64)
    wrong = np.zeros(values.shape, dtype=np.bool_)
    for place in np.ndindex(values.shape):
        pair = comparison.pair(block.target(*place))
        if pair is not None and pair.differs:
            values[place], wrong[place] = pair.mistaken, True
    if not wrong.any():
        return None

    def target(to: int, source: int) -> Target | Mistaken:
        right = block.target(to, source)
        return Mistaken(right) if wrong[to, source] else right

    return replace(block, values=values, target=target)  # type: ignore[arg-type]


def wrong_lines(
    right: MatrixBlock, mistaken: MatrixBlock, comparison: Comparison
) -> Iterator[Block]:
    """Yield the wrong lines of the mistakes that are in the equation of a matrix."""
    target = right.target(*wrong_cells(mistaken)[0])
    for mistake in comparison.concerned(target):
        _, wrong = lines_of(mistake, target, comparison)
        yield _in_one(row(Words("the mistaken line"), Linked(wrong, Mistaken(target))))


def wrong_cells(mistaken: MatrixBlock) -> list[tuple[int, int]]:
    """Return which cells of a mistaken matrix are others than they should be."""
    rows, columns = mistaken.shape
    places = [(to, source) for to in range(rows) for source in range(columns)]
    return [place for place in places if isinstance(mistaken.target(*place), Mistaken)]


def _apart(pair: Pair, digits: Digits) -> tuple[Node, Node]:
    """Return two numbers, with more digits than usual if it takes that to tell them apart."""
    usual = write_number(pair.right, digits)
    if not isinstance(digits, int) or usual != write_number(pair.mistaken, digits):
        return Number(pair.right), Number(pair.mistaken)
    right, mistaken = told_apart(pair.right, pair.mistaken, digits)
    return Symbol(right, upright=True), Symbol(mistaken, upright=True)


def _layer_of(target: Target) -> int | None:
    match target:
        case Ref(kind, layer):
            return layer if kind in _LAYERED else None
        case Derivative(_, by) | Gradient(by):
            return by.layer
        case Update(of):
            return of.layer


def _in_one(node: Node) -> Equation:
    """Return a line as a block that is not taken apart."""
    return Equation(None, (node,))
