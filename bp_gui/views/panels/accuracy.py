"""Cost and accuracy on training and test samples, and which classes are taken for which."""

from __future__ import annotations

import math

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QGridLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QToolButton,
    QWidget,
)

from bp_gui.explain.numbers import format_exact, format_number
from bp_gui.session.classification import Assessment, Confusion, assess
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.copying import EXACT, make_copyable
from bp_gui.views.number_width import widest_number
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.theme import LIGHT, Theme

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_FONT_SHRINK = 0.85
_TALLEST_ROWS = 6
_STRONGEST = 0.45  # how opaque a cell with all samples of its class is


class ConfusionModel(QAbstractTableModel):
    """A row for each class, a column for each class it was taken for, and the share found."""

    def __init__(self) -> None:
        super().__init__()
        self._classes: tuple[str, ...] = ()
        self._confusion: Confusion | None = None
        self._theme = LIGHT

    def show_confusion(self, classes: tuple[str, ...], confusion: Confusion | None) -> None:
        """Show other counts."""
        if classes != self._classes or (confusion is None) != (self._confusion is None):
            self.beginResetModel()
            self._classes, self._confusion = classes, confusion
            self.endResetModel()
            return
        self._confusion = confusion
        if confusion is not None:
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of classes."""
        return 0 if parent.isValid() or self._confusion is None else len(self._classes)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of classes and one."""
        return 0 if parent.isValid() or self._confusion is None else len(self._classes) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a count, or the share of a class that was found."""
        if self._confusion is None:
            return None
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if column == len(self._classes):
            found = float(self._confusion.found[row])
            if role == EXACT:
                return found
            return percent(found) if role == Qt.ItemDataRole.DisplayRole else None
        count = int(self._confusion.counts[row, column])
        if role == EXACT:
            return count
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{count:,}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{count:,} of class {self._classes[row]} taken for {self._classes[column]}"
        if role == Qt.ItemDataRole.BackgroundRole and count:
            return self._shade(row, column, count)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Name the classes."""
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                "Share of the class that was recognised"
                if section == len(self._classes)
                else f"Class {self._classes[section]}"
            )
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return "found" if section == len(self._classes) else self._classes[section]

    def _shade(self, row: int, column: int, count: int) -> QColor:
        assert self._confusion is not None
        of_class = int(self._confusion.counts[row].sum() + self._confusion.undecided[row])
        colour = QColor(self._theme.positive if row == column else self._theme.negative)
        colour.setAlphaF(0.08 + (_STRONGEST - 0.08) * count / of_class)
        return colour


