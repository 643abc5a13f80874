"""The engine's contracts: activations, arrays, names, parameters, updates, starting weights."""

import math
import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bp_gui.engine.activations import ACTIVATIONS, sigmoid
from bp_gui.engine.arrays import frozen
from bp_gui.engine.costs import COSTS
from bp_gui.engine.initializers import INITIALIZERS
from bp_gui.engine.names import COST, ETA, Kind, Ref, UnknownNameError, neuron_name, parse_name
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.objective import Objective
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.engine.propagation import backward, forward
from bp_gui.engine.update import policy_gradient, trainable
from bp_gui.session.examples import load_named
from bp_gui.session.snapshot import evaluate

HALF_SQUARES = COSTS["half_squared_error"]
ALIKE = ("constant", "zeros")  # these draw nothing


def random_case(sizes=(3, 4, 2), m=5, seed=0, activation="sigmoid"):
    generator = np.random.default_rng(seed)
    hidden = "tanh" if ACTIVATIONS[activation].output_only else activation
    architecture = Architecture(sizes, (hidden,) * (len(sizes) - 2) + (activation,))
    parameters = Parameters(architecture, generator.normal(size=architecture.n_parameters))
    return parameters, generator.normal(size=(m, sizes[0])), generator.normal(size=(m, sizes[-1]))


def passed_back(parameters, x, t):
    return backward(parameters, HALF_SQUARES, forward(parameters, x), t)


# --- activations ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("z", "expected"),
    [
        (0.0, 0.5),
        (-0.0, 0.5),
        (1000.0, 1.0),
        (-1000.0, 0.0),
        (math.inf, 1.0),
        (-math.inf, 0.0),
        (1.7e308, 1.0),
        (-1.7e308, 0.0),
        (-700.0, math.exp(-700.0)),  # e^z / (1 + e^z) with e^z far below the rounding of 1
    ],
)
def test_sigmoid_of_extreme_numbers_is_right_and_silent(z, expected):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sigmoid(np.array([z]))[0] == pytest.approx(expected, rel=1e-15, abs=0)


def test_sigmoid_of_nan_is_nan_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert math.isnan(sigmoid(np.array([math.nan]))[0])


@given(st.floats(-700, 700))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_sigmoid_equals_the_definition_written_with_tanh(z):
    """σ(z) = (1 + tanh(z/2)) / 2, computed by math.tanh; absolute, because 1 + tanh cancels."""
    assert sigmoid(np.array([z]))[0] == pytest.approx((1 + math.tanh(z / 2)) / 2, rel=0, abs=3e-16)


@given(st.floats(-500, 500))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_sigmoid_of_z_and_of_minus_z_add_up_to_one(z):
    assert sigmoid(np.array([z]))[0] + sigmoid(np.array([-z]))[0] == pytest.approx(1.0, abs=3e-16)


@pytest.mark.parametrize("real", [-1000.0, -3.0, -0.0, 0.0, 3.0, 1000.0])
def test_sigmoid_of_a_complex_step_carries_its_derivative(real):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        a = sigmoid(np.array([real + 1e-30j]))[0]
    value = 0.5 * (1 + math.tanh(real / 2))
    assert a.real == pytest.approx(value, abs=3e-16)
    assert a.imag / 1e-30 == pytest.approx(
        0.25 / math.cosh(min(abs(real), 700) / 2) ** 2, rel=1e-12
    )


def test_sigmoid_of_complex_numbers_equals_the_plain_formula():
    z = np.array([0.3 + 0.4j, -2.0 - 1.0j, 5.0 + 3.0j])
    np.testing.assert_allclose(sigmoid(z), 1 / (1 + np.exp(-z)), rtol=1e-14)


