"""Words are measured once, but a window that learns for days does not remember every number."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from bp_gui.explain.mathematics import Number
from bp_gui.views.formula.font import math_font
from bp_gui.views.formula.letters import MOST_WORDS, Letters
from bp_gui.views.formula.style import DISPLAY


def test_numbers_without_end_do_not_fill_the_memory(qtbot: QtBot) -> None:
    letters = Letters(math_font(), (1.0, 1.0, 0.7, 0.5))
    first = letters.number(Number(0.5), "0.5", DISPLAY)
    for k in range(2 * MOST_WORDS):
        letters.number(Number(float(k)), f"{k}.25", DISPLAY)
        assert letters.remembered <= MOST_WORDS
    again = letters.number(Number(0.5), "0.5", DISPLAY)
    assert (again.width, again.height, again.ink) == (first.width, first.height, first.ink)
