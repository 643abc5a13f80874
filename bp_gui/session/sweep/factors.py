"""The settings that a sweep can vary: a registry of frozen entries."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.costs import COSTS
from bp_gui.engine.initializers import INITIALIZERS
from bp_gui.engine.names import ETA
from bp_gui.engine.network import BiasPolicy
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.session.edits import MAX_SEED, EditError, RandomWeights, SetBiasPolicy, SetValue
from bp_gui.session.edits_structure import AddLayer, RemoveLayer, SetActivation
from bp_gui.session.edits_training import (
    SetBatchSize,
    SetCost,
    SetInitializer,
    SetOptimizer,
    SetPenalty,
)
from bp_gui.session.experiment import Experiment
from bp_gui.session.project_schema import MAX_LAYERS, MAX_UNITS

Value = float | int | str | None | tuple[int, ...]


@dataclass(frozen=True)
class Factor:
    """One setting.

    Attributes
    ----------
    name
        Key in specifications and head of the column in results.
    label
        What a person reads.
    read
        Returns a value of the specification as it is used, or raises `ValueError` with what is
        accepted.
    apply
        ``(experiment, value) -> experiment``; may raise `EditError`.
    numeric
        Whether values can be drawn at random between two bounds.
    """

    name: str
    label: str
    read: Callable[[Any], Value]
    apply: Callable[[Experiment, Any], Experiment]
    numeric: bool = False


def _number(lowest: float) -> Callable[[Any], Value]:
    def read(value: Any) -> Value:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not lowest <= value <= sys.float_info.max:
            raise ValueError(f"{value!r} is not accepted: use a number from {lowest:g} on")
        return float(value)

    return read


def _whole(lowest: int, highest: int, *, or_none: bool = False) -> Callable[[Any], Value]:
    def read(value: Any) -> Value:
        if value is None and or_none:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            raise ValueError(f"{value!r} is not accepted: use {lowest:,} to {highest:,}")
        return value

    return read


def _one_of(known: Mapping[str, object]) -> Callable[[Any], Value]:
    def read(value: Any) -> Value:
        if not isinstance(value, str) or value not in known:
            raise ValueError(f"{value!r} is unknown; known: {', '.join(known)}")
        return value

    return read


def _sizes(value: Any) -> Value:
    is_list = isinstance(value, list | tuple) and len(value) < MAX_LAYERS
    if not is_list or not all(type(n) is int and 1 <= n <= MAX_UNITS for n in value):
        raise ValueError(
            f"{value!r} is not accepted: use a list of at most {MAX_LAYERS - 1} sizes, "
            f"each 1 to {MAX_UNITS}"
        )
    return tuple(value)


def _with_hidden(experiment: Experiment, sizes: tuple[int, ...]) -> Experiment:
    """Return the experiment with these hidden layers, each with the first one's activation."""
    activations = experiment.architecture.activations
    hidden = activations[0] if len(activations) > 1 else "sigmoid"
    while experiment.architecture.n_layers > 1:
        experiment = RemoveLayer(1).apply(experiment)
    for position, size in enumerate(sizes, start=1):
        experiment = AddLayer(position, size, hidden).apply(experiment)
    return experiment


def _with_hidden_activation(experiment: Experiment, name: str) -> Experiment:
    if ACTIVATIONS[name].output_only:
        raise EditError(f"{name} belongs into the last layer only")
    for layer in range(1, experiment.architecture.n_layers):
        experiment = SetActivation(layer, name).apply(experiment)
    return experiment


def _with_penalty(experiment: Experiment, *, l1: float | None, l2: float | None) -> Experiment:
    old = experiment.penalty
    edit = SetPenalty(old.l1 if l1 is None else l1, old.l2 if l2 is None else l2)
    return edit.apply(experiment)


# In the order in which they are applied: what changes the shape comes first, new weights last.
FACTORS: Mapping[str, Factor] = MappingProxyType(
    {
        factor.name: factor
        for factor in (
            Factor("hidden", "Hidden layers", _sizes, _with_hidden),
            Factor("activation", "Activation", _one_of(ACTIVATIONS), _with_hidden_activation),
            Factor("cost", "Cost", _one_of(COSTS), lambda e, v: SetCost(v).apply(e)),
            Factor(
                "optimizer",
                "Optimizer",
                _one_of(OPTIMIZERS),
                lambda e, v: SetOptimizer(v).apply(e),
            ),
            Factor("eta", "η", _number(0.0), lambda e, v: SetValue(ETA, v).apply(e), numeric=True),
            Factor(
                "l1", "λ₁", _number(0.0), lambda e, v: _with_penalty(e, l1=v, l2=None), numeric=True
            ),
            Factor(
                "l2", "λ₂", _number(0.0), lambda e, v: _with_penalty(e, l1=None, l2=v), numeric=True
            ),
            Factor(
                "batch_size",
                "Batch",
                _whole(1, 10**6, or_none=True),
                lambda e, v: SetBatchSize(v).apply(e),
            ),
            Factor(
                "bias_policy",
                "Biases",
                _one_of({policy.value: policy for policy in BiasPolicy}),
                lambda e, v: SetBiasPolicy(BiasPolicy(v)).apply(e),
            ),
            Factor(
                "initializer",
                "Initializer",
                _one_of(INITIALIZERS),
                lambda e, v: SetInitializer(v).apply(e),
            ),
            Factor(
                "initial_seed",
                "Seed",
                _whole(0, MAX_SEED),
                lambda e, v: RandomWeights(v).apply(e),
            ),
        )
    }
)
