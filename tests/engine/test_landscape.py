"""Landscapes against single evaluations, which share no code with the batched pass.

A single evaluation is a forward pass of the readable engine with its own θ, x and t; the numbers
of the worked example are Mazur's.
"""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bp_gui.engine import landscape as module
from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.costs import COSTS
from bp_gui.engine.directions import parameter_direction, random_directions
from bp_gui.engine.landscape import Direction, Landscape
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.objective import NO_PENALTY, Objective, Penalty
from bp_gui.engine.propagation import forward
from bp_gui.session.examples import load_named

SHAPES = ((2, 3, 1), (2, 2, 2), (3, 4, 2, 3))
HIDDEN = [name for name, each in ACTIVATIONS.items() if not each.output_only]
PENALTY = Penalty(0.01, 0.03)


def is_defined(cost, activation, n_outputs):
    alone = n_outputs == 1 and activation == "softmax" and cost == "binary_cross_entropy"
    return COSTS[cost].is_defined_for(activation) and not alone


GRID = [
    case
    for case in itertools.product(ACTIVATIONS, COSTS, SHAPES)
    if is_defined(case[1], case[0], case[2][-1])
]


def landscape(sizes, activation, cost="half_squared_error", m=3, penalty=PENALTY, seed=0):
    generator = np.random.default_rng(seed)
    hidden = activation if activation in HIDDEN else "tanh"
    names = (hidden,) * (len(sizes) - 2) + (activation,)
    architecture = Architecture(tuple(sizes), names)
    theta = generator.normal(scale=0.7, size=architecture.n_parameters)
    x = generator.normal(size=(m, sizes[0]))
    t = generator.uniform(0.05, 0.95, size=(m, sizes[-1]))
    objective = Objective(COSTS[cost], penalty, BiasPolicy.PER_NEURON)
    return Landscape(objective, Parameters(architecture, theta), x, t)


def moved(surface, *steps):
    """Return the cost of one variation by itself; steps are pairs of a direction and a number."""
    theta, x, t = surface.parameters.theta.copy(), surface.x.copy(), surface.t.copy()
    for direction, s in steps:
        theta += 0.0 if direction.theta is None else s * direction.theta
        x += 0.0 if direction.x is None else s * direction.x
        t += 0.0 if direction.t is None else s * direction.t
    parameters = Parameters(surface.parameters.architecture, theta)
    return surface.objective.value(parameters, forward(parameters, x), t)


def cell(shape, row, column):
    array = np.zeros(shape)
    array[row, column] = 1.0
    return array


def axes(surface):
    """Return one direction of every kind: parameters of both ends, random, an input, a target."""
    architecture = surface.parameters.architecture
    last = architecture.n_parameters - 1
    return {
        "first weight": Direction(parameter_direction(architecture, [0])),
        "last bias": Direction(parameter_direction(architecture, [last])),
        "biases together": Direction(parameter_direction(architecture, [last, last - 1])),
        "random": Direction(random_directions(surface.parameters, 3)[0]),
        "input": Direction(x=cell(surface.x.shape, 1, 1)),
        "target": Direction(t=cell(surface.t.shape, 0, 0)),
    }


@pytest.mark.parametrize(("activation", "cost", "sizes"), GRID)
def test_every_point_of_a_curve_is_the_cost_of_that_point(activation, cost, sizes):
    surface = landscape(sizes, activation, cost)
    steps = np.linspace(-2, 2, 7)
    for name, direction in axes(surface).items():
        if name == "target":
            continue
        expected = [moved(surface, (direction, s)) for s in steps]
        found = surface.along(direction, steps).total
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13, err_msg=name)


@pytest.mark.parametrize(("activation", "cost", "sizes"), GRID)
def test_every_point_of_a_surface_is_the_cost_of_that_point(activation, cost, sizes):
    surface = landscape(sizes, activation, cost)
    rows, columns = np.linspace(-2, 2, 5), np.linspace(-1, 3, 4)
    for first, second in itertools.permutations(
        ("first weight", "last bias", "random", "input"), 2
    ):
        pair = axes(surface)[first], axes(surface)[second]
        expected = [[moved(surface, (pair[0], r), (pair[1], c)) for c in columns] for r in rows]
        found = surface.over(*pair, rows, columns).total
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("penalty", [NO_PENALTY, PENALTY])
def test_one_samples_input_can_be_varied_with_and_without_a_penalty(penalty):
    surface = landscape((2, 3, 1), "sigmoid", penalty=penalty)
    steps = np.linspace(-2, 2, 5)
    direction = axes(surface)["input"]
    expected = [moved(surface, (direction, s)) for s in steps]
    np.testing.assert_allclose(surface.along(direction, steps).total, expected, rtol=1e-12)


