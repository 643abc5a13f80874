"""What an explanation reads: the parts of a moment that it needs, whoever holds them.

The session's snapshot fits these protocols. They are stated here because explanations lie below
the session and know nothing of it.
"""

from __future__ import annotations

from typing import Protocol

from bp_gui.engine.arrays import Array
from bp_gui.engine.batches import Batches, Indices
from bp_gui.engine.costs import Cost
from bp_gui.engine.names import Ref
from bp_gui.engine.network import BiasPolicy, Parameters
from bp_gui.engine.objective import Penalty
from bp_gui.engine.optimizers import Optimizer, OptimizerState
from bp_gui.engine.propagation import BackwardTrace, ForwardTrace
from bp_gui.engine.update import Mask


class Scale(Protocol):
    """How inputs are standardised, column by column: ``(x − mean) / deviation``."""

    @property
    def mean(self) -> Array:
        """What is taken off, (n_0,)."""

    @property
    def deviation(self) -> Array:
        """What it is divided by, (n_0,)."""


class Samples(Protocol):
    """The samples as they were given."""

    @property
    def raw_x(self) -> Array:
        """Training inputs in their own units, (m, n_0)."""

    @property
    def scaling(self) -> Scale | None:
        """How the network's inputs follow from them; None if they are the same."""


class Setup(Protocol):
    """A network with its data and how it is trained."""

    @property
    def data(self) -> Samples:
        """The samples as they were given."""

    @property
    def parameters(self) -> Parameters:
        """Architecture and θ."""

    @property
    def x(self) -> Array:
        """Training inputs as the network sees them, (m, n_0)."""

    @property
    def t(self) -> Array:
        """Training targets, (m, n_L)."""

    @property
    def eta(self) -> float:
        """The learning rate."""

    @property
    def bias_policy(self) -> BiasPolicy:
        """What training does to biases."""

    @property
    def locked(self) -> frozenset[Ref]:
        """Parameters that training leaves alone."""

    @property
    def trainable(self) -> Mask:
        """Which entries of θ the next update may change."""

    @property
    def cost(self) -> Cost:
        """The cost function."""

    @property
    def penalty(self) -> Penalty:
        """What is added to the cost for the weights."""

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer."""

    @property
    def optimizer_settings(self) -> tuple[float, ...]:
        """The numbers that it is told."""

    @property
    def optimizer_state(self) -> OptimizerState:
        """What it remembers."""

    @property
    def clip(self) -> float | None:
        """Largest norm of the gradient; None for no limit."""

    @property
    def norm_shares(self) -> Array:
        """How much each entry of θ counts in that norm."""

    @property
    def batches(self) -> Batches:
        """How the samples are dealt out to updates."""


class Subject(Protocol):
    """A setup with the numbers of one sample and of the next update."""

    @property
    def experiment(self) -> Setup:
        """What the numbers belong to."""

    @property
    def sample(self) -> int:
        """0-based index of the sample whose passes are shown."""

    @property
    def forward(self) -> ForwardTrace:
        """Its forward pass, a single row."""

    @property
    def backward(self) -> BackwardTrace:
        """Its backward pass, a single row."""

    @property
    def cost_terms(self) -> Array:
        """What each output adds to its cost, (n_L,)."""

    @property
    def cost(self) -> float:
        """The mean cost over all training samples plus the penalty."""

    @property
    def penalty(self) -> float:
        """The penalty's part of it."""

    @property
    def batch(self) -> Indices | None:
        """Which samples the next update uses; None for all of them."""

    @property
    def gradient(self) -> Array:
        """The gradient of the next update before clipping, by every entry of θ."""

    @property
    def used_gradient(self) -> Array:
        """The gradient after clipping."""

    @property
    def next_theta(self) -> Array:
        """θ after one update."""

    @property
    def next_state(self) -> OptimizerState:
        """What the optimizer remembers after one update."""

    @property
    def next_cost(self) -> float:
        """The cost after one update."""

    def value(self, ref: Ref) -> float:
        """Return the number that a name stands for."""
