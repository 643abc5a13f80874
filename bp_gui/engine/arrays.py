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
        Numbers of any array-like form. An array that is already read-only is returned as it is.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.flags.writeable:
        array = array.copy() if array is values or array.base is not None else array
        array.flags.writeable = False
    return array
