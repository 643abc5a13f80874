"""micrograd: a graph of scalars in Python, made anew for every update.

Its own neurons know ReLU only; the sigmoid is added here as one more operation on its `Value`.
"""

from __future__ import annotations

import math
from importlib.metadata import version
from typing import Any

from micrograd.engine import Value

from benchmarks.peers.serve import Layers, Workload, serve


def _sigmoid(z: Any) -> Any:
    a = 1 / (1 + math.exp(-z.data))
    out = Value(a, (z,), "sigmoid")

    def backward() -> None:
        z.grad += a * (1 - a) * out.grad

    out._backward = backward
    return out


class Trainer:
    """Python's own floats, 64 bits."""

    def __init__(self, workload: Workload) -> None:
        self._W = [[[Value(w) for w in row] for row in W] for W in workload["W"]]
        self._b = [[Value(b) for b in layer] for layer in workload["b"]]
        self._trained = [w for W in self._W for row in W for w in row]
        if workload["train_biases"]:
            self._trained += [b for layer in self._b for b in layer]
        self._samples = list(zip(workload["x"], workload["t"], strict=True))
        self._size, self._eta = workload["batch_size"], workload["eta"]

    def _cost(self, x: list[float], t: list[float]) -> Any:
        a: list[Any] = x
        for W, b in zip(self._W, self._b, strict=True):
            a = [
                _sigmoid(sum((w * v for w, v in zip(row, a, strict=True)), bias))
                for row, bias in zip(W, b, strict=True)
            ]
        return sum((0.5 * (y - wanted) ** 2 for y, wanted in zip(a, t, strict=True)), Value(0))

    def run(self, updates: int) -> None:
        samples, size = self._samples, self._size
        for n in range(updates):
            first = n * size % len(samples)
            batch = samples[first : first + size]
            cost = sum((self._cost(x, t) for x, t in batch), Value(0)) * (1 / size)
            for parameter in self._trained:
                parameter.grad = 0
            cost.backward()
            for parameter in self._trained:
                parameter.data -= self._eta * parameter.grad

    def parameters(self) -> tuple[Layers, Layers]:
        W = [[[w.data for w in row] for row in layer] for layer in self._W]
        return W, [[b.data for b in layer] for layer in self._b]


if __name__ == "__main__":
    serve({"micrograd": version("micrograd")}, Trainer)
