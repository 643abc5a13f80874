"""Geometry of a field on a grid: levels that are round numbers, and the lines along them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bp_gui.engine.arrays import Array

_ROUND = (1.0, 2.0, 5.0, 10.0)
# Marching squares: which two sides of a cell a line joins, by which corners lie above the level.
# Corners are counted from lower left against the clock; side k leads from corner k to k + 1.
_JOINED: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),),
    2: ((0, 1),),
    3: ((3, 1),),
    4: ((1, 2),),
    5: ((3, 0), (1, 2)),
    6: ((0, 2),),
    7: ((3, 2),),
    8: ((2, 3),),
    9: ((2, 0),),
    10: ((0, 1), (2, 3)),
    11: ((2, 1),),
    12: ((1, 3),),
    13: ((1, 0),),
    14: ((0, 3),),
}


def linear_levels(low: float, high: float, most: int) -> list[float]:
    """Return at most ``most`` multiples of 1, 2 or 5 times 10ⁿ strictly between two numbers."""
    if not (math.isfinite(low) and math.isfinite(high) and high > low):
        return []
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in _ROUND if factor * power >= rough * (1 - 1e-9))
    first, last = math.floor(low / step) + 1, math.ceil(high / step) - 1
    return [k * step for k in range(first, last + 1)]


def logarithmic_levels(low: float, high: float, most: int) -> list[float]:
    """Return at most ``most`` numbers 1, 2 or 5 times 10ⁿ, or of these the powers of ten."""
    if not (math.isfinite(low) and math.isfinite(high) and 0 < low < high):
        return []
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for factors in (_ROUND[:3], (1.0, 3.0), (1.0,)):
        levels = [f * 10.0**e for e in exponents for f in factors if low < f * 10.0**e < high]
        if len(levels) <= most:
            return levels
    return levels[:: math.ceil(len(levels) / most)]


def contour_lines(field: Array, x: Array, y: Array, level: float) -> tuple[Array, Array]:
    """Return the pieces of the lines where a field has a level, (2 · pieces,) each of x and y.

    Every two following points are one piece. A cell with a corner that is not finite has none.

    Parameters
    ----------
    field
        Values on the grid, (rows, columns).
    x, y
        Places of the columns and of the rows, ascending.

    Source: Lorensen, Cline, Marching cubes, SIGGRAPH (1987), in two dimensions.
    """
    corners = np.stack((field[:-1, :-1], field[:-1, 1:], field[1:, 1:], field[1:, :-1]))
    above = corners > level
    case = (above * np.array([1, 2, 4, 8])[:, np.newaxis, np.newaxis]).sum(axis=0)
    case[~np.isfinite(corners).all(axis=0)] = 0
    points: list[Array] = []
    for number in np.unique(case):
        row, column = np.nonzero(case == number)
        for sides in _JOINED.get(int(number), ()):
            ends = [_crossing(corners[:, row, column], level, side) for side in sides]
            points += [np.stack((end[0] + column, end[1] + row), axis=1) for end in ends]
    return _as_pieces(points, x, y)


def _crossing(corners: Array, level: float, side: int) -> tuple[Array, Array]:
    """Return where the level lies on a side of each cell, in units of the cell."""
    begin, end = corners[side], corners[(side + 1) % 4]
    share = (level - begin) / (end - begin)
    zero, one = np.zeros_like(share), np.ones_like(share)
    places = ((share, zero), (one, share), (1.0 - share, one), (zero, 1.0 - share))
    return places[side]


def _as_pieces(points: list[Array], x: Array, y: Array) -> tuple[Array, Array]:
    """Return pairs of ends in the coordinates of the axes."""
    if not points:
        return np.empty(0), np.empty(0)
    first, second = np.concatenate(points[0::2]), np.concatenate(points[1::2])
    pairs = np.stack((first, second), axis=1).reshape(-1, 2)
    return (
        np.interp(pairs[:, 0], np.arange(len(x)), x),
        np.interp(pairs[:, 1], np.arange(len(y)), y),
    )


def shares_between(values: Array, low: float, high: float, logarithmic: bool) -> Array:
    """Return where values lie between two bounds, from 0 to 1; NaN where they are not finite."""
    with np.errstate(all="ignore"):
        if logarithmic:
            values, low, high = np.log10(values), math.log10(low), math.log10(high)
        shares = np.clip((values - low) / (high - low if high > low else 1.0), 0.0, 1.0)
        return np.where(np.isfinite(values), shares, np.nan)


def colours_of(shares: Array, table: NDArray[np.uint8], missing: int) -> NDArray[np.uint32]:
    """Return 0xffRRGGBB of every share from a table of colours (k, 3); ``missing`` for NaN."""
    known = np.nan_to_num(shares)
    rgb = table[np.rint(known * (len(table) - 1)).astype(np.intp)].astype(np.uint32)
    packed = 0xFF000000 | rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2]
    return np.where(np.isnan(shares), np.uint32(missing), packed).astype(np.uint32)
