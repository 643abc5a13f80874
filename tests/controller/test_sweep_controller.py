"""A sweep beside the window: progress, cancelling, failing, and opening a run."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from bp_gui.controller import sweep as module
from bp_gui.controller.store import Store
from bp_gui.controller.sweep import Ending, Finished, Progress, SweepController
from bp_gui.controller.timeline import TimelineController
from bp_gui.engine import compiled
from bp_gui.engine.names import ETA
from bp_gui.session.edits import RandomWeights, SetValue
from bp_gui.session.examples import load_named
from bp_gui.session.experiment import Experiment
from bp_gui.session.project_file import dumps
from bp_gui.session.sweep.run import compute
from bp_gui.session.sweep.spec import Sweep, SweepError, read_request
from bp_gui.session.training import advance

GRID = {"eta": [0.1, 0.5], "initial_seed": [1, 2, 3]}


def sweep_of(base: Experiment, **spec: object) -> Sweep:
    request = read_request(json.dumps({"updates": 60, "grid": GRID, **spec}))
    return request.starting_from(dumps(base))


@pytest.fixture(autouse=True, scope="module")
def loops() -> None:
    """Compile the loops first where they are not on disk: no test should wait for that."""
    compiled.load()


@pytest.fixture
def store(qapp: QCoreApplication) -> Store:
    return Store(load_named("example:xor"))  # 2-3-1


@pytest.fixture
def timeline(store: Store) -> TimelineController:
    return TimelineController(store)


@pytest.fixture
def controller(store: Store, timeline: TimelineController) -> Iterator[SweepController]:
    made = SweepController(store, timeline)
    yield made
    made.shut_down()


class Heard:
    """What a controller has told."""

    def __init__(self, controller: SweepController) -> None:
        self.finished: list[Finished] = []
        self.progress: list[Progress] = []
        self.endings: list[Ending] = []
        controller.came.connect(self.finished.extend)
        controller.progressed.connect(self.progress.append)
        controller.ended.connect(self.endings.append)


def finish(controller: SweepController, sweep: Sweep, qtbot: QtBot) -> Heard:
    heard = Heard(controller)
    controller.run(sweep)
    qtbot.waitUntil(lambda: bool(heard.endings), timeout=60_000)
    return heard


def test_every_run_comes_once_with_the_numbers_of_the_command(
    controller: SweepController, store: Store, qtbot: QtBot
) -> None:
    sweep = sweep_of(store.experiment)
    heard = finish(controller, sweep, qtbot)
    found = {each.result.run: each for each in heard.finished}
    for expected in compute(sweep, range(6)):
        assert found[expected.run].result.cost == expected.cost
        shown = found[expected.run]
        assert list(zip(shown.updates, shown.costs, strict=True)) == list(expected.curve)
    assert heard.endings == [Ending(6, 0, 6, cancelled=False, error="")]
    assert (heard.progress[0].done, heard.progress[-1].done) == (0, 6)
    assert not controller.is_running


def test_runs_that_fail_are_counted_and_the_others_go_on(
    controller: SweepController, store: Store, qtbot: QtBot
) -> None:
    sweep = sweep_of(store.experiment, grid={"activation": ["softmax", "tanh"]})
    heard = finish(controller, sweep, qtbot)
    assert heard.endings == [Ending(2, 1, 2, cancelled=False, error="")]
    (refused,) = (each for each in heard.finished if each.result.error)
    assert "last layer only" in refused.result.error
    assert len(refused.updates) == 0


def test_a_cancelled_sweep_keeps_what_came_and_ends_within_a_run(
    controller: SweepController, store: Store, qtbot: QtBot
) -> None:
    heard = Heard(controller)
    # The second run would take a day.
    base = store.experiment
    controller.run(sweep_of(base, grid={"activation": ["softmax", "tanh"]}, updates=10**9))
    qtbot.waitUntil(lambda: len(heard.finished) == 1, timeout=60_000)
    controller.cancel()
    assert heard.endings == [Ending(1, 1, 2, cancelled=True, error="")]
    controller.shut_down()
    assert not [each for each in threading.enumerate() if each.name.startswith("sweep")]


def test_a_new_sweep_takes_over(controller: SweepController, store: Store, qtbot: QtBot) -> None:
    controller.run(sweep_of(store.experiment, updates=10**9))
    heard = finish(controller, sweep_of(store.experiment), qtbot)
    assert [ending.cancelled for ending in heard.endings] == [True]
    qtbot.waitUntil(lambda: len(heard.endings) == 2, timeout=60_000)
    assert heard.endings[1].done == 6


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (SweepError("the cluster has gone"), "the cluster has gone"),
        (MemoryError(), "there is not enough memory"),
        (OSError("disk"), "OSError: disk"),
    ],
)
def test_what_goes_wrong_is_said_in_a_sentence(
    controller: SweepController,
    store: Store,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    problem: Exception,
    said: str,
) -> None:
    def broken(*_: object) -> Iterator[object]:
        raise problem

    monkeypatch.setattr(module, "results_in_threads", broken)
    heard = finish(controller, sweep_of(store.experiment), qtbot)
    assert heard.endings == [Ending(0, 0, 6, cancelled=False, error=said)]


def test_the_time_left_follows_from_the_pace(
    controller: SweepController, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]

    def two_slow_ones(sweep: Sweep, *_: object) -> Iterator[object]:
        now[0] = 110.0
        yield from compute(sweep, [0, 1])

    monkeypatch.setattr(module, "_loaded", lambda _: None)
    monkeypatch.setattr(module, "time", SimpleNamespace(perf_counter=lambda: now[0]))
    monkeypatch.setattr(module, "results_in_threads", two_slow_ones)
    work = module._sweeping(sweep_of(store.experiment), lambda: False)
    controller._sweep = sweep_of(store.experiment)
    heard = Heard(controller)
    controller._take([next(work)])
    controller._take([next(work), next(work)])
    # Two of six runs in ten seconds: four are left.
    assert heard.progress == [Progress(2, 6, 20.0)]


def test_an_opened_run_has_the_numbers_of_its_row_and_undo_takes_it_back(
    controller: SweepController, store: Store, timeline: TimelineController, qtbot: QtBot
) -> None:
    before = store.experiment
    sweep = sweep_of(before)
    heard = finish(controller, sweep, qtbot)
    (row,) = (each.result for each in heard.finished if each.result.run == 4)
    with qtbot.waitSignal(controller.opened, timeout=60_000):
        controller.open_run(4)
    shown = store.experiment
    assert shown.batch_cost() == row.cost
    start = RandomWeights(2).apply(SetValue(ETA, 0.5).apply(load_named("example:xor")))
    expected = advance(start, 60).experiment
    np.testing.assert_allclose(shown.parameters.theta, expected.parameters.theta, rtol=1e-9)
    assert store.undo_stack.undoText() == "Sweep run 5: η 0.5, seed 2"
    assert timeline.branch.name == "Sweep run 5: η 0.5, seed 2"
    assert [branch.last for branch in timeline.timeline.branches] == [0, 60]
    store.undo_stack.undo()
    assert store.experiment is before
    assert timeline.branch.name == "Run 1"
    store.undo_stack.redo()
    assert store.experiment is shown
    assert timeline.branch.name == "Sweep run 5: η 0.5, seed 2"


def test_between_the_ends_of_an_opened_run_lies_its_own_training(
    controller: SweepController, store: Store, timeline: TimelineController, qtbot: QtBot
) -> None:
    finish(controller, sweep_of(store.experiment), qtbot)
    with qtbot.waitSignal(controller.opened, timeout=60_000):
        controller.open_run(4)
    timeline.go_to_update(30)
    start = RandomWeights(2).apply(SetValue(ETA, 0.5).apply(load_named("example:xor")))
    expected = advance(start, 30).experiment
    np.testing.assert_allclose(
        store.experiment.parameters.theta, expected.parameters.theta, rtol=1e-9
    )


def test_the_same_run_opened_twice_is_two_branches(
    controller: SweepController, store: Store, timeline: TimelineController, qtbot: QtBot
) -> None:
    finish(controller, sweep_of(store.experiment), qtbot)
    for _ in range(2):
        with qtbot.waitSignal(controller.opened, timeout=60_000):
            controller.open_run(0)
    names = [branch.name for branch in timeline.timeline.branches]
    assert names[1:] == ["Sweep run 1: η 0.1, seed 1", "Sweep run 1: η 0.1, seed 1 (2)"]
    assert timeline.timeline.is_at_tip
    store.undo_stack.undo()
    assert timeline.branch.name == names[1]


def test_a_run_that_could_not_be_made_cannot_be_opened(
    controller: SweepController, store: Store, qtbot: QtBot
) -> None:
    before = store.experiment
    finish(controller, sweep_of(before, grid={"activation": ["softmax"]}), qtbot)
    with qtbot.waitSignal(controller.refused, timeout=60_000) as refused:
        controller.open_run(0)
    assert refused.args[0].startswith("Run 1 cannot be opened: softmax")
    assert store.experiment is before
    assert store.undo_stack.count() == 0


def test_opening_can_be_given_up(controller: SweepController, store: Store, qtbot: QtBot) -> None:
    controller.run(sweep_of(store.experiment, updates=10**9))
    controller.cancel()
    before = store.experiment
    controller.open_run(0)
    controller.drop_opening()
    controller.shut_down()
    assert store.experiment is before
