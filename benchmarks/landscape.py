"""How long curves, surfaces and a drag along them take."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtWidgets import QApplication

from benchmarks.tables import table, three_digits
from bp_gui.app import Program, make_application
from bp_gui.controller.calculator import Calculator
from bp_gui.controller.settings import Settings
from bp_gui.engine.arrays import Array
from bp_gui.engine.names import parse_name
from bp_gui.session.data import Origin
from bp_gui.session.edits import SetValue
from bp_gui.session.edits_data import UseDataset
from bp_gui.session.examples import load_named
from bp_gui.session.experiment import Experiment
from bp_gui.session.planes import Plane, parameter_plane, random_plane
from bp_gui.session.snapshot import Snapshot, evaluate
from bp_gui.session.whatif import line
from bp_gui.views.panels.analysis.along import POINTS
from bp_gui.views.panels.analysis.surface import GRIDS

SAMPLES = 500
SMALL_NAME, LARGE_NAME = "2-2-2", f"2-16-16-1, {SAMPLES} samples"
REPEATS, FEW = 40, 5
_REACH = 3.0  # how far curves and surfaces go to either side
_PATIENCE = 30.0  # seconds


def report() -> list[str]:
    """Return the chapter of RESULTS.md."""
    rows = []
    for what, milliseconds in measure():
        print(f"{what}: {three_digits(milliseconds)} ms", flush=True)
        rows.append((what, three_digits(milliseconds)))
    first, *_, last = GRIDS
    return [
        "## Curves and surfaces",
        "",
        "Medians in milliseconds. The surface of the larger network is refined beside the window: "
        f"its first picture has {first}x{first} points, and it is complete with {last}x{last}.",
        "",
        *table(("what", "ms"), rows, numbers=True),
    ]


def measure() -> list[tuple[str, float]]:
    """Return (what, median milliseconds)."""
    small, large = evaluate(load_named("example:worked")), evaluate(_larger())
    plane = _weights(small, "W2[1,1]", "W2[2,2]")
    return [
        *_curves(small, SMALL_NAME, REPEATS),
        (
            f"surface of two weights, {GRIDS[-1]}x{GRIDS[-1]} points, {SMALL_NAME}",
            _median(partial(_costs, plane, GRIDS[-1]), REPEATS),
        ),
        *_curves(large, LARGE_NAME, FEW),
        *_surfaces(large),
        *_in_the_window(large.experiment),
        *_drag(),
    ]


def _larger() -> Experiment:
    """Return the network of the spiral, with more samples."""
    origin = Origin("spiral", SAMPLES, noise=0.1, seed=1, test_share=0.0)
    return UseDataset(origin).apply(load_named("example:spiral"))


def _weights(snapshot: Snapshot, first: str, second: str) -> Plane:
    return parameter_plane(snapshot, parse_name(first), parse_name(second))


def _costs(plane: Plane, points: int) -> Array:
    """Return the costs around the present point."""
    steps = np.linspace(-_REACH, _REACH, points)
    return plane.costs(plane.present[0] + steps, plane.present[1] + steps).total


def _curves(snapshot: Snapshot, name: str, repeats: int) -> Iterator[tuple[str, float]]:
    for ref in ("W1[1,1]", "W2[1,1]"):
        found = line(snapshot, parse_name(ref))
        assert found is not None
        values = np.linspace(-_REACH, _REACH, POINTS[-1])
        milliseconds = _median(partial(found.costs, values), repeats)
        yield f"curve along {ref}, {POINTS[-1]} points, {name}", milliseconds


def _surfaces(snapshot: Snapshot) -> Iterator[tuple[str, float]]:
    """Yield times to the first picture and to the whole surface, for planes of three kinds."""
    planes = {
        "two weights of the last layer": _weights(snapshot, "W3[1,1]", "W3[1,2]"),
        "two weights of the first layer": _weights(snapshot, "W1[1,1]", "W1[2,2]"),
        "two random directions": random_plane(snapshot, 1),
    }
    for what, plane in planes.items():
        times = [_median(partial(_costs, plane, points), FEW) for points in GRIDS]
        yield f"surface of {what}, {LARGE_NAME}: first picture", times[0]
        yield f"surface of {what}, {LARGE_NAME}: complete", sum(times)


def _median(call: Callable[[], object], repeats: int) -> float:
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1e3)
    return statistics.median(times)


def _in_the_window(experiment: Experiment) -> list[tuple[str, float]]:
    """Return when a surface is first seen after an edit elsewhere, and when it is complete."""
    pictures = []
    with _program(experiment, "surface") as (program, application):
        calculator = program.window.workspaces.panel("surface").findChild(Calculator)
        assert calculator is not None
        seen: list[float] = []
        calculator.found.connect(lambda: seen.append(time.perf_counter()))
        for value in np.linspace(0.1, 0.5, FEW + 1).tolist():
            _wait(application, lambda: not calculator.is_busy)
            seen.clear()
            began = time.perf_counter()
            program.store.submit(SetValue(parse_name("b1[1]"), value))
            _wait(application, lambda: len(seen) == len(GRIDS))
            pictures.append([(when - began) * 1e3 for when in seen])
    what = f"edit to surface in the window, {LARGE_NAME}"
    return [
        (f"{what}: first picture", statistics.median(times[0] for times in pictures[1:])),
        (f"{what}: complete", statistics.median(times[-1] for times in pictures[1:])),
    ]


def _drag() -> list[tuple[str, float]]:
    found = []
    for key in ("along", "surface"):
        with _program(load_named("example:worked"), key) as (program, application):
            ref = parse_name("W2[1,1]")
            program.selection.select(ref)
            times = []
            for value in np.linspace(-1.0, 1.0, REPEATS + 1).tolist():
                began = time.perf_counter()
                program.store.submit(SetValue(ref, value))
                application.processEvents()
                times.append((time.perf_counter() - began) * 1e3)
        what = f"dragging with the page {key} in front, {SMALL_NAME}"
        found.append((what, statistics.median(times[1:])))
    return found


@contextmanager
def _program(experiment: Experiment, page: str) -> Iterator[tuple[Program, QApplication]]:
    """Open a window with a page in front."""
    application = QApplication.instance() or make_application(["bench"])
    assert isinstance(application, QApplication)
    program = Program(experiment, Settings(Path(os.devnull)))
    program.window.resize(1280, 800)
    program.window.show()
    program.window.curve.load_plot()
    program.window.workspaces.choose(page)
    application.processEvents()
    yield program, application
    program.shut_down()
    program.window.hide()
    program.window.deleteLater()
    application.processEvents()


def _wait(application: QApplication, is_done: Callable[[], bool]) -> None:
    end = time.perf_counter() + _PATIENCE
    while not is_done():
        if time.perf_counter() > end:
            raise TimeoutError(f"nothing came in {_PATIENCE:.0f} s")
        application.processEvents()
        time.sleep(0.0005)  # as an idle window would: the worker needs the interpreter


if __name__ == "__main__":
    print("\n".join(report()))
