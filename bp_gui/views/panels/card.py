"""The frame that every panel sits in: a title, what belongs beside it, and the content."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget


class CardFrame(QFrame):
    """A titled surface."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName(title)
        heading = QLabel(title)
        heading.setObjectName("title")
        self._head = QHBoxLayout()
        self._head.setContentsMargins(4, 0, 0, 0)
        self._head.addWidget(heading)
        self._head.addStretch(1)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(10, 8, 10, 10)
        self.body.setSpacing(6)
        self.body.addLayout(self._head)

    def add_to_head(self, widget: QWidget) -> None:
        """Put a control at the right of the title."""
        self._head.addWidget(widget)
