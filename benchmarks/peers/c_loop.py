"""A plain loop in C, compiled for the very sizes of the workload: what the hardware can do."""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.peers.serve import Layers, Workload, serve

SOURCE = Path(__file__).with_name("c") / "training.c"
_FLAGS = ("-O3", "-march=native", "-shared", "-fPIC")


class Trainer:
    """Parameters in one array: the weights of a layer row by row, its biases, the next layer."""

    def __init__(self, workload: Workload) -> None:
        self._sizes: list[int] = workload["sizes"]
        self._train = _compiled(workload)
        pieces = zip(workload["W"], workload["b"], strict=True)
        self._theta = _array(v for W, b in pieces for part in (*W, b) for v in part)
        self._x = _array(v for row in workload["x"] for v in row)
        self._t = _array(v for row in workload["t"] for v in row)
        self._eta = workload["eta"]
        self._costs = _array([])

    def run(self, updates: int) -> None:
        if len(self._costs) < updates:
            self._costs = (ctypes.c_double * updates)()
        eta, n = ctypes.c_double(self._eta), ctypes.c_long(updates)
        self._train(self._theta, self._x, self._t, eta, n, self._costs)

    def parameters(self) -> tuple[Layers, Layers]:
        W, b, at = [], [], 0
        for n_from, n_to in zip(self._sizes, self._sizes[1:], strict=False):
            rows = range(at, at + n_from * n_to, n_from)
            W.append([self._theta[row : row + n_from] for row in rows])
            at += n_from * n_to
            b.append(self._theta[at : at + n_to])
            at += n_to
        return W, b


def _array(values: Iterable[float]) -> ctypes.Array[ctypes.c_double]:
    numbers = list(values)
    return (ctypes.c_double * len(numbers))(*numbers)


def _compiled(workload: Workload) -> Callable[..., object]:
    """Return the C function for a workload's sizes."""
    sizes = workload["sizes"]
    constants = {
        "SIZES": ",".join(map(str, sizes)),
        "LAYERS": len(sizes) - 1,
        "WIDEST": max(sizes),
        "ROWS": len(workload["x"]),
        "BATCH": workload["batch_size"],
    }
    defined = [f"-D{name}={value}" for name, value in constants.items()]
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "training.so"
        subprocess.run(["gcc", *_FLAGS, *defined, SOURCE, "-lm", "-o", library], check=True)
        function = ctypes.CDLL(str(library)).train
    function.restype = None
    loop: Callable[..., object] = function
    return loop  # the library stays open, though its file is gone


def _compiler() -> str:
    """Return gcc's version."""
    return subprocess.run(
        ["gcc", "-dumpfullversion"], capture_output=True, text=True, check=True
    ).stdout.strip()


if __name__ == "__main__":
    serve({"gcc": _compiler()}, Trainer)
