"""Results of a sweep as a table, as curves and as a map."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bp_gui.controller.sweep import Finished
from bp_gui.session.examples import load_named
from bp_gui.session.project_file import dumps
from bp_gui.session.sweep.pivot import pivot
from bp_gui.session.sweep.run import Result
from bp_gui.session.sweep.spec import Bounds, Sample, Specification, Sweep, request_of
from bp_gui.views.plot.canvas import Move
from bp_gui.views.sweep.cost_map import CostMap
from bp_gui.views.sweep.curves import MOST_CURVES, RunCurves
from bp_gui.views.sweep.map_view import MapView
from bp_gui.views.sweep.model import ResultModel
from bp_gui.views.sweep.table import ResultTable
from bp_gui.views.theme import DARK, LIGHT

GRID = Specification(updates=10, grid={"hidden": [[8], [], [4, 4]], "eta": [0.5, 0.1]})


def sweep_of(spec: Specification = GRID) -> Sweep:
    return request_of(spec).starting_from(dumps(load_named("example:xor")))


def finished(run: int, cost: float, error: str = "", **more: float) -> Finished:
    """A run whose cost falls evenly from 1 to its last."""
    result = Result(run, 10, cost, math.nan, cost, 10, error)
    if math.isnan(cost):
        return Finished(result, np.empty(0), np.empty(0))
    updates = np.linspace(0.0, 10.0, 6)
    return Finished(replace(result, **more), updates, np.linspace(1.0, cost, 6))


COSTS = (0.4, 0.2, 0.3, 0.1, 0.6, 0.5)


@pytest.fixture
def sweep() -> Sweep:
    return sweep_of()


@pytest.fixture
def model(sweep: Sweep) -> ResultModel:
    made = ResultModel()
    made.set_theme(LIGHT)
    made.begin(sweep)
    made.add([finished(k, cost) for k, cost in enumerate(COSTS)])
    return made


@pytest.fixture
def table(model: ResultModel, qtbot: QtBot) -> ResultTable:
    made = ResultTable(model)
    qtbot.addWidget(made)
    made.resize(700, 300)
    made.show()
    return made


def headings(model: ResultModel) -> list[object]:
    return [model.headerData(k, Qt.Orientation.Horizontal) for k in range(model.columnCount())]


def texts(model: ResultModel, column: int) -> list[object]:
    return [model.data(model.index(row, column)) for row in range(model.rowCount())]


# The table


def test_a_row_says_settings_results_and_how_it_ended(model: ResultModel) -> None:
    assert headings(model) == [
        "Run", "Hidden layers", "η", "Seed", "Final cost", "Lowest cost", "at update", "Status",
    ]  # fmt: skip
    first = [model.data(model.index(0, k)) for k in range(model.columnCount())]
    assert first[:3] == ["1", "8", "0.5"]
    assert first[4:] == ["0.4", "0.4", "10", "complete"]


def test_columns_that_say_nothing_are_left_out_until_they_do(model: ResultModel) -> None:
    assert "Accuracy" not in headings(model)
    model.begin(sweep_of())
    model.add([finished(0, 0.1, accuracy=0.75)])
    assert headings(model)[4:6] == ["Final cost", "Accuracy"]
    assert model.data(model.index(0, 5)) == "75 %"


def test_a_failed_run_says_why(model: ResultModel, sweep: Sweep) -> None:
    model.begin(sweep)
    model.add([finished(1, math.nan, "softmax belongs into the last layer only")])
    last = model.columnCount() - 1
    assert model.data(model.index(0, last)) == "softmax belongs into the last layer only"
    assert model.data(model.index(0, last), Qt.ItemDataRole.ForegroundRole) == QColor(LIGHT.warning)
    assert model.data(model.index(0, model.cost_column)) == "failed"
    assert model.data(model.index(0, model.cost_column + 1)) == "–"
    assert "last layer only" in str(model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole))


@pytest.mark.parametrize(
    ("column", "runs"),
    [
        (4, ["4", "2", "3", "1", "6", "5"]),  # by cost
        (2, ["2", "4", "6", "1", "3", "5"]),  # by η, equal ones by their number
        (1, ["3", "4", "1", "2", "5", "6"]),  # by neurons
    ],
)
def test_rows_are_sorted_by_a_column(
    model: ResultModel, table: ResultTable, column: int, runs: list[str]
) -> None:
    table.sort_by(column)
    assert texts(model, 0) == runs
    table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    assert texts(model, 0) == ["1", "2", "3", "4", "5", "6"]


def test_what_has_no_number_is_last_in_both_directions(sweep: Sweep, model: ResultModel) -> None:
    model.begin(sweep)
    model.add([finished(0, math.nan, "refused"), finished(1, 0.2), finished(2, 0.1)])
    for order, runs in (
        (Qt.SortOrder.AscendingOrder, ["3", "2", "1"]),
        (Qt.SortOrder.DescendingOrder, ["2", "3", "1"]),
    ):
        model.sort(model.cost_column, order)
        assert texts(model, 0) == runs


def test_columns_that_are_new_end_the_sorting_by_others(
    sweep: Sweep, model: ResultModel, table: ResultTable
) -> None:
    model.begin(sweep)
    model.add([finished(1, math.nan, "refused"), finished(0, 0.5)])
    table.sort_by(model.cost_column + 1)
    model.add([finished(2, 0.1, accuracy=1.0)])
    assert table.horizontalHeader().sortIndicatorSection() == -1
    assert texts(model, 0) == ["1", "2", "3"]


def test_rows_that_come_later_are_sorted_in_and_the_selection_stays(
    sweep: Sweep, model: ResultModel, table: ResultTable
) -> None:
    model.begin(sweep)
    model.add([finished(3, 0.3), finished(5, 0.5)])
    table.sort_by(model.cost_column)
    table.show_selected(3)
    model.add([finished(0, 0.1), finished(4, 0.4)])
    assert texts(model, 0) == ["1", "4", "5", "6"]
    assert model.at(table.currentIndex().row()).result.run == 3


def test_a_run_is_opened_by_return_and_by_double_click(table: ResultTable, qtbot: QtBot) -> None:
    table.show_selected(2)
    with qtbot.waitSignal(table.open_requested) as asked:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert asked.args == [2]
    index = table.model().index(4, 0)
    place = table.visualRect(index).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    with qtbot.waitSignal(table.open_requested) as asked:
        QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [4]


def test_the_menu_sorts_and_opens_too(table: ResultTable, model: ResultModel, qtbot: QtBot) -> None:
    table.show_selected(1)
    menu = table.made_menu()
    with qtbot.waitSignal(table.open_requested):
        menu.actions()[0].trigger()
    (by_cost,) = (
        action for action in menu.actions()[1].menu().actions() if action.text() == "Final cost"
    )
    by_cost.trigger()
    assert texts(model, 0)[0] == "4"
    menu.deleteLater()


def test_some_rows_are_copied_with_all_digits(table: ResultTable, model: ResultModel) -> None:
    model.begin(sweep_of())
    model.add([finished(0, 1 / 3), finished(1, 0.2), finished(2, 0.1)])
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    QGuiApplication.clipboard().clear()
    assert [line[0] for line in lines] == ["Run", "1", "2"]
    assert float(lines[1][lines[0].index("Final cost")]) == 1 / 3


# The curves


@pytest.fixture
def curves(sweep: Sweep, qtbot: QtBot) -> RunCurves:
    made = RunCurves()
    qtbot.addWidget(made)
    made.resize(500, 340)
    made.begin(sweep)
    made.show()
    made.show_finished([finished(k, cost) for k, cost in enumerate(COSTS)])
    return made


def place_of(curves: RunCurves, update: float, cost: float) -> QPointF:
    """Return where a point of the curves is in the scene."""
    assert curves._canvas is not None
    y = math.log10(cost) if curves.log.isChecked() else cost
    return QPointF(curves._canvas._view.mapViewToScene(QPointF(update, y)))


def test_curves_have_the_colours_of_a_setting(curves: RunCurves) -> None:
    assert curves.colour.currentText() == "Hidden layers"
    assert [text for _, text, _ in curves._groups()] == ["none", "8", "4-4"]
    assert sum(len(runs) for _, _, runs in curves._groups()) == 6
    assert "none" in curves.legend.text()
    curves.colour.setCurrentIndex(0)
    curves.colour.activated.emit(0)
    assert curves.legend.isHidden()


@pytest.mark.parametrize("log", [True, False])
def test_pointing_names_the_nearest_run(curves: RunCurves, log: bool) -> None:
    curves.log.setChecked(log)
    curves._point(place_of(curves, 10.0, 0.2))
    assert (
        curves.readout.text()
        == "0.2   run 2: hidden layers 8, η 0.1, seed " + curves.readout.text().split()[-1]
    )
    curves._point(None)
    assert curves.readout.text().startswith("Point at a curve")


def test_a_click_selects_the_run_that_is_pointed_at(curves: RunCurves, qtbot: QtBot) -> None:
    assert curves._canvas is not None
    curves._point(place_of(curves, 10.0, 0.5))
    with qtbot.waitSignal(curves.run_chosen) as chosen:
        curves._canvas.update_clicked.emit(10)
    assert chosen.args == [5]


def test_the_selected_curve_is_drawn_on_top(curves: RunCurves) -> None:
    assert curves._canvas is not None
    curves.show_selected(3)
    _, y = curves._canvas._curve.getData()
    np.testing.assert_allclose(y, np.log10(np.linspace(1.0, 0.1, 6)))
    assert curves.readout.text().startswith("0.1   run 4")
    curves.show_selected(None)
    assert curves._canvas._curve.getData()[0] is None or not len(curves._canvas._curve.getData()[0])


def test_the_mark_at_the_end_of_the_selected_curve_follows_a_resize(
    curves: RunCurves, qtbot: QtBot
) -> None:
    canvas = curves._canvas
    assert canvas is not None
    curves.show_selected(3)
    curves.resize(700, 480)
    QApplication.processEvents()
    offset = canvas._marker.pos() - place_of(curves, 10.0, 0.1)
    assert offset.manhattanLength() < 1.0


def test_arrow_keys_go_from_the_best_run_to_worse_ones(curves: RunCurves) -> None:
    chosen: list[int] = []
    curves.run_chosen.connect(chosen.append)
    curves.run_chosen.connect(curves.show_selected)
    assert curves._canvas is not None
    for move in (Move.ON, Move.ON, Move.LAST, Move.ON, Move.FIRST):
        curves._canvas.key_pressed.emit(move)
    assert chosen == [3, 1, 4, 4, 3]


def test_runs_that_diverged_do_not_set_the_range_of_costs(curves: RunCurves) -> None:
    curves.log.setChecked(False)
    before = curves._costs(False)
    there = [finished(k, cost) for k, cost in enumerate(COSTS[:-1])]
    curves.show_finished([*there, finished(5, 1e200, "diverged")])
    assert curves._costs(False) == before
    assert curves.drawn[-1] == 5


def test_of_very_many_runs_the_best_are_drawn_and_it_is_said(qtbot: QtBot) -> None:
    sample = Sample(runs=MOST_CURVES + 50, ranges={"eta": Bounds(low=0.1, high=1.0)})
    made = RunCurves()
    qtbot.addWidget(made)
    made.resize(500, 340)
    made.begin(sweep_of(Specification(updates=10, random=sample)))
    made.show_finished([finished(k, 1.0 / (k + 2)) for k in range(MOST_CURVES + 50)])
    made.show()
    assert len(made.drawn) == MOST_CURVES
    assert min(made.drawn) == 50
    assert "the 300 of 350 runs with the lowest costs" in made.legend.text()


# The map


@pytest.fixture
def view(sweep: Sweep, qtbot: QtBot) -> MapView:
    made = MapView()
    qtbot.addWidget(made)
    made.resize(420, 360)
    made.begin(sweep)
    made.show()
    made.show_finished([finished(k, cost) for k, cost in enumerate(COSTS)])
    return made


def test_the_map_says_what_it_is_the_mean_of(view: MapView) -> None:
    assert view.note.text() == "Final cost, mean over Seed."
    view.columns.setCurrentIndex(view.columns.findText("Seed"))
    view.columns.activated.emit(2)
    assert view.note.text() == "Final cost, mean over η."


def test_a_cell_leads_to_its_best_run(view: MapView, qtbot: QtBot) -> None:
    place = view.map.place_of((1, 0)).center()  # hidden 8, η 0.1
    with qtbot.waitSignal(view.run_chosen) as chosen:
        QTest.mouseClick(view.map.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [1]
    assert view.map.text_of((1, 0)) == "Hidden layers 8, η 0.1: 0.2, 1 run"


def test_the_selected_run_is_marked_on_the_map(view: MapView) -> None:
    view.show_selected(4)
    assert view.map._marked_cell == (2, 1)  # hidden 4-4, η 0.5


def test_the_map_is_used_by_keyboard(view: MapView, qtbot: QtBot) -> None:
    QTest.keyClick(view.map, Qt.Key.Key_Down)
    QTest.keyClick(view.map, Qt.Key.Key_Right)
    with qtbot.waitSignal(view.run_chosen) as chosen:
        QTest.keyClick(view.map, Qt.Key.Key_Return)
    assert chosen.args == [2]  # no hidden layer, η 0.5
    assert view.map.accessibleDescription() == "Hidden layers none, η 0.5: 0.3, 1 run"


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_low_costs_are_dark_and_cells_without_one_like_the_panel(
    qtbot: QtBot, theme: object
) -> None:
    made = CostMap()
    qtbot.addWidget(made)
    made.set_theme(theme)  # type: ignore[arg-type]
    made.resize(400, 300)
    results = [finished(k, cost).result for k, cost in enumerate(COSTS[:4])]
    results.append(finished(4, math.nan, "refused").result)
    made.show_pivot(pivot(sweep_of(), results, "hidden", "eta"), "Hidden layers", "η")
    image = made.grab().toImage()
    low, high = (
        image.pixelColor(made.place_of(cell).topLeft() + QPoint(3, 3)) for cell in ((0, 0), (1, 1))
    )
    assert low.name() == "#440154"
    assert high.name() == "#fde725"
    empty = image.pixelColor(made.place_of((2, 0)).topLeft() + QPoint(3, 3))
    assert empty.name() == theme.surface  # type: ignore[attr-defined]
    assert made._fitting()[2, 1] == "failed"
    assert made._fitting()[0, 0] == "0.1"
    assert made.text_of((2, 1)) == "Hidden layers 4-4, η 0.5: 1 failed"
