"""How long the cost curve takes from a new snapshot to paint, by the length of its history."""

from __future__ import annotations

import os
import statistics
import time
from dataclasses import replace

import numpy as np
from PySide6.QtWidgets import QApplication

from bp_gui.session.examples import load_named
from bp_gui.session.history import CostHistory
from bp_gui.session.snapshot import Snapshot, evaluate
from bp_gui.views.plot.cost_plot import CostPlot

LENGTHS = (10**4, 10**5, 10**6)
SIZE = (900, 300)
REPEATS = 25


def measure() -> list[tuple[str, float]]:
    """Return (name, median milliseconds) of taking over the data, and of doing so and painting."""
    if QApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        QApplication([])
    results = []
    for length in LENGTHS:
        taken_over, painted = _times(length)
        results.append((f"cost curve, {length:,} points: new data", taken_over))
        results.append((f"cost curve, {length:,} points: new data to painted", painted))
    return results


def _times(length: int) -> tuple[float, float]:
    snapshots = [_snapshot(length), _snapshot(length + 1)]
    plot = CostPlot()
    plot.resize(*SIZE)
    plot.show()
    plot.show_snapshot(snapshots[1])
    plot.grab()
    taken_over, painted = [], []
    for repeat in range(REPEATS):
        start = time.perf_counter()
        plot.show_snapshot(snapshots[repeat % 2])
        taken_over.append(1e3 * (time.perf_counter() - start))
        plot.grab()
        painted.append(1e3 * (time.perf_counter() - start))
    plot.close()
    plot.deleteLater()
    return statistics.median(taken_over), statistics.median(painted)


def _snapshot(length: int) -> Snapshot:
    """Return the worked example after so many updates of a noisy training."""
    n = np.arange(length)
    noise = np.random.default_rng(0).lognormal(sigma=0.3, size=length)
    costs = 0.3 / (1 + 20 * n / length) * noise
    history = CostHistory().extended(n, costs)
    return evaluate(replace(load_named("example:worked"), history=history, updates=length))


if __name__ == "__main__":
    for name, milliseconds in measure():
        print(f"{name}: {milliseconds:.2f} ms")
