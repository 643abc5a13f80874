"""The table of gradients found in two ways."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from bp_gui.engine.gradient_check import GradientCheck
from bp_gui.engine.names import Ref
from bp_gui.explain.numbers import format_number
from bp_gui.views.copying import EXACT
from bp_gui.views.theme import LIGHT, Theme

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_HEADS = ("Name", "Backprop", "From costs", "Rel. error", "")


class CheckModel(QAbstractTableModel):
    """A row for every parameter."""

    def __init__(self) -> None:
        super().__init__()
        self._refs: list[Ref] = []
        self._check: GradientCheck | None = None
        self._digits = 6
        self._theme = LIGHT

    def show_check(self, refs: list[Ref], check: GradientCheck) -> None:
        """Show a check of these parameters; the same ones only change their numbers."""
        if refs == self._refs:
            self._check = check
            self.dataChanged.emit(self.index(0, 0), self.index(len(refs) - 1, len(_HEADS) - 1))
            return
        self.beginResetModel()
        self._refs, self._check = refs, check
        self.endResetModel()

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self.beginResetModel()
        self._digits = digits
        self.endResetModel()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme

    def ref_at(self, row: int) -> Ref:
        """Return the parameter of a row."""
        return self._refs[row]

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of parameters."""
        return 0 if parent.isValid() else len(self._refs)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Name the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell's text, or the colour of its verdict."""
        check, row = self._check, index.row()
        if check is None:
            return None
        good = bool(check.agrees[row])
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == len(_HEADS) - 1:
            return QColor(self._theme.accent if good else self._theme.warning)
        if role not in (Qt.ItemDataRole.DisplayRole, EXACT):
            return None
        if index.column() == 0:
            return self._refs[row].name
        if index.column() == len(_HEADS) - 1:
            return "✓ agrees" if good else "✗ differs"
        numbers = (check.analytic[row], check.numeric[row], check.error[row])
        if role == EXACT:
            return float(numbers[index.column() - 1])
        digits = 3 if index.column() == len(_HEADS) - 2 else self._digits
        return format_number(float(numbers[index.column() - 1]), digits)
