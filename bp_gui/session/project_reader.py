"""Sections of a project file to an experiment, with shapes, names and limits checked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.batches import Batches
from bp_gui.engine.costs import COSTS
from bp_gui.engine.initializers import INITIALIZERS
from bp_gui.engine.names import UnknownNameError, parse_name
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.objective import Penalty
from bp_gui.engine.optimizers import OPTIMIZERS, OptimizerState
from bp_gui.session.data import Data, Origin, Scaling
from bp_gui.session.experiment import Experiment, LastUpdate
from bp_gui.session.history import CostHistory
from bp_gui.session.project_error import ProjectFileError
from bp_gui.session.project_numbers import (
    check_length,
    count_rows,
    matrix_of,
    memory_of,
    vector_of,
)
from bp_gui.session.project_schema import (
    MAX_NUMBERS,
    DataSection,
    LastUpdateSection,
    NetworkSection,
    ProgressSection,
    ProjectSection,
    SettingsSection,
    TrainingSection,
)


def experiment_of(project: ProjectSection) -> Experiment:
    """Return the experiment that a file's sections describe.

    Raises
    ------
    ProjectFileError
        If a name is unknown, or shapes do not fit; the message names the place.
    """
    architecture = architecture_of(project.network)
    parameters = _parameters(architecture, project.network)
    data = data_of(architecture, project.data)
    experiment = framed(project.network, project.cost, project.training, parameters, data)
    return experiment if project.progress is None else _resumed(experiment, project.progress)


def framed(
    network: NetworkSection | SettingsSection,
    cost: str,
    training: TrainingSection,
    parameters: Parameters,
    data: Data,
) -> Experiment:
    """Return the experiment with these settings at update 0.

    Raises
    ------
    ProjectFileError
        If a setting is unknown or does not fit; the message names the place.
    """
    architecture = parameters.architecture
    _one_of("cost", cost, COSTS)
    _one_of("training.optimizer", training.optimizer, OPTIMIZERS)
    _one_of("training.initializer", training.initializer, INITIALIZERS)
    policy = BiasPolicy(network.bias_policy)
    if policy is BiasPolicy.SHARED:
        check_shared(parameters)
    return Experiment(
        parameters=parameters,
        data=data,
        eta=training.eta,
        bias_policy=policy,
        start=parameters.theta,
        optimizer_state=OPTIMIZERS[training.optimizer].initial_state(architecture.n_parameters),
        locked=frozenset(_locked(architecture, network.locked)),
        cost_name=cost,
        penalty=Penalty(training.l1, training.l2),
        optimizer_name=training.optimizer,
        optimizer_settings=_settings(training),
        clip=training.clip,
        batches=Batches(training.batch_size, training.shuffle),
        shuffle_seed=training.shuffle_seed,
        initializer_name=training.initializer,
        initializer_setting=_initializer_setting(training),
        seed=training.seed,
    )


def _one_of(place: str, name: str, registry: Any) -> None:
    if name not in registry:
        raise ProjectFileError(place, f"{name!r} is unknown; known: {', '.join(registry)}")


def architecture_of(network: NetworkSection | SettingsSection) -> Architecture:
    """Return the shape of a network.

    Raises
    ------
    ProjectFileError
        If there are not as many activations as layers, or one is unknown or not in its place.
    """
    n_layers = len(network.sizes) - 1
    if len(network.activations) != n_layers:
        raise ProjectFileError(
            "network.activations", f"has {len(network.activations)} entries, expected {n_layers}"
        )
    for layer, name in enumerate(network.activations):
        _one_of(f"network.activations[{layer}]", name, ACTIVATIONS)
    try:
        return Architecture(tuple(network.sizes), tuple(network.activations))
    except ValueError as error:
        raise ProjectFileError("network.activations", str(error)) from None


def _parameters(architecture: Architecture, network: NetworkSection) -> Parameters:
    sizes = architecture.sizes
    check_length("network.W", network.W, architecture.n_layers, "matrices")
    check_length("network.b", network.b, architecture.n_layers, "lists")
    W = [
        matrix_of(f"network.W[{layer}]", rows, sizes[layer + 1], sizes[layer])
        for layer, rows in enumerate(network.W)
    ]
    b = [
        vector_of(f"network.b[{layer}]", values, sizes[layer + 1])
        for layer, values in enumerate(network.b)
    ]
    return Parameters.from_layers(architecture, W, b)


def data_of(architecture: Architecture, data: DataSection) -> Data:
    """Return the samples for a network of this shape.

    Raises
    ------
    ProjectFileError
        If there is none, there are too many, or columns do not fit the network or each other.
    """
    n_inputs, n_outputs = architecture.n_inputs, architecture.n_outputs
    n_train = count_rows("data.x", data.x, n_inputs)
    n_test = count_rows("data.x_test", data.x_test, n_inputs)
    if n_train == 0:
        raise ProjectFileError("data.x", "has no sample, expected at least one")
    if (n_train + n_test) * (n_inputs + n_outputs) > MAX_NUMBERS:
        raise ProjectFileError("data", f"has more than {MAX_NUMBERS:,} numbers")
    scaling, origin = data.scaling, data.origin
    for place, names, count in (
        ("data.input_names", data.input_names, n_inputs),
        ("data.target_names", data.target_names, n_outputs),
    ):
        if names:
            check_length(place, names, count, "names")
    return Data(
        raw_x=matrix_of("data.x", data.x, n_train, n_inputs),
        t=matrix_of("data.t", data.t, n_train, n_outputs),
        raw_x_test=matrix_of("data.x_test", data.x_test, n_test, n_inputs),
        t_test=matrix_of("data.t_test", data.t_test, n_test, n_outputs),
        scaling=None
        if scaling is None
        else Scaling(
            _column_numbers("data.scaling.mean", scaling.mean, n_inputs),
            _column_numbers("data.scaling.deviation", scaling.deviation, n_inputs),
        ),
        input_names=tuple(data.input_names),
        target_names=tuple(data.target_names),
        origin=None
        if origin is None
        else Origin(origin.name, origin.samples, origin.noise, origin.seed, origin.test_share),
    )


def _column_numbers(place: str, numbers: Sequence[float], expected: int) -> Array:
    check_length(place, numbers, expected)
    return frozen(numbers)


def _settings(training: TrainingSection) -> tuple[float, ...]:
    """Return the optimizer's settings in its own order; those not given have their default."""
    known = {setting.name: setting for setting in OPTIMIZERS[training.optimizer].settings}
    for name, value in training.settings.items():
        place = f"training.settings.{name}"
        if name not in known:
            names = ", ".join(known) or "none"
            raise ProjectFileError(
                place, f"{training.optimizer} has no such setting; it has {names}"
            )
        if not known[name].accepts(value):
            raise ProjectFileError(place, f"{value} is not accepted: use {known[name].accepted}")
    return tuple(training.settings.get(name, each.default) for name, each in known.items())


