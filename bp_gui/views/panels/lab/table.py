"""Right and mistaken numbers of every parameter, and where the gradient check goes red."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from bp_gui.engine.arrays import Array
from bp_gui.engine.names import Ref
from bp_gui.explain.numbers import format_exact, format_number
from bp_gui.session.lab import Comparison
from bp_gui.views.copying import EXACT, make_copyable
from bp_gui.views.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_FONT_SHRINK = 0.85
_FEWEST_ROWS = 6  # of the table, with its header; below that the page scrolls
_CELL_MARGIN = 10
_GRADIENT_SPARE, _VALUE_SPARE = 6, 3  # characters beside the digits
_STRETCH_DIGITS = 7
_RED, _GREEN = "✗", "✓"


class Column(IntEnum):
    """The columns of the table."""

    NAME = 0
    GRADIENT = 1
    MISTAKEN_GRADIENT = 2
    NEXT = 3
    MISTAKEN_NEXT = 4
    CHECK = 5


_GRADIENTS = (Column.GRADIENT, Column.MISTAKEN_GRADIENT)
_VALUES = (Column.NEXT, Column.MISTAKEN_NEXT)
_HEADINGS = {
    Column.NAME: "Name",
    Column.GRADIENT: "Gradient",
    Column.MISTAKEN_GRADIENT: "mistaken",
    Column.NEXT: "Next value",
    Column.MISTAKEN_NEXT: "mistaken",
    Column.CHECK: "Check",
}
_TIPS = {
    Column.GRADIENT: "The right gradient",
    Column.MISTAKEN_GRADIENT: "The gradient with the mistakes",
    Column.NEXT: "The value after a right update",
    Column.MISTAKEN_NEXT: "The value after an update with the mistakes",
    Column.CHECK: "Whether the gradient equals the numerical derivative of the cost that the code "
    "with the mistakes computes",
}


class ComparisonModel(QAbstractTableModel):
    """The rows are θ's entries."""

    def __init__(self) -> None:
        super().__init__()
        self._comparison: Comparison | None = None
        self._refs: list[Ref] = []
        self._red: NDArray[np.bool_] | None = None
        self._digits = 6
        self._warning, self._good = QColor(), QColor()

    def show_comparison(self, comparison: Comparison) -> None:
        """Show right and mistaken numbers; the check is not known yet."""
        old = self._comparison
        architecture = comparison.experiment.architecture
        resets = old is None or old.experiment.architecture != architecture
        if resets:
            self.beginResetModel()
            self._refs = list(architecture.refs())
        self._comparison = comparison
        self._red = None
        if resets:
            self.endResetModel()
        self._announce()

    def show_check(self, red: NDArray[np.bool_]) -> None:
        """Show the verdict of the gradient check."""
        self._red = red
        self._announce()

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits
        self._announce()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._warning, self._good = QColor(theme.warning), QColor(theme.muted)
        self._announce()

    def ref_at(self, row: int) -> Ref:
        """Return the parameter of a row."""
        return self._refs[row]

    def row_of(self, ref: Ref | None) -> int | None:
        """Return the row of a parameter."""
        if ref is None or not ref.is_parameter or self._comparison is None:
            return None
        return self._comparison.experiment.architecture.index(ref)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of parameters."""
        return 0 if parent.isValid() else len(self._refs)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Name the columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _HEADINGS[Column(section)]
        if role == Qt.ItemDataRole.ToolTipRole:
            return _TIPS.get(Column(section))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the text and the looks of a cell."""
        if self._comparison is None:
            return None
        row, column = index.row(), Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == EXACT and column not in (Column.NAME, Column.CHECK):
            return float(self._numbers(column)[row])
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, column)
        if role == Qt.ItemDataRole.ForegroundRole and self._differs(row, column):
            return self._warning
        if role == Qt.ItemDataRole.ForegroundRole and column is Column.CHECK:
            red = self._red is not None and self._red[row]
            return self._warning if red else self._good
        return None

    def _text(self, row: int, column: Column) -> str:
        if column is Column.NAME:
            return self._refs[row].name
        if column is Column.CHECK:
            return "…" if self._red is None else _RED if self._red[row] else _GREEN
        return format_number(float(self._numbers(column)[row]), self._digits)

    def _tip(self, row: int, column: Column) -> str:
        name = self._refs[row].name
        if column is Column.CHECK and self._red is not None:
            word = "is not" if self._red[row] else "is"
            return f"∂C/∂{name} {word} the derivative of the cost that is computed"
        if column in (Column.NAME, Column.CHECK):
            return name
        return f"{name}: {format_exact(float(self._numbers(column)[row]))}"

    def _differs(self, row: int, column: Column) -> bool:
        if column not in (Column.MISTAKEN_GRADIENT, Column.MISTAKEN_NEXT):
            return False
        right = Column(column - 1)
        return self._text(row, column) != self._text(row, right)

    def _numbers(self, column: Column) -> Array:
        assert self._comparison is not None
        right, mistaken = self._comparison.right, self._comparison.mistaken
        return {
            Column.GRADIENT: right.gradient,
            Column.MISTAKEN_GRADIENT: mistaken.gradient,
            Column.NEXT: right.theta,
            Column.MISTAKEN_NEXT: mistaken.theta,
        }[column]

    def _announce(self) -> None:
        if self._refs:
            self.dataChanged.emit(
                self.index(0, 0), self.index(len(self._refs) - 1, len(Column) - 1)
            )


def make_table(model: ComparisonModel) -> QTableView:
    """Return the view of a model."""
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName("Right and mistaken numbers")
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    make_copyable(table)
    small = QFont(table.font())
    small.setPointSizeF(small.pointSizeF() * _FONT_SHRINK)
    table.setFont(small)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 7)
    header = table.horizontalHeader()
    header.setFont(small)
    header.setHighlightSections(False)
    header.setMinimumSectionSize(40)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    digit = table.fontMetrics().horizontalAdvance("0")
    for column, width in ((Column.NAME, 8), (Column.CHECK, 7)):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(column, width * digit)
    table.setMinimumHeight(_FEWEST_ROWS * table.verticalHeader().defaultSectionSize())
    return table


def fit_digits(table: QTableView, digits: int) -> None:
    """Share the width among the numbers, or let the table scroll sideways if they are long.

    Gradients need more room than values: small ones have many zeros and a sign. Where there is
    room for all, all have the same.
    """
    header, fits = table.horizontalHeader(), digits <= _STRETCH_DIGITS
    digit = table.fontMetrics().horizontalAdvance("0")
    least = {
        column: digit * (digits + spare) + _CELL_MARGIN
        for columns, spare in ((_GRADIENTS, _GRADIENT_SPARE), (_VALUES, _VALUE_SPARE))
        for column in columns
    }
    others = sum(header.sectionSize(column) for column in (Column.NAME, Column.CHECK))
    share = (table.viewport().width() - others) // len(least)
    mode = QHeaderView.ResizeMode
    for column, width in least.items():
        stretches = fits and column in _GRADIENTS
        header.setSectionResizeMode(column, mode.Stretch if stretches else mode.Fixed)
        has_room = fits and share >= max(least.values())
        header.resizeSection(column, share if has_room else width)
