"""The row below the graph: the cost in digits, and its curve."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

_BETWEEN = 8


class CostRow(QWidget):
    """Two cards beside each other; in a narrow window the digits give way to the curve.

    The curve says what the cost is above itself, so that nothing is lost.

    Parameters
    ----------
    cost, curve
        The two cards.
    """

    def __init__(self, cost: QWidget, curve: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cost, self._curve = cost, curve
        self._wants_cost = self._wants_curve = True
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_BETWEEN)
        row.addWidget(cost)
        row.addWidget(curve, 1)

    def want_cost(self, wanted: bool) -> None:
        """Show the digits where there is room for them, or nowhere."""
        self._wants_cost = wanted
        self._make_room()

    def want_curve(self, wanted: bool) -> None:
        """Show the curve, or leave the row to the digits."""
        self._wants_curve = wanted
        self._make_room()

    def minimumSizeHint(self) -> QSize:
        """Return what the larger of the two needs by itself."""
        card = self._curve if self._wants_curve else self._cost
        return card.minimumSizeHint().expandedTo(card.minimumSize())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See whether both have room."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        both = self._cost.minimumWidth() + _BETWEEN + self._curve.minimumSizeHint().width()
        has_room = not self._wants_curve or self.width() >= both
        self._cost.setVisible(self._wants_cost and has_room)
        self._curve.setVisible(self._wants_curve)
        self.setVisible(self._wants_cost or self._wants_curve)
