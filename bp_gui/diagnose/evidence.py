"""Somebody's numbers held against what a hypothesis gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bp_gui.diagnose.catalogue.conventions import GRADIENT_OF_SAMPLE, TRANSPOSED_LAYOUT
from bp_gui.diagnose.matching import Observation
from bp_gui.diagnose.mistake import Mistake
from bp_gui.diagnose.outcome import Outcome
from bp_gui.engine.arrays import Array

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Evidence:
    """All numbers that were given and recognised.

    Attributes
    ----------
    right
        The right numbers.
    observations
        In the order of computation.
    """

    right: Outcome
    observations: tuple[Observation, ...]

    @cached_property
    def agrees(self) -> Mask:
        """Which numbers are right, to the digits given, (N,)."""
        return self.fitting(self.right)

    @cached_property
    def slacks(self) -> tuple[float, ...]:
        """What rounding may do, for each observation."""
        return tuple(each.slack(self.right) for each in self.observations)

    @cached_property
    def conventions(self) -> tuple[Mistake, ...]:
        """Those that the numbers were read by: matrices turned round, gradients of one sample."""
        found = []
        if any(each.is_transposed for each in self.observations):
            found.append(TRANSPOSED_LAYOUT)
        if any(each.is_of_sample for each in self.observations):
            found.append(GRADIENT_OF_SAMPLE)
        return tuple(found)

    @cached_property
    def turned(self) -> Evidence | None:
        """The evidence with square matrices read as (from, to); None if there are none."""
        turned = tuple(each.turned(self.right) for each in self.observations)
        if all(a is b for a, b in zip(turned, self.observations, strict=True)):
            return None
        return Evidence(self.right, turned)

    def fitting(self, outcome: Outcome) -> Mask:
        """Return which numbers are those of an outcome, to the digits given, (N,)."""
        parts = [
            each.agrees(each.expected(outcome), slack)
            for each, slack in zip(self.observations, self.slacks, strict=True)
        ]
        return np.concatenate(parts)

    def expected(self, outcome: Outcome) -> Array:
        """Return what an outcome has where numbers were given, (N,)."""
        return np.concatenate([each.expected(outcome) for each in self.observations])

    def each(self, mask: Mask) -> Iterator[tuple[Observation, Mask]]:
        """Yield each observation with its part of a mask."""
        start = 0
        for observation in self.observations:
            end = start + len(observation.numbers)
            yield observation, mask[start:end]
            start = end


@dataclass(frozen=True, eq=False)
class Fit:
    """How well a hypothesis gives the numbers.

    Attributes
    ----------
    mistakes
        What it says was done.
    outcome
        All its numbers.
    agrees
        Which of the numbers given are those, (N,).
    same_numbers
        Other hypotheses with the same numbers throughout.
    may_be_chance
        Whether a fit as good was to be expected by accident.
    """

    mistakes: tuple[Mistake, ...]
    outcome: Outcome
    agrees: Mask
    same_numbers: tuple[tuple[Mistake, ...], ...] = ()
    may_be_chance: bool = False
