"""The results of a sweep over two of its settings, the mean over all others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.session.sweep.factors import FACTORS, Kind, Value
from bp_gui.session.sweep.run import Result
from bp_gui.session.sweep.spec import Sweep
from bp_gui.session.sweep.written import word

MOST_NUMBERS: Final = 16  # of a setting, each with a row of its own; more are put together
_BINS: Final = 10
_WIDE: Final = 10.0  # largest by smallest, from which on parts are as wide on a log scale
_DIGITS: Final = 3


@dataclass(frozen=True, eq=False)
class Pivot:
    """A table of mean final costs.

    Attributes
    ----------
    rows, columns
        What the rows and the columns stand for, as text.
    means
        Mean final cost of the runs in a cell that went well, (rows, columns); NaN where there is
        none.
    runs
        The runs in each cell, failed ones too: ``runs[row][column]``, from 0, best first.
    failed
        How many runs in each cell failed, (rows, columns).
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    means: Array
    runs: tuple[tuple[tuple[int, ...], ...], ...]
    failed: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class _Axis:
    """What each run belongs to along one setting."""

    labels: tuple[str, ...]
    places: tuple[int, ...]


def pivot(sweep: Sweep, results: Sequence[Result], row: str, column: str) -> Pivot:
    """Return the mean final cost over two settings.

    A setting of numbers with more than `MOST_NUMBERS` values, as random samples have, is cut into
    parts of equal width, on a log scale if the values span a factor of ten.

    Parameters
    ----------
    sweep, results
        The sweep, and what there is of its results.
    row, column
        The two settings; both may be the same.
    """
    down, across = _axis(sweep, row), _axis(sweep, column)
    shape = len(down.labels), len(across.labels)
    total, good, bad = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=int)
    cells: dict[tuple[int, int], list[Result]] = {}
    for result in results:
        cell = down.places[result.run], across.places[result.run]
        cells.setdefault(cell, []).append(result)
        if result.error or not math.isfinite(result.cost):
            bad[cell] += 1
        else:
            total[cell] += result.cost
            good[cell] += 1
    with np.errstate(invalid="ignore"):
        means = np.where(good > 0, total / np.maximum(good, 1), np.nan)
    runs = tuple(
        tuple(_by_cost(cells.get((r, c), [])) for c in range(shape[1])) for r in range(shape[0])
    )
    return Pivot(down.labels, across.labels, frozen(means), runs, tuple(map(tuple, bad.tolist())))


def _by_cost(results: Sequence[Result]) -> tuple[int, ...]:
    """Return the runs of some results, the lowest cost first, failed ones last."""

    def key(result: Result) -> tuple[bool, float, int]:
        known = not result.error and math.isfinite(result.cost)
        return not known, result.cost if known else 0.0, result.run

    return tuple(result.run for result in sorted(results, key=key))


def _axis(sweep: Sweep, name: str) -> _Axis:
    values = [dict(settings)[name] for settings in sweep.runs]
    if FACTORS[name].kind is Kind.NUMBER:
        numbers = np.array(values, dtype=np.float64)
        if len(np.unique(numbers)) > MOST_NUMBERS:
            return _parted(name, numbers)
    ordered = ordered_values(sweep, name)
    position = {value: k for k, value in enumerate(ordered)}
    return _Axis(
        tuple(word(name, value, _DIGITS) for value in ordered),
        tuple(position[value] for value in values),
    )


def rank(name: str, value: Value) -> tuple[float, ...]:
    """Return what the values of a setting are ordered by.

    Numbers ascend, fewer layers come before more, names are in the order of their registry; None,
    for all samples, is the last.
    """
    if isinstance(value, tuple):
        return float(len(value)), *map(float, value)
    if isinstance(value, str):
        return (float(FACTORS[name].choices.index(value)),)
    return (math.inf if value is None else float(value),)


def ordered_values(sweep: Sweep, name: str) -> list[Value]:
    """Return each value of a setting once, in the order of `rank`."""
    values = {dict(settings)[name] for settings in sweep.runs}
    return sorted(values, key=lambda value: rank(name, value))


def _parted(name: str, numbers: Array) -> _Axis:
    low, high = float(numbers.min()), float(numbers.max())
    logarithmic = low > 0 and high / low >= _WIDE
    space = np.geomspace if logarithmic else np.linspace
    edges = space(low, high, _BINS + 1)
    places = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, _BINS - 1)
    texts = [word(name, float(edge), _DIGITS) for edge in edges]
    labels = tuple(f"{texts[k]} … {texts[k + 1]}" for k in range(_BINS))
    return _Axis(labels, tuple(places.tolist()))
