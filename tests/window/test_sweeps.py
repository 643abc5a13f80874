"""The window for sweeps in use: run, cancel, close, open a run, save, load and export."""

from __future__ import annotations

import csv
import json
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from bp_gui.app import Program
from bp_gui.cli import main
from bp_gui.controller.settings import ThemeChoice
from bp_gui.engine import compiled
from bp_gui.engine.names import ETA
from bp_gui.session.edits import SetValue
from bp_gui.session.examples import load_named
from bp_gui.session.project_file import dumps
from bp_gui.views.sweep.window import SweepWindow
from tests.window.test_accessibility import interactive, spoken


@pytest.fixture(autouse=True, scope="module")
def loops() -> None:
    """Compile the loops first where they are not on disk: no test should wait for that."""
    compiled.load()


@pytest.fixture
def xor(make_program: Callable[..., Program]) -> Program:
    return make_program(load_named("example:xor"))


def opened(program: Program, **values: str) -> SweepWindow:
    """Open the window by its action, with few updates and other values."""
    program.window.actions_["sweep"].trigger()
    window = program.sweeps.window
    assert window is not None
    window.form.updates.setValue(50)
    for row in window.form.rows:
        if row.factor.name in values:
            row.line.setText(values[row.factor.name])
    return window


def ran(program: Program, qtbot: QtBot, **values: str) -> SweepWindow:
    window = opened(program, **values)
    window.run.click()
    qtbot.waitUntil(lambda: not program.sweeps.controller.is_running, timeout=60_000)
    return window


def sweep_threads() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name.startswith("sweep")]


def test_pressing_run_at_once_shows_something_useful(xor: Program, qtbot: QtBot) -> None:
    window = ran(xor, qtbot)
    assert window.model.rowCount() == 36
    assert window.message.text() == "36 runs, all complete."
    best = min(window.model.finished, key=lambda each: each.result.cost).result.run
    assert window.model.at(window.table.currentIndex().row()).result.run == best
    assert window.curves.drawn[0] == best
    assert "mean of the runs in a cell" in window.map.note.text()


def test_it_is_a_window_beside_the_other_and_opens_once(xor: Program) -> None:
    first = opened(xor)
    assert first.isWindow()
    assert not first.isModal()
    assert opened(xor) is first


def test_the_sweep_starts_from_the_present(xor: Program, qtbot: QtBot) -> None:
    xor.store.submit(SetValue(ETA, 0.25))
    xor.training.step()
    window = ran(xor, qtbot, eta="0.5")
    sweep = xor.sweeps.controller.sweep
    assert sweep is not None
    assert sweep.base == dumps(xor.store.experiment)
    assert window.model.rowCount() == 6


def test_cancelling_keeps_what_came_and_lets_another_be_run(xor: Program, qtbot: QtBot) -> None:
    window = opened(xor, eta="0.5, 0.6", initial_seed="1, 2")
    window.form.updates.setValue(10**9)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.run.click()
    assert window.cancel.isEnabled()
    assert not window.run.isEnabled()
    assert not window.progress.isHidden()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.message.text() == "Cancelled after 0 of 4 runs."
    assert window.run.isEnabled()
    qtbot.waitUntil(lambda: not sweep_threads())
    assert ran(xor, qtbot, eta="0.5").model.rowCount() == 2


def test_closing_the_window_breaks_the_sweep_off(xor: Program, qtbot: QtBot) -> None:
    window = opened(xor)
    window.form.updates.setValue(10**9)
    window.run.click()
    window.close()
    assert not xor.sweeps.controller.is_running
    qtbot.waitUntil(lambda: not sweep_threads())


def test_the_program_ends_cleanly_while_a_sweep_runs(xor: Program) -> None:
    window = opened(xor)
    window.form.updates.setValue(10**9)
    window.run.click()
    xor.shut_down()
    assert not sweep_threads()
    assert not window.isVisible()


