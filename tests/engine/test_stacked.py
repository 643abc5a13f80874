"""Runs in a stack make the same updates as the readable engine makes of each by itself.

Expected numbers come from the NumPy engine, which other tests hold against complex steps, autograd
and the worked example.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array
from bp_gui.engine.batches import FULL_BATCHES, Batches
from bp_gui.engine.compiled import Result, Task
from bp_gui.engine.costs import COSTS
from bp_gui.engine.network import BiasPolicy, Parameters
from bp_gui.engine.objective import Penalty
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.engine.propagation import forward
from bp_gui.engine.stacked import Stack, is_worthwhile, kind_of
from tests.engine.tasks import (
    EVERY_WAY,
    assert_close,
    hidden_activations,
    run_numpy,
    start_of,
    task_of,
)

UPDATES = 12


def variants_of(task: Task, count: int = 3) -> list[Task]:
    """Return tasks of one kind that differ in every number that may differ."""
    return [
        replace(
            task,
            eta=task.eta * (1.0 + 0.5 * k),
            optimizer_settings=tuple(value * (1.0 - 0.05 * k) for value in task.optimizer_settings),
        )
        for k in range(count)
    ]


def run_stacked(tasks: Sequence[Task], updates: int = UPDATES) -> tuple[Result, ...]:
    thetas = [start_of(task, seed) for seed, task in enumerate(tasks)]
    state = OPTIMIZERS[tasks[0].optimizer_name].initial_state(len(thetas[0]))
    return Stack(tasks).run(thetas, [state] * len(tasks), 0, updates)


def assert_same(tasks: Sequence[Task]) -> None:
    for seed, (task, result) in enumerate(zip(tasks, run_stacked(tasks), strict=True)):
        with np.errstate(all="ignore"):
            expected, slots, costs = run_numpy(task, start_of(task, seed), UPDATES)
        if not np.isfinite(costs[0]):
            continue  # an output outside 0 … 1 to begin with, where the cost is not defined
        if not (np.isfinite(expected).all() and np.isfinite(costs).all()):
            assert not result.is_finite
            continue
        assert result.is_finite
        assert result.made == UPDATES
        assert_close(result.theta, expected)
        assert_close(result.optimizer_state.slots, slots)
        assert result.optimizer_state.updates == UPDATES
        if task.batches.is_full(len(task.t)):
            assert_close(result.costs, np.array(costs))


def assert_equal_bits(one: Result, other: Result) -> None:
    assert (one.made, one.is_finite) == (other.made, other.is_finite)
    for name in ("theta", "before", "gradient", "updates", "costs", "test_costs"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)
    np.testing.assert_array_equal(one.optimizer_state.slots, other.optimizer_state.slots)


@pytest.mark.parametrize("samples", [1, 7])
@pytest.mark.parametrize("last", ACTIVATIONS)
def test_every_activation_with_every_cost_and_optimizer(last: str, samples: int) -> None:
    optimizers = itertools.cycle(OPTIMIZERS)
    for hidden, cost in itertools.product(hidden_activations(), COSTS):
        optimizer = next(optimizers)
        task = task_of((2, 3, 2), (hidden, last), cost, optimizer, samples=samples)
        assert_same(variants_of(task, 2))


@pytest.mark.parametrize(
    "batches",
    [FULL_BATCHES, Batches(1), Batches(3), Batches(3, shuffle=True), Batches(1, shuffle=True)],
    ids=str,
)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_penalties_clipping_bias_policies_and_locks_share_a_stack(
    optimizer: str, batches: Batches
) -> None:
    like = task_of((2, 3, 1), optimizer=optimizer, batches=batches)
    kinds: dict[object, list[Task]] = {}
    for (_, penalty, clip, policy), locked in itertools.product(
        (way for way in EVERY_WAY if way[0] == optimizer), (frozenset[int](), frozenset({1, 4, 10}))
    ):
        task = task_of((2, 3, 1), penalty=penalty, clip=clip, policy=policy, locked=locked)
        task = replace(
            like,
            objective=task.objective,
            clip=clip,
            trainable=task.trainable,
            norm_shares=task.norm_shares,
        )
        kinds.setdefault(kind_of(task), []).append(task)
    assert len(kinds) == 2  # biases that are one number, and others
    for tasks in kinds.values():
        assert len(tasks) > 8
        assert_same(tasks)


@settings(max_examples=25, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 6), min_size=2, max_size=5),
    samples=st.integers(1, 20),
    size=st.one_of(st.none(), st.integers(1, 20)),
    shuffle=st.booleans(),
    runs=st.integers(1, 10),
    data=st.data(),
)
def test_random_shapes(
    sizes: list[int], samples: int, size: int | None, shuffle: bool, runs: int, data: st.DataObject
) -> None:
    hidden = [data.draw(st.sampled_from(hidden_activations())) for _ in sizes[2:]]
    last = data.draw(st.sampled_from(["sigmoid", "softmax"]))
    task = task_of(
        tuple(sizes), (*hidden, last),
        data.draw(st.sampled_from(list(COSTS))), data.draw(st.sampled_from(list(OPTIMIZERS))),
        samples=samples, batches=Batches(size, shuffle),
    )  # fmt: skip
    assert_same([task] * runs)


@pytest.mark.parametrize("optimizer", ["gradient_descent", "adam"])
@pytest.mark.parametrize("sizes", [(2, 3, 1), (1, 1)], ids=str)
def test_a_runs_bits_do_not_depend_on_who_shares_the_stack(
    sizes: tuple[int, ...], optimizer: str
) -> None:
    activations = ("gelu", "sigmoid")[-(len(sizes) - 1) :]
    task = task_of(
        sizes, activations, optimizer=optimizer, samples=11, tests=3, batches=Batches(4),
        penalty=Penalty(0.01, 0.01), clip=0.3,
    )  # fmt: skip
    tasks = variants_of(task, 19)
    thetas = [start_of(each, seed) for seed, each in enumerate(tasks)]
    state = OPTIMIZERS[optimizer].initial_state(len(thetas[0]))
    together = Stack(tasks).run(thetas, [state] * 19, 0, 40)
    for some in ([0], [18, 3], list(range(5, 14))):
        fewer = Stack([tasks[k] for k in some]).run(
            [thetas[k] for k in some], [state] * len(some), 0, 40
        )
        for k, result in zip(some, fewer, strict=True):
            assert_equal_bits(result, together[k])


def test_pieces_give_the_same_bits_as_one_call() -> None:
    tasks = variants_of(task_of(optimizer="adam", batches=Batches(3, shuffle=True), samples=8))
    thetas = [start_of(task) for task in tasks]
    states = [OPTIMIZERS["adam"].initial_state(len(thetas[0]))] * 3
    stack, first, costs = Stack(tasks), 0, list[float]()
    whole = stack.run(thetas, states, 0, 30)
    for updates in (1, 9, 0, 20):
        piece = stack.run(thetas, states, first, updates)
        thetas, states = [p.theta for p in piece], [p.optimizer_state for p in piece]
        first += updates
        costs.extend(piece[1].costs)
    np.testing.assert_array_equal(thetas[1], whole[1].theta)
    np.testing.assert_array_equal(states[1].slots, whole[1].optimizer_state.slots)
    np.testing.assert_array_equal(costs, whole[1].costs)


def test_a_run_that_diverges_stops_before_it_and_the_others_go_on() -> None:
    calm = task_of((2, 3, 1), ("linear", "linear"), optimizer="momentum", eta=0.001)
    tasks = [calm, replace(calm, eta=3.0), calm, replace(calm, eta=30.0)]
    theta = start_of(calm)
    state = OPTIMIZERS["momentum"].initial_state(len(theta))
    results = Stack(tasks).run([theta] * 4, [state] * 4, 0, 900)
    assert [result.is_finite for result in results] == [True, False, True, False]
    assert 0 < results[3].made < results[1].made < results[0].made == 900
    for task, result in zip(tasks, results, strict=True):
        with np.errstate(all="ignore"):
            expected, slots, costs = run_numpy(task, theta, result.made)
            before, _, _ = run_numpy(task, theta, result.made - 1)
            if not result.is_finite:
                assert not np.isfinite(run_numpy(task, theta, result.made + 2)[2][-1])
        np.testing.assert_allclose(result.theta, expected, rtol=1e-9)
        np.testing.assert_allclose(result.optimizer_state.slots, slots, rtol=1e-9)
        np.testing.assert_allclose(result.before, before, rtol=1e-9)
        np.testing.assert_allclose(result.costs, costs, rtol=1e-9)
        assert result.optimizer_state.updates == result.made


def test_the_last_gradient_and_what_was_before_it_are_kept() -> None:
    tasks = variants_of(task_of(clip=0.01, penalty=Penalty(l2=0.1)))
    for seed, (task, result) in enumerate(zip(tasks, run_stacked(tasks, 6), strict=True)):
        before, _, _ = run_numpy(task, start_of(task, seed), 5)
        assert_close(result.before, before)
        parameters = Parameters(task.architecture, before)
        unclipped = task.objective.gradient(parameters, forward(parameters, task.x), task.t)
        assert_close(result.gradient, unclipped)


def test_minibatches_record_the_cost_of_all_samples_once_an_epoch() -> None:
    task = task_of(samples=60, tests=30, batches=Batches(25), penalty=Penalty(l1=0.1))
    _, result = run_stacked([task, task], 8)
    np.testing.assert_array_equal(result.updates, [0, 3, 6])
    for update, cost, test_cost in zip(
        result.updates, result.costs, result.test_costs, strict=True
    ):
        theta = run_numpy(task, start_of(task, 1), int(update))[0]
        there = Parameters(task.architecture, theta)
        expected = task.objective.value(there, forward(there, task.x), task.t)
        assert cost == pytest.approx(expected, rel=1e-12)
        trace = forward(there, task.x_test)
        expected = task.objective.data_cost(there, trace, task.t_test)
        assert test_cost == pytest.approx(expected, rel=1e-12)


def test_without_test_samples_their_cost_is_not_a_number() -> None:
    (result,) = run_stacked([task_of()], 3)
    assert np.isnan(result.test_costs).all()


def test_no_update_leaves_everything_as_it_was() -> None:
    task = task_of(optimizer="adam")
    (result,) = run_stacked([task], 0)
    np.testing.assert_array_equal(result.theta, start_of(task, 0))
    assert (result.made, len(result.costs), result.is_finite) == (0, 0, True)


def test_it_stops_when_told_to() -> None:
    tasks, answers = variants_of(task_of()), iter([False, False, True])
    thetas: list[Array] = [start_of(task) for task in tasks]
    states = [OPTIMIZERS["gradient_descent"].initial_state(len(thetas[0]))] * 3
    results = Stack(tasks).run(thetas, states, 0, 100, lambda: next(answers))
    assert [result.made for result in results] == [2, 2, 2]


def test_runs_of_other_shapes_are_refused() -> None:
    task = task_of()
    others = (task_of((2, 4, 1)), task_of(cost="huber"), task_of(policy=BiasPolicy.SHARED))
    for other in (*others, replace(task, shuffle_seed=1), task_of()):  # the last: other samples
        with pytest.raises(ValueError, match="2 tasks are not of one kind"):
            Stack([task, other])
    with pytest.raises(ValueError, match="0 tasks"):
        Stack([])


def test_long_passes_are_not_worth_stacking() -> None:
    assert is_worthwhile(task_of((2, 8, 8, 2), ("tanh", "tanh", "sigmoid"), samples=100))
    assert not is_worthwhile(task_of((2, 16, 16, 1), ("tanh", "tanh", "sigmoid"), samples=500))
    assert is_worthwhile(
        task_of((2, 16, 16, 1), ("tanh", "tanh", "sigmoid"), samples=500, batches=Batches(10))
    )
