"""The cost of every state that training has left behind."""

from __future__ import annotations

from threading import Lock
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bp_gui.engine.arrays import Array

Counts = NDArray[np.int64]
_FIRST_CAPACITY = 64
_T = TypeVar("_T", np.int64, np.float64)


class _Buffer:
    """Growing storage that several histories share: each sees only its own beginning of it."""

    def __init__(self, capacity: int) -> None:
        self.updates = np.empty(capacity, dtype=np.int64)
        self.costs = np.empty(capacity, dtype=np.float64)
        self.test_costs = np.empty(capacity, dtype=np.float64)
        self.used = 0
        self.claiming = Lock()

    def claim(self, length: int, end: int) -> bool:
        """Reserve ``length … end`` for one caller; False if it is taken or does not fit."""
        with self.claiming:
            free = self.used == length and end <= len(self.costs)
            if free:
                self.used = end
            return free


class CostHistory:
    """An immutable sequence of (update count, cost, test cost), cheap to extend at its end.

    The present state is not in it: the present cost belongs to the snapshot, so an edit never
    has to rewrite the past. Extending shares storage with the shorter history, which is what makes
    undo of a million updates cost two references. Two threads may extend the same history.
    """

    __slots__ = ("_buffer", "_length")

    def __init__(self, buffer: _Buffer | None = None, length: int = 0) -> None:
        self._buffer = _Buffer(_FIRST_CAPACITY) if buffer is None else buffer
        self._length = length

    def __len__(self) -> int:
        return self._length

    @property
    def updates(self) -> Counts:
        """Update counts, ascending, (length,), read-only."""
        return _read_only(self._buffer.updates[: self._length])

    @property
    def costs(self) -> Array:
        """Batch cost at those update counts, (length,), read-only."""
        return _read_only(self._buffer.costs[: self._length])

    @property
    def test_costs(self) -> Array:
        """Cost of the test samples at those update counts, NaN where there were none."""
        return _read_only(self._buffer.test_costs[: self._length])

    def extended(
        self, updates: ArrayLike, costs: ArrayLike, test_costs: ArrayLike | None = None
    ) -> CostHistory:
        """Return this history with entries added behind it; the lengths must be equal."""
        new_updates = np.asarray(updates, dtype=np.int64)
        new_costs = np.asarray(costs, dtype=np.float64)
        missing = np.full(len(new_costs), np.nan)
        new_tests = missing if test_costs is None else np.asarray(test_costs, dtype=np.float64)
        if not new_updates.shape == new_costs.shape == new_tests.shape or new_updates.ndim != 1:
            raise ValueError(
                f"{new_updates.shape} update counts do not fit {new_costs.shape} costs "
                f"and {new_tests.shape} test costs"
            )
        end = self._length + len(new_costs)
        buffer = self._buffer
        if not buffer.claim(self._length, end):
            buffer = self._copied(max(end, 2 * self._length, _FIRST_CAPACITY))
            buffer.used = end
        buffer.updates[self._length : end] = new_updates
        buffer.costs[self._length : end] = new_costs
        buffer.test_costs[self._length : end] = new_tests
        return CostHistory(buffer, end)

    def first(self, count: int) -> CostHistory:
        """Return the history of its first ``count`` entries."""
        return CostHistory(self._buffer, min(count, self._length))

    def is_beginning_of(self, other: CostHistory) -> bool:
        """Whether the other history says the same and perhaps more."""
        return self._length == self.shared_with(other)

    def shared_with(self, other: CostHistory) -> int:
        """Return how many entries both begin with, bit for bit."""
        both = min(self._length, other._length)
        if self._buffer is other._buffer:
            return both
        same = np.ones(both, dtype=bool)
        for one, two in (
            (self.updates, other.updates),
            (self.costs.view(np.int64), other.costs.view(np.int64)),
            (self.test_costs.view(np.int64), other.test_costs.view(np.int64)),
        ):
            same &= one[:both] == two[:both]
        return both if same.all() else int(np.argmin(same))

    def thinned(self, most: int) -> CostHistory:
        """Return at most ``most`` entries, evenly chosen, the first and the last kept."""
        if self._length <= most:
            return self
        keep = np.linspace(0, self._length - 1, most).round().astype(np.int64)
        return CostHistory().extended(self.updates[keep], self.costs[keep], self.test_costs[keep])

    def _copied(self, capacity: int) -> _Buffer:
        buffer = _Buffer(capacity)
        buffer.updates[: self._length] = self._buffer.updates[: self._length]
        buffer.costs[: self._length] = self._buffer.costs[: self._length]
        buffer.test_costs[: self._length] = self._buffer.test_costs[: self._length]
        return buffer


def _read_only(view: NDArray[_T]) -> NDArray[_T]:
    view.flags.writeable = False
    return view
