"""Edits of the samples: each leaves the old experiment alone, and says why when it refuses."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.coding import Coding
from bp_gui.engine.datasets import DATASETS
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.session.bundled import BUNDLED
from bp_gui.session.data import Data, Origin, Scaling
from bp_gui.session.edits import Edit, EditError
from bp_gui.session.edits_data import (
    AddSamples,
    DeleteSamples,
    ReplaceData,
    SetCell,
    SetStandardised,
    SplitData,
    SuitOutputs,
    UseDataset,
    can_be_reached,
)
from bp_gui.session.experiment import Experiment
from bp_gui.session.project_file import dumps, loads
from bp_gui.session.samples import all_samples, drawn, split
from bp_gui.session.table_import import TableSamples
from bp_gui.session.training import advance

ROWS = np.array([[1.0, 2.0, 9.0], [3.0, 5.0, 8.0], [5.0, 11.0, 7.0], [7.0, 2.0, 6.0]])


@pytest.fixture
def small() -> Experiment:
    """A 2-3-1 network on three training samples and one to test on."""
    architecture = Architecture((2, 3, 1), ("tanh", "linear"))
    theta = np.linspace(-0.6, 0.6, architecture.n_parameters)
    parameters = Parameters(architecture, theta)
    return Experiment(
        parameters=parameters,
        data=Data(
            ROWS[:3, :2],
            ROWS[:3, 2:],
            ROWS[3:, :2],
            ROWS[3:, 2:],
            input_names=("u", "v"),
            target_names=("w",),
            origin=Origin("moons", 4, 0.1, 0, 0.25),
        ),
        eta=0.01,
        bias_policy=BiasPolicy.PER_NEURON,
        start=parameters.theta,
        optimizer_state=OPTIMIZERS["gradient_descent"].initial_state(len(theta)),
    )


def spec(name: str, samples: int = 20, share: float = 0.0, seed: int = 3) -> Origin:
    return Origin(name, samples, 0.1, seed, share)


# Data sets ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DATASETS)
def test_every_data_set_fits_the_network_to_itself_and_can_be_saved(
    small: Experiment, name: str
) -> None:
    after = UseDataset(spec(name, share=0.25)).apply(small)
    dataset = DATASETS[name]
    assert after.architecture.sizes == (len(dataset.inputs), 3, len(dataset.outputs))
    assert after.data.input_names == dataset.inputs
    assert after.data.target_names == dataset.outputs
    assert len(after.t) + len(after.t_test) == (1 if dataset.is_fixed else 20)
    assert after.data.origin is not None
    again = UseDataset(after.data.origin).apply(small)
    assert np.array_equal(all_samples(again.data), all_samples(after.data))
    saved = loads(dumps(after))
    assert saved.data.origin == after.data.origin
    assert np.array_equal(all_samples(saved.data), all_samples(after.data))
    assert math.isfinite(advance(after, 3).experiment.batch_cost())


def test_weights_that_survive_other_data_are_kept(small: Experiment) -> None:
    after = UseDataset(spec("blobs")).apply(small)
    W, old = after.parameters.W, small.parameters.W
    assert np.array_equal(W[0], old[0])
    assert np.array_equal(W[1][:1], old[1])
    assert W[1].shape == (3, 3)
    narrower = UseDataset(spec("sine")).apply(after)
    assert np.array_equal(narrower.parameters.W[0], old[0][:, :1])


def test_training_begins_anew_on_other_data(small: Experiment) -> None:
    trained = advance(small, 5).experiment
    after = UseDataset(spec("moons")).apply(trained)
    assert after.updates == 0
    assert len(after.history) == 0
    assert after.last_update is None
    assert np.array_equal(after.parameters.theta, trained.parameters.theta)
    assert np.array_equal(after.start, trained.parameters.theta)


def test_inputs_stay_standardised_by_the_new_means(small: Experiment) -> None:
    on = SetStandardised(True).apply(small)
    after = UseDataset(spec("moons")).apply(on)
    assert np.allclose(after.x.mean(axis=0), 0.0)
    assert np.allclose(after.x.std(axis=0), 1.0)


@pytest.mark.parametrize(
    ("origin", "sentence"),
    [
        (spec("planets"), "data set 'planets' is unknown; known: and, or, xor"),
        (spec("moons", samples=0), "0 samples are not accepted"),
        (replace(spec("moons"), noise=-1.0), "noise -1.0 is not accepted"),
        (spec("moons", share=1.0), "test share 1.0 is not accepted: use 0 to below 1"),
        (spec("moons", share=math.nan), "test share nan is not accepted"),
        (spec("moons", seed=-1), "seed -1 is not accepted"),
    ],
)
def test_a_data_set_out_of_range_is_refused(
    small: Experiment, origin: Origin, sentence: str
) -> None:
    with pytest.raises(EditError, match=sentence):
        UseDataset(origin).apply(small)


# Tables -------------------------------------------------------------------------------------------


def table(n: int, k: int, m: int = 10) -> TableSamples:
    x = np.arange(m * n, dtype=np.float64).reshape(m, n)
    names = tuple(f"x{i}" for i in range(n)), tuple(f"t{i}" for i in range(k))
    return TableSamples(x, np.ones((m, k)), *names, Coding.NUMBERS, ())


def test_a_table_replaces_the_data_and_is_split(small: Experiment) -> None:
    after = ReplaceData(table(4, 2), "flowers.csv", 0.3, 7).apply(small)
    assert after.architecture.sizes == (4, 3, 2)
    assert (len(after.t), len(after.t_test)) == (7, 3)
    assert after.data.origin is None
    assert after.data.input_names == ("x0", "x1", "x2", "x3")
    assert ReplaceData(table(4, 2), "flowers.csv").label == "Use data: flowers.csv"


def test_a_table_with_too_many_columns_is_refused(small: Experiment) -> None:
    with pytest.raises(EditError, match="257 inputs are not accepted: use 1 to 256"):
        ReplaceData(table(257, 1), "wide").apply(small)
    with pytest.raises(EditError, match="0 targets are not accepted"):
        ReplaceData(table(2, 0), "none").apply(small)


# Cells and rows -----------------------------------------------------------------------------------


@pytest.mark.parametrize("row", range(4))
@pytest.mark.parametrize("column", range(3))
def test_a_cell_is_set_in_the_units_of_the_data(small: Experiment, row: int, column: int) -> None:
    for start in (small, SetStandardised(True).apply(small)):
        after = SetCell(row, column, 0.125).apply(start)
        expected = ROWS.copy()
        expected[row, column] = 0.125
        assert np.array_equal(all_samples(after.data), expected)
        assert len(after.t) == 3
        assert after.data.origin is None
        assert after.data.scaling is start.data.scaling
        assert np.array_equal(all_samples(start.data), ROWS)


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (SetCell(4, 0, 1.0), "there is no row 5, column 1: the data have 4 rows and 3 columns"),
        (SetCell(-1, 0, 1.0), "there is no row 0"),
        (SetCell(0, 3, 1.0), "column 4"),
        (SetCell(0, 0, math.nan), "sample 1 cannot have nan"),
        (DeleteSamples((4,)), "there is no sample 5: there are 4"),
        (DeleteSamples((0, 1, 2)), "at least one training sample must be left"),
        (AddSamples(np.ones((1, 2))), r"rows of shape \(1, 2\) do not fit 3 columns"),
        (AddSamples(np.ones(3)), r"rows of shape \(3,\) do not fit"),
        (AddSamples(np.array([[1.0, 2.0, np.inf]])), "not finite"),
        (AddSamples(np.ones((333_334, 3))), "more than 1,000,000 numbers"),
        (SplitData(-0.1, 0), "test share -0.1"),
        (SplitData(0.5, 2**31), "seed 2147483648"),
    ],
)
def test_an_edit_that_cannot_be_made_says_why(small: Experiment, edit: Edit, sentence: str) -> None:
    with pytest.raises(EditError, match=sentence):
        edit.apply(small)


def test_samples_are_added_behind_those_to_train_on(small: Experiment) -> None:
    after = AddSamples(np.array([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]])).apply(small)
    assert after.data.raw_x.tolist() == [[1, 2], [3, 5], [5, 11], [0, 1], [3, 4]]
    assert after.t.tolist() == [[9], [8], [7], [2], [5]]
    assert after.data.raw_x_test.tolist() == [[7, 2]]
    assert AddSamples(np.zeros((0, 3))).apply(small) is small
    assert AddSamples(np.zeros((1, 3))).label == "Add 1 sample"
    assert AddSamples(np.zeros((1200, 3))).label == "Add 1,200 samples"


def test_samples_are_deleted_from_either_part(small: Experiment) -> None:
    after = DeleteSamples((3, 0)).apply(small)
    assert after.data.raw_x.tolist() == [[3, 5], [5, 11]]
    assert len(after.t_test) == 0
    assert DeleteSamples(()).apply(small) is small
    assert DeleteSamples((1, 1)).label == "Delete 1 sample"


# The split ----------------------------------------------------------------------------------------


@given(m=st.integers(1, 60), share=st.floats(0.0, 0.999), seed=st.integers(0, 2**31 - 1))
def test_a_split_loses_nothing_and_keeps_the_order(m: int, share: float, seed: int) -> None:
    x = np.arange(m, dtype=np.float64)[:, np.newaxis]
    parts = split(Data.of(x, x * 2.0), share, seed)
    train, test = parts.raw_x[:, 0], parts.raw_x_test[:, 0]
    assert sorted([*train, *test]) == list(range(m))
    assert (np.diff(train) > 0).all()
    assert (np.diff(test) > 0).all()
    assert len(test) == min(round(share * m), m - 1)
    assert np.array_equal(parts.t, parts.raw_x * 2.0)
    assert np.array_equal(split(Data.of(x, x), share, seed).raw_x, parts.raw_x)


def test_the_seed_decides_which_samples_are_kept_for_testing() -> None:
    x = np.arange(30.0)[:, np.newaxis]
    first, second = (split(Data.of(x, x), 0.5, seed).raw_x_test for seed in (0, 1))
    assert not np.array_equal(first, second)


def test_a_new_split_deals_out_all_samples_and_measures_the_scaling_again(
    small: Experiment,
) -> None:
    on = SetStandardised(True).apply(small)
    after = SplitData(0.5, 1).apply(on)
    assert (len(after.t), len(after.t_test)) == (2, 2)
    assert after.data.scaling is not None
    assert np.array_equal(after.data.scaling.mean, after.data.raw_x.mean(axis=0))
    whole = SplitData(0.0, 1).apply(after)
    assert len(whole.t_test) == 0
    assert sorted(all_samples(whole.data).tolist()) == sorted(ROWS.tolist())


def test_noise_free_classes_of_a_data_set_do_not_decide_the_split() -> None:
    data = drawn(Origin("gauss", 400, 0.2, 11, 0.5))
    assert 70 <= data.t_test.sum() <= 130  # 100 ± 3 standard deviations


# Standardising ------------------------------------------------------------------------------------


def test_standardising_shows_the_network_means_of_0_and_deviations_of_1(small: Experiment) -> None:
    on = SetStandardised(True).apply(small)
    assert np.allclose(on.x.mean(axis=0), 0.0)
    assert np.allclose(on.x.std(axis=0), 1.0)
    # By hand: the mean of 1, 3, 5 is 3, their deviation √(8/3).
    assert on.x[:, 0].tolist() == pytest.approx([-math.sqrt(1.5), 0.0, math.sqrt(1.5)])
    assert on.x_test[0, 0] == pytest.approx((7.0 - 3.0) / math.sqrt(8.0 / 3.0))
    assert on.data.raw_x is small.data.raw_x
    assert SetStandardised(True).apply(on) is on
    off = SetStandardised(False).apply(on)
    assert np.array_equal(off.x, small.x)


def test_a_constant_column_keeps_its_unit_whatever_rounding_does() -> None:
    # Three times 0.1 has a computed deviation of 1.4e-17, and dividing by that makes nonsense.
    x = np.array([[0.1, 1.0], [0.1, 2.0], [0.1, 3.0]])
    assert x[:, 0].std() > 0
    scaling = Scaling.of(x)
    assert scaling.deviation[0] == 1.0
    assert np.abs(scaling.apply(x)[:, 0]).max() < 1e-15


def test_inputs_too_large_to_standardise_are_refused(small: Experiment) -> None:
    huge = SetCell(0, 0, 1e308).apply(SetCell(1, 0, -1e308).apply(small))
    with pytest.raises(EditError, match="too large to be standardised"):
        SetStandardised(True).apply(huge)


# Outputs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("coding", Coding)
def test_outputs_are_suited_to_the_targets(small: Experiment, coding: Coding) -> None:
    after = SuitOutputs(coding).apply(small)
    assert after.architecture.activations == ("tanh", coding.activation)
    assert after.cost_name == coding.cost
    assert np.array_equal(after.parameters.theta, small.parameters.theta)
    assert SuitOutputs(coding).apply(after) is after
    assert loads(dumps(after)).cost_name == coding.cost


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_reach_of_an_activation_is_what_its_values_come_to(name: str) -> None:
    activation = ACTIVATIONS[name]
    z = np.linspace(-60.0, 60.0, 240_001)[:, np.newaxis]
    values = activation.value(np.hstack([z, -z]) if activation.output_only else z)
    is_bounded_below = name not in ("linear", "leaky_relu")
    lowest = values.min() if is_bounded_below else -math.inf
    highest = values.max() if values.max() < 50.0 else math.inf
    assert activation.reach == pytest.approx((lowest, highest), abs=1e-9)


@pytest.mark.parametrize(
    ("activation", "cost", "targets", "reached"),
    [
        ("sigmoid", "half_squared_error", (0.0, 1.0), True),
        ("sigmoid", "half_squared_error", (-1.0, 1.0), False),
        ("tanh", "half_squared_error", (-1.0, 1.0), True),
        ("linear", "half_squared_error", (-9.0, 9.0), True),
        ("relu", "half_squared_error", (-0.1, 9.0), False),
        ("linear", "binary_cross_entropy", (0.0, 1.0), False),
        ("sigmoid", "binary_cross_entropy", (0.0, 1.0), True),
    ],
)
def test_targets_out_of_reach_are_noticed(
    small: Experiment, activation: str, cost: str, targets: tuple[float, float], reached: bool
) -> None:
    architecture = Architecture((2, 3, 1), ("tanh", activation))
    changed = replace(
        small,
        parameters=Parameters(architecture, small.parameters.theta),
        cost_name=cost,
        data=Data.of(ROWS[:2, :2], np.array(targets)[:, np.newaxis]),
    )
    assert can_be_reached(changed) is reached


def test_iris_comes_with_the_program_and_can_be_used(small: Experiment) -> None:
    iris = BUNDLED["iris"]
    after = ReplaceData(iris.samples, iris.label, 0.2, 0).apply(small)
    assert after.architecture.sizes == (4, 3, 3)
    assert (len(after.t), len(after.t_test)) == (120, 30)
    assert after.data.target_names == ("setosa", "versicolor", "virginica")
