"""The box in which one number is shown and edited: a view of a float64 that lives in the model."""

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QValidator,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QLineEdit,
    QMenu,
    QStyle,
    QStyleOptionSpinBox,
    QWidget,
)

from bp_gui.explain.numbers import MINUS, NumberError, format_number, parse_number, step_number
from bp_gui.views.number_width import widest_number, with_tabular_digits

DEFAULT_DIGITS: Final = 6
DEFAULT_STEP: Final = "0.01"

_Key = Qt.Key
_Modifier = Qt.KeyboardModifier
_TYPED: Final = frozenset("0123456789.,eE+-" + MINUS)
_EDITING_KEYS: Final = frozenset(
    {
        _Key.Key_Left,
        _Key.Key_Right,
        _Key.Key_Home,
        _Key.Key_End,
        _Key.Key_Backspace,
        _Key.Key_Delete,
    }
)
_STANDARD_KEYS: Final = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.SelectAll,
)
_ARROW_STEPS: Final[dict[int, int]] = {_Key.Key_Up: 1, _Key.Key_Down: -1}
_PAGE_STEPS: Final[dict[int, int]] = {_Key.Key_PageUp: 10, _Key.Key_PageDown: -10}
# Anything but the mouse and a return: setFocus() stands for a key or a command of the window.
_SELECTING_REASONS: Final = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
        Qt.FocusReason.OtherFocusReason,
    }
)
# The box's own context menu and another window take the focus only for a while.
_RETURNING_REASONS: Final = frozenset(
    {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason}
)
_WHEEL_NOTCH: Final = 120  # eighths of a degree, QWheelEvent.angleDelta
_EDIT_MARGIN: Final = 2  # pixels QLineEdit keeps free at each side of its text
_CURSOR_ROOM: Final = 2