@pytest.mark.parametrize("name", [n for n, each in ACTIVATIONS.items() if not each.output_only])
@pytest.mark.parametrize("z", [-1000.0, 1000.0, -math.inf, math.inf])
def test_activations_and_their_derivatives_are_silent_at_extreme_numbers(name, z):
    activation, values = ACTIVATIONS[name], np.array([[z]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        a = activation.value(values)
        pulled = activation.pull_back(values, a, np.ones((1, 1)))
    assert not math.isnan(a[0, 0])
    below, above = {
        "sigmoid": (0.0, 0.0),
        "tanh": (0.0, 0.0),
        "linear": (1.0, 1.0),
        "leaky_relu": (0.01, 1.0),
    }.get(name, (0.0, 1.0))
    assert pulled[0, 0] == (below if z < 0 else above)


def test_forward_and_backward_of_a_saturated_network_are_silent():
    parameters, x, t = random_case()
    huge = Parameters(parameters.architecture, parameters.theta * 1e6)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(passed_back(huge, x, t).flat()).all()


@pytest.mark.parametrize("registry", [ACTIVATIONS, COSTS, INITIALIZERS, OPTIMIZERS])
def test_registries_are_read_only_and_keyed_by_the_name_of_each_entry(registry):
    assert all(key == entry.name for key, entry in registry.items())
    with pytest.raises(TypeError):
        registry["new"] = None


# --- arrays ---------------------------------------------------------------------------------------


def sources_of_frozen():
    owner = np.arange(6.0)
    return {
        "an array": owner,
        "a slice": owner[2:],
        "a reshaped view": owner.reshape(2, 3),
        "a transposed view": owner.reshape(2, 3).T,
        "a float32 array": np.arange(6, dtype=np.float32),
        "an integer array": np.arange(6),
        "a big-endian array": np.arange(6.0).astype(">f8"),
        "a list": [0.0, 1.0],
        "nested tuples": ((0.0, 1.0), (2.0, 3.0)),
        "a number": 4.0,
        "a memoryview": memoryview(owner),
    }


@pytest.mark.parametrize("kind", sources_of_frozen())
def test_frozen_returns_a_read_only_float64_array_of_the_same_numbers(kind):
    source = sources_of_frozen()[kind]
    result = frozen(source)
    assert result.dtype == np.dtype("=f8")
    np.testing.assert_array_equal(result, np.asarray(source))
    with pytest.raises(ValueError, match="read-only"):
        result[...] = 9.0


@pytest.mark.parametrize("kind", sources_of_frozen())
def test_frozen_leaves_the_source_writable_and_shares_nothing_with_it(kind):
    source = sources_of_frozen()[kind]
    result = frozen(source)
    if isinstance(source, np.ndarray | memoryview):
        before = result.copy()
        view = np.asarray(source)
        assert view.flags.writeable
        view[...] = 99
        np.testing.assert_array_equal(result, before)


def test_frozen_returns_an_array_that_nobody_can_write_as_it_is():
    first = frozen([1.0, 2.0])
    assert frozen(first) is first
    part = first[:1]
    assert frozen(part) is part


@pytest.mark.parametrize(
    "read_only_view_of",
    [
        pytest.param(lambda owner: owner.view(), id="view"),
        pytest.param(lambda owner: np.broadcast_to(owner, (2, 3)), id="broadcast"),
    ],
)
def test_frozen_copies_a_read_only_view_whose_owner_is_still_writable(read_only_view_of):
    owner = np.arange(3.0)
    view = read_only_view_of(owner)
    view.flags.writeable = False
    result = frozen(view)
    owner[:] = 99.0
    assert 99.0 not in result


def test_frozen_does_not_lock_the_array_inside_an_array_like_object():
    class Holder:
        def __init__(self):
            self.array = np.arange(3.0)

        def __array__(self, dtype=None, copy=None):
            return self.array

    holder = Holder()
    result = frozen(holder)
    holder.array[:] = 99.0
    assert result.tolist() == [0.0, 1.0, 2.0]


# --- parameters -----------------------------------------------------------------------------------


def test_weights_and_biases_are_views_into_theta():
    parameters, _, _ = random_case()
    for part in (*parameters.W, *parameters.b):
        assert np.shares_memory(part, parameters.theta)
    assert [W.shape for W in parameters.W] == [(4, 3), (2, 4)]
    assert [b.shape for b in parameters.b] == [(4,), (2,)]


def test_theta_holds_w_then_b_of_each_layer_in_row_order():
    W = [[[1, 2, 3], [4, 5, 6]], [[9, 10]]]
    b = [[7, 8], [11]]
    parameters = Parameters.from_layers(Architecture((3, 2, 1), ("tanh", "tanh")), W, b)
    assert parameters.theta.tolist() == list(range(1, 12))


@pytest.mark.parametrize("sizes", [(1, 1), (3, 4, 2), (2, 8, 8, 2)])
def test_refs_stand_in_the_order_of_theta(sizes):
    architecture = Architecture(sizes, ("linear",) * (len(sizes) - 1))
    refs = list(architecture.refs())
    assert [architecture.index(ref) for ref in refs] == list(range(architecture.n_parameters))
    parameters = Parameters(architecture, np.arange(float(len(refs))))
    for ref in refs:
        layer = parameters.W[ref.layer] if ref.kind is Kind.WEIGHT else parameters.b[ref.layer]
        place = (ref.to, ref.source) if ref.kind is Kind.WEIGHT else ref.to
        assert parameters[ref] == layer[place]
        assert architecture.bias_mask[architecture.index(ref)] == (ref.kind is Kind.BIAS)


def test_parameters_cannot_be_written():
    parameters, _, _ = random_case()
    for array in (parameters.theta, *parameters.W, *parameters.b):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


def test_parameters_neither_alias_nor_lock_the_callers_array():
    architecture = Architecture((1, 1), ("linear",))
    mine = np.array([1.0, 2.0])
    parameters = Parameters(architecture, mine)
    mine[:] = 5.0
    assert parameters.theta.tolist() == [1.0, 2.0]
    W, b = np.array([[1.0]]), np.array([2.0])
    built = Parameters.from_layers(architecture, [W], [b])
    W[:], b[:] = 7.0, 8.0
    assert built.theta.tolist() == [1.0, 2.0]


def test_replaced_changes_only_what_is_named_and_only_in_the_new_object():
    parameters, _, _ = random_case()
    before = parameters.theta.copy()
    ref = parse_name("W2[1,3]")
    changed = parameters.replaced({ref: 42.0})
    assert changed[ref] == 42.0
    assert np.count_nonzero(changed.theta != parameters.theta) == 1
    np.testing.assert_array_equal(parameters.theta, before)


def test_a_trace_cannot_be_written():
    parameters, x, t = random_case()
    trace = forward(parameters, x)
    back = backward(parameters, HALF_SQUARES, trace, t)
    writable = [
        f"{name}[{layer}]"
        for holder, names in ((trace, ("z", "a")), (back, ("delta", "dW", "db")))
        for name in names
        for layer, array in enumerate(getattr(holder, name))
        if array.flags.writeable
    ]
    assert writable == []


def test_no_array_of_a_snapshot_can_be_written():
    snapshot = evaluate(load_named("example:worked"))
    names = ("x", "t", "output", "cost_terms", "gradient", "next_theta")
    assert [name for name in names if getattr(snapshot, name).flags.writeable] == []


@pytest.mark.parametrize(
    ("sizes", "activations", "told"),
    [
        ((2,), (), "sizes"),
        ((), (), "sizes"),
        ((2, 0, 1), ("tanh", "tanh"), "0"),
        ((2, -3), ("tanh",), "-3"),
        ((2, 2), ("tanh", "tanh"), "2 activations"),
        ((2, 2), ("relu6",), "relu6"),
    ],
)
def test_an_impossible_architecture_is_refused_by_naming_the_value(sizes, activations, told):
    with pytest.raises(ValueError, match=told):
        Architecture(sizes, activations)


@pytest.mark.parametrize(
    ("W", "b", "told"),
    [
        ([[[1, 2]]], [[1]], "1 weight matrices"),
        ([[[1], [2]], [[1, 2]]], [[1, 2], [1]], "W1"),
        ([[[1, 2], [1, 2]], [[1, 2]]], [[1, 2], [1, 2]], "b2"),
    ],
)
def test_layers_of_another_shape_are_refused_by_naming_the_layer(W, b, told):
    with pytest.raises(ValueError, match=told):
        Parameters.from_layers(Architecture((2, 2, 1), ("tanh", "tanh")), W, b)


def test_a_theta_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"\(3,\), expected \(2,\)"):
        Parameters(Architecture((1, 1), ("linear",)), np.zeros(3))


# --- names ----------------------------------------------------------------------------------------


def test_every_name_of_a_3_4_2_network_reads_back_as_the_same_reference():
    architecture = Architecture((3, 4, 2), ("tanh", "tanh"))
    refs = list(architecture.refs())
    for layer, n in enumerate(architecture.sizes[1:]):
        for kind in (Kind.NET_INPUT, Kind.ACTIVATION, Kind.DELTA):
            refs += [Ref(kind, layer, to) for to in range(n)]
    refs += [Ref(Kind.INPUT, to=to) for to in range(3)]
    refs += [Ref(kind, to=to) for kind in (Kind.TARGET, Kind.OUTPUT_COST) for to in range(2)]
    refs += [ETA, COST]
    assert [parse_name(ref.name) for ref in refs] == refs
    assert len({ref.name for ref in refs}) == len(refs)


def test_names_count_from_one_and_say_to_before_from():
    assert Ref(Kind.WEIGHT, 1, 0, 1).name == "W2[1,2]"
    assert Ref(Kind.BIAS, 0, 1).name == "b1[2]"
    assert Ref(Kind.DELTA, 0, 0).name == "delta1[1]"
    assert Ref(Kind.INPUT, to=0).name == "x[1]"
    assert parse_name(" W2[1, 2] ") == Ref(Kind.WEIGHT, 1, 0, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "W",
        "W2",
        "W2[1]",
        "W2[1,2",
        "W2[1,2]]",
        "W2[1,2]\nW2[1,1]",
        "W0[1,1]",
        "W1[0,1]",
        "W1[01,1]",
        "W-1[1,1]",
        "W1[1.0,1]",
        "W1[1,2,3]",
        "W999999[1,1]",
        "W1[¹,1]",
        "W١[1,1]",
        "w1[1,1]",
        "b1[1,1]",
        "b[1]",
        "x1[1]",
        "x[0]",
        "cost",
        "Eta",
        "eta[1]",
        "ETA",
        "W1[1,1] = 3",
        "../W1[1,1]",
    ],
)
def test_a_malformed_name_is_refused_and_quoted(text):
    with pytest.raises(UnknownNameError) as refusal:
        parse_name(text)
    assert repr(text.strip()) in str(refusal.value)
    assert "W2[1,2]" in str(refusal.value)


