"""The benchmarks' own parts; no peer is started and nothing is timed."""

from __future__ import annotations

import ast
import json
import math
from pathlib import Path

import numpy as np
import pytest

from benchmarks.peers.own import Trainer
from benchmarks.peers.registry import OWN, PEERS, Peer
from benchmarks.race import Standing
from benchmarks.reference import SAME, Order, Rule, trained
from benchmarks.side_by_side import GOALS, report
from benchmarks.tables import table, three_digits
from benchmarks.workloads import WORKLOADS, Workload
from bp_gui.engine.network import BiasPolicy

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
DRIVERS = sorted((BENCHMARKS / "peers").glob("*.py"))
SMALL = Workload("2-3-1", (2, 3, 1), 6, 2, 0.5, BiasPolicy.PER_NEURON, 6)


@pytest.mark.parametrize("workload", WORKLOADS.values(), ids=lambda w: w.name)
def test_a_workload_fits_together(workload: Workload) -> None:
    x, t = workload.samples
    assert x.shape == (workload.n_samples, workload.sizes[0])
    assert t.shape == (workload.n_samples, workload.sizes[-1])
    assert workload.n_samples % workload.batch_size == 0
    assert workload.check_updates % workload.batches == 0
    assert 0 < t.min() <= t.max() < 1


@pytest.mark.parametrize("workload", WORKLOADS.values(), ids=lambda w: w.name)
def test_peers_with_32_bits_read_the_same_numbers(workload: Workload) -> None:
    for values in (*workload.samples, workload.start.theta):
        np.testing.assert_array_equal(values.astype(np.float32), values)


def test_a_workload_is_told_in_json_without_loss() -> None:
    told = json.loads(json.dumps(SMALL.document()))
    np.testing.assert_array_equal(told["W"][0], SMALL.start.W[0])
    np.testing.assert_array_equal(told["x"], SMALL.samples[0])
    assert np.shape(told["W"][0]) == (3, 2)
    assert told["train_biases"] is True


def test_this_program_under_the_workload_is_the_reference() -> None:
    trainer = Trainer(json.loads(json.dumps(SMALL.document())))
    trainer.run(SMALL.check_updates)
    W, b = trainer.parameters()
    expected = trained(SMALL, SAME, SMALL.check_updates)
    for got, right in zip([*W, *b], [*expected.W, *expected.b], strict=True):
        np.testing.assert_allclose(got, right, rtol=0, atol=1e-12)


def test_back_to_front_passes_the_error_through_the_new_weights() -> None:
    # The chain 1-1-1 worked out by hand with scalars.
    workload = Workload("1-1-1", (1, 1, 1), 1, 1, 1.0, BiasPolicy.PER_NEURON, 1)
    start, (x, t) = workload.start, workload.samples
    rule = Rule(cost="binary_cross_entropy", order=Order.BACK_TO_FRONT)
    (w1,), (w2,) = start.W[0], start.W[1]
    a1 = 1 / (1 + math.exp(-(w1[0] * x[0, 0] + start.b[0][0])))
    y = 1 / (1 + math.exp(-(w2[0] * a1 + start.b[1][0])))
    delta2 = y - t[0, 0]
    new_w2 = w2[0] - delta2 * a1
    delta1 = delta2 * new_w2 * a1 * (1 - a1)
    after = trained(workload, rule, 1)
    assert after.W[1][0, 0] == pytest.approx(new_w2, abs=1e-15)
    assert after.W[0][0, 0] == pytest.approx(w1[0] - delta1 * x[0, 0], abs=1e-15)
    assert after.b[0][0] == pytest.approx(start.b[0][0] - delta1, abs=1e-15)


def test_sample_by_sample_is_a_batch_size_of_one() -> None:
    ones = Workload("2-3-1", (2, 3, 1), 6, 1, 0.5, BiasPolicy.PER_NEURON, 6)
    np.testing.assert_array_equal(
        trained(SMALL, Rule(sample_by_sample=True), 3).theta, trained(ones, SAME, 6).theta
    )


def test_fixed_biases_stay() -> None:
    fixed = Workload("2-3-1", (2, 3, 1), 6, 2, 0.5, BiasPolicy.FIXED, 3)
    after = trained(fixed, SAME, 3)
    mask = after.architecture.bias_mask
    np.testing.assert_array_equal(after.theta[mask], fixed.start.theta[mask])
    assert (after.theta[~mask] != fixed.start.theta[~mask]).all()


@pytest.mark.parametrize("driver", DRIVERS, ids=lambda path: path.name)
def test_a_driver_parses_and_says_what_it_is(driver: Path) -> None:
    assert ast.get_docstring(ast.parse(driver.read_text(encoding="utf-8")))


@pytest.mark.parametrize("peer", PEERS.values(), ids=lambda peer: peer.name)
def test_a_peer_has_its_driver(peer: Peer) -> None:
    drivers = [
        Path(word).name if word.endswith(".js") else f"{word.rpartition('.')[2]}.py"
        for word in peer.command[1:3]
    ]
    assert any((BENCHMARKS / "peers" / name).is_file() for name in drivers)


def test_goals_name_workloads_and_peers_that_there_are() -> None:
    for goal in GOALS:
        assert goal.workload in WORKLOADS
        assert set(goal.rivals) <= set(PEERS)


def test_a_report_says_which_promises_are_kept_and_who_was_not_there() -> None:
    results = {
        name: {p: Standing(PEERS[p], name, "not installed") for p in PEERS} for name in WORKLOADS
    }
    for standings in results.values():
        for name, seconds in ((OWN, 1e-6), ("jax", 2e-6), ("torch", 5e-7)):
            standings[name] = Standing(
                PEERS[name], standings[name].workload, "", {"v": "1"}, 0.0, [seconds] * 3
            )
    text = "\n".join(report(results))
    assert "| 2-16-16-1: ahead of JAX | JAX | 0.500 | yes |" in text
    assert "| 784-30-10: ahead of PyTorch, JAX | PyTorch | 2.00 | **no** |" in text
    assert "| 2-2-2: within 1.5 of a C loop | not measured |" in text
    assert "2.00 (×2.00)" in text
    assert "not installed" in text


def test_a_peer_that_computes_something_else_keeps_no_promise() -> None:
    standing = Standing(PEERS["jax"], "2-2-2, one sample", "off by 1e-3", {}, 1e-3, [1.0])
    assert not standing.agrees
    assert not Standing(PEERS["jax"], "2-2-2, one sample").agrees


def test_numbers_stand_with_three_digits() -> None:
    shown = [three_digits(v) for v in (0.0864, 0.123, 1.234, 12.34, 123.4, 1234.5)]
    assert shown == ["0.0864", "0.123", "1.23", "12.3", "123", "1,234"]


def test_a_table_of_numbers_is_set_to_the_right() -> None:
    assert table(("what", "ms"), [("a", "1")], numbers=True) == [
        "| what | ms |",
        "| --- | ---: |",
        "| a | 1 |",
    ]
