"""Experiments trained together are those that training one by one gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from bp_gui.engine.batches import Batches
from bp_gui.engine.names import ETA, parse_name
from bp_gui.engine.network import BiasPolicy
from bp_gui.session import together
from bp_gui.session.edits import RandomWeights, SetBiasPolicy, SetValue
from bp_gui.session.edits_structure import AddLayer, SetActivation
from bp_gui.session.edits_training import SetOptimizer, SetPenalty
from bp_gui.session.examples import load_named
from bp_gui.session.experiment import Experiment
from bp_gui.session.together import advance_together
from bp_gui.session.training import Chunk, advance


def one_by_one(experiments: Sequence[Experiment], updates: int) -> list[Chunk]:
    return [advance(each, updates, with_compiled=False) for each in experiments]


def assert_same(found: Sequence[Chunk], expected: Sequence[Chunk]) -> None:
    for one, other in zip(found, expected, strict=True):
        assert one.divergence == other.divergence
        a, b = one.experiment, other.experiment
        assert a.updates == b.updates
        assert a.optimizer_state.updates == b.optimizer_state.updates
        for left, right in (
            (a.parameters.theta, b.parameters.theta),
            (a.optimizer_state.slots, b.optimizer_state.slots),
            (a.history.updates, b.history.updates),
            (a.history.costs, b.history.costs),
            (a.history.test_costs, b.history.test_costs),
        ):
            np.testing.assert_allclose(left, right, rtol=1e-12, atol=1e-13)
        if a.last_update is not None or b.last_update is not None:
            assert a.last_update is not None
            assert b.last_update is not None
            assert not a.last_update.compiled
            np.testing.assert_allclose(a.last_update.gradient, b.last_update.gradient, atol=1e-13)
            np.testing.assert_array_equal(a.last_update.after, a.parameters.theta)


def unlike() -> list[Experiment]:
    """Experiments of several shapes, some of them alike."""
    worked = load_named("example:worked")
    wide = RandomWeights(5).apply(AddLayer(1, 3, "tanh").apply(worked))  # 2-3-2-2
    shared = SetBiasPolicy(BiasPolicy.SHARED).apply(worked)
    locked = replace(wide, locked=frozenset({parse_name("W2[1,2]")}))
    return [
        worked,
        wide,
        SetValue(ETA, 0.1).apply(worked),
        SetOptimizer("adam").apply(wide),
        SetPenalty(0.01, 0.02).apply(wide),
        shared,
        locked,
        replace(worked, clip=0.05),
        advance(worked, 7, with_compiled=False).experiment,
    ]


def test_experiments_of_several_shapes_come_back_in_their_order() -> None:
    experiments = unlike()
    assert_same(advance_together(experiments, 30), one_by_one(experiments, 30))


def test_batches_and_test_samples_are_those_of_the_experiments() -> None:
    base = replace(load_named("example:spiral"), batches=Batches(7, shuffle=True))
    experiments = [RandomWeights(seed).apply(base) for seed in (1, 2, 3)]
    assert len(base.t_test) > 0
    assert_same(advance_together(experiments, 40), one_by_one(experiments, 40))


def test_what_diverges_says_where_and_the_others_go_on() -> None:
    linear = load_named("example:worked")
    for layer in (1, 2):
        linear = SetActivation(layer, "linear").apply(linear)
    experiments = [SetValue(ETA, eta).apply(linear) for eta in (0.1, 1e300, 0.2, 1e160)]
    found = advance_together(experiments, 25)
    assert_same(found, one_by_one(experiments, 25))
    assert [chunk.divergence is None for chunk in found] == [True, False, True, False]


def test_narrow_stacks_and_none_at_all_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    experiments = [RandomWeights(seed).apply(load_named("example:worked")) for seed in range(7)]
    wide = advance_together(experiments, 20)
    monkeypatch.setattr(together, "_WIDEST", 3)
    for one, other in zip(advance_together(experiments, 20), wide, strict=True):
        np.testing.assert_array_equal(
            one.experiment.parameters.theta, other.experiment.parameters.theta
        )
    monkeypatch.setattr(together, "is_worthwhile", lambda task: False)
    assert_same(advance_together(experiments, 20), wide)


def test_nothing_to_train_is_no_trouble() -> None:
    assert advance_together([], 10) == []
