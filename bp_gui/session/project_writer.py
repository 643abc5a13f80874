"""An experiment to the sections of a project file."""

from __future__ import annotations

import math

import msgspec
import numpy as np

from bp_gui.engine.arrays import Array
from bp_gui.session.data import Data
from bp_gui.session.experiment import Experiment, LastUpdate
from bp_gui.session.project_numbers import MOST_LISTED, Form, Memory, Numbers
from bp_gui.session.project_schema import (
    FORMAT,
    LISTS_VERSION,
    MAX_HISTORY,
    PACKED_VERSION,
    DataSection,
    HistorySection,
    LastUpdateSection,
    NetworkSection,
    OriginSection,
    ProgressSection,
    ProjectSection,
    ScalingSection,
    TrainingSection,
)


def experiment_section(experiment: Experiment) -> ProjectSection:
    """Return the file's sections for an experiment, and none beside them."""
    parameters = experiment.parameters
    return ProjectSection(
        format=FORMAT,
        version=PACKED_VERSION if _has_long_arrays(experiment) else LISTS_VERSION,
        network=NetworkSection(
            sizes=list(parameters.architecture.sizes),
            activations=list(parameters.architecture.activations),
            W=[Numbers.of_matrix(W) for W in parameters.W],
            b=[Numbers.of_vector(b) for b in parameters.b],
            bias_policy=experiment.bias_policy.value,
            locked=sorted(ref.name for ref in experiment.locked),
        ),
        cost=experiment.cost_name,
        data=data_section(experiment.data),
        training=training_section(experiment),
        progress=None if experiment.updates == 0 else _progress(experiment),
    )


def _has_long_arrays(experiment: Experiment) -> bool:
    """Whether an array is too long for a list, so that version 1 has no way to write it."""
    data, parameters = experiment.data, experiment.parameters
    vectors = (parameters.theta,) if experiment.updates else ()
    arrays = (data.raw_x, data.t, data.raw_x_test, data.t_test, *parameters.W, *vectors)
    return any(array.size > MOST_LISTED for array in arrays)


def data_section(data: Data) -> DataSection:
    """Return how samples stand in a file."""
    scaling, origin = data.scaling, data.origin
    return DataSection(
        x=Numbers.of_matrix(data.raw_x),
        t=Numbers.of_matrix(data.t),
        x_test=Numbers.of_matrix(data.raw_x_test),
        t_test=Numbers.of_matrix(data.t_test),
        scaling=None
        if scaling is None
        else ScalingSection(scaling.mean.tolist(), scaling.deviation.tolist()),
        input_names=list(data.input_names),
        target_names=list(data.target_names),
        origin=None
        if origin is None
        else OriginSection(
            origin.name, origin.samples, origin.noise, origin.seed, origin.test_share
        ),
    )


def training_section(experiment: Experiment) -> TrainingSection:
    """Return how the settings of training stand in a file."""
    optimizer, initializer = experiment.optimizer, experiment.initializer
    names = [setting.name for setting in optimizer.settings]
    return TrainingSection(
        optimizer=optimizer.name,
        settings=dict(zip(names, experiment.optimizer_settings, strict=True)),
        eta=experiment.eta,
        batch_size=experiment.batches.size,
        shuffle=experiment.batches.shuffle,
        shuffle_seed=experiment.shuffle_seed,
        l1=experiment.penalty.l1,
        l2=experiment.penalty.l2,
        clip=experiment.clip,
        initializer=initializer.name,
        initializer_setting=None if initializer.setting is None else experiment.initializer_setting,
        seed=experiment.seed,
    )


def _progress(experiment: Experiment) -> ProgressSection:
    last, history = experiment.last_update, experiment.history.thinned(MAX_HISTORY)
    tests = history.test_costs
    return ProgressSection(
        updates=experiment.updates,
        start=Numbers.of_vector(experiment.start),
        optimizer_state=[Memory.of_vector(row) for row in experiment.optimizer_state.slots],
        optimizer_updates=experiment.optimizer_state.updates,
        last_update=None if last is None else _last_update(last, experiment.parameters.theta),
        history=HistorySection(
            history.updates.tolist(),
            history.costs.tolist(),
            [] if np.isnan(tests).all() else _finite(tests),
        ),
    )


def _last_update(last: LastUpdate, theta: Array) -> LastUpdateSection:
    after = Numbers.of_vector(last.after)
    is_known = after.form is Form.WORD and last.after.tobytes() == theta.tobytes()
    return LastUpdateSection(
        before=Numbers.of_vector(last.before),
        gradient=Numbers.of_vector(last.gradient),
        after=msgspec.UNSET if is_known else after,
        compiled=last.compiled,
    )


def _finite(numbers: Array) -> list[float | None]:
    """Return numbers with None for those that are not finite: JSON has no word for them."""
    return [each if math.isfinite(each) else None for each in numbers.tolist()]
