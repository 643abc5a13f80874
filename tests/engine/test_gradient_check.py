"""The gradient check finds what is wrong, names it, and says which method it used."""

import numpy as np
import pytest

from bp_gui.engine import gradient_check as module
from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.batched import onward
from bp_gui.engine.costs import COSTS
from bp_gui.engine.gradient_check import (
    Method,
    central_differences,
    check_gradient,
    complex_step,
    error_curve,
    made_of_pieces,
)
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.objective import Objective, Penalty
from bp_gui.engine.propagation import forward

HALF = COSTS["half_squared_error"]


def case(sizes, activation, m=4, seed=0):
    generator = np.random.default_rng(seed)
    hidden = "tanh" if ACTIVATIONS[activation].output_only else activation
    architecture = Architecture(sizes, (hidden,) * (len(sizes) - 2) + (activation,))
    parameters = Parameters(architecture, generator.normal(size=architecture.n_parameters))
    x = generator.normal(size=(m, sizes[0]))
    return parameters, x, generator.uniform(0.1, 0.9, size=(m, sizes[-1]))


def one_at_a_time(objective, parameters, x, t, h):
    """Return central differences from two whole evaluations for every parameter."""
    gradient = []
    for k in range(len(parameters.theta)):
        costs = []
        for sign in (1, -1):
            theta = parameters.theta.copy()
            theta[k] += sign * h
            there = Parameters(parameters.architecture, theta)
            costs.append(objective.value(there, forward(there, x), t))
        gradient.append((costs[0] - costs[1]) / (2 * h))
    return np.array(gradient)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", [(2, 3, 1), (3, 4, 2, 3)])
def test_differences_in_one_pass_are_those_of_one_parameter_at_a_time(activation, sizes):
    parameters, x, t = case(sizes, activation)
    objective = Objective(HALF, Penalty(0.02, 0.05))
    expected = one_at_a_time(objective, parameters, x, t, 1e-3)
    found = central_differences(parameters, HALF, x, t, objective.penalty, 1e-3)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("block", [1, 30, 1000])
def test_the_size_of_a_block_changes_nothing(block, monkeypatch):
    parameters, x, t = case((3, 4, 2), "tanh")
    expected = complex_step(parameters, HALF, x, t)
    monkeypatch.setattr(module, "BLOCK", block)
    np.testing.assert_allclose(complex_step(parameters, HALF, x, t), expected, rtol=1e-13)


@pytest.mark.parametrize("policy", BiasPolicy)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_right_gradient_passes(activation, policy):
    parameters, x, t = case((2, 3, 2), activation, seed=3)
    objective = Objective(HALF, Penalty(l2=0.1), policy)
    check = check_gradient(objective, parameters, x, t)
    assert check.agrees.all()
    assert (check.method is Method.COMPLEX_STEP) is ACTIVATIONS[activation].analytic


def test_a_wrong_gradient_is_found_and_named(monkeypatch):
    parameters, x, t = case((2, 3, 1), "sigmoid")
    right = Objective.gradient

    def wrong(self, *arguments):
        gradient = right(self, *arguments).copy()
        gradient[4] *= 1.001
        return gradient

    monkeypatch.setattr(Objective, "gradient", wrong)
    check = check_gradient(Objective(HALF), parameters, x, t)
    assert check.worst == 4
    assert np.flatnonzero(~check.agrees).tolist() == [4]
    assert check.error[4] == pytest.approx(0.001, rel=1e-2)


def test_functions_made_of_pieces_are_named():
    parameters, _, _ = case((2, 3, 1), "relu")
    objective = Objective(COSTS["huber"], Penalty(l1=0.1))
    assert made_of_pieces(objective, parameters) == (
        "Rectified linear (ReLU)",
        "Huber",
        "L1 penalty",
    )
    assert made_of_pieces(Objective(HALF), case((2, 3, 1), "gelu")[0]) == ()


def test_a_parameter_without_influence_has_no_error():
    architecture = Architecture((1, 1, 1), ("relu", "linear"))
    parameters = Parameters(architecture, np.array([1.0, -5.0, 1.0, 0.0]))
    check = check_gradient(Objective(HALF), parameters, np.ones((1, 1)), np.ones((1, 1)))
    assert check.error.tolist()[:2] == [0.0, 0.0]


def test_numbers_that_are_not_finite_do_not_agree():
    parameters, x, t = case((2, 3, 1), "linear")
    lost = Parameters(parameters.architecture, np.full_like(parameters.theta, 1e200))
    with np.errstate(all="ignore"):
        check = check_gradient(Objective(HALF), lost, x, t)
    assert not check.agrees.any()


def test_the_error_falls_with_the_square_of_the_step_and_then_rises_with_rounding():
    parameters, x, t = case((2, 3, 1), "sigmoid")
    steps = np.array([1e-1, 1e-2, 1e-3, 1e-5, 1e-9, 1e-12])
    every = range(len(parameters.theta))
    curves = [error_curve(Objective(HALF), parameters, x, t, steps, k) for k in every]
    errors = np.median(curves, axis=0)
    assert errors[0] / errors[1] == pytest.approx(100, rel=0.1)
    assert errors[1] / errors[2] == pytest.approx(100, rel=0.1)
    assert errors[3] < errors[2] < errors[5]
    assert errors[3] < errors[4] < errors[5]


@pytest.mark.parametrize("policy", BiasPolicy)
@pytest.mark.parametrize("penalty", [Penalty(), Penalty(l2=0.1)])
def test_the_error_of_one_parameter_is_that_of_whole_evaluations(policy, penalty):
    parameters, x, t = case((2, 3, 1), "sigmoid")
    objective = Objective(HALF, penalty=penalty, bias_policy=policy)
    analytic = objective.gradient(parameters, forward(parameters, x), t)
    differences = np.array(one_at_a_time(objective, parameters, x, t, 1e-2))
    if policy is BiasPolicy.SHARED:
        differences[6:9] = differences[6:9].sum()
    for k, (own, other) in enumerate(zip(analytic, differences, strict=True)):
        error = abs(own - other) / max(abs(own), abs(other), 1e-300)
        curve = error_curve(objective, parameters, x, t, np.array([1e-2]), k)
        # Rounding of two costs near 1 over a step of 0.01, against gradients above 1e-5.
        assert curve == pytest.approx([error], abs=1e-9)


def test_the_error_of_one_weight_moves_that_weight_alone(monkeypatch):
    parameters, x, t = case((2, 3, 1), "sigmoid")
    moved = []

    def counting(parameters, layer, z):
        moved.append(z.shape[1])
        return onward(parameters, layer, z)

    monkeypatch.setattr(module, "onward", counting)
    error_curve(Objective(HALF), parameters, x, t, np.array([1e-2]), 1)
    assert moved == [1]


def test_a_shared_bias_is_checked_by_the_sum_over_its_layer():
    parameters, x, t = case((2, 3, 1), "sigmoid")
    shared = check_gradient(Objective(HALF, bias_policy=BiasPolicy.SHARED), parameters, x, t)
    single = check_gradient(Objective(HALF), parameters, x, t)
    assert shared.numeric[6:9] == pytest.approx(single.numeric[6:9].sum())
    assert shared.agrees.all()
