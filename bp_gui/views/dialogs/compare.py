"""The dialog that lays two moments of any branches side by side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from bp_gui.explain.numbers import format_number
from bp_gui.session.comparison import HEADER, ComparedRow, as_table, compare
from bp_gui.session.experiment import Experiment
from bp_gui.session.timeline import Timeline
from bp_gui.session.whole_file import write_whole
from bp_gui.views.integer_box import IntegerBox
from bp_gui.views.whole_name import with_ending

_MOST_UPDATES = 2**31 - 1
_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole


class ComparisonModel(QAbstractTableModel):
    """The rows of a comparison."""

    def __init__(self, digits: int) -> None:
        super().__init__()
        self._rows: tuple[ComparedRow, ...] = ()
        self._digits = digits

    @property
    def rows(self) -> tuple[ComparedRow, ...]:
        """What is shown."""
        return self._rows

    def show_rows(self, rows: tuple[ComparedRow, ...]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many quantities are compared."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns."""
        return 0 if parent.isValid() else len(HEADER)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> object:
        """Return a column's name."""
        if role == _Role.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return HEADER[section]
        return None

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> object:
        """Return a cell."""
        row = self._rows[index.row()]
        if role == _Role.TextAlignmentRole and index.column():
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role not in (_Role.DisplayRole, _Role.AccessibleTextRole):
            return None
        if index.column() == 0:
            return row.name
        number = row.numbers[index.column() - 1]
        return "–" if number is None else format_number(number, self._digits)


class CompareDialog(QDialog):
    """Chooses a branch and an update on each side, and shows what differs.

    Parameters
    ----------
    timeline
        The branches; read only.
    digits
        Significant digits.
    parent
        The window.

    Signals
    -------
    failed(sentence)
        The table could not be saved.
    """

    failed = Signal(str)

    def __init__(self, timeline: Timeline, digits: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Compare two moments")
        self.resize(760, 620)
        self._timeline = timeline
        self._model = ComparisonModel(digits)
        present, others = timeline.branch, timeline.branches
        other = next((each for each in others if each is not present), present)
        self._sides = (
            _Side(timeline, "A", other.number, other.first if other is present else other.last),
            _Side(timeline, "B", present.number, timeline.present.updates),
        )
        for side in self._sides:
            side.changed = self._compare
        self._summary = QLabel()
        self._summary.setObjectName("quiet")
        self._arrange()
        self._compare()

    @property
    def rows(self) -> tuple[ComparedRow, ...]:
        """What the table shows."""
        return self._model.rows

    def choose(self, side: int, branch: int, update: int) -> None:
        """Put a moment on a side: 0 for A, 1 for B."""
        self._sides[side].choose(branch, update)

    def copy(self) -> None:
        """Put the table on the clipboard, cells set apart by tabs."""
        QGuiApplication.clipboard().setText(as_table(self.rows, "\t"))

    def save(self, path: Path) -> None:
        """Write the table: with tabs where the name ends in .tsv, with commas otherwise."""
        text = as_table(self.rows, "\t" if path.suffix == ".tsv" else ",")
        try:
            write_whole(path, text.encode())
        except OSError as error:
            self.failed.emit(f"{path.name} could not be written: {error.strerror}")

    def _compare(self) -> None:
        states = [side.state() for side in self._sides]
        self._model.show_rows(compare(*states))
        differing = sum(bool(row.difference) for row in self.rows)
        self._summary.setText(f"{differing:,} of {len(self.rows):,} numbers differ")

    def _arrange(self) -> None:
        grid = QGridLayout()
        for row, side in enumerate(self._sides):
            for column, widget in enumerate(side.widgets):
                grid.addWidget(widget, row, column)
        grid.setColumnStretch(1, 1)
        table = QTableView()
        table.setModel(self._model)
        table.setAccessibleName("Comparison")
        table.setTabKeyNavigation(False)
        table.setAlternatingRowColors(True)
        table.verticalHeader().hide()
        table.setSelectionMode(QTableView.SelectionMode.NoSelection)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton("&Copy table", QDialogButtonBox.ButtonRole.ActionRole)
        save = buttons.addButton("&Save table…", QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self.copy)
        save.clicked.connect(self._ask_and_save)
        for button in (copy, save):
            button.setAutoDefault(False)  # Return in a box must not press it
        buttons.rejected.connect(self.reject)
        QShortcut(QKeySequence.StandardKey.Copy, table, self.copy)
        layout = QVBoxLayout(self)
        layout.addLayout(grid)
        layout.addWidget(table, 1)
        layout.addWidget(self._summary)
        layout.addWidget(buttons)

    def _ask_and_save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, "Save the comparison", "comparison.csv", "Tables (*.csv *.tsv)"
        )
        if name:
            path: Path | None = Path(name)
            if path is not None and not path.suffix:
                path = with_ending(self, path, ".csv")
            if path is not None:
                self.save(path)


class _Side:
    """The choice of one moment."""

    def __init__(self, timeline: Timeline, letter: str, branch: int, update: int) -> None:
        self._timeline = timeline
        self.changed: Callable[[], None] = lambda: None
        self._branches = QComboBox()
        self._branches.setAccessibleName(f"Branch {letter}")
        for each in timeline.branches:
            self._branches.addItem(each.name, each.number)
        self._update = IntegerBox(0, _MOST_UPDATES)
        self._update.setAccessibleName(f"Update {letter}")
        self._range = QLabel()
        self._range.setObjectName("quiet")
        branch_label, update_label = QLabel(f"&{letter}"), QLabel("update")
        branch_label.setBuddy(self._branches)
        update_label.setBuddy(self._update)
        self.widgets = (branch_label, self._branches, update_label, self._update, self._range)
        self.choose(branch, update)
        self._branches.currentIndexChanged.connect(self._take_branch)
        self._update.valueChanged.connect(lambda _: self.changed())

    def choose(self, branch: int, update: int) -> None:
        """Choose a moment."""
        self._branches.setCurrentIndex(self._branches.findData(branch))
        self._take_range()
        self._update.setValue(update)

    def state(self) -> Experiment:
        """Return the chosen state."""
        return self._timeline.state(self._branches.currentData(), self._update.value())

    def _take_branch(self) -> None:
        self._update.blockSignals(True)
        self._take_range()
        self._update.setValue(self._update.maximum())
        self._update.blockSignals(False)
        self.changed()

    def _take_range(self) -> None:
        number = self._branches.currentData()
        (branch,) = (each for each in self._timeline.branches if each.number == number)
        last = min(branch.last, _MOST_UPDATES)
        self._update.setRange(branch.first, last)
        self._range.setText(f"{branch.first:,} to {last:,}")
