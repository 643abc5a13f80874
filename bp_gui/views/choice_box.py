"""A combo box over a choice of the model: it asks, and shows what the model says."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

_FEWEST_LETTERS = 8


class ChoiceBox(QComboBox):
    """One of a few named choices.

    The box never changes its own choice: it emits `chosen`, and shows what `show_choice` gives
    back. So what the model refuses is not left standing in it. An unfocused box leaves the wheel to
    the page that it stands on.

    Signals
    -------
    chosen(key)
        A person wants another choice than the model's.
    """

    chosen = Signal(object)

    def __init__(self, name: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = -1
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_FEWEST_LETTERS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.activated.connect(self._ask)

    def set_choices(self, choices: Iterable[tuple[object, str, str]]) -> None:
        """Offer these: key, what a person reads, and what it is in a tooltip."""
        self.clear()
        for position, (key, text, tip) in enumerate(choices):
            self.addItem(text, key)
            self.setItemData(position, tip, Qt.ItemDataRole.ToolTipRole)

    def show_choice(self, key: object) -> None:
        """Show what the model has chosen."""
        self._shown = self.findData(key)
        self.setCurrentIndex(self._shown)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn only when focused."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _ask(self, position: int) -> None:
        key = self.itemData(position)
        self.setCurrentIndex(self._shown)
        if position != self._shown:
            self.chosen.emit(key)
