"""The question of what to do with what a crash left behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMessageBox,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bp_gui.controller.recovery import Left
from bp_gui.explain.numbers import format_number

HEADINGS = ("Project", "When", "Updates", "Cost")
_SIZE = (640, 320)


class RecoveryDialog(QDialog):
    """Lists unsaved projects; nothing is deleted unless the person asks for it and confirms.

    Closing it in any way keeps the files for the next start.

    Signals
    -------
    restore_requested(Left)
        The person wants to go on with this one.
    """

    restore_requested = Signal(object)

    def __init__(
        self, left: Sequence[Left], problems: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Unsaved work")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._left = list(left)
        self._table = self._make_table()
        self._restore = _button("&Restore", "Open the chosen project, not saved", self._ask_restore)
        self._restore.setDefault(True)
        self._delete = _button("&Delete…", "Delete what was kept of it", self._ask_delete)
        keep = _button("&Keep for later", "Ask again at the next start", self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self._delete)
        buttons.addStretch(1)
        buttons.addWidget(keep)
        buttons.addWidget(self._restore)
        layout = QVBoxLayout(self)
        layout.addWidget(_sentence("The program did not end well. This was not saved:"))
        layout.addWidget(self._table)
        for problem in problems:
            layout.addWidget(_sentence(problem))
        layout.addLayout(buttons)
        self.resize(*_SIZE)
        self._fill()

    @property
    def table(self) -> QTableWidget:
        """What can be restored, a row each, newest first."""
        return self._table

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, len(HEADINGS))
        table.setAccessibleName("Unsaved projects")
        table.setHorizontalHeaderLabels(HEADINGS)
        table.verticalHeader().hide()
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.doubleClicked.connect(self._ask_restore)
        return table

    def _fill(self) -> None:
        self._table.setRowCount(len(self._left))
        for row, left in enumerate(self._left):
            for column, text in enumerate(_cells(left)):
                item = QTableWidgetItem(text)
                item.setToolTip(_origin(left.content.path))
                if column > 1:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                self._table.setItem(row, column, item)
        self._table.selectRow(0)
        self._restore.setEnabled(bool(self._left))
        self._delete.setEnabled(bool(self._left))

    def _chosen(self) -> Left | None:
        row = self._table.currentRow()
        return self._left[row] if 0 <= row < len(self._left) else None

    def _ask_restore(self) -> None:
        left = self._chosen()
        if left is not None:
            self._left.remove(left)
            self.restore_requested.emit(left)
            self.accept()

    def _ask_delete(self) -> None:
        left = self._chosen()
        if left is not None and self.confirm_deletion(left.content.name):
            left.delete()
            self._left.remove(left)
            self._fill()
            if not self._left:
                self.accept()

    def confirm_deletion(self, name: str) -> bool:
        """Ask whether a project may be deleted for good."""
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(f"Delete the unsaved work in “{name}” for good?")
        delete = box.addButton("&Delete", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.exec()
        return box.clickedButton() is delete

    def done(self, result: int) -> None:
        """Close, and leave what is still listed for a later start."""
        for left in self._left:
            left.keep()
        self._left = []
        super().done(result)


def _cells(left: Left) -> tuple[str, str, str, str]:
    content = left.content
    cost = "not a number" if content.cost is None else format_number(content.cost, 6)
    return content.name, _when(content.saved), f"{content.updates:,}", cost


def _when(moment: datetime) -> str:
    local = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    return str(QLocale().toString(local, QLocale.FormatType.ShortFormat))


def _origin(path: Path | None) -> str:
    return "Never saved to a file" if path is None else str(path)


def _sentence(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _button(text: str, tip: str, slot: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    button.clicked.connect(lambda: slot())
    return button
