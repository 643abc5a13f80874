"""The settings that a sweep can vary: a registry of frozen entries."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
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


class Kind(Enum):
    """What the values of a setting are."""

    NUMBER = auto()
    WHOLE = auto()
    NAME = auto()
    SIZES = auto()


@dataclass(frozen=True)
class Factor:
    """One setting.

    Attributes
    ----------
    name
        Key in specifications and head of the column in results.
    label
        What a person reads.
    tip
        What it is, and how its values are written, in one sentence.
    kind
        What its values are.
    read
        Returns a value of the specification as it is used, or raises `ValueError` with what is
        accepted.
    apply
        ``(experiment, value) -> experiment``; may raise `EditError`.
    choices
        All names that are accepted, where values are names.
    """

    name: str
    label: str
    tip: str
    kind: Kind
    read: Callable[[Any], Value]
    apply: Callable[[Experiment, Any], Experiment]
    choices: tuple[str, ...] = ()

    @property
    def numeric(self) -> bool:
        """Whether values can be drawn at random between two bounds."""
        return self.kind is Kind.NUMBER


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


def _named(
    name: str,
    label: str,
    tip: str,
    known: Mapping[str, object],
    apply: Callable[[Experiment, Any], Experiment],
) -> Factor:
    """Return a setting whose values are names of a registry."""
    return Factor(name, label, tip, Kind.NAME, _one_of(known), apply, tuple(known))


def _amount(
    name: str, label: str, tip: str, apply: Callable[[Experiment, Any], Experiment]
) -> Factor:
    """Return a setting whose values are numbers from 0 on."""
    return Factor(name, label, tip, Kind.NUMBER, _number(0.0), apply)


# In the order in which they are applied: what changes the shape comes first, new weights last.
FACTORS: Mapping[str, Factor] = MappingProxyType(
    {
        factor.name: factor
        for factor in (
            Factor(
                "hidden",
                "Hidden layers",
                "Sizes of the hidden layers: 8 for one, 4-4 for two, none for no hidden layer",
                Kind.SIZES,
                _sizes,
                _with_hidden,
            ),
            _named(
                "activation",
                "Activation",
                "Activation of all hidden layers",
                ACTIVATIONS,
                _with_hidden_activation,
            ),
            _named(
                "cost",
                "Cost",
                "What training makes small; compare runs of one cost only",
                COSTS,
                lambda e, v: SetCost(v).apply(e),
            ),
            _named(
                "optimizer",
                "Optimizer",
                "How gradients become changes, each with its usual settings",
                OPTIMIZERS,
                lambda e, v: SetOptimizer(v).apply(e),
            ),
            _amount("eta", "η", "Learning rate, 0 or more", lambda e, v: SetValue(ETA, v).apply(e)),
            _amount(
                "l1",
                "λ₁",
                "Penalty for the size of weights, L1",
                lambda e, v: _with_penalty(e, l1=v, l2=None),
            ),
            _amount(
                "l2",
                "λ₂",
                "Penalty for the squares of weights, L2",
                lambda e, v: _with_penalty(e, l1=None, l2=v),
            ),
            Factor(
                "batch_size",
                "Batch",
                "Samples that one update uses: a whole number, or all",
                Kind.WHOLE,
                _whole(1, 10**6, or_none=True),
                lambda e, v: SetBatchSize(v).apply(e),
            ),
            _named(
                "bias_policy",
                "Biases",
                "What training does to biases",
                {policy.value: policy for policy in BiasPolicy},
                lambda e, v: SetBiasPolicy(BiasPolicy(v)).apply(e),
            ),
            _named(
                "initializer",
                "Initializer",
                "What new weights are drawn by",
                INITIALIZERS,
                lambda e, v: SetInitializer(v).apply(e),
            ),
            Factor(
                "initial_seed",
                "Seed",
                "What new weights are drawn from: whole numbers, 1..8 for all from 1 to 8",
                Kind.WHOLE,
                _whole(0, MAX_SEED),
                lambda e, v: RandomWeights(v).apply(e),
            ),
        )
    }
)
