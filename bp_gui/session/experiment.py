"""The whole state of the program's subject at one moment, frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.costs import COSTS, Cost
from bp_gui.engine.names import Ref
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.optimizers import OPTIMIZERS, Optimizer
from bp_gui.engine.propagation import backward, batch_cost, forward
from bp_gui.engine.update import Mask, policy_gradient, trainable
from bp_gui.session.history import CostHistory


@dataclass(frozen=True, eq=False)
class LastUpdate:
    """The most recent training update: ``after = before + Δ``, g taken at ``before``.

    Attributes
    ----------
    before, gradient, after
        Flat vectors in the order of θ. ``after`` is kept because an edit may have changed θ since.
    """

    before: Array
    gradient: Array
    after: Array


@dataclass(frozen=True, eq=False)
class Experiment:
    """A network, its data and its training at one moment; a change makes a new one.

    Attributes
    ----------
    parameters
        Architecture and θ.
    x, t
        Inputs (m, n_0) and targets (m, n_L).
    eta
        Learning rate.
    bias_policy
        What training does to biases.
    locked
        Parameters that training leaves alone.
    cost_name, optimizer_name
        Registry keys.
    optimizer_state
        What the optimizer remembers, (slots, P).
    seed
        The seed that the next random weights are drawn from.
    updates
        How many updates lie behind this state.
    start
        θ at update 0, where Reset goes back to.
    last_update
        The update that led here, if there was one.
    history
        Cost of every earlier state.
    """

    parameters: Parameters
    x: Array
    t: Array
    eta: float
    bias_policy: BiasPolicy
    start: Array
    optimizer_state: Array
    locked: frozenset[Ref] = frozenset()
    cost_name: str = "half_squared_error"
    optimizer_name: str = "gradient_descent"
    seed: int = 0
    updates: int = 0
    last_update: LastUpdate | None = None
    history: CostHistory = field(default_factory=CostHistory)

    @property
    def architecture(self) -> Architecture:
        """Layer sizes and activations."""
        return self.parameters.architecture

    @property
    def cost(self) -> Cost:
        """The cost function."""
        return COSTS[self.cost_name]

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer."""
        return OPTIMIZERS[self.optimizer_name]

    @cached_property
    def trainable(self) -> Mask:
        """Which entries of θ the next update may change."""
        positions = frozenset(self.architecture.index(ref) for ref in self.locked)
        return trainable(self.architecture, self.bias_policy, positions)

    def stepped(self, theta: Array, gradient: Array, state: Array) -> tuple[Array, Array]:
        """Return θ and the optimizer's state after one update with this experiment's settings."""
        change, new_state = self.optimizer.change(gradient, self.eta, state)
        return frozen(np.where(self.trainable, theta + change, theta)), new_state

    def gradient(self) -> Array:
        """Return the gradient of the batch cost by every entry of θ, under the bias policy."""
        trace = forward(self.parameters, self.x)
        passed_back = backward(self.parameters, self.cost, trace, self.t)
        return policy_gradient(self.architecture, passed_back, self.bias_policy)

    def batch_cost(self) -> float:
        """Return the mean cost over all samples."""
        return batch_cost(self.cost, self.t, forward(self.parameters, self.x).output)
