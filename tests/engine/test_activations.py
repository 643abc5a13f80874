"""Every activation at ordinary and extreme net inputs, and against values from elsewhere."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bp_gui.engine.activations import ACTIVATIONS, Activation
from bp_gui.engine.costs import COSTS


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
def test_the_pull_back_is_the_complex_step_derivative(activation: Activation) -> None:
    z = np.array([[-30.0, -3.0, -0.7, -1e-6, 1e-6, 0.3, 2.0, 30.0]])
    slope = activation.value(z + 1e-30j).imag / 1e-30
    ours = activation.pull_back(z, activation.value(z), np.full_like(z, 2.0))
    np.testing.assert_allclose(ours, 2.0 * slope, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
def test_extreme_net_inputs_stay_finite_and_quiet(activation: Activation) -> None:
    z = np.array([[-1e300, -1e3, -0.0, 0.0, 1e3, 1e300]])
    a = activation.value(z)
    assert np.isfinite(a).all()
    assert np.isfinite(activation.pull_back(z, a, np.ones_like(z))).all()


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("tanh", math.tanh),
        ("softplus", lambda z: math.log(1.0 + math.exp(z))),
        ("silu", lambda z: z / (1.0 + math.exp(-z))),
        ("elu", lambda z: z if z > 0 else math.exp(z) - 1.0),
        ("leaky_relu", lambda z: max(z, 0.01 * z)),
        ("relu", lambda z: max(z, 0.0)),
        # The exact form of GELU, which the tanh form follows to about 5e-4.
        ("gelu", lambda z: 0.5 * z * (1.0 + math.erf(z / math.sqrt(2.0)))),
    ],
)
def test_values_are_those_of_the_plain_formula(name: str, formula: object) -> None:
    z = np.linspace(-4.0, 4.0, 41)
    expected = [formula(v) for v in z.tolist()]  # type: ignore[operator]
    tolerance = 5e-4 if name == "gelu" else 1e-14
    np.testing.assert_allclose(ACTIVATIONS[name].value(z), expected, atol=tolerance)


def test_relu_has_derivative_zero_at_zero() -> None:
    zero = np.zeros((1, 1))
    assert ACTIVATIONS["relu"].pull_back(zero, zero, np.ones((1, 1)))[0, 0] == 0.0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("half_squared_error", [0.125, 4.5]),
        ("mean_squared_error", [0.125, 4.5]),
        ("huber", [0.125, 2.5]),
    ],
)
def test_the_terms_of_each_cost(name: str, expected: list[float]) -> None:
    t, y = np.array([[1.0, 0.0]]), np.array([[0.5, 3.0]])
    np.testing.assert_allclose(COSTS[name].terms(t, y)[0], expected)
