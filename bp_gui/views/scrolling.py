"""A place that a panel fills, and that scrolls where there is less room than the panel needs."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Scrolling(QScrollArea):
    """Gives its widget all the room, and never less than its smallest size.

    Qt's own resizable scroll area scrolls as soon as a widget with wrapped words has less than the
    size it would like best; a plot would then scroll in every window.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._panel = widget
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(widget)
        self.viewport().setAutoFillBackground(False)
        widget.setAutoFillBackground(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the widget the new room."""
        self._fit()
        super().resizeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what the widget needs."""
        if watched is self._panel and event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        room = self.maximumViewportSize()
        size = room.expandedTo(self._least(room.width()))
        if size.height() > room.height():
            room -= QSize(self.verticalScrollBar().sizeHint().width(), 0)
            size = room.expandedTo(self._least(room.width()))
        self._panel.resize(size)

    def _least(self, width: int) -> QSize:
        """Return the smallest size of the panel where it has so much width."""
        widget = self._panel
        least = widget.minimumSizeHint().expandedTo(widget.minimumSize())
        layout = widget.layout()
        if layout is not None and layout.hasHeightForWidth():
            least.setHeight(layout.minimumHeightForWidth(max(width, least.width())))
        return least
