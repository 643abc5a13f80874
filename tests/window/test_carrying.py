"""What a project file carries beside the experiment, through the whole window."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from bp_gui.app import Program
from bp_gui.engine.names import ETA, parse_name
from bp_gui.explain.name_choice import NameChoice
from bp_gui.explain.naming import NeuronNames, ParameterNames
from bp_gui.explain.numbers import Decimals
from bp_gui.session.edits import SetValue
from bp_gui.session.examples import load_named
from bp_gui.session.project import MAX_NOTES, Layout, Project
from bp_gui.session.project_file import load_project, save
from bp_gui.session.project_schema import LayoutSection
from bp_gui.views.dialogs import notes as module
from bp_gui.views.dialogs.notes import NotesDialog, ask_for_notes
from bp_gui.views.workspaces import PAGES

NEVER_MS = 10**9


def trained(program: Program, qtbot: QtBot, updates: int) -> None:
    done = program.training.running_changed
    with qtbot.waitSignal(done, check_params_cb=lambda on: not on):
        program.training.run(updates)


@pytest.fixture
def worked_on(make_program: Callable[..., Program], qtbot: QtBot) -> Program:
    """A window with two branches, looked at in the past of the second."""
    program = make_program(load_named("example:xor"))
    trained(program, qtbot, 60)
    program.timeline.go_to_update(20)
    program.store.submit(SetValue(ETA, 0.25))
    trained(program, qtbot, 30)
    program.timeline.rename(1, "slower")
    program.timeline.go_to_update(33)
    return program


def arrange(program: Program) -> None:
    """Look at the project in an unusual way."""
    program.store.show_sample(2)
    program.selection.select(parse_name("delta1[2]"))
    program.choose_digits(9)
    program.window.actions_["decimals"].setChecked(True)
    program.choose_names(NameChoice(ParameterNames.INDEXED, NeuronNames.LAYERED))
    program.window.network.zoom(2)
    program.window.curve.set_logarithmic(True)
    program.window.workspaces.choose("surface")


def test_another_window_shows_past_notes_and_layout_as_they_were(
    worked_on: Program, make_program: Callable[..., Program], tmp_path: Path
) -> None:
    arrange(worked_on)
    worked_on.document.set_notes("Why does it stop at 33?")
    path = tmp_path / "mine.backprop.json"
    assert worked_on.document.save(path)
    assert not worked_on.document.is_modified
    worked_on.choose_digits(4)
    worked_on.window.actions_["decimals"].setChecked(False)
    worked_on.window.curve.set_logarithmic(False)
    other = make_program()
    assert other.open(path)
    before, after = worked_on.timeline.timeline, other.timeline.timeline
    assert [branch.name for branch in after.branches] == ["Run 1", "slower"]
    assert other.window.timeline_bar._branch_button.text() == "slower"
    assert other.store.experiment.updates == 33
    for branch, update in ((0, 0), (0, 20), (0, 47), (0, 60), (1, 20), (1, 34), (1, 50)):
        theta = before.state(branch, update).parameters.theta
        assert after.state(branch, update).parameters.theta.tobytes() == theta.tobytes()
    assert other.document.notes == "Why does it stop at 33?"
    assert not other.document.is_modified
    window = other.window
    assert window.workspaces.place == "surface"
    assert other.selection.ref == parse_name("delta1[2]")
    assert other.store.snapshot.sample == 2
    assert window.tool_bar.digits.value() == 9
    assert window.actions_["decimals"].isChecked()
    assert window.network._digits == Decimals(9)
    assert window.workspaces.names == NameChoice(ParameterNames.INDEXED, NeuronNames.LAYERED)
    assert window.network.zoom_factor == pytest.approx(1.5625)
    assert window.curve.is_logarithmic
    # What the person likes elsewhere is as it was.
    settings = other.settings
    assert (settings.digits, settings.decimals, settings.logarithmic) == (4, False, False)


def test_training_on_in_another_window_follows_the_branch(
    worked_on: Program, make_program: Callable[..., Program], tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "mine.backprop.json"
    assert worked_on.document.save(path)
    other = make_program()
    assert other.open(path)
    trained(other, qtbot, 40)
    assert [branch.last for branch in other.timeline.timeline.branches] == [60, 73]
    other.timeline.go_to_update(30)
    assert other.store.experiment.eta == 0.25


def test_a_file_without_layout_leaves_the_window_as_it_is(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "plain.backprop.json"
    save(load_named("example:xor"), path)
    program.window.workspaces.choose("data")
    program.choose_digits(5)
    assert program.open(path)
    assert program.window.workspaces.page == "data"
    assert program.window.tool_bar.digits.value() == 5


def test_opening_forgets_the_past_and_the_notes_of_the_project_before(
    worked_on: Program, tmp_path: Path
) -> None:
    worked_on.document.set_notes("old")
    assert worked_on.document.save(tmp_path / "old.backprop.json")
    path = tmp_path / "plain.backprop.json"
    save(load_named("example:worked"), path)
    assert worked_on.open(path)
    assert worked_on.document.notes == ""
    assert len(worked_on.timeline.timeline.branches) == 1


def test_a_page_of_another_program_is_mentioned_and_the_rest_is_shown(
    program: Program, tmp_path: Path
) -> None:
    path = tmp_path / "later.backprop.json"
    layout = Layout(page="holograms", digits=12)
    save(Project(load_named("example:worked"), layout=layout), path)
    assert program.open(path)
    assert "holograms" in program.window.statusBar().currentMessage()
    assert program.window.tool_bar.digits.value() == 12


def test_every_page_and_panel_can_be_written(program: Program, tmp_path: Path) -> None:
    keys = {key for page in PAGES for key in (page.key, *(name for name, _, _ in page.panels))}
    for number, key in enumerate(sorted(keys)):
        path = tmp_path / f"{number}.backprop.json"
        save(Project(load_named("example:worked"), layout=Layout(page=key)), path)
        assert load_project(path).layout.page == key
    assert set(LayoutSection.__struct_fields__) > {"page", "selected", "sample"}


@pytest.mark.parametrize(
    "change",
    [
        lambda program: program.document.set_notes("new"),
        lambda program: program.timeline.rename(0, "first"),
        lambda program: program.timeline.delete(0),
    ],
    ids=["notes", "rename", "delete"],
)
def test_a_change_beside_the_experiment_is_not_lost_either(
    worked_on: Program, tmp_path: Path, change: Callable[[Program], None]
) -> None:
    recovery = worked_on.keep_safe(tmp_path / "recovery", NEVER_MS)
    path = tmp_path / "mine.backprop.json"
    assert worked_on.document.save(path)
    assert not worked_on.window.isWindowModified()
    assert recovery.keep()
    assert not recovery.path.exists()
    change(worked_on)
    assert worked_on.window.isWindowModified()
    assert recovery.keep()
    assert recovery.path.exists()
    assert worked_on.document.save(path)
    assert not worked_on.window.isWindowModified()


def test_a_refused_name_is_no_change(worked_on: Program, tmp_path: Path) -> None:
    assert worked_on.document.save(tmp_path / "mine.backprop.json")
    worked_on.timeline.rename(0, "slower")
    assert not worked_on.document.is_modified


def test_a_crash_loses_neither_past_nor_notes(
    worked_on: Program, make_program: Callable[..., Program], tmp_path: Path
) -> None:
    recovery = worked_on.keep_safe(tmp_path / "recovery", NEVER_MS)
    worked_on.document.set_notes("not saved")
    worked_on.window.workspaces.choose("network")
    assert recovery.keep()
    assert recovery._lock is not None
    recovery._lock.unlock()
    later = make_program()
    found = later.keep_safe(tmp_path / "recovery", NEVER_MS)
    (left,), problems = found.left_behind()
    assert problems == []
    assert found.restore(left) == ""
    assert later.document.is_modified
    assert later.document.notes == "not saved"
    assert later.window.workspaces.page == "network"
    assert [branch.name for branch in later.timeline.timeline.branches] == ["Run 1", "slower"]
    recovery._lock = None


def test_saving_in_the_middle_of_a_run_keeps_what_it_has_done(
    program: Program, tmp_path: Path, qtbot: QtBot
) -> None:
    program.training.set_rate(0)
    program.training.run()
    qtbot.waitUntil(lambda: program.store.experiment.updates > 100)
    path = tmp_path / "mine.backprop.json"
    assert program.document.save(path)
    updates = program.store.experiment.updates
    program.training.pause()
    project = load_project(path)
    assert project.experiment.updates == updates
    assert project.timeline is not None
    assert project.timeline.branch.first == 0
    assert project.timeline.is_at_tip


def test_notes_are_asked_for_by_the_menu(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(dialog: NotesDialog) -> QDialog.DialogCode:
        assert dialog.text.toPlainText() == program.document.notes
        dialog.text.setPlainText("Compare w5 with the table.")
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(NotesDialog, "exec", write)
    program.window.actions_["notes"].trigger()
    assert program.document.notes == "Compare w5 with the table."
    assert program.window.isWindowModified()


def test_notes_that_are_given_up_or_too_long_are_not_taken(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.NotesDialog, "exec", lambda self: QDialog.DialogCode.Rejected)
    assert ask_for_notes("mine", "as it was") is None
    dialog = NotesDialog("mine", "x" * (MAX_NOTES + 1))
    qtbot.addWidget(dialog)
    button = dialog.buttons.button(dialog.buttons.StandardButton.Ok)
    assert not button.isEnabled()
    dialog.text.setPlainText("short")
    assert button.isEnabled()


def test_a_small_file_stays_readable(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "mine.backprop.json"
    assert program.document.save(path)
    written = json.loads(path.read_text())
    assert "timeline" not in written
    assert "notes" not in written
    assert written["layout"]["page"] == "explain"
    assert written["version"] == 1
    again = load_project(path)
    assert again.layout == replace(again.layout, sample=0, digits=6, zoom=1.0)


def test_share_text_says_what_it_leaves_out(worked_on: Program) -> None:
    worked_on.window.actions_["share_copy"].trigger()
    assert "timeline" in worked_on.window.statusBar().currentMessage()
