"""A matrix as colours: negative and positive apart, zero in between, each cell to be selected."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from bp_gui.engine.arrays import Array
from bp_gui.explain.written import Digits, write_number
from bp_gui.views.theme import LIGHT, Theme

_LEAST_CELL, _LARGEST_CELL = 12, 44
_HEAD = 30  # pixels for the numbers of rows and columns
_LEGEND = 34
_LEGEND_BAR = 10
_SHADES = 255
_LABEL_EVERY = 26  # pixels that a row or column number needs
_CORNER, _LEAST_CORNER = 0.3, 5.0  # of a cell's side, and in pixels
_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}

Cell = tuple[int, int]


class HeatMap(QAbstractScrollArea):
    """Paints one pixel of an image for each number, and enlarges it.

    A map of other numbers says what its cells look like and what its rows are called: `colours`,
    `cell_size`, `heads`, `row_head`, `column_head`, `paint_cells`, `paint_legend`, `text_of`.

    Signals
    -------
    activated(target), hovered(target)
        A cell was clicked, or the pointer is on one; None for none.
    """

    activated = Signal(object)
    hovered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Heat map")
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self._theme = LIGHT
        self._digits: Digits = 6
        self._values: Array = np.zeros((0, 0))
        self._target: Callable[[int, int], Hashable] = lambda row, column: (row, column)
        self._limit = 0.0
        self._wrong: frozenset[Cell] = frozenset()
        self._image = QImage()
        self._marked: frozenset[Hashable] = frozenset()
        self._marked_cell: Cell | None = None
        self._previewed: Cell | None = None
        self._current: Cell | None = None
        self._pointed: Cell | None = None

    # What it shows

    def show_matrix(
        self,
        values: Array,
        target: Callable[[int, int], Hashable],
        limit: float | None = None,
        wrong: Iterable[Cell] = (),
    ) -> None:
        """Show a matrix.

        Parameters
        ----------
        values
            The numbers.
        target
            ``(row, column)`` to what a cell stands for.
        limit
            The number of the strongest colours; the largest of these if it is not given.
        wrong
            Which cells get a mark: those that mistakes have made.
        """
        resized = values.shape != self._values.shape
        self._values, self._target = values, target
        self._limit = largest_of(values) if limit is None else limit
        self._wrong = frozenset(wrong)
        self._marked_cell = self._found_cell(self._marked)
        self._colour()
        if resized:
            self._current = self._pointed = self._previewed = None
            self._arrange()
        self.viewport().update()

    def show_selected(self, *targets: Hashable) -> None:
        """Mark the cell of any of these targets, and scroll to it."""
        self._marked = frozenset(targets)
        self._marked_cell = self._found_cell(self._marked)
        if self._marked_cell is not None:
            self._current = self._marked_cell
            self._reveal(self._marked_cell)
        self.viewport().update()

    def show_hovered(self, *targets: Hashable) -> None:
        """Frame the cell of any of these targets faintly."""
        previewed = self._found_cell(frozenset(targets))
        if previewed != self._previewed:
            self._previewed = previewed
            self.viewport().update()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        self._colour()
        self.viewport().update()

    def set_digits(self, digits: Digits) -> None:
        """Write numbers with so many digits."""
        self._digits = digits
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Return room for some cells."""
        return QSize(360, 260)

    def _colour(self) -> None:
        """Make the image."""
        values = self._values
        if not values.size:
            self._image = QImage()
            return
        pixels = np.ascontiguousarray(self.colours(values), dtype=np.uint32)
        rows, columns = pixels.shape
        image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
        self._image = image.copy()  # the array's memory is not the image's to keep

    def colours(self, values: Array) -> npt.NDArray[np.uint32]:
        """Return the colour of each number; those that are not finite have that of warnings."""
        finite = np.isfinite(values)
        scale = _SHADES / self._limit if self._limit > 0 else 0.0
        with np.errstate(all="ignore"):
            shades = np.rint(np.where(finite, values, 0.0) * scale).astype(np.intp) + _SHADES
        colours = self._palette()[shades]
        colours[~finite] = QColor(self._theme.warning).rgb()
        return colours

    def _palette(self) -> npt.NDArray[np.uint32]:
        """Return the colours from the most negative number to the most positive."""
        ends = (self._theme.negative, self._theme.surface, self._theme.positive)
        low, middle, high = (_channels(colour) for colour in ends)
        share = np.linspace(0.0, 1.0, _SHADES + 1)[:, None]
        below, above = low + (middle - low) * share, middle + (high - middle) * share
        rgb = np.rint(np.vstack((below, above[1:]))).astype(np.uint32)
        packed = np.uint32(0xFF000000) | rgb[:, 0] << 16 | rgb[:, 1] << 8 | rgb[:, 2]
        return packed.astype(np.uint32)

    # Places

    def heads(self) -> QSize:
        """Return how many pixels the names of rows, and those of columns, take."""
        return QSize(_HEAD, _HEAD)

    def row_head(self, row: int) -> str:
        """Return what a row is called."""
        return str(row + 1)

    def column_head(self, column: int) -> str:
        """Return what a column is called."""
        return str(column + 1)

    def room(self) -> QSize:
        """Return how many pixels there are for cells without scrolling."""
        heads, whole = self.heads(), self.viewport().size()
        return whole - heads - QSize(0, _LEGEND)

    def cell_size(self) -> QSize:
        """Return the size of a cell in pixels: a square here."""
        rows, columns = self._values.shape
        room = self.room()
        fits = min(room.width() // max(columns, 1), room.height() // max(rows, 1))
        side = max(_LEAST_CELL, min(_LARGEST_CELL, fits))
        return QSize(side, side)

    def _seen(self) -> QRect:
        """Return the part of the viewport that cells are seen in."""
        heads = self.heads()
        return self.viewport().rect().adjusted(heads.width(), heads.height(), 0, -_LEGEND)

    def visible(self) -> tuple[range, range]:
        """Return the rows and the columns that can be seen, at least in part."""
        seen, size, origin = self._seen(), self.cell_size(), self._origin()
        rows, columns = self._values.shape
        top, left = seen.top() - origin.y(), seen.left() - origin.x()
        last_row = (top + seen.height()) // size.height()
        last_column = (left + seen.width()) // size.width()
        return (
            range(max(top // size.height(), 0), min(last_row + 1, rows)),
            range(max(left // size.width(), 0), min(last_column + 1, columns)),
        )

    def _origin(self) -> QPoint:
        scrolled = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        heads = self.heads()
        return QPoint(heads.width(), heads.height()) - scrolled

    def place_of(self, cell: Cell) -> QRect:
        """Return where a cell is in the viewport."""
        size, origin = self.cell_size(), self._origin()
        corner = QPoint(cell[1] * size.width(), cell[0] * size.height())
        return QRect(origin + corner, size)

    def cell_at(self, point: QPoint) -> Cell | None:
        """Return the row and the column at a place of the viewport."""
        rows, columns = self._values.shape
        place, size = point - self._origin(), self.cell_size()
        row, column = place.y() // size.height(), place.x() // size.width()
        in_view = self._seen().contains(point)
        return (row, column) if in_view and row < rows and column < columns else None

    def _found_cell(self, targets: frozenset[Hashable]) -> Cell | None:
        if not targets:
            return None
        rows, columns = self._values.shape
        for row in range(rows):
            for column in range(columns):
                if self._target(row, column) in targets:
                    return row, column
        return None

    def _arrange(self) -> None:
        rows, columns = self._values.shape
        room, size = self.room(), self.cell_size()
        for bar, count, side, shown in (
            (self.horizontalScrollBar(), columns, size.width(), room.width()),
            (self.verticalScrollBar(), rows, size.height(), room.height()),
        ):
            bar.setRange(0, max(count * side - shown, 0))
            bar.setPageStep(max(shown, 0))
            bar.setSingleStep(side)

    def _reveal(self, cell: Cell) -> None:
        place, seen = self.place_of(cell), self._seen()
        for bar, low, high, first, last in (
            (self.horizontalScrollBar(), place.left(), place.right(), seen.left(), seen.right()),
            (self.verticalScrollBar(), place.top(), place.bottom(), seen.top(), seen.bottom()),
        ):
            bar.setValue(bar.value() + min(low - first, 0) + max(high - last, 0))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells, their numbers and the legend."""
        painter = QPainter(self.viewport())
        try:
            if self._image.isNull():
                return
            rows, columns = self._values.shape
            size = self.cell_size()
            whole = QRect(self._origin(), QSize(columns * size.width(), rows * size.height()))
            painter.setClipRect(self._seen())
            painter.drawImage(whole, self._image)
            self.paint_cells(painter)
            painter.setPen(QColor(self._theme.border))
            painter.drawRect(whole.adjusted(0, 0, -1, -1))
            self._paint_wrong(painter)
            self._paint_cell_frames(painter)
            painter.setClipping(False)
            self._paint_heads(painter)
            bar = QRectF(self.viewport().rect())
            bar.setTop(bar.bottom() - _LEGEND + 9)
            bar.setHeight(_LEGEND_BAR)
            self.paint_legend(painter, bar.adjusted(self.heads().width(), 0, -7, 0))
        finally:
            painter.end()

    def paint_cells(self, painter: QPainter) -> None:
        """Paint more into the cells than their colours; nothing here."""

    def _paint_cell_frames(self, painter: QPainter) -> None:
        frames = (
            (self._previewed, QPen(QColor(self._theme.accent), 1)),
            (self._pointed, QPen(QColor(self._theme.text), 1)),
            (self._current if self.hasFocus() else None, QPen(QColor(self._theme.muted), 2)),
            (self._marked_cell, QPen(QColor(self._theme.accent), 3)),
        )
        for cell, pen in frames:
            if cell is not None:
                painter.setPen(pen)
                painter.drawRect(self.place_of(cell).adjusted(0, 0, -1, -1))

    def _paint_wrong(self, painter: QPainter) -> None:
        """Put a corner on every cell that mistakes have made: not by colour alone."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.warning))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = self.cell_size()
        side = max(min(size.width(), size.height()) * _CORNER, _LEAST_CORNER)
        for cell in self._wrong:
            corner = QPointF(self.place_of(cell).topRight()) + QPointF(1.0, 0.0)
            points = [corner, corner - QPointF(side, 0.0), corner + QPointF(0.0, side)]
            painter.drawPolygon(points)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_heads(self, painter: QPainter) -> None:
        painter.setPen(QColor(self._theme.muted))
        rows, columns = self.visible()
        size, seen, heads = self.cell_size(), self._seen(), self.heads()
        flag = Qt.AlignmentFlag
        every = max(-(-_LABEL_EVERY // size.width()), 1)
        for column in (each for each in columns if each % every == 0):
            place = self.place_of((0, column))
            if seen.left() <= place.center().x() <= seen.right():
                wide = max(place.width(), 40)
                box = QRect(place.center().x() - wide // 2, 0, wide, heads.height())
                painter.drawText(box, flag.AlignCenter, self.column_head(column))
        line = self.fontMetrics().height()
        every = max(-(-line // size.height()), 1)
        for row in (each for each in rows if each % every == 0):
            middle = self.place_of((row, 0)).center().y()
            if seen.top() <= middle <= seen.bottom():
                box = QRect(0, middle - line // 2 - 1, heads.width() - 4, line + 2)
                right = flag.AlignRight | flag.AlignVCenter
                painter.drawText(box, right, self.row_head(row))

    def paint_legend(self, painter: QPainter, bar: QRectF) -> None:
        """Paint what the colours mean: a bar, with numbers below it."""
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for place, colour in ((0.0, self._theme.negative), (1.0, self._theme.positive)):
            gradient.setColorAt(place, QColor(colour))
        gradient.setColorAt(0.5, QColor(self._theme.surface))
        painter.fillRect(bar, gradient)
        self.paint_legend_numbers(painter, bar, (-self._limit, 0.0, self._limit))

    def paint_legend_numbers(
        self, painter: QPainter, bar: QRectF, numbers: tuple[float, float, float]
    ) -> None:
        """Frame the bar, and write what its left end, its middle and its right end stand for."""
        painter.setPen(QColor(self._theme.border))
        painter.drawRect(bar)
        painter.setPen(QColor(self._theme.muted))
        below = bar.translated(QPointF(0.0, _LEGEND_BAR + 1.0))
        below.setHeight(_LEGEND - _LEGEND_BAR - 8)
        flag = Qt.AlignmentFlag
        ends = (flag.AlignLeft, flag.AlignHCenter, flag.AlignRight)
        for align, value in zip(ends, numbers, strict=True):
            painter.drawText(below, align, write_number(value + 0.0, 3))

    # Pointer and keys

    def text_of(self, cell: Cell) -> str:
        """Return a cell's row, column and number as text."""
        number = write_number(float(self._values[cell]), self._digits)
        wrong = ", mistaken" if cell in self._wrong else ""
        return f"row {cell[0] + 1}, column {cell[1] + 1}: {number}{wrong}"

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what is under the pointer."""
        if isinstance(event, QHelpEvent):
            cell = self.cell_at(event.pos())
            if cell is not None:
                QToolTip.showText(event.globalPos(), self.text_of(cell), self)
            return True
        return super().viewportEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Preview the cell under the pointer."""
        self._point(self.cell_at(event.position().toPoint()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Keep the end of a click from what lies behind."""
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """End the preview."""
        super().leaveEvent(event)
        self._point(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the cell under the pointer."""
        cell = self.cell_at(event.position().toPoint())
        if cell is not None:
            self._current = cell
            self.activated.emit(self._target(*cell))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from cell to cell with the arrows, choose with Return."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and self._values.size:
            rows, columns = self._values.shape
            row, column = self._current or (0, 0)
            if self._current is not None:
                row, column = row + step[0], column + step[1]
            self._current = min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)
            self._reveal(self._current)
            self.setAccessibleDescription(self.text_of(self._current))
            self.hovered.emit(self._target(*self._current))
            self.viewport().update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current is not None:
            self.activated.emit(self._target(*self._current))
        else:
            super().keyPressEvent(event)

    def _point(self, cell: Cell | None) -> None:
        if cell != self._pointed:
            self._pointed = cell
            self.hovered.emit(None if cell is None else self._target(*cell))
            self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the cells the room there is."""
        super().resizeEvent(event)
        self._arrange()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Paint at another place."""
        self.viewport().update()


def largest_of(values: Array) -> float:
    """Return the largest size of the finite numbers; 0 if there are none."""
    return float(np.max(np.abs(values), where=np.isfinite(values), initial=0.0))


def _channels(colour: str) -> Array:
    """Return a colour as red, green and blue, 0 to 255."""
    shown = QColor(colour)
    return np.array([shown.red(), shown.green(), shown.blue()], dtype=np.float64)
