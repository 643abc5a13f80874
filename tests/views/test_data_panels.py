"""The data panels and the import dialog, used as a person uses them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from bp_gui.engine.coding import Coding
from bp_gui.engine.datasets import DATASETS
from bp_gui.session.bundled import BUNDLED
from bp_gui.session.data import Origin
from bp_gui.session.edits import Edit
from bp_gui.session.edits_data import (
    AddSamples,
    DeleteSamples,
    ReplaceData,
    SetCell,
    SetStandardised,
    SplitData,
    SuitOutputs,
    UseDataset,
)
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import Snapshot, evaluate
from bp_gui.session.table_columns import Role
from bp_gui.views.dialogs.csv_import import ImportDialog
from bp_gui.views.number_box import NumberBox
from bp_gui.views.panels.accuracy import AccuracyPanel, percent
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.panels.data import SamplesPanel
from bp_gui.views.panels.datasets import DatasetPanel
from bp_gui.views.theme import DARK, LIGHT

Key = Qt.Key


@pytest.fixture
def spiral(worked: Experiment) -> Experiment:
    return UseDataset(Origin("spiral", 20, 0.02, 3, 0.25)).apply(worked)


@pytest.fixture
def clipboard() -> Iterator[None]:
    yield
    QGuiApplication.clipboard().clear()


class Shown:
    """A panel on an experiment, which takes every edit that the panel asks for."""

    def __init__(self, qtbot: QtBot, panel: CardFrame, experiment: Experiment) -> None:
        self.panel = panel
        self.edits: list[Edit] = []
        self.sentences: list[str] = []
        self.snapshot: Snapshot = evaluate(experiment)
        qtbot.addWidget(panel)
        panel.edit_requested.connect(self.take)
        panel.rejected.connect(self.sentences.append)
        panel.set_theme(LIGHT)
        panel.show_snapshot(self.snapshot, None)
        panel.resize(470, 500)
        panel.show()

    def take(self, edit: Edit) -> None:
        self.edits.append(edit)
        self.show(edit.apply(self.snapshot.experiment))

    def show(self, experiment: Experiment, sample: int = 0) -> None:
        old, self.snapshot = self.snapshot, evaluate(experiment, sample)
        self.panel.show_snapshot(self.snapshot, old)


# The gallery --------------------------------------------------------------------------------------


def test_every_data_set_has_a_picture_that_asks_for_it(qtbot: QtBot, worked: Experiment) -> None:
    panel = DatasetPanel()
    shown = Shown(qtbot, panel, worked)
    assert list(panel.buttons) == [*DATASETS, *BUNDLED]
    for name, button in panel.buttons.items():
        assert not button.icon().isNull()
        assert button.accessibleName()
        button.click()
        edit = shown.edits[-1]
        if name in BUNDLED:
            assert isinstance(edit, ReplaceData)
        else:
            assert isinstance(edit, UseDataset)
            assert edit.origin.name == name
            assert [n for n, b in panel.buttons.items() if b.isChecked()] == [name]


def test_size_noise_seed_and_share_draw_the_samples_anew(qtbot: QtBot, spiral: Experiment) -> None:
    panel = DatasetPanel()
    shown = Shown(qtbot, panel, spiral)
    assert (panel.count.value(), panel.noise.value()) == (20, 0.02)
    assert (panel.seed.value(), panel.share.value()) == (3, 25)
    assert shown.edits == []
    panel.count.setValue(40)
    panel.seed.setValue(5)
    panel.share.setValue(50)
    panel.noise.value_edited.emit(0.1)
    assert shown.edits[-1] == UseDataset(Origin("spiral", 40, 0.1, 5, 0.5))
    assert len(shown.snapshot.experiment.t_test) == 20


def test_samples_of_ones_own_are_split_and_not_drawn(qtbot: QtBot, spiral: Experiment) -> None:
    panel = DatasetPanel()
    shown = Shown(qtbot, panel, SetCell(0, 0, 1.0).apply(spiral))
    assert not panel.count.isEnabled()
    assert not panel.noise.isEnabled()
    panel.share.setValue(50)
    assert shown.edits == [SplitData(0.5, panel.seed.value())]
    assert len(shown.snapshot.experiment.t_test) == 10


def test_suited_outputs_are_offered_until_they_are_taken(qtbot: QtBot, spiral: Experiment) -> None:
    panel = DatasetPanel()
    shown = Shown(qtbot, panel, spiral)
    assert panel._suit.isVisible()
    panel._suit.click()
    assert shown.edits == [SuitOutputs(Coding.ZERO_ONE)]
    assert not panel._suit.isVisible()


def test_targets_out_of_reach_are_pointed_out(qtbot: QtBot, worked: Experiment) -> None:
    panel = DatasetPanel()
    Shown(qtbot, panel, UseDataset(Origin("sine", 20, 0.0, 0, 0.0)).apply(worked))
    assert "out of reach" in panel._advice.text()


# The table ----------------------------------------------------------------------------------------


def test_a_cell_is_edited_by_typing(qtbot: QtBot, spiral: Experiment) -> None:
    panel = SamplesPanel()
    shown = Shown(qtbot, panel, spiral)
    panel.table.setCurrentIndex(panel.model.index(1, 0))
    QTest.keyClick(panel.table, "0")
    (box,) = panel.table.viewport().findChildren(NumberBox)
    QTest.keyClicks(box, ".5")  # a keyboard would send these there, too
    QTest.keyClick(box, Key.Key_Return)
    assert shown.edits == [SetCell(1, 0, 0.5)]
    assert shown.snapshot.experiment.data.raw_x[1, 0] == 0.5


def test_outputs_cannot_be_edited_and_test_rows_have_them_too(
    qtbot: QtBot, spiral: Experiment
) -> None:
    panel = SamplesPanel()
    shown = Shown(qtbot, panel, spiral)
    model = panel.model
    assert (model.rowCount(), model.columnCount()) == (20, 4)
    assert not model.flags(model.index(0, 3)) & Qt.ItemFlag.ItemIsEditable
    assert model.flags(model.index(0, 2)) & Qt.ItemFlag.ItemIsEditable
    assert model.value_at(model.index(2, 3)) == shown.snapshot.outputs[2, 0]
    assert model.value_at(model.index(16, 3)) == shown.snapshot.test_outputs[1, 0]
    assert model.headerData(15, Qt.Orientation.Vertical) == "test 1"


def test_samples_are_added_and_deleted_by_key(qtbot: QtBot, spiral: Experiment) -> None:
    panel = SamplesPanel()
    shown = Shown(qtbot, panel, spiral)
    QTest.keyClick(panel.table, Key.Key_Insert)
    assert isinstance(shown.edits[-1], AddSamples)
    assert len(shown.snapshot.experiment.t) == 16
    panel.table.selectRow(15)
    QTest.keyClick(panel.table, Key.Key_Delete)
    assert shown.edits[-1] == DeleteSamples((15,))
    assert len(shown.snapshot.experiment.t) == 15


def test_rows_are_copied_and_pasted(qtbot: QtBot, spiral: Experiment, clipboard: None) -> None:
    panel = SamplesPanel()
    shown = Shown(qtbot, panel, spiral)
    panel.table.selectRow(3)
    QTest.keyClick(panel.table, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(panel.table, Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    data = shown.snapshot.experiment.data
    assert len(data.t) == 16
    assert data.raw_x[15].tolist() == data.raw_x[3].tolist()
    QGuiApplication.clipboard().setText("1\t2\n")
    QTest.keyClick(panel.table, Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert shown.sentences == ["Pasting: 2 columns were pasted, the table has 3"]


def test_going_to_a_row_chooses_its_sample_but_not_one_to_test_on(
    qtbot: QtBot, spiral: Experiment
) -> None:
    panel = SamplesPanel()
    shown = Shown(qtbot, panel, spiral)
    chosen: list[int] = []
    panel.sample_chosen.connect(chosen.append)
    QTest.keyClick(panel.table, Key.Key_Down)
    panel.table.setCurrentIndex(panel.model.index(17, 0))
    assert chosen == [1]
    shown.show(shown.snapshot.experiment, sample=4)
    assert panel.table.currentIndex().row() == 4
    assert chosen == [1]
    assert panel.model.headerData(4, Qt.Orientation.Vertical) == "▸ 5"


def test_standardising_shows_means_and_deviations(qtbot: QtBot, spiral: Experiment) -> None:
    panel = SamplesPanel()
    shown = Shown(qtbot, panel, spiral)
    panel.standardised.click()
    assert shown.edits == [SetStandardised(True)]
    assert panel.standardised.isChecked()
    scaling = shown.snapshot.experiment.data.scaling
    assert scaling is not None
    header = str(panel.model.headerData(0, Qt.Orientation.Horizontal))
    assert header.startswith("x1\nμ ")
    assert "\nσ " in header
    panel.standardised.click()
    assert shown.snapshot.experiment.data.scaling is None


def test_a_hundred_thousand_samples_are_shown(qtbot: QtBot, worked: Experiment) -> None:
    big = UseDataset(Origin("moons", 100_000, 0.1, 0, 0.1)).apply(worked)
    panel = SamplesPanel()
    shown = Shown(qtbot, panel, big)
    panel.grab()
    snapshot = evaluate(big, 5)
    panel.show_snapshot(snapshot, shown.snapshot)
    assert not panel.grab().isNull()


# Accuracy -----------------------------------------------------------------------------------------


def test_both_costs_and_accuracies_are_shown(qtbot: QtBot, spiral: Experiment) -> None:
    panel = AccuracyPanel()
    shown = Shown(qtbot, panel, spiral)
    panel.set_theme(DARK)
    words = panel.accessibleDescription()
    assert words.startswith("training cost 0.")
    assert "test cost 0." in words
    # Untrained, every output is above ½: the ones are right and the zeros are not.
    ones = int(shown.snapshot.experiment.t.sum())
    assert panel.model.index(0, 1).data() == str(15 - ones)
    assert panel.model.index(1, 1).data() == str(ones)
    assert panel.model.index(1, 2).data() == "100 %"
    panel._switch.button(1).click()
    tested = int(shown.snapshot.experiment.t_test.sum())
    assert panel.model.index(1, 1).data() == str(tested)


def test_numbers_have_no_accuracy(qtbot: QtBot, worked: Experiment) -> None:
    panel = AccuracyPanel()
    Shown(qtbot, panel, worked)
    assert not panel.table.isVisible()
    assert "accuracy none" in panel.accessibleDescription()


@pytest.mark.parametrize(
    ("share", "text"),
    [(1.0, "100 %"), (0.9999, "99.9 %"), (0.0, "0 %"), (1e-5, "0.1 %"), (0.5, "50 %")],
)
def test_only_all_is_a_hundred_percent(share: float, text: str) -> None:
    assert percent(share) == text
    assert percent(float(np.nan)) == "none"


# The import dialog --------------------------------------------------------------------------------


def dialog(qtbot: QtBot, text: str) -> ImportDialog:
    made = ImportDialog(text, "mine.csv", "UTF-8", LIGHT)
    qtbot.addWidget(made)
    made.show()
    return made


def is_acceptable(made: ImportDialog) -> bool:
    return made.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def choose(box: object, entry: object) -> None:
    box.setCurrentIndex(box.findData(entry))  # type: ignore[attr-defined]
    box.activated.emit(box.currentIndex())  # type: ignore[attr-defined]


def test_the_dialog_begins_with_what_fits_and_makes_an_edit(
    qtbot: QtBot, worked: Experiment
) -> None:
    made = dialog(qtbot, "a;b;kind\n1,5;2;x\n4;5;y\n")
    assert is_acceptable(made)
    made.share.setValue(50)
    edit = made.edit
    assert edit is not None
    after = edit.apply(worked)
    assert after.architecture.sizes == (2, 2, 1)
    assert (len(after.t), len(after.t_test)) == (1, 1)
    assert edit.label == "Use data: mine.csv"


def test_an_error_is_shown_and_mended_by_another_choice(qtbot: QtBot) -> None:
    made = dialog(qtbot, "a;b;c\n1;2;3\n?;5;7\n8;9;1\n")
    assert not is_acceptable(made)
    assert made.edit is None
    assert made.verdict.text().startswith("Line 3, column 1 (“a”): “?”")
    made.preview.selectColumn(0)
    choose(made.role, Role.IGNORED)
    assert is_acceptable(made)
    assert made.edit is not None
    assert made.edit.samples.x_names == ("b",)


def test_another_separator_reads_the_text_again(qtbot: QtBot) -> None:
    from bp_gui.session.table_text import Separator

    made = dialog(qtbot, "1,5;2\n3,5;4\n")
    assert made.model.columnCount() == 2
    choose(made.separator, Separator.COMMA)
    assert made.model.index(0, 1).data() == "5;2"
