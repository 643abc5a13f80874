"""How a number of the table is painted and edited."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from bp_gui.views.number_box import NumberBox
from bp_gui.views.parameters.model import MIDDLE_LEFT, Index, ParameterModel
from bp_gui.views.theme import LIGHT

TEXT_MARGIN = 3


class NumberDelegate(QStyledItemDelegate):
    """Paints a number and edits it in a number box.

    It draws the text itself: the general way asks the model for seven things a cell, which for this
    table is half the time of an edit.

    Signals
    -------
    rejected(sentence)
        What was typed is not a number.
    """

    rejected = Signal(str)

    def __init__(self, model: ParameterModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.digits = 6
        self.digit_width = 0
        self.warning = QColor(LIGHT.warning)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the number, cut short with an ellipsis where it does not fit."""
        role, rect = QPalette.ColorRole, option.rect
        colour = role.Text
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, option.palette.brush(role.Highlight))
            colour = role.HighlightedText
        is_wrong = colour is role.Text and self._model.is_wrong(index)
        painter.setPen(self.warning if is_wrong else option.palette.color(colour))
        rect.adjust(TEXT_MARGIN, 0, -TEXT_MARGIN, 0)
        text = self._model.text_at(index)
        if len(text) * self.digit_width > rect.width():
            text = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, MIDDLE_LEFT, text)

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
