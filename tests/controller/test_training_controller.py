"""Runs in the worker thread: one undo entry, edits in between, divergence, shutting down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from bp_gui.controller.store import Store
from bp_gui.controller.training import TrainingController
from bp_gui.engine.names import ETA
from bp_gui.engine.network import Architecture, Parameters
from bp_gui.session.edits import SetValue
from bp_gui.session.experiment import Experiment
from bp_gui.session.training import advance


@pytest.fixture
def store(qapp: QCoreApplication, worked: Experiment) -> Store:
    return Store(worked)


@pytest.fixture
def training(store: Store) -> Iterator[TrainingController]:
    controller = TrainingController(store)
    yield controller
    controller.shut_down()


def test_a_step_is_one_update_and_one_entry(store: Store, training: TrainingController) -> None:
    training.step()
    assert store.experiment.updates == 1
    assert store.undo_stack.undoText() == "Train 1 update"


def test_a_run_of_n_updates_gives_the_same_numbers_as_one_call(
    store: Store, training: TrainingController, qtbot: QtBot, worked: Experiment
) -> None:
    training.run(2500)
    qtbot.waitUntil(lambda: not training.is_running, timeout=30_000)
    expected = advance(worked, 2500).experiment
    np.testing.assert_array_equal(store.experiment.parameters.theta, expected.parameters.theta)
    np.testing.assert_array_equal(store.experiment.history.costs, expected.history.costs)
    assert store.undo_stack.undoText() == "Train 2,500 updates"
    assert store.undo_stack.count() == 1


def test_a_limit_set_during_a_run_ends_it(
    store: Store, training: TrainingController, qtbot: QtBot
) -> None:
    training.run()
    qtbot.waitUntil(lambda: store.experiment.updates > 50, timeout=30_000)
    training.run(1)
    qtbot.waitUntil(lambda: not training.is_running, timeout=30_000)


def test_pausing_keeps_what_was_shown(
    store: Store, training: TrainingController, qtbot: QtBot
) -> None:
    training.run()
    qtbot.waitUntil(lambda: store.experiment.updates > 50, timeout=30_000)
    training.pause()
    shown = store.experiment
    qtbot.wait(50)
    assert store.experiment is shown
    assert store.undo_stack.undoText() == f"Train {shown.updates:,} updates"
    store.undo_stack.undo()
    assert store.experiment.updates == 0


def test_an_edit_during_a_run_takes_effect_and_has_its_own_entry(
    store: Store, training: TrainingController, qtbot: QtBot
) -> None:
    training.run()
    qtbot.waitUntil(lambda: store.experiment.updates > 20, timeout=30_000)
    store.submit(SetValue(ETA, 0.25))
    at_edit = store.experiment.updates
    qtbot.waitUntil(lambda: store.experiment.updates > at_edit + 20, timeout=30_000)
    training.pause()
    labels = [store.undo_stack.text(k) for k in range(store.undo_stack.count())]
    rest = store.experiment.updates - at_edit
    assert labels == [f"Train {at_edit:,} updates", "Set eta to 0.25", f"Train {rest:,} updates"]
    assert store.experiment.eta == 0.25
    store.undo_stack.undo()
    assert store.experiment.updates == at_edit
    assert store.experiment.eta == 0.25


def test_a_refused_edit_during_a_run_does_not_lose_any_of_it(
    store: Store, training: TrainingController, qtbot: QtBot
) -> None:
    training.run()
    qtbot.waitUntil(lambda: store.experiment.updates > 20, timeout=30_000)
    store.submit(SetValue(ETA, -1.0))
    at_edit = store.experiment.updates
    qtbot.waitUntil(lambda: store.experiment.updates > at_edit, timeout=30_000)
    training.pause()
    while store.undo_stack.canUndo():
        store.undo_stack.undo()
    assert store.experiment.updates == 0


def test_a_slow_run_keeps_its_pace(
    store: Store, training: TrainingController, qtbot: QtBot
) -> None:
    training.set_rate(1)
    training.run()
    qtbot.waitUntil(lambda: store.experiment.updates == 1, timeout=30_000)
    qtbot.wait(100)
    training.pause()
    assert store.experiment.updates == 1


def _diverging(worked: Experiment) -> Experiment:
    """Return a linear network whose learning rate blows it up."""
    architecture = Architecture((2, 2, 2), ("linear", "linear"))
    parameters = Parameters(architecture, worked.parameters.theta)
    return replace(worked, parameters=parameters, eta=1e6)


def test_divergence_stops_the_run_at_the_last_finite_state(
    worked: Experiment, qtbot: QtBot, qapp: QCoreApplication
) -> None:
    store = Store(_diverging(worked))
    training = TrainingController(store)
    try:
        with qtbot.waitSignal(training.diverged, timeout=30_000) as found:
            training.run()
        assert not training.is_running
        assert found.args[0].update == store.experiment.updates + 1
        assert np.isfinite(store.experiment.parameters.theta).all()
        assert np.isfinite(store.snapshot.cost)
    finally:
        training.shut_down()


def test_shutting_down_in_the_middle_of_a_run_ends_the_thread(store: Store, qtbot: QtBot) -> None:
    training = TrainingController(store)
    training.run()
    qtbot.waitUntil(lambda: store.experiment.updates > 0, timeout=30_000)
    training.shut_down()
    assert not training.is_running
    training.shut_down()


def test_several_updates_now_are_one_undo_entry_and_what_training_gives(
    store: Store, training: TrainingController, worked: Experiment
) -> None:
    training.step(7)
    expected = advance(worked, 7).experiment.parameters.theta
    assert np.array_equal(store.experiment.parameters.theta, expected)
    assert store.undo_stack.count() == 1
    assert store.undo_stack.undoText() == "Train 7 updates"
