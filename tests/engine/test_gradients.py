"""Backpropagation against the complex step and central differences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.costs import COSTS
from bp_gui.engine.gradient_check import central_differences, complex_step
from bp_gui.engine.network import Architecture, Parameters
from bp_gui.engine.propagation import backward, forward

SHAPES = [(2, 3, 1), (1, 1), (3, 5, 4, 2), (2, 8, 8, 2), (2, 2, 2, 2, 2, 2, 2)]


def compare(sizes: tuple[int, ...], names: tuple[str, ...], cost: str, m: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    architecture = Architecture(sizes, names)
    parameters = Parameters(architecture, generator.normal(size=architecture.n_parameters))
    x = generator.normal(size=(m, sizes[0]))
    t = generator.uniform(size=(m, sizes[-1]))
    ours = backward(parameters, COSTS[cost], forward(parameters, x), t).flat()
    exact = complex_step(parameters, COSTS[cost], x, t)
    np.testing.assert_allclose(ours, exact, rtol=1e-10, atol=1e-12 * np.abs(exact).max())
    near = central_differences(parameters, COSTS[cost], x, t)
    np.testing.assert_allclose(ours, near, rtol=1e-5, atol=1e-7 * max(np.abs(exact).max(), 1.0))


@pytest.mark.parametrize("m", [1, 5])
@pytest.mark.parametrize("sizes", SHAPES, ids=str)
@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_and_cost_on_every_shape(
    activation: str, cost: str, sizes: tuple[int, ...], m: int
) -> None:
    compare(sizes, (activation,) * (len(sizes) - 1), cost, m, seed=7)


@given(
    st.lists(st.integers(1, 5), min_size=2, max_size=6),
    st.data(),
    st.integers(1, 4),
    st.integers(0, 2**32 - 1),
)
def test_random_networks(sizes: list[int], data: st.DataObject, m: int, seed: int) -> None:
    n_layers = len(sizes) - 1
    names = data.draw(
        st.lists(st.sampled_from(sorted(ACTIVATIONS)), min_size=n_layers, max_size=n_layers)
    )
    compare(tuple(sizes), tuple(names), "half_squared_error", m, seed)


def test_the_gradient_of_a_batch_is_the_mean_of_its_samples() -> None:
    generator = np.random.default_rng(3)
    architecture = Architecture((2, 3, 1), ("tanh", "sigmoid"))
    parameters = Parameters(architecture, generator.normal(size=architecture.n_parameters))
    x, t = generator.normal(size=(4, 2)), generator.uniform(size=(4, 1))
    cost = COSTS["half_squared_error"]

    def gradient(rows: slice) -> np.ndarray:
        return backward(parameters, cost, forward(parameters, x[rows]), t[rows]).flat()

    singles = [gradient(slice(k, k + 1)) for k in range(4)]
    np.testing.assert_allclose(gradient(slice(None)), np.mean(singles, axis=0), rtol=1e-13)
