"""scikit-learn: `MLPRegressor.fit` goes on from the weights it has, for many epochs a call.

Its output layer is linear whatever the hidden layers are, so it computes a little less.
"""

from __future__ import annotations

import os
import sys
import warnings
from importlib.metadata import version

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPRegressor
from threadpoolctl import threadpool_limits

from benchmarks.peers.serve import Layers, Workload, serve
from benchmarks.peers.threads import give_best


class Trainer:
    """Plain gradient descent in float64: no momentum, no decay, no shuffling, no early end."""

    def __init__(self, workload: Workload) -> None:
        self._x, self._t = np.array(workload["x"]), np.array(workload["t"])
        self._batches = len(self._x) // workload["batch_size"]
        self._model = MLPRegressor(
            hidden_layer_sizes=workload["sizes"][1:-1],
            activation="logistic",
            solver="sgd",
            alpha=0.0,
            batch_size=workload["batch_size"],
            learning_rate_init=workload["eta"],
            momentum=0.0,
            nesterovs_momentum=False,
            shuffle=False,
            tol=0.0,
            n_iter_no_change=sys.maxsize,
            warm_start=True,
        )
        warnings.simplefilter("ignore", ConvergenceWarning)  # it is told when to stop
        if self._t.shape[1] == 1:
            self._t = self._t.ravel()
        # The first run makes the weights, which are replaced here, and compares numbers of threads.
        give_best(threadpool_limits, (1, os.cpu_count() or 1), lambda: self.run(self._batches))
        for own, W in zip(self._model.coefs_, workload["W"], strict=True):
            own[:] = np.transpose(W)
        for own, b in zip(self._model.intercepts_, workload["b"], strict=True):
            own[:] = b

    def run(self, updates: int) -> None:
        self._model.set_params(max_iter=updates // self._batches)
        self._model.fit(self._x, self._t)

    def parameters(self) -> tuple[Layers, Layers]:
        W = [own.T.tolist() for own in self._model.coefs_]
        return W, [own.tolist() for own in self._model.intercepts_]


if __name__ == "__main__":
    serve({"scikit-learn": version("scikit-learn"), "numpy": version("numpy")}, Trainer)
