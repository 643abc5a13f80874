"""The cost curve shows every recorded cost, follows the data and can be read by everybody."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QVBoxLayout, QWidget

from bp_gui.session.examples import load_named
from bp_gui.session.history import CostHistory
from bp_gui.session.snapshot import evaluate
from bp_gui.session.training import advance
from bp_gui.views.plot import cost_plot
from bp_gui.views.plot.cost_plot import CostPlot
from bp_gui.views.theme import DARK, LIGHT

START = load_named("example:worked")
# Mazur's worked example: the total error before the first update and after 10,000.
START_COST, LAST_COST = "0.298371", "3.51019e−5"


def after(updates):
    """Return the worked example after some training."""
    return evaluate(advance(START, updates).experiment if updates else START)


def with_history(costs, present=0.1, updates=None):
    """Return a snapshot with a history of one's own."""
    counts = np.arange(len(costs)) if updates is None else np.asarray(updates[:-1])
    last = len(costs) if updates is None else updates[-1]
    history = CostHistory().extended(counts, costs)
    return replace(evaluate(replace(START, history=history, updates=last)), cost=present)


@pytest.fixture
def plot(qtbot):
    widget = CostPlot()
    qtbot.addWidget(widget)
    widget.set_theme(LIGHT)
    widget.resize(460, 260)
    widget.show_snapshot(after(0))
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def canvas(plot):
    return plot.focusProxy()


def drawn(plot):
    """Return x and y of the curve as it is drawn."""
    x, y = canvas(plot)._curve.getData()
    return np.asarray(x), np.asarray(y)


def area(plot):
    (left, right), (bottom, top) = canvas(plot)._view.viewRange()
    return left, right, bottom, top


def ticks(plot, axis):
    """Return the labels of an axis."""
    item = getattr(canvas(plot), f"_{axis}_axis")
    low, high = item.range
    length = item.size().height() if axis == "cost" else item.size().width()
    return [
        text
        for spacing, values in item.tickValues(low, high, length)
        for text in item.tickStrings(values, 1.0, spacing)
    ]


def button(plot, text):
    return next(each for each in plot.findChildren(QToolButton) if each.text() == text)


def place_of(plot, update):
    """Return where an update lies in the canvas."""
    view = canvas(plot)._view
    x = view.mapViewToScene(QPointF(update, 0.0)).x()
    return QPoint(round(x), round(view.sceneBoundingRect().center().y()))


def point_at(plot, update):
    QTest.mouseMove(canvas(plot).viewport(), place_of(plot, update))
    QApplication.processEvents()