@given(st.text(max_size=20))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_text_is_a_name_or_is_refused(text):
    try:
        ref = parse_name(text)
    except UnknownNameError:
        return
    assert parse_name(ref.name) == ref


@pytest.mark.parametrize(
    "ref",
    [
        Ref(Kind.WEIGHT, 2, 0, 0),
        Ref(Kind.WEIGHT, 0, 4, 0),
        Ref(Kind.WEIGHT, 0, 0, 3),
        Ref(Kind.BIAS, 1, 2),
        Ref(Kind.NET_INPUT, 0, 0),
        ETA,
        Ref(Kind.WEIGHT, -1, 0, 0),
        Ref(Kind.WEIGHT, 1, -1, 0),
        Ref(Kind.WEIGHT, 1, 0, -1),
        Ref(Kind.BIAS, 0, -1),
    ],
    ids=repr,
)
def test_what_is_not_a_parameter_of_the_network_has_no_place_in_theta(ref):
    with pytest.raises(IndexError, match="3-4-2"):
        Architecture((3, 4, 2), ("tanh", "tanh")).index(ref)


@pytest.mark.parametrize(
    ("layer", "neuron", "n_layers", "name"),
    [(0, 0, 2, "i1"), (1, 1, 2, "h2"), (2, 0, 2, "o1"), (2, 0, 3, "h2·1"), (1, 2, 1, "o3")],
)
def test_neurons_are_called_as_on_the_graph(layer, neuron, n_layers, name):
    assert neuron_name(layer, neuron, n_layers) == name


