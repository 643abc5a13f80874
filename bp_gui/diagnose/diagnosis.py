"""Compares somebody's numbers with the right ones and finds what would give them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from bp_gui.diagnose.blocks import Block
from bp_gui.diagnose.evidence import Evidence, Fit
from bp_gui.diagnose.explanations import find_explanations, what_to_ask
from bp_gui.diagnose.matching import Observation, match
from bp_gui.diagnose.mistake import Mistake
from bp_gui.diagnose.problem import Problem
from bp_gui.diagnose.quantities import Quantity, in_order, values
from bp_gui.diagnose.reading import ReadingError, read_numbers
from bp_gui.diagnose.search import Search

_MOST_NAMES = 6  # of what fits nothing, in a message


class Verdict(Enum):
    """What has been found; the value is the key for machines."""

    AGREES = "agrees"
    CONVENTION = "convention"
    MISTAKE = "mistake"
    PARTLY = "partly"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True)
class Comparison:
    """How the numbers of one quantity compare.

    Attributes
    ----------
    quantity
        Which one.
    label
        What stood before the numbers.
    agreeing, count
        How many of the numbers agree, and how many were given.
    digits
        The fewest and the most significant digits given.
    is_cut_off
        Whether some numbers agree only if their digits were cut off instead of rounded.
    """

    quantity: Quantity
    label: str
    agreeing: int
    count: int
    digits: tuple[int, int]
    is_cut_off: bool

    @property
    def agrees(self) -> bool:
        """Whether all of them agree."""
        return self.agreeing == self.count


@dataclass(frozen=True)
class Difference:
    """One number that is not the right one.

    Attributes
    ----------
    quantity
        Where it belongs.
    name
        Its 1-based name, for instance ``dW1[2,1]``.
    given
        As it was written.
    right
        What it should be.
    """

    quantity: Quantity
    name: str
    given: str
    right: float


@dataclass(frozen=True)
class Explanation:
    """Mistakes and conventions that give some or all of the numbers.

    Attributes
    ----------
    mistakes
        What was done otherwise.
    agreeing, total
        How many of the numbers given it gives.
    explained, differing
        How many of the numbers that differ it gives.
    quantities
        The quantities that differ and are all as it says.
    same_numbers
        Other ways to get the very same numbers in this network, all of them.
    may_be_chance
        Whether so many pairs were tried that one would have fitted by accident.
    """

    mistakes: tuple[Mistake, ...]
    agreeing: int
    total: int
    explained: int
    differing: int
    quantities: tuple[Quantity, ...]
    same_numbers: tuple[tuple[Mistake, ...], ...] = ()
    may_be_chance: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether it gives every number."""
        return self.agreeing == self.total

    @property
    def may_be_convention(self) -> bool:
        """Whether the numbers also come about with nothing wrong, only different."""
        ways = (self.mistakes, *self.same_numbers)
        return any(all(mistake.is_convention for mistake in way) for way in ways)


@dataclass(frozen=True)
class Diagnosis:
    """What there is to say about somebody's numbers.

    Attributes
    ----------
    verdict
        In a word.
    comparisons
        One for each block of numbers that was recognised, in the order of computation.
    unknown
        Labels, or shapes, of blocks that were not recognised.
    first_difference
        The first number that differs, in the order of computation.
    differing
        How many numbers differ.
    explanations
        Those that explain most, and equally much; the first is the simplest.
    ask_for
        The quantity that would tell the explanations apart.
    is_last_first
        Whether a row of all layers was read with the output layer first.
    """

    verdict: Verdict
    comparisons: tuple[Comparison, ...]
    unknown: tuple[str, ...] = ()
    first_difference: Difference | None = None
    differing: int = 0
    explanations: tuple[Explanation, ...] = ()
    ask_for: Quantity | None = None
    is_last_first: bool = False

    @property
    def is_ambiguous(self) -> bool:
        """Whether several explanations fit equally well."""
        return len(self.explanations) > 1


