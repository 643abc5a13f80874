"""Plain sentences about layers that can no longer learn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.distributions import LayerState, layer_states
from bp_gui.engine.names import neuron_name
from bp_gui.engine.propagation import BackwardTrace, ForwardTrace, backward, forward
from bp_gui.explain.numbers import format_number
from bp_gui.session.experiment import Experiment

SATURATED = 0.05  # of the slope at z = 0
VANISHING = 1e-3  # of the errors of the last layer
EXPLODING = 1e3
_MOST_NAMED = 4


@dataclass(frozen=True, eq=False)
class Health:
    """The passes of all training samples, and what they say about each layer.

    Attributes
    ----------
    experiment
        What they belong to.
    """

    experiment: Experiment

    @cached_property
    def forward(self) -> ForwardTrace:
        """The forward pass of all training samples."""
        with np.errstate(all="ignore"):
            return forward(self.experiment.parameters, self.experiment.x)

    @cached_property
    def backward(self) -> BackwardTrace:
        """The backward pass of all training samples."""
        experiment = self.experiment
        with np.errstate(all="ignore"):
            return backward(experiment.parameters, experiment.cost, self.forward, experiment.t)

    @cached_property
    def states(self) -> tuple[LayerState, ...]:
        """How every layer stands."""
        return layer_states(self.experiment.parameters, self.forward, self.backward)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """What a person should know, the lowest layer first; empty where all is well."""
        found: list[str] = []
        for layer, state in enumerate(self.states):
            found += self._about(layer, state)
        return tuple(found)

    def _about(self, layer: int, state: LayerState) -> Iterator[str]:
        architecture = self.experiment.architecture
        label = ACTIVATIONS[architecture.activations[layer]].label
        where = f"Layer {layer + 1} ({label})"
        n = architecture.sizes[layer + 1]
        if state.flat:
            names = [neuron_name(layer + 1, k, architecture.n_layers) for k in state.flat]
            shown = ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")
            yield (
                f"{where}: {len(names)} of {n} neurons are dead ({shown}): f′(z) is 0 for every "
                "sample, so their weights get no gradient."
            )
        # Where the cost is taken through the last activation at once, f′ is not in the way.
        is_last = layer == architecture.n_layers - 1
        fused = is_last and architecture.activations[layer] in self.experiment.cost.fused
        if not fused and len(state.flat) < n and state.slope < SATURATED * state.steepest:
            share = format_number(state.slope, 3)
            yield (
                f"{where} is saturated: f′(z) is {share} on average, "
                f"{format_number(state.steepest, 3)} at z = 0, so errors hardly pass through."
            )
        last = self.states[-1].error_size
        if not is_last and last > 0:
            ratio = state.error_size / last
            size = format_number(ratio, 2 + 1)
            if ratio < VANISHING:
                yield f"{where}: errors vanish, δ is {size} of its size in the last layer."
            elif ratio > EXPLODING:
                yield f"{where}: errors explode, δ is {size} times its size in the last layer."
