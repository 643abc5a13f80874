"""The table of parameters: sorted, filtered, copied and pasted into, all by keyboard."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from bp_gui.engine.names import parse_name
from bp_gui.engine.network import Architecture, Parameters
from bp_gui.explain.name_choice import NameChoice
from bp_gui.explain.naming import ParameterNames
from bp_gui.session.edits import SetLocked
from bp_gui.session.edits_values import SetValues
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import evaluate
from bp_gui.session.training import advance
from bp_gui.views.panels.parameters import ParameterPanel
from bp_gui.views.parameters.model import Column

THETA = (0.5, -1.5, 0.25, 2.0, -0.125, 1.0, 0.75, -0.5, 0.0, 3.0, -2.0, 0.3, 0.1)


@pytest.fixture
def experiment(worked: Experiment) -> Experiment:
    """A 2-3-1 network."""
    architecture = Architecture((2, 3, 1), ("sigmoid", "sigmoid"))
    parameters = Parameters(architecture, np.array(THETA))
    made = replace(
        worked,
        parameters=parameters,
        start=parameters.theta,
        data=replace(worked.data, t=worked.data.t[:, :1], t_test=worked.data.t_test[:, :1]),
    )
    return replace(made, optimizer_state=made.optimizer.initial_state(len(THETA)))


@pytest.fixture
def panel(qtbot: QtBot, experiment: Experiment) -> ParameterPanel:
    panel = ParameterPanel()
    qtbot.addWidget(panel)
    panel.resize(470, 500)
    panel.set_digits(6)
    panel.set_names(NameChoice(ParameterNames.INDEXED))
    panel.show_snapshot(evaluate(experiment), None)
    panel.show()
    return panel


def column(panel: ParameterPanel, which: Column) -> list[str]:
    model = panel.model
    return [str(model.index(row, which).data()) for row in range(model.rowCount())]


def sorted_names(experiment: Experiment) -> list[str]:
    refs = list(experiment.architecture.refs())
    return [refs[k].name for k in np.argsort(np.array(THETA), kind="stable")]


def test_every_column_says_what_it_is(panel: ParameterPanel, experiment: Experiment) -> None:
    snapshot = evaluate(experiment)
    row = panel.model.row_of(parse_name("W2[1,2]"))
    assert row is not None
    k = experiment.architecture.index(parse_name("W2[1,2]"))
    texts = [panel.model.index(row, c).data() for c in Column]
    after, now = float(snapshot.next_theta[k]), THETA[k]
    assert texts[Column.NAME] == "W2[1,2]"
    assert float(texts[Column.GRADIENT].replace("−", "-")) == pytest.approx(
        float(snapshot.gradient[k]), rel=1e-5
    )
    assert float(texts[Column.CHANGE].replace("−", "-")) == pytest.approx(after - now, rel=1e-5)
    assert texts[Column.LAST] == ""


def test_the_last_value_is_the_one_before_the_last_update(
    panel: ParameterPanel, experiment: Experiment
) -> None:
    trained = advance(experiment, 1).experiment
    panel.show_snapshot(evaluate(trained), evaluate(experiment))
    assert column(panel, Column.LAST)[0] == "0.5"
    assert column(panel, Column.BEFORE)[0] != "0.5"


def test_sorting_by_value_keeps_the_selected_row_selected(
    panel: ParameterPanel, experiment: Experiment
) -> None:
    ref = parse_name("W1[2,2]")
    panel.show_selected(ref)
    panel.table.sort_by(Column.BEFORE)
    assert column(panel, Column.NAME) == sorted_names(experiment)
    assert panel.model.ref_at(panel.table.currentIndex()) == ref
    panel.table.sort_by(Column.BEFORE)
    assert column(panel, Column.NAME) == sorted_names(experiment)[::-1]
    panel.table.sort_by(None)
    assert column(panel, Column.NAME) == [r.name for r in experiment.architecture.refs()]


def test_the_order_follows_the_numbers(panel: ParameterPanel, experiment: Experiment) -> None:
    panel.table.sort_by(Column.BEFORE)
    changed = SetValues(((parse_name("b1[1]"), 99.0),)).apply(experiment)
    panel.show_snapshot(evaluate(changed), evaluate(experiment))
    assert column(panel, Column.NAME)[-1] == "b1[1]"


def test_the_filter_keeps_rows_with_every_word(
    panel: ParameterPanel, experiment: Experiment
) -> None:
    panel.filter.setText("w2")
    assert column(panel, Column.NAME) == ["W2[1,1]", "W2[1,2]", "W2[1,3]"]
    panel.filter.setText("bias 2")
    assert column(panel, Column.NAME) == ["b1[2]", "b2[1]"]
    panel.filter.setText("locked")
    assert column(panel, Column.NAME) == []
    locked = SetLocked(parse_name("b2[1]"), True).apply(experiment)
    panel.show_snapshot(evaluate(locked), evaluate(experiment))
    assert column(panel, Column.NAME) == ["b2[1]"]
    assert panel.model.row_of(parse_name("W1[1,1]")) is None
    QTest.keyClick(panel.filter, Qt.Key.Key_Escape)
    assert panel.model.rowCount() == len(THETA)


def test_copied_rows_are_read_by_spreadsheets_and_by_paste(panel: ParameterPanel) -> None:
    panel.table.selectRow(0)
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    heading, line = QGuiApplication.clipboard().text().splitlines()
    assert heading.split("\t")[:2] == ["Name", "Now"]
    assert line.split("\t")[:2] == ["W1[1,1]", "0.5"]
    QGuiApplication.clipboard().clear()


def test_pasted_names_and_values_are_one_edit(panel: ParameterPanel, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("Name\tNow\nW2[1,3]\t0.41\nb1[2]\t-7\n")
    panel.table.setFocus()
    with qtbot.waitSignal(panel.edit_requested) as caught:
        QTest.keyClick(panel.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert caught.args == [SetValues(((parse_name("W2[1,3]"), 0.41), (parse_name("b1[2]"), -7.0)))]
    QGuiApplication.clipboard().clear()


def test_pasted_values_go_down_from_the_current_row_as_it_is_sorted(
    panel: ParameterPanel, qtbot: QtBot, experiment: Experiment
) -> None:
    panel.table.sort_by(Column.BEFORE)
    panel.table.setCurrentIndex(panel.model.index(2, Column.BEFORE))
    QGuiApplication.clipboard().setText("10\n20\n")
    with qtbot.waitSignal(panel.edit_requested) as caught:
        panel.table.paste()
    names = [ref.name for ref, _ in caught.args[0].values]
    assert names == sorted_names(experiment)[2:4]
    QGuiApplication.clipboard().clear()


@pytest.mark.parametrize("text", ["nothing", "x[1]\t3", "Q7\t3", "1\n" * 14])
def test_what_cannot_be_pasted_is_said_and_changes_nothing(
    panel: ParameterPanel, qtbot: QtBot, text: str
) -> None:
    QGuiApplication.clipboard().setText(text)
    with (
        qtbot.assertNotEmitted(panel.edit_requested),
        qtbot.waitSignal(panel.rejected) as caught,
    ):
        panel.table.paste()
    assert caught.args[0].startswith("Nothing was pasted")
    QGuiApplication.clipboard().clear()


def test_names_can_be_those_of_textbooks(panel: ParameterPanel, qtbot: QtBot) -> None:
    panel.set_names(NameChoice())
    assert column(panel, Column.NAME)[:2] == ["w1", "w2"]
    QGuiApplication.clipboard().setText("w7\t0.5")
    with qtbot.waitSignal(panel.edit_requested) as caught:
        panel.table.paste()
    assert caught.args == [SetValues(((parse_name("W2[1,1]"), 0.5),))]
    QGuiApplication.clipboard().clear()


def test_ctrl_f_goes_to_the_filter_and_return_back(panel: ParameterPanel, qtbot: QtBot) -> None:
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(panel.focusWidget(), QLineEdit)
    QTest.keyClick(panel.filter, Qt.Key.Key_Return)
    assert panel.focusWidget() is panel.table


def test_the_menu_offers_everything(panel: ParameterPanel) -> None:
    menu = panel.table.made_menu()
    texts = [action.text().replace("&", "") for action in menu.actions()]
    assert texts == ["Copy rows", "Paste values", "Filter…", "Sort by"]
    menu.close()


def test_hovering_a_row_previews_its_parameter(panel: ParameterPanel, qtbot: QtBot) -> None:
    index = panel.model.index(3, Column.BEFORE)
    with qtbot.waitSignal(panel.hovered) as caught:
        panel.table.entered.emit(index)
    assert caught.args == [panel.model.ref_at(index)]
