"""Taking moments out of the window and bringing others in, as a person does it."""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt, QThread, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from bp_gui.app import Program
from bp_gui.controller.exporting import Exporter
from bp_gui.engine.names import parse_name
from bp_gui.session.examples import load_named
from bp_gui.session.experiment import Experiment
from bp_gui.session.exports.registry import EXPORTS
from bp_gui.session.exports.tables import Piece
from bp_gui.session.imports.layers import Orientation
from bp_gui.session.imports.weights import read_weights
from bp_gui.session.project_file import dumps
from bp_gui.session.share import from_share_text, to_share_text
from bp_gui.session.snapshot import Snapshot, evaluate
from bp_gui.views.actions import SPECS, Actions
from bp_gui.views.dialogs.export import ExportDialog
from bp_gui.views.dialogs.paste import PasteDialog
from bp_gui.views.dialogs.weights_import import WeightsDialog, import_weights
from bp_gui.views.theme import LIGHT

Ok = QDialogButtonBox.StandardButton.Ok


@pytest.fixture(autouse=True)
def clean_clipboard(qapp: QApplication) -> Iterator[None]:
    yield
    QGuiApplication.clipboard().clear()


@pytest.fixture
def exporter() -> Iterator[Exporter]:
    made = Exporter()
    yield made
    made.shut_down()


def in_dialog(kind: type[QDialog], use: Callable[[QDialog], None]) -> None:
    """Use the dialog of a kind that is about to open."""

    def found() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, kind)
        use(dialog)

    QTimer.singleShot(0, found)


def test_no_two_actions_have_the_same_key(program: Program) -> None:
    actions: Actions = program.window.actions_
    keys = Counter(
        key.toString() for spec in SPECS for key in actions[spec.key].shortcuts() if key.toString()
    )
    assert [key for key, count in keys.items() if count > 1] == []


def test_the_selected_number_is_copied_with_all_digits(program: Program) -> None:
    program.selection.select(parse_name("a2[1]"))
    program.interchange.copy_value()
    copied = QGuiApplication.clipboard().text()
    assert float(copied) == program.store.snapshot.value(parse_name("a2[1]"))
    assert len(copied) > 15


def test_without_a_selection_it_is_said_what_to_do(program: Program) -> None:
    QGuiApplication.clipboard().setText("kept")
    program.interchange.copy_value()
    assert QGuiApplication.clipboard().text() == "kept"
    assert "Select a number" in program.window.statusBar().currentMessage()


