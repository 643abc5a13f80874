"""Random problems of every kind that a project can be."""

from __future__ import annotations

import numpy as np

from bp_gui.diagnose.problem import Problem
from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.costs import COSTS
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.objective import Objective, Penalty
from bp_gui.engine.optimizers import OPTIMIZERS, OptimizerState

SIZES = ((2, 2, 2), (2, 3, 1), (3, 4, 2), (1, 1), (3, 5, 4, 2))


def random_problem(generator: np.random.Generator, *, plain: bool = False) -> Problem:
    """Return a problem; a plain one has the worked example's cost, optimizer and one sample."""
    sizes = SIZES[generator.integers(len(SIZES))]
    hidden = [n for n, a in ACTIVATIONS.items() if not a.output_only]
    activations = [str(generator.choice(hidden)) for _ in sizes[1:]]
    cost = "half_squared_error"
    if not plain:
        cost = str(generator.choice(list(COSTS)))
        if cost == "categorical_cross_entropy":
            activations[-1] = "softmax"
        elif cost == "binary_cross_entropy":
            activations[-1] = "sigmoid"
    architecture = Architecture(sizes, tuple(activations))
    theta = generator.normal(size=architecture.n_parameters)
    policy = list(BiasPolicy)[generator.integers(3)]
    if policy is BiasPolicy.SHARED:
        for _, start in architecture.offsets:
            theta[start : start + 1] = theta[start]
    m = 1 if plain else int(generator.integers(1, 4))
    name = "gradient_descent" if plain else str(generator.choice(list(OPTIMIZERS)))
    optimizer = OPTIMIZERS[name]
    slots = np.abs(generator.normal(size=(len(optimizer.slots), architecture.n_parameters)))
    return Problem(
        parameters=Parameters(architecture, theta),
        x=generator.normal(size=(m, sizes[0])),
        t=generator.uniform(0.05, 0.95, (m, sizes[-1])),
        eta=0.5 if plain else float(generator.uniform(0.01, 1.0)),
        objective=Objective(
            COSTS[cost],
            Penalty() if plain else Penalty(0.01, float(generator.uniform(0, 0.2))),
            policy,
        ),
        optimizer=optimizer,
        settings=optimizer.defaults,
        state=OptimizerState(slots, int(generator.integers(4))),
        clip=None if plain else 0.5,
        batch=None if plain or m == 1 else np.arange(m - 1),
    )
