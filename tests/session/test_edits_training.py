"""Edits of cost, optimizer, penalties, clipping, batches and initializer."""

from __future__ import annotations

import pytest
from numpy.testing import assert_array_equal

from bp_gui.engine.costs import COSTS
from bp_gui.engine.initializers import INITIALIZERS
from bp_gui.engine.objective import Penalty
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.session.edits import Edit, EditError, RandomWeights
from bp_gui.session.edits_training import (
    SetBatchSize,
    SetClip,
    SetCost,
    SetInitializer,
    SetInitializerSetting,
    SetOptimizer,
    SetOptimizerSetting,
    SetPenalty,
    SetShuffle,
    SetShuffleSeed,
)
from bp_gui.session.experiment import Experiment
from bp_gui.session.project_file import dumps, loads
from bp_gui.session.training import advance

ALL = [
    *(SetCost(name) for name in COSTS),
    *(SetOptimizer(name) for name in OPTIMIZERS),
    *(SetInitializer(name) for name in INITIALIZERS),
    SetPenalty(0.01, 0.1),
    SetClip(1.5),
    SetClip(None),
    SetBatchSize(3),
    SetBatchSize(None),
    SetShuffle(True),
    SetShuffleSeed(2**31 - 1),
]


@pytest.mark.parametrize("edit", ALL, ids=str)
def test_every_choice_is_saved_and_trains(worked: Experiment, edit: Edit) -> None:
    changed = edit.apply(worked)
    assert changed.updates == 0
    assert_array_equal(changed.parameters.theta, worked.parameters.theta)
    again = loads(dumps(changed))
    assert dumps(again) == dumps(changed)
    assert edit.label
    assert advance(again, 2).experiment.updates == 2


@pytest.mark.parametrize(
    "edit",
    [
        SetCost("half_squared_error"),
        SetOptimizer("gradient_descent"),
        SetInitializer("xavier"),
        SetClip(None),
        SetBatchSize(None),
        SetShuffle(False),
    ],
    ids=str,
)
def test_what_is_chosen_already_is_no_change(worked: Experiment, edit: Edit) -> None:
    assert edit.apply(worked) is worked


def test_an_optimizer_comes_with_its_defaults_no_memory_and_the_old_eta(
    worked: Experiment,
) -> None:
    momentum = advance(SetOptimizer("momentum").apply(worked), 4).experiment
    adam = SetOptimizer("adam").apply(momentum)
    assert adam.optimizer_settings == (0.9, 0.999, 1e-8)
    assert adam.eta == 0.5
    assert adam.updates == 4
    assert adam.optimizer_state.updates == 0
    assert_array_equal(adam.optimizer_state.slots, [[0.0] * 12] * 2)


def test_a_setting_changes_and_the_memory_stays(worked: Experiment) -> None:
    adam = advance(SetOptimizer("adam").apply(worked), 4).experiment
    changed = SetOptimizerSetting("beta2", 0.99).apply(adam)
    assert changed.optimizer_settings == (0.9, 0.99, 1e-8)
    assert changed.optimizer_state is adam.optimizer_state


def test_penalty_and_clip_and_batches_are_what_was_asked_for(worked: Experiment) -> None:
    changed = SetPenalty(0.01, 0.25).apply(worked)
    assert changed.penalty == Penalty(0.01, 0.25)
    assert SetClip(2.0).apply(worked).clip == 2.0
    shuffled = SetShuffle(True).apply(SetBatchSize(10).apply(worked))
    assert (shuffled.batches.size, shuffled.batches.shuffle) == (10, True)
    assert SetShuffleSeed(8).apply(worked).shuffle_seed == 8


def test_the_initializers_number_decides_what_is_drawn(worked: Experiment) -> None:
    constant = SetInitializerSetting(0.25).apply(SetInitializer("constant").apply(worked))
    drawn = RandomWeights(1).apply(constant)
    assert_array_equal(drawn.parameters.W[0], [[0.25, 0.25], [0.25, 0.25]])
    assert SetInitializer("uniform").apply(constant).initializer_setting == 0.5
    assert SetInitializer("he").apply(constant).initializer_setting == 0.0


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (SetCost("hinge"), ("'hinge'", "huber")),
        (SetOptimizer("sgd"), ("'sgd'", "adam")),
        (SetInitializer("orthogonal"), ("'orthogonal'", "he")),
        (SetOptimizerSetting("mu", 0.5), ("'mu'", "Gradient descent", "none")),
        (SetPenalty(-0.1, 0.0), ("L1", "−0.1", "0 or more")),
        (SetPenalty(0.0, float("nan")), ("L2", "NaN")),
        (SetClip(0.0), ("0", "above 0")),
        (SetClip(float("inf")), ("∞", "above 0")),
        (SetBatchSize(0), ("0", "1 to 1,000,000")),
        (SetBatchSize(10**7), ("10000000",)),
        (SetShuffleSeed(-1), ("-1", str(2**31 - 1))),
        (SetInitializerSetting(0.5), ("Xavier", "no number")),
    ],
)
def test_a_refusal_names_the_value_and_what_is_accepted(
    worked: Experiment, edit: Edit, words: tuple[str, ...]
) -> None:
    with pytest.raises(EditError) as refusal:
        edit.apply(worked)
    assert all(word in str(refusal.value) for word in words), refusal.value


def test_a_setting_out_of_its_range_is_refused(worked: Experiment) -> None:
    adam = SetOptimizer("adam").apply(worked)
    with pytest.raises(EditError, match=r"β₁ cannot be 1: use from 0 to below 1"):
        SetOptimizerSetting("beta1", 1.0).apply(adam)
    normal = SetInitializer("normal").apply(worked)
    with pytest.raises(EditError, match=r"σ cannot be −1"):
        SetInitializerSetting(-1.0).apply(normal)


def test_bursts_on_one_number_merge_and_choices_do_not() -> None:
    assert SetPenalty(0.1, 0.0).merge_key == SetPenalty(0.2, 0.0).merge_key is not None
    assert SetOptimizerSetting("mu", 0.1).merge_key != SetOptimizerSetting("rho", 0.1).merge_key
    assert SetOptimizer("adam").merge_key is None
    assert SetClip(None).merge_key is None
