"""The window on a small screen, or with large type: nothing is out of reach."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from bp_gui.app import Program
from bp_gui.engine.names import ETA
from bp_gui.session.edits import SetValue
from bp_gui.views.flow import Flow
from bp_gui.views.scrolling import Scrolling
from bp_gui.views.workspaces import PAGES

SMALL = QSize(853, 500)  # 1280x800 at 150 %, less what the desktop takes


def test_every_panel_fits_a_small_window(program: Program, qtbot: QtBot) -> None:
    window = program.window
    window.resize(SMALL)
    program.cinema.film.open()
    for page in PAGES:
        for key, _, _ in page.panels:
            window.workspaces.choose(key)
            qtbot.wait(1)
            panel = window.workspaces.panel(key)
            assert window.size() == SMALL, key
            assert panel.width() <= window.workspaces.width(), key
            assert panel.height() >= panel.minimumSizeHint().height(), key


def test_a_small_window_shows_the_curve_and_a_large_one_the_digits_too(
    program: Program, qtbot: QtBot
) -> None:
    window = program.window
    assert window.cost.isVisible()
    window.resize(SMALL)
    qtbot.waitUntil(lambda: not window.cost.isVisible())
    assert window.curve.isVisible()
    window.resize(1280, 800)
    qtbot.waitUntil(window.cost.isVisible)


def test_digits_that_were_switched_off_stay_away(program: Program, qtbot: QtBot) -> None:
    window = program.window
    (switch,) = (
        a for m in window.menuBar().actions() for a in m.menu().actions() if a.text() == "Cost"
    )  # type: ignore[attr-defined]
    switch.trigger()
    for size in (SMALL, QSize(1280, 800)):
        window.resize(size)
        qtbot.wait(1)
        assert not window.cost.isVisible()
    switch.trigger()
    assert window.cost.isVisible()


def test_a_small_window_keeps_every_control_of_the_tool_bar(program: Program, qtbot: QtBot) -> None:
    bar = program.window.tool_bar
    step = bar.widgetForAction(program.window.actions_["step"])
    wide = step.width()
    program.window.resize(SMALL)
    qtbot.waitUntil(lambda: step.width() < wide)
    for box in (bar.updates, bar.rate, bar.eta, bar.digits, step):
        assert box.isVisible()
        assert box.mapTo(bar, box.rect().topRight()).x() <= bar.width()
    program.window.resize(1280, 800)
    qtbot.waitUntil(lambda: step.width() == wide)


@pytest.mark.parametrize(("width", "rows"), [(330, 1), (220, 2), (100, 3)])
def test_widgets_flow_into_rows(qtbot: QtBot, width: int, rows: int) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = Flow(10, holder)
    buttons = [QPushButton() for _ in range(3)]
    for button in buttons:
        button.setFixedSize(100, 20)
        flow.addWidget(button)
    assert flow.heightForWidth(width) == 20 * rows + 10 * (rows - 1)
    holder.resize(width, 200)
    holder.show()
    assert len({button.y() for button in buttons}) == rows


def test_a_panel_fills_its_place_and_scrolls_only_below_its_smallest_size(qtbot: QtBot) -> None:
    panel = QWidget()
    panel.setMinimumSize(200, 100)
    place = Scrolling(panel)
    qtbot.addWidget(place)
    place.resize(300, 150)
    place.show()
    assert panel.size() == QSize(300, 150)
    place.resize(300, 80)
    assert panel.height() == 100
    assert panel.width() == 300 - place.verticalScrollBar().sizeHint().width()
    assert place.verticalScrollBar().maximum() == 20


def test_nothing_moves_while_numbers_change(program: Program) -> None:
    window = program.window
    window.workspaces.choose("accuracy")

    def places() -> list[tuple[int, ...]]:
        accuracy = window.workspaces.panel("accuracy")
        parts = [*window.cost.findChildren(QLabel), *accuracy.findChildren(QLabel), window.curve]
        return [part.geometry().getRect() for part in parts if part.objectName() != "title"]  # type: ignore[attr-defined]

    before = places()
    for eta in (3.0, 1e-9):
        program.store.submit(SetValue(ETA, eta))
        window.actions_["step"].trigger()
        assert places() == before
