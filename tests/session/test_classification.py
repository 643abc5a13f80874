"""Accuracy and confusion against counts made by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bp_gui.engine.coding import Coding, class_names, target_names
from bp_gui.session.classification import assess, classes_of, coding_of, confusion
from bp_gui.session.data import Data
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import evaluate

NAN = math.nan


@pytest.mark.parametrize(
    ("t", "coding"),
    [
        ([[0.0], [1.0]], Coding.ZERO_ONE),
        ([[1.0]], Coding.ZERO_ONE),
        ([[-1.0], [1.0]], Coding.PLUS_MINUS),
        ([[-1.0], [0.0], [1.0]], Coding.NUMBERS),
        ([[0.5]], Coding.NUMBERS),
        ([[1.0, 0.0], [0.0, 1.0]], Coding.ONE_HOT),
        ([[1.0, 1.0], [0.0, 1.0]], Coding.NUMBERS),
        ([[0.0, 0.0, 0.0]], Coding.NUMBERS),
        ([[0.01, 0.99]], Coding.NUMBERS),
        ([[2.0, -1.0]], Coding.NUMBERS),
    ],
)
def test_the_coding_follows_from_the_targets(t: list[list[float]], coding: Coding) -> None:
    assert coding_of(np.array(t)) is coding


@pytest.mark.parametrize(
    ("values", "coding", "classes"),
    [
        ([[0.4], [0.5], [0.6], [NAN]], Coding.ZERO_ONE, [0, 1, 1, -1]),
        ([[-0.1], [0.0], [0.1], [math.inf]], Coding.PLUS_MINUS, [0, 1, 1, 1]),
        ([[0.1, 0.2, 0.2], [0.9, 0.1, 0.0], [NAN, 0.1, 0.9]], Coding.ONE_HOT, [1, 0, -1]),
    ],
)
def test_outputs_name_a_class_or_none(
    values: list[list[float]], coding: Coding, classes: list[int]
) -> None:
    assert classes_of(np.array(values), coding).tolist() == classes


def test_numbers_name_no_class() -> None:
    with pytest.raises(ValueError, match="have no classes"):
        classes_of(np.zeros((1, 1)), Coding.NUMBERS)


def test_confusion_of_three_classes_counted_by_hand() -> None:
    t = np.eye(3)[[0, 0, 0, 1, 1, 2, 2]]
    outputs = np.eye(3)[[0, 0, 1, 1, 2, 2, 2]] * 0.8
    outputs[6] = NAN
    found = confusion(outputs, t, Coding.ONE_HOT)
    assert found.counts.tolist() == [[2, 1, 0], [0, 1, 1], [0, 0, 1]]
    assert found.undecided.tolist() == [0, 0, 1]
    assert (found.correct, found.total) == (4, 7)
    assert found.accuracy == 4 / 7
    assert found.found.tolist() == [2 / 3, 1 / 2, 1 / 2]


def test_confusion_of_no_samples_has_no_accuracy() -> None:
    found = confusion(np.zeros((0, 1)), np.zeros((0, 1)), Coding.ZERO_ONE)
    assert found.total == 0
    assert math.isnan(found.accuracy)
    assert np.isnan(found.found).all()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=50))
def test_confusion_counts_every_pair_once(pairs: list[tuple[int, int]]) -> None:
    right = np.array([a for a, _ in pairs], dtype=np.int64)
    named = np.array([b for _, b in pairs], dtype=np.int64)
    found = confusion(np.eye(4)[named], np.eye(4)[right], Coding.ONE_HOT)
    for a in range(4):
        for b in range(4):
            assert found.counts[a, b] == pairs.count((a, b))
    assert found.total == len(pairs)


def test_the_worked_example_has_no_classes(worked: Experiment) -> None:
    assert assess(evaluate(worked)) is None


def test_training_and_test_samples_are_assessed_each_by_themselves(worked: Experiment) -> None:
    # The worked example puts out (0.75, 0.77) for its input: the second class.
    x = [[0.05, 0.1]]
    data = Data(
        raw_x=np.array(x * 3),
        t=np.array([[0.0, 1.0], [0.0, 1.0], [1.0, 0.0]]),
        raw_x_test=np.array(x),
        t_test=np.array([[1.0, 0.0]]),
        target_names=("cat", "dog"),
    )
    found = assess(evaluate(replace(worked, data=data)))
    assert found is not None
    assert found.classes == ("cat", "dog")
    assert found.training.counts.tolist() == [[0, 1], [0, 2]]
    assert found.test is not None
    assert found.test.counts.tolist() == [[0, 1], [0, 0]]


def test_without_test_samples_there_is_no_test(worked: Experiment) -> None:
    found = assess(evaluate(worked.with_samples(worked.x, np.array([[0.0, 1.0]]))))
    assert found is not None
    assert found.test is None
    assert found.classes == ("1", "2")


@pytest.mark.parametrize("coding", [Coding.ZERO_ONE, Coding.PLUS_MINUS])
def test_the_name_of_one_output_says_both_classes(coding: Coding) -> None:
    for classes in (("no", "yes"), ("no (never)", "yes"), ("", "x")):
        names = target_names(coding, classes)
        assert len(names) == 1
        assert class_names(coding, names, 1) == classes


def test_an_output_without_such_a_name_has_numbers_for_classes() -> None:
    assert class_names(Coding.ZERO_ONE, ("xor",), 1) == ("0", "1")
    assert class_names(Coding.PLUS_MINUS, (), 1) == ("\u22121", "1")
    assert class_names(Coding.PLUS_MINUS, ("yes (0 = no)",), 1) == ("\u22121", "1")


def test_numbers_and_three_classes_have_no_single_output() -> None:
    with pytest.raises(ValueError, match="2 classes cannot be coded as numbers"):
        target_names(Coding.NUMBERS, ("a", "b"))
    with pytest.raises(ValueError, match="3 classes cannot be coded as zero_one"):
        target_names(Coding.ZERO_ONE, ("a", "b", "c"))