def wheel(plot, modifiers=Qt.KeyboardModifier.NoModifier):
    target = canvas(plot).viewport()
    place = QPointF(target.rect().center())
    event = QWheelEvent(
        place,
        QPointF(target.mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(target, event)


# The curve ------------------------------------------------------------------------------------


def test_the_present_point_follows_the_history_and_update_0_is_included(plot):
    snapshot = after(3)
    plot.show_snapshot(snapshot)
    x, y = drawn(plot)
    assert x.tolist() == [0, 1, 2, 3]
    assert y.tolist() == [*snapshot.experiment.history.costs, snapshot.cost]


def test_a_single_point_shows_neither_negative_nor_fractional_updates(plot):
    assert drawn(plot)[0].tolist() == [0]
    left, right, bottom, top = area(plot)
    assert left == 0
    assert right == pytest.approx(10, rel=0.1)
    assert -0.01 < bottom <= 0
    assert top == pytest.approx(1.1 * 0.298371, rel=1e-4)
    assert ticks(plot, "updates") == ["0", "2", "4", "6", "8", "10"]
    assert ticks(plot, "cost") == ["0.0", "0.1", "0.2", "0.3"]


def test_undo_shortens_the_curve_and_the_axis(plot):
    longer = after(500)
    plot.show_snapshot(longer)
    assert area(plot)[1] > 500
    shorter = after(20)
    plot.show_snapshot(shorter, longer)
    assert drawn(plot)[0][-1] == 20
    assert area(plot)[1] == pytest.approx(20, rel=0.1)
    assert plot.readout().startswith("update 20 ")


def test_a_long_curve_is_drawn_with_few_points_and_its_extremes(plot):
    costs = np.random.default_rng(0).random(200_000) + 0.5
    costs[123_456] = 7.0
    plot.show_snapshot(with_history(costs))
    x, y = drawn(plot)
    assert len(x) <= 3 * 2000 + 3
    assert y.max() == 7.0
    assert y.min() == 0.1  # the present
    assert (x[-1], y[-1]) == (200_000, 0.1)


def test_an_edit_moves_the_present_point_only(plot):
    snapshot = after(5)
    plot.show_snapshot(snapshot)
    plot.show_snapshot(replace(snapshot, cost=0.5), snapshot)
    assert drawn(plot)[1].tolist() == [*snapshot.experiment.history.costs, 0.5]


def test_nothing_is_drawn_again_if_nothing_changed(plot, monkeypatch):
    snapshot = after(5)
    plot.show_snapshot(snapshot)
    calls = []
    monkeypatch.setattr(canvas(plot), "draw_curve", lambda *_: calls.append(1))
    plot.show_snapshot(evaluate(snapshot.experiment), snapshot)
    assert not calls


def test_a_hidden_plot_does_nothing_until_it_is_shown(plot, monkeypatch, qtbot):
    calls = []
    monkeypatch.setattr(cost_plot, "min_max_bins", _counted(cost_plot.min_max_bins, calls))
    plot.hide()
    plot.show_snapshot(after(5))
    plot.show_snapshot(after(50))
    plot.set_digits(4)
    assert not calls
    with qtbot.waitExposed(plot):
        plot.show()
    assert calls
    assert drawn(plot)[0][-1] == 50


def _counted(function, calls):
    def counting(*args):
        calls.append(args)
        return function(*args)

    return counting


def test_resizing_keeps_the_marker_on_the_present_point(plot):
    plot.show_snapshot(after(10))
    plot.resize(800, 400)
    QApplication.processEvents()
    marker = canvas(plot)._marker
    assert marker.isVisible()
    assert marker.pos().x() == pytest.approx(place_of(plot, 10).x(), abs=1)


# Numbers that cannot be shown -------------------------------------------------------------------


@pytest.mark.parametrize("cost", [math.nan, math.inf, -math.inf, 1e308])
@pytest.mark.parametrize("logarithmic", [False, True])
def test_a_cost_that_is_not_finite_or_enormous_does_not_wreck_the_axis(plot, cost, logarithmic):
    plot.set_logarithmic(logarithmic)
    plot.show_snapshot(with_history([0.5, 0.4, cost, 0.3], present=cost))
    assert plot.grab().width() > 0
    top = area(plot)[3]
    assert top < 1.0
    assert np.isfinite(drawn(plot)[1]).tolist() == [True, True, False, True, False]
    assert not canvas(plot)._marker.isVisible()


def test_the_largest_costs_can_be_drawn(plot):
    for logarithmic in (False, True):
        plot.set_logarithmic(logarithmic)
        plot.show_snapshot(with_history([0.5, 1e150, 1e299], present=1e300))
        plot.show_snapshot(with_history([5e-324, 1e-310], present=1e-300))
        assert plot.grab().width() > 0


@pytest.mark.parametrize("logarithmic", [False, True])
@pytest.mark.parametrize("costs", [[], [math.nan], [0.0, 0.0], [1e-320]])
def test_there_are_axes_without_anything_to_show(plot, costs, logarithmic):
    plot.set_logarithmic(logarithmic)
    plot.show_snapshot(with_history(costs, present=0.0))
    assert plot.grab().width() > 0
    assert np.isfinite(area(plot)).all()


def test_a_cost_that_is_not_finite_is_read_out_as_it_is(plot):
    plot.show_snapshot(with_history([0.5], present=math.nan))
    assert plot.readout() == "update 1   C = NaN"


# The logarithmic axis -----------------------------------------------------------------------------


def test_the_logarithmic_axis_masks_zeros_and_negative_costs(plot):
    plot.set_logarithmic(True)
    plot.show_snapshot(with_history([1.0, 0.0, -2.0, 0.01]))
    y = drawn(plot)[1]
    assert y[[0, 3, 4]].tolist() == pytest.approx([0.0, -2.0, -1.0])
    assert np.isnan(y[1:3]).all()
    assert ticks(plot, "cost") == ["0.01", "0.1", "1"]


def test_tick_labels_of_small_costs_share_an_exponent(plot):
    plot.show_snapshot(with_history([2e-6, 1e-6], present=5e-7))
    assert ticks(plot, "cost") == ["0", "0.5e−6", "1.0e−6", "1.5e−6", "2.0e−6"]


def test_the_log_button_and_the_method_switch_and_tell(plot, qtbot):
    with qtbot.waitSignal(plot.logarithmic_changed) as told:
        plot.set_logarithmic(True)
    assert told.args == [True]
    assert button(plot, "Log").isChecked()
    button(plot, "Log").setFocus()
    with qtbot.waitSignal(plot.logarithmic_changed) as told:
        QTest.keyClick(button(plot, "Log"), Qt.Key.Key_Space)
    assert told.args == [False]
    assert not plot.is_logarithmic()
    assert drawn(plot)[1].tolist() == pytest.approx([0.298371], rel=1e-5)


# The readout --------------------------------------------------------------------------------------


def test_the_readout_shows_the_present_while_the_mouse_is_away(plot):
    assert plot.readout() == f"update 0   C = {START_COST}"
    plot.show_snapshot(after(10_000))
    assert plot.readout() == f"update 10000   C = {LAST_COST}"
    plot.set_digits(3)
    assert plot.readout() == "update 10000   C = 3.51e−5"


def test_the_readout_snaps_to_the_nearest_recorded_update(plot):
    plot.show_snapshot(with_history([0.5, 0.25, 0.125], updates=[0, 100, 200, 300]))
    point_at(plot, 130)
    assert plot.readout() == "update 100   C = 0.25"
    assert canvas(plot)._line.isVisible()
    point_at(plot, 270)
    assert plot.readout() == "update 300   C = 0.1"
    canvas(plot).leaveEvent(QKeyEvent(QKeyEvent.Type.Leave, 0, Qt.KeyboardModifier.NoModifier))
    assert plot.readout() == "update 300   C = 0.1"
    assert not canvas(plot)._line.isVisible()


def test_the_readout_under_a_resting_mouse_follows_new_data(plot):
    plot.show_snapshot(with_history([0.5, 0.25, 0.125], updates=[0, 100, 200, 300]))
    point_at(plot, 100)
    plot.show_snapshot(with_history([0.5, 0.4, 0.3], updates=[0, 1000, 2000, 3000]))
    assert plot.readout() == "update 1000   C = 0.4"


@pytest.mark.parametrize(
    ("keys", "update"),
    [
        (["Left"], 99),
        (["Left", "Left", "Right"], 99),
        (["Right"], 100),
        (["Home"], 0),
        (["Home", "Left"], 0),
        (["Home", "Right"], 1),
        (["Home", "End"], 100),
        (["PageUp"], 90),
        (["Home", "PageDown"], 10),
        (["Left", "Escape"], 100),
    ],
)
def test_the_keyboard_moves_the_readout(plot, keys, update):
    plot.show_snapshot(after(100))
    for key in keys:
        QTest.keyClick(canvas(plot), Qt.Key[f"Key_{key}"])
    assert plot.readout().startswith(f"update {update} ")
    assert canvas(plot)._line.isVisible() is (keys[-1] != "Escape")


def test_a_readout_held_by_the_keyboard_survives_training_and_undo(plot):
    plot.show_snapshot(after(100))
    QTest.keyClick(canvas(plot), Qt.Key.Key_Left)
    plot.show_snapshot(after(200))
    assert plot.readout().startswith("update 99 ")
    plot.show_snapshot(after(10))
    assert plot.readout().startswith("update 10 ")


def test_a_readout_moved_out_of_sight_pans_the_plot(plot):
    plot.show_snapshot(after(100))
    wheel(plot)
    canvas(plot)._view.setXRange(0, 20, padding=0)
    QTest.keyClick(canvas(plot), Qt.Key.Key_End)
    left, right, *_ = area(plot)
    assert left <= 100 <= right
    assert right - left == pytest.approx(20)


@pytest.mark.parametrize("key", ["Left", "Home"])
def test_its_keys_are_claimed_before_shortcuts_and_others_are_not(plot, key):
    def is_claimed(name):
        event = QKeyEvent(
            QKeyEvent.Type.ShortcutOverride, Qt.Key[f"Key_{name}"], Qt.KeyboardModifier.NoModifier
        )
        event.ignore()
        QApplication.sendEvent(canvas(plot), event)
        return event.isAccepted()

    assert not is_claimed("Escape")
    assert not is_claimed("S")
    assert is_claimed(key)
    QTest.keyClick(canvas(plot), Qt.Key.Key_Left)
    assert is_claimed("Escape")


# Zooming ------------------------------------------------------------------------------------------


def test_the_wheel_zooms_the_updates_only_and_with_ctrl_the_cost_too(plot):
    plot.show_snapshot(after(100))
    left, right, bottom, top = area(plot)
    wheel(plot)
    zoomed = area(plot)
    assert zoomed[1] - zoomed[0] < right - left
    assert zoomed[2:] == (bottom, top)
    wheel(plot, Qt.KeyboardModifier.ControlModifier)
    assert area(plot)[3] - area(plot)[2] < top - bottom


def test_a_zoomed_plot_stays_where_it_is_until_fit(plot):
    plot.show_snapshot(after(100))
    assert button(plot, "Fit").isHidden()
    wheel(plot)
    zoomed = area(plot)
    assert not button(plot, "Fit").isHidden()
    plot.show_snapshot(after(1000))
    assert area(plot) == zoomed
    button(plot, "Fit").click()
    assert area(plot)[1] > 1000
    assert button(plot, "Fit").isHidden()


def test_dragging_pans_and_stops_following(plot):
    plot.show_snapshot(after(100))
    target, start = canvas(plot).viewport(), place_of(plot, 90)
    QTest.mousePress(target, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 6):
        place = QPointF(start - QPoint(20 * step, 0))
        event = QMouseEvent(
            QMouseEvent.Type.MouseMove,
            place,
            QPointF(target.mapToGlobal(place.toPoint())),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(target, event)
    QTest.mouseRelease(target, Qt.MouseButton.LeftButton, pos=place.toPoint())
    left, right, *_ = area(plot)
    assert left > 0
    assert right - left == pytest.approx(103)
    assert not button(plot, "Fit").isHidden()


def test_a_double_click_fits(plot):
    plot.show_snapshot(after(100))
    whole = area(plot)
    wheel(plot)
    QTest.mouseDClick(canvas(plot).viewport(), Qt.MouseButton.LeftButton, pos=place_of(plot, 50))
    assert area(plot) == whole


def test_a_zoomed_plot_changes_its_axis_without_changing_its_updates(plot):
    plot.show_snapshot(after(100))
    wheel(plot)
    left, right, *_ = area(plot)
    plot.set_logarithmic(True)
    assert area(plot)[:2] == pytest.approx((left, right))
    assert area(plot)[3] < 0  # the logarithm of a cost below 1


def test_the_view_never_shows_negative_updates(plot):
    plot.show_snapshot(after(100))
    canvas(plot)._view.translateBy(x=-50)
    assert area(plot)[0] == 0


# Appearance and access ----------------------------------------------------------------------------


def test_a_theme_recolours_everything(plot):
    plot.show_snapshot(after(100))
    for theme in (LIGHT, DARK, LIGHT):
        plot.set_theme(theme)
        assert canvas(plot)._curve.opts["pen"].color().name() == theme.accent
        assert canvas(plot)._cost_axis.textPen().color().name() == theme.muted
        assert canvas(plot)._updates_axis.tickPen().color().name() == theme.grid
    plot.set_theme(DARK)
    assert _has_colour(plot.grab().toImage(), DARK.accent)


def _has_colour(image, name):
    return any(
        image.pixelColor(x, y).name() == name
        for x in range(image.width())
        for y in range(image.height())
    )


def test_the_ticks_are_a_little_smaller_than_the_font(plot):
    font = plot.font()
    font.setPointSizeF(14)
    plot.setFont(font)
    assert canvas(plot)._cost_axis.style["tickFont"].pointSizeF() == 13
    font.setPixelSize(20)
    plot.setFont(font)
    assert canvas(plot)._cost_axis.style["tickFont"].pixelSize() == 19


def test_all_of_it_is_reached_by_tab_and_has_a_name(qtbot):
    window, plot, before = QWidget(), CostPlot(), QPushButton("Before")
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    layout.addWidget(before)
    layout.addWidget(plot)
    plot.show_snapshot(after(100))
    wanted = {canvas(plot), button(plot, "Fit"), button(plot, "Log")}
    wheel(plot)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    before.setFocus()
    reached = set()
    for _ in range(5):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert wanted <= reached
    for widget in wanted:
        assert widget.accessibleName()
    assert button(plot, "Log").toolTip()


def test_the_focus_of_the_keyboard_can_be_seen(qtbot, plot):
    with qtbot.waitActive(plot):
        plot.activateWindow()
    button(plot, "Log").setFocus()
    canvas(plot).setFocus(Qt.FocusReason.TabFocusReason)
    assert canvas(plot)._view.border.color().name() == LIGHT.accent
    button(plot, "Log").setFocus()
    assert canvas(plot)._view.border.color().name() == LIGHT.grid


def test_the_description_says_the_present_state_in_words(plot):
    assert canvas(plot).accessibleName() == "Cost curve"
    plot.show_snapshot(after(10_000))
    assert canvas(plot).accessibleDescription() == (
        f"After 10000 updates the cost is {LAST_COST}. At update 0 it was {START_COST}."
    )
    QTest.keyClick(canvas(plot), Qt.Key.Key_Home)
    assert canvas(plot).accessibleDescription() == f"At update 0 the cost is {START_COST}."


def test_a_long_readout_does_not_widen_the_plot(plot):
    narrow = plot.minimumSizeHint().width()
    plot.set_digits(17)
    plot.show_snapshot(after(1234))
    assert plot.minimumSizeHint().width() == narrow


def test_a_narrow_window_paints_without_a_word(plot, capfd, recwarn):
    for size in ((120, 80), (40, 30), (1600, 60)):
        plot.resize(*size)
        plot.show_snapshot(after(size[0]))
        plot.grab()
    assert not recwarn.list
    assert capfd.readouterr() == ("", "")
