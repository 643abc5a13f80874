"""How many threads a peer is given: as many as serve it best."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

_TRIALS = 5


def give_best(
    set_threads: Callable[[int], object], counts: Iterable[int], attempt: Callable[[], object]
) -> None:
    """Set the number of threads with which an attempt takes the shortest time."""
    times = {}
    for threads in counts:
        set_threads(threads)
        times[threads] = min(_time_of(attempt) for _ in range(_TRIALS))
    set_threads(min(times, key=times.__getitem__))


def _time_of(attempt: Callable[[], object]) -> float:
    began = time.perf_counter()
    attempt()
    return time.perf_counter() - began
