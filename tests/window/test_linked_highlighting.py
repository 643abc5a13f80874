"""What is selected or hovered in one view is marked in the others, by pointer and by key."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest

from bp_gui.app import Program
from bp_gui.engine.names import Ref, parse_name
from bp_gui.views.network.view import NetworkView

PARTS = ["x[1]", "a1[2]", "z2[1]", "delta1[1]", "t[2]", "b1[1]"]


def panel(program: Program, key: str) -> Any:
    program.window.workspaces.choose(key)
    return program.window.workspaces.panel(key)


def network(program: Program) -> NetworkView:
    return program.window.network


@pytest.mark.parametrize("name", PARTS)
def test_what_is_hovered_anywhere_is_marked_on_its_neuron(program: Program, name: str) -> None:
    program.window.hovered.emit(parse_name(name))
    neurons = network(program)._neurons
    assert neurons._hovered == parse_name(name)
    assert neurons._hovered_neuron is not None
    program.window.hovered.emit(None)
    assert neurons._hovered_neuron is None


def test_a_weight_hovered_on_the_graph_is_tinted_in_the_table(program: Program) -> None:
    table = panel(program, "parameters").table
    before = table.viewport().grab().toImage()
    layout = network(program)._layout
    assert layout is not None
    ends = layout.edges[1][0, 1]
    middle = network(program).mapFromScene(
        ends[0] * 0.9 + ends[2] * 0.1, ends[1] * 0.9 + ends[3] * 0.1
    )
    QTest.mouseMove(network(program).viewport(), middle)
    assert program.selection._hovered == parse_name("W2[1,2]")
    row = table._rows.row_of(parse_name("W2[1,2]"))
    place = QPoint(table.viewport().width() - 3, table.rowViewportPosition(row) + 4)
    assert table.viewport().grab().toImage().pixel(place) != before.pixel(place)


def test_a_row_of_the_table_is_marked_on_the_graph(program: Program) -> None:
    table = panel(program, "parameters").table
    table.entered.emit(table.model().index(4, 1))
    assert network(program)._neurons._hovered == parse_name("b1[1]")
    table.leaveEvent(None)


def test_a_sample_and_the_graph_mark_each_other(program: Program) -> None:
    samples = panel(program, "samples")
    program.selection.select(parse_name("t[2]"))
    cell, _ = samples.table._marks
    assert samples.model.ref_at(cell) == parse_name("t[2]")
    assert samples.table.currentIndex() == cell
    samples.table.entered.emit(samples.model.index(0, 1))
    assert network(program)._neurons._hovered == parse_name("x[2]")
    assert samples.table._marks[1] == samples.model.index(0, 1)
    samples.table.left.emit()
    assert samples.table._marks[1] == QModelIndex()


def test_arrows_in_the_samples_select_what_the_cell_is(program: Program) -> None:
    samples = panel(program, "samples")
    samples.table.setFocus()
    QTest.keyClick(samples.table, Qt.Key.Key_Right)
    assert program.selection.ref == parse_name("x[2]")
    for _ in range(3):
        QTest.keyClick(samples.table, Qt.Key.Key_Right)
    assert program.selection.ref == parse_name("a2[1]")


def test_another_sample_leaves_the_selection_alone(make_program: Any) -> None:
    from bp_gui.session.examples import load_named

    program = make_program(load_named("example:xor"))
    samples = panel(program, "samples")
    weight = parse_name("W1[1,1]")
    program.selection.select(weight)
    samples.table.setFocus()
    QTest.keyClick(samples.table, Qt.Key.Key_Down)
    assert program.store.snapshot.sample == 1
    assert program.selection.ref == weight


def test_the_heat_map_frames_what_is_hovered_elsewhere(program: Program) -> None:
    matrices = panel(program, "matrices")
    matrices.switch.button(1).click()
    matrices.chooser.setCurrentIndex(
        next(
            k
            for k in range(matrices.chooser.count())
            if matrices.chooser.itemText(k).startswith("W2")
        )
    )
    program.window.hovered.emit(parse_name("W2[1,2]"))
    assert matrices.heat_map._previewed == (0, 1)
    program.window.hovered.emit(None)
    assert matrices.heat_map._previewed is None


def test_arrows_on_the_graph_are_followed_by_every_page(program: Program) -> None:
    explanation = panel(program, "explanation")
    matrices = program.window.workspaces.panel("matrices")
    network(program).setFocus()
    seen: list[Ref | None] = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(network(program), key)
        seen.append(program.selection.ref)
        assert explanation._selected == program.selection.ref
        assert program.selection.ref in matrices.sheet._marked
    assert seen == [parse_name(name) for name in ("x[1]", "a1[1]", "a1[2]")]
