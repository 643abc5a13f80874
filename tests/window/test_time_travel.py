"""Going back in time in the window, and on from there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider

from bp_gui.app import Program
from bp_gui.engine.names import ETA
from bp_gui.session.edits import SetValue
from bp_gui.session.training import advance
from bp_gui.views.dialogs.compare import CompareDialog


def run(program: Program, updates: int) -> None:
    """Train as a run does, and record it."""
    before = program.store.experiment
    for _ in range(4):
        program.store.show(advance(program.store.experiment, updates // 4).experiment)
    program.store.record(before, "Train")


def slider(program: Program) -> QSlider:
    found = program.window.timeline_bar.findChild(QSlider)
    assert isinstance(found, QSlider)
    return found


def test_scrub_to_update_137_set_eta_there_and_run_on_with_both_curves(program: Program) -> None:
    run(program, 200)
    slider(program).setValue(137)
    expected = program.store.snapshot
    assert expected.experiment.updates == 137
    assert program.window.cost.accessibleDescription().endswith("after 137 updates")
    program.store.submit(SetValue(ETA, 2.0))
    run(program, 60)
    first, second = program.timeline.timeline.branches
    assert (first.last, second.first, second.last) == (200, 137, 197)
    plot = program.window.curve.plot
    assert plot is not None
    colour, others = program.window.curve._branches
    assert colour != others[0].colour
    assert others[0].updates[-1] == 200
    assert plot.readout().startswith("update 197")


def test_looking_back_is_not_an_edit_and_undo_still_takes_back_the_run(program: Program) -> None:
    run(program, 40)
    count = program.store.undo_stack.count()
    slider(program).setValue(7)
    assert program.store.undo_stack.count() == count
    program.window.actions_["undo"].trigger()
    assert program.store.experiment.updates == 0
    program.window.actions_["redo"].trigger()
    assert program.store.experiment.updates == 40
    assert len(program.timeline.timeline.branches) == 1


def test_steps_by_key_through_the_moments(program: Program) -> None:
    for _ in range(3):
        program.training.step()
    bar = slider(program)
    bar.setFocus()
    QTest.keyClick(bar, Qt.Key.Key_Left)
    assert program.store.experiment.updates == 2
    QTest.keyClick(bar, Qt.Key.Key_Home)
    assert program.store.experiment.updates == 0
    QTest.keyClick(bar, Qt.Key.Key_End)
    assert program.store.experiment.updates == 3


def test_time_travel_ends_a_run(program: Program) -> None:
    run(program, 20)
    program.training.run()
    program.timeline.go_to_update(3)
    QApplication.processEvents()
    assert not program.training.is_running
    assert program.store.experiment.updates == 3


def test_undone_edits_are_followed(program: Program) -> None:
    program.store.submit(SetValue(ETA, 2.0))
    program.training.step()
    for _ in range(2):
        program.window.actions_["undo"].trigger()
    assert program.timeline.timeline.present is program.store.experiment
    program.window.actions_["redo"].trigger()
    assert program.timeline.timeline.present.eta == 2.0


def test_the_lowest_cost_can_be_gone_to(program: Program) -> None:
    run(program, 20)
    program.store.submit(SetValue(ETA, 400.0))
    run(program, 4)
    costs = [*program.store.experiment.history.costs, program.store.snapshot.cost]
    program.timeline.go_to_update(0)
    program.timeline.go_to_lowest()
    assert program.store.snapshot.cost == min(costs)


def test_compare_two_moments_of_two_branches(program: Program, tmp_path: Path) -> None:
    run(program, 20)
    program.timeline.go_to_update(8)
    program.store.submit(SetValue(ETA, 2.0))
    run(program, 20)
    present = program.store.experiment
    program.window.timeline_bar.compare_requested.emit()
    (dialog,) = program.window.findChildren(CompareDialog)
    rows = {row.name: row for row in dialog.rows}
    assert (rows["updates"].a, rows["updates"].b) == (20.0, 28.0)
    assert rows["eta"].difference == 1.5
    first, second = program.timeline.timeline.branches
    dialog.choose(0, first.number, 8)
    dialog.choose(1, second.number, 8)
    rows = {row.name: row for row in dialog.rows}
    assert rows["C"].difference == 0.0
    dialog.save(tmp_path / "comparison.tsv")
    assert (tmp_path / "comparison.tsv").read_text(encoding="utf-8").startswith("name\tA\tB")
    dialog.close()
    assert program.store.experiment is present
