"""From an edit to the whole window painted, for networks of three sizes."""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtWidgets import QApplication

from bp_gui.app import Program, make_application
from bp_gui.controller.settings import Settings
from bp_gui.engine.names import parse_name
from bp_gui.engine.network import Architecture, Parameters
from bp_gui.session.edits import SetValue, restarted
from bp_gui.session.examples import load_named
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import evaluate

SIZES = ((2, 2, 2), (2, 8, 8, 2), (64, 32, 10))
REPEATS = 60


def network_of(sizes: tuple[int, ...]) -> Experiment:
    """Return the worked example, or one of another size with seeded random numbers."""
    worked = load_named("example:worked")
    if sizes == worked.architecture.sizes:
        return worked
    generator = np.random.default_rng(1)
    architecture = Architecture(sizes, ("sigmoid",) * (len(sizes) - 1))
    parameters = Parameters(architecture, generator.normal(size=architecture.n_parameters))
    x, t = generator.normal(size=(1, sizes[0])), generator.uniform(size=(1, sizes[-1]))
    return restarted(worked, parameters).with_samples(x, t)


def measure() -> list[tuple[str, float]]:
    """Return (what, median milliseconds)."""
    application = QApplication.instance() or make_application(["bench"])
    assert isinstance(application, QApplication)
    results = []
    for sizes in SIZES:
        name = "-".join(map(str, sizes))
        experiment = network_of(sizes)
        program = Program(experiment, Settings(Path(os.devnull)))
        program.window.resize(1280, 800)
        program.window.show()
        program.window.curve.load_plot()
        application.processEvents()
        ref = parse_name("W1[1,1]")
        times = []
        for k in range(REPEATS):
            began = time.perf_counter()
            program.store.submit(SetValue(ref, 0.1 + k * 0.01))
            application.processEvents()
            times.append((time.perf_counter() - began) * 1e3)
        results.append((f"edit to painted, {name}", statistics.median(times)))
        results.append((f"edit to painted, {name}, 95th percentile", sorted(times)[-3]))
        began = time.perf_counter()
        for _ in range(REPEATS):
            evaluate(experiment)
        share = (time.perf_counter() - began) / REPEATS * 1e3
        results.append((f"  of which computing the snapshot, {name}", share))
        program.shut_down()
        program.window.hide()
        program.window.deleteLater()
        application.processEvents()
    return results
