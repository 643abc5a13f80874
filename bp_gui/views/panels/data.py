"""The samples in a table: edit, add, delete, paste, standardise, and choose the one shown."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QFont,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QWidget,
)

from bp_gui.engine.names import Ref
from bp_gui.session.data import Data
from bp_gui.session.edits_data import AddSamples, DeleteSamples, SetStandardised
from bp_gui.session.samples import all_samples
from bp_gui.session.snapshot import Snapshot
from bp_gui.session.table_import import pasted_rows
from bp_gui.session.table_text import TableError
from bp_gui.views.number_box import NumberBox
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.panels.sample_model import Index, SampleModel

_FONT_SHRINK = 0.85
_TEXT_MARGIN = 3
_MOST_COPIED = 10_000
_MIDDLE_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_KEYS: dict[int, str] = {Qt.Key.Key_Delete: "delete_asked", Qt.Key.Key_Insert: "add_asked"}
_EDITING = QAbstractItemView.EditTrigger


class SampleDelegate(QStyledItemDelegate):
    """Paints a number, an output fainter, and edits it in a number box."""

    rejected = Signal(str)

    def __init__(self, model: SampleModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.digits = 6

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the number, cut short with an ellipsis where it does not fit."""
        role, rect = QPalette.ColorRole, option.rect
        colour = role.PlaceholderText if self._model.is_output(index) else role.Text
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, option.palette.brush(role.Highlight))
            colour = role.HighlightedText
        painter.setPen(option.palette.color(colour))
        rect.adjust(_TEXT_MARGIN, 0, -_TEXT_MARGIN, 0)
        text = self._model.text_at(index)
        text = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, _MIDDLE_LEFT, text)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Make the box."""
        box = NumberBox(parent)
        box.set_digits(self.digits)
        name = f"{self._model.name_of(index.column())} of sample {index.row() + 1}"
        box.set_description(name, f"{name}: type a new value")
        box.rejected.connect(self.rejected)
        cell = QPersistentModelIndex(index)
        box.value_edited.connect(lambda value: self._model.request_value(cell, value))
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


class SampleTable(QTableView):
    """The table, with the keys of a spreadsheet.

    Signals
    -------
    add_asked(), delete_asked(), copy_asked(), paste_asked()
        Insert, Delete, Ctrl+C and Ctrl+V were pressed.
    left()
        The pointer has gone.
    """

    left = Signal()
    add_asked = Signal()
    delete_asked = Signal()
    copy_asked = Signal()
    paste_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._marks: tuple[QModelIndex, QModelIndex] = QModelIndex(), QModelIndex()
        self.setMouseTracking(True)

    def mark(self, selected: QModelIndex, hovered: QModelIndex) -> None:
        """Frame the cells of what is selected and of what is hovered somewhere."""
        if (selected, hovered) != self._marks:
            self._marks = selected, hovered
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells and the frames."""
        super().paintEvent(event)
        painter, role = QPainter(self.viewport()), QPalette.ColorRole
        for cell, width in zip(self._marks, (2, 1), strict=True):
            if cell.isValid():
                on_row = self.selectionModel().isRowSelected(cell.row(), QModelIndex())
                colour = self.palette().color(role.HighlightedText if on_row else role.Highlight)
                painter.setPen(QPen(colour, width))
                painter.drawRect(self.visualRect(cell).adjusted(1, 1, -2, -2))
        painter.end()

    def leaveEvent(self, event: QEvent) -> None:
        """Say that the pointer has gone."""
        super().leaveEvent(event)
        self.left.emit()

    def event(self, event: QEvent) -> bool:
        """Claim the keys of the table before the window's shortcuts do."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._meaning(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key says."""
        meaning = self._meaning(event)
        if meaning is None:
            super().keyPressEvent(event)
        else:
            getattr(self, meaning).emit()

    @staticmethod
    def _meaning(event: QKeyEvent) -> str | None:
        """Return the name of the signal that a key stands for."""
        if event.matches(QKeySequence.StandardKey.Copy):
            return "copy_asked"
        if event.matches(QKeySequence.StandardKey.Paste):
            return "paste_asked"
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return None
        return _KEYS.get(event.key())


