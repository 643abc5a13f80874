"""Contracts of the engine: stability, immutability, names, policies, locks, initializers."""

from __future__ import annotations

import numpy as np
import pytest

from bp_gui.engine.activations import ACTIVATIONS, sigmoid
from bp_gui.engine.arrays import frozen
from bp_gui.engine.costs import COSTS
from bp_gui.engine.initializers import INITIALIZERS
from bp_gui.engine.names import UnknownNameError, parse_name
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.engine.propagation import backward, forward
from bp_gui.engine.update import policy_gradient, trainable

SHAPE_342 = Architecture((3, 4, 2), ("sigmoid", "sigmoid"))


def random_342() -> Parameters:
    return Parameters(SHAPE_342, np.random.default_rng(1).normal(size=SHAPE_342.n_parameters))


def test_sigmoid_is_stable_everywhere() -> None:
    z = np.array([-np.inf, -1000.0, -745.0, -1.0, 0.0, 1.0, 1000.0, np.inf])
    a = sigmoid(z)
    assert a[0] == 0.0
    assert a[1] == 0.0
    assert 0.0 < a[2] < 1e-300
    assert a[4] == 0.5
    assert a[6] == a[7] == 1.0
    np.testing.assert_allclose(a[3] + a[5], 1.0, rtol=1e-15)


def test_sigmoid_takes_complex_numbers_for_the_complex_step() -> None:
    z = np.array([-1000.0, -2.0, 0.0, 2.0, 1000.0])
    slope = sigmoid(z + 1e-30j).imag / 1e-30
    a = sigmoid(z)
    np.testing.assert_allclose(slope, a * (1 - a), rtol=1e-14)


def test_theta_and_its_views_share_memory_and_cannot_be_written() -> None:
    parameters = random_342()
    for array in (*parameters.W, *parameters.b):
        assert np.shares_memory(array, parameters.theta)
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0.0
    with pytest.raises(ValueError, match="read-only"):
        parameters.theta[0] = 0.0


def test_a_callers_array_is_neither_aliased_nor_made_read_only() -> None:
    mine = np.arange(26.0)
    view = mine[:]
    for given in (mine, view):
        kept = frozen(given)
        given[0] = 99.0
        assert kept[0] != 99.0
        given[0] = 0.0
    assert mine.flags.writeable
    assert view.flags.writeable


def test_a_read_only_view_of_a_writable_array_is_copied() -> None:
    mine = np.arange(5.0)
    view = mine[:]
    view.flags.writeable = False
    kept = frozen(view)
    mine[0] = 99.0
    assert kept[0] == 0.0


def test_every_name_reads_back_to_the_same_reference() -> None:
    for ref in SHAPE_342.refs():
        assert parse_name(ref.name) == ref
    for name in ("W2[1,2]", "b1[2]", "z1[4]", "a2[1]", "delta1[3]", "x[1]", "t[2]", "C[1]", "C"):
        assert parse_name(name).name == name
    assert parse_name("eta").name == "eta"
    assert parse_name("W2[1, 2]").name == "W2[1,2]"


@pytest.mark.parametrize(
    "text",
    ["", "W", "W0[1,1]", "W1[0,1]", "W1[1]", "b1[1,1]", "w1[1,1]", "x1", "W1[1,1]]", "W१[1,1]"],
)
def test_a_malformed_name_is_refused_and_quoted(text: str) -> None:
    with pytest.raises(UnknownNameError, match="W2"):
        parse_name(text)


@pytest.mark.parametrize("name", ["W3[1,1]", "W1[5,1]", "W1[1,4]", "b2[3]", "x[1]"])
def test_a_parameter_outside_the_network_is_refused_by_name(name: str) -> None:
    with pytest.raises(IndexError, match="3-4-2"):
        SHAPE_342.index(parse_name(name))


def test_refs_are_in_the_order_of_theta() -> None:
    assert [SHAPE_342.index(ref) for ref in SHAPE_342.refs()] == list(range(26))


@pytest.mark.parametrize(
    ("sizes", "names"),
    [((2,), ()), ((2, 0), ("sigmoid",)), ((2, 2), ()), ((2, 2), ("sigmoidal",))],
)
def test_an_impossible_architecture_is_refused(
    sizes: tuple[int, ...], names: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError, match=r"must be|do not fit|unknown"):
        Architecture(sizes, names)


def test_wrong_shapes_are_refused_with_their_layer() -> None:
    with pytest.raises(ValueError, match="W1 has shape"):
        Parameters.from_layers(SHAPE_342, [np.zeros((3, 4)), np.zeros((2, 4))], [[0] * 4, [0] * 2])
    with pytest.raises(ValueError, match="theta has shape"):
        Parameters(SHAPE_342, np.zeros(3))


def test_fixed_biases_and_locked_parameters_stay_put() -> None:
    mask = trainable(SHAPE_342, BiasPolicy.FIXED, frozenset({0}))
    assert not mask[0]
    assert not mask[SHAPE_342.bias_mask].any()
    assert mask.sum() == 26 - 6 - 1


def test_a_locked_bias_holds_its_whole_layer_when_shared() -> None:
    locked = frozenset({SHAPE_342.index(parse_name("b1[2]"))})
    mask = trainable(SHAPE_342, BiasPolicy.SHARED, locked)
    _, b = SHAPE_342.views(mask.astype(float))
    assert not b[0].any()
    assert b[1].all()


def test_a_shared_bias_has_the_sum_of_the_deltas_as_its_gradient() -> None:
    generator = np.random.default_rng(2)
    parameters = random_342()
    x, t = generator.normal(size=(5, 3)), generator.uniform(size=(5, 2))
    passed = backward(parameters, COSTS["half_squared_error"], forward(parameters, x), t)
    shared = policy_gradient(SHAPE_342, passed, BiasPolicy.SHARED)
    _, b = SHAPE_342.views(shared)
    for layer in range(2):
        np.testing.assert_allclose(b[layer], passed.db[layer].sum(), rtol=1e-14)
    own = policy_gradient(SHAPE_342, passed, BiasPolicy.PER_NEURON)
    np.testing.assert_array_equal(own, passed.flat())


def test_xavier_stays_in_its_range_and_repeats_from_its_seed() -> None:
    draw = INITIALIZERS["xavier"].draw
    first = draw(np.random.default_rng(4), 30, 20)
    np.testing.assert_array_equal(first, draw(np.random.default_rng(4), 30, 20))
    limit = np.sqrt(6 / 50)
    assert np.abs(first).max() <= limit
    assert np.abs(first).max() > 0.95 * limit


@pytest.mark.parametrize("registry", [ACTIVATIONS, COSTS, OPTIMIZERS, INITIALIZERS])
def test_registry_entries_are_named_by_their_lower_case_key_and_sourced(registry: object) -> None:
    for key, entry in registry.items():  # type: ignore[attr-defined]
        assert key == entry.name == key.lower()
        assert entry.label
        assert entry.formula
        assert entry.source