class AccuracyPanel(CardFrame):
    """Both costs, both accuracies, and the confusion matrix of either part."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Accuracy", parent)
        self._snapshot: Snapshot | None = None
        self._digits = 6
        self._labels = {
            (part, kind): QLabel() for part in ("train", "test") for kind in ("cost", "accuracy")
        }
        self.body.addLayout(self._grid())
        self.model = ConfusionModel()
        self.model.setParent(self)
        self._heading = QLabel("Rows: the class of the target. Columns: what it was taken for.")
        self._heading.setObjectName("quiet")
        self._heading.setContentsMargins(4, 4, 0, 0)
        self._heading.setWordWrap(True)
        self.body.addWidget(self._heading)
        self.table = self._table()
        self.body.addWidget(self.table)
        self.body.addStretch(1)
        self._switch = QButtonGroup(self)
        for test, text in ((0, "Training"), (1, "Test")):
            self._switch.addButton(self._switch_button(text, checked=not test), test)
        self._switch.idToggled.connect(self._show_matrix)
        self._assessment: Assessment | None = None

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show a moment."""
        self._snapshot = new
        found = self._assessment = assess(new)
        data_cost = new.cost - new.penalty
        has_test = len(new.experiment.t_test) > 0
        self._set("train", "cost", data_cost)
        self._set("test", "cost", new.test_cost if has_test else math.nan)
        for part, confusion in (
            ("train", None if found is None else found.training),
            ("test", None if found is None else found.test),
        ):
            self._set_accuracy(part, confusion)
        self._switch.button(1).setEnabled(found is not None and found.test is not None)
        if not self._switch.button(1).isEnabled():
            self._switch.button(0).setChecked(True)
        self._show_matrix()
        self.setAccessibleDescription(self._in_words())

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self.model.set_theme(theme)
        self._show_matrix()

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits
        self._columns.setColumnMinimumWidth(1, widest_number(self.font(), digits))
        if self._snapshot is not None:
            self.show_snapshot(self._snapshot, self._snapshot)

    def panes(self) -> list[QWidget]:
        """Return the matrix, where there is one."""
        return [self.table] if self._assessment is not None else []

    def _set(self, part: str, kind: str, value: float) -> None:
        label = self._labels[part, kind]
        has_none = part == "test" and math.isnan(value)
        label.setText("none" if has_none else format_number(value, self._digits))
        label.setToolTip(
            "There are no test samples" if has_none else f"{format_exact(value)}, without penalty"
        )

    def _set_accuracy(self, part: str, confusion: Confusion | None) -> None:
        label = self._labels[part, "accuracy"]
        label.setText("none" if confusion is None else percent(confusion.accuracy))
        label.setToolTip(
            "Only classes have an accuracy"
            if confusion is None
            else f"{confusion.correct:,} of {confusion.total:,} are right"
        )

    def _show_matrix(self) -> None:
        found = self._assessment
        for widget in (self.table, *self._switch.buttons()):
            widget.setVisible(found is not None)
        if found is None:
            self._heading.setText("The targets are numbers, so there are no classes to tell.")
            return
        self._heading.setText("Rows: the class of the target. Columns: what it was taken for.")
        on_test = self._switch.checkedId() == 1 and found.test is not None
        confusion = found.test if on_test else found.training
        self.model.show_confusion(found.classes, confusion)
        rows = min(len(found.classes), _TALLEST_ROWS)
        height = self.table.horizontalHeader().sizeHint().height()
        height += rows * self.table.verticalHeader().defaultSectionSize() + 4
        self.table.setFixedHeight(height)

    def _in_words(self) -> str:
        texts = {key: label.text() for key, label in self._labels.items()}
        return (
            f"training cost {texts['train', 'cost']}, accuracy {texts['train', 'accuracy']}; "
            f"test cost {texts['test', 'cost']}, accuracy {texts['test', 'accuracy']}"
        )

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(4, 0, 0, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(1)
        for column, text in enumerate(("", "Cost", "Accuracy")):
            grid.addWidget(_quiet(text), 0, column)
        for row, (part, text) in enumerate((("train", "Training"), ("test", "Test")), start=1):
            grid.addWidget(_quiet(text), row, 0)
            for column, kind in enumerate(("cost", "accuracy"), start=1):
                label = self._labels[part, kind]
                label.setAccessibleName(f"{text} {kind}")
                grid.addWidget(label, row, column)
        grid.setColumnStretch(3, 1)
        self._columns = grid
        return grid

    def _table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName("Confusion matrix")
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setCornerButtonEnabled(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        make_copyable(table)
        small = QFont(table.font())
        small.setPointSizeF(small.pointSizeF() * _FONT_SHRINK)
        for widget in (table, table.horizontalHeader(), table.verticalHeader()):
            widget.setFont(small)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setMinimumSectionSize(44)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 9)
        return table

    def _switch_button(self, text: str, *, checked: bool) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setAccessibleName(f"Confusion of the {text.lower()} samples")
        button.setToolTip(f"Which classes of the {text.lower()} samples are taken for which")
        button.setCheckable(True)
        button.setChecked(checked)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.add_to_head(button)
        return button


def percent(share: float) -> str:
    """Return a share as text, ``97.3 %``; never rounded up to all or down to nothing."""
    if math.isnan(share):
        return "none"
    text = f"{100 * share:.1f}"
    if text == "100.0" and share < 1:
        text = "99.9"
    if text == "0.0" and share > 0:
        text = "0.1"
    return f"{text.removesuffix('.0')} %"


def _quiet(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("quiet")
    return label
