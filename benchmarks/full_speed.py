"""How the window fares while a training runs as fast as it can."""

from __future__ import annotations

import os
import statistics
import time
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.edit_to_paint import SIZES, network_of
from bp_gui.app import Program, make_application
from bp_gui.controller.settings import Settings
from bp_gui.engine import compiled

WARM_UP_MS = 500
MEASURED_MS = 2500
PULSE_MS = 2


class _Frames(QObject):
    """Notes when its window is asked to paint what has changed: once a frame."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.UpdateRequest:
            self.times.append(time.perf_counter())
        return False


def measure() -> list[tuple[str, float]]:
    """Return (what, milliseconds).

    A key press waits for what the window is just doing. That wait is the lateness of a timer that
    ought to fire every few milliseconds.
    """
    application = QApplication.instance() or make_application(["bench"])
    assert isinstance(application, QApplication)
    compiled.load()  # as in the window, where the loops are there after a moment
    results = []
    for sizes in SIZES:
        frames, waits = _watch(application, sizes)
        name = f"training at full speed, {'-'.join(map(str, sizes))}"
        results.append((f"{name}: from frame to frame", statistics.median(frames)))
        results.append((f"{name}: a key press waits, 99th percentile", _percentile(waits, 0.99)))
        results.append((f"{name}: a key press waits, at most", max(waits)))
    return results


def _watch(application: QApplication, sizes: tuple[int, ...]) -> tuple[list[float], list[float]]:
    """Return the times between frames and the latenesses of the pulse, in milliseconds."""
    program = Program(network_of(sizes), Settings(Path(os.devnull)))
    window = program.window
    window.resize(1280, 800)
    window.show()
    window.curve.load_plot()
    program.training.set_rate(0)
    program.training.run()
    _spend(WARM_UP_MS)
    frames, pulses = _Frames(), list[float]()
    window.installEventFilter(frames)
    pulse = QTimer(interval=PULSE_MS, timerType=Qt.TimerType.PreciseTimer)
    pulse.timeout.connect(lambda: pulses.append(time.perf_counter()))
    pulse.start()
    _spend(MEASURED_MS)
    pulse.stop()
    window.removeEventFilter(frames)
    program.shut_down()
    window.hide()
    window.deleteLater()
    application.processEvents()
    waits = [max(0.0, (b - a) * 1e3 - PULSE_MS) for a, b in pairwise(pulses)]
    return [(b - a) * 1e3 for a, b in pairwise(frames.times)], waits


def _spend(milliseconds: int) -> None:
    """Let events happen for some time."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]


if __name__ == "__main__":
    for name, milliseconds in measure():
        print(f"{name}: {milliseconds:.2f} ms")