def diagnose(problem: Problem | Search, numbers: str | Sequence[Block]) -> Diagnosis:
    """Return what somebody's numbers agree with, and what would explain where they do not.

    Parameters
    ----------
    problem
        What the numbers are about; pass the same `Search` again to ask about more numbers.
    numbers
        A text in any form, or what `read_numbers` made of it.

    Raises
    ------
    ReadingError
        If there are no numbers in the text, or none that belong to the problem.
    """
    search = problem if isinstance(problem, Search) else Search(problem)
    blocks = read_numbers(numbers) if isinstance(numbers, str) else tuple(numbers)
    matched = match(blocks, search.right, lambda: (outcome for _, outcome in search.singles()))
    if not matched.observations:
        raise ReadingError(f"no quantity of this network fits: {_few(matched.unknown)}")
    order = {q: position for position, q in enumerate(in_order(search.problem.architecture))}
    order |= {q.of_sample_alone: at for q, at in order.items() if q.of_sample_alone is not None}
    observations = sorted(matched.observations, key=lambda o: order[o.quantity])
    evidence = Evidence(search.right, tuple(observations))
    comparisons = _comparisons(evidence)
    if evidence.agrees.all() and not evidence.conventions:
        return Diagnosis(
            Verdict.AGREES, comparisons, matched.unknown, is_last_first=matched.is_last_first
        )
    fits = find_explanations(search, evidence)
    explanations = tuple(_explanation(fit, evidence) for fit in fits)
    return Diagnosis(
        verdict=_verdict(explanations),
        comparisons=comparisons,
        unknown=matched.unknown,
        first_difference=_first_difference(evidence),
        differing=int((~evidence.agrees).sum()),
        explanations=explanations,
        ask_for=what_to_ask(fits, evidence),
        is_last_first=matched.is_last_first,
    )


def _few(names: Sequence[str]) -> str:
    """Return the first names of a list, and how many more there are."""
    more = len(names) - _MOST_NAMES
    told = ", ".join(names[:_MOST_NAMES])
    return f"{told} and {more:,} more" if more > 0 else told


def _verdict(explanations: tuple[Explanation, ...]) -> Verdict:
    if not explanations:
        return Verdict.UNEXPLAINED
    if not explanations[0].is_complete:
        return Verdict.PARTLY
    right = any(e.may_be_convention for e in explanations)
    return Verdict.CONVENTION if right else Verdict.MISTAKE


def _comparisons(evidence: Evidence) -> tuple[Comparison, ...]:
    compared = []
    for observation, agrees in evidence.each(evidence.agrees):
        digits = [n.digits for n in observation.numbers]
        compared.append(
            Comparison(
                quantity=observation.quantity,
                label=observation.label,
                agreeing=int(agrees.sum()),
                count=len(digits),
                digits=(min(digits), max(digits)),
                is_cut_off=_is_cut_off(observation, agrees, evidence),
            )
        )
    return tuple(compared)


def _is_cut_off(observation: Observation, agrees: NDArray[np.bool_], evidence: Evidence) -> bool:
    """Whether a number that agrees is further away than half a unit in its last place."""
    expected = observation.expected(evidence.right)
    unit = np.array([n.unit for n in observation.numbers])
    far = np.abs(observation.given - expected) > 0.5 * unit + observation.slack(evidence.right)
    return bool((agrees & far).any())


def _first_difference(evidence: Evidence) -> Difference | None:
    for observation, agrees in evidence.each(evidence.agrees):
        if agrees.all():
            continue
        at = int(np.argmin(agrees))
        position = int(observation.positions[at])
        shape = np.shape(values(evidence.right, observation.quantity))
        return Difference(
            quantity=observation.quantity,
            name=observation.quantity.element(position, shape),
            given=observation.numbers[at].text,
            right=float(observation.expected(evidence.right)[at]),
        )
    return None


def _explanation(fit: Fit, evidence: Evidence) -> Explanation:
    differs = ~evidence.agrees
    whole = [
        observation.quantity
        for (observation, fits), (_, agrees) in zip(
            evidence.each(fit.agrees), evidence.each(evidence.agrees), strict=True
        )
        if fits.all() and not agrees.all()
    ]
    return Explanation(
        mistakes=fit.mistakes,
        agreeing=int(fit.agrees.sum()),
        total=len(fit.agrees),
        explained=int((fit.agrees & differs).sum()),
        differing=int(differs.sum()),
        quantities=tuple(dict.fromkeys(whole)),
        same_numbers=fit.same_numbers,
        may_be_chance=fit.may_be_chance,
    )