def test_a_run_is_opened_and_undo_takes_it_back(xor: Program, qtbot: QtBot) -> None:
    before = xor.store.experiment
    window = ran(xor, qtbot)
    window.table.sort_by(window.model.cost_column)
    window.table.selectRow(0)
    best = window.model.at(0).result
    with qtbot.waitSignal(xor.sweeps.controller.opened, timeout=60_000):
        QTest.keyClick(window.table, Qt.Key.Key_Return)
    assert xor.store.snapshot.cost == best.cost
    assert xor.store.experiment.updates == 50
    assert xor.window.actions_["undo"].text().startswith(f"&Undo Sweep run {best.run + 1}")
    assert window.message.text().startswith(f"Run {best.run + 1} is open")
    _, others = xor.window.curve._branches
    assert not others or others[0].updates[-1] == 0
    xor.window.actions_["undo"].trigger()
    assert xor.store.experiment is before
    xor.window.actions_["redo"].trigger()
    assert xor.store.snapshot.cost == best.cost


def test_two_opened_runs_are_compared_as_branches(xor: Program, qtbot: QtBot) -> None:
    ran(xor, qtbot)
    for run in (3, 20):
        with qtbot.waitSignal(xor.sweeps.controller.opened, timeout=60_000):
            xor.sweeps.controller.open_run(run)
    names = [branch.name for branch in xor.timeline.timeline.branches]
    assert [name.partition(":")[0] for name in names] == ["Run 1", "Sweep run 4", "Sweep run 21"]
    _, others = xor.window.curve._branches
    assert len(others) == 1


def test_opening_a_run_ends_a_training_and_loses_none_of_it(xor: Program, qtbot: QtBot) -> None:
    ran(xor, qtbot)
    xor.training.run()
    qtbot.waitUntil(lambda: xor.store.experiment.updates > 10, timeout=60_000)
    with qtbot.waitSignal(xor.sweeps.controller.opened, timeout=60_000):
        xor.sweeps.controller.open_run(0)
    assert not xor.training.is_running
    xor.window.actions_["undo"].trigger()
    assert xor.store.experiment.updates > 10
    xor.window.actions_["undo"].trigger()
    assert xor.store.experiment.updates == 0


def test_choosing_a_run_anywhere_selects_it_everywhere(xor: Program, qtbot: QtBot) -> None:
    window = ran(xor, qtbot, eta="0.1, 1", initial_seed="1, 2")
    window.map.run_chosen.emit(1)
    assert window.model.at(window.table.currentIndex().row()).result.run == 1
    assert window.curves.readout.text().partition("   ")[2].startswith("run 2:")
    assert window.map.map._marked_cell == (0, 1)


def test_a_run_that_cannot_be_opened_is_said(xor: Program, qtbot: QtBot) -> None:
    window = opened(xor)
    window.form.vary("activation")
    (row,) = (row for row in window.form.rows if row.factor.name == "activation")
    row.line.setText("softmax")
    window = ran(xor, qtbot, eta="0.1", initial_seed="1")
    assert window.message.text() == "1 run, 1 failed."
    with qtbot.waitSignal(xor.sweeps.controller.refused, timeout=60_000):
        window.select(0)
        window.open.click()
    assert "Run 1 cannot be opened: softmax" in window.message.text()
    assert window.message.objectName() == "warning"


def cells(path: Path) -> list[float | str]:
    """Return what a table holds, cell by cell: numbers as numbers."""
    found: list[float | str] = []
    with path.open(newline="") as file:
        for cell in (cell for row in csv.reader(file) for cell in row):
            try:
                found.append(float(cell))
            except ValueError:
                found.append(cell)
    return found


def test_the_command_repeats_what_the_window_has_saved(
    xor: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    xor.training.step()
    window = ran(xor, qtbot, eta="0.1, 1", initial_seed="1, 2")
    asked = iter([str(tmp_path / "mine"), str(tmp_path / "window.csv")])
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (next(asked), ""))
    window.save.click()
    assert "mine.json and mine.backprop.json" in window.message.text()
    window.export.click()
    out = tmp_path / "command.csv"
    assert main(["sweep", str(tmp_path / "mine.json"), "-o", str(out)]) == 0
    theirs, ours = cells(out), cells(tmp_path / "window.csv")
    assert len(theirs) == len(ours)
    for one, other in zip(theirs, ours, strict=True):
        # The command stacks so short a sweep, and the window has its compiled loops at hand.
        assert one == (pytest.approx(other, rel=1e-11) if isinstance(other, float) else other)
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".ini") == [
        "command.csv", "mine.backprop.json", "mine.json", "window.csv",
    ]  # fmt: skip