def _initializer_setting(training: TrainingSection) -> float:
    setting, given = INITIALIZERS[training.initializer].setting, training.initializer_setting
    if setting is None:
        return 0.0
    if given is None:
        return setting.default
    if not setting.accepts(given):
        place = "training.initializer_setting"
        raise ProjectFileError(place, f"{given} is not accepted: use {setting.accepted}")
    return given


def _locked(architecture: Architecture, names: Sequence[str]) -> Iterator[Any]:
    if len(names) > architecture.n_parameters:
        raise ProjectFileError(
            "network.locked",
            f"has {len(names):,} names, but there are {architecture.n_parameters:,} parameters",
        )
    for position, name in enumerate(names):
        try:
            ref = parse_name(name)
            architecture.index(ref)
        except (UnknownNameError, IndexError) as error:
            raise ProjectFileError(f"network.locked[{position}]", str(error)) from None
        yield ref


def check_shared(parameters: Parameters) -> None:
    """Refuse biases that differ within a layer.

    Raises
    ------
    ProjectFileError
        If there are any; the message names the layer.
    """
    for layer, biases in enumerate(parameters.b):
        if np.any(biases != biases[0]):
            raise ProjectFileError(
                f"network.b[{layer}]", "biases of a layer must be equal when they are shared"
            )


def _resumed(experiment: Experiment, progress: ProgressSection) -> Experiment:
    """Return the experiment with its training progress."""
    n = experiment.architecture.n_parameters
    state = OptimizerState(_slots(experiment, progress), progress.optimizer_updates)
    last = progress.last_update
    return replace(
        experiment,
        updates=progress.updates,
        start=vector_of("progress.start", progress.start, n),
        optimizer_state=state,
        last_update=None if last is None else _last_update(last, experiment.parameters.theta),
        history=_history(progress),
    )


def _slots(experiment: Experiment, progress: ProgressSection) -> Array:
    """Return what the optimizer remembers, a row for each of its numbers.

    A sum of squares that has left float64 divides a step to nothing: only so is one not finite.
    """
    place, n = "progress.optimizer_state", experiment.architecture.n_parameters
    check_length(place, progress.optimizer_state, len(experiment.optimizer.slots), "rows")
    slots = np.empty((len(progress.optimizer_state), n))
    for position, row in enumerate(progress.optimizer_state):
        slots[position] = memory_of(f"{place}[{position}]", row, n)
    slots.flags.writeable = False
    return slots


def _last_update(last: LastUpdateSection, theta: Array) -> LastUpdate:
    place, n = "progress.last_update", len(theta)
    after = last.after
    return LastUpdate(
        before=vector_of(f"{place}.before", last.before, n),
        gradient=vector_of(f"{place}.gradient", last.gradient, n),
        after=theta if after is msgspec.UNSET else vector_of(f"{place}.after", after, n),
        compiled=last.compiled,
    )


def _history(progress: ProgressSection) -> CostHistory:
    if progress.history is None:
        return CostHistory()
    updates, costs = progress.history.updates, progress.history.costs
    tests = progress.history.test_costs
    place = "progress.history"
    check_length(f"{place}.costs", costs, len(updates))
    if tests:
        check_length(f"{place}.test_costs", tests, len(updates))
    ascending = all(a < b for a, b in pairwise(updates))
    if updates and (not ascending or updates[-1] >= progress.updates):
        raise ProjectFileError(
            f"{place}.updates", f"must ascend and stay below {progress.updates}, the present update"
        )
    known = [math.nan if cost is None else cost for cost in tests]
    return CostHistory().extended(updates, costs, known or None)
