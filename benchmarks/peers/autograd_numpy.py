"""autograd: the cost written in NumPy and differentiated as it runs."""

from __future__ import annotations

import os
from importlib.metadata import version
from typing import Any

import autograd.numpy as np
from autograd import grad
from threadpoolctl import threadpool_limits

from benchmarks.peers.serve import Layers, Workload, serve
from benchmarks.peers.threads import give_best


def _cost(weights: Any, biases: Any, x: Any, t: Any) -> Any:
    a = x
    for W, b in zip(weights, biases, strict=True):
        a = 1 / (1 + np.exp(-(a @ W.T + b)))
    return 0.5 * np.sum((a - t) ** 2) / len(x)


class Trainer:
    """Float64 arrays, one a layer."""

    def __init__(self, workload: Workload) -> None:
        size, m = workload["batch_size"], len(workload["x"])
        x, t = np.array(workload["x"]), np.array(workload["t"])
        self._batches = [(x[i : i + size], t[i : i + size]) for i in range(0, m, size)]
        self._W = [np.array(W) for W in workload["W"]]
        self._b = [np.array(b) for b in workload["b"]]
        self._eta, self._train_biases = workload["eta"], workload["train_biases"]
        self._gradients = grad(_cost, (0, 1) if self._train_biases else (0,))
        give_best(threadpool_limits, (1, os.cpu_count() or 1), self._attempt)

    def _attempt(self) -> None:
        self._gradients(self._W, self._b, *self._batches[0])

    def run(self, updates: int) -> None:
        trained = (self._W, self._b) if self._train_biases else (self._W,)
        for _ in range(updates // len(self._batches)):
            for x, t in self._batches:
                gradients = self._gradients(self._W, self._b, x, t)
                for arrays, slopes in zip(trained, gradients, strict=True):
                    for array, slope in zip(arrays, slopes, strict=True):
                        array -= self._eta * slope

    def parameters(self) -> tuple[Layers, Layers]:
        return [W.tolist() for W in self._W], [b.tolist() for b in self._b]


if __name__ == "__main__":
    serve({"autograd": version("autograd"), "numpy": version("numpy")}, Trainer)
