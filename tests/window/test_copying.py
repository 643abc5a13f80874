"""Anything that is shown can be copied, by keyboard and by menu, with all its digits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView, QWidget
from pytestqt.qtbot import QtBot

from bp_gui.app import Program
from bp_gui.engine.names import parse_name
from bp_gui.engine.propagation import forward
from bp_gui.session.edits import SetValue
from bp_gui.session.examples import load_named
from bp_gui.session.exports.stills import Ground, Still, StillFormat, Subject
from bp_gui.session.snapshot import evaluate
from bp_gui.views.formula.sheet import Sheet
from bp_gui.views.number_box import NumberBox
from bp_gui.views.workspaces import PAGES

THIRD = 1 / 3


@pytest.fixture(autouse=True)
def clean_clipboard(qapp: QApplication) -> Iterator[None]:
    yield
    QGuiApplication.clipboard().clear()


def copied(widget: QWidget) -> str:
    """Press Ctrl+C there and return what is on the clipboard then."""
    QGuiApplication.clipboard().setText("")
    if not widget.hasFocus():
        widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    return QGuiApplication.clipboard().text()


def settle(program: Program, qtbot: QtBot) -> None:
    """Let tables that are computed beside the window arrive."""
    tables = program.window.findChildren(QTableView)
    qtbot.waitUntil(
        lambda: all(t.model().rowCount() > 0 for t in tables if t.isVisible()), timeout=8_000
    )


def test_every_table_of_the_window_is_copied_with_headings(
    make_program: object, qtbot: QtBot
) -> None:
    program: Program = make_program(load_named("example:iris"))  # type: ignore[operator]
    program.window.activateWindow()
    qtbot.waitActive(program.window)
    seen = set()
    for key in (panel[0] for page in PAGES for panel in page.panels):
        program.window.workspaces.choose(key)
        settle(program, qtbot)
        for table in program.window.findChildren(QTableView):
            if not table.isVisible():
                continue
            seen.add(table.accessibleName())
            table.setFocus()
            table.clearSelection()
            lines = copied(table).splitlines()
            assert len(lines) == table.model().rowCount() + 1, table.accessibleName()
            assert len({line.count("\t") for line in lines}) == 1
    assert len(seen) >= 5, seen


@pytest.mark.parametrize("key", ["gradients", "lab", "accuracy"])
def test_copied_numbers_are_exact(make_program: object, qtbot: QtBot, key: str) -> None:
    program: Program = make_program(load_named("example:iris"))  # type: ignore[operator]
    program.window.workspaces.choose(key)
    settle(program, qtbot)
    snapshot = evaluate(load_named("example:iris"))
    names = {
        "gradients": "Gradients by two ways",
        "lab": "Right and mistaken numbers",
        "accuracy": "Confusion matrix",
    }
    (table,) = (
        t for t in program.window.findChildren(QTableView) if t.accessibleName() == names[key]
    )
    rows = [line.split("\t") for line in copied(table).splitlines()]
    if key == "accuracy":
        of_class = snapshot.experiment.t.sum(axis=0).tolist()
        assert [sum(map(int, row[1:4])) for row in rows[1:]] == of_class
        return
    here = snapshot.experiment  # the check is over all samples, the lab over the next batch
    trace = forward(here.parameters, here.x)
    whole = here.objective.gradient(here.parameters, trace, here.t)
    gradient = whole if key == "gradients" else snapshot.gradient
    assert [row[1] for row in rows[1:]] == [repr(number) for number in gradient.tolist()]


def test_a_whole_number_is_copied_with_all_digits_and_a_part_as_it_is(qtbot: QtBot) -> None:
    box = NumberBox()
    qtbot.addWidget(box)
    box.set_value(THIRD)
    box.show()
    box.setFocus()
    box.selectAll()
    assert copied(box) == repr(THIRD)
    box.lineEdit().setSelection(0, 4)
    QTest.keyClick(box, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "0.33"
    box.lineEdit().setText("7")
    box.selectAll()
    assert copied(box) == "7"  # what is typed and not yet taken


def test_the_menu_of_a_box_copies_all_digits(qtbot: QtBot) -> None:
    box = NumberBox()
    qtbot.addWidget(box)
    box.set_value(THIRD)
    menu = box.made_menu()
    qtbot.addWidget(menu)
    menu.actions()[0].trigger()
    assert QGuiApplication.clipboard().text() == repr(THIRD)


def test_a_box_of_the_graph_and_the_graph_itself_copy_the_same(
    program: Program, qtbot: QtBot
) -> None:
    program.store.submit(SetValue(parse_name("W1[1,2]"), THIRD))
    program.window.activateWindow()
    qtbot.waitActive(program.window)
    box = program.window.network.editors.boxes[parse_name("W1[1,2]")]
    box.setFocus(Qt.FocusReason.TabFocusReason)
    assert copied(box) == repr(THIRD)
    assert copied(program.window.network) == repr(THIRD)


def test_equations_are_copied_as_latex_by_key(program: Program, qtbot: QtBot) -> None:
    program.window.activateWindow()
    qtbot.waitActive(program.window)
    program.selection.select(parse_name("W2[1,1]"))
    program.window.workspaces.choose("explain")
    sheets = [s for s in program.window.findChildren(Sheet) if s.isVisible()]
    assert len(sheets) == 2  # the explanation and the matrices
    for sheet in sheets:
        assert r"\partial" in copied(sheet)


def test_the_graph_is_copied_as_a_picture(program: Program) -> None:
    program.window.actions_["copy_picture"].trigger()
    image = QGuiApplication.clipboard().image()
    size = program.window.network.picture_size.toSize()
    assert image.size() == 2 * size
    assert "Copied a picture" in program.window.statusBar().currentMessage()


def test_a_picture_is_on_white_and_the_window_keeps_its_colours(program: Program) -> None:
    from bp_gui.controller.settings import ThemeChoice

    program.choose_theme(ThemeChoice.DARK)
    wish = Still(StillFormat.PNG, Subject.BOTH, Ground.LIGHT)
    before = program.window.network.grab().toImage()
    program.pictures.copy(wish)
    image = QGuiApplication.clipboard().image()
    assert image.pixelColor(1, 1).name() == "#ffffff"
    assert program.window.network.grab().toImage() == before


def test_the_costs_are_copied_as_a_table(program: Program, qtbot: QtBot) -> None:
    program.training.step()
    with qtbot.waitSignal(program.interchange.exporter.finished):
        program.window.actions_["copy_costs"].trigger()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "update\tcost\ttest cost"
    assert float(lines[-1].split("\t")[1]) == program.store.snapshot.cost


def test_the_menus_of_graph_and_curve_offer_copying(program: Program) -> None:
    window = program.window
    for ref in (None, parse_name("a1[1]")):
        menu = window.network.made_menu(ref)
        assert menu is not None
        offered = {action.objectName() for action in menu.actions()}
        assert {"copy_value", "copy_picture", "picture"} <= offered
        menu.deleteLater()
    assert window.curve.contextMenuPolicy() is Qt.ContextMenuPolicy.ActionsContextMenu
    assert {"copy_costs", "picture"} <= {each.objectName() for each in window.curve.actions()}


def test_a_right_click_selects_what_the_menu_is_about(program: Program) -> None:
    network = program.window.network
    layout = network._layout
    assert layout is not None
    card = layout.cards[2][0]
    where = QPointF(network.mapFromScene(card.rows[0][1].center()))
    right = Qt.MouseButton.RightButton
    press = QMouseEvent(
        QEvent.Type.MouseButtonPress,
        where,
        network.viewport().mapToGlobal(where),
        right,
        right,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(network.viewport(), press)
    assert program.selection.ref == card.rows[0][0].ref
