"""Directions through θ, against NumPy's own linear algebra and the definitions of the paper."""

import numpy as np
import pytest

from bp_gui.engine.directions import (
    coordinates,
    main_directions,
    parameter_direction,
    random_directions,
)
from bp_gui.engine.network import Architecture, Parameters


def test_main_directions_are_the_eigenvectors_of_the_scatter_about_the_last_state():
    generator = np.random.default_rng(1)
    walk = np.cumsum(generator.normal(size=(40, 6)), axis=0)
    found = main_directions(walk)
    moves = walk - walk[-1]
    sizes, vectors = np.linalg.eigh(moves.T @ moves)
    for direction, k in ((found.first, -1), (found.second, -2)):
        assert abs(direction @ vectors[:, k]) == pytest.approx(1.0, abs=1e-12)
        assert np.linalg.norm(direction) == pytest.approx(1.0)
    assert found.shares == pytest.approx((sizes[-1] / sizes.sum(), sizes[-2] / sizes.sum()))
    assert (walk[0] - walk[-1]) @ found.first > 0


def test_main_directions_of_a_line_are_refused():
    line = np.outer(np.arange(5.0), [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="single line"):
        main_directions(line)
    with pytest.raises(ValueError, match="does not move"):
        main_directions(np.ones((5, 3)))
    with pytest.raises(ValueError, match="no trajectory"):
        main_directions(np.ones((2, 3)))


def test_random_directions_are_as_long_as_each_neurons_weights_and_leave_biases():
    architecture = Architecture((2, 3, 1), ("tanh", "linear"))
    theta = np.random.default_rng(0).normal(size=architecture.n_parameters)
    parameters = Parameters(architecture, theta)
    first, second = random_directions(parameters, seed=5)
    for direction in (first, second):
        W, b = architecture.views(direction)
        for part, weights, biases in zip(W, parameters.W, b, strict=True):
            lengths = np.linalg.norm(part, axis=1)
            np.testing.assert_allclose(lengths, np.linalg.norm(weights, axis=1), rtol=1e-12)
            assert not biases.any()
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(first, random_directions(parameters, seed=5)[0])


def test_coordinates_find_a_point_of_the_plane_again_whatever_the_angle():
    generator = np.random.default_rng(2)
    origin, first, second = generator.normal(size=(3, 9))
    places = generator.normal(size=(7, 2))
    points = origin + places @ np.stack((first, second))
    np.testing.assert_allclose(coordinates(points, origin, first, second), places, atol=1e-12)
    with pytest.raises(ValueError, match="span"):
        coordinates(points, origin, first, 2 * first)


def test_a_parameter_direction_moves_what_it_names():
    architecture = Architecture((2, 3, 1), ("tanh", "linear"))
    direction = parameter_direction(architecture, [1, 3])
    assert np.flatnonzero(direction).tolist() == [1, 3]
    assert not direction.flags.writeable