# --- updates --------------------------------------------------------------------------------------


def position(architecture, *names):
    return frozenset(architecture.index(parse_name(name)) for name in names)


def test_fixed_biases_are_not_trainable_and_all_weights_are():
    architecture = Architecture((3, 4, 2), ("tanh", "tanh"))
    mask = trainable(architecture, BiasPolicy.FIXED, frozenset())
    np.testing.assert_array_equal(mask, ~architecture.bias_mask)


@pytest.mark.parametrize("policy", [BiasPolicy.PER_NEURON, BiasPolicy.SHARED])
def test_everything_is_trainable_under_the_other_policies(policy):
    assert trainable(Architecture((3, 4, 2), ("tanh", "tanh")), policy, frozenset()).all()


@pytest.mark.parametrize("policy", [BiasPolicy.FIXED, BiasPolicy.PER_NEURON])
def test_a_lock_holds_exactly_that_parameter(policy):
    architecture = Architecture((3, 4, 2), ("tanh", "tanh"))
    locked = position(architecture, "W1[2,3]", "b2[1]")
    free = trainable(architecture, policy, frozenset())
    mask = trainable(architecture, policy, locked)
    held = {int(k) for k in np.flatnonzero(free & ~mask)}
    assert held == {k for k in locked if free[k]}
    assert not mask[list(locked)].any()