@pytest.mark.parametrize("cost", COSTS)
def test_targets_can_be_varied_with_any_cost(cost):
    surface = landscape((2, 3, 1), "sigmoid", cost)
    steps = np.linspace(-0.04, 0.04, 5)
    direction = axes(surface)["target"]
    expected = [moved(surface, (direction, s)) for s in steps]
    found = surface.along(direction, steps).total
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@given(
    sizes=st.lists(st.integers(1, 5), min_size=2, max_size=4),
    m=st.integers(1, 5),
    block=st.sampled_from([1, 7, 64, 1 << 15]),
    shape=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_size_of_a_block_changes_nothing(sizes, m, block, shape, seed):
    surface = landscape(sizes, "tanh", m=m, seed=seed)
    first, second = (Direction(each) for each in random_directions(surface.parameters, seed))
    rows, columns = np.linspace(-1, 1, shape[0]), np.linspace(0, 1, shape[1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK", block)
        found = surface.over(first, second, rows, columns).total
    assert found.shape == shape
    expected = [[moved(surface, (first, r), (second, c)) for c in columns] for r in rows]
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("sizes", SHAPES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_slope_of_a_curve_is_the_gradient(activation, sizes):
    surface = landscape(sizes, activation)
    trace = forward(surface.parameters, surface.x)
    gradient = surface.objective.gradient(surface.parameters, trace, surface.t)
    for k in range(len(gradient)):
        direction = Direction(parameter_direction(surface.parameters.architecture, [k]))
        assert surface.slope(direction) == pytest.approx(gradient[k], rel=1e-12, abs=1e-14)


def test_the_slope_along_an_input_and_a_target_is_the_one_of_central_differences():
    surface = landscape((2, 3, 1), "sigmoid")
    for name in ("input", "target"):
        direction = axes(surface)[name]
        below, above = (moved(surface, (direction, s)) for s in (-1e-5, 1e-5))
        assert surface.slope(direction) == pytest.approx((above - below) / 2e-5, rel=1e-8)


def test_outputs_cost_what_the_worked_example_says():
    """Mazur: E_o1 = 0.274811083 and E_o2 = 0.023560026 before the first update."""
    worked = load_named("example:worked")
    surface = Landscape(worked.objective, worked.parameters, worked.x, worked.t)
    direction = Direction(parameter_direction(worked.architecture, [6]))
    found = surface.along(direction, np.array([0.0]))
    np.testing.assert_allclose(found.per_output, [[0.274811083, 0.023560026]], atol=1e-9)
    assert found.total[0] == pytest.approx(0.298371109, abs=1e-9)


def test_along_the_negative_gradient_a_step_of_eta_gives_the_next_cost():
    """0.2910277736935993 after one update with η = 0.5, biases kept: the reference file."""
    worked = load_named("example:worked")
    surface = Landscape(worked.objective, worked.parameters, worked.x, worked.t)
    downhill = Direction(np.where(worked.trainable, -worked.gradient(), 0.0))
    found = surface.along(downhill, np.array([0.0, 0.5])).total
    np.testing.assert_allclose(found, [0.2983711087600027, 0.2910277736935993], rtol=1e-13)


def test_samples_that_do_not_move_are_not_computed_again(monkeypatch):
    surface = landscape((2, 3, 1), "sigmoid", m=50)
    rows = []
    plain = Landscape._outputs

    def counted(self, directions, steps):
        rows.append(len(self.x) * int(np.prod([len(s) for s in steps])))
        return plain(self, directions, steps)

    monkeypatch.setattr(Landscape, "_outputs", counted)
    direction = axes(surface)["input"]
    found = surface.along(direction, np.linspace(-1, 1, 11)).total
    assert sorted(rows) == [11, 49]
    assert found[5] == pytest.approx(moved(surface), rel=1e-13)


def test_costs_that_overflow_are_costs():
    surface = landscape((2, 3, 1), "linear")
    direction = Direction(parameter_direction(surface.parameters.architecture, [0]))
    assert np.isinf(surface.along(direction, np.array([1e200])).total[0])


def test_results_are_read_only():
    surface = landscape((2, 3, 1), "sigmoid")
    first, second = (Direction(each) for each in random_directions(surface.parameters, 0))
    found = surface.over(first, second, np.zeros(2), np.zeros(3))
    for array in (found.per_output, found.penalty, found.total):
        assert not array.flags.writeable
