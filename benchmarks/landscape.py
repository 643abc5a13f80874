"""How long curves, surfaces and a drag along a curve take."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication

from bp_gui.app import Program, make_application
from bp_gui.controller.settings import Settings
from bp_gui.engine.names import parse_name
from bp_gui.session.edits import SetValue
from bp_gui.session.examples import load_named
from bp_gui.session.planes import parameter_plane
from bp_gui.session.snapshot import evaluate
from bp_gui.session.whatif import line

REPEATS = 40


def measure() -> list[tuple[str, float]]:
    """Return (what, median milliseconds)."""
    return [
        *_computing("worked", "2-2-2"),
        *_computing("spiral", "2-16-16-1, 240 samples"),
        *_drag(),
    ]


def _computing(name: str, label: str) -> list[tuple[str, float]]:
    snapshot = evaluate(load_named(f"example:{name}"))
    refs = list(snapshot.experiment.architecture.refs())
    found = line(snapshot, refs[-3])
    assert found is not None
    plane = parameter_plane(snapshot, refs[-3], refs[-2])
    values, side = np.linspace(-3, 3, 201), np.linspace(-3, 3, 101)
    repeats = REPEATS if name == "worked" else 3
    return [
        (
            f"cost along a weight, 201 points, {label}",
            _median(lambda: found.costs(values), repeats),
        ),
        (
            f"cost surface, 101x101 points, {label}",
            _median(lambda: plane.costs(side, side), repeats),
        ),
    ]


def _median(call: Callable[[], object], repeats: int) -> float:
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1e3)
    return statistics.median(times)


def _drag() -> list[tuple[str, float]]:
    application = QApplication.instance() or make_application(["bench"])
    assert isinstance(application, QApplication)
    results = []
    for key in ("along", "surface"):
        program = Program(load_named("example:worked"), Settings(Path(os.devnull)))
        program.window.resize(1280, 800)
        program.window.show()
        program.window.curve.load_plot()
        ref = parse_name("W2[1,1]")
        program.selection.select(ref)
        program.window.workspaces.choose(key)
        application.processEvents()
        times = []
        for value in np.linspace(-1.0, 1.0, REPEATS + 1).tolist():
            began = time.perf_counter()
            program.store.submit(SetValue(ref, value))
            application.processEvents()
            times.append((time.perf_counter() - began) * 1e3)
        what = f"dragging with the page {key} in front, 2-2-2"
        results.append((what, statistics.median(times[1:])))
        program.shut_down()
        program.window.hide()
        program.window.deleteLater()
        application.processEvents()
    return results
