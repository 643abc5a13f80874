"""A sheet shows blocks in a column; links are found by pointer and by key."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bp_gui.engine.names import parse_name
from bp_gui.explain.mathematics import ADD, TIMES, Linked, Node, Number, Symbol, row
from bp_gui.views.formula.blocks import Equation, Heading, Prose, latex_of, text_of
from bp_gui.views.formula.sheet import Sheet

REF = parse_name("W2[1,1]")
LEFT = Linked(Symbol("g"), "gradient")
RIGHT = row(Linked(Symbol("u"), "first"), TIMES, Symbol("w", REF))


def equation(value: float = 0.25) -> Equation:
    return Equation(LEFT, (RIGHT, Number(value)))


@pytest.fixture
def make_sheet(qtbot: QtBot) -> Callable[[int, int], Sheet]:
    def make(width: int, height: int) -> Sheet:
        sheet = Sheet()
        qtbot.addWidget(sheet)
        sheet.resize(width, height)
        sheet.show()
        return sheet

    return make


@pytest.fixture
def sheet(make_sheet: Callable[[int, int], Sheet]) -> Sheet:
    sheet = make_sheet(420, 400)
    sheet.show_blocks([Heading("Title", large=True), Prose("Words."), equation()])
    return sheet


def centre_of(sheet: Sheet, target: object) -> QPoint:
    place = sheet.place_of(target)
    assert place is not None
    return place.center().toPoint()


def test_a_click_on_a_link_or_a_quantity_activates_it(sheet: Sheet, qtbot: QtBot) -> None:
    for target in ("gradient", "first", REF):
        with qtbot.waitSignal(sheet.activated) as caught:
            QTest.mouseClick(
                sheet.viewport(), Qt.MouseButton.LeftButton, pos=centre_of(sheet, target)
            )
        assert caught.args == [target, 2]


def test_hovering_says_what_is_there_and_when_it_ends(sheet: Sheet, qtbot: QtBot) -> None:
    seen: list[object] = []
    sheet.hovered.connect(seen.append)
    QTest.mouseMove(sheet.viewport(), centre_of(sheet, REF))
    QTest.mouseMove(sheet.viewport(), QPoint(400, 390))
    assert seen == [REF, None]


def test_arrows_go_through_the_links_and_return_chooses(sheet: Sheet, qtbot: QtBot) -> None:
    sheet.setFocus()
    QTest.keyClick(sheet, Qt.Key.Key_Right)
    QTest.keyClick(sheet, Qt.Key.Key_Right)
    with qtbot.waitSignal(sheet.activated) as caught:
        QTest.keyClick(sheet, Qt.Key.Key_Return)
    assert caught.args == ["first", 2]
    QTest.keyClick(sheet, Qt.Key.Key_Left)
    with qtbot.waitSignal(sheet.activated) as caught:
        QTest.keyClick(sheet, Qt.Key.Key_Return)
    assert caught.args == ["gradient", 2]


def test_a_screen_reader_hears_the_part_and_its_equation(sheet: Sheet) -> None:
    sheet.setFocus()
    QTest.keyClick(sheet, Qt.Key.Key_Right)
    assert sheet.accessibleDescription() == "g, in g = u · w = 0.25"


def test_tab_goes_from_equation_to_equation_and_leaves_at_the_end(
    sheet: Sheet, qtbot: QtBot
) -> None:
    sheet.show_blocks([equation(), Prose("between"), equation()])
    sheet.setFocus()
    chosen = []
    sheet.activated.connect(lambda target, position: chosen.append(position))
    for _ in range(2):
        assert sheet.focusNextPrevChild(True)
        QTest.keyClick(sheet, Qt.Key.Key_Return)
    assert chosen == [0, 2]
    sheet.focusNextPrevChild(True)
    QTest.keyClick(sheet, Qt.Key.Key_Return)
    assert chosen == [0, 2]


def test_escape_lets_go(sheet: Sheet, qtbot: QtBot) -> None:
    with qtbot.waitSignal(sheet.let_go):
        QTest.keyClick(sheet, Qt.Key.Key_Escape)


def test_numbers_change_without_setting_the_rest_again(sheet: Sheet) -> None:
    before = sheet.page.items
    sheet.show_blocks([*sheet.blocks[:2], equation(0.5)])
    assert sheet.page.items[:2] == before[:2]
    old, new = before[2].box, sheet.page.items[2].box  # type: ignore[union-attr]
    assert new.parts[:2] == old.parts[:2]
    assert new.parts[2] is not old.parts[2]


def test_a_long_sum_is_broken_before_a_plus_and_stays_on_the_page(
    make_sheet: Callable[[int, int], Sheet],
) -> None:
    sheet = make_sheet(420, 300)
    terms: list[Node] = []
    for k in range(12):
        terms += [ADD, row(Number(0.123456 + k), TIMES, Number(-0.654321))]
    sheet.show_blocks([Equation(Symbol("z"), (row(*terms[1:]), Number(1.0)))])
    assert sheet.horizontalScrollBar().maximum() == 0
    (item,) = sheet.page.items
    lines = item.box.placed  # type: ignore[union-attr]
    assert len(lines) > 3
    assert all(line.box.placed[0].box.node == ADD for line in lines[1:-1])


def test_a_broken_link_can_be_clicked_on_every_line(
    make_sheet: Callable[[int, int], Sheet],
) -> None:
    sheet = make_sheet(300, 300)
    terms: list[Node] = []
    for k in range(10):
        terms += [ADD, Number(0.123456 + k)]
    sheet.show_blocks([Equation(Symbol("z"), (Linked(row(*terms[1:]), "sum"),))])
    regions = [r for r in sheet.page.items[0].regions if r.target == "sum"]
    assert len({r.rect.top() for r in regions}) > 1


def test_what_is_below_the_window_is_set_when_there_is_time(
    make_sheet: Callable[[int, int], Sheet], qtbot: QtBot
) -> None:
    sheet = make_sheet(420, 200)
    sheet.show_blocks([equation(float(k)) for k in range(60)])
    assert len(sheet.page.items) < 60
    guessed = sheet.verticalScrollBar().maximum()
    assert guessed > 0
    qtbot.waitUntil(lambda: len(sheet.page.items) == 60)
    sheet.show_blocks([equation(float(k + 1)) for k in range(60)])
    sheet.verticalScrollBar().setValue(sheet.verticalScrollBar().maximum())
    assert len(sheet.page.items) == 60


def test_pointing_at_a_block_scrolls_to_it(make_sheet: Callable[[int, int], Sheet]) -> None:
    sheet = make_sheet(420, 200)
    sheet.show_blocks([equation(float(k)) for k in range(40)])
    sheet.point_at(30)
    top = sheet.page.tops[30] - sheet.verticalScrollBar().value()
    assert 0 <= top < 200


def test_every_state_can_be_painted(sheet: Sheet) -> None:
    sheet.show_blocks(
        [Heading("One"), equation(), Heading("Inside", 1), Equation(None, (RIGHT,), depth=2)]
    )
    sheet.show_selected(REF)
    sheet.show_hovered("first")
    sheet.point_at(1)
    plain = sheet.grab().toImage()
    sheet.show_selected(None)
    assert sheet.grab().toImage() != plain
    sheet.set_digits(17)
    sheet.resize(200, 100)
    assert not sheet.grab().isNull()


def test_equations_are_copied_as_latex_and_as_text() -> None:
    assert text_of(equation(), 6) == "g = u · w = 0.25"
    assert latex_of(equation(), 6) == (
        "\\begin{aligned}\ng &= u \\cdot w \\\\\n &= 0.25\n\\end{aligned}\n"
    )
    assert latex_of(Equation(None, (RIGHT,)), 6) == "u \\cdot w"
    assert text_of(Prose("Words."), 6) == "Words."


def test_what_nobody_sees_waits_until_changes_have_ended(qtbot: QtBot, sheet: Sheet) -> None:
    many = [Equation(Symbol("x"), (Number(float(k)),)) for k in range(10, 70)]
    sheet.show_blocks(many)
    qtbot.waitUntil(lambda: sheet.page.is_complete)
    height, width = sheet.verticalScrollBar().maximum(), sheet.page.width
    for k in range(5):
        sheet.show_blocks([Equation(Symbol("x"), (Number(float(k)),)), *many[1:]])
        qtbot.wait(1)
        assert not sheet.page.is_complete
        assert (sheet.verticalScrollBar().maximum(), sheet.page.width) == (height, width)
    qtbot.waitUntil(lambda: sheet.page.is_complete)


def test_blocks_taller_than_the_window_are_all_set(
    make_sheet: Callable[[int, int], Sheet], qtbot: QtBot
) -> None:
    sheet = make_sheet(420, 12)
    sheet.show_blocks([equation(value) for value in (0.25, 0.5, 0.75)])
    qtbot.waitUntil(lambda: sheet.page.is_complete)
    assert not sheet._idle.isActive()
