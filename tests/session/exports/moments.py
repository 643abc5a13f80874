"""Moments that between them hold every activation, cost, optimizer, penalty, batch and policy."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

import numpy as np

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.batches import Batches
from bp_gui.engine.costs import COSTS
from bp_gui.engine.names import parse_name
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.objective import Penalty
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.session.data import Data
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import Snapshot, evaluate
from bp_gui.session.training import advance


def moments() -> Iterator[Snapshot]:
    """Yield a 2-3-2 network with every hidden activation, output activation and cost together."""
    hidden = cycle(name for name, entry in ACTIVATIONS.items() if not entry.output_only)
    optimizers, policies = cycle(OPTIMIZERS), cycle(BiasPolicy)
    for seed, (output, cost) in enumerate(
        (output, cost)
        for output in ACTIVATIONS
        for cost, entry in COSTS.items()
        if entry.is_defined_for(output)
    ):
        begin = experiment(
            (next(hidden), output), cost, next(optimizers), next(policies), seed=seed
        )
        yield evaluate(advance(begin, seed % 4).experiment, seed % 5)


def experiment(
    activations: tuple[str, str], cost: str, optimizer: str, policy: BiasPolicy, seed: int
) -> Experiment:
    """Return a moment before training, with every setting in turn."""
    generator = np.random.default_rng(seed)
    architecture = Architecture((2, 3, 2), activations)
    theta = generator.normal(0.0, 0.7, architecture.n_parameters)
    if policy is BiasPolicy.SHARED:
        for biases in architecture.views(theta)[1]:
            biases[:] = biases[0]
    x, t = generator.normal(size=(5, 2)), np.eye(2)[generator.integers(0, 2, 5)]
    parameters = Parameters(architecture, theta)
    return Experiment(
        parameters=parameters,
        data=Data(x, t, x[:2] + 0.1, t[:2]) if seed % 2 else Data.of(x, t),
        eta=0.05,
        bias_policy=policy,
        start=parameters.theta,
        optimizer_state=OPTIMIZERS[optimizer].initial_state(architecture.n_parameters),
        optimizer_name=optimizer,
        optimizer_settings=OPTIMIZERS[optimizer].defaults,
        cost_name=cost,
        penalty=Penalty(0.01 * (seed % 3), 0.02 * (seed % 2)),
        clip=0.1 if seed % 3 == 1 else None,
        batches=Batches(2, shuffle=True) if seed % 4 < 2 else Batches(),
        locked=frozenset({parse_name("W1[2,1]")}) if seed % 5 == 0 else frozenset(),
    )
