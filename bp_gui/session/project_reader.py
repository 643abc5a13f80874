"""Sections of a project file to an experiment, with shapes, names and limits checked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

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
from bp_gui.session.project_schema import (
    MAX_NUMBERS,
    DataSection,
    LastUpdateSection,
    Matrix,
    NetworkSection,
    ProgressSection,
    Project,
    ProjectFileError,
    TrainingSection,
)


def experiment_of(project: Project) -> Experiment:
    """Return the experiment that a file's sections describe.

    Raises
    ------
    ProjectFileError
        If a name is unknown, or shapes do not fit; the message names the place.
    """
    network, training = project.network, project.training
    _one_of("cost", project.cost, COSTS)
    _one_of("training.optimizer", training.optimizer, OPTIMIZERS)
    _one_of("training.initializer", training.initializer, INITIALIZERS)
    architecture = _architecture(network)
    parameters = _parameters(architecture, network)
    policy = BiasPolicy(network.bias_policy)
    if policy is BiasPolicy.SHARED:
        _check_shared(parameters)
    experiment = Experiment(
        parameters=parameters,
        data=_data(architecture, project.data),
        eta=training.eta,
        bias_policy=policy,
        start=parameters.theta,
        optimizer_state=OPTIMIZERS[training.optimizer].initial_state(architecture.n_parameters),
        locked=frozenset(_locked(architecture, network.locked)),
        cost_name=project.cost,
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
    return experiment if project.progress is None else _resumed(experiment, project.progress)


def _one_of(place: str, name: str, registry: Any) -> None:
    if name not in registry:
        raise ProjectFileError(place, f"{name!r} is unknown; known: {', '.join(registry)}")


def _architecture(network: NetworkSection) -> Architecture:
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
    _length("network.W", network.W, architecture.n_layers, "matrices")
    _length("network.b", network.b, architecture.n_layers, "lists")
    W = [
        _matrix(f"network.W[{layer}]", rows, sizes[layer + 1], sizes[layer])
        for layer, rows in enumerate(network.W)
    ]
    b = [
        _vector(f"network.b[{layer}]", values, sizes[layer + 1])
        for layer, values in enumerate(network.b)
    ]
    return Parameters.from_layers(architecture, W, b)


def _data(architecture: Architecture, data: DataSection) -> Data:
    if not data.x:
        raise ProjectFileError("data.x", "has no sample, expected at least one")
    n_inputs, n_outputs = architecture.n_inputs, architecture.n_outputs
    if (len(data.x) + len(data.x_test)) * (n_inputs + n_outputs) > MAX_NUMBERS:
        raise ProjectFileError("data", f"has more than {MAX_NUMBERS:,} numbers")
    scaling, origin = data.scaling, data.origin
    for place, names, count in (
        ("data.input_names", data.input_names, n_inputs),
        ("data.target_names", data.target_names, n_outputs),
    ):
        if names:
            _length(place, names, count, "names")
    return Data(
        raw_x=_matrix("data.x", data.x, len(data.x), n_inputs),
        t=_matrix("data.t", data.t, len(data.x), n_outputs),
        raw_x_test=_matrix("data.x_test", data.x_test, len(data.x_test), n_inputs),
        t_test=_matrix("data.t_test", data.t_test, len(data.x_test), n_outputs),
        scaling=None
        if scaling is None
        else Scaling(
            _vector("data.scaling.mean", scaling.mean, n_inputs),
            _vector("data.scaling.deviation", scaling.deviation, n_inputs),
        ),
        input_names=tuple(data.input_names),
        target_names=tuple(data.target_names),
        origin=None
        if origin is None
        else Origin(origin.name, origin.samples, origin.noise, origin.seed, origin.test_share),
    )


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


def _check_shared(parameters: Parameters) -> None:
    for layer, biases in enumerate(parameters.b):
        if np.any(biases != biases[0]):
            raise ProjectFileError(
                f"network.b[{layer}]", "biases of a layer must be equal when they are shared"
            )


def _resumed(experiment: Experiment, progress: ProgressSection) -> Experiment:
    """Return the experiment with its training progress."""
    n = experiment.architecture.n_parameters
    slots = len(experiment.optimizer.slots)
    place = "progress.optimizer_state"
    # A sum of squares that has left float64 divides a step to nothing: only so is a state unfinite.
    remembered = [
        [math.inf if each is None else each for each in row] for row in progress.optimizer_state
    ]
    last = progress.last_update
    state = OptimizerState(_matrix(place, remembered, slots, n), progress.optimizer_updates)
    return replace(
        experiment,
        updates=progress.updates,
        start=_vector("progress.start", progress.start, n),
        optimizer_state=state,
        last_update=None if last is None else _last_update(last, n),
        history=_history(progress),
    )


def _last_update(last: LastUpdateSection, n: int) -> LastUpdate:
    place = "progress.last_update"
    return LastUpdate(
        before=_vector(f"{place}.before", last.before, n),
        gradient=_vector(f"{place}.gradient", last.gradient, n),
        after=_vector(f"{place}.after", last.after, n),
        compiled=last.compiled,
    )


def _history(progress: ProgressSection) -> CostHistory:
    if progress.history is None:
        return CostHistory()
    updates, costs = progress.history.updates, progress.history.costs
    tests = progress.history.test_costs
    place = "progress.history"
    _length(f"{place}.costs", costs, len(updates))
    if tests:
        _length(f"{place}.test_costs", tests, len(updates))
    ascending = all(a < b for a, b in pairwise(updates))
    if updates and (not ascending or updates[-1] >= progress.updates):
        raise ProjectFileError(
            f"{place}.updates", f"must ascend and stay below {progress.updates}, the present update"
        )
    known = [math.nan if cost is None else cost for cost in tests]
    return CostHistory().extended(updates, costs, known or None)


def _length(place: str, values: Sequence[object], expected: int, of: str = "numbers") -> None:
    if len(values) != expected:
        raise ProjectFileError(place, f"has {len(values)} {of}, expected {expected}")


def _vector(place: str, values: Sequence[float], expected: int) -> Array:
    _length(place, values, expected)
    return frozen(values)


def _matrix(place: str, rows: Matrix, n_rows: int, n_columns: int) -> Array:
    _length(place, rows, n_rows, "rows")
    for position, row in enumerate(rows):
        _length(f"{place}[{position}]", row, n_columns)
    return frozen(np.array(rows, dtype=np.float64).reshape(n_rows, n_columns))
