"""Every number of tests/reference/worked_example.json.

The file comes from an independent pure-Python computation that was checked by central differences;
its published numbers are those that two well-known write-ups print.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bp_gui.engine.network import BiasPolicy
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import evaluate
from bp_gui.session.training import advance

REFERENCE: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "reference" / "worked_example.json").read_text()
)
AFTER = REFERENCE["after_updates_by_bias_policy"]
MISTAKES = REFERENCE["known_mistakes_one_step_fixed_bias"]
PUBLISHED = REFERENCE["published"]


def assert_layers(found: tuple[np.ndarray, ...], expected: list[Any], rtol: float = 1e-13) -> None:
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(np.squeeze(ours), np.squeeze(theirs), rtol=rtol, atol=0)


def test_the_example_file_holds_the_reference_network(worked: Experiment) -> None:
    network = REFERENCE["network"]
    assert list(worked.architecture.sizes) == network["sizes"]
    assert worked.eta == network["eta"]
    for ours, theirs in (
        (worked.parameters.W, network["W"]),
        (worked.parameters.b, network["b"]),
        (worked.x, [network["x"]]),
        (worked.t, [network["t"]]),
    ):
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(a, b)


def test_the_forward_pass(worked: Experiment) -> None:
    snapshot, expected = evaluate(worked), REFERENCE["forward"]
    assert_layers(snapshot.forward.z, expected["z"])
    assert_layers(snapshot.forward.a, expected["a"])
    assert snapshot.cost == pytest.approx(expected["cost"], rel=1e-14)
    np.testing.assert_allclose(snapshot.cost_terms, expected["cost_terms"], rtol=1e-13)


def test_the_backward_pass(worked: Experiment) -> None:
    snapshot, expected = evaluate(worked), REFERENCE["backward"]
    assert_layers(snapshot.backward.delta, expected["delta"])
    assert_layers(snapshot.backward.dW, expected["dW"])
    assert_layers(snapshot.backward.db, expected["db"])
    passed_on = snapshot.backward.delta[1][0] @ worked.parameters.W[1]
    np.testing.assert_allclose(passed_on, expected["WT_delta"], rtol=1e-13)


@pytest.mark.parametrize("updates", [1, 2, 10, 100, 1000, 10_000])
@pytest.mark.parametrize("policy", list(BiasPolicy))
def test_training_under_every_bias_policy(
    worked: Experiment, policy: BiasPolicy, updates: int
) -> None:
    expected = AFTER[policy.value][str(updates)]
    trained = advance(replace(worked, bias_policy=policy), updates).experiment
    # Each update rounds anew; 1e-10 leaves room for what 10,000 of them gather.
    rtol = 1e-13 if updates <= 10 else 1e-10
    assert_layers(trained.parameters.W, expected["W"], rtol)
    assert_layers(trained.parameters.b, expected["b"], rtol)
    snapshot = evaluate(trained)
    np.testing.assert_allclose(snapshot.output, expected["output"], rtol=rtol)
    assert snapshot.cost == pytest.approx(expected["cost"], rel=rtol)
    assert trained.updates == updates


def test_the_right_numbers_of_the_published_notebook(worked: Experiment) -> None:
    notebook, snapshot = PUBLISHED["notebook"], evaluate(worked)
    forward = snapshot.forward
    for ours, key in (
        (forward.z[0], "h_in"),
        (forward.a[0], "h_out"),
        (forward.z[1], "o_in"),
        (forward.a[1], "o_out"),
    ):
        np.testing.assert_allclose(ours[0], notebook[key], atol=5.1e-9)
    np.testing.assert_allclose(snapshot.backward.dW[1], notebook["dW2"], atol=5.1e-9)
    W_new, _ = worked.architecture.views(snapshot.next_theta)
    np.testing.assert_allclose(W_new[1], notebook["W2_new"], atol=5.1e-9)
    assert W_new[0][0, 0] == pytest.approx(notebook["w1_new"], rel=1e-13)


def test_the_weights_of_the_published_tutorial_but_not_its_cost(worked: Experiment) -> None:
    tutorial, snapshot = PUBLISHED["tutorial"], evaluate(worked)
    W_new, _ = worked.architecture.views(snapshot.next_theta)
    for ours, theirs in zip(W_new, tutorial["W_after_1"], strict=True):
        np.testing.assert_allclose(ours, theirs, atol=5.1e-9)
    assert snapshot.cost == pytest.approx(tutorial["cost_0"], abs=5.1e-10)
    assert snapshot.next_cost == pytest.approx(0.291027774, abs=5e-10)
    assert snapshot.next_cost != pytest.approx(tutorial["cost_after_1_printed"], abs=5e-10)


@pytest.mark.parametrize("mistake", list(MISTAKES))
def test_none_of_the_known_mistakes_is_made(worked: Experiment, mistake: str) -> None:
    W_new, _ = worked.architecture.views(evaluate(worked).next_theta)
    wrong = MISTAKES[mistake]["W_after_1"]
    assert max(np.max(np.abs(W_new[k] - wrong[k])) for k in range(2)) > 1e-7
