"""The one tool bar: training on the left; learning rate and digits on the right."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolBar,
    QToolButton,
    QWidget,
)

from bp_gui.controller.settings import FEWEST_DIGITS, MOST_DIGITS
from bp_gui.engine.names import ETA
from bp_gui.session.edits import SetValue
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.actions import Actions
from bp_gui.views.icons import icon
from bp_gui.views.integer_box import IntegerBox
from bp_gui.views.number_box import NumberBox
from bp_gui.views.theme import Theme

RATES = ((1, "1/s"), (10, "10/s"), (100, "100/s"), (1000, "1,000/s"), (0, "full"))


class ToolBar(QToolBar):
    """Buttons and boxes for training.

    Signals
    -------
    edit_requested(Edit)
        The learning rate was changed.
    rejected(sentence)
        What was typed is not a number.
    rate_chosen(int), digits_chosen(int)
        How fast a run goes (updates a second, 0 for full speed), how many digits numbers show.
    """

    edit_requested = Signal(object)
    rejected = Signal(str)
    rate_chosen = Signal(int)
    digits_chosen = Signal(int)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__("Training", parent)
        self.setObjectName("training")
        self.setMovable(False)
        self.setIconSize(QSize(18, 18))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.updates = self._integer(1, 10**9, "N", "N: how many updates one press makes")
        self.rate = self._rate_box()
        self.eta = self._eta_box()
        self.digits = self._integer(
            FEWEST_DIGITS, MOST_DIGITS, "Digits", "Significant digits of all numbers, 3 to 17"
        )
        self.digits.setFixedWidth(self.digits.fontMetrics().horizontalAdvance("00") + 32)
        self.digits.setButtonSymbols(IntegerBox.ButtonSymbols.UpDownArrows)
        self.digits.valueChanged.connect(self.digits_chosen)
        self._width_with_words = 0
        self._fill(actions)

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show the learning rate of a moment."""
        self.eta.set_value(new.experiment.eta)

    def set_theme(self, theme: Theme) -> None:
        """Colour the button that a narrow window shows what does not fit with."""
        more = self.findChild(QToolButton, "qt_toolbar_ext_button")
        if more is not None:
            more.setIcon(icon("more", theme.text))
            more.setAccessibleName("More")
            more.setToolTip("What the window has no room for")

    def set_running(self, running: bool) -> None:
        """Say on the button what it will do."""
        self._run_button.setAccessibleName("Pause" if running else "Run")

    def _fill(self, actions: Actions) -> None:
        self._worded = [self._add_worded(actions[key]) for key in ("step", "epoch", "train")]
        self._add_labelled("N", self.updates)
        self.addAction(actions["run"])
        button = self.widgetForAction(actions["run"])
        assert isinstance(button, QToolButton)
        button.setObjectName("primary")
        # The text changes between Run and Pause: the bar must not move.
        button.setMinimumWidth(button.fontMetrics().horizontalAdvance("Pause") + 52)
        self._run_button = button
        self.addWidget(self.rate)
        self._worded.append(self._add_worded(actions["reset"]))
        self.addSeparator()
        for key in ("undo", "redo"):
            self.addAction(actions[key])
            undo = self.widgetForAction(actions[key])
            assert isinstance(undo, QToolButton)
            undo.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        spring = QWidget()
        spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spring)
        self._add_labelled("η", self.eta)
        self._add_labelled("digits", self.digits)

    def _add_worded(self, action: QAction) -> QToolButton:
        """Add a button that gives up its words where there is no room for them."""
        self.addAction(action)
        button = self.widgetForAction(action)
        assert isinstance(button, QToolButton)
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say in words what the buttons do if the whole bar then has room."""
        beside, only = (
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon,
            Qt.ToolButtonStyle.ToolButtonIconOnly,
        )
        has_words = self._worded[0].toolButtonStyle() == beside
        if has_words:
            self._width_with_words = self.sizeHint().width()
        style = beside if event.size().width() >= self._width_with_words else only
        if has_words != (style is beside):
            for button in self._worded:
                button.setToolButtonStyle(style)
        super().resizeEvent(event)

    def _add_labelled(self, text: str, widget: QWidget) -> None:
        """Add a box with its label as one piece, so that a narrow window hides both or none."""
        label = QLabel(text)
        label.setObjectName("quiet")
        label.setBuddy(widget)
        piece = QWidget()
        row = QHBoxLayout(piece)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(label)
        row.addWidget(widget)
        self.addWidget(piece)

    def _integer(self, lowest: int, highest: int, name: str, tip: str) -> IntegerBox:
        box = IntegerBox(lowest, highest)
        box.setAccessibleName(name)
        box.setToolTip(tip)
        box.setFixedWidth(box.fontMetrics().horizontalAdvance("00000") + 22)
        return box

    def _rate_box(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName("Speed of a run")
        box.setToolTip("How many updates a second Run makes; full is as many as it can")
        for rate, text in RATES:
            box.addItem(text, rate)
        box.currentIndexChanged.connect(lambda: self.rate_chosen.emit(box.currentData()))
        return box

    def _eta_box(self) -> NumberBox:
        box = NumberBox()
        box.set_description(
            ETA.name, "Learning rate η: how far an update goes against the gradient"
        )
        box.setFixedWidth(box.fontMetrics().horizontalAdvance("0.00000") + 16)
        box.value_edited.connect(lambda value: self.edit_requested.emit(SetValue(ETA, value)))
        box.rejected.connect(self.rejected)
        return box
