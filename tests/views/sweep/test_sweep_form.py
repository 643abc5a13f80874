"""What a person says about a sweep: values, ranges, errors, and how many runs there would be."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bp_gui.session.sweep.examples import SWEEPS
from bp_gui.session.sweep.spec import Bounds, Sample, Specification, SweepError, request_of
from bp_gui.views.sweep.factor_row import LIST, LOG_RANGE, RANGE, FactorRow
from bp_gui.views.sweep.form import SweepForm


@pytest.fixture
def form(qtbot: QtBot) -> SweepForm:
    made = SweepForm()
    qtbot.addWidget(made)
    return made


def row(form: SweepForm, name: str) -> FactorRow:
    (found,) = (each for each in form.rows if each.factor.name == name)
    return found


def test_an_example_is_ready_to_be_run(form: SweepForm) -> None:
    assert form.specification() == next(iter(SWEEPS.values()))
    assert form.count.text() == "36 runs of 1,000 updates: 6 × η, 6 × Seed."


@pytest.mark.parametrize("spec", SWEEPS.values(), ids=SWEEPS.keys())
def test_what_is_shown_is_what_is_said(form: SweepForm, spec: Specification) -> None:
    form.show_specification(spec)
    assert form.specification() == spec
    assert form.n_runs == len(request_of(spec).runs)


def test_typing_values_changes_the_number_of_runs(form: SweepForm) -> None:
    line = row(form, "eta").line
    line.selectAll()
    QTest.keyClicks(line, "0.1, 0.2")
    assert form.n_runs == 12
    form.repeats.setValue(3)
    assert form.count.text() == "36 runs of 1,000 updates: 2 × η, 6 × Seed, 3 repeats."


def test_an_error_names_the_value_beside_it_and_nothing_can_be_run(form: SweepForm) -> None:
    eta = row(form, "eta")
    eta.line.setText("0.1, fast")
    assert "“fast” is not a number" in eta.problem.text()
    assert not eta.problem.isHidden()
    assert form.n_runs == 0
    with pytest.raises(SweepError, match="η: “fast” is not a number"):
        form.specification()
    eta.line.setText("0.1")
    assert eta.problem.isHidden()
    assert form.n_runs == 6


def test_a_range_is_cut_into_steps_for_a_grid_and_drawn_from_for_a_sample(form: SweepForm) -> None:
    eta = row(form, "eta")
    eta.mode.setCurrentIndex(LOG_RANGE)
    eta.low.set_value(0.01)
    eta.high.set_value(1.0)
    eta.count.setValue(3)
    grid = form.specification().grid
    assert grid is not None
    assert grid["eta"] == pytest.approx([0.01, 0.1, 1.0])
    form.sampling.setCurrentIndex(1)
    form.runs.setValue(40)
    sample = form.specification().random
    assert sample == Sample(
        runs=40,
        ranges={"eta": Bounds(low=0.01, high=1.0, scale="log")},
        choices={"initial_seed": [1, 2, 3, 4, 5, 6]},
    )
    assert form.count.text() == "40 runs of 1,000 updates, drawn at random."


@pytest.mark.parametrize(
    ("mode", "low", "said"), [(RANGE, 2.0, "not below"), (LOG_RANGE, 0.0, "above 0")]
)
def test_a_range_that_is_none_is_refused(form: SweepForm, mode: int, low: float, said: str) -> None:
    eta = row(form, "eta")
    eta.mode.setCurrentIndex(mode)
    eta.low.value_edited.emit(low)
    assert said in eta.problem.text()
    assert form.n_runs == 0
    eta.mode.setCurrentIndex(LIST)
    assert eta.problem.isHidden()


def test_settings_are_added_in_their_order_and_taken_out(form: SweepForm, qtbot: QtBot) -> None:
    form.show()
    form.vary("optimizer")
    names = [each.factor.name for each in form.rows]
    assert names == ["optimizer", "eta", "initial_seed"]
    assert form.specification().grid is not None
    row(form, "initial_seed").remove_requested.emit()
    row(form, "optimizer").remove_requested.emit()
    row(form, "eta").remove_requested.emit()
    assert form.rows == ()
    assert form.count.text() == "Nothing varies yet: add a setting."
    with pytest.raises(SweepError, match="add a setting"):
        form.specification()
    form.hide()


def test_every_setting_can_be_varied_as_it_is_added(form: SweepForm) -> None:
    for row_ in form.rows:
        row_.remove_requested.emit()
    for name in ("hidden", "activation", "cost", "optimizer", "eta", "l1", "l2", "batch_size"):
        form.vary(name)
    for name in ("bias_policy", "initializer", "initial_seed"):
        form.vary(name)
    assert not form.add.isEnabled()
    assert all(each.is_good for each in form.rows)


def test_known_names_are_chosen_from_a_list(form: SweepForm) -> None:
    form.vary("optimizer")
    optimizer = row(form, "optimizer")
    optimizer.toggle("adam")
    optimizer.toggle("gradient_descent")
    assert optimizer.line.text() == "momentum, adam"
    optimizer.known.menu().aboutToShow.emit()
    ticked = [action.text() for action in optimizer.known.menu().actions() if action.isChecked()]
    assert ticked == ["momentum", "adam"]


def test_more_runs_than_a_window_shows_are_left_to_the_command(form: SweepForm) -> None:
    row(form, "initial_seed").line.setText("1..5000")
    assert form.n_runs == 30_000
    with pytest.raises(SweepError, match="30,000 runs are more than the 10,000"):
        form.specification()


def test_everything_is_reached_by_tab_and_has_a_name(form: SweepForm) -> None:
    form.vary("optimizer")
    boxes = [form.base, form.add, form.examples, form.sampling, form.repeats, form.updates]
    for each in form.rows:
        boxes += [each.line, each.mode, each.known, each.low, each.high, each.count]
    for box in boxes:
        assert box.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert box.accessibleName()


def test_tab_goes_through_added_settings_where_they_stand(form: SweepForm) -> None:
    form.vary("optimizer")
    form.show()
    order, widget = [], form.base.nextInFocusChain()
    while widget is not form.base:
        order.append(widget)
        widget = widget.nextInFocusChain()
    lines = [order.index(each.line) for each in form.rows]
    assert [each.factor.name for each in form.rows] == ["optimizer", "eta", "initial_seed"]
    assert [order.index(form.add), *lines, order.index(form.sampling)] == sorted(
        [order.index(form.add), *lines, order.index(form.sampling)]
    )
    form.hide()
