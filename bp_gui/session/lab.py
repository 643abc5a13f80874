"""The mistake lab: an experiment as it is, and as it would be with mistakes in its algorithm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bp_gui.diagnose.algorithm import RIGHT, Algorithm
from bp_gui.diagnose.answers import Answers, Pair
from bp_gui.diagnose.catalogue import MISTAKES
from bp_gui.diagnose.concerns import concerned, sources
from bp_gui.diagnose.gradient_check import own_check
from bp_gui.diagnose.mistake import Mistake
from bp_gui.diagnose.outcome import Outcome, run, terms_of
from bp_gui.diagnose.problem import Problem
from bp_gui.diagnose.search import Hypothesis, differs, same
from bp_gui.diagnose.words import clause_of
from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.gradient_check import GradientCheck
from bp_gui.engine.names import Kind, Ref
from bp_gui.engine.network import Parameters
from bp_gui.explain.targets import Target
from bp_gui.session.experiment import Experiment
from bp_gui.session.problem import problem_of
from bp_gui.session.snapshot import Snapshot

_HARDLY = 0.1  # of what the right way gains
_SAME_COST = 1e-6
FIRST_SEEN = 256  # the first costs are all kept; later ones ever more sparsely


@dataclass(frozen=True, eq=False)
class Comparison:
    """One update, right and with mistakes.

    Attributes
    ----------
    experiment
        The moment before the update.
    mistakes
        What is wrong, in the order of the catalogue; perhaps nothing.
    right, mistaken
        All numbers of either.
    """

    experiment: Experiment
    mistakes: tuple[Mistake, ...]
    right: Outcome
    mistaken: Outcome

    @cached_property
    def check(self) -> GradientCheck:
        """The gradient check that somebody makes whose code has the mistakes in it."""
        return own_check(self.mistaken)

    @property
    def red(self) -> NDArray[np.bool_]:
        """Which parameters' gradients fail the gradient check, in the order of θ."""
        return ~self.check.agrees

    @cached_property
    def has_effect(self) -> bool:
        """Whether any number of this update is another one."""
        return not same(self.mistaken, self.right)

    @cached_property
    def different(self) -> dict[Ref, Pair]:
        """The z, a, δ and C of the sample, and the new parameters, where they differ."""
        right, mistaken, sample = self.right, self.mistaken, self.right.problem.sample
        found: dict[Ref, Pair] = {}
        for kind, rights, mistakens in (
            (Kind.NET_INPUT, right.forward.z, mistaken.forward.z),
            (Kind.ACTIVATION, right.forward.a, mistaken.forward.a),
            (Kind.DELTA, right.delta, mistaken.delta),
            (Kind.OUTPUT_COST, (right.terms,), (mistaken.terms,)),
        ):
            for layer, (one, other) in enumerate(zip(rights, mistakens, strict=True)):
                for neuron, pair in _pairs(one[sample], other[sample]):
                    found[Ref(kind, layer, neuron)] = pair
        refs = list(self.experiment.architecture.refs())
        found |= {refs[k]: pair for k, pair in _pairs(right.theta, mistaken.theta)}
        return found

    @property
    def names(self) -> frozenset[str]:
        """Registry keys of the mistakes."""
        return frozenset(mistake.name for mistake in self.mistakes)

    @property
    def clause(self) -> str:
        """What goes wrong, to follow the word "when"."""
        return clause_of(self.mistakes, self.experiment.architecture)

    @property
    def phrase(self) -> str:
        """What stands before a mistaken number: ``with the mistake``, or ``with the mistakes``."""
        return "with the mistakes" if len(self.mistakes) > 1 else "with the mistake"

    def is_of(self, snapshot: Snapshot | None) -> bool:
        """Whether it compares the numbers of this moment."""
        if snapshot is None or snapshot.experiment is not self.experiment:
            return False
        return snapshot.sample == self.right.problem.sample

    def pair(self, target: Target) -> Pair | None:
        """Return a number, right and with the mistakes; None where the update has no such step."""
        answers = self._answers
        right, mistaken = (answer.number(target) for answer in answers)
        return None if right is None or mistaken is None else Pair(right, mistaken)

    @property
    def next_cost(self) -> Pair:
        """The cost after the update, right and with the mistakes."""
        return Pair(self.right.next_cost, self.mistaken.next_cost)

    def concerned(self, target: Target) -> tuple[Mistake, ...]:
        """Return the mistakes that are in the very line that computes a number."""
        return concerned(self.mistakes, self.right, target)

    def handed_on_by(self, target: Target) -> tuple[Target, ...]:
        """Return the numbers that a number is computed from and that are wrong already."""
        found = []
        for source in sources(target, self.experiment.architecture):
            pair = self.pair(source)
            if pair is not None and pair.differs:
                found.append(source)
        return tuple(found)

    @cached_property
    def _answers(self) -> tuple[Answers, Answers]:
        return Answers(self.right), Answers(self.mistaken)


def _pairs(right: Array, mistaken: Array) -> Iterator[tuple[int, Pair]]:
    """Yield where two vectors differ, with both numbers."""
    for position in np.flatnonzero(differs(right, mistaken)).tolist():
        yield position, Pair(float(right[position]), float(mistaken[position]))


