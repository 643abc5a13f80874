"""One update of one network, as far as a search for mistakes needs to know it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bp_gui.engine.arrays import Array
from bp_gui.engine.costs import COSTS
from bp_gui.engine.network import Architecture, Parameters
from bp_gui.engine.objective import Objective
from bp_gui.engine.optimizers import OPTIMIZERS, Optimizer, OptimizerState
from bp_gui.engine.propagation import ForwardTrace, forward

HALF_SQUARED = Objective(COSTS["half_squared_error"])


@dataclass(frozen=True, eq=False)
class Problem:
    """What the next update starts from.

    Attributes
    ----------
    parameters
        θ before the update.
    x, t
        All training samples: inputs (m, n_0) and targets (m, n_L). Costs are means over them.
    eta
        Learning rate.
    objective
        Cost, penalty and bias policy.
    optimizer, settings, state
        What turns the gradient into a change, the numbers it is told, and what it remembers.
    locked
        Positions in θ that stay put.
    clip
        Largest norm of the gradient, or None.
    batch
        Positions of the samples that the update uses; None for all.
    sample
        The sample that single rows of z, a and δ belong to.
    previous_gradient
        Gradient of the update before, (P,), if there was one.
    """

    parameters: Parameters
    x: Array
    t: Array
    eta: float
    objective: Objective = HALF_SQUARED
    optimizer: Optimizer = OPTIMIZERS["gradient_descent"]
    settings: tuple[float, ...] = ()
    state: OptimizerState | None = None
    locked: frozenset[int] = frozenset()
    clip: float | None = None
    batch: NDArray[np.int64] | None = None
    sample: int = 0
    previous_gradient: Array | None = None

    @property
    def architecture(self) -> Architecture:
        """Layer sizes and activations."""
        return self.parameters.architecture

    @property
    def rows(self) -> NDArray[np.int64]:
        """Positions of the samples that the update uses."""
        return np.arange(len(self.x)) if self.batch is None else self.batch

    @cached_property
    def optimizer_state(self) -> OptimizerState:
        """What the optimizer remembers; zeros where nothing was given."""
        if self.state is not None:
            return self.state
        return self.optimizer.initial_state(self.architecture.n_parameters)

    @cached_property
    def trace(self) -> ForwardTrace:
        """The right forward pass of all samples."""
        with np.errstate(all="ignore"):
            return forward(self.parameters, self.x)
