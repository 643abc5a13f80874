"""JAX on the CPU: `jax.grad` in one compiled `fori_loop`, so that Python is called once a run."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from benchmarks.peers.serve import Layers, Workload, serve

jax.config.update("jax_enable_x64", True)


def _cost(weights: Any, biases: Any, x: Any, t: Any) -> Any:
    a = x
    for W, b in zip(weights, biases, strict=True):
        a = jax.nn.sigmoid(a @ W.T + b)
    return 0.5 * jnp.sum((a - t) ** 2) / len(x)


@partial(jax.jit, static_argnames="train_biases")
def _train(theta: Any, x: Any, t: Any, eta: float, updates: int, train_biases: bool) -> Any:
    """Return θ after some updates; x and t are (batches, samples, …)."""

    def update(n: Any, theta: Any) -> Any:
        batch = lax.rem(n, len(x))
        which = (0, 1) if train_biases else (0,)
        gradients = jax.grad(_cost, which)(*theta, x[batch], t[batch])
        moved = jax.tree.map(lambda p, g: p - eta * g, theta[: len(which)], gradients)
        return (*moved, *theta[len(which) :])

    return lax.fori_loop(0, updates, update, theta)


class Trainer:
    """Float64 throughout."""

    def __init__(self, workload: Workload) -> None:
        shape = (-1, workload["batch_size"])
        self._x = jnp.array(workload["x"]).reshape(*shape, workload["sizes"][0])
        self._t = jnp.array(workload["t"]).reshape(*shape, workload["sizes"][-1])
        self._theta: Any = tuple(tuple(map(jnp.array, workload[name])) for name in "Wb")
        self._settings = workload["eta"], workload["train_biases"]
        self.run(0)

    def run(self, updates: int) -> None:
        eta, biases = self._settings
        theta = _train(self._theta, self._x, self._t, eta, updates, biases)
        self._theta = jax.block_until_ready(theta)

    def parameters(self) -> tuple[Layers, Layers]:
        W, b = ([part.tolist() for part in parts] for parts in self._theta)
        return W, b


if __name__ == "__main__":
    serve({"jax": jax.__version__}, Trainer)
