"""A diagnosis in words, and as data for machines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bp_gui.diagnose.diagnosis import Comparison, Diagnosis, Explanation, Verdict
from bp_gui.diagnose.mistake import Mistake
from bp_gui.diagnose.quantities import OF_SAMPLE_ALONE
from bp_gui.engine.network import Architecture
from bp_gui.explain.numbers import MAX_DIGITS, MIN_DIGITS, format_number

_MOST_NAMED = 4


def clause_of(mistakes: Iterable[Mistake], architecture: Architecture) -> str:
    """Return what goes wrong, to follow the word "when"."""
    above = "W2" if architecture.n_layers == 2 else "the weight matrix of the layer above"
    return " and ".join(mistake.clause.format(W=above) for mistake in mistakes)


def headline(diagnosis: Diagnosis, architecture: Architecture) -> str:
    """Return the one sentence that matters most."""
    count = sum(c.count for c in diagnosis.comparisons)
    if diagnosis.verdict is Verdict.AGREES:
        all_of = "The number agrees" if count == 1 else f"All {count:,} numbers agree"
        return f"{all_of} to the digits given ({_digits(diagnosis.comparisons)})."
    if diagnosis.verdict is Verdict.UNEXPLAINED:
        return _unexplained(diagnosis)
    if diagnosis.verdict is Verdict.PARTLY:
        return _partly(diagnosis, architecture)
    yours = _yours(diagnosis.comparisons)
    clauses = [clause_of(e.mistakes, architecture) for e in diagnosis.explanations]
    if len(clauses) > 1:
        return f"{yours} what you get in {len(clauses)} ways: when {'; or when '.join(clauses)}."
    return f"{yours} what you get when {clauses[0]}."


def sentences(diagnosis: Diagnosis, architecture: Architecture) -> tuple[str, ...]:
    """Return everything there is to say, most important first."""
    said = [headline(diagnosis, architecture)]
    first = diagnosis.explanations[0] if diagnosis.explanations else None
    if first is not None and first.is_complete:
        said += _same(diagnosis.explanations, architecture)
        if diagnosis.verdict is Verdict.CONVENTION:
            said.append("With other conventions than this project's they can be right as they are.")
    if any(e.may_be_chance for e in diagnosis.explanations):
        said.append(
            "So many pairs of mistakes come near this one number that it may be chance: give more."
        )
    if diagnosis.ask_for is not None:
        said.append(f"To tell these apart, give {diagnosis.ask_for.name}.")
    difference = diagnosis.first_difference
    if difference is not None:
        right = format_number(difference.right, _digits_of(difference.given))
        said.append(
            "The first difference in the order of computation is "
            f"{difference.name}: {difference.given} is given, {right} is right."
        )
    agreeing = [c.quantity.name for c in diagnosis.comparisons if c.agrees]
    if agreeing and diagnosis.verdict is not Verdict.AGREES:
        said.append(f"As it should be: {_list(dict.fromkeys(agreeing))}.")
    if diagnosis.is_last_first:
        said.append("The numbers in a row are read with the output layer first.")
    if any(c.is_cut_off for c in diagnosis.comparisons):
        said.append("Some numbers are cut off rather than rounded; that counts as agreement.")
    if diagnosis.unknown:
        said.append(f"Not recognised and left out: {_list(diagnosis.unknown)}.")
    return tuple(said)


def as_data(diagnosis: Diagnosis, architecture: Architecture) -> dict[str, Any]:
    """Return a diagnosis as JSON can hold it."""
    difference = diagnosis.first_difference
    return {
        "verdict": diagnosis.verdict.value,
        "text": list(sentences(diagnosis, architecture)),
        "numbers": sum(c.count for c in diagnosis.comparisons),
        "differing": diagnosis.differing,
        "quantities": [
            {"name": c.quantity.name, "label": c.label, "agreeing": c.agreeing, "count": c.count}
            for c in diagnosis.comparisons
        ],
        "first_difference": None
        if difference is None
        else {"name": difference.name, "given": difference.given, "right": difference.right},
        "explanations": [_explanation_as_data(e) for e in diagnosis.explanations],
        "ask_for": None if diagnosis.ask_for is None else diagnosis.ask_for.name,
        "unknown": list(diagnosis.unknown),
    }


def _explanation_as_data(explanation: Explanation) -> dict[str, Any]:
    return {
        "mistakes": [mistake.name for mistake in explanation.mistakes],
        "causes": [mistake.cause for mistake in explanation.mistakes],
        "right": [mistake.right.numpy for mistake in explanation.mistakes],
        "wrong": [mistake.wrong.numpy for mistake in explanation.mistakes],
        "agreeing": explanation.agreeing,
        "explained": explanation.explained,
        "same_numbers": [[m.name for m in way] for way in explanation.same_numbers],
        "may_be_chance": explanation.may_be_chance,
    }


def _unexplained(diagnosis: Diagnosis) -> str:
    wrong = [c for c in diagnosis.comparisons if not c.agrees]
    if diagnosis.differing == 1 and wrong[0].count > 1:
        return (
            "Only one number differs, and no known mistake gives it: look for a slip in writing "
            "it down."
        )
    if sum(c.count for c in diagnosis.comparisons) == 1:
        return (
            "The number differs, and no known mistake, no pair of them and no other convention "
            "gives it."
        )
    return (
        f"{diagnosis.differing:,} of {sum(c.count for c in diagnosis.comparisons):,} numbers "
        "differ, and no known mistake, no pair of them and no other convention gives them."
    )


def _partly(diagnosis: Diagnosis, architecture: Architecture) -> str:
    best = diagnosis.explanations[0]
    names = _list(q.name for q in best.quantities)
    verb = "is" if len(best.quantities) == 1 else "are"
    ways = [clause_of(e.mistakes, architecture) for e in diagnosis.explanations]
    text = f"Your {names} {verb} what you get when {'; or when '.join(ways[:_MOST_NAMED])}."
    if best.explained < best.differing:
        return f"{text} That explains {best.explained:,} of the {best.differing:,} that differ."
    return (
        f"{text} But it does not give the other numbers, which are right without it: they come "
        "from different computations."
    )


def _same(explanations: Sequence[Explanation], architecture: Architecture) -> list[str]:
    said = []
    for explanation in explanations:
        ways = [clause_of(way, architecture) for way in explanation.same_numbers[:_MOST_NAMED]]
        if ways:
            said.append(
                f"The very same numbers come when {'; or when '.join(ways)}: in this network "
                "nothing tells them apart."
            )
    return said


def _yours(comparisons: Sequence[Comparison]) -> str:
    wrong = list(dict.fromkeys(c.quantity for c in comparisons if not c.agrees))
    every = list(dict.fromkeys(c.quantity for c in comparisons))
    named = wrong or [q for q in every if q.what in OF_SAMPLE_ALONE.values()] or every
    return f"Your {_list(q.name for q in named)} {'is' if len(named) == 1 else 'are'}"


def _digits(comparisons: Sequence[Comparison]) -> str:
    fewest = min(c.digits[0] for c in comparisons)
    most = max(c.digits[1] for c in comparisons)
    if fewest == most:
        return f"{most} digit{'' if most == 1 else 's'}"
    return f"{fewest} to {most} digits"


def _digits_of(text: str) -> int:
    """Return with how many digits the right number is shown beside a given one."""
    mantissa = text.lower().partition("e")[0]
    figures = len(mantissa.lstrip("+-").replace(".", "").lstrip("0"))
    return min(max(figures, MIN_DIGITS), MAX_DIGITS)


def _list(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
