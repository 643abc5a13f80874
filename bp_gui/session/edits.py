"""Every change a person can make: frozen values with a pure ``apply``.

An edit either returns a new experiment or raises `EditError` and nothing has happened. Undo needs
no code here, because the old experiment is still there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.names import Kind, Ref
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.explain.numbers import format_exact
from bp_gui.session.experiment import Experiment
from bp_gui.session.history import CostHistory

MAX_SEED = 2**31 - 1


class EditError(ValueError):
    """An edit that cannot be made; the message says which value, where, and what is accepted."""


class Edit(Protocol):
    """What every edit offers."""

    @property
    def label(self) -> str:
        """What the undo menu calls it, for instance ``Set W2[1,2] to 0.41``."""

    @property
    def merge_key(self) -> str | None:
        """Edits with the same key that follow each other at once undo together."""

    def apply(self, experiment: Experiment) -> Experiment:
        """Return the changed experiment, or raise `EditError`."""


class LoneEdit:
    """The part of an edit that never merges with another: it is undone by itself."""

    @property
    def merge_key(self) -> str | None:
        """See `Edit.merge_key`."""
        return None


@dataclass(frozen=True)
class SetValue:
    """Give a parameter, an input, a target or the learning rate a new value.

    Attributes
    ----------
    ref
        What is set. Under the ``shared`` bias policy a bias sets its whole layer.
    value
        A finite float64; the learning rate must not be negative.
    sample
        For inputs and targets: 0-based index of the sample.
    """

    ref: Ref
    value: float
    sample: int = 0

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Set {self.ref} to {format_exact(self.value)}"

    @property
    def merge_key(self) -> str | None:
        """See `Edit.merge_key`."""
        return f"{self.ref}/{self.sample}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        if not math.isfinite(self.value):
            raise EditError(f"{self.ref} cannot be {self.value}: only finite numbers are accepted")
        if self.ref.is_parameter:
            return self._set_parameter(experiment)
        if self.ref.kind is Kind.ETA:
            if self.value < 0:
                raise EditError(f"eta cannot be {format_exact(self.value)}: it must be 0 or more")
            return replace(experiment, eta=self.value)
        if self.ref.kind is Kind.INPUT:
            return self._set_input(experiment)
        if self.ref.kind is Kind.TARGET:
            data = replace(experiment.data, t=self._set_cell(experiment.t, self.value), origin=None)
            return replace(experiment, data=data)
        raise EditError(f"{self.ref} is computed, it cannot be set")

    def _set_parameter(self, experiment: Experiment) -> Experiment:
        refs = [self.ref]
        try:
            experiment.architecture.index(self.ref)
        except IndexError as error:
            raise EditError(str(error)) from error
        if self.ref.kind is Kind.BIAS and experiment.bias_policy is BiasPolicy.SHARED:
            n_to = experiment.architecture.sizes[self.ref.layer + 1]
            refs = [replace(self.ref, to=to) for to in range(n_to)]
        parameters = experiment.parameters.replaced(dict.fromkeys(refs, self.value))
        return with_parameters(experiment, parameters)

    def _set_input(self, experiment: Experiment) -> Experiment:
        """Set what the network sees; under scaling the raw number follows from it."""
        data, value = experiment.data, self.value
        if data.scaling is not None and self.ref.to < data.n_inputs:
            scale = data.scaling
            value = value * float(scale.deviation[self.ref.to]) + float(scale.mean[self.ref.to])
        changed = replace(data, raw_x=self._set_cell(data.raw_x, value), origin=None)
        return replace(experiment, data=changed)

    def _set_cell(self, array: Array, value: float) -> Array:
        if self.sample >= array.shape[0] or self.ref.to >= array.shape[1]:
            raise EditError(f"{self.ref} of sample {self.sample + 1} does not exist")
        changed = array.copy()
        changed[self.sample, self.ref.to] = value
        return frozen(changed)


@dataclass(frozen=True)
class SetBiasPolicy:
    """Choose what training does to biases.

    Going over to ``shared`` needs each layer's biases to be equal; where they are not, each layer
    takes their mean. The parameters that Reset goes back to and what the optimizer remembers of
    biases are made equal likewise, or the next update would pull the biases apart again.
    """

    policy: BiasPolicy

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Biases: {self.policy.value.replace('_', ' ')}"

    @property
    def merge_key(self) -> str | None:
        """See `Edit.merge_key`."""
        return None

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        if self.policy is experiment.bias_policy:
            return experiment
        changed = replace(experiment, bias_policy=self.policy)
        if self.policy is not BiasPolicy.SHARED:
            return changed
        architecture, state = experiment.architecture, experiment.optimizer_state
        slots = [_shared_biases(architecture, slot) for slot in state.slots]
        changed = replace(
            changed,
            start=_shared_biases(architecture, experiment.start),
            optimizer_state=replace(state, slots=frozen(np.reshape(slots, state.slots.shape))),
        )
        theta = _shared_biases(architecture, experiment.parameters.theta)
        return with_parameters(changed, Parameters(architecture, theta))


@dataclass(frozen=True)
class SetLocked:
    """Keep a parameter from being changed by training, or let it go again."""

    ref: Ref
    locked: bool

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"{'Lock' if self.locked else 'Unlock'} {self.ref}"

    @property
    def merge_key(self) -> str | None:
        """See `Edit.merge_key`."""
        return None

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        try:
            experiment.architecture.index(self.ref)
        except IndexError as error:
            raise EditError(str(error)) from error
        change = frozenset.union if self.locked else frozenset.difference
        return replace(experiment, locked=change(experiment.locked, {self.ref}))


@dataclass(frozen=True)
class SetSeed:
    """Choose the seed that the next random weights are drawn from: 0 … 2³¹ − 1."""

    seed: int

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Set seed to {self.seed}"

    @property
    def merge_key(self) -> str | None:
        """See `Edit.merge_key`."""
        return "seed"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        if not 0 <= self.seed <= MAX_SEED:
            raise EditError(f"seed {self.seed} is not accepted: use 0 to {MAX_SEED}")
        return replace(experiment, seed=self.seed)


@dataclass(frozen=True)
class RandomWeights:
    """Draw new weights with the chosen initializer and leave the next seed in its place.

    Biases and locked weights keep their values; training starts again at update 0.
    """

    seed: int

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"New random weights (seed {self.seed})"

    @property
    def merge_key(self) -> str | None:
        """See `Edit.merge_key`."""
        return None

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        generator = np.random.default_rng(self.seed)
        draw, setting = experiment.initializer.draw, experiment.initializer_setting
        old = experiment.parameters
        sizes = old.architecture.sizes
        W = [draw(generator, n_to, n_from, setting) for n_from, n_to in pairwise(sizes)]
        drawn = Parameters.from_layers(old.architecture, W, old.b)
        kept = {ref: old[ref] for ref in experiment.locked}
        begun = restarted(experiment, drawn.replaced(kept))
        return replace(begun, seed=(self.seed + 1) % (MAX_SEED + 1))


@dataclass(frozen=True)
class ResetTraining:
    """Go back to the parameters that training began from; data and settings stay."""

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return "Reset to update 0"

    @property
    def merge_key(self) -> str | None:
        """See `Edit.merge_key`."""
        return None

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        return restarted(experiment, Parameters(experiment.architecture, experiment.start))


def _shared_biases(architecture: Architecture, vector: Array) -> Array:
    """Return a vector in the order of θ with each layer's biases at their mean where they differ.

    Equal ones keep every bit: their mean may differ from them in the last.
    """
    changed = vector.copy()
    for biases in architecture.views(changed)[1]:
        if np.any(biases != biases[0]):
            biases[:] = biases.mean()
    return frozen(changed)


def with_parameters(experiment: Experiment, parameters: Parameters) -> Experiment:
    """Return the experiment with edited parameters; before the first update they are the start."""
    start = parameters.theta if experiment.updates == 0 else experiment.start
    return replace(experiment, parameters=parameters, start=start)


def restarted(experiment: Experiment, parameters: Parameters) -> Experiment:
    """Return the experiment at update 0 with these parameters: training begins anew."""
    return replace(
        experiment,
        parameters=parameters,
        start=parameters.theta,
        optimizer_state=experiment.optimizer.initial_state(len(parameters.theta)),
        updates=0,
        last_update=None,
        history=CostHistory(),
    )
