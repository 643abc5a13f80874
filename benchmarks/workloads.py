"""The work that every peer is given: a network, where it starts, its data, and how it is trained.

The numbers are made up with a seed. They are short binary fractions, so that each peer reads the
same ones, those that compute with 32 bits too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np

from bp_gui.engine.arrays import Array
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters

SEED = 20
_GREYS = 16  # inputs and targets are sixteenths
_STEPS = 4096  # weights and biases are multiples of 1/4096


@dataclass(frozen=True)
class Workload:
    """One network and how it is trained; all neurons are sigmoid.

    Attributes
    ----------
    name
        What the tables call it.
    sizes
        ``(n_0, …, n_L)``.
    n_samples
        How many samples there are, a multiple of the batch size.
    batch_size
        Samples in one update, taken in their order, over and over.
    eta
        Learning rate.
    bias_policy
        ``FIXED`` or ``PER_NEURON``.
    check_updates
        After how many updates the peers' parameters are compared; whole epochs.
    """

    name: str
    sizes: tuple[int, ...]
    n_samples: int
    batch_size: int
    eta: float
    bias_policy: BiasPolicy
    check_updates: int

    @property
    def batches(self) -> int:
        """How many updates make an epoch."""
        return self.n_samples // self.batch_size

    @cached_property
    def start(self) -> Parameters:
        """The parameters before the first update: normal with deviation 1/√(inputs)."""
        generator = np.random.default_rng(SEED)
        W, b = [], []
        for n_from, n_to in pairwise(self.sizes):
            deviation = 1 / math.sqrt(n_from)
            W.append(_rounded(generator.normal(0, deviation, (n_to, n_from)), _STEPS))
            b.append(_rounded(generator.normal(0, deviation, n_to), _STEPS))
        architecture = Architecture(self.sizes, ("sigmoid",) * len(W))
        return Parameters.from_layers(architecture, W, b)

    @cached_property
    def samples(self) -> tuple[Array, Array]:
        """Inputs in 0 … 1, (m, n_0), and targets inside 0 … 1, (m, n_L)."""
        generator = np.random.default_rng(SEED + 1)
        x = generator.integers(0, _GREYS + 1, (self.n_samples, self.sizes[0])) / _GREYS
        t = generator.integers(1, _GREYS, (self.n_samples, self.sizes[-1])) / _GREYS
        return x, t

    def document(self) -> dict[str, Any]:
        """Return what a peer is told, for JSON."""
        x, t = self.samples
        return {
            "sizes": self.sizes,
            "W": [w.tolist() for w in self.start.W],
            "b": [b.tolist() for b in self.start.b],
            "x": x.tolist(),
            "t": t.tolist(),
            "batch_size": self.batch_size,
            "eta": self.eta,
            "train_biases": self.bias_policy is BiasPolicy.PER_NEURON,
        }


def _rounded(values: Array, steps: int) -> Array:
    return np.round(values * steps) / steps


_TRAINED, _FIXED = BiasPolicy.PER_NEURON, BiasPolicy.FIXED
WORKLOADS: Mapping[str, Workload] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Workload("2-2-2, one sample, biases fixed", (2, 2, 2), 1, 1, 0.5, _FIXED, 100),
            Workload("2-2-2, one sample", (2, 2, 2), 1, 1, 0.5, _TRAINED, 100),
            Workload("2-4-2-1, batches of 10", (2, 4, 2, 1), 100, 10, 0.5, _TRAINED, 100),
            Workload("2-16-16-1, full batch of 500", (2, 16, 16, 1), 500, 500, 0.5, _TRAINED, 10),
            Workload("784-30-10, batches of 10", (784, 30, 10), 100, 10, 0.1, _TRAINED, 10),
            Workload("784-100-10, batches of 128", (784, 100, 10), 256, 128, 0.1, _TRAINED, 4),
        )
    }
)
