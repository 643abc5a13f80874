"""Sweeps that are worth a look, ready to be run from any project."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bp_gui.session.sweep.spec import Bounds, Sample, Specification

# What a person reads, in the order of a menu; the first is the one to begin with.
SWEEPS: Mapping[str, Specification] = MappingProxyType(
    {
        "Learning rate and seed": Specification(
            grid={"eta": [0.03, 0.1, 0.3, 1.0, 3.0, 10.0], "initial_seed": [1, 2, 3, 4, 5, 6]},
        ),
        "Optimizer and learning rate": Specification(
            repeats=3,
            grid={
                "optimizer": [
                    "gradient_descent",
                    "momentum",
                    "nesterov",
                    "adagrad",
                    "rmsprop",
                    "adam",
                ],
                "eta": [0.001, 0.01, 0.1, 1.0],
            },
        ),
        "Hidden layers and activation": Specification(
            repeats=3,
            grid={
                "hidden": [[], [2], [8], [4, 4]],
                "activation": ["sigmoid", "tanh", "relu"],
            },
        ),
        "Random search": Specification(
            random=Sample(
                runs=100,
                ranges={"eta": Bounds(low=0.001, high=10.0, scale="log")},
                choices={
                    "optimizer": ["gradient_descent", "momentum", "adam"],
                    "hidden": [[2], [4], [8], [4, 4]],
                },
            ),
        ),
    }
)