class NumberBox(QAbstractSpinBox):
    """A spin box over a float64 of the model, exact to the last bit whatever it displays.

    The box never changes its own value. It emits `value_edited` and shows what `set_value` gives
    back; an edit that the model refuses leaves the old number standing. Its text is independent
    of the locale: see `bp_gui.explain.numbers`.

    Keys that edit no number are left to the window, so single-key shortcuts work from inside it.
    The dynamic property ``invalid`` is true while a refused text stands in the box.

    Parameters
    ----------
    parent : QWidget, optional
        The parent widget.
    buttons : bool
        Whether to show the up and down arrows.

    Attributes
    ----------
    value_edited : Signal(float)
        A person asks for another number than the model's.
    rejected : Signal(str)
        A text was refused; the sentence says what is accepted.
    """

    value_edited = Signal(float)
    rejected = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, buttons: bool = False) -> None:
        super().__init__(parent)
        self._value = 0.0
        self._digits = DEFAULT_DIGITS
        self._step = Decimal(DEFAULT_STEP)
        self._display = format_number(self._value, self._digits)
        self._wheel_remainder = 0
        self._edit = _NumberEdit(self)
        self.setLineEdit(self._edit)
        self._edit.textEdited.connect(self._on_text_edited)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel must not take the focus
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)
        if not buttons:
            self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.setFont(with_tabular_digits(self.font()))
        self.setProperty("invalid", False)
        self._restore()

    # The number -------------------------------------------------------------------------------

    def value(self) -> float:
        """Return the model's number, which the display may round."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show a number of the model; emits nothing, and lets a person finish typing.

        Parameters
        ----------
        value : float
            Any float64, finite or not.
        """
        self._value = float(value)
        self.setProperty("value", self._value)  # read by screen readers
        self._refresh()

    def set_digits(self, digits: int) -> None:
        """Set how many significant digits are shown, 3 to 17; ValueError otherwise."""
        display = format_number(self._value, digits)
        self._digits = digits
        if display != self._display:
            self._refresh()
        self.updateGeometry()

    @property
    def step(self) -> str:
        """The size of one step as a decimal string, such as ``"0.01"``."""
        return str(self._step)

    @step.setter
    def step(self, step: str) -> None:
        step_number(0.0, 1, step)  # raises ValueError where a step is none
        self._step = Decimal(step)

    def set_description(self, name: str, text: str) -> None:
        """Name the box for programs and screen readers, and describe it in a tooltip.

        Parameters
        ----------
        name : str
            The parameter's name, such as ``W2[1,2]``.
        text : str
            What the number is.
        """
        self.setObjectName(name)
        self.setAccessibleName(name)
        self.setAccessibleDescription(text)
        self.setToolTip(text)

    # Text that is being typed -----------------------------------------------------------------

    def has_pending_text(self) -> bool:
        """Return whether the text differs from the display of the model's number."""
        return self._edit.text() != self._display

    def commit(self) -> bool:
        """Offer the pending text to the model.

        Returns
        -------
        bool
            False if the text was refused: it stays, marked invalid, and `rejected` says why.
        """
        if not self.has_pending_text():
            return True
        value = self._read_text()
        if value is None:
            return False
        self._offer(value)
        return True

    def revert(self) -> None:
        """Drop the pending text, show the model's number and select it."""
        self._restore()
        self.selectAll()

    def _read_text(self) -> float | None:
        """Return the number in the box, exact if untouched; None after refusing a bad text."""
        if not self.has_pending_text():
            return self._value
        try:
            return parse_number(self._edit.text())
        except NumberError as error:
            self._set_invalid(True)
            self.rejected.emit(str(error))
            return None

    def _offer(self, value: float) -> None:
        """Show the model's number again and ask for another one if it differs."""
        self._restore()
        if not _same_float(value, self._value):
            self.value_edited.emit(value)

    def _refresh(self) -> None:
        """Update the display, but not under the hands of a person who is typing."""
        typing = self.has_pending_text() and self.window().focusWidget() is self
        self._display = format_number(self._value, self._digits)
        if not typing:
            self._restore()

    def _restore(self) -> None:
        """Put the display of the model's number into the box."""
        self._set_invalid(False)
        edit = self._edit
        if edit.text() == self._display:
            return
        whole = edit.hasSelectedText() and edit.selectedText() == edit.text()
        position = edit.cursorPosition() if self.hasFocus() else 0
        edit.setText(self._display)
        if whole:
            edit.selectAll()
        else:
            edit.setCursorPosition(position)

    def _set_invalid(self, invalid: bool) -> None:
        """Mark or unmark the box for the style sheet."""
        if self.property("invalid") == invalid:
            return
        self.setProperty("invalid", invalid)
        self.style().unpolish(self)
        self.style().polish(self)

    def _on_text_edited(self) -> None:
        """Unmark a refused text as soon as it is edited."""
        self._set_invalid(False)

    # Stepping ---------------------------------------------------------------------------------

    def stepBy(self, steps: int) -> None:
        """Step from the full number, or from the pending text if there is one."""
        self._step_by(steps, self._step)

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Return both directions, unless the box is read-only."""
        if self.isReadOnly():
            return QAbstractSpinBox.StepEnabledFlag.StepNone
        flags = QAbstractSpinBox.StepEnabledFlag
        return flags.StepUpEnabled | flags.StepDownEnabled

    def _step_by(self, steps: int, step: Decimal) -> None:
        """Offer the number that is some steps away."""
        if self.isReadOnly():
            return
        start = self._read_text()
        if start is None or not math.isfinite(start):
            return
        self._offer(step_number(start, steps, step))
        self.selectAll()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step when the box has the focus; otherwise let the surroundings scroll."""
        delta = event.angleDelta().y() or event.angleDelta().x()
        if not self.hasFocus() or self.isReadOnly():
            event.ignore()
            return
        event.accept()
        turned = self._wheel_remainder + delta
        notches = int(turned / _WHEEL_NOTCH)
        self._wheel_remainder = turned - notches * _WHEEL_NOTCH
        if notches:
            self._step_by(notches, self._scaled_step(event.modifiers()))

    def _scaled_step(self, modifiers: Qt.KeyboardModifier) -> Decimal:
        """Return the step with Ctrl for ten of it and Shift for a tenth."""
        step = self._step
        if modifiers & _Modifier.ControlModifier:
            step = step.scaleb(1)
        if modifiers & _Modifier.ShiftModifier:
            step = step.scaleb(-1)
        return step

    # Keys and focus ---------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Claim from the window's shortcuts only the keys that the box answers."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.setAccepted(self._answer_to(event) is not None)
            return event.isAccepted()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer a key that edits, steps, commits or reverts; leave the others alone."""
        answer = self._answer_to(event)
        if answer is None:
            event.ignore()
            return
        event.accept()
        answer()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select all, unless the mouse places the cursor or the focus only returns."""
        super().focusInEvent(event)
        if event.reason() in _SELECTING_REASONS:
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Commit on leaving; a bad text gives way to the model's number."""
        if event.reason() in _RETURNING_REASONS:
            self._edit.event(event)
            self.update()
            return
        if not self.commit():
            self._restore()
        super().focusOutEvent(event)
        self._edit.home(False)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Let every text stand until it is committed, on one line and without outer space."""
        plain = "".join(c if c.isprintable() else " " for c in text).strip()
        if plain != text:
            text, position = plain, min(position, len(plain))
        return QValidator.State.Intermediate, text, position

    def _answer_to(self, event: QKeyEvent) -> Callable[[], None] | None:
        """Return what the box does on a key press, None for a key that it leaves alone."""
        modifiers = event.modifiers() & ~_Modifier.KeypadModifier
        key = event.key()  # an int: not every letter of every keyboard is a Qt.Key
        if key == _Key.Key_Escape or event.matches(QKeySequence.StandardKey.Undo):
            return self.revert if self.has_pending_text() else None
        if event.matches(QKeySequence.StandardKey.Copy) and self._holds_whole_number():
            return self.copy_exactly
        if any(event.matches(standard) for standard in _STANDARD_KEYS):
            return lambda: self._edit.take_key(event)
        if modifiers & (_Modifier.AltModifier | _Modifier.MetaModifier):
            return None
        if key in (_Key.Key_Return, _Key.Key_Enter):
            return self._commit_by_key
        if key in _ARROW_STEPS:
            return lambda: self._step_by(_ARROW_STEPS[key], self._scaled_step(modifiers))
        if key in _EDITING_KEYS:
            return lambda: self._edit.take_key(event)
        if modifiers & _Modifier.ControlModifier:
            return None
        if key in _PAGE_STEPS:
            return lambda: self._step_by(_PAGE_STEPS[key], self._scaled_step(modifiers))
        if event.text() and _TYPED.issuperset(event.text()):
            return lambda: self._edit.take_key(event)
        return None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done, so that the menu key reaches it too."""
        self.made_menu().popup(event.globalPos())

    def made_menu(self) -> QMenu:
        """Return the menu of a line edit, which here can copy the number with all its digits."""
        menu = self._edit.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = QAction("Copy with all &digits", menu)
        copy.triggered.connect(self.copy_exactly)
        menu.insertAction(menu.actions()[0], copy)
        menu.insertSeparator(menu.actions()[1])
        return menu

    def copy_exactly(self) -> None:
        """Put the model's number onto the clipboard with all its digits."""
        QGuiApplication.clipboard().setText(repr(self._value))

    def _holds_whole_number(self) -> bool:
        """Whether copying means the number, not a few of its digits."""
        chosen = self._edit.selectedText()
        return not self.has_pending_text() and chosen in ("", self._edit.text())

    def _commit_by_key(self) -> None:
        """Commit on Enter; a bad text keeps the cursor where it is."""
        if self.commit():
            self.selectAll()
            self.editingFinished.emit()

    # Size -------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Return a size that fits the widest number at the current digits."""
        option = QStyleOptionSpinBox()
        self.initStyleOption(option)
        margins = self._edit.textMargins()
        width = widest_number(self.font(), self._digits) + margins.left() + margins.right()
        contents = QSize(
            width + 2 * _EDIT_MARGIN + _CURSOR_ROOM, self._edit.minimumSizeHint().height()
        )
        kind = QStyle.ContentsType.CT_SpinBox
        return self.style().sizeFromContents(kind, option, contents, self)

    def changeEvent(self, event: QEvent) -> None:
        """Write in the box's font: under a style sheet the line edit does not inherit it."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._edit.setFont(self.font())

    def minimumSizeHint(self) -> QSize:
        """Return the same size: a clipped exponent would make another number of it."""
        return self.sizeHint()


class _NumberEdit(QLineEdit):
    """The line edit inside a number box; it hands every key to the box first.

    The box is its focus proxy and gets the keys of a keyboard, but input methods and tests may
    send keys here.
    """

    def __init__(self, box: NumberBox) -> None:
        super().__init__(box)
        self._box = box

    def event(self, event: QEvent) -> bool:
        """Let the box decide which keys to claim."""
        if event.type() == QEvent.Type.ShortcutOverride:
            return self._box.event(event)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the box decide what a key does."""
        self._box.keyPressEvent(event)

    def take_key(self, event: QKeyEvent) -> None:
        """Edit the text as a line edit does."""
        super().keyPressEvent(event)


def _same_float(first: float, second: float) -> bool:
    """Return whether two floats are the same number, telling 0 from −0."""
    return first == second and math.copysign(1.0, first) == math.copysign(1.0, second)
