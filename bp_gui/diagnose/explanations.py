"""Searches for what gives somebody's numbers, the simplest first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from bp_gui.diagnose.catalogue.conventions import (
    SINGLE_PRECISION,
    TRANSPOSED_LAYOUT,
    other_eta,
)
from bp_gui.diagnose.evidence import Evidence, Fit
from bp_gui.diagnose.mistake import Mistake
from bp_gui.diagnose.outcome import Outcome, run
from bp_gui.diagnose.quantities import Quantity, What, in_order, values
from bp_gui.diagnose.search import Hypothesis, Search, same
from bp_gui.engine.arrays import Array

MOST_SHOWN = 12
_LEAST_CHANGES = 3  # so many numbers must agree on a learning rate, or on single precision
_ENOUGH_MORE = 2  # so many more numbers must a pair explain than a single mistake
_NEIGHBOURHOOD = 200
_CHANCE = 0.1
_NON_LINEAR = frozenset({"momentum", "nesterov"})
_TELLING = (
    What.WEIGHT_GRADIENT,
    What.WEIGHTS,
    What.DELTA,
    What.BIAS_GRADIENT,
    What.BIASES,
    What.ACTIVATION,
    What.COST,
    What.NEXT_COST,
)


def find_explanations(search: Search, evidence: Evidence) -> tuple[Fit, ...]:
    """Return what explains the numbers best, the simplest first; equally good ones together.

    Complete explanations come first: a single mistake or convention, then single precision, then
    pairs, with another learning rate as one of the two. Only if there are none is something looked
    for that explains whole quantities among those that differ.
    """
    for fits in (_simple(search, evidence), _in_singles(search, evidence)):
        complete = _fewest(fit for fit in fits if fit.agrees.all())
        if complete:
            return _grouped(complete)
    pairs = [*_fits(search.pairs(), evidence), *_with_eta(search, evidence)]
    complete = _fewest(fit for fit in pairs if fit.agrees.all())
    if complete:
        return _grouped(_marked_if_chance(complete, pairs, evidence))
    return _grouped(_partial(list(_simple(search, evidence)), pairs, evidence))


def _simple(search: Search, evidence: Evidence) -> Iterator[Fit]:
    """Yield single mistakes and conventions, another learning rate among them."""
    yield from _layouts((), search.right, evidence)
    yield from _fits(search.singles(), evidence)
    yield from _eta_of((), search.right, evidence)


def _in_singles(search: Search, evidence: Evidence) -> Iterator[Fit]:
    """Yield the fit of the right numbers to the digits that 32-bit floats carry.

    A computation in single precision would show in most numbers, so a few do not make one.
    """
    differing = int((~evidence.agrees).sum())
    if differing < max(_LEAST_CHANGES, len(evidence.agrees) // 2):
        return
    singles = tuple(replace(each, is_single=True) for each in evidence.observations)
    coarse = Evidence(evidence.right, singles)
    if coarse.agrees.all():
        yield Fit((SINGLE_PRECISION,), search.right, coarse.agrees)


def _fewest(fits: Iterable[Fit]) -> list[Fit]:
    """Return the fits that need the fewest mistakes."""
    found = list(fits)
    fewest = min((len(fit.mistakes) for fit in found), default=0)
    return [fit for fit in found if len(fit.mistakes) == fewest]


def _with_eta(search: Search, evidence: Evidence) -> Iterator[Fit]:
    for hypothesis, outcome in search.singles():
        yield from _eta_of(hypothesis.mistakes, outcome, evidence)


def _fits(tried: Iterable[tuple[Hypothesis, Outcome]], evidence: Evidence) -> Iterator[Fit]:
    for hypothesis, outcome in tried:
        yield from _layouts(hypothesis.mistakes, outcome, evidence)


def _layouts(mistakes: tuple[Mistake, ...], outcome: Outcome, evidence: Evidence) -> Iterator[Fit]:
    """Yield the fit as the matrices stand, and with square ones turned round."""
    if mistakes or evidence.conventions:
        yield Fit((*mistakes, *evidence.conventions), outcome, evidence.fitting(outcome))
    if evidence.turned is not None and len(mistakes) < 2:
        fitting = evidence.turned.fitting(outcome)
        if fitting.all():
            yield Fit((*mistakes, TRANSPOSED_LAYOUT), outcome, fitting)


def _eta_of(mistakes: tuple[Mistake, ...], outcome: Outcome, evidence: Evidence) -> Iterator[Fit]:
    """Yield the fit with the learning rate that the changed parameters agree on."""
    eta = _fitted_eta(outcome, evidence)
    if eta is None:
        return
    convention = other_eta(eta)
    moved = run(outcome.problem, convention.change(outcome.algorithm))
    yield Fit((*mistakes, convention, *evidence.conventions), moved, evidence.fitting(moved))


def _fitted_eta(outcome: Outcome, evidence: Evidence) -> float | None:
    """Return the learning rate that gives the new parameters, with as few digits as they allow.

    Only the last layer is asked where it can be: what goes back through updated weights depends
    on the learning rate in more than one way.
    """
    problem = outcome.problem
    used = outcome.algorithm.eta(problem.eta)
    if used == 0 or problem.optimizer.name in _NON_LINEAR or outcome.algorithm.updates != 1:
        return None
    given = [o for o in evidence.observations if o.quantity.what in (What.WEIGHTS, What.BIASES)]
    last = [o for o in given if o.quantity.layer == problem.architecture.n_layers - 1]
    low, high, count = -math.inf, math.inf, 0
    for observation in last or given:
        was = What.OLD_WEIGHTS if observation.quantity.what is What.WEIGHTS else What.OLD_BIASES
        old = replace(observation, quantity=replace(observation.quantity, what=was))
        before = old.expected(outcome)
        slope = (observation.expected(outcome) - before) / used
        slack = observation.slack(evidence.right)
        moves = np.abs(slope) > slack
        ends = np.stack((observation.low - slack - before, observation.high + slack - before))
        bounds = np.sort(ends[:, moves] / slope[moves], axis=0)
        low = max(low, float(np.max(bounds[0], initial=-math.inf)))
        high = min(high, float(np.min(bounds[1], initial=math.inf)))
        count += int(moves.sum())
    if count < _LEAST_CHANGES or not low <= high or not low > 0:
        return None
    return _shortest_between(low, high)


def _shortest_between(low: float, high: float) -> float:
    """Return the number with the fewest digits from low to high."""
    middle = 0.5 * (low + high)
    for digits in range(1, 17):
        rounded = float(f"{middle:.{digits}g}")
        if low <= rounded <= high:
            return rounded
    return middle


def _partial(singles: list[Fit], pairs: list[Fit], evidence: Evidence) -> list[Fit]:
    """Return what explains most, if it explains at least one whole quantity."""
    best_single = _most(singles, evidence)
    best_pair = _most(pairs, evidence)
    if not best_single or (
        best_pair
        and _explained(best_pair[0], evidence)
        >= _explained(best_single[0], evidence) + _ENOUGH_MORE
    ):
        return [fit for fit in best_pair if _explained(fit, evidence) >= _ENOUGH_MORE]
    return best_single


def _most(fits: list[Fit], evidence: Evidence) -> list[Fit]:
    whole = [fit for fit in fits if _explains_a_quantity(fit, evidence)]
    if not whole:
        return []

    def key(fit: Fit) -> tuple[int, int]:
        return _explained(fit, evidence), int(fit.agrees.sum())

    most = max(map(key, whole))
    return [fit for fit in whole if key(fit) == most]


def _explained(fit: Fit, evidence: Evidence) -> int:
    return int((fit.agrees & ~evidence.agrees).sum())


def _explains_a_quantity(fit: Fit, evidence: Evidence) -> bool:
    parts = zip(evidence.each(fit.agrees), evidence.each(evidence.agrees), strict=True)
    return any(fits.all() and not right.all() for (_, fits), (_, right) in parts)


def _grouped(fits: list[Fit]) -> tuple[Fit, ...]:
    """Return one fit for each set of numbers, the simplest; it names the others."""
    groups: list[tuple[Fit, list[Fit]]] = []
    for fit in sorted(fits, key=lambda each: len(each.mistakes)):
        for first, others in groups:
            if same(first.outcome, fit.outcome):
                others.append(fit)
                break
        else:
            groups.append((fit, []))
    found = []
    for first, others in groups[:MOST_SHOWN]:
        names = {frozenset(m.name for m in first.mistakes)}
        alike = []
        for other in others:
            key = frozenset(m.name for m in other.mistakes)
            longer = any(known <= key for known in names)
            if not longer:
                names.add(key)
                alike.append(other.mistakes)
        found.append(replace(first, same_numbers=tuple(alike)))
    return tuple(found)


def _marked_if_chance(complete: list[Fit], tried: list[Fit], evidence: Evidence) -> list[Fit]:
    """Mark fits of a single differing number if many pairs come near it."""
    differs = np.flatnonzero(~evidence.agrees)
    if len(differs) != 1:
        return complete
    at = int(differs[0])
    low = np.concatenate([o.low for o in evidence.observations])[at]
    high = np.concatenate([o.high for o in evidence.observations])[at]
    reach = 0.5 * _NEIGHBOURHOOD * (high - low)
    found = np.array([evidence.expected(fit.outcome)[at] for fit in tried])
    distinct = np.unique(found[np.isfinite(found)])
    near = np.count_nonzero((distinct > low - reach) & (distinct < high + reach))
    by_chance = bool((near - 1) / _NEIGHBOURHOOD > _CHANCE)
    return [replace(fit, may_be_chance=by_chance) for fit in complete]


def what_to_ask(fits: tuple[Fit, ...], evidence: Evidence) -> Quantity | None:
    """Return the quantity, not given yet, that tells most of the explanations apart."""
    if len(fits) < 2:
        return None
    given = {observation.quantity for observation in evidence.observations}
    quantities = [
        quantity
        for what in _TELLING
        for quantity in in_order(evidence.right.problem.architecture)
        if quantity.what is what and quantity not in given
    ]
    counts = [len({_key(fit.outcome, quantity) for fit in fits}) for quantity in quantities]
    best = max(counts, default=1)
    return quantities[counts.index(best)] if best > 1 else None


def _key(outcome: Outcome, quantity: Quantity) -> tuple[str, ...]:
    """Return a quantity's numbers to six digits."""
    numbers: Array = np.asarray(values(outcome, quantity)).reshape(-1)
    return tuple(f"{number:.6g}" for number in numbers.tolist())
