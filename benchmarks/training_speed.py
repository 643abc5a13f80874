"""The time of one training update: NumPy, the compiled loops, and a plain loop in C.

All train the same network on the same samples, in turn; C's result is compared with NumPy's.
"""

from __future__ import annotations

import contextlib
import ctypes
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from math import inf
from pathlib import Path

import numpy as np

from bp_gui.engine import compiled
from bp_gui.engine.arrays import Array
from bp_gui.engine.batches import Batches
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.session.data import Data
from bp_gui.session.experiment import Experiment
from bp_gui.session.training import advance, stepwise

# Sizes, samples, batch size.
CASES = (
    ((2, 2, 2), 1, 1),
    ((2, 4, 2, 1), 100, 10),
    ((2, 16, 16, 1), 500, 500),
    ((784, 30, 10), 1000, 10),
    ((784, 100, 10), 1280, 128),
)
REPEATS = 7
SECONDS = 0.1  # one run of one path
CHECKED_UPDATES = 20
SOURCE = Path(__file__).parent / "peers" / "c" / "training.c"

Trainer = Callable[[int], Array]


def measure() -> list[tuple[str, float]]:
    """Return (what, median milliseconds an update); the paths run in turn."""
    compiled.load()
    results = []
    for sizes, samples, batch_size in CASES:
        experiment = experiment_of(sizes, samples, batch_size)
        trainers = {"NumPy": _numpy(experiment)}
        if compiled.is_ready():
            trainers["compiled"] = _compiled(experiment)
        with tempfile.TemporaryDirectory() as folder:
            with contextlib.suppress(FileNotFoundError):  # no compiler on this machine
                trainers["C"] = _c(experiment, batch_size, Path(folder))
            name = f"one training update, {'-'.join(map(str, sizes))}, batches of {batch_size}"
            results += [(f"{name}: {path}", ms) for path, ms in _race(trainers).items()]
    return results


def experiment_of(sizes: tuple[int, ...], samples: int, batch_size: int) -> Experiment:
    """Return a network of sigmoid neurons that plain gradient descent trains on made-up samples."""
    random = np.random.default_rng(0)
    architecture = Architecture(sizes, ("sigmoid",) * (len(sizes) - 1))
    W = [random.normal(scale=a**-0.5, size=(b, a)) for a, b in pairwise(sizes)]
    parameters = Parameters.from_layers(architecture, W, [np.zeros(n) for n in sizes[1:]])
    x, t = random.uniform(size=(samples, sizes[0])), random.uniform(size=(samples, sizes[-1]))
    return Experiment(
        parameters=parameters,
        data=Data.of(x, t),
        eta=0.1,
        bias_policy=BiasPolicy.PER_NEURON,
        start=parameters.theta,
        optimizer_state=OPTIMIZERS["gradient_descent"].initial_state(len(parameters.theta)),
        batches=Batches(batch_size),
    )


def _race(trainers: dict[str, Trainer]) -> dict[str, float]:
    expected = trainers["NumPy"](CHECKED_UPDATES)
    counts = {}
    for path, train in trainers.items():
        np.testing.assert_allclose(train(CHECKED_UPDATES), expected, rtol=1e-9, err_msg=path)
        counts[path] = _enough(train)
    times: dict[str, list[float]] = {path: [] for path in trainers}
    for _ in range(REPEATS):
        for path, train in trainers.items():
            began = time.perf_counter()
            train(counts[path])
            times[path].append((time.perf_counter() - began) / counts[path] * 1e3)
    return {path: statistics.median(found) for path, found in times.items()}


def _enough(train: Trainer) -> int:
    """Return how many updates take about as long as one run should."""
    updates, seconds = 1, 0.0
    while seconds < SECONDS / 4:
        updates *= 4
        began = time.perf_counter()
        train(updates)
        seconds = time.perf_counter() - began
    return max(1, int(updates * SECONDS / seconds))


def _numpy(experiment: Experiment) -> Trainer:
    def train(updates: int) -> Array:
        return stepwise(experiment, updates, inf, lambda: False).experiment.parameters.theta

    return train


def _compiled(experiment: Experiment) -> Trainer:
    def train(updates: int) -> Array:
        return advance(experiment, updates).experiment.parameters.theta

    return train


def _c(experiment: Experiment, batch_size: int, folder: Path) -> Trainer:
    """Return the plain loop, compiled for the sizes of the experiment."""
    sizes, (x, t) = experiment.architecture.sizes, (experiment.x, experiment.t)
    constants = {
        "SIZES": ",".join(map(str, sizes)),
        "LAYERS": len(sizes) - 1,
        "WIDEST": max(sizes),
        "ROWS": len(x),
        "BATCH": batch_size,
    }
    defined = [f"-D{name}={value}" for name, value in constants.items()]
    library = folder / "training.so"
    flags = ("-O3", "-march=native", "-shared", "-fPIC")
    subprocess.run(["gcc", *flags, *defined, SOURCE, "-lm", "-o", library], check=True)
    function = ctypes.CDLL(str(library)).train
    function.restype = None

    def train(updates: int) -> Array:
        theta, costs = np.array(experiment.parameters.theta), np.empty(updates)
        addresses = [ctypes.c_void_p(array.ctypes.data) for array in (theta, x, t, costs)]
        eta, count = ctypes.c_double(experiment.eta), ctypes.c_long(updates)
        function(*addresses[:3], eta, count, addresses[3])
        return theta

    return train


if __name__ == "__main__":
    for what, milliseconds in measure():
        print(f"{what:60} {milliseconds * 1e3:10.4g} µs")
