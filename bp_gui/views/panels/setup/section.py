"""What the sections of the page are made of: a title, and rows of a label and a field."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bp_gui.engine.settings import Setting
from bp_gui.session.edits import MAX_SEED
from bp_gui.session.experiment import Experiment
from bp_gui.views.integer_box import IntegerBox
from bp_gui.views.number_box import NumberBox

LABEL_WIDTH = 104
FIELD_WIDTH = 116
_SPACING = 8


class Section(QWidget):
    """A titled group of rows, all with their fields at the same left edge.

    Signals
    -------
    edit_requested(Edit)
        A person wants a change.
    rejected(sentence)
        What was typed is not a number.
    """

    edit_requested = Signal(object)
    rejected = Signal(str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        heading = QLabel(title)
        heading.setObjectName("section")
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(_SPACING)
        self.grid.setVerticalSpacing(5)
        self.grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        self.grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(heading)
        column.addLayout(self.grid)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the settings of a moment."""

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        for box in self.findChildren(NumberBox):
            box.set_digits(digits)

    # Rows

    def add_row(self, text: str, *fields: QWidget | QLayout) -> QLabel:
        """Add a label with one or more fields beside each other; return the label."""
        label = QLabel(text)
        row = self.grid.rowCount()
        self.grid.addWidget(label, row, 0)
        first = fields[0]
        if isinstance(first, QWidget):
            label.setBuddy(first)
        if len(fields) == 1 and isinstance(first, QWidget):
            self.grid.addWidget(first, row, 1)
        else:
            self.grid.addLayout(in_a_row(*fields), row, 1)
        return label

    def add_text(self, name: str = "quiet") -> QLabel:
        """Add a line of text below the fields; return it."""
        label = wrapped(name)
        self.grid.addWidget(label, self.grid.rowCount(), 1)
        return label

    # Fields

    def number(self, name: str, tip: str) -> NumberBox:
        """Return a box for a number."""
        box = NumberBox()
        box.set_description(name, tip)
        box.setMinimumWidth(FIELD_WIDTH)
        box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        box.rejected.connect(self.rejected)
        return box


def in_a_row(*fields: QWidget | QLayout) -> QHBoxLayout:
    """Return the fields side by side, at the left."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(_SPACING)
    for field in fields:
        if isinstance(field, QWidget):
            row.addWidget(field)
        else:
            row.addLayout(field)
    row.addStretch(1)
    return row


def wrapped(name: str) -> QLabel:
    """Return a text that may take several lines; ``name`` is its role in the style sheet."""
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return label


def unbroken(source: str) -> str:
    """Return where a formula is from, with the number of its equation on one line."""
    return source.replace("eq. ", "eq.\N{NO-BREAK SPACE}")


def integer(lowest: int, highest: int, name: str, tip: str) -> IntegerBox:
    """Return a box for a whole number."""
    box = IntegerBox(lowest, highest)
    box.setAccessibleName(name)
    box.setToolTip(tip)
    box.setFixedWidth(FIELD_WIDTH)
    return box


def seed(name: str, tip: str) -> IntegerBox:
    """Return a box for a seed."""
    return integer(0, MAX_SEED, name, f"{tip}, 0 to {MAX_SEED}")


def button(text: str, name: str, tip: str) -> QToolButton:
    """Return a quiet button."""
    made = QToolButton()
    made.setText(text)
    made.setAccessibleName(name)
    made.setToolTip(tip)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return made


def check(text: str, tip: str) -> QCheckBox:
    """Return a switch."""
    made = QCheckBox(text)
    made.setToolTip(tip)
    return made


def show_integer(box: QSpinBox, value: int) -> None:
    """Show a whole number of the model without asking for it, and without disturbing typing."""
    if box.value() != value:
        with QSignalBlocker(box):
            box.setValue(value)


def taken(box: QSpinBox, shown: int) -> int:
    """Return what a person has given, with the model's number back in the box.

    So a box never shows what the model has refused.
    """
    value = box.value()
    show_integer(box, shown)
    return value


def quiet(text: str) -> QLabel:
    """Return a short note beside a field."""
    label = QLabel(text)
    label.setObjectName("quiet")
    return label


def without_symbol(setting: Setting) -> str:
    """Return what a setting is, for a place where its symbol stands already."""
    words = setting.label.removesuffix(setting.symbol).strip()
    return words[:1].lower() + words[1:]
