"""A spin box for whole numbers that leaves the window's single-key shortcuts alone."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QSpinBox, QWidget


class IntegerBox(QSpinBox):
    """A QSpinBox that claims no letters and no space, and no wheel unless it has the focus."""

    def __init__(self, lowest: int, highest: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(lowest, highest)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)

    def event(self, event: QEvent) -> bool:
        """Leave letters, space and undo to the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            is_undo = not plain and event.key() in (Qt.Key.Key_Z, Qt.Key.Key_Y)
            if is_undo or (plain and (event.text().isalpha() or event.text() == " ")):
                event.ignore()
                return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn only when focused."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