def compare(experiment: Experiment, names: Iterable[str], sample: int = 0) -> Comparison:
    """Return the next update of an experiment, right and with mistakes.

    Parameters
    ----------
    experiment
        The moment before the update.
    names
        Registry keys of the mistakes.
    sample
        0-based index of the sample whose z, a and δ are compared.
    """
    problem = problem_of(experiment, sample)
    chosen = _hypothesis(names)
    return Comparison(experiment, chosen.mistakes, run(problem), run(problem, chosen.algorithm))


def effective(experiment: Experiment) -> frozenset[str]:
    """Return the mistakes that change a number of the next update."""
    problem = problem_of(experiment)
    right = run(problem)
    return frozenset(
        name
        for name, mistake in MISTAKES.items()
        if not same(run(problem, mistake.change(RIGHT)), right)
    )


def _hypothesis(names: Iterable[str]) -> Hypothesis:
    wanted = set(names)
    return Hypothesis.of(*(mistake for name, mistake in MISTAKES.items() if name in wanted))


@dataclass(frozen=True, eq=False)
class Curves:
    """The cost over the updates, right and with mistakes.

    Attributes
    ----------
    updates
        Counted from the moment that both begin at, (n,).
    right, mistaken
        The agreed cost of either, (n,).
    wanted
        How many updates it is going to be.
    """

    updates: Array
    right: Array
    mistaken: Array
    wanted: int

    @property
    def is_complete(self) -> bool:
        """Whether all updates have been made."""
        return len(self.updates) > 0 and self.updates[-1] >= self.wanted

    @property
    def verdict(self) -> str:
        """Whether it learns all the same, in a sentence; empty while it is not known."""
        if not self.is_complete or np.array_equal(self.right, self.mistaken, equal_nan=True):
            return ""
        first, right, mistaken = self.mistaken[0], self.right[-1], self.mistaken[-1]
        if not np.isfinite(mistaken):
            return "With the mistake the training diverges."
        if mistaken >= first:
            return "With the mistake it does not learn: the cost does not fall."
        if np.isclose(mistaken, right, rtol=_SAME_COST, atol=0.0):
            return "It learns all the same, and ends with the same cost as the right way."
        if mistaken < right:
            return "It learns all the same, and ends with a lower cost than the right way."
        lost = (first - mistaken) / (first - right) if right < first else 1.0
        if lost < _HARDLY:
            return "With the mistake it hardly learns."
        return "It learns all the same, and ends with a higher cost than the right way."


class CurveRun:
    """Trains an experiment twice, side by side, as far as it is asked to.

    Parameters
    ----------
    experiment
        Where both begin.
    names
        Registry keys of the mistakes of one of them.
    wanted
        How many updates.
    """

    def __init__(self, experiment: Experiment, names: Iterable[str], wanted: int) -> None:
        self._experiment = experiment
        self._algorithms: tuple[Algorithm, Algorithm] = (RIGHT, _hypothesis(names).algorithm)
        self._problems = [problem_of(experiment)] * 2
        self._done = 0
        self._wanted = wanted
        self._kept: list[tuple[int, float, float]] = []

    @property
    def is_finished(self) -> bool:
        """Whether there is nothing left to do."""
        return self._done > self._wanted

    def advance(self) -> None:
        """Make one update of either."""
        outcomes = [
            run(problem, algorithm)
            for problem, algorithm in zip(self._problems, self._algorithms, strict=True)
        ]
        if self._is_kept(self._done):
            right, mistaken = map(_agreed_cost, outcomes)
            self._kept.append((self._done, right, mistaken))
        self._done += 1
        batch = self._experiment.batch(self._experiment.updates + self._done)
        self._problems = [_following(outcome, batch) for outcome in outcomes]

    def curves(self) -> Curves:
        """Return how far it has come."""
        table = np.array(self._kept, dtype=np.float64).reshape(-1, 3)
        return Curves(frozen(table[:, 0]), frozen(table[:, 1]), frozen(table[:, 2]), self._wanted)

    def _is_kept(self, update: int) -> bool:
        sparse = max(1, self._wanted // FIRST_SEEN)
        return update < FIRST_SEEN or update % sparse == 0 or update == self._wanted


def _agreed_cost(outcome: Outcome) -> float:
    """Return the cost that the agreed formula gives for an outcome's own outputs."""
    problem = outcome.problem
    terms = terms_of(problem, outcome.forward)
    penalty = problem.objective.penalty.value(problem.architecture, problem.parameters.theta)
    return float(terms.sum() / len(terms)) + float(penalty)


def _following(outcome: Outcome, batch: NDArray[np.int64] | None) -> Problem:
    """Return the problem that an outcome leads to."""
    problem = outcome.problem
    with np.errstate(all="ignore"):
        _, state = problem.optimizer.change(
            outcome.gradient, problem.eta, problem.settings, problem.optimizer_state
        )
    return replace(
        problem,
        parameters=Parameters(problem.architecture, outcome.theta),
        state=state,
        batch=batch,
        previous_gradient=outcome.gradient,
    )
