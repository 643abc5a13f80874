"""What README tells people to do in their first minute, done as it is told."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bp_gui.app import Program
from bp_gui.engine.names import COST, parse_name
from bp_gui.session.examples import load_named
from bp_gui.views.formula.sheet import Sheet

Key = Qt.Key
W6 = parse_name("W2[1,2]")


@pytest.fixture
def window(program: Program, qtbot: QtBot) -> Program:
    program.window.activateWindow()
    qtbot.waitActive(program.window)
    return program


def shown(program: Program) -> list[float]:
    """Return the cost and the errors that w6 has a say in: that of o2 is none of them."""
    snapshot = program.store.snapshot
    hidden, output = snapshot.backward.delta
    return [snapshot.value(COST), *hidden[0], output[0, 0]]


@pytest.mark.parametrize("typed", ["0.41", "0,41"])
def test_a_weight_is_typed_in_its_box(window: Program, typed: str) -> None:
    before = shown(window)
    box = window.window.network.editors.boxes[W6]
    QTest.mouseClick(box.lineEdit(), Qt.MouseButton.LeftButton)
    box.selectAll()
    QTest.keyClicks(box, typed)
    QTest.keyClick(box, Key.Key_Return)
    assert window.store.snapshot.value(W6) == 0.41
    assert all(new != old for new, old in zip(shown(window), before, strict=True))
    QTest.keyClick(box, Key.Key_Up)
    assert window.store.snapshot.value(W6) == 0.42
    QTest.keyClick(box, Key.Key_Down)
    QTest.keyClicks(box, "7")
    QTest.keyClick(box, Key.Key_Escape)
    assert window.store.snapshot.value(W6) == 0.41
    assert box.text() == "0.41"


def test_explain_shows_the_chain_rule_of_what_is_clicked(window: Program) -> None:
    window.window.workspaces.choose("explain")
    box = window.window.network.editors.boxes[W6]
    QTest.mouseClick(box.lineEdit(), Qt.MouseButton.LeftButton)
    explanation, matrices = (s for s in window.window.findChildren(Sheet) if s.isVisible())
    panel = window.window.workspaces.panel("explanation")
    assert "Chain rule" in [section.title for section in panel._explanation.sections]
    explanation.activated.emit(parse_name("a1[2]"), 0)
    assert window.selection.ref == parse_name("a1[2]")
    assert matrices._marked
    assert window.window.network._selected == parse_name("a1[2]")


def test_keys_train_and_the_curve_draws_from_the_beginning(window: Program, qtbot: QtBot) -> None:
    window.window.network.setFocus()
    QTest.keyClick(window.window.network, Key.Key_N)
    assert window.store.experiment.updates == 1
    QTest.keyClick(window.window.network, Key.Key_Space)
    qtbot.waitUntil(lambda: window.store.experiment.updates > 40)
    QTest.keyClick(window.window.network, Key.Key_Space)
    assert not window.training.is_running
    assert window.store.experiment.history.updates[0] == 0


def test_from_the_past_another_way_is_a_branch_of_its_own(window: Program, qtbot: QtBot) -> None:
    window.training.step(60)
    window.window.timeline_bar.update_chosen.emit(37)
    assert window.store.experiment.updates == 37
    eta = window.window.tool_bar.eta
    eta.setFocus()
    eta.selectAll()
    QTest.keyClicks(eta, "2")
    QTest.keyClick(eta, Key.Key_Return)
    QTest.keyClick(eta, Key.Key_Space)
    qtbot.waitUntil(lambda: window.store.experiment.updates > 60)
    window.training.pause()
    first, second = window.timeline.timeline.branches
    theme = window.window.theme
    assert theme.branch_colour(first.number) != theme.branch_colour(second.number)
    assert first.last == 60


def test_the_film_plays_and_is_stepped_through(window: Program, qtbot: QtBot) -> None:
    QTest.keyClick(window.window, Key.Key_F7)
    assert window.film.is_open
    QTest.keyClick(window.window, Key.Key_P)
    qtbot.waitUntil(lambda: window.film.progress > 0.0)
    QTest.keyClick(window.window, Key.Key_P)
    assert not window.film.is_playing
    place = window.film.index
    for step in (1, 2):
        QTest.keyClick(window.window, Key.Key_F)
        qtbot.waitUntil(lambda step=step: window.film.index == place + step)
        qtbot.waitUntil(lambda: not window.film.is_playing)
    QTest.keyClick(window.window, Key.Key_B)
    assert window.film.index == place + 1


def test_undo_takes_back_everything_to_the_last_bit(window: Program) -> None:
    before = window.store.experiment
    window.training.step(10)
    box = window.window.network.editors.boxes[W6]
    box.value_edited.emit(0.41)
    for _ in range(2):
        QTest.keyClick(window.window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.store.experiment is before


def test_the_spiral_with_two_layers_of_16_and_adam_is_made_by_hand(window: Program) -> None:
    workspaces = window.window.workspaces
    workspaces.choose("data")
    datasets = workspaces.panel("datasets")
    datasets.buttons["spiral"].click()
    if datasets._suit.isVisible():
        datasets._suit.click()
    workspaces.choose("network")
    setup = workspaces.panel("setup")
    setup.layers.rows[1].add.click()
    for layer in (1, 2):
        setup.layers.rows[layer].size.setValue(16)
    setup.optimizer.choice.chosen.emit("adam")
    made, example = window.store.experiment, load_named("example:spiral")
    assert made.architecture.sizes == example.architecture.sizes == (2, 16, 16, 1)
    assert made.optimizer_name == example.optimizer_name == "adam"
