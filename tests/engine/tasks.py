"""Tasks to train, and what the readable engine makes of them."""

from __future__ import annotations

import itertools

import numpy as np

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.batches import FULL_BATCHES, Batches
from bp_gui.engine.compiled import Task
from bp_gui.engine.costs import COSTS
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.objective import NO_PENALTY, Objective, Penalty
from bp_gui.engine.optimizers import OPTIMIZERS, OptimizerState
from bp_gui.engine.propagation import forward
from bp_gui.engine.update import clipped, norm_shares, trainable

UPDATES = 50


def task_of(
    sizes: tuple[int, ...] = (2, 3, 1),
    activations: tuple[str, ...] = ("tanh", "sigmoid"),
    cost: str = "half_squared_error",
    optimizer: str = "gradient_descent",
    *,
    samples: int = 7,
    tests: int = 0,
    penalty: Penalty = NO_PENALTY,
    clip: float | None = None,
    policy: BiasPolicy = BiasPolicy.PER_NEURON,
    locked: frozenset[int] = frozenset(),
    batches: Batches = FULL_BATCHES,
    eta: float | None = None,
    seed: int = 0,
) -> Task:
    """Return a task with a large ε: a small one makes the last digits of small gradients large."""
    random = np.random.default_rng(seed)
    architecture = Architecture(sizes, activations)
    mask = trainable(architecture, policy, locked)
    return Task(
        architecture=architecture,
        objective=Objective(COSTS[cost], penalty, policy),
        optimizer_name=optimizer,
        optimizer_settings=tuple(
            0.01 if setting.name == "epsilon" else setting.default
            for setting in OPTIMIZERS[optimizer].settings
        ),
        eta=OPTIMIZERS[optimizer].usual_eta / 10 if eta is None else eta,
        clip=clip,
        trainable=mask,
        norm_shares=norm_shares(architecture, policy, mask),
        x=frozen(random.normal(size=(samples, sizes[0]))),
        t=frozen(random.uniform(0.1, 0.9, size=(samples, sizes[-1]))),
        x_test=frozen(random.normal(size=(tests, sizes[0]))),
        t_test=frozen(random.uniform(0.1, 0.9, size=(tests, sizes[-1]))),
        batches=batches,
        shuffle_seed=seed,
    )


def start_of(task: Task, seed: int = 1) -> Array:
    """Return θ drawn so that every cost is defined: outputs between 0 and 1 to begin with."""
    random = np.random.default_rng(seed)
    theta = random.normal(scale=0.3, size=task.architecture.n_parameters)
    _, b = task.architecture.views(theta)
    if not ACTIVATIONS[task.architecture.activations[-1]].unit_interval:
        b[-1][:] = 0.7
    for layer in b:
        if task.objective.bias_policy is BiasPolicy.SHARED:
            layer[:] = layer[0]
    return frozen(theta)


def run_numpy(task: Task, theta: Array, updates: int = UPDATES) -> tuple[Array, Array, list[float]]:
    """Return θ, the optimizer's slots and the batch cost before each update."""
    optimizer, costs = OPTIMIZERS[task.optimizer_name], []
    state: OptimizerState = optimizer.initial_state(len(theta))
    m = len(task.t)
    for u in range(updates):
        rows = slice(None)
        if not task.batches.is_full(m):
            epoch, position = divmod(u, task.batches.per_epoch(m))
            (order,) = task.batches.orders(m, task.shuffle_seed, epoch, 1)
            rows = order[position * task.batches.size :][: task.batches.size]
        parameters = Parameters(task.architecture, theta)
        trace = forward(parameters, task.x[rows])
        costs.append(task.objective.value(parameters, trace, task.t[rows]))
        gradient = task.objective.gradient(parameters, trace, task.t[rows])
        if task.clip is not None:
            gradient = clipped(gradient, task.norm_shares, task.clip)
        change, state = optimizer.change(gradient, task.eta, task.optimizer_settings, state)
        theta = frozen(np.where(task.trainable, theta + change, theta))
    return theta, state.slots, costs


def assert_close(found: Array, expected: Array) -> None:
    """Compare to twelve digits of the largest number among them."""
    scale = max(float(np.abs(expected).max(initial=0.0)), 1e-300)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12 * scale)


EVERY_WAY = list(
    itertools.product(
        OPTIMIZERS,
        [NO_PENALTY, Penalty(l1=0.01), Penalty(l2=0.02), Penalty(0.01, 0.02)],
        [None, 0.05],
        list(BiasPolicy),
    )
)


def hidden_activations() -> list[str]:
    return [name for name, entry in ACTIVATIONS.items() if not entry.output_only]
