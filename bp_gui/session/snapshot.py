"""Everything a view may show of one moment, computed once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.names import Kind, Ref
from bp_gui.engine.network import Parameters
from bp_gui.engine.propagation import (
    BackwardTrace,
    ForwardTrace,
    backward,
    batch_cost,
    forward,
)
from bp_gui.engine.update import policy_gradient
from bp_gui.session.experiment import Experiment


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One experiment with all its numbers.

    Attributes
    ----------
    experiment
        What the numbers belong to.
    sample
        0-based index of the sample whose passes are shown.
    forward, backward
        Passes of that one sample, arrays with a single row.
    cost_terms
        What each output adds to that sample's cost, (n_L,).
    cost
        Batch cost: the mean over all samples.
    gradient
        Gradient of the batch cost by every entry of θ, under the bias policy.
    next_theta, next_cost
        What one update would give.
    """

    experiment: Experiment
    sample: int
    forward: ForwardTrace
    backward: BackwardTrace
    cost_terms: Array
    cost: float
    gradient: Array
    next_theta: Array
    next_cost: float

    @property
    def x(self) -> Array:
        """The sample's inputs, (n_0,)."""
        return frozen(self.forward.x[0])

    @property
    def t(self) -> Array:
        """The sample's targets, (n_L,)."""
        return frozen(self.experiment.t[self.sample])

    @property
    def sample_cost(self) -> float:
        """Cost of the sample by itself."""
        return float(self.cost_terms.sum())

    @cached_property
    def output(self) -> Array:
        """The sample's outputs, (n_L,)."""
        return frozen(self.forward.output[0])

    def value(self, ref: Ref) -> float:
        """Return the number that a name stands for at this moment.

        Raises
        ------
        IndexError
            If the network has no such quantity.
        """
        experiment = self.experiment
        if ref.is_parameter:
            return experiment.parameters[ref]
        layers = {
            Kind.NET_INPUT: self.forward.z,
            Kind.ACTIVATION: self.forward.a,
            Kind.DELTA: self.backward.delta,
        }.get(ref.kind)
        if layers is not None:
            return float(layers[ref.layer][0, ref.to])
        if ref.kind is Kind.COST:
            return self.cost
        if ref.kind is Kind.ETA:
            return experiment.eta
        vectors = {Kind.INPUT: self.x, Kind.TARGET: self.t, Kind.OUTPUT_COST: self.cost_terms}
        return float(vectors[ref.kind][ref.to])


def evaluate(experiment: Experiment, sample: int = 0) -> Snapshot:
    """Return everything there is to show of an experiment.

    Non-finite numbers are not an error here: they are shown as they are.

    Parameters
    ----------
    experiment
        The moment.
    sample
        0-based index of the sample to trace.

    Raises
    ------
    IndexError
        If there is no such sample.
    """
    n_samples = len(experiment.x)
    if not 0 <= sample < n_samples:
        raise IndexError(f"sample {sample + 1} does not exist: there are {n_samples}")
    rows = slice(sample, sample + 1)
    parameters, cost, t = experiment.parameters, experiment.cost, experiment.t
    with np.errstate(all="ignore"):
        one_forward = batch_forward = forward(parameters, experiment.x[rows])
        one_backward = batch_backward = backward(parameters, cost, one_forward, t[rows])
        if n_samples > 1:
            batch_forward = forward(parameters, experiment.x)
            batch_backward = backward(parameters, cost, batch_forward, t)
        gradient = policy_gradient(parameters.architecture, batch_backward, experiment.bias_policy)
        next_theta, _ = experiment.stepped(parameters.theta, gradient, experiment.optimizer_state)
        next_output = forward(Parameters(parameters.architecture, next_theta), experiment.x).output
        return Snapshot(
            experiment=experiment,
            sample=sample,
            forward=one_forward,
            backward=one_backward,
            cost_terms=frozen(cost.terms(t[rows], one_forward.output)[0]),
            cost=batch_cost(cost, t, batch_forward.output),
            gradient=gradient,
            next_theta=next_theta,
            next_cost=batch_cost(cost, t, next_output),
        )
