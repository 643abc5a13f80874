"""The store: submitting edits, undo, redo, merging."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from bp_gui.controller import commands
from bp_gui.controller.store import Store
from bp_gui.engine.names import ETA, parse_name
from bp_gui.engine.network import BiasPolicy
from bp_gui.session.edits import (
    RandomWeights,
    ResetTraining,
    SetBiasPolicy,
    SetLocked,
    SetSeed,
    SetValue,
)
from bp_gui.session.experiment import Experiment
from bp_gui.session.training import advance

W212 = parse_name("W2[1,2]")


@pytest.fixture
def store(qapp: QCoreApplication, worked: Experiment) -> Store:
    return Store(worked)


def test_an_edit_is_shown_and_named(store: Store, qtbot: QtBot) -> None:
    with qtbot.waitSignal(store.snapshot_changed) as shown:
        assert store.submit(SetValue(W212, 0.41))
    new, old = shown.args
    assert new.value(W212) == 0.41
    assert old.value(W212) == 0.45
    assert store.undo_stack.undoText() == "Set W2[1,2] to 0.41"


def test_a_refused_edit_changes_nothing_and_says_why(store: Store, qtbot: QtBot) -> None:
    before = store.snapshot
    with qtbot.waitSignal(store.edit_refused) as refused:
        assert not store.submit(SetValue(ETA, -1.0))
    assert "eta" in refused.args[0]
    assert "−1" in refused.args[0]
    assert store.snapshot is before
    assert store.undo_stack.count() == 0


@pytest.mark.parametrize(
    "edit",
    [
        SetValue(W212, 0.41),
        SetValue(parse_name("b1[2]"), 1e-300),
        SetValue(parse_name("x[1]"), -3.0),
        SetValue(parse_name("t[2]"), 0.5),
        SetValue(ETA, 2.0),
        SetBiasPolicy(BiasPolicy.SHARED),
        SetLocked(W212, True),
        SetSeed(7),
        RandomWeights(3),
        ResetTraining(),
    ],
    ids=lambda edit: edit.label,
)
def test_undo_and_redo_bring_back_the_very_same_experiment(store: Store, edit: object) -> None:
    store.show(advance(store.experiment, 3).experiment)
    before = store.experiment
    assert store.submit(edit)  # type: ignore[arg-type]
    after = store.experiment
    store.undo_stack.undo()
    assert store.experiment is before
    store.undo_stack.redo()
    assert store.experiment is after


def test_undo_of_training_is_exact_to_the_last_bit(store: Store) -> None:
    before = store.experiment
    theta, costs = before.parameters.theta.copy(), len(before.history)
    store.show(advance(before, 137).experiment)
    store.record(before, "Train 137 updates")
    store.undo_stack.undo()
    np.testing.assert_array_equal(store.experiment.parameters.theta, theta)
    assert len(store.experiment.history) == costs
    assert store.experiment.updates == 0


def test_a_burst_on_one_box_is_one_undo_entry(store: Store) -> None:
    for value in (0.46, 0.47, 0.48):
        store.submit(SetValue(W212, value))
    assert store.undo_stack.count() == 1
    assert store.undo_stack.undoText() == "Set W2[1,2] to 0.48"
    store.undo_stack.undo()
    assert store.snapshot.value(W212) == 0.45


def test_edits_of_different_boxes_stay_apart(store: Store) -> None:
    store.submit(SetValue(W212, 0.46))
    store.submit(SetValue(parse_name("W2[1,1]"), 0.3))
    assert store.undo_stack.count() == 2


def test_edits_after_a_pause_stay_apart(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "MERGE_SECONDS", -1.0)
    store.submit(SetValue(W212, 0.46))
    store.submit(SetValue(W212, 0.47))
    assert store.undo_stack.count() == 2


def test_another_project_cannot_be_undone_into(store: Store, worked: Experiment) -> None:
    store.submit(SetValue(W212, 0.46))
    store.start_over(replace(worked, eta=0.1))
    assert not store.undo_stack.canUndo()
    assert store.experiment.eta == 0.1
