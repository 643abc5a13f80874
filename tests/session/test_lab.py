"""The mistake lab: right and mistaken numbers and training side by side."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from bp_gui.diagnose.algorithm import Algorithm
from bp_gui.diagnose.concerns import COMPUTED_BY
from bp_gui.engine.names import COST, parse_name
from bp_gui.engine.objective import Penalty
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.explain.targets import Derivative, Gradient, Update
from bp_gui.session.experiment import Experiment
from bp_gui.session.lab import CurveRun, compare, effective
from bp_gui.session.snapshot import evaluate
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


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("output_weights_first", "ends with a lower cost"),
        ("missing_transpose", "ends with a higher cost"),
        ("sign_flipped", "does not learn"),
        ("no_output_activation", "diverges"),
        ("bias_as_its_own_input", ""),  # biases are fixed: both curves are one
    ],
)
def test_the_lab_says_whether_it_learns_all_the_same(
    worked: Experiment, name: str, said: str
) -> None:
    run = CurveRun(worked, [name], 100)
    assert run.curves().verdict == ""
    while not run.is_finished:
        run.advance()
    verdict = run.curves().verdict
    assert said in verdict
    assert bool(verdict) == bool(said)


def test_any_number_of_an_update_can_be_asked_for(worked: Experiment) -> None:
    found = compare(worked, ["missing_transpose"])
    w1 = parse_name("W1[1,1]")
    for target, right, mistaken in (
        (parse_name("delta1[1]"), 0.008771354689486937, 0.009231012),
        (Derivative(COST, w1), 0.0004385677344743468, 0.00046155060),
        (Derivative(COST, parse_name("z1[1]")), 0.008771354689486937, 0.009231012),
        (Gradient(w1), 0.0004385677344743468, 0.00046155060),
        (Update(w1), 0.1497807161327628, 0.14976922),
        (COST, 0.2983711087600027, 0.2983711087600027),
        (parse_name("a2[1]"), 0.7513650695523157, 0.7513650695523157),
    ):
        pair = found.pair(target)
        assert pair is not None
        assert pair.right == pytest.approx(right, rel=1e-12)
        assert pair.mistaken == pytest.approx(mistaken, rel=1e-6)
        assert pair.differs == (right != mistaken)
    # What lies between two quantities is no step of an update.
    assert found.pair(Derivative(parse_name("a1[1]"), parse_name("z1[1]"))) is None


def test_the_gradient_of_the_shown_sample_is_apart_from_that_of_the_batch(
    worked: Experiment,
) -> None:
    x, t = np.array([[0.05, 0.1], [0.9, -0.4]]), np.array([[0.01, 0.99], [0.6, 0.2]])
    two = replace(worked.with_samples(x, t), penalty=Penalty(l2=0.1))
    found = compare(two, ["summed_gradient"], sample=1)
    w = parse_name("W2[1,2]")
    alone, used = found.pair(Derivative(COST, w)), found.pair(Gradient(w))
    assert alone is not None
    assert used is not None
    own = evaluate(two, 1).backward.dW[1][0, 1]
    assert alone.right == pytest.approx(own, rel=1e-12)
    assert not alone.differs  # of one sample, sum and mean are the same
    assert used.differs


@pytest.mark.parametrize(
    ("names", "asked", "concerned", "sources"),
    [
        (["missing_transpose"], "delta1[1]", ["missing_transpose"], []),
        (["missing_transpose"], "delta2[1]", [], []),
        (["no_half"], "delta1[1]", [], ["delta2[1]", "delta2[2]"]),
        (["no_half", "missing_transpose"], "delta1[1]", ["missing_transpose"], None),
        (["no_bias_forward"], "z1[1]", ["no_bias_forward"], []),
        (["no_bias_forward"], "a1[1]", [], ["z1[1]"]),
        (["squared_error"], "C", ["squared_error"], ["C[1]", "C[2]"]),
    ],
)
def test_a_mistake_is_found_in_the_line_where_it_enters(
    worked: Experiment, names: list[str], asked: str, concerned: list[str], sources: list[str]
) -> None:
    found = compare(worked, names)
    target = parse_name(asked)
    assert [mistake.name for mistake in found.concerned(target)] == concerned
    if sources is not None:
        assert [str(ref) for ref in found.handed_on_by(target)] == sources


def test_every_step_of_the_algorithm_computes_some_sort_of_number() -> None:
    assert set(COMPUTED_BY) == {field.name for field in fields(Algorithm)}
