"""One tick of the film: the cursor moved and the graph painted, for networks of three sizes."""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from benchmarks.edit_to_paint import SIZES, network_of
from bp_gui.app import Program, make_application
from bp_gui.controller.settings import Settings
from bp_gui.session.frames import Granularity
from bp_gui.session.snapshot import evaluate
from bp_gui.session.story import granularities, tell

TICKS = 240
TICK_SECONDS = 1 / 60


def measure() -> list[tuple[str, float]]:
    """Return (what, milliseconds): telling, a tick in the median, and the slowest tick."""
    application = QApplication.instance() or make_application(["bench"])
    assert isinstance(application, QApplication)
    results = []
    for sizes in SIZES:
        name = "-".join(map(str, sizes))
        experiment = network_of(sizes)
        finest, *_, coarsest = granularities(experiment.architecture)
        began = time.perf_counter()
        tell(evaluate(experiment), finest)
        results.append((f"film, {name}: telling it", (time.perf_counter() - began) * 1e3))
        program = Program(experiment, Settings(Path(os.devnull)))
        program.window.resize(1280, 800)
        program.window.show()
        program.window.curve.load_plot()
        for granularity in (finest, coarsest):
            times = _ticks(application, program, granularity)
            what = f"film, {name}, by {granularity.value}: frame to painted"
            results.append((what, statistics.median(times)))
            results.append((f"{what}, slowest, with a new frame", max(times)))
        program.shut_down()
        program.window.hide()
        program.window.deleteLater()
        application.processEvents()
    return results


def _ticks(application: QApplication, program: Program, granularity: Granularity) -> list[float]:
    """Play as the clock does, and time each tick with all that is painted for it."""
    player = program.film
    player.set_moves(True)
    player.set_granularity(granularity)
    player.open()
    application.processEvents()
    times = []
    for _ in range(TICKS):
        began = time.perf_counter()
        player.advance(TICK_SECONDS)
        application.processEvents()
        times.append((time.perf_counter() - began) * 1e3)
    player.close()
    return times


if __name__ == "__main__":
    for what, milliseconds in measure():
        print(f"{what}: {milliseconds:.2f} ms")
