"""Closing, opening and saving with unsaved changes, two windows, bad files: nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QPushButton

from bp_gui.app import Program
from bp_gui.engine.names import parse_name
from bp_gui.session.edits import SetValue
from bp_gui.session.examples import load_named
from bp_gui.session.project_file import load, save
from bp_gui.session.recovery_file import read
from bp_gui.views.dialogs.recovery import RecoveryDialog
from bp_gui.views.questions import Answer, Conflict

ROOT = Path(__file__).parents[2]
W111 = parse_name("W1[1,1]")
NEVER_MS = 10**9


def leave(program: Program, folder: Path, value: float) -> Path:
    """Leave a recovery file behind as a crashed window does; return its path."""
    recovery = program.keep_safe(folder, NEVER_MS)
    program.store.submit(SetValue(W111, value))
    assert recovery.keep()
    assert recovery._lock is not None
    recovery._lock.unlock()
    recovery._lock = None
    return recovery.path


def dialog_of(program: Program) -> RecoveryDialog:
    dialog = program.window.findChild(RecoveryDialog)
    assert isinstance(dialog, RecoveryDialog)
    return dialog


def press(dialog: RecoveryDialog, text: str) -> None:
    next(each for each in dialog.findChildren(QPushButton) if text in each.text()).click()


@pytest.fixture
def later(make_program: Callable[..., Program], tmp_path: Path) -> tuple[Program, Path]:
    """A window that opens after another has crashed, and what that one left."""
    path = leave(make_program(), tmp_path / "recovery", 0.75)
    program = make_program()
    program.keep_safe(tmp_path / "recovery", NEVER_MS)
    program.offer_recovery()
    return program, path


def test_the_next_start_lists_what_a_crash_left_and_restores_it(
    later: tuple[Program, Path],
) -> None:
    program, path = later
    dialog = dialog_of(program)
    shown = [dialog.table.item(0, column).text() for column in range(4)]
    assert shown[0] == "Worked example"
    assert shown[2] == "0"
    assert shown[3].startswith("0.")
    press(dialog, "Restore")
    assert program.store.experiment.parameters.W[0][0, 0] == 0.75
    assert program.window.isWindowModified()
    assert not path.exists()
    assert program.recovery is not None
    assert program.recovery.path.exists()


def test_keeping_for_later_and_closing_the_question_delete_nothing(
    later: tuple[Program, Path],
) -> None:
    program, path = later
    press(dialog_of(program), "Keep")
    assert path.exists()
    program.offer_recovery()
    dialog = program.window.findChildren(RecoveryDialog)[-1]
    dialog.close()
    assert path.exists()


def test_deleting_needs_a_yes(later: tuple[Program, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    program, path = later
    dialog = dialog_of(program)
    monkeypatch.setattr(dialog, "confirm_deletion", lambda name: False)
    press(dialog, "Delete")
    assert path.exists()
    monkeypatch.setattr(dialog, "confirm_deletion", lambda name: True)
    press(dialog, "Delete")
    assert not path.exists()
    assert not dialog.isVisible()


def test_a_clean_exit_leaves_no_recovery_file(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recovery = program.keep_safe(tmp_path / "recovery", NEVER_MS)
    program.store.submit(SetValue(W111, 0.5))
    recovery.keep()
    monkeypatch.setattr(program.window, "ask_about_changes", lambda name: Answer.CANCEL)
    assert not program.window.close()
    assert recovery.path.exists()
    monkeypatch.setattr(program.window, "ask_about_changes", lambda name: Answer.DISCARD)
    assert program.window.close()
    assert list((tmp_path / "recovery").iterdir()) == []


def test_a_failed_save_offers_another_place_and_closing_goes_on_from_there(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    taken, free = tmp_path / "taken.backprop.json", tmp_path / "free.backprop.json"
    taken.mkdir()
    places = iter([taken, free])
    window = program.window
    monkeypatch.setattr(window, "ask_file_to_save", lambda suggestion: next(places))
    monkeypatch.setattr(window, "ask_to_save_elsewhere", lambda text: bool(said.append(text)) or 1)
    monkeypatch.setattr(window, "ask_about_changes", lambda name: Answer.SAVE)
    program.store.submit(SetValue(W111, 0.5))
    assert window.close()
    assert len(said) == 1
    assert "taken.backprop.json cannot be written" in said[0]
    assert load(free).parameters.W[0][0, 0] == 0.5


def test_a_failed_save_that_is_given_up_keeps_the_window_open(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program.window, "ask_file_to_save", lambda suggestion: tmp_path)
    monkeypatch.setattr(program.window, "ask_to_save_elsewhere", lambda sentence: False)
    monkeypatch.setattr(program.window, "ask_about_changes", lambda name: Answer.SAVE)
    program.store.submit(SetValue(W111, 0.5))
    assert not program.window.close()
    assert program.window.isVisible()


def test_what_another_window_saved_is_not_replaced_unasked(
    make_program: Callable[..., Program], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = tmp_path / "shared.backprop.json", tmp_path / "other.backprop.json"
    save(load_named("example:worked"), path)
    first, second = make_program(), make_program()
    for program, value in ((first, 0.25), (second, 0.75)):
        assert program.open(path)
        program.store.submit(SetValue(W111, value))
    asked: list[Path] = []
    answers = iter([Conflict.CANCEL, Conflict.SAVE_AS])

    def answer(shared: Path) -> Conflict:
        asked.append(shared)
        return next(answers)

    for program in (first, second):
        monkeypatch.setattr(program.window, "ask_about_conflict", answer)
        monkeypatch.setattr(program.window, "ask_file_to_save", lambda _: other)
    assert first.save()
    assert not asked
    assert not second.save()
    assert second.document.is_modified
    assert second.save()
    assert asked == [path, path]
    assert load(path).parameters.W[0][0, 0] == 0.25
    assert load(other).parameters.W[0][0, 0] == 0.75
    first.store.submit(SetValue(W111, 0.5))
    assert first.save()
    assert len(asked) == 2


def test_dropping_a_bad_file_over_unsaved_changes_asks_nothing_and_loses_nothing(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    program.document.failed.disconnect()
    program.document.failed.connect(said.append)

    def ask(name: str) -> Answer:
        raise AssertionError("asked about changes for a file that cannot be opened")

    monkeypatch.setattr(program.window, "ask_about_changes", ask)
    program.store.submit(SetValue(W111, 0.5))
    bad = tmp_path / "bad.backprop.json"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(bad))])
    nothing = Qt.KeyboardModifier.NoModifier
    button, action = Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
    program.window.dropEvent(QDropEvent(QPointF(9, 9), action, data, button, nothing))
    assert len(said) == 1
    assert "bad.backprop.json" in said[0]
    assert program.store.experiment.parameters.W[0][0, 0] == 0.5
    assert program.document.is_modified


def test_a_screenshot_writes_no_recovery_file(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "main.py", "--screenshot", str(tmp_path / "a.png"), "--updates", "3"],
        cwd=ROOT,
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert not (tmp_path / "data").exists()


def test_a_kill_in_the_middle_of_a_training_loses_no_more_than_the_interval(
    tmp_path: Path,
) -> None:
    folder, interval_ms = tmp_path / "recovery", 200
    script = (
        "import sys; from pathlib import Path\n"
        "from bp_gui import app\n"
        "from bp_gui.controller.settings import Settings\n"
        "from bp_gui.session.examples import load_named\n"
        "a = app.make_application(['x'])\n"
        f"p = app.Program(load_named('example:worked'), Settings(Path({str(tmp_path / 's')!r})))\n"
        f"p.keep_safe(Path({str(folder)!r}), {interval_ms})\n"
        "say = lambda new, old: print(new.experiment.updates, flush=True)\n"
        "p.store.snapshot_changed.connect(say)\n"
        "p.training.set_rate(500); p.window.show(); p.training.run()\n"
        "sys.exit(a.exec())\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    before: list[tuple[float, int]] = []
    for line in child.stdout:
        before.append((time.monotonic(), int(line)))
        if before[-1][0] - before[0][0] > 10 * interval_ms / 1000:
            break
    child.send_signal(signal.SIGKILL)
    killed = time.monotonic()
    child.wait()
    child.stdout.close()
    (path,) = folder.glob("*.recovery")
    found = read(path)
    found.project()
    # Twice the interval: the clock of a busy machine is late, but never by another interval.
    known = max(updates for moment, updates in before if moment < killed - 2 * interval_ms / 1000)
    assert found.updates >= known > 0
