"""The compiled loops make the same updates as the readable engine, whatever is trained how.

Expected numbers come from the NumPy engine, which other tests hold against complex steps, autograd
and the worked example.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array
from bp_gui.engine.batches import FULL_BATCHES, Batches
from bp_gui.engine.costs import COSTS
from bp_gui.engine.network import Parameters
from bp_gui.engine.objective import Penalty
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.engine.propagation import forward

pytest.importorskip("numba")

from bp_gui.engine import compiled
from bp_gui.engine.compiled import Result, Task, elementary, loading, program
from tests.engine.tasks import (
    EVERY_WAY,
    UPDATES,
    assert_close,
    hidden_activations,
    run_numpy,
    start_of,
    task_of,
)


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> Iterator[None]:
    """Have the loops loaded for these tests only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "_loops", loading._Loops())
        assert not compiled.is_ready()
        assert compiled.load()
        assert compiled.is_ready()
        yield


def run_compiled(task: Task, theta: Array, updates: int = UPDATES, first: int = 0) -> Result:
    ready = compiled.program_for(task)
    assert ready is not None
    state = OPTIMIZERS[task.optimizer_name].initial_state(len(theta))
    return ready.run(theta, replace(state, updates=first), first, updates)


def assert_same(task: Task) -> None:
    theta = start_of(task)
    with np.errstate(all="ignore"):
        expected, slots, costs = run_numpy(task, theta)
    result = run_compiled(task, theta)
    if not (np.isfinite(expected).all() and np.isfinite(costs).all()):
        assert not result.is_finite
        return
    assert result.made == UPDATES
    assert result.is_finite
    assert_close(result.theta, expected)
    assert_close(result.optimizer_state.slots, slots)
    if task.batches.is_full(len(task.t)):
        assert_close(result.costs, np.array(costs))


def test_every_registry_entry_has_a_compiled_form() -> None:
    for hidden, last, cost, optimizer in itertools.product(
        hidden_activations(), ACTIVATIONS, COSTS, OPTIMIZERS
    ):
        assert task_of((2, 3, 2), (hidden, last), cost, optimizer).is_compilable


@pytest.mark.parametrize("samples", [1, 7])
@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("last", ACTIVATIONS)
def test_every_activation_with_every_cost_and_optimizer(last: str, cost: str, samples: int) -> None:
    for hidden, optimizer in itertools.product(hidden_activations(), OPTIMIZERS):
        assert_same(task_of((2, 3, 2), (hidden, last), cost, optimizer, samples=samples))


@pytest.mark.parametrize(
    "batches",
    [FULL_BATCHES, Batches(1), Batches(3), Batches(3, shuffle=True), Batches(1, shuffle=True)],
    ids=str,
)
def test_every_optimizer_penalty_clipping_and_bias_policy(batches: Batches) -> None:
    for optimizer, penalty, clip, policy in EVERY_WAY:
        assert_same(
            task_of(
                (2, 3, 1), optimizer=optimizer, penalty=penalty, clip=clip, policy=policy,
                locked=frozenset({1, 4, 10}), batches=batches,
            )
        )  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    sizes=st.lists(st.integers(1, 20), min_size=2, max_size=5),
    samples=st.integers(1, 70),
    size=st.one_of(st.none(), st.integers(1, 70)),
    shuffle=st.booleans(),
    data=st.data(),
)
def test_random_shapes(
    sizes: list[int], samples: int, size: int | None, shuffle: bool, data: st.DataObject
) -> None:
    layers = len(sizes) - 1
    activations = [data.draw(st.sampled_from(hidden_activations())) for _ in range(layers - 1)]
    last = data.draw(st.sampled_from(["sigmoid", "softmax"]))
    assert_same(
        task_of(
            tuple(sizes), (*activations, last),
            data.draw(st.sampled_from(list(COSTS))), data.draw(st.sampled_from(list(OPTIMIZERS))),
            samples=samples, batches=Batches(size, shuffle),
        )
    )  # fmt: skip


@pytest.mark.parametrize("gemm_from", [0, program.GEMM_FROM, 2**62])
@pytest.mark.parametrize("batches", [FULL_BATCHES, Batches(16), Batches(16, shuffle=True)], ids=str)
def test_large_layers_with_and_without_blas(
    monkeypatch: pytest.MonkeyPatch, gemm_from: int, batches: Batches
) -> None:
    monkeypatch.setattr(program, "GEMM_FROM", gemm_from)
    assert_same(task_of((70, 40, 9), samples=37, batches=batches))


