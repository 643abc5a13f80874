"""The memory that the kernels work in."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bp_gui.engine.arrays import Array
from bp_gui.engine.compiled.codes import ACTIVATION_CODES
from bp_gui.engine.compiled.lanes import LANES
from bp_gui.engine.network import Architecture


def address(array: NDArray[np.float64] | NDArray[np.int64]) -> int:
    """Return where a contiguous array begins in memory."""
    return int(array.ctypes.data)


class Block:
    """Room for the passes of up to ``width`` samples, with the table of layers that names it.

    Attributes
    ----------
    width
        Most samples at a time.
    x, t
        Their inputs and targets.
    table
        The table of layers of `bp_gui.engine.compiled.kernel`.
    """

    def __init__(self, architecture: Architecture, width: int, theta: Array, g: Array) -> None:
        sizes = architecture.sizes
        self.width = width
        width += -width % LANES
        self.t = np.empty(sizes[-1] * width)
        self.x = np.empty(sizes[0] * width)
        self._z, self._a, self._delta = ([np.empty(n * width) for n in sizes[1:]] for _ in range(3))
        (W, b), (dW, db) = architecture.views(theta), architecture.views(g)
        sources = [self.x, *self._a]
        self.table = np.array(
            [
                (
                    n_from, n_to, ACTIVATION_CODES[architecture.activations[layer]],
                    *map(address, (W[layer], b[layer], dW[layer], db[layer], sources[layer])),
                    *map(address, (self._z[layer], self._a[layer], self._delta[layer])),
                )
                for layer, (n_from, n_to) in enumerate(pairwise(sizes))
            ],
            dtype=np.int64,
        )  # fmt: skip


class Records:
    """Room for costs at recording points: update counts, training and test cost."""

    def __init__(self, capacity: int) -> None:
        self.updates = np.empty(capacity, dtype=np.int64)
        self.costs, self.test_costs = np.empty((2, capacity))