def test_a_specification_is_loaded_with_its_base(
    xor: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "spec.json"
    path.write_text(
        json.dumps(
            {"base": "example:sine", "updates": 20, "seed": 4, "grid": {"hidden": [[3], [2, 2]]}}
        )
    )
    window = opened(xor)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    window.load.click()
    assert window.form.base.currentText() == "example:sine"
    assert window.form.seed.value() == 4
    window.run.click()
    qtbot.waitUntil(lambda: not xor.sweeps.controller.is_running, timeout=60_000)
    sweep = xor.sweeps.controller.sweep
    assert sweep is not None
    assert sweep.base == dumps(load_named("example:sine"))
    window.form.base.setCurrentIndex(0)
    window.form.base.activated.emit(0)
    window.run.click()
    sweep = xor.sweeps.controller.sweep
    assert sweep is not None
    assert sweep.base == dumps(xor.store.experiment)
    window.cancel.click()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not valid JSON"),
        ('{"grid": {"eta": [-1]}}', "grid.eta: -1 is not accepted"),
        ('{"base": "gone.json", "grid": {"eta": [1]}}', "gone.json"),
    ],
)
def test_a_file_that_is_no_specification_is_refused_in_words(
    xor: Program, tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / "spec.json"
    path.write_text(content)
    window = opened(xor)
    before = window.form.specification()
    xor.sweeps.load(path)
    assert said in window.message.text()
    assert window.message.objectName() == "warning"
    assert window.form.specification() == before


def test_what_cannot_be_written_is_said(xor: Program, qtbot: QtBot) -> None:
    window = ran(xor, qtbot, eta="0.1", initial_seed="1")
    xor.sweeps.export(Path("/nowhere/out.csv"))
    assert window.message.text().startswith("out.csv could not be written")
    xor.sweeps.save(window.form.specification(), Path("/nowhere/spec.json"))
    assert window.message.text().startswith("spec.backprop.json could not be written")


def test_colours_and_digits_follow_the_main_window(xor: Program, qtbot: QtBot) -> None:
    window = ran(xor, qtbot)
    xor.choose_digits(3)
    column = window.model.cost_column
    text = str(window.model.data(window.model.index(0, column)))
    assert len(text.replace("0.", "").lstrip("0")) <= 3
    light = window.grab().toImage().pixelColor(2, 2)
    xor.choose_theme(ThemeChoice.DARK)
    assert window.grab().toImage().pixelColor(2, 2) != light
    xor.choose_theme(ThemeChoice.LIGHT)


def test_the_window_comes_back_in_its_size(make_program: Callable[..., Program]) -> None:
    window = opened(make_program())
    window.resize(window.minimumSizeHint().width(), 555)  # within the smallest screen
    window.close()
    again = opened(make_program())
    assert again is not window
    assert again.size() == window.size()


def test_everything_has_a_name_and_a_place_in_the_order_of_tab(xor: Program, qtbot: QtBot) -> None:
    window = ran(xor, qtbot)
    window.form.vary("optimizer")
    there = list(interactive(window))
    assert len(there) > 20
    assert not [widget for widget in there if not spoken(widget)]
    focusable = [widget for widget in there if widget.isEnabled()]
    assert all(widget.focusPolicy() & Qt.FocusPolicy.TabFocus for widget in focusable)


def test_ctrl_return_runs_from_any_field(xor: Program, qtbot: QtBot) -> None:
    window = opened(xor, eta="0.1", initial_seed="1")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    line = window.form.rows[0].line
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert xor.sweeps.controller.is_running
    qtbot.waitUntil(lambda: not xor.sweeps.controller.is_running, timeout=60_000)
    assert window.model.rowCount() == 1


def test_typing_in_the_window_presses_no_key_of_the_other(xor: Program, qtbot: QtBot) -> None:
    window = opened(xor)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for widget in (window.form.updates, window.table, window.form.rows[0].line):
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_N)
        QTest.keyClick(widget, Qt.Key.Key_T)
    assert xor.store.experiment.updates == 0
    assert np.isfinite(xor.store.snapshot.cost)


def test_no_letter_of_the_keyboard_means_two_things(xor: Program, qtbot: QtBot) -> None:
    window = ran(xor, qtbot)
    texts = [each.text() for each in window.findChildren(QAbstractButton) if each.isVisible()]
    texts += [each.text() for each in window.findChildren(QLabel) if each.buddy()]
    keys = Counter(text[text.index("&") + 1].lower() for text in texts if "&" in text)
    assert set("rclsoeamt") <= set(keys)
    assert not [key for key, count in keys.items() if count > 1]
