"""Sentences about layers that no longer learn, on networks made to be so."""

from dataclasses import replace

import numpy as np

from bp_gui.engine.network import Architecture, Parameters
from bp_gui.session.health import Health


def experiment(worked, sizes, activations, W, b, x, cost="half_squared_error"):
    parameters = Parameters.from_layers(Architecture(sizes, activations), W, b)
    samples = worked.with_samples(x, np.zeros((len(x), sizes[-1])))
    state = samples.optimizer.initial_state(len(parameters.theta))
    return replace(
        samples,
        parameters=parameters,
        start=parameters.theta,
        optimizer_state=state,
        cost_name=cost,
    )


def test_the_worked_example_has_nothing_to_say(worked):
    assert Health(worked).sentences == ()


def test_dead_neurons_are_counted_and_named(worked):
    dead = experiment(
        worked,
        (1, 3, 1),
        ("relu", "linear"),
        [[[1.0], [1.0], [1.0]], [[1.0, 1.0, 1.0]]],
        [[0.0, -9.0, -9.0], [0.0]],
        [[1.0], [2.0]],
    )
    (sentence,) = Health(dead).sentences
    assert "2 of 3 neurons are dead (h2, h3)" in sentence


def test_a_saturated_layer_is_told_with_its_slope(worked):
    flat = experiment(
        worked,
        (1, 2, 1),
        ("sigmoid", "linear"),
        [[[10.0], [-10.0]], [[1.0, 1.0]]],
        [[0.0, 0.0], [0.0]],
        [[1.0]],
    )
    assert any("saturated" in each and "4.54e−5" in each for each in Health(flat).sentences)


def test_errors_that_vanish_on_the_way_down_are_told(worked):
    deep = experiment(
        worked,
        (1, 1, 1),
        ("linear", "linear"),
        [[[1.0]], [[1e-5]]],
        [[0.0], [1.0]],
        [[1.0]],
    )
    (sentence,) = Health(deep).sentences
    assert "vanish" in sentence
    assert "1e−5" in sentence
