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
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMessageBox,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.explain.numbers import format_number
from bp_gui.session.experiment import Experiment
from bp_gui.session.imports.changes import Change
from bp_gui.session.imports.layers import Orientation
from bp_gui.session.imports.problem import MAX_ARCHIVE, ImportProblem
from bp_gui.session.imports.rebuild import RebuildNetwork, sizes_text
from bp_gui.session.imports.weights import (
    ImportWeights,
    Preview,
    Source,
    preview,
    read_weights,
)
from bp_gui.views.copying import EXACT, make_copyable
from bp_gui.views.theme import Theme, interface_font

FILTER = "Weights (*.csv *.tsv *.txt *.npz *.safetensors);;All files (*)"
_HEADINGS = ("Parameter", "Now", "Afterwards")
_NOTHING = "—"
_FEWEST_LETTERS = 8  # of a box that may be narrower than its longest choice
_FIT = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
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
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, EXACT):
            return None
        if column == 0:
            return row.name
        value = row.old if column == 1 else row.new
        if role == EXACT:
            return value
        if value is None:  # of a network that is to come
            return _NOTHING
        return format_number(value, 17 if role == Qt.ItemDataRole.ToolTipRole else _DIGITS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a heading, above the numbers where these are."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if orientation is Qt.Orientation.Vertical or role != Qt.ItemDataRole.DisplayRole:
            return None
        return _HEADINGS[section]


class WeightsDialog(QDialog):
    """Shows what an import would do, and lets rows and columns change places.

    Weights of another network rebuild this one; then its activations are chosen here too.

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
        If the weights make no network.
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
        self.headline, self.verdict, self.warning = QLabel(), QLabel(), QLabel()
        self.orientation, self.hidden, self.output = QComboBox(), QComboBox(), QComboBox()
        self.table = self._table()
        self.activations = QWidget()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._build()
        self._show()
        self._offer_activations()
        self.orientation.activated.connect(self._turn)
        for box in (self.hidden, self.output):
            box.activated.connect(self._choose_activations)
        self.resize(480, 560)

    @property
    def edit(self) -> ImportWeights | RebuildNetwork:
        """What is asked for."""
        return self.preview.edit

    # What is chosen

    def _turn(self) -> None:
        self._preview(self.orientation.currentData(), None)
        self._offer_activations()

    def _choose_activations(self) -> None:
        hidden: tuple[str, ...] = self.hidden.currentData() or ()
        self._preview(self.preview.orientation, (*hidden, self.output.currentData()))

    def _preview(
        self, orientation: Orientation | None, activations: tuple[str, ...] | None
    ) -> None:
        self.preview = preview(
            self._source, self._experiment, self._title, orientation, activations
        )
        self._show()

    # What it shows

    def _show(self) -> None:
        shown = self.preview
        self.model.show_rows(shown.rows)
        if shown.orientation is not None:
            blocker = QSignalBlocker(self.orientation)
            self.orientation.setCurrentIndex(self.orientation.findData(shown.orientation))
            blocker.unblock()
        action, headline = "Import", ""
        sentence = (
            f"{len(shown.rows):,} of {len(shown.edit.theta):,} parameters are given, "
            f"{shown.n_changed:,} of them change."
        )
        if isinstance(shown.edit, RebuildNetwork):
            there = sizes_text(shown.edit.architecture.sizes)
            here = sizes_text(self._experiment.architecture.sizes)
            action = f"Rebuild as {there}"
            headline = f"The file holds a {there} network, and this one is {here}: it is rebuilt."
            sentence = f"{len(shown.rows):,} parameters are new. Undo brings the old network back."
        self.headline.setText(headline)
        self.headline.setVisible(bool(headline))
        self.activations.setVisible(bool(headline))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(action)
        self.verdict.setText(sentence)
        self.warning.setText("\n".join(f"{warning}." for warning in shown.warnings))
        self.warning.setVisible(bool(shown.warnings))

    def _offer_activations(self) -> None:
        """Offer activations for a network that is rebuilt, the suggested ones first chosen."""
        self.hidden.clear()
        self.output.clear()
        edit = self.preview.edit
        if not isinstance(edit, RebuildNetwork):
            return
        *hidden, output = edit.architecture.activations
        if len(set(hidden)) > 1:
            self.hidden.addItem(
                ", ".join(ACTIVATIONS[name].label for name in hidden), tuple(hidden)
            )
        for name, entry in ACTIVATIONS.items():
            if hidden and not entry.output_only:
                self.hidden.addItem(entry.label, (name,) * len(hidden))
            self.output.addItem(entry.label, name)
        if len(set(hidden)) == 1:
            self.hidden.setCurrentText(ACTIVATIONS[hidden[0]].label)
        self.hidden.setEnabled(bool(hidden))
        self.output.setCurrentIndex(self.output.findData(output))

    # Building

    def _build(self) -> None:
        for orientation in Orientation:
            self.orientation.addItem(orientation.label, orientation)
        self.orientation.setAccessibleName("Orientation of the matrices")
        self.orientation.setToolTip(
            "What a row of a matrix belongs to"
            if self.preview.can_switch
            else "Only this makes a network"
        )
        self.orientation.setEnabled(self.preview.can_switch)
        self.orientation.setVisible(self.preview.orientation is not None)
        self.hidden.setAccessibleName("Activation of the hidden layers")
        self.output.setAccessibleName("Activation of the output layer")
        row = QHBoxLayout(self.activations)
        row.setContentsMargins(0, 0, 0, 0)
        for text, box in (("&Hidden layers", self.hidden), ("&Output", self.output)):
            label = QLabel(text)
            label.setBuddy(box)
            box.setToolTip("A file of weights seldom says: choose what it was trained with")
            box.setSizeAdjustPolicy(_FIT)
            box.setMinimumContentsLength(_FEWEST_LETTERS)
            row.addWidget(label)
            row.addWidget(box, 1)
        self.verdict.setAccessibleName("What changes")
        self.warning.setAccessibleName("What to know")
        self.warning.setObjectName("warning")
        for label in (self.headline, self.verdict, self.warning):
            label.setWordWrap(True)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        body = QVBoxLayout(self)
        body.setSpacing(8)
        body.addWidget(self.headline)
        body.addWidget(self.orientation)
        body.addWidget(self.activations)
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
        make_copyable(view)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.verticalHeader().setVisible(False)
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.verticalHeader().setDefaultSectionSize(view.fontMetrics().height() + 7)
        view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        return view


def import_weights(
    experiment: Experiment, theme: Theme, parent: QWidget | None = None, path: Path | None = None
) -> ImportWeights | RebuildNetwork | None:
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
