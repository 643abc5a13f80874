"""Geometry of a field on a grid: levels that are round numbers, and the lines along them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bp_gui.engine.arrays import Array

_ROUND = (1.0, 2.0, 5.0, 10.0)
# Marching squares: which two sides of a cell a line joins, by which corners lie above the level.
# Corners are counted from lower left against the clock; side k leads from corner k to k + 1.
_JOINED = {
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
_NONE = -1
_SIDES = np.full((16, 2, 2), _NONE)
for _case, _pieces in _JOINED.items():
    _SIDES[_case, : len(_pieces)] = _pieces


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
    above = (field > level).view(np.uint8)
    case = above[:-1, :-1] + 2 * above[:-1, 1:] + 4 * above[1:, 1:] + 8 * above[1:, :-1]
    row, column = np.nonzero((case > 0) & (case < 15))
    corners = np.stack([field[row + r, column + c] for r, c in ((0, 0), (0, 1), (1, 1), (1, 0))])
    sides = _SIDES[case[row, column]]
    sides[~np.isfinite(corners).all(axis=0)] = _NONE
    cell, piece = np.nonzero(sides[..., 0] != _NONE)
    side = sides[cell, piece]
    with np.errstate(all="ignore"):
        share = (level - corners) / (np.roll(corners, -1, axis=0) - corners)
    zero, one = np.zeros(share.shape[1]), np.ones(share.shape[1])
    across = np.stack((share[0], one, 1.0 - share[2], zero))
    up = np.stack((zero, share[1], one, 1.0 - share[3]))
    at = cell[:, np.newaxis]
    columns = (across[side, at] + column[at]).ravel()
    rows = (up[side, at] + row[at]).ravel()
    return np.interp(columns, np.arange(len(x)), x), np.interp(rows, np.arange(len(y)), y)


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
