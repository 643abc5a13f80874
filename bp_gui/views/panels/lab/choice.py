"""The list of known mistakes, each to be switched on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from bp_gui.diagnose.catalogue import MISTAKES

_FONT_SHRINK = 0.9
_NAME = Qt.ItemDataRole.UserRole


class MistakeChoice(QWidget):
    """A list with a box to search it.

    Signals
    -------
    switched()
        Other mistakes are on than before.
    looked_at()
        Another one is the current one.
    """

    switched = Signal()
    looked_at = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Find a mistake")
        self.filter.setAccessibleName("Find a mistake")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._apply_filter)
        self.list = QListWidget()
        self.list.setAccessibleName("Mistakes")
        small = QFont(self.list.font())
        small.setPointSizeF(small.pointSizeF() * _FONT_SHRINK)
        self.list.setFont(small)
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.viewport().setAutoFillBackground(False)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        for mistake in MISTAKES.values():
            if mistake.parts:
                continue
            item = QListWidgetItem(mistake.label)
            item.setData(_NAME, mistake.name)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.itemChanged.connect(self.switched)
        self.list.currentItemChanged.connect(self.looked_at)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.filter)
        layout.addWidget(self.list)

    @property
    def chosen(self) -> frozenset[str]:
        """The names of the mistakes that are on."""
        return frozenset(
            item.data(_NAME) for item in self._items() if item.checkState() is Qt.CheckState.Checked
        )

    @property
    def current(self) -> str | None:
        """The name of the mistake that is looked at."""
        item = self.list.currentItem()
        return None if item is None else str(item.data(_NAME))

    def show_chosen(self, names: frozenset[str]) -> None:
        """Tick these mistakes and no others."""
        if names == self.chosen:
            return
        blocked = self.list.blockSignals(True)
        first: QListWidgetItem | None = None
        for item in self._items():
            on = item.data(_NAME) in names
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            if on and first is None:
                first = item
        self.list.blockSignals(blocked)
        if first is not None:
            self.list.scrollToItem(first)

    def mark_effective(self, names: frozenset[str]) -> None:
        """Say of all other mistakes that they change nothing here."""
        blocked = self.list.blockSignals(True)
        enabled = Qt.ItemFlag.ItemIsEnabled
        for item in self._items():
            mistake = MISTAKES[item.data(_NAME)]
            there = mistake.name in names
            item.setFlags(item.flags() | enabled if there else item.flags() & ~enabled)
            said = f"{mistake.label}. {mistake.cause}"
            item.setToolTip(said if there else f"{said} It changes nothing in this network.")
        self.list.blockSignals(blocked)

    def _apply_filter(self, text: str) -> None:
        wanted = text.casefold().split()
        for item in self._items():
            mistake = MISTAKES[item.data(_NAME)]
            said = f"{mistake.label} {mistake.clause} {mistake.name}".casefold()
            item.setHidden(not all(word in said for word in wanted))

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]
