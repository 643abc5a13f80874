"""The outcomes of all known mistakes and pairs of them, computed once for each problem."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from bp_gui.diagnose.algorithm import RIGHT, Algorithm
from bp_gui.diagnose.catalogue import MISTAKES
from bp_gui.diagnose.mistake import Mistake
from bp_gui.diagnose.outcome import Outcome, run
from bp_gui.diagnose.problem import Problem
from bp_gui.diagnose.quantities import in_order, values
from bp_gui.engine.arrays import Array

SAME = 1e-12
_MOST_NUMBERS_KEPT = 4_000_000


@dataclass(frozen=True)
class Hypothesis:
    """What may have been done instead of the agreed algorithm.

    Attributes
    ----------
    mistakes
        In the order in which they are applied; what is several at once is taken apart, and nothing
        is done twice.
    algorithm
        With all of them in it.
    """

    mistakes: tuple[Mistake, ...]
    algorithm: Algorithm

    @classmethod
    def of(cls, *mistakes: Mistake) -> Hypothesis:
        """Return the hypothesis that some mistakes were made together."""
        parts: dict[Mistake, None] = {}
        for mistake in mistakes:
            parts |= dict.fromkeys([MISTAKES[name] for name in mistake.parts] or [mistake])
        algorithm = RIGHT
        for part in parts:
            algorithm = part.change(algorithm)
        return cls(tuple(parts), algorithm)

    @property
    def names(self) -> tuple[str, ...]:
        """The mistakes' names."""
        return tuple(mistake.name for mistake in self.mistakes)

    @property
    def is_convention(self) -> bool:
        """Whether nothing in it is wrong, only different."""
        return all(mistake.is_convention for mistake in self.mistakes)


@dataclass(eq=False)
class Search:
    """Hypotheses about a problem with their outcomes.

    Attributes
    ----------
    problem
        What they are about.
    right
        The right outcome.
    """

    problem: Problem
    right: Outcome = field(init=False)
    _singles: list[tuple[Hypothesis, Outcome]] | None = field(default=None, init=False)
    _pairs: list[tuple[Hypothesis, Outcome]] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.right = run(self.problem)

    def singles(self) -> list[tuple[Hypothesis, Outcome]]:
        """Return every mistake that changes a number of this problem."""
        if self._singles is None:
            tried = (Hypothesis.of(mistake) for mistake in MISTAKES.values())
            with_outcomes = ((each, run(self.problem, each.algorithm)) for each in tried)
            self._singles = [(h, o) for h, o in with_outcomes if not same(o, self.right)]
        return self._singles

    def pairs(self) -> Iterator[tuple[Hypothesis, Outcome]]:
        """Yield every pair of such mistakes, in both orders where the order matters."""
        if self._pairs is not None:
            yield from self._pairs
            return
        kept: list[tuple[Hypothesis, Outcome]] = []
        numbers = 3 * self.problem.architecture.n_parameters + 3 * self.problem.x.size
        for first, second in combinations([h for h, _ in self.singles()], 2):
            for hypothesis in _together(first, second):
                pair = hypothesis, run(self.problem, hypothesis.algorithm)
                if len(kept) * numbers < _MOST_NUMBERS_KEPT:
                    kept.append(pair)
                yield pair
        if len(kept) * numbers < _MOST_NUMBERS_KEPT:
            self._pairs = kept


def _together(first: Hypothesis, second: Hypothesis) -> Iterator[Hypothesis]:
    """Yield the hypotheses that two are true at once."""
    a, b = first.mistakes, second.mistakes
    if set(a) & set(b):
        return
    both = Hypothesis.of(*a, *b)
    if both.algorithm == first.algorithm or both.algorithm == second.algorithm:
        return
    yield both
    if first.algorithm.steps_changed() & second.algorithm.steps_changed():
        yield Hypothesis.of(*b, *a)


def same(one: Outcome, other: Outcome) -> bool:
    """Whether two outcomes have the same numbers, to rounding."""
    for quantity in in_order(one.problem.architecture):
        a = np.asarray(values(one, quantity))
        b = np.asarray(values(other, quantity))
        if a is b:
            continue
        if differs(a, b).any():
            return False
    return True


def differs(one: Array, other: Array) -> NDArray[np.bool_]:
    """Return where two arrays have different numbers, and not one number rounded in two ways."""
    with np.errstate(invalid="ignore"):
        largest = np.max(np.abs(other[np.isfinite(other)]), initial=0.0)
        near = np.abs(one - other) <= SAME * largest
    return np.asarray(~(near | (one == other) | (np.isnan(one) & np.isnan(other))))
