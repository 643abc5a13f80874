"""The samples as the rows of a Qt table; numbers are formatted when they are painted.

Rows are the training samples and then the test samples; columns are the inputs and targets in the
units of the data, and then the outputs of the network.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from bp_gui.engine.arrays import Array
from bp_gui.engine.names import Kind, Ref
from bp_gui.explain.numbers import format_exact, format_number
from bp_gui.session.data import Data
from bp_gui.session.edits_data import SetCell
from bp_gui.session.snapshot import Snapshot

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class Group(Enum):
    """What a column belongs to; the value is the symbol of its numbers."""

    INPUT = "x"
    TARGET = "t"
    OUTPUT = "y"


@dataclass(frozen=True)
class Cell:
    """Where a number stands.

    Attributes
    ----------
    group, position
        What the column belongs to, and its 0-based place there.
    row, is_test
        The 0-based sample among those to train on, or among those to test on.
    """

    group: Group
    position: int
    row: int
    is_test: bool


class SampleModel(QAbstractTableModel):
    """The table; it changes nothing itself.

    Signals
    -------
    edit_requested(Edit)
        Another number was typed.
    """

    edit_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._snapshot: Snapshot | None = None
        self._digits = 6

    @property
    def data_shown(self) -> Data | None:
        """The samples."""
        return None if self._snapshot is None else self._snapshot.experiment.data

    def show_snapshot(self, new: Snapshot) -> None:
        """Show a moment; only what differs is painted again."""
        old = self._snapshot
        if old is None or _shape(old) != _shape(new):
            self.beginResetModel()
            self._snapshot = new
            self.endResetModel()
            return
        self._snapshot = new
        same_data = old.experiment.data is new.experiment.data
        if not same_data:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)
        if old.sample != new.sample:
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, self.n_training - 1)
        if not same_data or old.outputs is not new.outputs:
            first = self._n_editable() if same_data else 0
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, first), last)

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits
        if self._snapshot is not None:
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    @property
    def n_training(self) -> int:
        """How many rows are training samples."""
        return 0 if self._snapshot is None else len(self._snapshot.experiment.t)

    @property
    def shown_sample(self) -> int:
        """The row of the sample whose passes are shown."""
        return 0 if self._snapshot is None else self._snapshot.sample

    def cell(self, index: Index) -> Cell:
        """Return where an index points to."""
        data = self._data()
        row, column = index.row(), index.column()
        is_test = row >= len(data.t)
        row -= len(data.t) if is_test else 0
        for group, count in (
            (Group.INPUT, data.n_inputs),
            (Group.TARGET, data.n_targets),
            (Group.OUTPUT, data.n_targets),
        ):
            if column < count:
                return Cell(group, column, row, is_test)
            column -= count
        raise IndexError(f"column {index.column()} does not exist")

    def ref_at(self, index: Index) -> Ref | None:
        """Return what a cell is in the network: nothing but for the sample that is shown."""
        if self._snapshot is None or not index.isValid() or index.row() != self.shown_sample:
            return None
        cell = self.cell(index)
        if cell.group is Group.OUTPUT:
            last = self._snapshot.experiment.architecture.n_layers - 1
            return Ref(Kind.ACTIVATION, last, cell.position)
        return Ref(Kind.INPUT if cell.group is Group.INPUT else Kind.TARGET, to=cell.position)

    def index_of(self, ref: Ref | None) -> QModelIndex:
        """Return the cell of a quantity of the sample that is shown; an invalid one for others."""
        row = self.shown_sample
        cells = (self.index(row, column) for column in range(self.columnCount()))
        return next((cell for cell in cells if ref and self.ref_at(cell) == ref), QModelIndex())

    def value_at(self, index: Index) -> float:
        """Return a cell's number."""
        cell = self.cell(index)
        return float(self._array(cell)[cell.row, cell.position])

    def text_at(self, index: Index) -> str:
        """Return what a cell says."""
        return format_number(self.value_at(index), self._digits)

    def is_output(self, index: Index) -> bool:
        """Whether a cell is computed, and so cannot be edited."""
        return index.column() >= self._n_editable()

    def request_value(self, index: Index, value: float) -> None:
        """Ask for another number."""
        self.edit_requested.emit(SetCell(index.row(), index.column(), value))

    def name_of(self, column: int) -> str:
        """Return what a column is called."""
        cell = self.cell(self.index(0, column))
        data = self._data()
        names = data.input_names if cell.group is Group.INPUT else data.target_names
        symbol = f"{cell.group.value}[{cell.position + 1}]"
        if cell.group is Group.OUTPUT or not names:
            return symbol
        return names[cell.position]

    # What Qt asks for

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of samples."""
        if parent.isValid() or self._snapshot is None:
            return 0
        return len(self._data().t) + len(self._data().t_test)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of columns."""
        if parent.isValid() or self._snapshot is None:
            return 0
        return self._n_editable() + self._data().n_targets

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say that inputs and targets can be edited."""
        flags = super().flags(index)
        return flags if self.is_output(index) else flags | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the text or the tooltip of a cell."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text_at(index)
        if role == Qt.ItemDataRole.EditRole:
            return format_exact(self.value_at(index))
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(index)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Name columns and rows; standardised inputs have their mean and deviation below."""
        if self._snapshot is None:
            return None
        if orientation is Qt.Orientation.Vertical:
            return self._row_header(section, role)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        name = self.name_of(section)
        scaling = self._data().scaling
        if scaling is None or section >= self._data().n_inputs:
            return name
        exact = role == Qt.ItemDataRole.ToolTipRole
        mean, deviation = float(scaling.mean[section]), float(scaling.deviation[section])
        if exact:
            return f"{name}: mean {format_exact(mean)}, deviation {format_exact(deviation)}"
        short = max(3, min(self._digits, 4))
        return f"{name}\nμ {format_number(mean, short)}\nσ {format_number(deviation, short)}"

    def _row_header(self, section: int, role: int) -> object:
        is_test = section >= self.n_training
        if role == Qt.ItemDataRole.DisplayRole:
            if is_test:
                return f"test {section - self.n_training + 1}"
            return f"▸ {section + 1}" if section == self.shown_sample else str(section + 1)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _tip(self, index: Index) -> str:
        cell = self.cell(index)
        kind = "test sample" if cell.is_test else "sample"
        name, value = self.name_of(index.column()), self.value_at(index)
        text = f"{name} of {kind} {cell.row + 1} = {format_exact(value)}"
        data = self._data()
        if cell.group is Group.INPUT and data.scaling is not None:
            seen = (data.x_test if cell.is_test else data.x)[cell.row, cell.position]
            text += f"\nthe network sees {format_exact(float(seen))}"
        return text

    def _array(self, cell: Cell) -> Array:
        data, snapshot = self._data(), self._snapshot
        assert snapshot is not None
        if cell.group is Group.INPUT:
            return data.raw_x_test if cell.is_test else data.raw_x
        if cell.group is Group.TARGET:
            return data.t_test if cell.is_test else data.t
        return snapshot.test_outputs if cell.is_test else snapshot.outputs

    def _data(self) -> Data:
        assert self._snapshot is not None
        return self._snapshot.experiment.data

    def _n_editable(self) -> int:
        data = self._data()
        return data.n_inputs + data.n_targets


def _shape(snapshot: Snapshot) -> tuple[int, int, int, int, bool]:
    """Return what the number of rows and columns, and the height of the header, follow from."""
    data = snapshot.experiment.data
    scaled = data.scaling is not None
    return len(data.t), len(data.t_test), data.n_inputs, data.n_targets, scaled
