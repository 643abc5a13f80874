"""Backpropagation against derivatives that know nothing of it.

The reference is the complex step (Squire, Trapp 1998), exact to rounding, and central differences,
good to h². Both run only a forward pass. The independent pass in this file makes sure that the
engine's own gradient check evaluates the same function.
"""

import itertools
import os

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.costs import COSTS
from bp_gui.engine.gradient_check import central_differences, complex_step
from bp_gui.engine.network import Architecture, Parameters
from bp_gui.engine.objective import Objective
from bp_gui.engine.propagation import backward, forward

SHAPES = ((2, 3, 1), (1, 1), (3, 5, 4, 2), (2, 8, 8, 2))
BATCHES = (1, 5)
CASES = int(os.environ.get("GRADIENT_CASES", "100"))


def is_defined(cost, activation, n_outputs):
    """Softmax of a single output is 1 whatever z is, which costs a binary target all there is."""
    alone = n_outputs == 1 and activation == "softmax" and cost == "binary_cross_entropy"
    return COSTS[cost].is_defined_for(activation) and not alone


HIDDEN = [name for name, each in ACTIVATIONS.items() if not each.output_only]
GRID = [
    (activation, cost, sizes, m)
    for activation, cost, sizes, m in itertools.product(ACTIVATIONS, COSTS, SHAPES, BATCHES)
    if is_defined(cost, activation, sizes[-1])
]
COMPLEX_STEP_AGREES = 1e-12
CENTRAL_DIFFERENCES_AGREE = 1e-8


def case(sizes, activations, m, seed):
    """Return random parameters, inputs and targets; targets lie in (0, 1), as any cost accepts."""
    generator = np.random.default_rng(seed)
    architecture = Architecture(tuple(sizes), tuple(activations))
    # 0.7 keeps net inputs of order 1, where no activation is saturated and rounding is smallest.
    theta = generator.normal(scale=0.7, size=architecture.n_parameters)
    x = generator.normal(size=(m, sizes[0]))
    t = generator.uniform(0.05, 0.95, size=(m, sizes[-1]))
    return Parameters(architecture, theta), x, t


def layers(activation, n):
    """Return n activations that end in the given one; softmax belongs into the last layer only."""
    hidden = activation if activation in HIDDEN else "tanh"
    return [hidden] * (n - 1) + [activation]


def backprop(parameters, cost, x, t):
    return backward(parameters, cost, forward(parameters, x), t).flat()


def error(found, reference):
    """Return the largest difference, relative to the largest entry of the reference."""
    assert found.shape == reference.shape
    # A network whose relus are all off has no gradient at all.
    scale = np.max(np.abs(reference)) or 1.0
    return np.max(np.abs(found - reference)) / scale


@pytest.mark.parametrize(("activation", "cost", "sizes", "m"), GRID)
def test_backprop_equals_the_complex_step(activation, cost, sizes, m):
    parameters, x, t = case(sizes, layers(activation, len(sizes) - 1), m, seed=sum(sizes) + m)
    found = backprop(parameters, COSTS[cost], x, t)
    assert error(found, complex_step(parameters, COSTS[cost], x, t)) < COMPLEX_STEP_AGREES


@pytest.mark.parametrize(("activation", "cost", "sizes", "m"), GRID)
def test_backprop_equals_central_differences(activation, cost, sizes, m):
    parameters, x, t = case(sizes, layers(activation, len(sizes) - 1), m, seed=sum(sizes) + m)
    found = backprop(parameters, COSTS[cost], x, t)
    reference = central_differences(parameters, COSTS[cost], x, t)
    assert error(found, reference) < CENTRAL_DIFFERENCES_AGREE


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("activations", list(itertools.product(HIDDEN, ACTIVATIONS)))
def test_backprop_equals_the_complex_step_when_layers_differ(activations, cost):
    if not is_defined(cost, activations[-1], 1):
        return
    parameters, x, t = case((2, 3, 1), activations, 3, seed=7)
    found = backprop(parameters, COSTS[cost], x, t)
    assert error(found, complex_step(parameters, COSTS[cost], x, t)) < COMPLEX_STEP_AGREES


@given(
    sizes=st.lists(st.integers(1, 6), min_size=2, max_size=5),
    m=st.integers(1, 7),
    seed=st.integers(0, 2**32 - 1),
    last=st.sampled_from(
        [(a, c) for a, c in itertools.product(ACTIVATIONS, COSTS) if COSTS[c].is_defined_for(a)]
    ),
    data=st.data(),
)
@settings(max_examples=CASES, deadline=None, derandomize=True)
def test_backprop_equals_the_complex_step_for_any_shape(sizes, m, seed, last, data):
    activation, cost = last
    assume(is_defined(cost, activation, sizes[-1]))
    one = st.sampled_from(HIDDEN)
    hidden = data.draw(st.lists(one, min_size=len(sizes) - 2, max_size=len(sizes) - 2))
    activations = [*hidden, activation]
    parameters, x, t = case(sizes, activations, m, seed)
    found = backprop(parameters, COSTS[cost], x, t)
    reference = complex_step(parameters, COSTS[cost], x, t)
    # Rounding is relative to the terms of the sums, which can cancel in a gradient that is near 0.
    scale = max(np.max(np.abs(reference)), 1e-2)
    assert np.max(np.abs(found - reference)) / scale < COMPLEX_STEP_AGREES


@pytest.mark.parametrize("sizes", SHAPES)
def test_the_complex_step_differentiates_the_cost_that_the_forward_pass_gives(sizes):
    """Its own copy of the forward pass is held against the engine's by central differences."""
    cost = COSTS["half_squared_error"]
    parameters, x, t = case(sizes, ["sigmoid"] * (len(sizes) - 1), 2, seed=3)
    reference = complex_step(parameters, cost, x, t)
    h = 1e-5
    for k in range(parameters.architecture.n_parameters):
        costs = []
        for sign in (1, -1):
            theta = parameters.theta.copy()
            theta[k] += sign * h
            moved = Parameters(parameters.architecture, theta)
            costs.append(Objective(cost).data_cost(moved, forward(moved, x), t))
        assert (costs[0] - costs[1]) / (2 * h) == pytest.approx(reference[k], rel=1e-6, abs=1e-9)


def test_gradient_of_a_linear_neuron_is_the_one_of_linear_regression():
    """By hand: y = 2·3 + 1 = 7, t = 5, so dC/dw = (7 − 5)·3 = 6 and dC/db = 2."""
    parameters = Parameters(Architecture((1, 1), ("linear",)), np.array([2.0, 1.0]))
    x, t = np.array([[3.0]]), np.array([[5.0]])
    assert backprop(parameters, COSTS["half_squared_error"], x, t).tolist() == [6.0, 2.0]


def test_gradient_checks_return_read_only_vectors():
    parameters, x, t = case((2, 3, 1), ["tanh", "linear"], 2, seed=0)
    for check in (complex_step, central_differences):
        assert not check(parameters, COSTS["half_squared_error"], x, t).flags.writeable
