"""Edits: pure, named, and refused with the value and the place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bp_gui.engine.names import ETA, parse_name
from bp_gui.engine.network import BiasPolicy
from bp_gui.session.edits import (
    Edit,
    EditError,
    RandomWeights,
    ResetTraining,
    SetBiasPolicy,
    SetLocked,
    SetSeed,
    SetValue,
)
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import evaluate
from bp_gui.session.training import advance


@pytest.mark.parametrize("name", ["W2[1,2]", "b1[2]", "x[1]", "t[2]", "eta"])
def test_a_value_is_set_where_it_belongs_and_nowhere_else(worked: Experiment, name: str) -> None:
    ref = parse_name(name)
    before = evaluate(worked)
    after = evaluate(SetValue(ref, 0.123).apply(worked))
    assert after.value(ref) == 0.123
    others = [parse_name(n) for n in ("W1[1,1]", "b2[1]", "x[2]", "t[1]")]
    assert all(after.value(other) == before.value(other) for other in others)
    assert before.value(ref) != 0.123


def test_labels_name_the_quantity_and_the_exact_value() -> None:
    assert SetValue(parse_name("W2[1,2]"), 0.41).label == "Set W2[1,2] to 0.41"
    assert SetValue(ETA, 1e-5).label == "Set eta to 1e−5"


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (SetValue(parse_name("W2[1,2]"), float("nan")), ("W2[1,2]", "nan")),
        (SetValue(parse_name("W2[1,2]"), float("inf")), ("W2[1,2]", "inf")),
        (SetValue(parse_name("W9[1,1]"), 1.0), ("W9[1,1]", "2-2-2")),
        (SetValue(parse_name("x[3]"), 1.0), ("x[3]",)),
        (SetValue(parse_name("x[1]"), 1.0, sample=4), ("x[1]", "sample 5")),
        (SetValue(ETA, -0.5), ("eta", "−0.5")),
        (SetValue(parse_name("z1[1]"), 1.0), ("z1[1]", "computed")),
        (SetSeed(-1), ("-1",)),
        (SetLocked(parse_name("b3[1]"), True), ("b3[1]",)),
    ],
)
def test_a_refusal_names_the_value_and_the_place(
    worked: Experiment, edit: Edit, words: tuple[str, ...]
) -> None:
    with pytest.raises(EditError) as refusal:
        edit.apply(worked)
    assert all(word in str(refusal.value) for word in words)


def test_a_shared_bias_sets_its_whole_layer(worked: Experiment) -> None:
    shared = SetBiasPolicy(BiasPolicy.SHARED).apply(worked)
    changed = SetValue(parse_name("b1[2]"), 0.9).apply(shared)
    np.testing.assert_array_equal(changed.parameters.b[0], [0.9, 0.9])
    np.testing.assert_array_equal(changed.parameters.b[1], [0.6, 0.6])


def test_sharing_unequal_biases_takes_their_mean(worked: Experiment) -> None:
    unequal = SetValue(parse_name("b1[2]"), 0.45).apply(worked)
    shared = SetBiasPolicy(BiasPolicy.SHARED).apply(unequal)
    np.testing.assert_allclose(shared.parameters.b[0], [0.4, 0.4])


def test_reset_goes_back_to_where_training_began_with_edits_made_before(
    worked: Experiment,
) -> None:
    edited = SetValue(parse_name("W1[1,1]"), 0.77).apply(worked)
    trained = advance(edited, 5).experiment
    later = SetValue(parse_name("W1[1,2]"), 0.88).apply(trained)
    reset = ResetTraining().apply(later)
    np.testing.assert_array_equal(reset.parameters.theta, edited.parameters.theta)
    assert reset.updates == 0
    assert len(reset.history) == 0
    assert reset.last_update is None


def test_random_weights_repeat_from_the_seed_keep_biases_and_locks(worked: Experiment) -> None:
    ref = parse_name("W1[2,2]")
    locked = replace(worked, locked=frozenset({ref}))
    first, second = RandomWeights(5).apply(locked), RandomWeights(5).apply(locked)
    np.testing.assert_array_equal(first.parameters.theta, second.parameters.theta)
    assert first.parameters[ref] == 0.3
    np.testing.assert_array_equal(first.parameters.b[0], worked.parameters.b[0])
    assert first.seed == 6
    assert not np.array_equal(
        first.parameters.theta, RandomWeights(6).apply(locked).parameters.theta
    )
