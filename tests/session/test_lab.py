"""The mistake lab: right and mistaken numbers and training side by side."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bp_gui.engine.names import parse_name
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.session.experiment import Experiment
from bp_gui.session.lab import CurveRun, compare, effective
from bp_gui.session.training import advance

KNOWN = json.loads((Path(__file__).parents[1] / "reference" / "worked_example.json").read_text())[
    "known_mistakes_one_step_fixed_bias"
]


def test_right_and_mistaken_weights_stand_side_by_side(worked: Experiment) -> None:
    found = compare(worked, ["missing_transpose"])
    expected = KNOWN["missing_transpose"]["W_after_1"]
    assert found.has_effect
    assert found.right.theta[0] == pytest.approx(0.1497807161327628, rel=1e-14)
    assert found.mistaken.theta[0] == pytest.approx(expected[0][0][0], rel=1e-14)
    pair = found.different[parse_name("W1[1,1]")]
    assert (pair.right, pair.mistaken) == (found.right.theta[0], found.mistaken.theta[0])
    assert parse_name("W2[1,1]") not in found.different


def test_without_mistakes_nothing_differs_and_nothing_is_red(worked: Experiment) -> None:
    found = compare(worked, [])
    assert not found.has_effect
    assert not found.red.any()
    assert found.different == {}


def test_the_gradient_check_is_red_where_the_gradient_is_wrong(worked: Experiment) -> None:
    red = compare(worked, ["one_path_only"]).red
    assert red.tolist() == [True] * 6 + [False] * 6


def test_what_cannot_matter_in_a_network_is_not_effective(worked: Experiment) -> None:
    names = effective(worked)
    assert "missing_transpose" in names
    assert not names & {"adam_uncorrected", "softmax_elementwise", "summed_gradient"}


def costs(experiment: Experiment, names: list[str], updates: int) -> tuple[np.ndarray, np.ndarray]:
    run = CurveRun(experiment, names, updates)
    while not run.is_finished:
        run.advance()
    curves = run.curves()
    assert curves.is_complete
    return curves.right, curves.mistaken


@pytest.mark.parametrize("optimizer", ["gradient_descent", "adam", "momentum"])
def test_the_right_curve_is_that_of_training(worked: Experiment, optimizer: str) -> None:
    chosen = OPTIMIZERS[optimizer]
    experiment = replace(
        worked,
        optimizer_name=optimizer,
        optimizer_settings=chosen.defaults,
        optimizer_state=chosen.initial_state(worked.architecture.n_parameters),
    )
    right, mistaken = costs(experiment, [], 50)
    trained = advance(experiment, 50).experiment
    expected = [*trained.history.costs.tolist(), trained.batch_cost()]
    np.testing.assert_allclose(right, expected, rtol=1e-11)
    np.testing.assert_allclose(mistaken, expected, rtol=1e-11)


def test_some_mistakes_still_learn_and_some_climb(worked: Experiment) -> None:
    right, first = costs(worked, ["output_weights_first"], 2_000)
    assert first[-1] < right[-1] < right[0]  # it ends with a lower cost
    _, climbing = costs(worked, ["sign_flipped"], 50)
    assert (np.diff(climbing) > 0).all()
