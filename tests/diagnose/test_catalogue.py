"""The known mistakes: the reference's numbers, and what each entry claims of itself."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bp_gui.diagnose.algorithm import RIGHT
from bp_gui.diagnose.catalogue import MISTAKES
from bp_gui.diagnose.gradient_check import wrong_entries
from bp_gui.diagnose.mistake import Check, Mistake
from bp_gui.diagnose.outcome import run
from bp_gui.diagnose.problem import Problem
from bp_gui.diagnose.recognition import TWELVE, networks
from bp_gui.diagnose.search import Search
from bp_gui.engine.costs import COSTS
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.objective import Objective, Penalty

REFERENCE = json.loads(
    (Path(__file__).parents[1] / "reference" / "worked_example.json").read_text()
)
KNOWN = REFERENCE["known_mistakes_one_step_fixed_bias"]
ENTRIES = pytest.mark.parametrize("mistake", MISTAKES.values(), ids=list(MISTAKES))


def test_the_twelve_are_those_of_the_reference() -> None:
    assert set(TWELVE) == set(KNOWN)


@pytest.mark.parametrize("name", list(KNOWN))
def test_a_mistake_gives_the_numbers_of_the_reference(name: str) -> None:
    problem, expected = networks()["worked 2-2-2"], KNOWN[name]
    found = run(problem, MISTAKES[name].change(RIGHT))
    W, _ = problem.architecture.views(found.theta)
    dW, _ = problem.architecture.views(found.gradient)
    for layer in range(2):
        np.testing.assert_allclose(W[layer], expected["W_after_1"][layer], rtol=1e-13)
        np.testing.assert_allclose(dW[layer], expected["dW"][layer], rtol=1e-12)
        np.testing.assert_allclose(found.delta[layer][0], expected["delta"][layer], rtol=1e-12)
    assert found.next_cost == pytest.approx(expected["cost_after_1"], rel=1e-13)


@ENTRIES
def test_an_entry_says_what_is_wrong_and_how_it_should_be(mistake: Mistake) -> None:
    for text in (mistake.label, mistake.cause, mistake.clause):
        assert text
        assert "\n" not in text
    for line in (mistake.right, mistake.wrong):
        assert line.text
        assert line.latex
        assert line.numpy
    assert mistake.right != mistake.wrong or mistake.parts
    assert mistake.caught_by


def _varied_problems() -> list[Problem]:
    generator = np.random.default_rng(3)
    problems = []
    for activations, cost in (
        (("sigmoid", "sigmoid"), "half_squared_error"),
        (("tanh", "softmax"), "categorical_cross_entropy"),
        (("tanh", "softmax"), "half_squared_error"),
        (("relu", "sigmoid"), "binary_cross_entropy"),
        (("tanh", "tanh"), "mean_squared_error"),
    ):
        architecture = Architecture((2, 3, 2), activations)
        t = generator.uniform(0.1, 0.9, (3, 2))
        if "softmax" in activations:
            t = np.eye(2)[[0, 1, 0]]
        for policy in BiasPolicy:
            problems.append(
                Problem(
                    Parameters(architecture, generator.normal(size=architecture.n_parameters)),
                    generator.normal(size=(3, 2)),
                    t,
                    0.3,
                    Objective(COSTS[cost], Penalty(0.0, 0.1), policy),
                    clip=0.05,
                )
            )
    return problems


@ENTRIES
def test_the_gradient_check_goes_red_just_where_the_entry_says(mistake: Mistake) -> None:
    red = any(
        wrong_entries(run(problem, mistake.change(RIGHT))).any() for problem in _varied_problems()
    )
    assert red == (Check.GRADIENT_CHECK in mistake.caught_by)


@pytest.mark.parametrize(
    ("name", "red"),
    [
        ("missing_transpose", [True] * 4 + [True, True] + [False] * 6),
        ("no_bias_forward", [False] * 4 + [True, True] + [False] * 4 + [True, True]),
        ("gradient_added", [False] * 12),
    ],
)
def test_the_gradient_check_names_the_parameters(name: str, red: list[bool]) -> None:
    problem = networks()["worked 2-2-2"]
    assert wrong_entries(run(problem, MISTAKES[name].change(RIGHT))).tolist() == red


def test_updating_later_weights_first_ends_with_a_lower_cost_on_the_worked_example() -> None:
    # The tutorial prints 0.015912196 and 0.984065734 after 10,000 updates made in this way.
    problem = networks()["worked 2-2-2"]
    algorithm = replace(MISTAKES["output_weights_first"].change(RIGHT), updates=10_000)
    found = run(problem, algorithm)
    printed = REFERENCE["published"]["tutorial"]["outputs_after_10000_printed"]
    np.testing.assert_allclose(found.next_forward.output[0], printed, atol=5e-10)
    right = REFERENCE["after_updates_by_bias_policy"]["fixed"]["10000"]["cost"]
    assert found.next_cost < right


def test_mistakes_of_samples_optimizers_and_penalties_change_something_where_they_can() -> None:
    effective = {
        name
        for problem in _problems_with_memory()
        for hypothesis, _ in Search(problem).singles()
        for name in hypothesis.names
    }
    assert effective >= set(MISTAKES) - {"missing_transpose_and_bias"}


def _problems_with_memory() -> list[Problem]:
    from bp_gui.engine.optimizers import OPTIMIZERS, OptimizerState

    problems = _varied_problems()
    template = problems[0]
    problems.append(networks()["random 2-3-1"])
    n = template.architecture.n_parameters
    generator = np.random.default_rng(5)
    for optimizer in OPTIMIZERS.values():
        state = OptimizerState(np.abs(generator.normal(size=(len(optimizer.slots), n))), 2)
        problems.append(
            replace(
                template,
                optimizer=optimizer,
                settings=optimizer.defaults,
                state=state,
                previous_gradient=generator.normal(size=n),
            )
        )
    silent = Parameters(Architecture((2, 3, 2), ("relu", "linear")), np.zeros(n) + 0.5)
    problems.append(
        replace(template, parameters=silent, x=np.array([[1.0, -2.0]]), t=template.t[:1])
    )
    return problems
