"""Every parameter in a table: before and after the next update, or the last one.

All parameters can be edited and locked here by keyboard, whatever the size of the network.
"""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QWidget,
)

from bp_gui.engine.arrays import Array
from bp_gui.engine.names import Ref
from bp_gui.explain.numbers import format_exact, format_number
from bp_gui.session.edits import SetLocked, SetValue
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.network.description import describe
from bp_gui.views.number_box import NumberBox
from bp_gui.views.panels.card import CardFrame

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_FONT_SHRINK = 0.85
_NAME_HEADING = "Lock, name"
_LOCK_WIDTH = 24
_CELL_MARGIN = 10
_TEXT_MARGIN = 3
_MIDDLE_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_STRETCH_DIGITS = 7  # up to here the columns share the panel; above, the table scrolls sideways


class Column(IntEnum):
    """The columns of the table."""

    NAME = 0
    BEFORE = 1
    GRADIENT = 2
    CHANGE = 3
    AFTER = 4


class ParameterModel(QAbstractTableModel):
    """The rows are θ's entries; numbers are formatted when they are painted.

    Signals
    -------
    edit_requested(Edit)
        A value was typed or a lock was switched.
    """

    edit_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._snapshot: Snapshot | None = None
        self._refs: list[Ref] = []
        self._digits = 6
        self._last = False

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
            self.endResetModel()
        else:
            locks_changed = new.experiment.locked != shown.experiment.locked
            self._snapshot = new
            self._announce(Column.NAME if locks_changed else Column.BEFORE)

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits
        self._announce()

    def show_last_update(self, last: bool) -> None:
        """Show the last update, or what the next one would do."""
        self._last = last
        self._announce()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)

    def ref_at(self, index: Index) -> Ref:
        """Return the parameter of a row."""
        return self._refs[index.row()]

    def row_of(self, ref: Ref | None) -> int | None:
        """Return the row of a parameter."""
        if ref is None or not ref.is_parameter or self._snapshot is None:
            return None
        return self._snapshot.experiment.architecture.index(ref)

    def text_at(self, index: Index) -> str:
        """Return what a number's cell says; nothing where there is no last update."""
        number = self._number(index)
        return "" if number is None else format_number(number, self._digits)

    def value_at(self, index: Index) -> float:
        """Return the parameter's value now."""
        assert self._snapshot is not None
        return self._snapshot.value(self.ref_at(index))

    def request_value(self, index: Index, value: float) -> None:
        """Ask for a new value."""
        self.edit_requested.emit(SetValue(self.ref_at(index), value))

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
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _MIDDLE_LEFT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        before, after = ("Before", "After") if self._last else ("Now", "Next")
        return (_NAME_HEADING, before, "Gradient g", "Δ = −ηg", after)[section]

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say that names can be ticked and values edited."""
        flags = super().flags(index)
        if index.column() == Column.NAME:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        if index.column() == Column.BEFORE and not self._last:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the text, the tooltip or the lock of a cell."""
        if self._snapshot is None:
            return None
        ref = self.ref_at(index)
        if role == Qt.ItemDataRole.ToolTipRole:
            return describe(self._snapshot, ref, self._digits)
        if index.column() == Column.NAME:
            if role == Qt.ItemDataRole.DisplayRole:
                return ref.name
            if role == Qt.ItemDataRole.CheckStateRole:
                locked = ref in self._snapshot.experiment.locked
                return Qt.CheckState.Checked if locked else Qt.CheckState.Unchecked
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text_at(index)
        if role == Qt.ItemDataRole.EditRole:
            return format_exact(self.value_at(index))
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for a parameter to be locked or let go."""
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        locked = Qt.CheckState(value) is Qt.CheckState.Checked
        self.edit_requested.emit(SetLocked(self.ref_at(index), locked))
        return True

    def _number(self, index: Index) -> float | None:
        columns = self._columns()
        return None if columns is None else float(columns[index.column() - 1][index.row()])

    def _columns(self) -> tuple[Array, Array, Array, Array] | None:
        """Return before, gradient, Δ and after."""
        assert self._snapshot is not None
        experiment = self._snapshot.experiment
        if not self._last:
            before, after = experiment.parameters.theta, self._snapshot.next_theta
            return before, self._snapshot.gradient, after - before, after
        update = experiment.last_update
        if update is None:
            return None
        return update.before, update.gradient, update.after - update.before, update.after

    def _announce(self, first: Column = Column.BEFORE) -> None:
        """Say which columns have changed; painting names is dear, so not without need."""
        if not self._refs:
            return
        last = self.index(len(self._refs) - 1, len(Column) - 1)
        self.dataChanged.emit(self.index(0, first), last)


class _NumberDelegate(QStyledItemDelegate):
    """Paints a number and edits it in a number box.

    It draws the text itself: the general way asks the model for seven things a cell, which for this
    table is half the time of an edit.
    """

    rejected = Signal(str)

    def __init__(self, model: ParameterModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.digits = 6
        self.digit_width = 0

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the number, cut short with an ellipsis where it does not fit."""
        role, rect = QPalette.ColorRole, option.rect
        colour = role.Text
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, option.palette.brush(role.Highlight))
            colour = role.HighlightedText
        painter.setPen(option.palette.color(colour))
        rect.adjust(_TEXT_MARGIN, 0, -_TEXT_MARGIN, 0)
        text = self._model.text_at(index)
        if len(text) * self.digit_width > rect.width():
            text = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, _MIDDLE_LEFT, text)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Make the box."""
        box = NumberBox(parent)
        box.set_digits(self.digits)
        name = self._model.ref_at(index).name
        box.set_description(f"table {name}", f"{name}: type a new value")
        box.rejected.connect(self.rejected)
        row = QPersistentModelIndex(index)
        box.value_edited.connect(lambda value: self._model.request_value(row, value))
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Fill the box."""
        if isinstance(editor, NumberBox):
            editor.set_value(self._model.value_at(index))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Commit what was typed."""
        if isinstance(editor, NumberBox):
            editor.commit()


class ParameterPanel(CardFrame):
    """The table with its switch between the next and the last update."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Parameters", parent)
        self.model = ParameterModel()
        self.model.setParent(self)
        self.model.edit_requested.connect(self.edit_requested)
        self.table = self._table()
        self._delegate = _NumberDelegate(self.model, self.table)
        self._delegate.rejected.connect(self.rejected)
        for column in list(Column)[1:]:
            self.table.setItemDelegateForColumn(column, self._delegate)
        self.table.selectionModel().currentRowChanged.connect(self._select_row)
        self._switch = QButtonGroup(self)
        for last, text, tip in (
            (False, "Next update", "What one more update would do to every parameter"),
            (True, "Last update", "What the last update did to every parameter"),
        ):
            self._switch.addButton(self._switch_button(text, tip, checked=not last), int(last))
        self._switch.idToggled.connect(self._switch_columns)
        self.body.addWidget(self.table)

    def panes(self) -> list[QWidget]:
        """Return the table."""
        return [self.table]

    def _select_row(self, current: QModelIndex) -> None:
        if current.isValid():
            self.selected.emit(self.model.ref_at(current))

    def _switch_columns(self, last: int, on: bool) -> None:
        if on:
            self.model.show_last_update(bool(last))

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show a moment; the last update can be looked at once there is one."""
        self.model.show_snapshot(new, old)
        if old is None or old.experiment.architecture != new.experiment.architecture:
            self._fit_names(new)
        button = self._switch.button(1)
        there = new.experiment.last_update is not None
        button.setEnabled(there)
        if not there and button.isChecked():
            self._switch.button(0).setChecked(True)

    def _fit_names(self, snapshot: Snapshot) -> None:
        """Make room for the longest name; measured once, since an edit must not measure rows."""
        longest = max((r.name for r in snapshot.experiment.architecture.refs()), key=len)
        metrics = self.table.fontMetrics()
        width = max(metrics.horizontalAdvance(text) for text in (longest + " ", _NAME_HEADING))
        self.table.horizontalHeader().resizeSection(Column.NAME, width + _LOCK_WIDTH)

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self.model.set_digits(digits)
        self._delegate.digits = digits
        self._delegate.digit_width = self.table.fontMetrics().horizontalAdvance("0")
        header = self.table.horizontalHeader()
        fits = digits <= _STRETCH_DIGITS
        width = self.table.fontMetrics().horizontalAdvance("0") * (digits + 6) + _CELL_MARGIN
        for column in list(Column)[1:]:
            mode = QHeaderView.ResizeMode.Stretch if fits else QHeaderView.ResizeMode.Fixed
            header.setSectionResizeMode(column, mode)
            header.resizeSection(column, width)

    def show_selected(self, ref: Ref | None) -> None:
        """Go to a parameter's row."""
        row = self.model.row_of(ref)
        if row is None:
            self.table.clearSelection()
        elif (
            row != self.table.currentIndex().row() or not self.table.selectionModel().hasSelection()
        ):
            # On the value, so that typing a number edits it.
            self.table.setCurrentIndex(self.model.index(row, Column.BEFORE))

    def _table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName("Parameters")
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        trigger = QAbstractItemView.EditTrigger
        table.setEditTriggers(
            trigger.DoubleClicked | trigger.EditKeyPressed | trigger.AnyKeyPressed
        )
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        small = QFont(table.font())
        small.setPointSizeF(small.pointSizeF() * _FONT_SHRINK)
        table.setFont(small)
        table.horizontalHeader().setFont(small)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 7)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(40)
        table.horizontalHeader().setHighlightSections(False)
        return table

    def _switch_button(self, text: str, tip: str, *, checked: bool) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setCheckable(True)
        button.setChecked(checked)
        self.add_to_head(button)
        return button
