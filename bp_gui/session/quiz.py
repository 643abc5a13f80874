"""Questions about the next update, their answers, and a worksheet of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from bp_gui.diagnose.diagnosis import diagnose
from bp_gui.diagnose.reading import ReadingError
from bp_gui.diagnose.search import Search
from bp_gui.diagnose.words import clause_of
from bp_gui.diagnose.written import NUMBER, Written, written
from bp_gui.engine.names import Ref
from bp_gui.explain.numbers import MINUS, format_number, told_apart
from bp_gui.session.experiment import Experiment
from bp_gui.session.problem import problem_of

FEWEST_DIGITS = 2
_KEY_DIGITS, _REASON_DIGITS = 8, 6
_SLACK = 1e-11


class Asked(Enum):
    """What a question asks for; the value is what a person reads."""

    SIGN = "Sign of a gradient"
    DIRECTION = "Direction of a weight"
    GRADIENT = "A gradient"
    NEW_WEIGHT = "A new weight"


CHOICES = {Asked.SIGN: ("positive", "negative", "zero"), Asked.DIRECTION: ("up", "down", "stays")}


class Outcome(Enum):
    """What became of an answer."""

    CORRECT = "correct"
    WRONG = "wrong"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes
    ----------
    asked
        What it asks for.
    ref
        The parameter it is about.
    old
        The parameter's value before the update.
    answer
        The right number: the gradient, or the new value.
    """

    asked: Asked
    ref: Ref
    old: float
    answer: float

    @property
    def text(self) -> str:
        """The question as a person reads it."""
        name = self.ref.name
        return {
            Asked.SIGN: f"Which sign has ∂C/∂{name}?",
            Asked.DIRECTION: f"Which way does the next update move {name}?",
            Asked.GRADIENT: f"How large is ∂C/∂{name}?",
            Asked.NEW_WEIGHT: f"What is {name} after the next update?",
        }[self.asked]

    @property
    def choices(self) -> tuple[str, ...]:
        """The answers to choose from; none where a number is asked for."""
        return CHOICES.get(self.asked, ())

    @property
    def key(self) -> str:
        """The right answer in words or digits."""
        if not self.choices:
            return format_number(self.answer, _KEY_DIGITS)
        change = self.answer if self.asked is Asked.SIGN else self.answer - self.old
        return self.choices[0 if change > 0 else 1 if change < 0 else 2]


@dataclass(frozen=True)
class Grade:
    """What there is to say about an answer.

    Attributes
    ----------
    outcome
        Whether it is right; an unclear answer may be given again.
    text
        In a sentence or two.
    """

    outcome: Outcome
    text: str


def make_quiz(
    experiment: Experiment, seed: int, count: int, kinds: frozenset[Asked] = frozenset(Asked)
) -> tuple[Question, ...]:
    """Return questions about the next update; the same seed asks the same.

    Parameters
    ----------
    experiment
        The moment before the update.
    seed
        0 or more.
    count
        How many; fewer if there is nothing more to ask.
    kinds
        What may be asked for.
    """
    generator = np.random.default_rng(seed)
    search = Search(problem_of(experiment))
    theta, right = experiment.parameters.theta, search.right
    refs = list(experiment.architecture.refs())
    moving = np.flatnonzero(experiment.trainable).tolist()
    order = [asked for asked in Asked if asked in kinds]
    possible = [(asked, position) for asked in order for position in moving]
    chosen: list[Question] = []
    # One kind after the other, so that a short quiz has some of each.
    shuffled = {
        asked: generator.permutation([p for a, p in possible if a is asked]).tolist()
        for asked in order
    }
    while len(chosen) < count and any(shuffled.values()):
        for asked in order:
            if shuffled[asked] and len(chosen) < count:
                at = shuffled[asked].pop()
                of_gradient = asked in (Asked.SIGN, Asked.GRADIENT)
                answer = right.gradient[at] if of_gradient else right.theta[at]
                chosen.append(Question(asked, refs[at], float(theta[at]), float(answer)))
    return tuple(chosen)


class Grader:
    """Marks answers to questions about one moment.

    Parameters
    ----------
    experiment
        The moment that the questions are about.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._architecture = experiment.architecture
        self._search = Search(problem_of(experiment))

    def grade(self, question: Question, answer: str) -> Grade:
        """Return whether an answer is right to its digits, and what a wrong one comes from."""
        if question.choices:
            good = answer == question.key
            text = "Right." if good else f"No: {question.key}. {self._reason(question)}"
            return Grade(Outcome.CORRECT if good else Outcome.WRONG, text)
        typed = answer.strip().replace(MINUS, "-").replace(",", ".")
        if not NUMBER.fullmatch(typed):
            return Grade(Outcome.UNCLEAR, "Type a number, such as 0.0823.")
        try:
            number = written(typed)
        except ValueError as error:
            return Grade(Outcome.UNCLEAR, f"{error}.")
        if number.digits < FEWEST_DIGITS and number.value != question.answer:
            return Grade(Outcome.UNCLEAR, "Give at least two digits that are not zeros in front.")
        if not _fits(number, question.answer):
            said = f"No: {question.key}. {self._diagnosis(question, typed)}"
            return Grade(Outcome.WRONG, said.strip())
        if question.asked is Asked.NEW_WEIGHT and _cannot_tell(number, question):
            return Grade(Outcome.UNCLEAR, "So few digits fit the old value too: give more.")
        return Grade(Outcome.CORRECT, f"Right: {question.key}.")

    def _reason(self, question: Question) -> str:
        """Return what decides about a sign or a direction."""
        name = question.ref.name
        if question.asked is Asked.SIGN:
            return f"∂C/∂{name} = {format_number(question.answer, _REASON_DIGITS)}."
        old, new = told_apart(question.old, question.answer, _REASON_DIGITS)
        gradient = float(self._search.right.gradient[self._architecture.index(question.ref)])
        against = (question.answer - question.old) * gradient < 0
        return f"{name} goes from {old} to {new}{', against its gradient' if against else ''}."

    def _diagnosis(self, question: Question, typed: str) -> str:
        before = "d" if question.asked is Asked.GRADIENT else ""
        try:
            found = diagnose(self._search, f"{before}{question.ref.name} = {typed}")
        except ReadingError:
            return ""
        simple = [e for e in found.explanations if e.is_complete and not e.may_be_chance]
        if not simple:
            return ""
        ways = [clause_of(e.mistakes, self._architecture) for e in simple[:3]]
        return f"Yours is what comes out when {'; or when '.join(ways)}."


def _fits(number: Written, right: float) -> bool:
    slack = _SLACK * abs(right)
    return number.low - slack <= right <= number.high + slack


def _cannot_tell(number: Written, question: Question) -> bool:
    return question.old != question.answer and _fits(number, question.old)
