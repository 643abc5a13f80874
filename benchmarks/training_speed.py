"""The time of one training update in the NumPy engine."""

from __future__ import annotations

import statistics
import time

from benchmarks.edit_to_paint import network_of
from bp_gui.session.training import advance

CASES = (((2, 2, 2), 5000), ((2, 8, 8, 2), 3000), ((64, 32, 10), 2000))
REPEATS = 5


def measure() -> list[tuple[str, float]]:
    """Return (what, median milliseconds an update)."""
    results = []
    for sizes, updates in CASES:
        experiment = network_of(sizes)
        times = []
        for _ in range(REPEATS):
            began = time.perf_counter()
            advance(experiment, updates)
            times.append((time.perf_counter() - began) / updates * 1e3)
        name = "-".join(map(str, sizes))
        results.append(
            (f"one training update, NumPy, {name}, one sample", statistics.median(times))
        )
    return results
