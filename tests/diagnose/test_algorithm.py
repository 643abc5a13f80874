"""The steps of the right algorithm give the engine's numbers."""

from __future__ import annotations

import numpy as np
import pytest

from bp_gui.diagnose.algorithm import RIGHT
from bp_gui.diagnose.catalogue import MISTAKES
from bp_gui.diagnose.gradient_check import numerical_gradient, own_gradient, wrong_entries
from bp_gui.diagnose.outcome import run
from bp_gui.engine.propagation import backward, forward
from bp_gui.engine.update import clipped, norm_shares, trainable
from tests.diagnose.problems import random_problem


@pytest.mark.parametrize("seed", range(40))
def test_without_a_mistake_every_number_is_the_engines(seed: int) -> None:
    problem = random_problem(np.random.default_rng(seed))
    parameters, architecture, rows = problem.parameters, problem.architecture, problem.rows
    everything = forward(parameters, problem.x)
    batch = forward(parameters, problem.x[rows])
    objective = problem.objective
    gradient = objective.gradient(parameters, batch, problem.t[rows])
    mask = trainable(architecture, objective.bias_policy, problem.locked)
    shares = norm_shares(architecture, objective.bias_policy, mask)
    change, _ = problem.optimizer.change(
        clipped(gradient, shares, problem.clip),
        problem.eta,
        problem.settings,
        problem.optimizer_state,
    )
    found = run(problem)
    np.testing.assert_allclose(found.gradient, gradient, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(
        found.theta, np.where(mask, parameters.theta + change, parameters.theta), rtol=1e-12
    )
    assert found.cost == pytest.approx(
        objective.value(parameters, everything, problem.t), rel=1e-13
    )
    deltas = backward(parameters, objective.cost, everything, problem.t).delta
    for ours, theirs in zip(found.delta, deltas, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("seed", range(20))
def test_the_right_gradient_passes_the_gradient_check(seed: int) -> None:
    problem = random_problem(np.random.default_rng(seed))
    found = run(problem)
    assert not wrong_entries(found).any()
    np.testing.assert_allclose(
        found.gradient, numerical_gradient(problem, RIGHT), rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize("seed", range(3))
def test_the_quick_gradient_check_is_the_complex_step(seed: int) -> None:
    problem = random_problem(np.random.default_rng(seed))
    for mistake in MISTAKES.values():
        algorithm = mistake.change(RIGHT)
        np.testing.assert_allclose(
            own_gradient(problem, algorithm),
            numerical_gradient(problem, algorithm),
            rtol=1e-8,
            atol=1e-11,
        )
