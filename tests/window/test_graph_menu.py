"""Neurons and layers come and go on the graph itself, by key, by menu and with undo."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from bp_gui.app import Program
from bp_gui.engine.names import Ref, parse_name
from bp_gui.views.network.menu import GraphMenu

H2 = parse_name("a1[2]")


@pytest.fixture
def opened(program: Program, qtbot: QtBot) -> Iterator[Callable[[Ref | None], GraphMenu]]:
    """Open menus of the graph, and close them after the test."""
    menus = []

    def make(ref: Ref | None) -> GraphMenu:
        menu = program.window.network.made_menu(ref)
        assert menu is not None
        menus.append(menu)
        return menu

    yield make
    for menu in menus:
        menu.close()


def offered(menu: QMenu) -> list[str]:
    return [
        action.text().replace("&", "").partition("\t")[0]
        for action in menu.actions()
        if action.isEnabled() and not action.isSeparator()
    ]


def choose(menu: QMenu, text: str) -> None:
    """Choose an entry, of a submenu too."""
    for action in menu.actions():
        below = action.menu()
        if isinstance(below, QMenu) and text in offered(below):
            choose(below, text)
        elif action.text().replace("&", "").startswith(text):
            action.trigger()


def sizes(program: Program) -> tuple[int, ...]:
    return program.store.experiment.architecture.sizes


def test_delete_takes_the_selected_neuron_out_and_undo_brings_it_back(program: Program) -> None:
    before = program.store.experiment
    program.window.network.setFocus()
    program.selection.select(H2)
    QTest.keyClick(program.window.network, Qt.Key.Key_Delete)
    assert sizes(program) == (2, 1, 2)
    assert program.store.experiment.parameters.W[0].tolist() == [[0.15, 0.2]]
    program.window.actions_["undo"].trigger()
    assert program.store.experiment is before


def test_insert_adds_a_neuron_to_the_layer_of_the_selected_one(program: Program) -> None:
    program.selection.select(H2)
    QTest.keyClick(program.window.network, Qt.Key.Key_Insert)
    assert sizes(program) == (2, 3, 2)


def test_delete_spares_the_only_neuron_of_a_layer_and_says_why(program: Program) -> None:
    program.selection.select(H2)
    for _ in range(2):
        QTest.keyClick(program.window.network, Qt.Key.Key_Delete)
        program.selection.select(parse_name("a1[1]"))
    assert sizes(program) == (2, 1, 2)
    assert "only neuron" in program.window.statusBar().currentMessage()


@pytest.mark.parametrize("name", ["W1[1,1]", "b1[1]", "t[1]"])
def test_delete_on_a_number_removes_no_neuron(program: Program, name: str) -> None:
    program.selection.select(parse_name(name))
    QTest.keyClick(program.window.network, Qt.Key.Key_Delete)
    assert sizes(program) == (2, 2, 2)


def test_the_menu_of_a_neuron_changes_it_and_its_layer(
    program: Program, opened: Callable[[Ref | None], GraphMenu]
) -> None:
    assert offered(opened(H2))[:6] == [
        "Remove h2",
        "Add a neuron to the hidden layer",
        "Add a layer before the hidden layer",
        "Add a layer after the hidden layer",
        "Remove the hidden layer",
        "Activation of the hidden layer",
    ]
    choose(opened(H2), "Add a layer before")
    assert sizes(program) == (2, 4, 2, 2)
    choose(opened(parse_name("a1[1]")), "Remove the hidden layer 1")
    assert sizes(program) == (2, 2, 2)
    choose(opened(H2), "Softplus")
    assert program.store.experiment.architecture.activations == ("softplus", "sigmoid")


def test_the_menu_of_the_outputs_offers_no_layer_behind_them(
    opened: Callable[[Ref | None], GraphMenu],
) -> None:
    texts = offered(opened(parse_name("t[1]")))
    assert "Add a layer before the output layer" in texts
    assert not [text for text in texts if "after" in text or text.startswith("Remove the")]


def test_the_menu_of_a_weight_locks_it(
    program: Program, opened: Callable[[Ref | None], GraphMenu]
) -> None:
    weight = parse_name("W2[1,2]")
    choose(opened(weight), "Lock w6")
    assert program.store.experiment.locked == {weight}
    choose(opened(weight), "Unlock w6")
    assert program.store.experiment.locked == frozenset()


def test_the_menu_key_opens_the_menu_of_the_selection(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[GraphMenu, QPoint]] = []
    monkeypatch.setattr(GraphMenu, "popup", lambda menu, place: seen.append((menu, place)))
    network = program.window.network
    program.selection.select(H2)
    network.contextMenuEvent(
        QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    )
    ((menu, place),) = seen
    assert offered(menu)[0] == "Remove h2"
    assert network.ref_at(network.mapToScene(network.viewport().mapFromGlobal(place))) == H2
    menu.deleteLater()


def test_a_right_click_selects_and_opens_no_box(program: Program, qtbot: QtBot) -> None:
    network = program.window.network
    layout = network._layout
    assert layout is not None
    place = network.mapFromScene(layout.cards[1][0].badge.center())
    QTest.mouseClick(network.viewport(), Qt.MouseButton.RightButton, pos=place)
    assert program.selection.ref == parse_name("a1[1]")
    assert network.hasFocus()
