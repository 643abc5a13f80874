"""The timeline: every moment comes back bit for bit, and a changed past opens a branch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bp_gui.engine.batches import Batches
from bp_gui.engine.names import ETA
from bp_gui.engine.network import BiasPolicy
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.session import timeline as module
from bp_gui.session.edits import ResetTraining, SetValue
from bp_gui.session.experiment import Experiment
from bp_gui.session.timeline import Timeline, TimelineError
from bp_gui.session.training import advance


def trained(timeline: Timeline, updates: int, pieces: int = 1) -> None:
    """Train in as many pieces, as a run does."""
    for _ in range(pieces):
        timeline.record(advance(timeline.present, updates // pieces).experiment)


def edited(timeline: Timeline, eta: float, *, merged: bool = False) -> None:
    edit = SetValue(ETA, eta)
    timeline.record(edit.apply(timeline.present), edit.label, merged=merged)


@pytest.fixture
def shuffled_adam(worked: Experiment) -> Experiment:
    """Adam on shuffled mini-batches: the hardest to repeat."""
    generator = np.random.default_rng(3)
    adam = OPTIMIZERS["adam"]
    return replace(
        worked.with_samples(generator.normal(size=(7, 2)), generator.uniform(size=(7, 2))),
        optimizer_name="adam",
        optimizer_settings=adam.defaults,
        optimizer_state=adam.initial_state(12),
        batches=Batches(3, shuffle=True),
        bias_policy=BiasPolicy.PER_NEURON,
        eta=0.05,
    )


def test_every_update_comes_back_bit_for_bit(shuffled_adam: Experiment) -> None:
    timeline = Timeline(shuffled_adam)
    states = [shuffled_adam]
    for _ in range(60):
        states.append(advance(states[-1], 1).experiment)
    trained(timeline, 60, pieces=4)
    for update in (0, 1, 14, 15, 16, 37, 60):
        found = timeline.go_to(0, update)
        assert found.updates == update
        assert found.parameters.theta.tobytes() == states[update].parameters.theta.tobytes()
        slots = found.optimizer_state.slots.tobytes()
        assert slots == states[update].optimizer_state.slots.tobytes()


def test_a_changed_past_opens_a_branch_and_the_old_future_stays(worked: Experiment) -> None:
    timeline = Timeline(worked)
    trained(timeline, 200, pieces=4)
    old_tip = timeline.present
    timeline.go_to(0, 137)
    edited(timeline, 2.0)
    trained(timeline, 50)
    first, second = timeline.branches
    assert first.tip is old_tip
    assert (second.parent, second.first, second.last) == (0, 137, 187)
    assert timeline.branch is second
    assert second.name == "Set eta to 2"
    assert timeline.go_to(0, 200) is old_tip


def test_going_on_from_the_past_without_a_change_follows_the_branch(worked: Experiment) -> None:
    timeline = Timeline(worked)
    trained(timeline, 100, pieces=2)
    timeline.go_to(0, 30)
    trained(timeline, 40)
    assert len(timeline.branches) == 1
    assert not timeline.is_at_tip
    trained(timeline, 60)
    assert len(timeline.branches) == 1
    assert timeline.branch.last == 130


def test_training_past_a_later_edit_opens_a_branch(worked: Experiment) -> None:
    timeline = Timeline(worked)
    trained(timeline, 50)
    edited(timeline, 2.0)
    trained(timeline, 50)
    timeline.go_to(0, 20)
    trained(timeline, 60)
    assert len(timeline.branches) == 2
    assert timeline.branch.tip.eta == worked.eta


def test_undone_edits_leave_no_branch_but_undone_training_does(worked: Experiment) -> None:
    timeline = Timeline(worked)
    edited(timeline, 2.0)
    assert timeline.visit(worked)
    edited(timeline, 3.0)
    assert len(timeline.branches) == 1
    assert [moment.experiment.eta for moment in timeline.branch.moments] == [0.5, 3.0]
    trained(timeline, 10)
    assert timeline.visit(worked)
    edited(timeline, 4.0)
    assert len(timeline.branches) == 2


def test_a_burst_of_edits_is_one_moment(worked: Experiment) -> None:
    timeline = Timeline(worked)
    edited(timeline, 1.0)
    edited(timeline, 2.0, merged=True)
    edited(timeline, 3.0, merged=True)
    assert [moment.experiment.eta for moment in timeline.branch.moments] == [0.5, 3.0]


def test_a_reset_begins_a_run_of_its_own(worked: Experiment) -> None:
    timeline = Timeline(worked)
    trained(timeline, 10)
    reset = ResetTraining()
    timeline.record(reset.apply(timeline.present), reset.label)
    assert [branch.name for branch in timeline.branches] == ["Run 1", "Run 2"]
    assert timeline.branch.parent is None


def test_old_moments_are_thinned_and_none_is_lost(
    shuffled_adam: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RECENT", 16)
    timeline = Timeline(shuffled_adam)
    start = timeline.present
    trained(timeline, 20)
    edited(timeline, 0.1)
    trained(timeline, 400, pieces=400)
    assert len(timeline.branch.moments) < 40
    assert len(list(timeline.branch.edits())) == 1
    expected = advance(advance(start, 20).experiment, 0).experiment
    expected = advance(replace(expected, eta=0.1), 117).experiment
    found = timeline.go_to(0, 137)
    assert found.parameters.theta.tobytes() == expected.parameters.theta.tobytes()


def test_what_an_edit_was_made_of_and_where_the_code_changed_is_not_thinned(
    worked: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RECENT", 8)
    timeline = Timeline(worked)
    trained(timeline, 21, pieces=21)
    other = timeline.present
    last = other.last_update
    assert last is not None
    timeline.record(replace(other, last_update=replace(last, compiled=not last.compiled)))
    before = timeline.present
    edited(timeline, 0.1)
    trained(timeline, 200, pieces=200)
    kept = [moment.experiment for moment in timeline.branch.moments]
    assert len(kept) < 30
    assert any(each is before for each in kept)
    assert any(each is other for each in kept)


def test_undo_finds_a_moment_that_was_thinned(
    worked: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RECENT", 16)
    timeline = Timeline(worked)
    states = []
    for _ in range(100):
        trained(timeline, 1)
        states.append(timeline.present)
    assert all(timeline.visit(state) for state in states)


def test_the_lowest_cost_is_found(worked: Experiment) -> None:
    timeline = Timeline(worked)
    trained(timeline, 50)
    edited(timeline, 500.0)
    trained(timeline, 3)
    costs = np.append(timeline.present.history.costs, timeline.present.batch_cost())
    assert timeline.branch.lowest() == np.argmin(costs)


def test_branches_are_renamed_and_deleted_but_not_the_one_in_use(worked: Experiment) -> None:
    timeline = Timeline(worked)
    trained(timeline, 10)
    timeline.go_to(0, 5)
    edited(timeline, 2.0)
    trained(timeline, 5)
    timeline.rename(1, "  faster ")
    assert timeline.branch.name == "faster"
    for name in ("", " ", "Run 1", "x" * 41):
        with pytest.raises(TimelineError):
            timeline.rename(1, name)
    with pytest.raises(TimelineError, match="in use"):
        timeline.delete(1)
    timeline.delete(0)
    assert [branch.parent for branch in timeline.branches] == [None]
    with pytest.raises(TimelineError, match="number 0"):
        timeline.go_to(0, 1)
