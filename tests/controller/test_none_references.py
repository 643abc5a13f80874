"""A canary: some PySide6 versions lose references to None until the interpreter aborts."""

from __future__ import annotations

import sys

from pytestqt.qtbot import QtBot

from bp_gui.views.number_box import NumberBox

CALLS = 1000


def test_calls_into_qt_do_not_lose_references_to_none(qtbot: QtBot) -> None:
    box = NumberBox()
    qtbot.addWidget(box)
    before = sys.getrefcount(None)
    for k in range(CALLS):
        box.set_value(k / 7)
        box.lineEdit().setText("1")
        box.setToolTip("a")
        box.update()
    # Where None is immortal the count never moves, which is as good.
    assert sys.getrefcount(None) > before - CALLS // 2
