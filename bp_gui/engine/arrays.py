"""Read-only float64 arrays: the only kind that state is made of."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def frozen(values: ArrayLike) -> Array:
    """Return ``values`` as a read-only float64 array that nobody else can write.

    Parameters
    ----------
    values
        Numbers of any array-like form. An array that nobody can write any more is returned
        as it is.
    """
    if isinstance(values, np.ndarray) and values.dtype == np.float64 and _is_read_only(values):
        return values
    # An explicit copy: an object may hand out an array that it still holds.
    array = np.asarray(values, dtype=np.float64).copy()
    array.flags.writeable = False
    return array


def _is_read_only(array: Array) -> bool:
    """Whether nobody can write the array, not even through the array that it is a view of."""
    base = array.base
    below = _is_read_only(base) if isinstance(base, np.ndarray) else isinstance(base, bytes | None)
    return below and not array.flags.writeable
