"""Opening, saving, recent files; a failure leaves everything as it was."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from bp_gui.app.command_line import hold
from bp_gui.controller.document import Document
from bp_gui.controller.settings import Settings, ThemeChoice
from bp_gui.controller.store import Store
from bp_gui.engine.names import parse_name
from bp_gui.session.edits import SetValue
from bp_gui.session.examples import project_named
from bp_gui.session.experiment import Experiment
from bp_gui.session.share import UseShared
from bp_gui.session.training import advance

W111 = parse_name("W1[1,1]")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.ini")


@pytest.fixture
def store(qapp: QCoreApplication, worked: Experiment) -> Store:
    return Store(worked)


@pytest.fixture
def document(store: Store, settings: Settings) -> Document:
    return Document(store, settings)


def test_what_is_saved_is_opened_again_bit_for_bit(
    store: Store, document: Document, tmp_path: Path
) -> None:
    store.show(advance(store.experiment, 12).experiment)
    store.submit(SetValue(W111, np.nextafter(0.1, 1.0)))
    saved = store.experiment
    path = tmp_path / "mine.backprop.json"
    assert document.save(path)
    assert not document.is_modified
    document.open_worked_example()
    assert document.open(path)
    opened = store.experiment
    np.testing.assert_array_equal(opened.parameters.theta, saved.parameters.theta)
    np.testing.assert_array_equal(opened.history.costs, saved.history.costs)
    assert opened.updates == 12
    assert document.name == "mine"


def test_an_example_is_called_by_its_name_until_another_project_is_held(
    document: Document, tmp_path: Path
) -> None:
    for file, name in (("example:worked", "Worked example"), ("example:spiral", "Example spiral")):
        hold(document, file, project_named(file))
        assert document.name == name
    assert not document.is_modified
    document.open_worked_example()
    assert document.name == "Worked example"


def test_a_project_that_came_by_an_edit_has_a_name_and_no_file_until_it_is_undone(
    store: Store, document: Document, worked: Experiment, tmp_path: Path, qtbot: QtBot
) -> None:
    path, other = tmp_path / "mine.backprop.json", tmp_path / "other.backprop.json"
    document.save(path)
    store.submit(UseShared(project_named("example:xor").experiment))
    with qtbot.waitSignal(document.changed):
        document.call_newcomer("Shared project")
    assert (document.name, document.path) == ("Shared project", None)
    store.submit(SetValue(W111, 0.5))
    assert document.name == "Shared project"
    store.undo_stack.undo()
    with qtbot.waitSignal(document.changed):
        store.undo_stack.undo()
    assert (document.name, document.path) == ("mine", path)
    assert not document.is_modified
    store.undo_stack.redo()
    assert (document.name, document.path) == ("Shared project", None)
    store.undo_stack.undo()
    store.submit(SetValue(W111, 0.7))  # in the place of what was undone
    assert (document.name, document.path) == ("mine", path)
    store.submit(UseShared(worked))
    document.call_newcomer("Shared project")
    document.save(other)
    store.undo_stack.undo()
    assert (document.name, document.path) == ("other", other)


def test_a_file_that_cannot_be_read_leaves_the_open_project_untouched(
    store: Store, document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    store.submit(SetValue(W111, 0.5))
    open_now = store.experiment
    bad = tmp_path / "bad.backprop.json"
    bad.write_text('{"format": "backprop-explorer", "version": 1, "wat": 2}')
    for path in (bad, tmp_path, tmp_path / "missing.json"):
        with qtbot.waitSignal(document.failed) as failed:
            assert not document.open(path)
        assert path.name in failed.args[0]
        assert "\n" not in failed.args[0]
    assert store.experiment is open_now
    assert document.path is None
    assert document.is_modified


def test_a_failed_save_keeps_the_old_file_and_says_so(
    store: Store, document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    store.submit(SetValue(W111, 0.5))
    with qtbot.waitSignal(document.not_saved) as failed:
        assert not document.save(tmp_path / "no" / "such" / "folder.json")
    assert "folder.json" in failed.args[0]
    assert document.is_modified


def test_a_limit_on_the_size_of_files_is_named_as_the_reason(
    store: Store, document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    resource = pytest.importorskip("resource", reason="there is no such limit on Windows")
    path = tmp_path / "mine.backprop.json"
    path.write_text("old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with qtbot.waitSignal(document.not_saved) as failed:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
        try:
            assert not document.save(path)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert failed.args == [f"{path} cannot be written: {os.strerror(errno.EFBIG)}"]
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_recent_files_have_the_newest_first_and_forget_what_is_gone(
    store: Store, document: Document, settings: Settings, tmp_path: Path
) -> None:
    first, second = tmp_path / "a.backprop.json", tmp_path / "b.backprop.json"
    document.save(first)
    document.save(second)
    assert settings.recent_files == [second, first]
    document.open(first)
    assert settings.recent_files == [first, second]
    second.unlink()
    document.open(second)
    assert settings.recent_files == [first]


def test_junk_in_the_settings_file_counts_as_not_there(tmp_path: Path) -> None:
    path = tmp_path / "settings.ini"
    path.write_bytes(b"\x00\xff[General]\ntheme=@Invalid()\ndigits=ninety\nrate=-5\ngeometry=7\n")
    settings = Settings(path)
    assert settings.theme is ThemeChoice.SYSTEM
    assert settings.digits == 6
    assert settings.rate == 1000
    assert settings.geometry is None
    assert settings.recent_files == []
