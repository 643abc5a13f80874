"""Where a mistake enters, and by which numbers a wrong number is only handed on.

A mistake changes some steps of the algorithm, and each step computes numbers of one sort. So a
number that differs is either computed by a changed line, or by a right one from numbers that are
wrong already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum, auto

from bp_gui.diagnose.algorithm import RIGHT
from bp_gui.diagnose.answers import Answers, Pair
from bp_gui.diagnose.mistake import Mistake
from bp_gui.diagnose.outcome import Outcome, run
from bp_gui.engine.names import COST, Kind, Ref
from bp_gui.engine.network import Architecture
from bp_gui.explain.targets import Derivative, Gradient, Target, Update


class Sort(Enum):
    """What one line of the algorithm computes."""

    NET_INPUT = auto()
    ACTIVATION = auto()
    COST = auto()
    OUTPUT_DELTA = auto()
    HIDDEN_DELTA = auto()
    WEIGHT_GRADIENT = auto()
    BIAS_GRADIENT = auto()
    USED_WEIGHT_GRADIENT = auto()
    USED_BIAS_GRADIENT = auto()
    UPDATE = auto()


_ANY_DELTA = frozenset({Sort.OUTPUT_DELTA, Sort.HIDDEN_DELTA})
_OUTPUT_DELTA, _HIDDEN_DELTA = frozenset({Sort.OUTPUT_DELTA}), frozenset({Sort.HIDDEN_DELTA})
_USED = frozenset({Sort.USED_WEIGHT_GRADIENT, Sort.USED_BIAS_GRADIENT})
_UPDATE = frozenset({Sort.UPDATE})
COMPUTED_BY = {
    "net_input": frozenset({Sort.NET_INPUT}),
    "activate": frozenset({Sort.ACTIVATION}),
    "error_factor": _OUTPUT_DELTA,
    "output_error": _OUTPUT_DELTA,
    "output_delta": _OUTPUT_DELTA,
    "pull_back": _ANY_DELTA,
    "passed_back": _HIDDEN_DELTA,
    "weights_back": _HIDDEN_DELTA,
    "upstream": _HIDDEN_DELTA,
    "weight_gradient": frozenset({Sort.WEIGHT_GRADIENT, Sort.USED_WEIGHT_GRADIENT}),
    "bias_gradient": frozenset({Sort.BIAS_GRADIENT, Sort.USED_BIAS_GRADIENT}),
    "policy": frozenset({Sort.BIAS_GRADIENT, Sort.USED_BIAS_GRADIENT, Sort.UPDATE}),
    "penalty_gradient": _USED,
    "used_gradient": _USED,
    "clip": _USED,
    "eta": _UPDATE,
    "rule": _UPDATE,
    "step": _UPDATE,
    "updates": _UPDATE,
    "cost_factor": frozenset({Sort.COST}),
    "delta_factor": _ANY_DELTA,
}
"""Which sorts of numbers each step of `Algorithm` computes."""


def concerned(mistakes: Sequence[Mistake], right: Outcome, target: Target) -> tuple[Mistake, ...]:
    """Return which mistakes are in the very line that computes a number.

    Parameters
    ----------
    mistakes
        What is wrong.
    right
        The right outcome of the problem.
    target
        Which number.
    """
    sort = sort_of(target, right.problem.architecture)
    if sort is None:
        return ()
    return tuple(m for m in mistakes if _is_about(m, sort) and _changes(m, right, target))


def _is_about(mistake: Mistake, sort: Sort) -> bool:
    steps = mistake.change(RIGHT).steps_changed()
    return any(sort in COMPUTED_BY[step] for step in steps)


def _changes(mistake: Mistake, right: Outcome, target: Target) -> bool:
    """Whether a mistake changes a number when it is made alone."""
    alone = run(right.problem, mistake.change(RIGHT))
    numbers = Answers(right).number(target), Answers(alone).number(target)
    return None not in numbers and Pair(*numbers).differs  # type: ignore[arg-type]


def sort_of(target: Target, architecture: Architecture) -> Sort | None:
    """Return what sort of number a target is; None for those that no mistake computes."""
    match target:
        case Update():
            return Sort.UPDATE
        case Gradient(by):
            is_bias = by.kind is Kind.BIAS
            return Sort.USED_BIAS_GRADIENT if is_bias else Sort.USED_WEIGHT_GRADIENT
        case Derivative(of, by) if of == COST and by.is_parameter:
            return Sort.BIAS_GRADIENT if by.kind is Kind.BIAS else Sort.WEIGHT_GRADIENT
        case Derivative(of, by) if of == COST and by.kind is Kind.NET_INPUT:
            return sort_of(Ref(Kind.DELTA, by.layer, by.to), architecture)
        case Ref(kind, layer):
            is_last = layer == architecture.n_layers - 1
            return {
                Kind.NET_INPUT: Sort.NET_INPUT,
                Kind.ACTIVATION: Sort.ACTIVATION,
                Kind.DELTA: Sort.OUTPUT_DELTA if is_last else Sort.HIDDEN_DELTA,
                Kind.COST: Sort.COST,
                Kind.OUTPUT_COST: Sort.COST,
            }.get(kind)
    return None


def sources(target: Target, architecture: Architecture) -> Iterator[Target]:
    """Yield the numbers that a number is computed from, in the order of computation."""
    match target:
        case Update(of):
            yield Gradient(of)
        case Gradient(by):
            yield Derivative(COST, by)
        case Derivative(of, by) if of == COST and by.is_parameter:
            if by.kind is Kind.WEIGHT and by.layer > 0:
                yield Ref(Kind.ACTIVATION, by.layer - 1, by.source)
            yield Ref(Kind.DELTA, by.layer, by.to)
        case Derivative(of, by) if of == COST and by.kind is Kind.NET_INPUT:
            yield from sources(Ref(Kind.DELTA, by.layer, by.to), architecture)
        case Ref():
            yield from _sources_of(target, architecture)


def _sources_of(ref: Ref, architecture: Architecture) -> Iterator[Ref]:
    sizes, last = architecture.sizes, architecture.n_layers - 1
    match ref.kind:
        case Kind.NET_INPUT if ref.layer > 0:
            yield from (Ref(Kind.ACTIVATION, ref.layer - 1, j) for j in range(sizes[ref.layer]))
        case Kind.ACTIVATION:
            yield Ref(Kind.NET_INPUT, ref.layer, ref.to)
        case Kind.DELTA:
            yield Ref(Kind.NET_INPUT, ref.layer, ref.to)
            if ref.layer == last:
                yield Ref(Kind.ACTIVATION, last, ref.to)
            else:
                above = range(sizes[ref.layer + 2])
                yield from (Ref(Kind.DELTA, ref.layer + 1, k) for k in above)
        case Kind.OUTPUT_COST:
            yield Ref(Kind.ACTIVATION, last, ref.to)
        case Kind.COST:
            yield from (Ref(Kind.OUTPUT_COST, to=k) for k in range(sizes[-1]))
