"""A heat map shows signs by hue and sizes by depth; each cell leads to its quantity."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bp_gui.views.heat_map import HeatMap
from bp_gui.views.theme import DARK, LIGHT

VALUES = np.array([[1.0, -2.0, 0.0], [0.5, np.nan, 2.0]])


@pytest.fixture
def heat_map(qtbot: QtBot) -> HeatMap:
    heat_map = HeatMap()
    qtbot.addWidget(heat_map)
    heat_map.resize(300, 260)
    heat_map.show_matrix(VALUES, lambda row, column: (row, column))
    heat_map.show()
    return heat_map


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_largest_numbers_have_the_full_colours_and_zero_none(
    heat_map: HeatMap, theme: object
) -> None:
    heat_map.set_theme(theme)  # type: ignore[arg-type]
    expected = {
        (0, 1): theme.negative,  # type: ignore[attr-defined]
        (1, 2): theme.positive,  # type: ignore[attr-defined]
        (0, 2): theme.surface,  # type: ignore[attr-defined]
        (1, 1): theme.warning,  # type: ignore[attr-defined]
    }
    image = heat_map.grab().toImage()
    for cell, colour in expected.items():
        place = heat_map.place_of(cell).center()
        assert image.pixelColor(place) == QColor(colour), cell


def test_a_click_leads_to_the_cell(heat_map: HeatMap, qtbot: QtBot) -> None:
    with qtbot.waitSignal(heat_map.activated) as caught:
        QTest.mouseClick(
            heat_map.viewport(),
            Qt.MouseButton.LeftButton,
            pos=heat_map.place_of((1, 2)).center(),
        )
    assert caught.args == [(1, 2)]
    with qtbot.assertNotEmitted(heat_map.activated):
        QTest.mouseClick(heat_map.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))


def test_arrows_stay_inside_and_return_chooses(heat_map: HeatMap, qtbot: QtBot) -> None:
    heat_map.show_selected((0, 2))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(heat_map, key)
    assert heat_map.accessibleDescription() == "row 2, column 3: 2"
    with qtbot.waitSignal(heat_map.activated) as caught:
        QTest.keyClick(heat_map, Qt.Key.Key_Return)
    assert caught.args == [(1, 2)]


def test_a_large_matrix_scrolls_to_what_is_selected(heat_map: HeatMap) -> None:
    large = np.linspace(-1.0, 1.0, 90 * 70).reshape(90, 70)
    heat_map.show_matrix(large, lambda row, column: (row, column))
    assert heat_map.verticalScrollBar().maximum() > 0
    heat_map.show_selected((80, 60))
    assert heat_map.cell_at(heat_map.place_of((80, 60)).center()) == (80, 60)


def test_zeros_and_nothing_can_be_shown(heat_map: HeatMap) -> None:
    heat_map.show_matrix(np.zeros((2, 2)), lambda row, column: None)
    assert not heat_map.grab().isNull()
    heat_map.show_matrix(np.zeros((0, 0)), lambda row, column: None)
    assert not heat_map.grab().isNull()
