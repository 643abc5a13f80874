"""The worked 2-2-2 example: every number of tests/reference/worked_example.json.

Those numbers come from a pure-Python computation that was checked by central differences; the
`published` ones are printed in the notebook and the tutorial that the example is known from.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bp_gui.engine.network import BiasPolicy
from bp_gui.session.examples import load_named
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import Snapshot, evaluate
from bp_gui.session.training import advance

FILE = Path(__file__).parents[1] / "reference" / "worked_example.json"
REFERENCE = json.loads(FILE.read_text(encoding="utf-8"))
NETWORK, FORWARD, BACKWARD = (REFERENCE[key] for key in ("network", "forward", "backward"))
TRAINED = REFERENCE["after_updates_by_bias_policy"]
MISTAKES = REFERENCE["known_mistakes_one_step_fixed_bias"]
NOTEBOOK, TUTORIAL = REFERENCE["published"]["notebook"], REFERENCE["published"]["tutorial"]

EXACT = 1e-14  # a handful of operations, each rounded once
FEW_UPDATES = 1e-12
# Each of 10,000 updates rounds every parameter once: 1e4 · 1.1e-16 ≈ 1e-12 of a weight, and the
# cost, a square of a small difference (0.0059 = 0.0159 − 0.01), magnifies that some tens of times.
MANY_UPDATES = 1e-10

CASES = [(policy, int(count)) for policy in TRAINED for count in TRAINED[policy]]


def worked(policy: BiasPolicy = BiasPolicy.FIXED) -> Experiment:
    return replace(load_named("example:worked"), bias_policy=policy)


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return evaluate(worked())


@pytest.fixture(scope="module")
def trained() -> dict[tuple[str, int], Experiment]:
    """Return the experiment at every count of the reference, each policy trained once."""
    states = {}
    for policy in TRAINED:
        experiment = worked(BiasPolicy(policy))
        for count in sorted(int(count) for count in TRAINED[policy]):
            experiment = advance(experiment, count - experiment.updates).experiment
            states[policy, count] = experiment
    return states


def assert_layers(found, expected, rtol):
    assert len(found) == len(expected)
    for layer, (ours, theirs) in enumerate(zip(found, expected, strict=True), start=1):
        np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=0, err_msg=f"layer {layer}")


def rows(arrays):
    """Return the single row of each trace array."""
    assert all(len(array) == 1 for array in arrays)
    return [array[0] for array in arrays]


def test_the_example_file_holds_the_reference_network():
    experiment = worked()
    assert experiment.architecture.sizes == tuple(NETWORK["sizes"])
    assert experiment.architecture.activations == ("sigmoid", "sigmoid")
    assert experiment.x.tolist() == [NETWORK["x"]]
    assert experiment.t.tolist() == [NETWORK["t"]]
    assert [W.tolist() for W in experiment.parameters.W] == NETWORK["W"]
    assert [b.tolist() for b in experiment.parameters.b] == NETWORK["b"]
    assert (experiment.eta, experiment.cost_name) == (NETWORK["eta"], "half_squared_error")
    assert load_named("example:worked").bias_policy is BiasPolicy.FIXED


def test_forward_pass_gives_the_reference_z_and_a(snapshot):
    assert_layers(rows(snapshot.forward.z), FORWARD["z"], EXACT)
    assert_layers(rows(snapshot.forward.a), FORWARD["a"], EXACT)


def test_cost_and_its_terms_are_those_of_the_reference(snapshot):
    assert snapshot.cost == pytest.approx(FORWARD["cost"], rel=EXACT)
    assert snapshot.sample_cost == pytest.approx(FORWARD["cost"], rel=EXACT)
    np.testing.assert_allclose(snapshot.cost_terms, FORWARD["cost_terms"], rtol=EXACT)


def test_backward_pass_gives_the_reference_delta_and_gradients(snapshot):
    assert_layers(rows(snapshot.backward.delta), BACKWARD["delta"], EXACT)
    assert_layers(snapshot.backward.dW, BACKWARD["dW"], EXACT)
    assert_layers(snapshot.backward.db, BACKWARD["db"], EXACT)


def test_what_flows_back_through_w2_is_its_transpose_times_delta(snapshot):
    found = snapshot.experiment.parameters.W[1].T @ snapshot.backward.delta[1][0]
    np.testing.assert_allclose(found, BACKWARD["WT_delta"], rtol=EXACT)
    hidden = snapshot.forward.a[0][0]
    np.testing.assert_allclose(
        snapshot.backward.delta[0][0],
        np.array(BACKWARD["WT_delta"]) * hidden * (1 - hidden),
        rtol=EXACT,
    )


def test_the_gradient_of_the_only_sample_is_the_batch_gradient(snapshot):
    W, b = snapshot.experiment.architecture.views(snapshot.gradient)
    assert_layers(W, BACKWARD["dW"], EXACT)
    assert_layers(b, BACKWARD["db"], EXACT)


@pytest.mark.parametrize("policy", TRAINED)
def test_the_announced_next_update_is_the_reference_state_after_one(policy):
    snapshot = evaluate(worked(BiasPolicy(policy)))
    W, b = snapshot.experiment.architecture.views(snapshot.next_theta)
    expected = TRAINED[policy]["1"]
    assert_layers(W, expected["W"], FEW_UPDATES)
    assert_layers(b, expected["b"], FEW_UPDATES)
    assert snapshot.next_cost == pytest.approx(expected["cost"], rel=FEW_UPDATES)


@pytest.mark.parametrize(("policy", "count"), CASES)
def test_training_reaches_the_reference_state(trained, policy, count):
    rtol = FEW_UPDATES if count <= 10 else MANY_UPDATES
    expected = TRAINED[policy][str(count)]
    experiment = trained[policy, count]
    reached = evaluate(experiment)
    assert experiment.updates == count
    assert reached.cost == pytest.approx(expected["cost"], rel=rtol)
    np.testing.assert_allclose(reached.output, expected["output"], rtol=rtol)
    assert_layers(experiment.parameters.W, expected["W"], rtol)
    assert_layers(experiment.parameters.b, expected["b"], rtol)


def test_training_with_fixed_biases_leaves_them_bit_for_bit(trained):
    final = trained["fixed", max(int(count) for count in TRAINED["fixed"])]
    assert [b.tolist() for b in final.parameters.b] == NETWORK["b"]


def test_shared_biases_stay_equal_within_each_layer(trained):
    for (policy, _), experiment in trained.items():
        if policy == "shared":
            assert all(np.all(b == b[0]) for b in experiment.parameters.b)


def test_the_notebook_prints_our_forward_pass(snapshot):
    z, a = rows(snapshot.forward.z), rows(snapshot.forward.a)
    for ours, key in ((z[0], "h_in"), (a[0], "h_out"), (z[1], "o_in"), (a[1], "o_out")):
        np.testing.assert_allclose(ours, NOTEBOOK[key], rtol=0, atol=0.5000001e-8, err_msg=key)


def test_the_notebook_prints_our_gradient_and_new_weights_of_the_output_layer(snapshot):
    W, _ = snapshot.experiment.architecture.views(snapshot.next_theta)
    np.testing.assert_allclose(snapshot.backward.dW[1], NOTEBOOK["dW2"], rtol=0, atol=0.5000001e-8)
    np.testing.assert_allclose(W[1], NOTEBOOK["W2_new"], rtol=0, atol=0.5000001e-8)


def test_the_notebook_prints_our_new_hidden_weights_where_it_derives_them_by_hand(snapshot):
    W, _ = snapshot.experiment.architecture.views(snapshot.next_theta)
    assert W[0][0, 0] == pytest.approx(NOTEBOOK["w1_new"], rel=FEW_UPDATES)
    # Cut off after 5, 4 and 4 decimals, not rounded.
    others = [W[0][0, 1], W[0][1, 0], W[0][1, 1]]
    for ours, theirs, decimals in zip(others, NOTEBOOK["w2_to_w4_new"], (5, 4, 4), strict=True):
        assert 0 <= ours - theirs < 10.0**-decimals


def test_the_hidden_weights_that_the_notebook_gets_wrong_are_not_ours(snapshot):
    W, _ = snapshot.experiment.architecture.views(snapshot.next_theta)
    assert np.all(np.abs(W[0] - NOTEBOOK["W1_new_printed"]) > 1e-5)


def test_the_tutorial_prints_our_cost_and_new_weights(snapshot):
    W, _ = snapshot.experiment.architecture.views(snapshot.next_theta)
    assert snapshot.cost == pytest.approx(TUTORIAL["cost_0"], abs=0.5000001e-9)
    # Nine significant digits, of which the last zero is not printed; w3 and w4 have eight.
    for ours, printed in zip(np.ravel(W), np.ravel(TUTORIAL["W_after_1"]), strict=True):
        digits = len(repr(float(printed))) - len("0.")
        assert ours == pytest.approx(printed, abs=0.5000001 * 10.0**-digits)


def test_the_costs_that_the_tutorial_gets_wrong_are_not_ours(snapshot, trained):
    assert abs(snapshot.next_cost - TUTORIAL["cost_after_1_printed"]) > 1e-7
    output = evaluate(trained["fixed", 10_000]).output
    assert np.all(np.abs(output - TUTORIAL["outputs_after_10000_printed"]) > 1e-6)


def test_the_reference_lists_twelve_known_mistakes():
    assert len(MISTAKES) == 12


@pytest.mark.parametrize("mistake", MISTAKES)
def test_our_gradient_is_not_that_of_the_known_mistake(snapshot, mistake):
    differences = [
        np.max(np.abs(ours - theirs) / np.abs(ours))
        for ours, theirs in zip(snapshot.backward.dW, MISTAKES[mistake]["dW"], strict=True)
    ]
    assert max(differences) > 1e-3
    assert abs(snapshot.next_cost - MISTAKES[mistake]["cost_after_1"]) > 1e-9
