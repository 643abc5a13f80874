"""Distributions and how steep a layer still is, against numbers worked out by hand."""

import numpy as np
import pytest

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.costs import COSTS
from bp_gui.engine.distributions import histogram, layer_states, slopes
from bp_gui.engine.network import Architecture, Parameters
from bp_gui.engine.propagation import backward, forward


def states(parameters, x, t):
    trace = forward(parameters, x)
    return layer_states(
        parameters, trace, backward(parameters, COSTS["half_squared_error"], trace, t)
    )


def test_a_histogram_counts_every_finite_value_within_its_bounds_once():
    values = np.array([-1.0, -0.5, 0.0, 0.5, 1.0, 7.0, np.nan, np.inf])
    found = histogram(values, 4, -1.0, 1.0)
    assert found.edges.tolist() == [-1.0, -0.5, 0.0, 0.5, 1.0]
    assert found.counts.tolist() == [1, 1, 1, 2]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slopes_are_those_of_central_differences(name):
    z = np.random.default_rng(0).normal(size=(5, 3))
    value = ACTIVATIONS[name].value
    found = slopes(name, z, value(z))
    for k in range(3):
        step = np.zeros(3)
        step[k] = 1e-6
        expected = (value(z + step) - value(z - step))[:, k] / 2e-6
        np.testing.assert_allclose(found[:, k], expected, atol=1e-8)


def test_a_relu_that_never_answers_is_flat():
    parameters = Parameters.from_layers(
        Architecture((1, 2, 1), ("relu", "linear")), [[[1.0], [1.0]], [[1.0, 1.0]]], [[0, -9], [0]]
    )
    first, last = states(parameters, np.array([[1.0], [2.0]]), np.zeros((2, 1)))
    assert first.flat == (1,)
    assert first.slope == 0.5
    assert last.flat == ()
    assert (last.slope, last.steepest) == (1.0, 1.0)


def test_the_slope_of_a_saturated_sigmoid_is_small_beside_its_steepest():
    """σ′(10) = 4.5395807735907655e−5, and σ′(0) is a quarter."""
    parameters = Parameters(Architecture((1, 1), ("sigmoid",)), np.array([10.0, 0.0]))
    (found,) = states(parameters, np.ones((1, 1)), np.zeros((1, 1)))
    assert found.slope == pytest.approx(4.5395807735907655e-5, rel=1e-12)
    assert found.steepest == 0.25
