"""One setting that a sweep varies: its values, or the range that they are taken from."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bp_gui.session.sweep.factors import FACTORS, Kind
from bp_gui.session.sweep.spec import Bounds, SweepError
from bp_gui.session.sweep.written import read_values, spread, words
from bp_gui.views.number_box import NumberBox
from bp_gui.views.panels.setup.section import button, integer, quiet, wrapped

LIST, RANGE, LOG_RANGE = range(3)
_MOST_STEPS = 1000
_NUMBER_WIDTH, _COUNT_WIDTH = 76, 52
_FIRST_RANGE = Bounds(low=0.01, high=1.0, scale="log")


class FactorRow(QWidget):
    """The name of a setting above a line for its values or boxes for a range.

    Signals
    -------
    changed()
        Other values are wanted.
    remove_requested()
        The setting is not to be varied.
    """

    changed = Signal()
    remove_requested = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.factor = FACTORS[name]
        self._is_drawn = False
        self.setAccessibleName(self.factor.label)
        self.mode = QComboBox()
        self.remove = button("✕", f"Do not vary {self.factor.label}", "Do not vary this")
        self.line = QLineEdit()
        self.known = button("List", f"Known values of {self.factor.label}", "Choose from a list")
        self.low, self.high = (self._number(end) for end in ("lowest", "highest"))
        self.count = integer(2, _MOST_STEPS, f"{self.factor.label}: how many", "How many values")
        self._counted = quiet("in"), quiet("values")
        self.problem = wrapped("warning")
        self.problem.hide()
        self._build()
        self._set_bounds(_FIRST_RANGE)
        self.count.setValue(5)
        self.line.textChanged.connect(self._refresh)
        self.mode.currentIndexChanged.connect(self._show_mode)
        self.count.valueChanged.connect(self._refresh)
        self._show_mode()

    # What it says

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """What the Tab key goes to, in the order in which it is read."""
        return self.mode, self.remove, self.line, self.known, self.low, self.high, self.count

    def values(self) -> list[Any]:
        """Return the values, those of a range one by one.

        Raises
        ------
        SweepError
            If there is something wrong with them; the message names it.
        """
        if self.mode.currentIndex() == LIST:
            return read_values(self.factor.name, self.line.text())
        bounds = self.bounds()
        assert bounds is not None
        logarithmic = bounds.scale == "log"
        return spread(bounds.low, bounds.high, self.count.value(), logarithmic=logarithmic)

    def bounds(self) -> Bounds | None:
        """Return the range, None where values are listed."""
        if self.mode.currentIndex() == LIST:
            return None
        logarithmic = self.mode.currentIndex() == LOG_RANGE
        return Bounds(
            low=self.low.value(), high=self.high.value(), scale="log" if logarithmic else "linear"
        )

    @property
    def is_drawn(self) -> bool:
        """Whether values are drawn from the range at random."""
        return self._is_drawn and self.mode.currentIndex() != LIST

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong with the values."""
        return self.problem.isHidden()

    def show_values(self, values: list[Any]) -> None:
        """Show these values."""
        self.mode.setCurrentIndex(LIST)
        self.line.setText(words(self.factor.name, values))
        self.line.setCursorPosition(0)  # a long list is read from its beginning

    def show_bounds(self, bounds: Bounds) -> None:
        """Show a range."""
        self._set_bounds(bounds)
        self.mode.setCurrentIndex(LOG_RANGE if bounds.scale == "log" else RANGE)
        self._refresh()

    def set_drawn(self, drawn: bool) -> None:
        """Say whether ranges are drawn from at random, or cut into steps."""
        self._is_drawn = drawn
        self.count.setVisible(not drawn)
        for label in self._counted:
            label.setVisible(not drawn)
        self._refresh()

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        for box in (self.low, self.high):
            box.set_digits(digits)

    # Building

    def _number(self, end: str) -> NumberBox:
        box = NumberBox()
        name = f"{self.factor.label}: {end}"
        box.set_description(name, f"The {end} value")
        box.setFixedWidth(_NUMBER_WIDTH)
        box.value_edited.connect(box.set_value)
        box.value_edited.connect(self._refresh)
        box.rejected.connect(self._say)
        return box

    def _build(self) -> None:
        label = QLabel(self.factor.label)
        label.setObjectName("section")
        label.setToolTip(self.factor.tip)
        label.setBuddy(self.line)
        self.remove.clicked.connect(self.remove_requested)
        self.mode.addItems(["values", "range", "log range"])
        self.mode.setAccessibleName(f"{self.factor.label}: how values are given")
        self.mode.setToolTip("A list of values, or a range with evenly spaced values or logarithms")
        self.mode.setVisible(self.factor.numeric)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(label)
        head.addStretch(1)
        head.addWidget(self.mode)
        head.addWidget(self.remove)
        self.line.setAccessibleName(f"{self.factor.label}: values")
        self.line.setToolTip(f"{self.factor.tip}.\nSet values apart by commas.")
        self.known.setVisible(self.factor.kind is Kind.NAME)
        self.known.setMenu(self._menu())
        self.known.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._editors = QStackedWidget()
        self._editors.addWidget(_row(self.line, self.known))
        before, behind = self._counted
        range_row = (self.low, quiet("to"), self.high, before, self.count, behind)
        self.count.setFixedWidth(_COUNT_WIDTH)
        self._editors.addWidget(_row(*range_row, None))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(head)
        column.addWidget(self._editors)
        column.addWidget(self.problem)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.aboutToShow.connect(self._tick_menu)
        for choice in self.factor.choices:
            action = menu.addAction(words(self.factor.name, [choice]))
            action.setCheckable(True)
            action.setData(choice)
            action.triggered.connect(lambda _=False, choice=choice: self.toggle(choice))
        return menu

    def _tick_menu(self) -> None:
        chosen = self._listed()
        for action in self.known.menu().actions():
            action.setChecked(action.data() in chosen)

    def toggle(self, choice: str) -> None:
        """Take a known value into the list, or out of it."""
        chosen = self._listed()
        kept = [name for name in chosen if name != choice]
        added = [] if choice in chosen else [choice]
        self.line.setText(words(self.factor.name, [*kept, *added]))

    def _listed(self) -> list[Any]:
        try:
            return read_values(self.factor.name, self.line.text())
        except SweepError:
            return []

    def _set_bounds(self, bounds: Bounds) -> None:
        self.low.set_value(bounds.low)
        self.high.set_value(bounds.high)

    def _show_mode(self) -> None:
        self._editors.setCurrentIndex(min(self.mode.currentIndex(), 1))
        self._refresh()

    def _refresh(self) -> None:
        """Say what is wrong with the values, if anything is."""
        try:
            self.values()
            for bound in (self.low.value(), self.high.value()):
                if self.mode.currentIndex() != LIST:
                    self.factor.read(bound)
        except ValueError as error:
            self._say(str(error))
        else:
            self.problem.hide()
        self.changed.emit()

    def _say(self, sentence: str) -> None:
        sentence = sentence[:1].upper() + sentence[1:]
        self.problem.setText(sentence)
        self.setAccessibleDescription(sentence)
        self.problem.show()


def _row(*widgets: QWidget | None) -> QWidget:
    """Return widgets side by side; None is the room that is left."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return holder
