"""The results of a sweep as rows, sorted as a person likes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from bp_gui.controller.sweep import Finished
from bp_gui.engine.batches import Indices
from bp_gui.explain.numbers import format_exact, format_number
from bp_gui.session.sweep.factors import FACTORS
from bp_gui.session.sweep.pivot import rank
from bp_gui.session.sweep.run import Result
from bp_gui.session.sweep.spec import Sweep
from bp_gui.session.sweep.written import settings_in_words, word
from bp_gui.views.copying import EXACT
from bp_gui.views.panels.accuracy import percent
from bp_gui.views.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_WELL, _FAILED = "complete", "failed"


@dataclass(frozen=True)
class _Column:
    """A column of results.

    Attributes
    ----------
    heading, tip
        What it is called, and what it is.
    number
        What it is sorted by; NaN for nothing.
    is_share
        Whether it is shown in percent.
    """

    heading: str
    tip: str
    number: Callable[[Result], float]
    is_share: bool = False


_COLUMNS = (
    _Column("Final cost", "Cost over the training samples after the last update", lambda r: r.cost),
    _Column("Test cost", "Cost over the test samples after the last update", lambda r: r.test_cost),
    _Column(
        "Accuracy", "Share of training samples given the right class", lambda r: r.accuracy, True
    ),
    _Column(
        "Test accuracy",
        "Share of test samples given the right class",
        lambda r: r.test_accuracy,
        True,
    ),
    _Column("Lowest cost", "The lowest recorded cost of the run", lambda r: r.lowest_cost),
    _Column(
        "at update",
        "The update that the lowest cost belongs to",
        lambda r: float(r.lowest_at) if math.isfinite(r.lowest_cost) else math.nan,
    ),
)
_AT = _COLUMNS[-1]


class ResultModel(QAbstractTableModel):
    """A row a run: its number, its settings, its results, and how it ended.

    Columns of results that say nothing, such as the test cost without test samples, are left out.
    """

    def __init__(self) -> None:
        super().__init__()
        self._sweep: Sweep | None = None
        self._rows: list[Finished] = []
        self._order: Indices = np.arange(0)
        self._shown: tuple[_Column, ...] = ()
        self._sorting: tuple[int, Qt.SortOrder] | None = None
        self._digits = 6
        self._warning, self._muted = QColor(), QColor()

    # What is shown

    def begin(self, sweep: Sweep) -> None:
        """Show a sweep without results."""
        self.beginResetModel()
        self._sweep, self._rows, self._order = sweep, [], np.arange(0)
        self._shown = (_COLUMNS[0], *_COLUMNS[-2:])
        self._sorting = None
        self.endResetModel()

    def add(self, finished: Sequence[Finished]) -> None:
        """Show more results."""
        shown = tuple(
            column
            for column in _COLUMNS
            if column in self._shown or _says_anything(column, finished)
        )
        if shown != self._shown:
            self.beginResetModel()
            self._shown, self._sorting = shown, None
            self.endResetModel()
        first = len(self._rows)
        self.beginInsertRows(_NOWHERE, first, first + len(finished) - 1)
        self._rows.extend(finished)
        self._order = np.append(self._order, np.arange(first, len(self._rows)))
        self.endInsertRows()
        self._rearrange()

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits
        self._announce()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._warning, self._muted = QColor(theme.warning), QColor(theme.muted)
        self._announce()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Keep the rows sorted by a column; by the number of the run if it is negative."""
        self._sorting = None if column < 0 else (column, order)
        self._rearrange()

    # What is where

    @property
    def finished(self) -> list[Finished]:
        """All results, as they came."""
        return self._rows

    @property
    def cost_column(self) -> int:
        """The column of the final cost."""
        return 1 + (0 if self._sweep is None else len(self._sweep.factors))

    def at(self, row: int) -> Finished:
        """Return the result in a row."""
        return self._rows[int(self._order[row])]

    def row_of(self, run: int | None) -> int | None:
        """Return the row of a run, counted from 0."""
        for row, position in enumerate(self._order):
            if self._rows[int(position)].result.run == run:
                return row
        return None

    def describe(self, run: int) -> str:
        """Return a run by its number and its settings."""
        assert self._sweep is not None
        return f"run {run + 1}: {settings_in_words(self._sweep.runs[run])}"

    # What Qt asks

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return how many runs have ended."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of columns."""
        if parent.isValid() or self._sweep is None:
            return 0
        return self.cost_column + len(self._shown) + 1

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Name the columns."""
        if orientation is not Qt.Orientation.Horizontal or self._sweep is None:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        is_tip = role == Qt.ItemDataRole.ToolTipRole
        heading, tip = self._heading(section)
        return f"{tip}\nClick to sort" if is_tip else heading

    def _heading(self, section: int) -> tuple[str, str]:
        assert self._sweep is not None
        if section == 0:
            return "Run", "The number of the run, as in the table of the command"
        if section < self.cost_column:
            factor = FACTORS[self._sweep.factors[section - 1]]
            return factor.label, factor.tip
        column = self._column(section)
        if column is None:
            return "Status", "How the run ended"
        return column.heading, column.tip

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the text, the tooltip or the colour of a cell."""
        result = self.at(index.row()).result
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(result, index.column())
        if role == EXACT:
            return self._exact(result, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(result, index.column())
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._ink(result, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT
        return None

    def _ink(self, result: Result, section: int) -> QColor | None:
        """Return the colour of a cell: that of warnings where a run has failed."""
        is_status = section == self.columnCount() - 1
        if result.error and (is_status or section == self.cost_column):
            return self._warning
        return self._muted if is_status else None

    def _column(self, section: int) -> _Column | None:
        """Return a column of results, None for the status."""
        place = section - self.cost_column
        return self._shown[place] if place < len(self._shown) else None

    def _text(self, result: Result, section: int) -> str:
        assert self._sweep is not None
        if section == 0:
            return f"{result.run + 1:,}"
        if section < self.cost_column:
            return word(*self._sweep.runs[result.run][section - 1], digits=self._digits)
        column = self._column(section)
        if column is None:
            return result.error or _WELL
        number = column.number(result)
        if math.isnan(number):
            is_cost = section == self.cost_column
            return _FAILED if is_cost and result.error else "–"
        if column is _AT:
            return f"{int(number):,}"
        return percent(number) if column.is_share else format_number(number, self._digits)

    def _exact(self, result: Result, section: int) -> object:
        """Return what is copied in the place of a cell's text; None where that is exact."""
        assert self._sweep is not None
        if section == 0:
            return result.run + 1
        if section < self.cost_column:
            return word(*self._sweep.runs[result.run][section - 1])
        column = self._column(section)
        return None if column is None else column.number(result)

    def _tip(self, result: Result, section: int) -> str:
        column = self._column(section) if section >= self.cost_column else None
        if column is None or column.is_share or math.isnan(column.number(result)):
            text = self.describe(result.run)
            text = text[:1].upper() + text[1:]
            return f"{text}\n{result.error}" if result.error else text
        text = f"{column.heading}: {format_exact(column.number(result))}"
        return f"{text}\n{result.error}" if result.error else text

    # Order

    def _rearrange(self) -> None:
        """Sort again; what is selected stays selected."""
        order = self._sorted()
        if np.array_equal(order, self._order):
            return
        self.layoutAboutToBeChanged.emit()
        rows = {int(position): row for row, position in enumerate(order)}
        old = self.persistentIndexList()
        new = [self.index(rows[int(self._order[i.row()])], i.column()) for i in old]
        self._order = order
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def _sorted(self) -> Indices:
        runs = sorted(range(len(self._rows)), key=lambda k: self._rows[k].result.run)
        if self._sorting is None or self._sorting[0] >= self.columnCount():
            return np.array(runs, dtype=np.int64)
        column, order = self._sorting
        descending = order is Qt.SortOrder.DescendingOrder
        keyed = [(self._key(self._rows[k].result, column), k) for k in runs]
        # What there is nothing of comes last in either direction.
        there = [(key, k) for key, k in keyed if key is not None]
        there.sort(key=lambda pair: pair[0], reverse=descending)
        nothing = [k for key, k in keyed if key is None]
        return np.array([*(k for _, k in there), *nothing], dtype=np.int64)

    def _key(self, result: Result, section: int) -> tuple[float | str, ...] | None:
        """Return what a row is sorted by; None for nothing."""
        assert self._sweep is not None
        if section == 0:
            return (result.run,)
        if section < self.cost_column:
            return rank(*self._sweep.runs[result.run][section - 1])
        column = self._column(section)
        if column is None:
            return (result.error,)
        number = column.number(result)
        return None if math.isnan(number) else (number,)

    def _announce(self) -> None:
        if self._rows:
            last = self.index(len(self._rows) - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)


def _says_anything(column: _Column, finished: Sequence[Finished]) -> bool:
    return any(not math.isnan(column.number(each.result)) for each in finished)
