"""What an outcome says of anything that can be asked: quantities, derivatives, updates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bp_gui.diagnose.outcome import Outcome
from bp_gui.diagnose.search import SAME
from bp_gui.engine.names import COST, Kind, Ref
from bp_gui.explain.targets import Derivative, Gradient, Target, Update


@dataclass(frozen=True)
class Pair:
    """One number, right and with mistakes."""

    right: float
    mistaken: float

    @property
    def differs(self) -> bool:
        """Whether they are different numbers, and not one number rounded in two ways."""
        if np.isnan(self.right) or np.isnan(self.mistaken):
            return not (np.isnan(self.right) and np.isnan(self.mistaken))
        if self.right == self.mistaken:
            return False
        largest = max(abs(self.right), abs(self.mistaken))
        return not abs(self.right - self.mistaken) <= SAME * largest


class Answers:
    """Looks numbers up in an outcome, by what a person asks for.

    Parameters
    ----------
    outcome
        Where the numbers are; its problem's sample is the one whose z, a and δ are meant.
    """

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome

    def number(self, target: Target) -> float | None:
        """Return the number of a target; None where the steps of an update do not have it."""
        outcome = self._outcome
        match target:
            case Ref():
                return self._quantity(target)
            case Update(of):
                return float(outcome.theta[self._index(of)])
            case Gradient(by):
                return float(outcome.used_gradient[self._index(by)])
            case Derivative(of, by) if of == COST and by.is_parameter:
                return float(outcome.of_sample.gradient[self._index(by)])
            case Derivative(of, by) if of == COST and by.kind is Kind.NET_INPUT:
                return self._quantity(Ref(Kind.DELTA, by.layer, by.to))
        return None

    def _quantity(self, ref: Ref) -> float | None:
        outcome = self._outcome
        sample = outcome.problem.sample
        if ref.is_parameter:
            return outcome.problem.parameters[ref]
        layers = {
            Kind.NET_INPUT: outcome.forward.z,
            Kind.ACTIVATION: outcome.forward.a,
            Kind.DELTA: outcome.delta,
        }.get(ref.kind)
        if layers is not None:
            return float(layers[ref.layer][sample, ref.to])
        if ref.kind is Kind.COST:
            return outcome.cost
        if ref.kind is Kind.OUTPUT_COST:
            return float(outcome.terms[sample, ref.to])
        return None

    def _index(self, ref: Ref) -> int:
        return self._outcome.problem.architecture.index(ref)