def test_ctrl_c_on_the_graph_copies_the_number(program: Program, qtbot: QtBot) -> None:
    program.window.activateWindow()
    qtbot.waitActive(program.window)
    program.window.network.setFocus()
    program.selection.select(parse_name("W1[1,2]"))
    program.window.network.setFocus()
    QTest.keyClick(program.window.network, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "0.2"


def test_a_state_is_copied_and_pasted_and_undone(program: Program) -> None:
    xor = load_named("example:xor")
    before = program.store.experiment
    program.interchange.copy_share_text()
    assert dumps(from_share_text(QGuiApplication.clipboard().text())) == dumps(before)
    QGuiApplication.clipboard().setText(to_share_text(xor))

    def use(dialog: QDialog) -> None:
        assert isinstance(dialog, PasteDialog)
        assert "2-3-1 network" in dialog.verdict.text()
        dialog.buttons.button(Ok).click()

    in_dialog(PasteDialog, use)
    program.interchange.paste_share_text()
    assert dumps(program.store.experiment) == dumps(xor)
    assert "Shared project" in program.window.windowTitle()
    program.store.undo_stack.undo()
    assert program.store.experiment is before
    assert "Worked example" in program.window.windowTitle()


def test_a_project_of_playground_is_called_by_its_data(program: Program) -> None:
    QGuiApplication.clipboard().setText("http://playground.tensorflow.org/#dataset=spiral")

    def use(dialog: QDialog) -> None:
        assert isinstance(dialog, PasteDialog)
        dialog.buttons.button(Ok).click()

    in_dialog(PasteDialog, use)
    program.interchange.paste_share_text()
    assert program.document.name == "Playground spiral"
    assert program.document.path is None


def test_a_damaged_text_cannot_be_used(qtbot: QtBot, worked: Experiment) -> None:
    dialog = PasteDialog(to_share_text(worked)[:-3], LIGHT)
    qtbot.addWidget(dialog)
    assert not dialog.buttons.button(Ok).isEnabled()
    assert "checksum" in dialog.verdict.text()


def test_an_address_of_playground_says_that_it_has_no_weights(qtbot: QtBot) -> None:
    dialog = PasteDialog("http://playground.tensorflow.org/#networkShape=3", LIGHT)
    qtbot.addWidget(dialog)
    assert dialog.buttons.button(Ok).isEnabled()
    assert "no weights" in dialog.verdict.text()


def test_the_preview_follows_the_orientation(
    qtbot: QtBot, worked: Experiment, tmp_path: Path
) -> None:
    W = np.array([[1.0, 2.0], [3.0, 4.0]])
    np.savez(tmp_path / "mlp.npz", coefs_0=W, coefs_1=W)
    source = read_weights((tmp_path / "mlp.npz").read_bytes())
    dialog = WeightsDialog(source, "mlp.npz", worked, LIGHT)
    qtbot.addWidget(dialog)
    assert dialog.orientation.currentData() is Orientation.FROM_TO
    assert dialog.model.data(dialog.model.index(1, 2)) == "3"
    dialog.orientation.setCurrentIndex(dialog.orientation.findData(Orientation.TO_FROM))
    dialog.orientation.activated.emit(dialog.orientation.currentIndex())
    assert dialog.model.data(dialog.model.index(1, 2)) == "2"
    np.testing.assert_array_equal(dialog.edit.apply(worked).parameters.W[0], W)


def test_weights_that_do_not_fit_are_refused_in_words(
    worked: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda *arguments: said.append(arguments[-1]))
    np.savez(tmp_path / "two.npz", W1=np.zeros((3, 2)), W2=np.zeros((5, 4)))
    assert import_weights(worked, LIGHT, None, tmp_path / "two.npz") is None
    assert "3×2, 5×4 do not connect" in said[0]


def test_weights_of_another_network_rebuild_this_one_and_undo_brings_it_back(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, iris = program.store.experiment, load_named("example:iris")
    path = tmp_path / "iris.safetensors"
    path.write_bytes(EXPORTS["safetensors"].write(evaluate(iris)))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *arguments: (str(path), ""))

    def use(dialog: QDialog) -> None:
        assert isinstance(dialog, WeightsDialog)
        assert "4-4-3 network, and this one is 2-2-2" in dialog.headline.text()
        assert dialog.model.data(dialog.model.index(0, 1)) == "—"
        assert dialog.output.currentData() == "softmax"  # as the file says
        dialog.hidden.setCurrentIndex(dialog.hidden.findText("Hyperbolic tangent"))
        dialog.output.setCurrentIndex(dialog.output.findText("Sigmoid"))
        dialog.output.activated.emit(dialog.output.currentIndex())
        assert dialog.buttons.button(Ok).text() == "Rebuild as 4-4-3"
        dialog.buttons.button(Ok).click()

    in_dialog(WeightsDialog, use)
    program.interchange.import_weights()
    after = program.store.experiment
    assert after.architecture.activations == ("tanh", "sigmoid")
    assert after.parameters.theta.tobytes() == iris.parameters.theta.tobytes()
    assert program.store.undo_stack.undoText() == "Rebuild as 4-4-3: iris.safetensors"
    program.store.undo_stack.undo()
    assert program.store.experiment is before


def test_an_export_is_written_whole(
    exporter: Exporter, qtbot: QtBot, worked: Experiment, tmp_path: Path
) -> None:
    path, snapshot = tmp_path / "numbers.npz", evaluate(worked)
    with qtbot.waitSignal(exporter.finished):
        exporter.save(EXPORTS["npz"], snapshot, path)
    assert list(tmp_path.iterdir()) == [path]
    with np.load(path) as found:
        np.testing.assert_array_equal(found["W1"], worked.parameters.W[0])


def test_a_cancelled_export_leaves_nothing(
    exporter: Exporter, worked: Experiment, tmp_path: Path
) -> None:
    exporter.save(EXPORTS["npz"], evaluate(worked), tmp_path / "numbers.npz")
    for work in exporter.findChildren(QThread):
        work.wait()  # its signal is on the way now, and cancelling comes first
    exporter.cancel()
    QApplication.processEvents()
    assert list(tmp_path.iterdir()) == []
    assert not exporter.is_running


class Slow:
    """A format that takes as long as one likes."""

    def __init__(self) -> None:
        self.asked = 0

    def pieces(self, snapshot: Snapshot) -> Iterator[Piece]:
        while True:
            self.asked += 1
            yield Piece(b"x" * 1000, min(0.9, self.asked / 1000))


def test_a_long_export_tells_how_far_it_is_and_ends_when_cancelled(
    exporter: Exporter, qtbot: QtBot, worked: Experiment, tmp_path: Path
) -> None:
    slow, path = Slow(), tmp_path / "numbers.csv"
    path.write_text("old")
    entry = replace(EXPORTS["trace-csv"], pieces=slow.pieces)
    shown: list[float] = []
    exporter.progressed.connect(shown.append)
    exporter.save(entry, evaluate(worked), path)
    (work,) = exporter.findChildren(QThread)
    qtbot.waitUntil(lambda: len(shown) > 3)
    assert shown == sorted(shown)
    exporter.cancel()
    assert work.wait(5_000)  # it stopped by itself
    count, asked = len(shown), slow.asked
    QApplication.processEvents()
    assert (len(shown), slow.asked) == (count, asked)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (MemoryError(), "There is not enough memory for this export."),
        (
            OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
            f"The export could not be made: {os.strerror(errno.ENOSPC)}.",
        ),
        (KeyError(), "The export could not be made: KeyError."),
    ],
)
def test_an_export_that_fails_in_the_middle_ends_and_says_why(
    exporter: Exporter,
    qtbot: QtBot,
    worked: Experiment,
    tmp_path: Path,
    error: Exception,
    sentence: str,
) -> None:
    def pieces(snapshot: Snapshot) -> Iterator[Piece]:
        yield Piece(b"half", 0.5)
        raise error

    path = tmp_path / "numbers.csv"
    path.write_text("old")
    with qtbot.waitSignal(exporter.failed) as failed:
        exporter.save(replace(EXPORTS["trace-csv"], pieces=pieces), evaluate(worked), path)
    assert failed.args == [sentence]
    assert not exporter.is_running
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_bar_goes_from_under_way_to_how_far(qtbot: QtBot) -> None:
    dialog = ExportDialog("network", LIGHT)
    qtbot.addWidget(dialog)
    dialog.show_running(True)
    assert dialog.progress.maximum() == 0
    dialog.show_progress(0.42)
    assert (dialog.progress.value(), dialog.progress.maximum()) == (42, 100)
    assert dialog.close_button.text() == "Cancel"
    dialog.show_running(False)
    assert dialog.progress.isHidden()


def test_what_cannot_be_written_is_said(
    exporter: Exporter, qtbot: QtBot, worked: Experiment
) -> None:
    with qtbot.waitSignal(exporter.failed) as failed:
        exporter.save(EXPORTS["numpy"], evaluate(worked), Path("/nowhere/script.py"))
    assert "/nowhere/script.py" in failed.args[0]


def test_the_dialog_saves_copies_and_says_so(
    program: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "worked"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *arguments: (str(path), ""))

    def use(dialog: QDialog) -> None:
        assert isinstance(dialog, ExportDialog)
        with qtbot.waitSignal(program.interchange.exporter.finished):
            dialog.save.click()
        assert "worked.csv" in dialog.verdict.text()
        with qtbot.waitSignal(program.interchange.exporter.finished):
            dialog.copy.click()
        dialog.close_button.click()

    in_dialog(ExportDialog, use)
    program.interchange.export()
    expected = EXPORTS["parameters-csv"].write(program.store.snapshot)
    assert (tmp_path / "worked.csv").read_bytes() == expected
    assert QGuiApplication.clipboard().text().encode() == expected
