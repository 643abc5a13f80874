"""Everything a view may show of one moment, computed once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.batches import Indices
from bp_gui.engine.names import Kind, Ref
from bp_gui.engine.network import Parameters
from bp_gui.engine.optimizers import OptimizerState
from bp_gui.engine.propagation import BackwardTrace, ForwardTrace, backward, forward
from bp_gui.session.experiment import Experiment


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One experiment with all its numbers.

    Attributes
    ----------
    experiment
        What the numbers belong to.
    sample
        0-based index of the training sample whose passes are shown.
    forward, backward
        Passes of that one sample, arrays with a single row.
    cost_terms
        What each output adds to that sample's cost, (n_L,).
    cost
        What training makes small: the mean cost over all training samples plus the penalty.
    penalty
        The part of it that is the penalty.
    test_cost
        The mean cost over the test samples, without penalty; NaN where there are none.
    batch
        Which samples the next update uses; None for all of them.
    batch_size
        How many that are.
    gradient
        Of the next update: over its batch, with the penalty, by every entry of θ, under the bias
        policy, before any clipping.
    used_gradient
        The gradient after clipping; the same array where nothing is clipped.
    next_theta, next_state, next_cost
        What one update would give.
    outputs
        The outputs of all training samples, (m, n_L).
    """

    experiment: Experiment
    sample: int
    forward: ForwardTrace
    backward: BackwardTrace
    cost_terms: Array
    cost: float
    penalty: float
    test_cost: float
    batch: Indices | None
    batch_size: int
    gradient: Array
    used_gradient: Array
    next_theta: Array
    next_state: OptimizerState
    next_cost: float
    outputs: Array

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

    @cached_property
    def test_outputs(self) -> Array:
        """The outputs of all test samples, (k, n_L); worked out when somebody asks."""
        with np.errstate(all="ignore"):
            return forward(self.experiment.parameters, self.experiment.x_test).output

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
        match ref.kind:
            case Kind.NET_INPUT:
                return float(self.forward.z[ref.layer][0, ref.to])
            case Kind.ACTIVATION:
                return float(self.forward.a[ref.layer][0, ref.to])
            case Kind.DELTA:
                return float(self.backward.delta[ref.layer][0, ref.to])
            case Kind.INPUT:
                return float(self.x[ref.to])
            case Kind.TARGET:
                return float(self.t[ref.to])
            case Kind.OUTPUT_COST:
                return float(self.cost_terms[ref.to])
            case Kind.ETA:
                return experiment.eta
            case _:
                return self.cost


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
    n_samples = len(experiment.t)
    if not 0 <= sample < n_samples:
        raise IndexError(f"sample {sample + 1} does not exist: there are {n_samples}")
    x, t, parameters = experiment.x, experiment.t, experiment.parameters
    architecture, objective = parameters.architecture, experiment.objective
    rows = slice(sample, sample + 1)
    with np.errstate(all="ignore"):
        one = everything = forward(parameters, x[rows])
        if n_samples > 1:
            everything = forward(parameters, x)
        batch = experiment.batch(experiment.updates)
        gradient = experiment.batch_gradient(parameters, everything, batch)
        used = experiment.clipped(gradient)
        next_theta, next_state = experiment.stepped(
            parameters.theta, gradient, experiment.optimizer_state
        )
        following = Parameters(architecture, next_theta)
        last = architecture.activations[-1]
        terms = objective.cost.terms_through(last, t[rows], one.z[-1], one.output)
        return Snapshot(
            experiment=experiment,
            sample=sample,
            forward=one,
            backward=backward(parameters, objective.cost, one, t[rows]),
            cost_terms=frozen(terms[0]),
            cost=objective.value(parameters, everything, t),
            penalty=float(objective.penalty.value(architecture, parameters.theta)),
            test_cost=experiment.test_cost(),
            batch=batch,
            batch_size=n_samples if batch is None else len(batch),
            gradient=gradient,
            used_gradient=used,
            next_theta=next_theta,
            next_state=next_state,
            next_cost=objective.value(following, forward(following, x), t),
            outputs=everything.output,
        )
