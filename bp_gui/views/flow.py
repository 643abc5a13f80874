"""A layout that puts widgets beside each other, and below where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class Flow(QLayout):
    """Rows of widgets in their own sizes, as words make lines.

    Parameters
    ----------
    spacing
        Pixels between neighbours, and between rows.
    """

    def __init__(self, spacing: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        """Put something at the end."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return one of them."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take one out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Return that it needs no more than its rows."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Return that a narrow one is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all rows."""
        margins = self.contentsMargins()
        width -= margins.left() + margins.right()
        rows = max((place.bottom() + 1 for _, place in self._places(width)), default=0)
        return rows + margins.top() + margins.bottom()

    def minimumSize(self) -> QSize:
        """Return the size of the largest by itself."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size.grownBy(self.contentsMargins())

    def sizeHint(self) -> QSize:
        """Return the size of one row of all."""
        sizes = [item.sizeHint() for item in self._items]
        width = sum(size.width() for size in sizes) + self.spacing() * max(len(sizes) - 1, 0)
        row = QSize(width, max((size.height() for size in sizes), default=0))
        return row.grownBy(self.contentsMargins())

    def setGeometry(self, rect: QRect) -> None:
        """Put every widget in its place."""
        super().setGeometry(rect)
        inside = rect.marginsRemoved(self.contentsMargins())
        for item, place in self._places(inside.width()):
            item.setGeometry(place.translated(inside.topLeft()))

    def _places(self, width: int) -> list[tuple[QLayoutItem, QRect]]:
        """Return where each goes in so much width, the row's highest giving its height."""
        places: list[tuple[QLayoutItem, QRect]] = []
        row: list[tuple[QLayoutItem, QRect]] = []
        x = y = 0
        for item in self._items:
            size = item.sizeHint()
            if row and x + size.width() > width:
                places += _centred(row)
                y += max(place.height() for _, place in row) + self.spacing()
                row, x = [], 0
            row.append((item, QRect(QPoint(x, y), size)))
            x += size.width() + self.spacing()
        return places + _centred(row)


def _centred(row: list[tuple[QLayoutItem, QRect]]) -> list[tuple[QLayoutItem, QRect]]:
    """Return the row with lower ones in the middle of its height."""
    height = max((place.height() for _, place in row), default=0)
    return [(item, place.translated(0, (height - place.height()) // 2)) for item, place in row]
