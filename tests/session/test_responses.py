"""Responses over windows of the inputs, against forward passes of single inputs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bp_gui.engine.network import Architecture, Parameters
from bp_gui.engine.propagation import forward
from bp_gui.session.edits import restarted
from bp_gui.session.responses import (
    Neuron,
    Rest,
    Window,
    decision_map,
    response_map,
    response_of,
    usual_spans,
)
from bp_gui.session.snapshot import evaluate


@pytest.fixture
def snapshot(worked):
    """3-4-3 with five samples."""
    generator = np.random.default_rng(9)
    architecture = Architecture((3, 4, 3), ("tanh", "softmax"))
    theta = 3.0 * generator.normal(size=architecture.n_parameters)
    parameters = Parameters(architecture, theta)
    x = generator.normal(size=(5, 3))
    experiment = restarted(worked, parameters).with_samples(x, np.eye(3)[[0, 1, 2, 1, 0]])
    return evaluate(replace(experiment, cost_name="categorical_cross_entropy"), 2)


def outputs_at(snapshot, place, rest):
    x = rest.inputs(snapshot).copy()
    x[0], x[2] = place
    return forward(snapshot.experiment.parameters, x[np.newaxis]).output[0]


@pytest.mark.parametrize("rest", Rest)
def test_a_place_of_the_map_is_a_forward_pass_with_the_others_held(snapshot, rest):
    window = Window((0, 2), ((-1.0, 2.0), (-3.0, 0.5)), rest)
    found = response_map(snapshot, window, Neuron(1, 2))
    for row, column in ((0, 0), (80, 13), (41, 80)):
        expected = outputs_at(snapshot, (found.x[column], found.y[row]), rest)
        assert found.values[row, column] == pytest.approx(expected[2], rel=1e-12)
    assert (found.low, found.middle, found.high) == (0.0, 0.5, 1.0)


def test_the_mean_is_the_mean_of_the_training_samples(snapshot):
    np.testing.assert_allclose(Rest.MEAN.inputs(snapshot), snapshot.experiment.x.mean(axis=0))
    np.testing.assert_array_equal(Rest.SAMPLE.inputs(snapshot), snapshot.experiment.x[2])


def test_the_decision_is_the_largest_output_and_its_lead_is_over_the_next(snapshot):
    window = Window((0, 2), ((-3.0, 3.0), (-3.0, 3.0)), Rest.SAMPLE)
    found = decision_map(snapshot, window)
    assert set(found.winner.ravel().tolist()) == {0, 1, 2}
    for row, column in ((3, 70), (40, 40), (77, 5)):
        outputs = outputs_at(snapshot, (found.x[column], found.y[row]), Rest.SAMPLE)
        order = np.argsort(outputs)[::-1]
        assert found.winner[row, column] == order[0]
        lead = outputs[order[0]] - outputs[order[1]]
        assert found.lead[order[0], row, column] == pytest.approx(lead, rel=1e-9)
        assert found.lead[order[1], row, column] == pytest.approx(-lead, rel=1e-9)


def test_one_input_gives_a_curve(snapshot):
    window = Window((1,), ((-2.0, 2.0),), Rest.SAMPLE)
    found = response_of(snapshot, window, Neuron(0, 3)).drawn
    inputs = np.tile(snapshot.x, (len(found.x), 1))
    inputs[:, 1] = found.x
    expected = forward(snapshot.experiment.parameters, inputs).a[0][:, 3]
    np.testing.assert_allclose(found.values, expected, rtol=1e-12)


def test_the_usual_spans_hold_all_samples_with_room(snapshot):
    (low, high), _ = usual_spans(snapshot, (1, 0), 0.25)
    column = snapshot.experiment.x[:, 1]
    assert column.min() - low == high - column.max() == pytest.approx(0.25 * np.ptp(column))
