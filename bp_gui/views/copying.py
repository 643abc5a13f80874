"""Tables copied as text that spreadsheets read: cells between tabs, numbers with all digits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QTableView

# What a model answers with the number of a cell itself, where it shows it with few digits.
EXACT: Final = Qt.ItemDataRole.UserRole + 90


def make_copyable(table: QTableView) -> QAction:
    """Give a table Ctrl+C and a menu that copies it; return the action for menus of its own."""
    copy = QAction("&Copy the table", table)
    copy.setShortcut(QKeySequence.StandardKey.Copy)
    copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    copy.setToolTip("Copy the selected rows, or all, as text between tabs with all digits")
    copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(as_tsv(table)))
    table.addAction(copy)
    table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
    return copy


def as_tsv(table: QTableView) -> str:
    """Return a table with its headings; where more than one row is selected, only those."""
    model = table.model()
    chosen = sorted({index.row() for index in table.selectionModel().selectedRows()})
    rows = chosen if len(chosen) > 1 else range(model.rowCount())
    columns = [c for c in range(model.columnCount()) if not table.isColumnHidden(c)]
    names = not table.verticalHeader().isHidden()
    lines = [_line(_headings(model, columns, names))]
    lines += [_line(_cells(model, row, columns, names)) for row in rows]
    return "\n".join((*lines, ""))


def _headings(model: QAbstractItemModel, columns: Iterable[int], names: bool) -> Iterator[str]:
    if names:
        yield ""
    for column in columns:
        yield _text(model.headerData(column, Qt.Orientation.Horizontal))


def _cells(
    model: QAbstractItemModel, row: int, columns: Iterable[int], names: bool
) -> Iterator[str]:
    if names:
        yield _text(model.headerData(row, Qt.Orientation.Vertical))
    for column in columns:
        index = model.index(row, column)
        exact = model.data(index, EXACT)
        yield _text(model.data(index) if exact is None else exact)


def _text(value: object) -> str:
    """Return a cell's text; a float has as many digits as it takes to read it back."""
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)


def _line(cells: Iterable[str]) -> str:
    return "\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in cells)
