"""Edits of what training does: cost, optimizer, penalties, clipping, batches, initializer.

None of them touches the parameters or the update count; training goes on from where it is, and the
cost curve shows the change as the jump or the bend that it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from bp_gui.engine.costs import COSTS
from bp_gui.engine.initializers import INITIALIZERS
from bp_gui.engine.objective import Penalty
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.engine.settings import Setting
from bp_gui.explain.numbers import format_exact
from bp_gui.session.edits import MAX_SEED, EditError, LoneEdit
from bp_gui.session.experiment import Experiment
from bp_gui.session.project_schema import MAX_NUMBERS


@dataclass(frozen=True)
class SetCost(LoneEdit):
    """Choose the cost function by its registry key."""

    name: str

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Cost: {_label(self.name, COSTS)}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        _check_known("cost", self.name, COSTS)
        if self.name == experiment.cost_name:
            return experiment
        return replace(experiment, cost_name=self.name)


@dataclass(frozen=True)
class SetOptimizer(LoneEdit):
    """Choose the optimizer by its registry key; it starts with its defaults and an empty memory.

    The learning rate stays: what another optimizer usually takes is a hint for the person.
    """

    name: str

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Optimizer: {_label(self.name, OPTIMIZERS)}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        _check_known("optimizer", self.name, OPTIMIZERS)
        if self.name == experiment.optimizer_name:
            return experiment
        optimizer = OPTIMIZERS[self.name]
        return replace(
            experiment,
            optimizer_name=self.name,
            optimizer_settings=optimizer.defaults,
            optimizer_state=optimizer.initial_state(experiment.architecture.n_parameters),
        )


@dataclass(frozen=True)
class SetOptimizerSetting:
    """Give a setting of the present optimizer, by its name, another value; its memory stays."""

    name: str
    value: float

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Set {self.name} to {format_exact(self.value)}"

    @property
    def merge_key(self) -> str | None:
        """See `Edit.merge_key`."""
        return f"optimizer/{self.name}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        settings = experiment.optimizer.settings
        names = [setting.name for setting in settings]
        if self.name not in names:
            known = ", ".join(names) or "none"
            raise EditError(f"{experiment.optimizer.label} has no {self.name!r}; it has: {known}")
        at = names.index(self.name)
        _check_setting(settings[at], self.value)
        values = list(experiment.optimizer_settings)
        values[at] = self.value
        return replace(experiment, optimizer_settings=tuple(values))


@dataclass(frozen=True)
class SetPenalty:
    """Choose what is added to the cost for the weights: ``λ₁ Σ |w| + ½ λ₂ Σ w²``."""

    l1: float
    l2: float

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Set penalty to L1 {format_exact(self.l1)}, L2 {format_exact(self.l2)}"

    @property
    def merge_key(self) -> str | None:
        """See `Edit.merge_key`."""
        return "penalty"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        for name, value in (("L1", self.l1), ("L2", self.l2)):
            if not (math.isfinite(value) and value >= 0):
                raise EditError(
                    f"penalty {name} cannot be {format_exact(value)}: "
                    "it must be a finite number, 0 or more"
                )
        return replace(experiment, penalty=Penalty(self.l1, self.l2))


@dataclass(frozen=True)
class SetClip:
    """Choose the largest norm that the gradient may have; None for no limit."""

    largest: float | None

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        if self.largest is None:
            return "Clip no gradient"
        return f"Clip gradient at {format_exact(self.largest)}"

    @property
    def merge_key(self) -> str | None:
        """See `Edit.merge_key`."""
        return None if self.largest is None else "clip"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        if self.largest is not None and not (math.isfinite(self.largest) and self.largest > 0):
            raise EditError(
                f"the gradient cannot be clipped at {format_exact(self.largest)}: "
                "the largest norm must be a finite number above 0"
            )
        if self.largest == experiment.clip:
            return experiment
        return replace(experiment, clip=self.largest)


@dataclass(frozen=True)
class SetBatchSize:
    """Choose how many samples an update uses; None for all of them."""

    size: int | None

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        if self.size is None:
            return "Batches of all samples"
        return f"Batches of {self.size:,} sample{'' if self.size == 1 else 's'}"

    @property
    def merge_key(self) -> str | None:
        """See `Edit.merge_key`."""
        return None if self.size is None else "batch size"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        if self.size is not None and not 1 <= self.size <= MAX_NUMBERS:
            raise EditError(f"batch size {self.size} is not accepted: use 1 to {MAX_NUMBERS:,}")
        if self.size == experiment.batches.size:
            return experiment
        return replace(experiment, batches=replace(experiment.batches, size=self.size))


@dataclass(frozen=True)
class SetShuffle(LoneEdit):
    """Choose whether every epoch deals the samples out in another order."""

    shuffle: bool

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return "Shuffle samples" if self.shuffle else "Keep samples in order"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        if self.shuffle == experiment.batches.shuffle:
            return experiment
        return replace(experiment, batches=replace(experiment.batches, shuffle=self.shuffle))


@dataclass(frozen=True)
class SetShuffleSeed:
    """Choose the seed that the order of the samples follows from: 0 … 2³¹ − 1."""

    seed: int

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Set shuffle seed to {self.seed}"

    @property
    def merge_key(self) -> str | None:
        """See `Edit.merge_key`."""
        return "shuffle seed"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        if not 0 <= self.seed <= MAX_SEED:
            raise EditError(f"shuffle seed {self.seed} is not accepted: use 0 to {MAX_SEED}")
        return replace(experiment, shuffle_seed=self.seed)


@dataclass(frozen=True)
class SetInitializer(LoneEdit):
    """Choose what new weights are drawn by; those that are there stay until some are drawn."""

    name: str

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Initializer: {_label(self.name, INITIALIZERS)}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        _check_known("initializer", self.name, INITIALIZERS)
        if self.name == experiment.initializer_name:
            return experiment
        setting = INITIALIZERS[self.name].setting
        return replace(
            experiment,
            initializer_name=self.name,
            initializer_setting=0.0 if setting is None else setting.default,
        )


@dataclass(frozen=True)
class SetInitializerSetting:
    """Give the number that the present initializer can be told another value."""

    value: float

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Set initializer's number to {format_exact(self.value)}"

    @property
    def merge_key(self) -> str | None:
        """See `Edit.merge_key`."""
        return "initializer"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        setting = experiment.initializer.setting
        if setting is None:
            raise EditError(f"{experiment.initializer.label} has no number that could be set")
        _check_setting(setting, self.value)
        return replace(experiment, initializer_setting=self.value)


class _Labelled(Protocol):
    @property
    def label(self) -> str: ...


def _label(name: str, registry: Mapping[str, _Labelled]) -> str:
    """Return what people read for a key, and the key itself where it is unknown."""
    return registry[name].label if name in registry else name


def _check_known(what: str, name: str, registry: Iterable[str]) -> None:
    known = list(registry)
    if name not in known:
        raise EditError(f"{what} {name!r} is unknown; known: {', '.join(known)}")


def _check_setting(setting: Setting, value: float) -> None:
    if not setting.accepts(value):
        raise EditError(f"{setting.label} cannot be {format_exact(value)}: use {setting.accepted}")
