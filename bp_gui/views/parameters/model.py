"""The rows of the table: which parameters, in which order, with which numbers."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from bp_gui.engine.arrays import Array
from bp_gui.engine.batches import Indices
from bp_gui.engine.names import Ref
from bp_gui.explain.name_choice import Labels
from bp_gui.explain.numbers import format_exact
from bp_gui.explain.pasted import Cell
from bp_gui.explain.written import Digits, write_number
from bp_gui.session.edits import SetLocked, SetValue
from bp_gui.session.lab import Comparison
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.network.description import describe

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
MIDDLE_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
NAME_HEADING = "Lock, name"
_TIP_DIGITS = 6
_MISTAKEN = ("Mistaken", "The value after the next update with the mistakes of the lab")


class Column(IntEnum):
    """The columns of the table."""

    NAME = 0
    BEFORE = 1
    GRADIENT = 2
    CHANGE = 3
    AFTER = 4
    LAST = 5


NUMBERS = tuple(Column)[1:]
_HEADINGS = {
    False: (NAME_HEADING, "Now", "Gradient g", "Δ", "Next", "Last"),
    True: (NAME_HEADING, "Before", "Gradient g", "Δ", "After", "Now"),
}
_TIPS = {
    False: (
        "The box keeps training from changing a parameter",
        "The value now; type to change it",
        "The gradient that the next update uses",
        "By how much the next update changes it",
        "The value after the next update",
        "The value before the last update",
    ),
    True: (
        "The box keeps training from changing a parameter",
        "The value before the last update",
        "The gradient that the last update used",
        "By how much the last update changed it",
        "The value after the last update",
        "The value now",
    ),
}


class ParameterModel(QAbstractTableModel):
    """Entries of θ, sorted and filtered as a person likes; numbers become text when painted.

    Signals
    -------
    edit_requested(Edit)
        A value was typed or a lock was switched.
    """

    edit_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._snapshot: Snapshot | None = None
        self._labels: Labels | None = None
        self._refs: list[Ref] = []
        self._names: list[str] = []
        self._columns: tuple[Array | None, ...] = ()
        self._kept: Indices = np.arange(0)
        self._order: Indices = self._kept
        self._digits: Digits = 6
        self._last = False
        self._comparison: Comparison | None = None
        self._wanted: tuple[str, ...] = ()
        self._sorting: tuple[Column, Qt.SortOrder] | None = None

    # What is shown

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show a moment."""
        shown = self._snapshot
        if (
            old is None
            or shown is None
            or shown.experiment.architecture != new.experiment.architecture
        ):
            self.beginResetModel()
            self._snapshot = new
            self._refs = list(new.experiment.architecture.refs())
            self._labels = None  # they are those of another network
            self._columns = self._shown_columns()
            self._name_rows()
            self._kept = self._filtered()
            self._order = self._sorted()
            self.endResetModel()
            return
        locks_changed = new.experiment.locked != shown.experiment.locked
        self._snapshot = new
        self._columns = self._shown_columns()
        if locks_changed:
            self._kept = self._filtered()
        self._rearrange()
        self._announce(Column.NAME if locks_changed else Column.BEFORE)

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Show what mistakes make of the next update in place of the last value; None for none."""
        had, self._comparison = self._comparison is not None, comparison
        if self._snapshot is None:
            return
        self._columns = self._shown_columns()
        self._rearrange()
        self._announce()
        if had != (comparison is not None):
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)

    def set_digits(self, digits: Digits) -> None:
        """Show numbers with so many digits."""
        self._digits = digits
        self._announce()

    def set_labels(self, labels: Labels) -> None:
        """Call the parameters as the reader likes."""
        if labels == self._labels:
            return
        self._labels = labels
        self._name_rows()
        self._kept = self._filtered()
        self._rearrange()
        self._announce(Column.NAME)

    def show_last_update(self, last: bool) -> None:
        """Show the last update, or what the next one would do."""
        self._last = last
        self._columns = self._shown_columns()
        self._rearrange()
        self._announce()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)

    def show_only(self, text: str) -> None:
        """Keep only the rows whose name, kind or lock contains every word of a text."""
        self._wanted = tuple(text.lower().split())
        self._kept = self._filtered()
        self._rearrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Keep the rows sorted by a column; by none if it is negative."""
        self._sorting = None if column < 0 else (Column(column), order)
        self._rearrange()

    # What is where

    def ref_at(self, index: Index) -> Ref:
        """Return the parameter of a row."""
        return self._refs[int(self._order[index.row()])]

    def name_at(self, index: Index) -> str:
        """Return what the parameter of a row is called."""
        return self._names[int(self._order[index.row()])]

    def row_of(self, ref: Ref | None) -> int | None:
        """Return the row of a parameter, if it is shown."""
        if ref is None or not ref.is_parameter or self._snapshot is None:
            return None
        found = np.flatnonzero(self._order == self._snapshot.experiment.architecture.index(ref))
        return int(found[0]) if len(found) else None

    @property
    def value_column(self) -> Column:
        """The column of the values now, which can be edited."""
        return Column.LAST if self._last else Column.BEFORE

    @property
    def shows_mistakes(self) -> bool:
        """Whether the last column is what mistakes make of the next update."""
        return not self._last and self._comparison is not None

    @property
    def longest_name(self) -> str:
        """The longest of all names."""
        return max(self._names, key=len, default="")

    def text_at(self, index: Index) -> str:
        """Return what a number's cell says; nothing where there is no last update."""
        number = self._number(index)
        return "" if number is None else write_number(number, self._digits)

    def is_wrong(self, index: Index) -> bool:
        """Return whether a number is what mistakes make of another."""
        if not self._is_mistaken(index.column()):
            return False
        right = self.index(index.row(), Column.AFTER)
        return self.text_at(index) != self.text_at(right)

    def value_at(self, index: Index) -> float:
        """Return the parameter's value now."""
        assert self._snapshot is not None
        return self._snapshot.value(self.ref_at(index))

    def is_locked(self, index: Index) -> bool:
        """Return whether training leaves a parameter alone."""
        assert self._snapshot is not None
        return self.ref_at(index) in self._snapshot.experiment.locked

    def request_value(self, index: Index, value: float) -> None:
        """Ask for a new value."""
        self.edit_requested.emit(SetValue(self.ref_at(index), value))

    def cells(self, rows: Sequence[int]) -> list[list[Cell]]:
        """Return headings and rows as they are copied, numbers at full precision."""
        headings = [self._heading(column) for column in NUMBERS]
        table: list[list[Cell]] = [["Name", *headings, "Locked"]]
        for row in rows:
            position = self._order[row]
            index = self.index(row, Column.NAME)
            numbers = [None if c is None else float(c[position]) for c in self._columns]
            locked = "locked" if self.is_locked(index) else ""
            table.append([self.ref_at(index).name, *numbers, locked])
        return table

    # What Qt asks

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Return the number of parameters."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Name the columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return MIDDLE_LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            tip = _MISTAKEN[1] if self._is_mistaken(section) else _TIPS[self._last][section]
            return f"{tip}\nClick to sort"
        return self._heading(section) if role == Qt.ItemDataRole.DisplayRole else None

    def _heading(self, section: int) -> str:
        return _MISTAKEN[0] if self._is_mistaken(section) else _HEADINGS[self._last][section]

    def _is_mistaken(self, section: int) -> bool:
        return section == Column.LAST and self.shows_mistakes

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say that names can be ticked and values edited."""
        flags = super().flags(index)
        if index.column() == Column.NAME:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        if index.column() == self.value_column:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the text, the tooltip or the lock of a cell."""
        if self._snapshot is None:
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(self._snapshot, self.ref_at(index))
        if index.column() == Column.NAME:
            if role == Qt.ItemDataRole.DisplayRole:
                return self.name_at(index)
            if role == Qt.ItemDataRole.CheckStateRole:
                locked = self.is_locked(index)
                return Qt.CheckState.Checked if locked else Qt.CheckState.Unchecked
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text_at(index)
        if role == Qt.ItemDataRole.EditRole:
            return format_exact(self.value_at(index))
        return None

    def _tip(self, snapshot: Snapshot, ref: Ref) -> str | None:
        if self._labels is None:
            return None
        return describe(snapshot, ref, _TIP_DIGITS, self._labels.naming)

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for a parameter to be locked or let go."""
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        locked = Qt.CheckState(value) is Qt.CheckState.Checked
        self.edit_requested.emit(SetLocked(self.ref_at(index), locked))
        return True

    # Order

    def _name_rows(self) -> None:
        labels = self._labels
        self._names = [ref.name if labels is None else labels.text(ref) for ref in self._refs]

    def _filtered(self) -> Indices:
        """Return the positions in θ that are shown."""
        every = np.arange(len(self._refs))
        if not self._wanted or self._snapshot is None:
            return every
        return np.array([k for k in range(len(every)) if self._is_wanted(k)], dtype=every.dtype)

    def _sorted(self) -> Indices:
        """Return the positions that are shown in their order."""
        shown = self._kept
        if self._sorting is None:
            return shown
        column, order = self._sorting
        if column is Column.NAME:
            return shown if order is Qt.SortOrder.AscendingOrder else shown[::-1]
        numbers = self._columns[column - 1] if self._columns else None
        if numbers is None:
            return shown
        keys = numbers[shown]
        # Equal numbers keep the order of θ in either direction.
        keys = keys if order is Qt.SortOrder.AscendingOrder else -keys
        return shown[np.argsort(keys, kind="stable")]

    def _is_wanted(self, position: int) -> bool:
        assert self._snapshot is not None
        ref = self._refs[position]
        lock = "locked" if ref in self._snapshot.experiment.locked else "free"
        words = f"{ref.name} {self._names[position]} {ref.kind.name} {lock}".lower()
        return all(word in words for word in self._wanted)

    def _rearrange(self) -> None:
        """Sort and filter again; what is selected stays selected where it is still shown."""
        order = self._sorted()
        if np.array_equal(order, self._order):
            return
        self.layoutAboutToBeChanged.emit()
        rows = {int(position): row for row, position in enumerate(order)}
        old = self.persistentIndexList()
        moved = [rows.get(int(self._order[index.row()])) for index in old]
        self._order = order
        new = [
            QModelIndex() if row is None else self.index(row, index.column())
            for row, index in zip(moved, old, strict=True)
        ]
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    # Numbers

    def _number(self, index: Index) -> float | None:
        column = self._columns[index.column() - 1]
        return None if column is None else float(column[self._order[index.row()]])

    def _shown_columns(self) -> tuple[Array | None, ...]:
        """Return before, gradient, Δ, after, and the value now or before the last update."""
        assert self._snapshot is not None
        experiment = self._snapshot.experiment
        now, update = experiment.parameters.theta, experiment.last_update
        if not self._last:
            after = self._snapshot.next_theta
            before = None if update is None else update.before
            if self._comparison is not None:
                # A comparison of another moment is about to be followed by that moment.
                is_now = self._comparison.is_of(self._snapshot)
                before = self._comparison.mistaken.theta if is_now else None
            return now, self._snapshot.gradient, after - now, after, before
        if update is None:
            return None, None, None, None, now
        return update.before, update.gradient, update.after - update.before, update.after, now

    def _announce(self, first: Column = Column.BEFORE) -> None:
        """Say which columns have changed; painting names is dear, so not without need."""
        if not len(self._order):
            return
        last = self.index(len(self._order) - 1, len(Column) - 1)
        self.dataChanged.emit(self.index(0, first), last)
