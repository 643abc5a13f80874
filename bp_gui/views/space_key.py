"""Whose key Space is: the focused button's or tick's before it runs the training."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QWidget


def is_for_focus(event: QEvent) -> bool:
    """Whether a key that is about to become a shortcut is Space for what has the focus."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
    return plain and event.key() == Qt.Key.Key_Space and _takes_space(QApplication.focusWidget())


def _takes_space(widget: QWidget | None) -> bool:
    """Whether Space presses a widget or ticks what is current in it."""
    if isinstance(widget, QAbstractItemView):
        return bool(widget.currentIndex().flags() & Qt.ItemFlag.ItemIsUserCheckable)
    return isinstance(widget, QAbstractButton)
