"""The dialog that shows what imported weights would change, and how their rows are read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSignalBlocker,
    Qt,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHeaderView,
    QLabel,
    QMessageBox,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from bp_gui.explain.numbers import format_number
from bp_gui.session.experiment import Experiment
from bp_gui.session.imports.layers import Orientation
from bp_gui.session.imports.problem import MAX_ARCHIVE, ImportProblem
from bp_gui.session.imports.weights import (
    Change,
    ImportWeights,
    Preview,
    Source,
    preview,
    read_weights,
)
from bp_gui.views.theme import Theme, interface_font

FILTER = "Weights (*.csv *.tsv *.txt *.npz *.safetensors);;All files (*)"
_HEADINGS = ("Parameter", "Now", "Afterwards")
_DIGITS = 8
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class ChangeModel(QAbstractTableModel):
    """The name of every parameter, its value now and afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[Change] = ()

    def show_rows(self, rows: Sequence[Change]) -> None:
        """Show other changes."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of parameters."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(_HEADINGS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell; the tooltip has all digits."""
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole and column:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if column == 0:
            return row.name
        value = row.old if column == 1 else row.new
        return format_number(value, 17 if role == Qt.ItemDataRole.ToolTipRole else _DIGITS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a heading."""
        if orientation is Qt.Orientation.Vertical or role != Qt.ItemDataRole.DisplayRole:
            return None
        return _HEADINGS[section]


class WeightsDialog(QDialog):
    """Shows what an import would do, and lets rows and columns change places.

    Parameters
    ----------
    source
        What was read.
    title
        Where it comes from.
    experiment
        Where it would go.
    theme
        Colours.

    Raises
    ------
    ImportProblem
        If the weights do not fit the network in any way.
    """

    def __init__(
        self,
        source: Source,
        title: str,
        experiment: Experiment,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._source, self._title, self._experiment = source, title, experiment
        self._theme = theme
        self.preview: Preview = preview(source, experiment, title)
        self.setWindowTitle(f"Import weights from {title}")
        self.model = ChangeModel()
        self.model.setParent(self)
        self.orientation = QComboBox()
        self.table = self._table()
        self.verdict, self.warning = QLabel(), QLabel()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._build()
        self._show()
        self.resize(480, 520)

    @property
    def edit(self) -> ImportWeights:
        """What is asked for."""
        return self.preview.edit

    def _choose(self) -> None:
        orientation = self.orientation.currentData()
        self.preview = preview(self._source, self._experiment, self._title, orientation)
        self._show()

    def _show(self) -> None:
        shown = self.preview
        self.model.show_rows(shown.rows)
        if shown.orientation is not None:
            blocker = QSignalBlocker(self.orientation)
            self.orientation.setCurrentIndex(self.orientation.findData(shown.orientation))
            blocker.unblock()
        given = len(shown.rows)
        self.verdict.setText(
            f"{given:,} of {len(shown.edit.theta):,} parameters are given, "
            f"{shown.n_changed:,} of them change."
        )
        self.warning.setText("\n".join(f"{warning}." for warning in shown.warnings))
        self.warning.setVisible(bool(shown.warnings))

    def _build(self) -> None:
        for orientation in Orientation:
            self.orientation.addItem(orientation.label, orientation)
        self.orientation.setAccessibleName("Orientation of the matrices")
        self.orientation.setToolTip(
            "What a row of a matrix belongs to"
            if self.preview.can_switch
            else "Only this fits the network"
        )
        self.orientation.setEnabled(self.preview.can_switch)
        self.orientation.setVisible(self.preview.orientation is not None)
        self.orientation.activated.connect(self._choose)
        self.verdict.setAccessibleName("What changes")
        self.warning.setAccessibleName("What to know")
        self.warning.setObjectName("warning")
        for label in (self.verdict, self.warning):
            label.setWordWrap(True)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Import")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        body = QVBoxLayout(self)
        body.setSpacing(8)
        body.addWidget(self.orientation)
        body.addWidget(self.table, 1)
        for widget in (self.verdict, self.warning, self.buttons):
            body.addWidget(widget)

    def _table(self) -> QTableView:
        view = QTableView()
        view.setModel(self.model)
        view.setAccessibleName("What would change")
        view.setFont(interface_font(9.0))
        view.setTabKeyNavigation(False)
        view.setShowGrid(False)
        view.setAlternatingRowColors(True)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.verticalHeader().setVisible(False)
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.verticalHeader().setDefaultSectionSize(view.fontMetrics().height() + 7)
        view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        return view


def import_weights(
    experiment: Experiment, theme: Theme, parent: QWidget | None = None, path: Path | None = None
) -> ImportWeights | None:
    """Ask for a file where none is given, and show what it would change; say why if it cannot."""
    if path is None:
        name, _ = QFileDialog.getOpenFileName(parent, "Import weights", "", FILTER)
        if not name:
            return None
        path = Path(name)
    try:
        with path.open("rb") as file:
            content = file.read(MAX_ARCHIVE + 1)
        dialog = WeightsDialog(read_weights(content), path.name, experiment, theme, parent)
    except (OSError, ImportProblem) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        QMessageBox.warning(parent, "Import weights", f"{path.name}: {reason}")
        return None
    try:
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        return dialog.edit if accepted else None
    finally:
        dialog.deleteLater()
