"""The number box under real key, wheel and focus events, in several locales."""

import math
import struct
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QFocusEvent, QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bp_gui.views.number_box import NumberBox

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def bits(value: float) -> bytes:
    return struct.pack(">d", value)


class Bench:
    """A window with a box that is tied to a model of one number, and a second box."""

    def __init__(self) -> None:
        self.window = QMainWindow()
        self.box = NumberBox()
        self.other = NumberBox()
        self.edits: list[float] = []
        self.sentences: list[str] = []
        self.fired: list[str] = []
        self.accepts_edits = True
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.addWidget(self.box)
        layout.addWidget(self.other)
        self.window.setCentralWidget(content)
        self.box.value_edited.connect(self.answer)
        self.box.rejected.connect(self.sentences.append)

    def answer(self, value: float) -> None:
        self.edits.append(value)
        if self.accepts_edits:
            self.box.set_value(value)

    def add_shortcut(self, keys: str) -> None:
        action = QAction(keys, self.window)
        action.setShortcut(keys)
        action.triggered.connect(lambda: self.fired.append(keys))
        self.window.addAction(action)

    def show(self, value: float) -> None:
        self.box.set_value(value)
        self.box.setFocus()

    def type(self, text: str) -> None:
        """Type over what stands in the box, on the path that a keyboard takes."""
        self.box.selectAll()
        for character in text:
            if character.isascii():
                QTest.keyClicks(self.box, character)
            else:  # QTest aborts on what is not Latin-1
                event = QKeyEvent(QEvent.Type.KeyPress, ord(character), NONE, character)
                QApplication.sendEvent(self.box, event)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.window.windowHandle(), key, modifiers)

    def paste(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.box.selectAll()
        self.press(Key.Key_V, CTRL)

    def leave(self) -> None:
        self.other.setFocus()
        assert not self.box.hasFocus()


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    bench = Bench()
    qtbot.addWidget(bench.window)
    with qtbot.waitActive(bench.window):
        bench.window.show()
        bench.window.activateWindow()
    bench.show(0.35)
    yield bench
    QGuiApplication.clipboard().clear()


@pytest.fixture(params=["C", "de_DE", "fr_FR", "sv_SE"])
def localised(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[Bench]:
    """A bench made under a locale, with its own minus signs and decimal marks."""
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    bench = Bench()
    qtbot.addWidget(bench.window)
    with qtbot.waitActive(bench.window):
        bench.window.show()
        bench.window.activateWindow()
    bench.show(0.35)
    yield bench
    QLocale.setDefault(before)


def turn_wheel(box: NumberBox, angle: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Turn the wheel over the box, on the path that a mouse takes."""
    window = box.window()
    at = QPointF(box.mapTo(window, box.rect().center()))
    QTest.wheelEvent(window.windowHandle(), at, QPoint(0, angle), QPoint(), modifiers)


# Committing ---------------------------------------------------------------------------------------


def test_enter_commits_the_typed_number_once_and_selects_it(bench: Bench) -> None:
    bench.type("0.41")
    assert bench.box.has_pending_text()
    assert bench.edits == []
    bench.press(Key.Key_Return)
    assert bench.edits == [0.41]
    assert bench.box.value() == 0.41
    assert bench.box.lineEdit().selectedText() == "0.41"
    bench.press(Key.Key_Enter)
    assert bench.edits == [0.41]


def test_leaving_commits_the_typed_number(bench: Bench) -> None:
    bench.type("0.41")
    bench.leave()
    assert bench.edits == [0.41]


def test_tab_commits_and_selects_all_of_the_next_box(bench: Bench) -> None:
    bench.other.set_value(7.25)
    bench.type("0.41")
    bench.press(Key.Key_Tab)
    assert bench.edits == [0.41]
    assert bench.other.hasFocus()
    assert bench.other.lineEdit().selectedText() == "7.25"


def test_commit_from_the_program_offers_pending_text(bench: Bench) -> None:
    assert bench.box.commit()
    bench.type("2")
    assert bench.box.commit()
    assert bench.edits == [2.0]
    assert not bench.box.has_pending_text()


@pytest.mark.parametrize("typed", ["0,41", "0.41", "+.41", ",41", "41e-2", "4,1E−1"])
def test_every_locale_reads_the_same_numbers(localised: Bench, typed: str) -> None:
    localised.type(typed)
    assert localised.box.text() == typed
    localised.press(Key.Key_Return)
    assert localised.edits == [0.41]
    assert localised.box.text() == "0.41"


def test_every_locale_shows_the_same_numbers(localised: Bench) -> None:
    localised.box.set_value(-1234567.5e-10)
    assert localised.box.text() == "−0.000123457"
    localised.box.set_value(-1234.5e20)
    assert localised.box.text() == "−1.2345e23"


def test_keys_sent_to_the_line_edit_do_what_keys_sent_to_the_box_do(bench: Bench) -> None:
    edit = bench.box.lineEdit()
    edit.selectAll()
    QTest.keyClicks(edit, "0,5")
    QTest.keyClick(edit, Key.Key_Up)
    QTest.keyClick(edit, Key.Key_Return)
    assert bench.edits == [0.51]
    assert edit.text() == "0.51"


def test_typing_the_same_number_in_other_words_asks_for_nothing(bench: Bench) -> None:
    bench.type("35,0e-2")
    bench.press(Key.Key_Return)
    assert bench.edits == []
    assert bench.box.text() == "0.35"


def test_minus_zero_and_zero_are_different_numbers(bench: Bench) -> None:
    bench.show(-0.0)
    assert bench.box.text() == "−0"
    bench.type("0")
    bench.press(Key.Key_Return)
    assert [bits(value) for value in bench.edits] == [bits(0.0)]


def test_an_edit_that_the_model_refuses_leaves_the_old_number(bench: Bench) -> None:
    bench.accepts_edits = False
    bench.type("0.41")
    bench.press(Key.Key_Return)
    bench.press(Key.Key_Up)
    assert bench.edits == [0.41, 0.36]
    assert bench.box.value() == 0.35
    assert bench.box.text() == "0.35"


def test_a_model_may_round_or_clip_what_was_asked_for(bench: Bench) -> None:
    bench.box.value_edited.connect(lambda _: bench.box.set_value(1.0))
    bench.type("3")
    bench.press(Key.Key_Return)
    assert bench.box.text() == "1"


# Exactness ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("digits", [3, 6, 17])
@pytest.mark.parametrize(
    "value",
    [
        float(np.nextafter(0.35, 1.0)),
        float(np.nextafter(0.35, 0.0)),
        0.149780716,
        1 / 3,
        -5e-324,
        1.7976931348623157e308,
        math.inf,
        -math.inf,
        math.nan,
    ],
)
def test_leaving_an_untouched_box_changes_no_bit(bench: Bench, value: float, digits: int) -> None:
    bench.box.set_digits(digits)
    bench.show(value)
    bench.press(Key.Key_Return)
    bench.press(Key.Key_Left)
    bench.press(Key.Key_End)
    bench.press(Key.Key_Tab)
    bench.leave()
    assert bench.edits == []
    assert bits(bench.box.value()) == bits(value)


def test_text_changed_and_changed_back_counts_as_untouched(bench: Bench) -> None:
    value = float(np.nextafter(0.35, 1.0))
    bench.show(value)
    bench.press(Key.Key_End)
    QTest.keyClicks(bench.box, "1")
    assert bench.box.has_pending_text()
    bench.press(Key.Key_Backspace)
    assert not bench.box.has_pending_text()
    bench.leave()
    assert bench.edits == []


def test_stepping_starts_from_the_full_number_and_not_from_its_display(bench: Bench) -> None:
    bench.box.set_digits(3)
    bench.show(0.149780716)
    assert bench.box.text() == "0.15"
    bench.press(Key.Key_Up)
    assert bench.edits == [0.159780716]


@pytest.mark.parametrize(("value", "text"), [(math.nan, "NaN"), (math.inf, "∞"), (-math.inf, "−∞")])
def test_non_finite_numbers_are_shown_kept_by_steps_and_replaced_by_typing(
    bench: Bench, value: float, text: str
) -> None:
    bench.show(value)
    assert bench.box.text() == text
    bench.press(Key.Key_Up)
    turn_wheel(bench.box, 120)
    assert bench.edits == []
    bench.type("1")
    bench.press(Key.Key_Return)
    assert bench.edits == [1.0]


# The model speaks while a person types ------------------------------------------------------------


def test_set_value_emits_nothing(bench: Bench) -> None:
    bench.box.set_value(3.0)
    assert bench.edits == []
    assert bench.box.text() == "3"


def test_a_new_model_value_does_not_disturb_typing_and_is_shown_by_escape(bench: Bench) -> None:
    bench.type("0.4")
    bench.box.set_value(0.7)
    QTest.keyClicks(bench.box, "1")
    assert bench.box.text() == "0.41"
    assert bench.box.value() == 0.7
    bench.press(Key.Key_Escape)
    assert bench.box.text() == "0.7"


def test_typing_the_number_that_the_model_took_meanwhile_asks_for_nothing(bench: Bench) -> None:
    bench.type("0.70")
    bench.box.set_value(0.7)
    bench.press(Key.Key_Return)
    assert bench.edits == []
    assert bench.box.text() == "0.7"


def test_a_new_model_value_keeps_the_selection_of_an_untouched_box(bench: Bench) -> None:
    bench.box.selectAll()
    bench.box.set_value(0.123)
    assert bench.box.lineEdit().selectedText() == "0.123"
    bench.press(Key.Key_Home)
    bench.press(Key.Key_Right)
    bench.box.set_value(0.456)
    assert bench.box.lineEdit().cursorPosition() == 1


def test_digits_change_the_display_but_not_the_number_nor_pending_text(bench: Bench) -> None:
    bench.show(1 / 3)
    bench.box.set_digits(3)
    assert bench.box.text() == "0.333"
    bench.type("0.4")
    bench.box.set_digits(17)
    assert bench.box.text() == "0.4"
    bench.press(Key.Key_Escape)
    assert bench.box.text() == "0.3333333333333333"
    assert bench.box.value() == 1 / 3


def test_digits_outside_3_to_17_are_refused_and_change_nothing(bench: Bench) -> None:
    bench.show(1 / 3)
    with pytest.raises(ValueError, match="digits is 2"):
        bench.box.set_digits(2)
    assert bench.box.text() == "0.333333"


# Bad text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["1,234.5", "1e999", "e", "--1", "1.2.3"])
def test_enter_on_a_bad_text_keeps_it_marked_and_in_focus(bench: Bench, text: str) -> None:
    bench.type(text)
    bench.press(Key.Key_Return)
    assert bench.edits == []
    assert len(bench.sentences) == 1
    assert text in bench.sentences[0]
    assert bench.box.text() == text
    assert bench.box.hasFocus()
    assert bench.box.property("invalid") is True
    bench.press(Key.Key_Backspace)
    assert bench.box.property("invalid") is False


def test_escape_after_a_bad_text_restores_the_number_and_unmarks_the_box(bench: Bench) -> None:
    bench.type("--1")
    bench.press(Key.Key_Return)
    bench.press(Key.Key_Escape)
    assert bench.box.text() == "0.35"
    assert bench.box.property("invalid") is False
    assert bench.edits == []


def test_leaving_a_bad_text_restores_the_number_and_says_why(bench: Bench) -> None:
    bench.type("--1")
    bench.leave()
    assert bench.box.text() == "0.35"
    assert bench.box.property("invalid") is False
    assert bench.edits == []
    assert len(bench.sentences) == 1


def test_commit_from_the_program_reports_a_bad_text(bench: Bench) -> None:
    bench.type("--1")
    assert not bench.box.commit()
    assert bench.box.text() == "--1"
    assert len(bench.sentences) == 1


def test_stepping_from_a_bad_text_refuses_it_and_does_not_step(bench: Bench) -> None:
    bench.type("--1")
    bench.press(Key.Key_Up)
    assert bench.edits == []
    assert bench.box.text() == "--1"
    assert bench.box.property("invalid") is True


def test_an_emptied_box_is_refused(bench: Bench) -> None:
    bench.box.selectAll()
    bench.press(Key.Key_Delete)
    assert bench.box.text() == ""
    bench.press(Key.Key_Return)
    assert len(bench.sentences) == 1
    bench.leave()
    assert bench.box.text() == "0.35"


# Escape and undo ----------------------------------------------------------------------------------


def test_escape_restores_and_selects_the_number(bench: Bench) -> None:
    bench.add_shortcut("Esc")
    bench.type("0.41")
    bench.press(Key.Key_Escape)
    assert bench.box.lineEdit().selectedText() == "0.35"
    assert bench.edits == []
    assert bench.fired == []


def test_escape_in_an_untouched_box_is_left_to_the_window(bench: Bench) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, Key.Key_Escape, NONE)
    bench.box.keyPressEvent(event)
    assert not event.isAccepted()
    bench.add_shortcut("Esc")
    bench.press(Key.Key_Escape)
    assert bench.fired == ["Esc"]


def test_undo_first_drops_pending_text_and_then_reaches_the_window(bench: Bench) -> None:
    bench.add_shortcut("Ctrl+Z")
    bench.type("0.41")
    bench.press(Key.Key_Z, CTRL)
    assert bench.box.text() == "0.35"
    assert bench.fired == []
    bench.press(Key.Key_Z, CTRL)
    assert bench.fired == ["Ctrl+Z"]
    assert bench.edits == []


@pytest.mark.parametrize("keys", ["Ctrl+Y", "Ctrl+Shift+Z"])
def test_redo_always_reaches_the_window(bench: Bench, keys: str) -> None:
    bench.add_shortcut(keys)
    key = Key.Key_Y if keys.endswith("Y") else Key.Key_Z
    modifiers = CTRL if keys.endswith("Y") else CTRL | SHIFT
    bench.press(key, modifiers)
    bench.type("0.41")
    bench.press(key, modifiers)
    assert bench.fired == [keys, keys]
    assert bench.box.text() == "0.41"


# Keys of the window -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "key"),
    [("N", Key.Key_N), ("T", Key.Key_T), ("R", Key.Key_R), ("Space", Key.Key_Space)],
)
def test_single_key_shortcuts_fire_while_a_box_has_the_focus(
    bench: Bench, keys: str, key: Qt.Key
) -> None:
    bench.add_shortcut(keys)
    bench.press(key)
    assert bench.fired == [keys]
    QTest.keyClick(bench.box.lineEdit(), key)
    assert bench.fired == [keys, keys]
    bench.type("0.4")
    bench.press(key)
    assert bench.fired == [keys] * 3
    assert bench.box.text() == "0.4"


def test_letters_without_a_shortcut_are_not_typed(bench: Bench) -> None:
    for key in (Key.Key_N, Key.Key_Space, Key.Key_Percent, Key.Key_A):
        bench.press(key)
    unicode_key = QKeyEvent(QEvent.Type.KeyPress, 0x0416, NONE, "Ж")
    bench.box.keyPressEvent(unicode_key)
    assert not unicode_key.isAccepted()
    arabic_digit = QKeyEvent(QEvent.Type.KeyPress, 0x0663, NONE, "٣")
    bench.box.keyPressEvent(arabic_digit)
    assert bench.box.text() == "0.35"


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ("5", Key.Key_5),
        (".", Key.Key_Period),
        ("E", Key.Key_E),
        ("-", Key.Key_Minus),
        ("Home", Key.Key_Home),
        ("Left", Key.Key_Left),
        ("Del", Key.Key_Delete),
        ("PgUp", Key.Key_PageUp),
        ("Return", Key.Key_Return),
    ],
)
def test_keys_that_edit_a_number_belong_to_the_box(bench: Bench, keys: str, key: Qt.Key) -> None:
    bench.add_shortcut(keys)
    bench.press(key)
    assert bench.fired == []


@pytest.mark.parametrize(
    ("keys", "key", "modifiers"),
    [
        ("Ctrl+PgUp", Key.Key_PageUp, CTRL),
        ("Ctrl+5", Key.Key_5, CTRL),
        ("Ctrl+E", Key.Key_E, CTRL),
        ("Ctrl+S", Key.Key_S, CTRL),
        ("Alt+Left", Key.Key_Left, ALT),
        ("Alt+1", Key.Key_1, ALT),
        ("F5", Key.Key_F5, NONE),
    ],
)
def test_other_shortcuts_reach_the_window(
    bench: Bench, keys: str, key: Qt.Key, modifiers: Qt.KeyboardModifier
) -> None:
    bench.add_shortcut(keys)
    bench.press(key, modifiers)
    assert bench.fired == [keys]
    assert bench.box.text() == "0.35"


def test_copy_cut_and_select_all_belong_to_the_box(bench: Bench) -> None:
    for keys in ("Ctrl+A", "Ctrl+C", "Ctrl+X"):
        bench.add_shortcut(keys)
    bench.press(Key.Key_A, CTRL)
    bench.press(Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "0.35"
    bench.press(Key.Key_X, CTRL)
    assert bench.box.text() == ""
    assert bench.fired == []


@pytest.mark.parametrize("pasted", [" 0,41\n", "0.41", "\t0.41\r\n", "\n\n0,41"])
def test_a_pasted_number_loses_the_white_space_around_it(bench: Bench, pasted: str) -> None:
    bench.paste(pasted)
    assert bench.box.text() == pasted.strip()
    bench.press(Key.Key_Return)
    assert bench.edits == [0.41]


def test_a_pasted_text_that_is_no_number_stays_to_be_seen_and_is_refused(bench: Bench) -> None:
    bench.paste("0.41 0.5\nand more")
    assert bench.box.text() == "0.41 0.5 and more"
    bench.press(Key.Key_Return)
    assert bench.edits == []
    assert "0.41 0.5 and more" in bench.sentences[0]


# Steps --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "modifiers", "result"),
    [
        (Key.Key_Up, NONE, 0.36),
        (Key.Key_Down, NONE, 0.34),
        (Key.Key_PageUp, NONE, 0.45),
        (Key.Key_PageDown, NONE, 0.25),
        (Key.Key_Up, SHIFT, 0.351),
        (Key.Key_Down, SHIFT, 0.349),
        (Key.Key_Up, CTRL, 0.45),
        (Key.Key_Down, CTRL, 0.25),
    ],
)
def test_keys_step_exactly(
    bench: Bench, key: Qt.Key, modifiers: Qt.KeyboardModifier, result: float
) -> None:
    bench.press(key, modifiers)
    assert bench.edits == [result]
    assert bench.box.value() == result


def test_a_step_starts_from_pending_text_and_asks_once(bench: Bench) -> None:
    bench.type("0,5")
    bench.press(Key.Key_Up)
    assert bench.edits == [0.51]


def test_a_burst_of_steps_loses_none_and_returns_to_the_same_bits(bench: Bench) -> None:
    bench.show(0.149780716)
    for key in (Key.Key_Up, Key.Key_Down):
        for repeat in range(100):
            event = QKeyEvent(QEvent.Type.KeyPress, key, NONE, "", repeat > 0)
            QApplication.sendEvent(bench.box, event)
        if key == Key.Key_Up:
            assert bench.box.value() == 1.149780716
    assert len(bench.edits) == 200
    assert bits(bench.box.value()) == bits(0.149780716)


def test_the_step_can_be_chosen_and_a_bad_one_is_refused(bench: Bench) -> None:
    assert bench.box.step == "0.01"
    bench.box.step = "0.5"
    bench.press(Key.Key_Up)
    assert bench.edits == [0.85]
    with pytest.raises(ValueError, match="step is"):
        bench.box.step = "0"
    assert bench.box.step == "0.5"


def test_the_wheel_steps_a_focused_box_by_whole_notches(bench: Bench) -> None:
    turn_wheel(bench.box, 120)
    turn_wheel(bench.box, -120)
    turn_wheel(bench.box, 60)
    turn_wheel(bench.box, 60)
    turn_wheel(bench.box, 120, CTRL)
    turn_wheel(bench.box, -120, SHIFT)
    assert bench.edits == [0.36, 0.35, 0.36, 0.46, 0.459]


def test_the_wheel_over_an_unfocused_box_scrolls_its_surroundings(qtbot: QtBot) -> None:
    area = QScrollArea()
    content = QWidget()
    content.setFixedSize(150, 2000)
    box = NumberBox(content)
    box.move(5, 5)
    area.setWidget(content)
    area.resize(200, 200)
    qtbot.addWidget(area)
    with qtbot.waitActive(area):
        area.show()
        area.activateWindow()
    area.setFocus()
    with qtbot.assertNotEmitted(box.value_edited):
        turn_wheel(box, -120)
    assert area.verticalScrollBar().value() > 0
    assert not box.hasFocus()


def test_a_read_only_box_takes_no_steps_and_no_text(bench: Bench) -> None:
    bench.box.setReadOnly(True)
    bench.press(Key.Key_Up)
    bench.type("5")
    bench.paste("6")
    turn_wheel(bench.box, 120)
    bench.leave()
    assert bench.edits == []
    assert bench.box.text() == "0.35"


def test_arrow_buttons_step_when_asked_for(qtbot: QtBot) -> None:
    box = NumberBox(buttons=True)
    qtbot.addWidget(box)
    box.value_edited.connect(box.set_value)
    box.resize(box.sizeHint())
    box.show()
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(box.width() - 6, 5))
    assert box.value() == 0.01
    assert box.sizeHint().width() > NumberBox().sizeHint().width()


# Focus --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reason", [Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason]
)
def test_a_context_menu_or_another_window_does_not_end_the_typing(
    bench: Bench, reason: Qt.FocusReason
) -> None:
    bench.type("1e-")
    QApplication.sendEvent(bench.box, QFocusEvent(QEvent.Type.FocusOut, reason))
    bench.box.set_value(0.7)
    assert bench.box.text() == "1e-"
    assert bench.edits == []
    assert bench.sentences == []


def test_a_click_places_the_cursor_and_setting_the_focus_selects_all(bench: Bench) -> None:
    bench.leave()
    QTest.mouseClick(bench.box.lineEdit(), Qt.MouseButton.LeftButton, pos=QPoint(4, 8))
    assert bench.box.hasFocus()
    assert not bench.box.lineEdit().hasSelectedText()
    bench.leave()
    assert not bench.box.lineEdit().hasSelectedText()
    bench.box.setFocus()
    assert bench.box.lineEdit().selectedText() == "0.35"


def test_editing_finished_is_emitted_by_enter_and_by_leaving_only(bench: Bench) -> None:
    finished: list[str] = []
    bench.box.editingFinished.connect(lambda: finished.append(bench.box.text()))
    bench.type("--1")
    bench.press(Key.Key_Return)
    assert finished == []
    bench.type("0.41")
    bench.press(Key.Key_Return)
    assert finished == ["0.41"]
    bench.leave()
    assert finished == ["0.41", "0.41"]


# Looks and names ----------------------------------------------------------------------------------


@pytest.mark.parametrize("digits", [3, 6, 17])
@pytest.mark.parametrize("value", [-8.88888888888888888e-308, -8.8888888888888888e-4, -1.0e100])
def test_the_size_hint_fits_the_widest_number(qtbot: QtBot, digits: int, value: float) -> None:
    box = NumberBox()
    qtbot.addWidget(box)
    box.set_digits(digits)
    box.set_value(value)
    box.resize(box.sizeHint())
    box.show()
    edit = box.lineEdit()
    edit.home(False)
    start = edit.cursorRect().center().x()
    edit.end(False)
    assert (
        edit.cursorRect().center().x() - start
        >= edit.fontMetrics().horizontalAdvance(edit.text()) - 2
    )  # a scrolled text would begin left of the edge
    assert edit.cursorRect().center().x() < edit.width()


def test_a_box_too_narrow_shows_the_start_of_the_number(bench: Bench) -> None:
    bench.press(Key.Key_End)
    bench.leave()
    assert bench.box.lineEdit().cursorPosition() == 0
    bench.box.set_value(-1.23456e-5)
    assert bench.box.lineEdit().cursorPosition() == 0


def test_a_box_has_no_arrows_and_takes_no_focus_from_the_wheel(bench: Bench) -> None:
    assert bench.box.buttonSymbols() == NumberBox.ButtonSymbols.NoButtons
    assert bench.box.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_a_description_names_the_box_for_programs_people_and_screen_readers(bench: Bench) -> None:
    bench.box.set_description("W2[1,2]", "Weight of layer 2 from neuron 2 to neuron 1")
    assert bench.box.objectName() == "W2[1,2]"
    assert bench.box.accessibleName() == "W2[1,2]"
    assert bench.box.toolTip() == "Weight of layer 2 from neuron 2 to neuron 1"
    bench.box.set_value(1 / 3)
    assert bench.box.property("value") == 1 / 3
