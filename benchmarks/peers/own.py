"""This program: the training that the window runs, without the window.

With the argument ``numpy`` the compiled loops are not loaded, as before they are and where Numba is
missing.
"""

from __future__ import annotations

import sys
from importlib.metadata import version

from benchmarks.peers.serve import Layers, Workload, serve
from bp_gui.engine import compiled
from bp_gui.engine.batches import Batches
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.session.data import Data
from bp_gui.session.experiment import Experiment
from bp_gui.session.training import advance


class Trainer:
    """One experiment that is carried on, history and all."""

    def __init__(self, workload: Workload) -> None:
        sizes = tuple(workload["sizes"])
        architecture = Architecture(sizes, ("sigmoid",) * (len(sizes) - 1))
        parameters = Parameters.from_layers(architecture, workload["W"], workload["b"])
        policy = BiasPolicy.PER_NEURON if workload["train_biases"] else BiasPolicy.FIXED
        experiment = Experiment(
            parameters,
            Data.of(workload["x"], workload["t"]),
            workload["eta"],
            policy,
            parameters.theta,
            OPTIMIZERS["gradient_descent"].initial_state(architecture.n_parameters),
            batches=Batches(workload["batch_size"]),
        )
        self._experiment = experiment

    def run(self, updates: int) -> None:
        self._experiment = advance(self._experiment, updates).experiment

    def parameters(self) -> tuple[Layers, Layers]:
        parameters = self._experiment.parameters
        return [W.tolist() for W in parameters.W], [b.tolist() for b in parameters.b]


def main() -> None:
    """Serve with the compiled loops, or without."""
    packages = ["numpy"]
    if sys.argv[1:] != ["numpy"]:
        packages.append("numba")
        if not compiled.load():
            raise RuntimeError("the compiled loops are not to be had")
    serve({name: version(name) for name in packages}, Trainer)


if __name__ == "__main__":
    main()