def test_under_shared_a_locked_bias_holds_its_whole_layer_and_no_other():
    architecture = Architecture((3, 4, 2), ("tanh", "tanh"))
    mask = trainable(architecture, BiasPolicy.SHARED, position(architecture, "b1[3]", "W2[1,1]"))
    W, b = architecture.views(mask)
    assert not b[0].any()
    assert b[1].all()
    assert W[0].all()
    assert W[1].tolist() == [[False, True, True, True], [True] * 4]


def test_the_mask_cannot_be_written():
    mask = trainable(Architecture((1, 1), ("tanh",)), BiasPolicy.FIXED, frozenset())
    assert not mask.flags.writeable


def test_the_gradient_of_a_shared_bias_is_the_sum_of_the_layers_delta():
    """C(b, b, …) of one number: dC/db is the sum of the partial derivatives (chain rule)."""
    parameters, x, t = random_case()
    back = passed_back(parameters, x, t)
    architecture = parameters.architecture
    gradient = policy_gradient(architecture, back, BiasPolicy.SHARED)
    W, b = architecture.views(gradient)
    for layer in range(2):
        np.testing.assert_array_equal(W[layer], back.dW[layer])
        np.testing.assert_allclose(b[layer], math.fsum(back.db[layer]), rtol=1e-14)
        assert np.all(b[layer] == b[layer][0])


@pytest.mark.parametrize("policy", [BiasPolicy.FIXED, BiasPolicy.PER_NEURON])
def test_other_policies_keep_the_plain_gradient(policy):
    parameters, x, t = random_case()
    back = passed_back(parameters, x, t)
    found = policy_gradient(parameters.architecture, back, policy)
    np.testing.assert_array_equal(found, back.flat())
    assert not found.flags.writeable


@pytest.mark.parametrize("policy", BiasPolicy)
def test_an_update_moves_all_parameters_by_gradients_taken_at_the_old_ones(policy):
    """Each Δ is held against −η (C(θ + h) − C(θ − h)) / 2h at the old θ, one by one."""
    experiment = replace(load_named("example:worked"), bias_policy=policy)
    old = experiment.parameters
    new, _ = experiment.stepped(old.theta, experiment.gradient(), experiment.optimizer_state)
    architecture, h = experiment.architecture, 1e-6
    for k, ref in enumerate(architecture.refs()):
        together = [ref]
        if ref.kind is Kind.BIAS and policy is BiasPolicy.SHARED:
            together = [replace(ref, to=to) for to in range(2)]
        costs = [
            replace(
                experiment, parameters=old.replaced({r: old[r] + d for r in together})
            ).batch_cost()
            for d in (h, -h)
        ]
        slope = (costs[0] - costs[1]) / (2 * h)
        moves = ref.kind is Kind.WEIGHT or policy is not BiasPolicy.FIXED
        expected = -experiment.eta * slope if moves else 0.0
        assert new[k] - old.theta[k] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_gradient_of_a_batch_is_the_mean_of_its_samples_gradients(activation):
    parameters, x, t = random_case(m=6, activation=activation)
    singles = [passed_back(parameters, x[m : m + 1], t[m : m + 1]).flat() for m in range(6)]
    whole = passed_back(parameters, x, t).flat()
    np.testing.assert_allclose(whole, np.mean(singles, axis=0), rtol=1e-12, atol=1e-14)


