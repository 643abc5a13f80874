"""The whole state of the program's subject at one moment, frozen."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.batches import FULL_BATCHES, Batches, Indices
from bp_gui.engine.costs import COSTS, Cost
from bp_gui.engine.initializers import INITIALIZERS, Initializer
from bp_gui.engine.names import Ref
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.objective import NO_PENALTY, Objective, Penalty
from bp_gui.engine.optimizers import OPTIMIZERS, Optimizer, OptimizerState
from bp_gui.engine.propagation import ForwardTrace, forward
from bp_gui.engine.update import Mask, clipped, norm_shares, trainable
from bp_gui.session.data import Data
from bp_gui.session.history import CostHistory


@dataclass(frozen=True, eq=False)
class LastUpdate:
    """The most recent training update: ``after = before + Δ``, g taken at ``before``.

    Attributes
    ----------
    before, gradient, after
        Flat vectors in the order of θ. ``after`` is kept because an edit may have changed θ since.
    compiled
        Whether the compiled loops made it. Their numbers agree with NumPy's to twelve digits, not
        to the last bit, so whoever repeats an update exactly must know.
    """

    before: Array
    gradient: Array
    after: Array
    compiled: bool = False


@dataclass(frozen=True, eq=False)
class Experiment:
    """A network, its data and its training at one moment; a change makes a new one.

    Update u, counted from 0, uses batch ``u mod k`` of epoch ``u div k``, where k batches make an
    epoch. So a state says all about what follows, and training it again gives the same bits.

    Attributes
    ----------
    parameters
        Architecture and θ.
    data
        Training and test samples.
    eta
        Learning rate.
    bias_policy
        What training does to biases.
    start
        θ at update 0, where Reset goes back to.
    optimizer_state
        What the optimizer remembers.
    locked
        Parameters that training leaves alone.
    cost_name, optimizer_name, initializer_name
        Registry keys.
    penalty
        What is added to the cost for the weights.
    optimizer_settings, initializer_setting
        The numbers that the optimizer and the initializer can be told.
    clip
        Largest norm of the gradient; None for no limit.
    batches
        How the samples are dealt out to updates.
    shuffle_seed
        What the order of the samples follows from.
    seed
        The seed that the next random weights are drawn from.
    updates
        How many updates lie behind this state.
    last_update
        The update that led here, if there was one.
    history
        Cost of every earlier state.
    """

    parameters: Parameters
    data: Data
    eta: float
    bias_policy: BiasPolicy
    start: Array
    optimizer_state: OptimizerState
    locked: frozenset[Ref] = frozenset()
    cost_name: str = "half_squared_error"
    penalty: Penalty = NO_PENALTY
    optimizer_name: str = "gradient_descent"
    optimizer_settings: tuple[float, ...] = ()
    clip: float | None = None
    batches: Batches = FULL_BATCHES
    shuffle_seed: int = 0
    initializer_name: str = "xavier"
    initializer_setting: float = 0.0
    seed: int = 0
    updates: int = 0
    last_update: LastUpdate | None = None
    history: CostHistory = field(default_factory=CostHistory)

    @property
    def architecture(self) -> Architecture:
        """Layer sizes and activations."""
        return self.parameters.architecture

    @property
    def x(self) -> Array:
        """Training inputs as the network sees them, (m, n_0)."""
        return self.data.x

    @property
    def t(self) -> Array:
        """Training targets, (m, n_L)."""
        return self.data.t

    @property
    def x_test(self) -> Array:
        """Test inputs as the network sees them; perhaps no row."""
        return self.data.x_test

    @property
    def t_test(self) -> Array:
        """Test targets; perhaps no row."""
        return self.data.t_test

    @property
    def cost(self) -> Cost:
        """The cost function."""
        return COSTS[self.cost_name]

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer."""
        return OPTIMIZERS[self.optimizer_name]

    @property
    def initializer(self) -> Initializer:
        """What new weights are drawn by."""
        return INITIALIZERS[self.initializer_name]

    @cached_property
    def objective(self) -> Objective:
        """What training makes small."""
        return Objective(self.cost, self.penalty, self.bias_policy)

    @cached_property
    def trainable(self) -> Mask:
        """Which entries of θ the next update may change."""
        positions = frozenset(self.architecture.index(ref) for ref in self.locked)
        return trainable(self.architecture, self.bias_policy, positions)

    @cached_property
    def norm_shares(self) -> Array:
        """How much each entry of θ counts in the norm of the gradient."""
        return norm_shares(self.architecture, self.bias_policy, self.trainable)

    @property
    def updates_per_epoch(self) -> int:
        """How many updates use every training sample once."""
        return self.batches.per_epoch(len(self.t))

    def batch(self, update: int) -> Indices | None:
        """Return which samples an update uses, counted from 0; None for all of them in order."""
        m = len(self.t)
        if self.batches.is_full(m) or self.batches.size is None:
            return None
        epoch, position = divmod(update, self.updates_per_epoch)
        (order,) = self.batches.orders(m, self.shuffle_seed, epoch, 1)
        first = position * self.batches.size
        rows: Indices = order[first : first + self.batches.size]
        return rows

    def batch_gradient(
        self, parameters: Parameters, everything: ForwardTrace, batch: Indices | None
    ) -> Array:
        """Return the gradient of the objective over a batch, by every entry of θ.

        Parameters
        ----------
        parameters
            Where it is taken.
        everything
            The forward pass of all training samples made with them.
        batch
            Which samples; None for all.
        """
        if batch is None:
            return self.objective.gradient(parameters, everything, self.t)
        trace = forward(parameters, self.x[batch])
        return self.objective.gradient(parameters, trace, self.t[batch])

    def clipped(self, gradient: Array) -> Array:
        """Return the gradient as an update uses it: no longer than `clip`."""
        if self.clip is None:
            return gradient
        return frozen(clipped(gradient, self.norm_shares, self.clip))

    def stepped(
        self, theta: Array, gradient: Array, state: OptimizerState
    ) -> tuple[Array, OptimizerState]:
        """Return θ and the optimizer's state after one update with this experiment's settings."""
        change, new_state = self.optimizer.change(
            self.clipped(gradient), self.eta, self.optimizer_settings, state
        )
        return frozen(np.where(self.trainable, theta + change, theta)), new_state

    def gradient(self) -> Array:
        """Return the gradient over all training samples by every entry of θ."""
        trace = forward(self.parameters, self.x)
        return self.objective.gradient(self.parameters, trace, self.t)

    def batch_cost(self) -> float:
        """Return the mean cost over all training samples, with the penalty."""
        return self.objective.value(self.parameters, forward(self.parameters, self.x), self.t)

    def test_cost(self) -> float:
        """Return the mean cost over the test samples, without a penalty; NaN where there is none.

        The penalty is left out because it says nothing about how well unseen samples are met.
        """
        if len(self.t_test) == 0:
            return math.nan
        trace = forward(self.parameters, self.x_test)
        return self.objective.data_cost(self.parameters, trace, self.t_test)

    def with_samples(self, x: Array, t: Array) -> Experiment:
        """Return the experiment with other training samples and no test set."""
        return replace(self, data=Data.of(x, t))
