"""Reduce a curve of any length to a polyline that looks the same at the resolution of a screen."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bp_gui.engine.arrays import Array

Numbers = NDArray[Any]
_POINTS_PER_BIN = 2


def min_max_bins(x: Numbers, y: Array, low: float, high: float, bins: int) -> tuple[Numbers, Array]:
    """Return a polyline with every extreme of the part of a curve that lies in [low, high].

    Each of the equally wide bins becomes its smallest and its largest value, put at the bin's first
    and last x in the order in which the curve falls or rises. A curve that is monotonic within a
    bin so keeps its own points there; any other is moved by less than the width of one bin.

    Parameters
    ----------
    x
        Positions, ascending, evenly spaced or not, (n,).
    y
        Values, (n,). What is not finite interrupts the curve.
    low, high
        The part to be drawn. One point on either side of it is kept, so that a line that leaves
        the part is drawn up to its edge.
    bins
        How many bins to divide the part into.

    Returns
    -------
    tuple of ndarray
        x and y of the polyline, at most 3 * bins + 2 points; y is finite or NaN, which stands for
        an interruption. The first and the last point are points of the curve. A part with at most
        two points for each bin is returned as it is: no copy if it is finite.

    Raises
    ------
    ValueError
        If there is no bin, or the lengths differ.
    """
    if bins < 1:
        raise ValueError(f"bins is {bins}; accepted are 1 and more")
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"{x.shape} positions do not fit {y.shape} values")
    first = int(_at(x, np.array([low]), "left")[0])
    end = int(_at(x, np.array([high]), "right")[0])
    outer = slice(max(first - 1, 0), max(min(end + 1, len(x)), 0))
    if end - first <= _POINTS_PER_BIN * bins:
        return x[outer], _without_infinities(y[outer])
    starts = _bin_starts(x, first, end, bins)
    inner_x, inner_y = _binned(x[first:end], y[first:end], starts - first)
    ends = [outer.start, outer.stop - 1]
    end_x, end_y = x[ends], _without_infinities(y[ends])
    return (
        np.concatenate((end_x[:1], inner_x, end_x[1:])),
        np.concatenate((end_y[:1], inner_y, end_y[1:])),
    )


def nearest_index(x: Numbers, position: float) -> int:
    """Return the index of the entry of ascending ``x``, which is not empty, nearest a position."""
    after = int(_at(x, np.array([position]), "left")[0])
    if after == 0:
        return 0
    if after == len(x):
        return len(x) - 1
    return after - 1 if position - x[after - 1] <= x[after] - position else after


def _bin_starts(x: Numbers, first: int, end: int, bins: int) -> NDArray[np.intp]:
    """Return the indices in [first, end) at which the bins that are not empty begin."""
    edges = np.linspace(float(x[first]), float(x[end - 1]), bins + 1)
    starts = np.concatenate(([first], _at(x, edges[1:-1], "left")))
    starts = starts[(starts >= first) & (starts < end)]
    return starts[np.concatenate(([True], np.diff(starts) > 0))]


def _binned(x: Numbers, y: Array, starts: NDArray[np.intp]) -> tuple[Numbers, Array]:
    """Return the extremes of every bin as a polyline, with NaN where values are missing."""
    lasts = np.append(starts[1:], len(y)) - 1
    low, high = np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)
    columns_x, columns_y = [x[starts], x[lasts]], _in_order(y, starts, lasts, low, high)
    keep = np.column_stack((np.ones(len(starts), dtype=bool), lasts > starts))
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        finite = np.isfinite(y)
        known = np.where(finite, y, np.nan)
        low, high = np.fmin.reduceat(known, starts), np.fmax.reduceat(known, starts)
        columns_y = _in_order(known, starts, lasts, low, high)
        columns_x, columns_y = [*columns_x, x[lasts]], [*columns_y, np.full(len(starts), np.nan)]
        keep = np.column_stack((keep, ~np.logical_and.reduceat(finite, starts)))
    return np.column_stack(columns_x)[keep], np.column_stack(columns_y)[keep]


def _in_order(
    y: Array, starts: NDArray[np.intp], lasts: NDArray[np.intp], low: Array, high: Array
) -> list[Array]:
    """Return the two extremes of every bin, the one that the curve comes from first."""
    rising = y[starts] < y[lasts]
    return [np.where(rising, low, high), np.where(rising, high, low)]


def _at(x: Numbers, positions: Array, side: str) -> NDArray[np.intp]:
    """Return ``searchsorted(x, positions)`` without converting whole numbers in ``x`` to floats."""
    if np.issubdtype(x.dtype, np.integer):
        limits = np.iinfo(x.dtype)
        whole = np.ceil(positions) if side == "left" else np.floor(positions)
        # The largest float64 that does not exceed the largest integer.
        largest = math.nextafter(float(limits.max), 0.0)
        keys: Numbers = np.clip(whole, float(limits.min), largest).astype(x.dtype)
    else:
        keys = positions
    return np.searchsorted(x, keys, side="right" if side == "right" else "left")


def _without_infinities(y: Array) -> Array:
    """Return ``y`` with NaN for every infinity; ``y`` itself if it has none."""
    infinite = np.isinf(y)
    return np.where(infinite, np.nan, y) if infinite.any() else y