class SamplesPanel(CardFrame):
    """The table of samples and what can be done to them.

    Signals
    -------
    sample_chosen(int)
        The passes of another training sample, 0-based, are to be shown.
    """

    sample_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Samples", parent)
        self.model = SampleModel()
        self.model.setParent(self)
        self.model.edit_requested.connect(self.edit_requested)
        self._selected: Ref | None = None
        self._hovered: Ref | None = None
        self.table = self._table()
        self._delegate = SampleDelegate(self.model, self.table)
        self._delegate.rejected.connect(self.rejected)
        self.table.setItemDelegate(self._delegate)
        self._count = QLabel()
        self._count.setObjectName("title")
        self.add_to_head(self._count)
        self.body.addWidget(self.table, 1)
        self.standardised = QCheckBox("Standardise inputs")
        self.standardised.setToolTip(
            "The network sees (x − μ) / σ, with the mean μ and the deviation σ of each input over "
            "the training samples"
        )
        self.body.addLayout(self._buttons())
        self._connect()

    # What it shows

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show a moment."""
        data, current = new.experiment.data, self.table.currentIndex()
        row, column = current.row(), current.column()
        columns = self.model.columnCount()
        before = self.model.rowCount(), columns
        self.model.show_snapshot(new)
        after = self.model.rowCount(), self.model.columnCount()
        if before != after or not self.table.currentIndex().isValid():
            self._fit_columns()
            self._go_to(
                min(row, after[0] - 1) if row >= self.model.n_training else new.sample,
                max(min(column, after[1] - 1), 0),
            )
        elif old is not None and old.sample != new.sample and row != new.sample:
            self._go_to(new.sample, max(column, 0))
        self._count.setText(_counts(data))
        self.standardised.setChecked(data.scaling is not None)
        self._mark()

    def show_selected(self, ref: Ref | None) -> None:
        """Frame the cell of a quantity of the sample that is shown, and go to it."""
        self._selected = ref
        cell, current = self.model.index_of(ref), self.table.currentIndex()
        if cell.isValid() and current.row() == cell.row() and current != cell:
            self._go_to(cell.row(), cell.column())
        self._mark()

    def show_hovered(self, ref: Ref | None) -> None:
        """Frame the cell of a quantity faintly."""
        self._hovered = ref
        self._mark()

    def _mark(self) -> None:
        index_of = self.model.index_of
        self.table.mark(index_of(self._selected), index_of(self._hovered))

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self.model.set_digits(digits)
        self._delegate.digits = digits
        self._fit_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the columns, as far as they fit."""
        super().resizeEvent(event)
        self._fit_columns()

    def panes(self) -> list[QWidget]:
        """Return the table."""
        return [self.table]

    def _go_to(self, row: int, column: int) -> None:
        """Make a cell the current one without asking for anything."""
        selection = self.table.selectionModel()
        blocked = selection.blockSignals(True)
        self.table.setCurrentIndex(self.model.index(row, column))
        selection.blockSignals(blocked)
        self.table.viewport().update()

    def _fit_columns(self) -> None:
        header = self.table.horizontalHeader()
        digit = self.table.fontMetrics().horizontalAdvance("0")
        width = digit * (min(self._delegate.digits, 17) + 4) + 2 * _TEXT_MARGIN
        columns = self.model.columnCount()
        fits = columns * width <= max(self.table.viewport().width(), 1)
        mode = QHeaderView.ResizeMode.Stretch if fits else QHeaderView.ResizeMode.Interactive
        header.setSectionResizeMode(mode)
        if not fits:
            for column in range(columns):  # those that were stretched keep their width otherwise
                header.resizeSection(column, width)
        # Room for the widest row header; asking each of 10^5 rows for it would take seconds.
        metrics = self.table.verticalHeader().fontMetrics()
        widest = f"test {self.model.rowCount()}" if columns else "test 1"
        self.table.verticalHeader().setFixedWidth(metrics.horizontalAdvance(widest + "  ") + 8)

    # What it asks for

    def _choose(self, current: QModelIndex, previous: QModelIndex) -> None:
        row = current.row()
        if row == previous.row():
            ref = self.model.ref_at(current)
            if ref is not None:
                self.selected.emit(ref)
        elif 0 <= row < self.model.n_training:
            self.sample_chosen.emit(row)

    def _add(self) -> None:
        """Ask for a copy of the current sample; it is there to be changed."""
        data = self.model.data_shown
        if data is not None:
            row = max(self.table.currentIndex().row(), 0)
            self.edit_requested.emit(AddSamples(all_samples(data)[row : row + 1]))

    def _selected_rows(self) -> list[int]:
        return sorted(index.row() for index in self.table.selectionModel().selectedRows())

    def _delete(self) -> None:
        rows = self._selected_rows()
        if rows:
            self.edit_requested.emit(DeleteSamples(tuple(rows)))

    def _copy(self) -> None:
        """Put the selected samples on the clipboard, or all with their headings."""
        data, rows = self.model.data_shown, self._selected_rows()[:_MOST_COPIED]
        if data is not None:
            samples = all_samples(data)
            table = samples[np.array(rows)] if rows else samples
            names = [self.model.name_of(column) for column in range(samples.shape[1])]
            lines = [] if rows else ["\t".join(names)]
            lines += ["\t".join(repr(value) for value in row) for row in table.tolist()]
            QGuiApplication.clipboard().setText("\n".join(lines) + "\n")

    def _paste(self) -> None:
        """Ask for the rows on the clipboard to be added."""
        data = self.model.data_shown
        if data is None:
            return
        try:
            rows = pasted_rows(QGuiApplication.clipboard().text(), data.n_inputs + data.n_targets)
        except TableError as error:
            self.rejected.emit(f"Pasting: {error}")
            return
        self.edit_requested.emit(AddSamples(rows))

    def _standardise(self, on: bool) -> None:
        data = self.model.data_shown
        if data is not None:
            # The box follows the data, in case the edit is refused.
            self.standardised.setChecked(data.scaling is not None)
            self.edit_requested.emit(SetStandardised(on))

    # Building

    def _connect(self) -> None:
        self.table.selectionModel().currentChanged.connect(self._choose)
        self.table.entered.connect(lambda cell: self.hovered.emit(self.model.ref_at(cell)))
        self.table.left.connect(lambda: self.hovered.emit(None))
        self.table.add_asked.connect(self._add)
        self.table.delete_asked.connect(self._delete)
        self.table.copy_asked.connect(self._copy)
        self.table.paste_asked.connect(self._paste)
        self.standardised.clicked.connect(self._standardise)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(4)
        for text, tip, slot in (
            ("Add", "Add a copy of the current sample (Insert)", self._add),
            ("Delete", "Delete the selected samples (Delete)", self._delete),
            ("Paste", "Add rows from a spreadsheet (Ctrl+V)", self._paste),
        ):
            button = QToolButton()
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(f"{text} samples")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(slot)
            row.addWidget(button)
        for text, slot in (
            ("&Copy\tCtrl+C", self._copy),
            ("&Paste\tCtrl+V", self._paste),
            ("&Add\tIns", self._add),
            ("&Delete\tDel", self._delete),
        ):
            action = QAction(text, self.table)
            action.triggered.connect(slot)
            self.table.addAction(action)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        row.addStretch(1)
        row.addWidget(self.standardised)
        return row

    def _table(self) -> SampleTable:
        table = SampleTable()
        table.setModel(self.model)
        table.setAccessibleName("Samples")
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setCornerButtonEnabled(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(
            _EDITING.DoubleClicked | _EDITING.EditKeyPressed | _EDITING.AnyKeyPressed
        )
        small = QFont(table.font())
        small.setPointSizeF(small.pointSizeF() * _FONT_SHRINK)
        for widget in (table, table.horizontalHeader(), table.verticalHeader()):
            widget.setFont(small)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 7)
        table.horizontalHeader().setHighlightSections(False)
        table.verticalHeader().setHighlightSections(False)
        table.horizontalHeader().setMinimumSectionSize(40)
        return table


def _counts(data: Data) -> str:
    count = f"{len(data.t):,} to train on"
    return f"{count}, {len(data.t_test):,} to test on" if len(data.t_test) else count
