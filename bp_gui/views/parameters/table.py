"""The table widget: rows that are selected, hovered, copied, pasted into and sorted."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QFont,
    QGuiApplication,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from bp_gui.engine.names import Ref, UnknownNameError, parse_name
from bp_gui.explain.naming import Naming
from bp_gui.explain.pasted import PastedValue, PasteError, read_values, to_tsv
from bp_gui.session.edits_values import SetValues
from bp_gui.views.parameters.delegate import TEXT_MARGIN, NumberDelegate
from bp_gui.views.parameters.model import NAME_HEADING, NUMBERS, Column, ParameterModel
from bp_gui.views.theme import Theme

_FONT_SHRINK = 0.85
_TINT = 48  # of 255
_LOCK_WIDTH = 24
_CELL_MARGIN = 10
_SORT_MARK_WIDTH = 12
_STRETCH_DIGITS = 7  # up to here the columns share the panel; above, the table scrolls sideways
_SIGN_POINT_AND_ZEROS = 6  # what a number may have beside its digits, as in −0.000123456


class ParameterTable(QTableView):
    """Shows the model; all that it can do can be done by keyboard.

    Signals
    -------
    edit_requested(Edit), rejected(sentence)
        See `CardFrame`.
    row_chosen(ref), row_hovered(ref)
        The current row is another one; the pointer is on another row, or on none.
    filter_wanted()
        Somebody wants to type which rows to see.
    """

    edit_requested = Signal(object)
    rejected = Signal(str)
    row_chosen = Signal(object)
    row_hovered = Signal(object)
    filter_wanted = Signal()

    def __init__(self, model: ParameterModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._naming: Naming | None = None
        self._hovered: Ref | None = None
        self.setModel(model)
        self._set_up()
        self._set_up_headers()
        self._delegate = NumberDelegate(model, self)
        self._delegate.rejected.connect(self.rejected)
        for column in NUMBERS:
            self.setItemDelegateForColumn(column, self._delegate)
        self.selectionModel().currentRowChanged.connect(self._choose)
        self.entered.connect(lambda index: self.row_hovered.emit(model.ref_at(index)))
        self._actions = self._made_actions()
        self.addActions(list(self._actions.values()))

    def _set_up(self) -> None:
        self.setAccessibleName("Parameters")
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(trigger.DoubleClicked | trigger.EditKeyPressed | trigger.AnyKeyPressed)
        small = QFont(self.font())
        small.setPointSizeF(small.pointSizeF() * _FONT_SHRINK)
        self.setFont(small)
        self.horizontalHeader().setFont(small)

    def _set_up_headers(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 7)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(40)
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.sortIndicatorChanged.connect(self._rows.sort)

    def _made_actions(self) -> dict[str, QAction]:
        made: dict[str, QAction] = {}
        for key, text, keys, slot in (
            ("copy", "&Copy rows", QKeySequence.StandardKey.Copy, self.copy_rows),
            ("paste", "&Paste values", QKeySequence.StandardKey.Paste, self.paste),
            ("filter", "&Filter…", QKeySequence.StandardKey.Find, self.filter_wanted.emit),
        ):
            action = made[key] = QAction(text, self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(lambda _=False, slot=slot: slot())
        return made

    # Looks

    def set_naming(self, naming: Naming | None) -> None:
        """Understand these names when they are pasted."""
        self._naming = naming

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._delegate.warning = QColor(theme.warning)

    def set_digits(self, digits: int) -> None:
        """Make room for so many significant digits."""
        self._delegate.digits = digits
        zero = self.fontMetrics().horizontalAdvance("0")
        self._delegate.digit_width = zero
        header = self.horizontalHeader()
        fits = digits <= _STRETCH_DIGITS
        longest = min(digits, _STRETCH_DIGITS) + _SIGN_POINT_AND_ZEROS
        header.setMinimumSectionSize(longest * zero + 2 * TEXT_MARGIN)
        for column in NUMBERS:
            mode = QHeaderView.ResizeMode.Stretch if fits else QHeaderView.ResizeMode.Fixed
            header.setSectionResizeMode(column, mode)
            header.resizeSection(column, zero * (digits + 6) + _CELL_MARGIN)

    def fit_names(self) -> None:
        """Make room for the longest name; measured once, since an edit must not measure rows."""
        metrics = self.fontMetrics()
        texts = (self._rows.longest_name + " ", NAME_HEADING)
        width = max(map(metrics.horizontalAdvance, texts)) + _SORT_MARK_WIDTH
        self.horizontalHeader().resizeSection(Column.NAME, width + _LOCK_WIDTH)

    def show_selected(self, ref: Ref | None) -> None:
        """Go to a parameter's row."""
        row = self._rows.row_of(ref)
        if row is None:
            self.clearSelection()
        elif row != self.currentIndex().row() or not self.selectionModel().hasSelection():
            # On the value, so that typing a number edits it.
            self.setCurrentIndex(self._rows.index(row, self._rows.value_column))

    def show_hovered(self, ref: Ref | None) -> None:
        """Tint a parameter's row."""
        if ref != self._hovered:
            self._hovered = ref
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, and a tint over the one that is hovered somewhere."""
        super().paintEvent(event)
        row = self._rows.row_of(self._hovered)
        if row is not None:
            tint = QColor(self.palette().color(QPalette.ColorRole.Highlight))
            tint.setAlpha(_TINT)
            place = QRect(0, self.rowViewportPosition(row), self.width(), self.rowHeight(row))
            painter = QPainter(self.viewport())
            painter.fillRect(place, tint)
            painter.end()

    # Copy and paste

    def chosen_rows(self) -> list[int]:
        """Return the selected rows from top to bottom, or all if none is selected."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return rows or list(range(self._rows.rowCount()))

    def copy_rows(self) -> None:
        """Copy the selected rows with their headings, numbers at full precision."""
        QGuiApplication.clipboard().setText(to_tsv(self._rows.cells(self.chosen_rows())))

    def paste(self) -> None:
        """Set the values in the clipboard: by name, or from the current row downwards."""
        try:
            values = read_values(QGuiApplication.clipboard().text())
            self.edit_requested.emit(SetValues(tuple(self._addressed(values))))
        except (PasteError, UnknownNameError) as error:
            self.rejected.emit(f"Nothing was pasted: {error}")

    def _addressed(self, values: tuple[PastedValue, ...]) -> list[tuple[Ref, float]]:
        """Return which parameter each value is for."""
        if values[0].name is not None:
            return [(self._named(value.name or ""), value.value) for value in values]
        first = max(self.currentIndex().row(), 0)
        room = self._rows.rowCount() - first
        if len(values) > room:
            raise PasteError(f"{len(values)} values do not fit into the {room} rows from here on")
        refs = [self._rows.ref_at(self._rows.index(first + k, 0)) for k in range(len(values))]
        return [(ref, value.value) for ref, value in zip(refs, values, strict=True)]

    def _named(self, name: str) -> Ref:
        ref = parse_name(name) if self._naming is None else self._naming.find(name)
        if not ref.is_parameter:
            raise UnknownNameError(f"{name} is no weight and no bias")
        return ref

    # Events

    def _choose(self, current: QModelIndex) -> None:
        if current.isValid():
            self.row_chosen.emit(self._rows.ref_at(current))

    def leaveEvent(self, event: QEvent) -> None:
        """End the preview."""
        super().leaveEvent(event)
        self.row_hovered.emit(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done, so that the menu key reaches it too."""
        self.made_menu().popup(event.globalPos())

    def made_menu(self) -> QMenu:
        """Return a menu of all that can be done."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(list(self._actions.values()))
        sorting = menu.addMenu("&Sort by")
        for column in Column:
            heading = self._rows.headerData(column, Qt.Orientation.Horizontal)
            text = "Name" if column is Column.NAME else str(heading)
            action = sorting.addAction(text)
            action.triggered.connect(lambda _=False, column=column: self.sort_by(column))
        sorting.addSeparator()
        sorting.addAction("As in the network").triggered.connect(lambda: self.sort_by(None))
        return menu

    def sort_by(self, column: Column | None) -> None:
        """Sort by a column, the other way round if it is sorted by it already."""
        header = self.horizontalHeader()
        ascending, descending = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        if column is None:
            header.setSortIndicator(-1, ascending)
            return
        again = header.sortIndicatorSection() == column and header.sortIndicatorOrder() == ascending
        header.setSortIndicator(column, descending if again else ascending)
