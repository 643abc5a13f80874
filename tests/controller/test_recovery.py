"""Unsaved work outlives its window, and windows do not fight over it."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QLockFile
from pytestqt.qtbot import QtBot

from bp_gui.controller.document import Document
from bp_gui.controller.recovery import Recovery
from bp_gui.controller.settings import Settings
from bp_gui.controller.store import Store
from bp_gui.controller.training import TrainingController
from bp_gui.engine.names import parse_name
from bp_gui.session.edits import SetValue
from bp_gui.session.experiment import Experiment
from bp_gui.session.recovery_file import read
from bp_gui.session.training import advance

W111 = parse_name("W1[1,1]")
NEVER_MS = 10**9


class Window:
    """The controllers of one window, without its views."""

    def __init__(self, experiment: Experiment, folder: Path, interval_ms: int = NEVER_MS) -> None:
        self.store = Store(experiment)
        self.document = Document(self.store, Settings(folder.parent / "settings.ini"))
        self.training = TrainingController(self.store)
        self.recovery = Recovery(
            self.store, self.document, self.training, folder, interval_ms=interval_ms
        )

    def crash(self) -> None:
        """Let the locks go as a process that is gone does, and write nothing any more."""
        self.recovery._timer.stop()
        if self.recovery._lock is not None:
            self.recovery._lock.unlock()
        self.training.shut_down()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recovery"


@pytest.fixture
def window(qapp: QCoreApplication, worked: Experiment, folder: Path) -> Window:
    return Window(worked, folder)


def test_nothing_is_written_while_nothing_has_changed(window: Window, folder: Path) -> None:
    assert window.recovery.keep()
    assert not folder.exists()


def test_a_change_is_kept_and_saving_takes_it_away(
    window: Window, folder: Path, tmp_path: Path
) -> None:
    window.store.submit(SetValue(W111, 0.5))
    assert window.recovery.keep()
    kept = read(window.recovery.path)
    assert kept.name == "Worked example"
    assert kept.project().experiment.parameters.W[0][0, 0] == 0.5
    assert window.document.save(tmp_path / "mine.backprop.json")
    assert list(folder.iterdir()) == []


def test_the_timer_keeps_a_change(
    qapp: QCoreApplication, worked: Experiment, folder: Path, qtbot: QtBot
) -> None:
    window = Window(worked, folder, interval_ms=10)
    window.store.submit(SetValue(W111, 0.5))
    qtbot.waitUntil(lambda: window.recovery.path.exists())
    window.recovery.close()


def test_undoing_everything_takes_the_file_away(window: Window) -> None:
    window.store.submit(SetValue(W111, 0.5))
    window.recovery.keep()
    window.store.undo_stack.undo()
    window.recovery.keep()
    assert not window.recovery.path.exists()


def test_the_end_of_a_training_is_kept(window: Window, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.training.running_changed, check_params_cb=lambda on: not on):
        window.training.run(50)
    assert read(window.recovery.path).updates == 50
    window.training.shut_down()


def test_what_a_crash_left_is_restored_bit_for_bit_and_not_saved(
    window: Window, worked: Experiment, folder: Path
) -> None:
    window.store.submit(SetValue(W111, np.nextafter(0.1, 1.0)))
    window.store.show(advance(window.store.experiment, 30).experiment)
    lost = window.store.experiment
    window.recovery.keep()
    window.crash()
    later = Window(worked, folder)
    (left,), problems = later.recovery.left_behind()
    assert problems == []
    assert left.content.updates == 30
    assert left.content.cost == lost.batch_cost()
    assert later.recovery.restore(left) == ""
    found = later.store.experiment
    assert found.parameters.theta.tobytes() == lost.parameters.theta.tobytes()
    assert found.history.costs.tobytes() == lost.history.costs.tobytes()
    assert later.document.is_modified
    assert [path.suffix for path in sorted(folder.iterdir())] == [".lock", ".recovery"]
    assert later.recovery.path.exists()
    later.recovery.close()


def test_two_windows_leave_each_other_alone(
    window: Window, worked: Experiment, folder: Path
) -> None:
    other = Window(worked, folder)
    for each, value in ((window, 0.5), (other, 0.6)):
        each.store.submit(SetValue(W111, value))
        each.recovery.keep()
    assert window.recovery.path != other.recovery.path
    assert window.recovery.left_behind() == ([], [])
    other.recovery.close()
    assert window.recovery.path.exists()
    window.recovery.close()


def test_a_file_is_offered_by_one_window_at_a_time_and_kept_for_later(
    window: Window, worked: Experiment, folder: Path
) -> None:
    window.store.submit(SetValue(W111, 0.5))
    window.recovery.keep()
    window.crash()
    first, second = Window(worked, folder), Window(worked, folder)
    (left,), _ = first.recovery.left_behind()
    assert second.recovery.left_behind() == ([], [])
    left.keep()
    (again,), _ = second.recovery.left_behind()
    assert again.path == left.path
    again.delete()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("damage", ["cut off", "another byte", "no line", "empty"])
def test_a_broken_file_is_set_aside_and_mentioned(
    window: Window, worked: Experiment, folder: Path, damage: str
) -> None:
    window.store.submit(SetValue(W111, 0.5))
    window.recovery.keep()
    window.crash()
    path = window.recovery.path
    whole = path.read_bytes()
    path.write_bytes(
        {
            "cut off": whole[:-20],
            "another byte": whole[:-20] + b"7" + whole[-19:],
            "no line": b"[" * 100_000,
            "empty": b"",
        }[damage]
    )
    later = Window(worked, folder)
    left, (sentence,) = later.recovery.left_behind()
    assert left == []
    assert path.name in sentence
    assert "\n" not in sentence
    assert [each.name for each in folder.iterdir()] == [path.name + ".broken"]


def test_a_project_of_a_newer_version_is_set_aside_when_it_is_restored(
    window: Window, worked: Experiment, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.store.submit(SetValue(W111, 0.5))
    with monkeypatch.context() as patch:
        newer = '{"format": "backprop-explorer", "version": 99}'
        patch.setattr("bp_gui.session.recovery_file.dumps_project", lambda project: newer)
        window.recovery.keep()
    window.crash()
    later = Window(worked, folder)
    (left,), _ = later.recovery.left_behind()
    before = later.store.experiment
    sentence = later.recovery.restore(left)
    assert "newer" in sentence
    assert later.store.experiment is before
    assert left.path.with_name(left.path.name + ".broken").exists()


def test_a_folder_that_cannot_be_written_is_said_once(
    window: Window, folder: Path, qtbot: QtBot
) -> None:
    folder.write_text("a file where the folder should be")
    said: list[str] = []
    window.recovery.failed.connect(said.append)
    window.store.submit(SetValue(W111, 0.5))
    assert not window.recovery.keep()
    assert not window.recovery.keep()
    assert len(said) == 1
    assert str(folder) in said[0]


def test_a_full_disk_is_named_as_the_reason(
    window: Window, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a full disk QLockFile fails, and its error is only "unknown"."""
    monkeypatch.setattr(QLockFile, "tryLock", lambda lock, wait: False)
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    said: list[str] = []
    window.recovery.failed.connect(said.append)
    window.store.submit(SetValue(W111, 0.5))
    with monkeypatch.context() as patch:
        patch.setattr("bp_gui.controller.document.write_whole", Mock(side_effect=full))
        assert not window.recovery.keep()
    assert said == [f"Unsaved changes cannot be kept in {folder}: {os.strerror(errno.ENOSPC)}"]
    assert list(folder.iterdir()) == []


def test_what_is_tried_to_find_the_reason_leaves_nothing(
    window: Window, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QLockFile, "tryLock", lambda lock, wait: False)
    said: list[str] = []
    window.recovery.failed.connect(said.append)
    window.store.submit(SetValue(W111, 0.5))
    assert not window.recovery.keep()
    assert said[0].endswith("the file cannot be locked there")
    assert list(folder.iterdir()) == []


def test_a_lock_of_a_process_that_is_gone_can_be_had(folder: Path) -> None:
    folder.mkdir()
    lock = folder / "1-dead.lock"
    owner = QLockFile(str(lock))
    assert owner.tryLock(0)
    number, *rest = lock.read_text().split("\n")
    owner.unlock()
    lock.write_text("\n".join(["999999999", *rest]))
    assert number
    again = QLockFile(str(lock))
    again.setStaleLockTime(0)
    assert again.tryLock(0)
    again.unlock()
