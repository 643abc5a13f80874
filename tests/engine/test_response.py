"""The response on a grid against forward passes of single inputs."""

import numpy as np
import pytest

from bp_gui.engine import response as module
from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.network import Architecture, Parameters
from bp_gui.engine.propagation import forward
from bp_gui.engine.response import response


def network(activation, sizes=(3, 4, 2)):
    hidden = "tanh" if ACTIVATIONS[activation].output_only else activation
    architecture = Architecture(sizes, (hidden, activation))
    theta = np.random.default_rng(0).normal(size=architecture.n_parameters)
    return Parameters(architecture, theta)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("block", [1, 50, 1 << 15])
def test_every_neuron_answers_as_in_a_forward_pass(activation, block, monkeypatch):
    monkeypatch.setattr(module, "BLOCK", block)
    parameters = network(activation)
    base = np.array([0.3, -0.8, 0.5])
    first, second = np.linspace(-2, 2, 5), np.linspace(0, 1, 4)
    for layer, neuron in ((0, 3), (1, 1)):
        found = response(parameters, base, (2, 0), (first, second), layer, neuron)
        for r, c in ((0, 0), (4, 3), (2, 1)):
            x = np.array([[second[c], -0.8, first[r]]])
            expected = forward(parameters, x).a[layer][0, neuron]
            assert found[r, c] == pytest.approx(expected, rel=1e-13)


def test_one_input_gives_a_curve():
    parameters = network("sigmoid", (1, 3, 1))
    values = np.linspace(-3, 3, 9)
    found = response(parameters, np.zeros(1), (0,), (values,), 1, 0)
    expected = forward(parameters, values[:, np.newaxis]).output[:, 0]
    np.testing.assert_allclose(found, expected, rtol=1e-13)
    assert not found.flags.writeable
