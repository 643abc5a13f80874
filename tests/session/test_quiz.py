"""Questions, marking and worksheets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bp_gui.engine.names import parse_name
from bp_gui.engine.objective import Penalty
from bp_gui.engine.optimizers import OPTIMIZERS, OptimizerState
from bp_gui.session.experiment import Experiment
from bp_gui.session.quiz import Asked, Grader, Outcome, Question, make_quiz
from bp_gui.session.training import advance
from bp_gui.session.worksheet import worksheet_html, worksheet_text

# From the reference: the gradient and the new value of W2[1,1] in the worked example.
GRADIENT = Question(Asked.GRADIENT, parse_name("W2[1,1]"), 0.4, 0.08216704056423078)
NEW = Question(Asked.NEW_WEIGHT, parse_name("W2[1,1]"), 0.4, 0.35891647971788465)


def test_a_seed_asks_the_same_questions_again(worked: Experiment) -> None:
    assert make_quiz(worked, 3, 10) == make_quiz(worked, 3, 10)
    assert make_quiz(worked, 3, 10) != make_quiz(worked, 4, 10)


def test_a_short_quiz_has_some_of_each_kind_and_none_twice(worked: Experiment) -> None:
    questions = make_quiz(worked, 1, 8)
    assert len(set(questions)) == 8
    assert {q.asked for q in questions} == set(Asked)
    assert all(q.ref.kind.value == "W" for q in questions)  # biases are fixed and do not move


def test_a_quiz_ends_when_there_is_nothing_more_to_ask(worked: Experiment) -> None:
    questions = make_quiz(worked, 1, 1_000, frozenset({Asked.SIGN}))
    assert len(questions) == 8
    assert make_quiz(worked, 1, 5, frozenset()) == ()


@pytest.mark.parametrize("seed", range(5))
def test_the_key_is_right(worked: Experiment, seed: int) -> None:
    grader = Grader(worked)
    for question in make_quiz(worked, seed, 20):
        assert grader.grade(question, question.key).outcome is Outcome.CORRECT


@pytest.mark.parametrize(
    "answer", ["0.082", "0.0822", "0,0821670", "8.2e-2", "0.08216704056423078"]
)
def test_correct_rounding_to_the_digits_typed_is_accepted(worked: Experiment, answer: str) -> None:
    assert Grader(worked).grade(GRADIENT, answer).outcome is Outcome.CORRECT


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("-0.0822", "wrong sign"),
        ("0.164334", "without the ½"),
        ("0.43983", "f′ is left out at the output"),
    ],
)
def test_a_wrong_gradient_is_diagnosed(worked: Experiment, answer: str, said: str) -> None:
    grade = Grader(worked).grade(GRADIENT, answer)
    assert grade.outcome is Outcome.WRONG
    assert said in grade.text


def test_an_updated_weight_used_on_the_way_back_is_recognised(worked: Experiment) -> None:
    question = Question(Asked.NEW_WEIGHT, parse_name("W1[1,1]"), 0.15, 0.1497807161327628)
    grade = Grader(worked).grade(question, "0.149817639")
    assert grade.outcome is Outcome.WRONG
    assert "W2 is updated before" in grade.text


@pytest.mark.parametrize("answer", ["", "up", "1..2", "0", "0.1", "1e999"])
def test_what_cannot_be_marked_may_be_given_again(worked: Experiment, answer: str) -> None:
    assert Grader(worked).grade(GRADIENT, answer).outcome is Outcome.UNCLEAR


def test_digits_that_fit_the_old_value_too_are_not_enough(worked: Experiment) -> None:
    question = Question(Asked.NEW_WEIGHT, parse_name("W1[1,1]"), 0.15, 0.1497807161327628)
    assert Grader(worked).grade(question, "0.15").outcome is Outcome.UNCLEAR
    assert Grader(worked).grade(question, "0.1498").outcome is Outcome.CORRECT
    assert Grader(worked).grade(NEW, "0.40").outcome is Outcome.WRONG


def test_a_worksheet_has_the_questions_and_the_key_apart(worked: Experiment) -> None:
    questions = make_quiz(worked, 2, 6)
    text = worksheet_text(worked, questions, 2)
    sheet, key = text.split("\f")
    for question in questions:
        assert question.text in sheet
        assert question.key in key
    assert "W1 = [0.15, 0.2; 0.25, 0.3]" in sheet
    html = worksheet_html(worked, questions, 2)
    assert "page-break-before" in html
    assert html.count("<li>") == 12


def test_a_worksheet_gives_all_that_its_update_depends_on(worked: Experiment) -> None:
    adam = OPTIMIZERS["adam"]
    experiment = replace(
        worked,
        optimizer_name="adam",
        optimizer_settings=adam.defaults,
        optimizer_state=adam.initial_state(worked.architecture.n_parameters),
        penalty=Penalty(l2=0.1),
        clip=0.25,
        locked=frozenset({parse_name("W1[1,1]")}),
    )
    fresh = worksheet_text(experiment, (), 1)
    assert "β₁ = 0.9, β₂ = 0.999" in fresh
    assert "update n = 1 of the optimizer" in fresh
    assert "λ₂ = 0.1" in fresh
    assert "longer than 0.25" in fresh
    assert "Locked: W1[1,1]." in fresh
    assert "m of W1" not in fresh
    assert "m of W1 = [" in worksheet_text(advance(experiment, 1).experiment, (), 1)


def test_a_weight_that_momentum_moves_along_its_gradient_is_not_said_to_go_against_it(
    worked: Experiment,
) -> None:
    momentum = OPTIMIZERS["momentum"]
    slots = np.full((1, worked.architecture.n_parameters), 0.5)
    experiment = replace(
        worked,
        optimizer_name="momentum",
        optimizer_settings=momentum.defaults,
        optimizer_state=OptimizerState(slots),
    )
    # ∂C/∂w5 = 0.0821670… is positive, but 0.9 · 0.5 − 0.5 · 0.0822 moves it up.
    question = Question(
        Asked.DIRECTION, parse_name("W2[1,1]"), 0.4, 0.4 + 0.45 - 0.5 * 0.0821670406
    )
    said = Grader(experiment).grade(question, "down").text
    assert said.startswith("No: up. W2[1,1] goes from 0.4 to 0.8089")
    assert "against" not in said
