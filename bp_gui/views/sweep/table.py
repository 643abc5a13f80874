"""The table of results: sorted by a click or a key, a run opened by double click or Return."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from bp_gui.views.copying import make_copyable
from bp_gui.views.sweep.model import ResultModel

_FONT_SHRINK = 0.9
_MEASURED_ROWS = 60
_SPARE = 8  # pixels beside the widest text of a column
_WIDEST = 220


class ResultTable(QTableView):
    """Shows the model; all that it can do can be done by keyboard.

    Signals
    -------
    run_chosen(run)
        Another row is the current one.
    open_requested(run)
        A run is to be shown in the window.
    """

    run_chosen = Signal(int)
    open_requested = Signal(int)

    def __init__(self, model: ResultModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self.setModel(model)
        self.setAccessibleName("Results")
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        small = QFont(self.font())
        small.setPointSizeF(small.pointSizeF() * _FONT_SHRINK)
        self.setFont(small)
        self._set_up_headers(small)
        self._copy = make_copyable(self)
        self.setContextMenuPolicy(
            Qt.ContextMenuPolicy.DefaultContextMenu
        )  # it has a menu of its own
        self.selectionModel().currentRowChanged.connect(self._choose)
        self.doubleClicked.connect(lambda index: self.open_requested.emit(self._run(index)))

    def show_selected(self, run: int | None) -> None:
        """Go to the row of a run."""
        row = self._rows.row_of(run)
        if row is None:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        elif row != self.currentIndex().row() or not self.selectionModel().hasSelection():
            self.setCurrentIndex(self._rows.index(row, self._rows.cost_column))

    def fit_columns(self) -> None:
        """Give each column the room of its widest text."""
        header = self.horizontalHeader()
        for column in range(self._rows.columnCount() - 1):
            widest = self.sizeHintForColumn(column) + _SPARE
            header.resizeSection(column, min(max(widest, header.sectionSizeHint(column)), _WIDEST))

    def sort_by(self, column: int) -> None:
        """Sort by a column, the other way round if it is sorted by it already."""
        header = self.horizontalHeader()
        ascending, descending = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        again = header.sortIndicatorSection() == column and header.sortIndicatorOrder() == ascending
        header.setSortIndicator(column, descending if again else ascending)

    def made_menu(self) -> QMenu:
        """Return a menu of all that can be done."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opening = menu.addAction("&Open in the window")
        opening.setEnabled(self.currentIndex().isValid())
        opening.triggered.connect(self._open_current)
        sorting = menu.addMenu("&Sort by")
        for column in range(self._rows.columnCount()):
            heading = self._rows.headerData(column, Qt.Orientation.Horizontal)
            action = sorting.addAction(str(heading))
            action.triggered.connect(lambda _=False, column=column: self.sort_by(column))
        menu.addAction(self._copy)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done, so that the menu key reaches it too."""
        self.made_menu().popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current run with Return."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open_current()
        else:
            super().keyPressEvent(event)

    def _set_up_headers(self, font: QFont) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 7)
        header = self.horizontalHeader()
        header.setFont(font)
        header.setMinimumSectionSize(36)
        header.setResizeContentsPrecision(_MEASURED_ROWS)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.sortIndicatorChanged.connect(self._rows.sort)
        self._rows.modelReset.connect(self._forget_sorting)

    def _forget_sorting(self) -> None:
        """Sort by nothing where there are other columns now."""
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)

    def _open_current(self) -> None:
        if self.currentIndex().isValid():
            self.open_requested.emit(self._run(self.currentIndex()))

    def _choose(self, current: QModelIndex) -> None:
        if current.isValid():
            self.run_chosen.emit(self._run(current))

    def _run(self, index: QModelIndex) -> int:
        return self._rows.at(index.row()).result.run