def test_pieces_give_the_same_bits_as_one_call() -> None:
    task = task_of((3, 5, 2), optimizer="adam", samples=10, batches=Batches(4, shuffle=True))
    theta = start_of(task)
    whole = run_compiled(task, theta, 100)
    ready = compiled.program_for(task)
    assert ready is not None
    state, first, costs = OPTIMIZERS["adam"].initial_state(len(theta)), 0, []
    for updates in (1, 9, 0, 50, 40):
        piece = ready.run(theta, state, first, updates)
        theta, state, first = piece.theta, piece.optimizer_state, first + updates
        costs.extend(piece.costs)
    np.testing.assert_array_equal(theta, whole.theta)
    np.testing.assert_array_equal(state.slots, whole.optimizer_state.slots)
    np.testing.assert_array_equal(costs, whole.costs)


def test_the_last_gradient_and_what_was_before_it_are_kept() -> None:
    task = task_of(clip=0.01, penalty=Penalty(l2=0.1))
    theta = start_of(task)
    result = run_compiled(task, theta, 6)
    before, _, _ = run_numpy(task, theta, 5)
    assert_close(result.before, before)
    parameters = Parameters(task.architecture, before)
    unclipped = task.objective.gradient(parameters, forward(parameters, task.x), task.t)
    assert_close(result.gradient, unclipped)


def test_minibatches_record_the_cost_of_all_samples_once_an_epoch() -> None:
    task = task_of(samples=600, tests=300, batches=Batches(250), penalty=Penalty(l1=0.1))
    theta = start_of(task)
    result = run_compiled(task, theta, 8)
    np.testing.assert_array_equal(result.updates, [0, 3, 6])
    for update, cost, test_cost in zip(
        result.updates, result.costs, result.test_costs, strict=True
    ):
        there = Parameters(task.architecture, run_numpy(task, theta, int(update))[0])
        expected = task.objective.value(there, forward(there, task.x), task.t)
        assert cost == pytest.approx(expected, rel=1e-12)
        trace = forward(there, task.x_test)
        assert test_cost == pytest.approx(
            task.objective.data_cost(there, trace, task.t_test), 1e-12
        )


def test_without_test_samples_their_cost_is_not_a_number() -> None:
    task = task_of()
    assert np.isnan(run_compiled(task, start_of(task), 3).test_costs).all()


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (2**20 - 2, [2**20 - 2, 2**20 - 1, 2**20, 2**20 + 2, 2**20 + 4]),
        (2**21 - 3, [2**21 - 2, 2**21, 2**21 + 4]),
        (2**40, [2**40]),
    ],
)
def test_late_records_are_far_apart(first: int, expected: list[int]) -> None:
    task = task_of()
    np.testing.assert_array_equal(run_compiled(task, start_of(task), 8, first).updates, expected)


def test_it_stops_before_the_first_number_that_is_not_finite() -> None:
    task = task_of((2, 3, 1), ("linear", "linear"), eta=3.0)
    theta = start_of(task)
    result = run_compiled(task, theta, 1000)
    assert not result.is_finite
    assert 5 < result.made < 1000
    again = run_compiled(task, theta, result.made)
    assert again.is_finite
    np.testing.assert_array_equal(result.theta, again.theta)
    np.testing.assert_array_equal(result.costs, again.costs)
    assert len(result.costs) == result.made
    with np.errstate(all="ignore"):
        _, _, costs = run_numpy(task, theta, result.made + 2)
    assert np.isfinite(costs[: result.made + 1]).all()
    assert not np.isfinite(costs[result.made + 1])


NUMBERS = np.concatenate(
    [
        np.random.default_rng(0).normal(scale=6.0, size=5000),
        np.logspace(-300, 3, 2000),
        -np.logspace(-300, 3, 2000),
        [0.0, -0.0, np.inf, -np.inf],
    ]
)


@pytest.mark.parametrize(
    ("compiled_form", "numpy_form", "numbers"),
    [
        (elementary.decay, np.exp, -np.abs(NUMBERS)),
        (elementary.decay_minus_one, np.expm1, -np.abs(NUMBERS)),
        (elementary.tanh, np.tanh, NUMBERS),
        (elementary.sigmoid, ACTIVATIONS["sigmoid"].value, NUMBERS),
        (elementary.softplus, ACTIVATIONS["softplus"].value, NUMBERS),
    ],
    ids=["decay", "decay_minus_one", "tanh", "sigmoid", "softplus"],
)
def test_elementary_functions_are_right_to_the_last_bits(
    compiled_form: object, numpy_form: object, numbers: Array
) -> None:
    assert callable(compiled_form)
    assert callable(numpy_form)
    found = np.array([compiled_form(z) for z in numbers])
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(found, numpy_form(numbers), rtol=1e-15, atol=5e-324)
    assert math.isnan(compiled_form(math.nan))
