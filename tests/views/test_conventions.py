"""The conventions stand in one line, each with its paragraph."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from bp_gui.engine.network import BiasPolicy
from bp_gui.engine.objective import Penalty
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import evaluate
from bp_gui.views.conventions import ConventionLine
from bp_gui.views.theme import DARK


@pytest.fixture
def line(qtbot: QtBot, worked: Experiment) -> ConventionLine:
    line = ConventionLine()
    qtbot.addWidget(line)
    line.resize(900, 24)
    line.show_snapshot(evaluate(worked), None)
    return line


def test_it_says_what_holds_and_nothing_about_what_is_not_used(line: ConventionLine) -> None:
    for words in ("W[to, from]", "C = Σ", "one sample", "update at once", "biases fixed"):
        assert words in line.text
    assert "penalty" not in line.text
    assert "clipping" not in line.text


def test_it_follows_the_experiment(line: ConventionLine, worked: Experiment) -> None:
    changed = replace(worked, bias_policy=BiasPolicy.SHARED, penalty=Penalty(l2=0.1))
    line.show_snapshot(evaluate(changed), evaluate(worked))
    assert "one bias a layer" in line.text
    assert "penalty" in line.text


def test_every_convention_is_a_link(line: ConventionLine) -> None:
    line.set_theme(DARK)
    (label,) = (each for each in line.findChildren(QLabel) if each.objectName() == "quiet")
    for convention in line._conventions:
        assert f'href="{convention.key}"' in label.text()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_link_opens_a_paragraph_that_escape_closes(line: ConventionLine, qtbot: QtBot) -> None:
    line.show()
    with qtbot.waitSignal(line.opened) as caught:
        line.open("orientation")
    assert caught.args[0].paragraph == line.popup.text
    assert line.popup.isVisible()
    QTest.keyClick(line.popup, Qt.Key.Key_Escape)
    assert not line.popup.isVisible()
