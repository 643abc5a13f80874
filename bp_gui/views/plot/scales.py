"""What the cost axis of a plot can show, linear and logarithmic."""

from __future__ import annotations

from typing import Final

import numpy as np

from bp_gui.engine.arrays import Array

_LARGEST: Final = 1e300  # a larger cost is left out: its axis would overflow
_SMALLEST: Final = 1e-300  # and an axis that ends below this would vanish
_HEADROOM: Final = 1.1  # of the highest cost, on a linear axis
_FOOTROOM: Final = 0.02  # so that a cost of zero is not hidden by the axis
_FEWEST_DECADES: Final = 1.0


def axis_coordinates(costs: Array, logarithmic: bool) -> Array:
    """Return costs, or their decimal logarithms, with NaN for all that the axis cannot show."""
    with np.errstate(invalid="ignore"):
        shown = np.abs(costs) <= _LARGEST
        if not logarithmic:
            return np.where(shown, costs, np.nan)
        return np.log10(np.where(shown & (costs > 0), costs, np.nan))


def cost_range(y: Array, logarithmic: bool) -> tuple[float, float]:
    """Return the range of the cost axis that shows a polyline, in the axis's coordinates."""
    known = y[np.isfinite(y)]
    if not len(known):
        return (-1.0, 0.0) if logarithmic else (0.0, 1.0)
    low, high = float(known.min()), float(known.max())
    if logarithmic:
        beyond = max(_FEWEST_DECADES - (high - low), 0.1 * (high - low)) / 2
        return low - beyond, high + beyond
    low, high = min(low, 0.0) * _HEADROOM, max(high, 0.0) * _HEADROOM
    if high - low <= _SMALLEST:
        low, high = 0.0, 1.0
    return low - _FOOTROOM * (high - low), high
