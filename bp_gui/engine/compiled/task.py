"""What the compiled loops are asked to do, and what they give back. No Numba here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bp_gui.engine.arrays import Array
from bp_gui.engine.batches import Batches
from bp_gui.engine.compiled.codes import is_known
from bp_gui.engine.network import Architecture
from bp_gui.engine.objective import Objective
from bp_gui.engine.optimizers import OptimizerState
from bp_gui.engine.update import Mask

# Of so many epochs each records its cost, of twice as many every second one, and so on.
DENSE_EPOCHS_LOG2 = 20


def is_recorded(update: int, updates_per_epoch: int) -> bool:
    """Whether the cost before an update, counted from 0, goes into the history.

    Where an update uses all samples its cost comes for free and each is recorded; mini-batches
    record the cost of all samples once an epoch. From epoch 2^20 on records are twice as far apart
    each time that the number of epochs doubles, so that a history grows with its logarithm only.
    """
    epoch, position = divmod(update, updates_per_epoch)
    spacing = 1 << max(0, epoch.bit_length() - DENSE_EPOCHS_LOG2)
    return position == 0 and epoch % spacing == 0


@dataclass(frozen=True, eq=False)
class Task:
    """A training run's settings and samples.

    Attributes
    ----------
    architecture, objective
        The network, and what is made small.
    optimizer_name, optimizer_settings, eta
        How.
    clip
        Largest norm of the gradient; None for no limit.
    trainable, norm_shares
        For every entry of θ: whether it moves, and how much it counts in the norm.
    x, t, x_test, t_test
        Training and test samples, one a row; perhaps no test samples.
    batches, shuffle_seed
        How the training samples are dealt out.
    """

    architecture: Architecture
    objective: Objective
    optimizer_name: str
    optimizer_settings: tuple[float, ...]
    eta: float
    clip: float | None
    trainable: Mask
    norm_shares: Array
    x: Array
    t: Array
    x_test: Array
    t_test: Array
    batches: Batches
    shuffle_seed: int

    @property
    def is_compilable(self) -> bool:
        """Whether every function it uses has a compiled form."""
        return is_known(
            self.architecture.activations, self.objective.cost.name, self.optimizer_name
        )


@dataclass(frozen=True, eq=False)
class Result:
    """Where some updates led.

    Attributes
    ----------
    made
        How many were made.
    is_finite
        Whether the next update, if one was still asked for, would lead to finite numbers too.
    theta, optimizer_state
        The last state, which is finite.
    before, gradient
        θ before the last update, and the gradient there; of no meaning if none was made.
    updates, costs, test_costs
        Recorded costs and the update counts that they belong to.
    """

    made: int
    is_finite: bool
    theta: Array
    optimizer_state: OptimizerState
    before: Array
    gradient: Array
    updates: NDArray[np.int64]
    costs: Array
    test_costs: Array