def test_the_cost_of_a_batch_is_the_mean_of_its_samples_costs():
    parameters, x, t = random_case(m=6)
    trace = forward(parameters, x)
    y = trace.output
    by_hand = [
        math.fsum(0.5 * (a - b) ** 2 for a, b in zip(*pair, strict=False))
        for pair in zip(t, y, strict=False)
    ]
    found = Objective(HALF_SQUARES).data_cost(parameters, trace, t)
    assert found == pytest.approx(math.fsum(by_hand) / 6, rel=1e-14)


def test_delta_of_a_batch_is_each_samples_own():
    parameters, x, t = random_case(m=4)
    whole = passed_back(parameters, x, t)
    for m in range(4):
        single = passed_back(parameters, x[m : m + 1], t[m : m + 1])
        for layer in range(2):
            np.testing.assert_allclose(whole.delta[layer][m], single.delta[layer][0], rtol=1e-13)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_passes_leave_their_input_arrays_as_they_were(activation):
    parameters, x, t = random_case(activation=activation)
    before = parameters.theta.copy(), x.copy(), t.copy()
    passed_back(parameters, x, t)
    assert x.flags.writeable
    assert t.flags.writeable
    for now, then in zip((parameters.theta, x, t), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_inputs_of_another_width_are_refused():
    parameters, _, _ = random_case()
    with pytest.raises(ValueError, match="size"):
        forward(parameters, np.zeros((1, 2)))


# --- optimizers and starting weights --------------------------------------------------------------


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_begins_with_zeros_and_leaves_its_arguments_alone(name):
    optimizer = OPTIMIZERS[name]
    state = optimizer.initial_state(3)
    assert state.slots.shape == (len(optimizer.slots), 3)
    assert not state.slots.any()
    assert not state.slots.flags.writeable
    gradient = np.array([1.0, -2.0, 0.0])
    change, new_state = optimizer.change(gradient, 0.5, optimizer.defaults, state)
    assert gradient.tolist() == [1.0, -2.0, 0.0]
    assert new_state.slots.shape == state.slots.shape
    assert new_state.updates == 1
    assert not state.slots.any()
    assert change[0] < 0 < change[1]


def test_gradient_descent_goes_eta_times_the_gradient_downhill():
    descent = OPTIMIZERS["gradient_descent"]
    change, _ = descent.change(np.array([1.0, -2.0]), 0.5, (), descent.initial_state(2))
    assert change.tolist() == [-0.5, 1.0]


@pytest.mark.parametrize(("n_to", "n_from"), [(1, 1), (200, 100), (3, 250)])
def test_xavier_weights_fill_the_range_of_glorot_and_bengio(n_to, n_from):
    """Equation 16: uniform in ±√(6 / (n_from + n_to)), so the variance is 2 / (n_from + n_to)."""
    drawn = INITIALIZERS["xavier"].draw(np.random.default_rng(0), n_to, n_from, 0.0)
    limit = math.sqrt(6 / (n_from + n_to))
    assert drawn.shape == (n_to, n_from)
    assert np.abs(drawn).max() <= limit
    if drawn.size > 500:
        assert np.abs(drawn).max() > 0.98 * limit
        assert drawn.mean() == pytest.approx(0, abs=4 * limit / math.sqrt(3 * drawn.size))
        assert drawn.var() == pytest.approx(2 / (n_from + n_to), rel=0.15)


@pytest.mark.parametrize("name", [name for name in INITIALIZERS if name not in ALIKE])
def test_the_same_seed_draws_the_same_weights_and_another_seed_others(name):
    draw = INITIALIZERS[name].draw
    first, again, other = (draw(np.random.default_rng(seed), 4, 3, 0.5) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    assert np.all(first != other)
