"""The mean final cost over two settings, as a map with a number in every cell."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QLinearGradient, QPainter, qGray
from PySide6.QtWidgets import QWidget

from bp_gui.engine.arrays import Array
from bp_gui.explain.numbers import MINUS
from bp_gui.explain.written import write_number
from bp_gui.session.sweep.pivot import Pivot
from bp_gui.views.heat_map import Cell, HeatMap
from bp_gui.views.sweep.ramp import VIRIDIS, ramp

_SHADES = 256
_WIDE = 30.0  # highest by lowest, from which on colours follow the logarithm
_SMALLEST, _LARGEST = QSize(26, 22), QSize(150, 60)
_HEAD_SPARE = 12
_WIDEST_HEAD = 130
_BRIGHT = 115  # of 255: black can be read from here on, white below
_FAILED, _SHORTEST = "failed", "0.01"
_FONT_SHRINK = 0.9
_PLAIN = (0.01, 100.0)  # where two digits are shortest without an exponent


class CostMap(HeatMap):
    """A pivot as colours and numbers.

    A cell stands for its runs: it is activated and hovered as (row, column).
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Mean final cost over two settings")
        small = QFont(self.font())
        small.setPointSizeF(small.pointSizeF() * _FONT_SHRINK)
        self.setFont(small)
        self._pivot: Pivot | None = None
        self._heads = self._measured_heads()
        self._names = ("", "")
        self._ends = (0.0, 1.0)
        self._logarithmic = False
        self._shades: npt.NDArray[np.uint32] = np.zeros((0, 0), dtype=np.uint32)

    def show_pivot(self, pivot: Pivot, row: str, column: str) -> None:
        """Show a pivot; ``row`` and ``column`` are what people call the two settings."""
        renamed = self._pivot is None or (pivot.rows, pivot.columns) != (
            self._pivot.rows,
            self._pivot.columns,
        )
        self._pivot, self._names = pivot, (row, column)
        self._heads = self._measured_heads()
        if renamed:  # the heads may be wider now: all places change
            self.show_matrix(np.zeros((0, 0)), lambda r, c: (r, c))
        self.show_matrix(pivot.means, lambda r, c: (r, c))

    @property
    def is_logarithmic(self) -> bool:
        """Whether colours follow the logarithm of the cost."""
        return self._logarithmic

    def colours(self, values: Array) -> npt.NDArray[np.uint32]:
        """Return a place on the ramp for each cost; cells without one look like the panel."""
        known = values[np.isfinite(values)]
        low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
        self._logarithmic = low > 0 and high / low >= _WIDE
        self._ends = low, high
        ends = np.log([low, high]) if self._logarithmic else np.array([low, high])
        with np.errstate(all="ignore"):
            scaled = np.log(values) if self._logarithmic else values
            width = ends[1] - ends[0]
            share = (scaled - ends[0]) / width if width > 0 else np.zeros_like(values)
        shares = np.where(np.isfinite(values), share, 0.0)
        places = np.clip(np.rint(shares * (_SHADES - 1)), 0, _SHADES - 1).astype(np.intp)
        self._shades = ramp(_SHADES)[places]
        self._shades[~np.isfinite(values)] = QColor(self._theme.surface).rgb()
        return self._shades

    def heads(self) -> QSize:
        """Return the room of the names."""
        return self._heads

    def _measured_heads(self) -> QSize:
        metrics = self.fontMetrics()
        rows = () if self._pivot is None else self._pivot.rows
        widest = max((metrics.horizontalAdvance(text) for text in rows), default=0)
        return QSize(min(widest + _HEAD_SPARE, _WIDEST_HEAD), metrics.height() + 8)

    def row_head(self, row: int) -> str:
        """Return the value of a row."""
        return "" if self._pivot is None else self._pivot.rows[row]

    def column_head(self, column: int) -> str:
        """Return the value of a column, cut short where it is too long."""
        if self._pivot is None:
            return ""
        text, room = self._pivot.columns[column], max(self.cell_size().width() - 2, 38)
        return self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)

    def cell_size(self) -> QSize:
        """Return as much as there is room for."""
        rows, columns = self._values.shape
        room = self.room()
        fits = QSize(room.width() // max(columns, 1), room.height() // max(rows, 1))
        return fits.expandedTo(_SMALLEST).boundedTo(_LARGEST)

    def paint_cells(self, painter: QPainter) -> None:
        """Write the number of each cell into it, where it fits."""
        if self._pivot is None:
            return
        for cell, text in self._fitting().items():
            painter.setPen(self._ink(*cell))
            painter.drawText(self.place_of(cell), Qt.AlignmentFlag.AlignCenter, text)

    def _fitting(self) -> dict[Cell, str]:
        """Return texts of the cells in view with as many digits as fit into all; perhaps none."""
        metrics, room = self.fontMetrics(), self.cell_size().width() - 4
        if metrics.horizontalAdvance(_SHORTEST) > room:
            return {}
        rows, columns = self.visible()
        cells = [(row, column) for row in rows for column in columns]
        for write in (_three_digits, _two_digits):
            texts = {cell: self._number(cell, write) for cell in cells}
            if all(metrics.horizontalAdvance(text) <= room for text in texts.values()):
                return texts
        return {}

    def paint_legend(self, painter: QPainter, bar: QRectF) -> None:
        """Paint the ramp, and the costs at its ends and in its middle."""
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for place, colour in enumerate(VIRIDIS):
            gradient.setColorAt(place / (len(VIRIDIS) - 1), QColor(colour))
        painter.fillRect(bar, gradient)
        low, high = self._ends
        middle = math.sqrt(low * high) if self._logarithmic else (low + high) / 2
        self.paint_legend_numbers(painter, bar, (low, middle, high))

    def text_of(self, cell: Cell) -> str:
        """Return what a cell stands for and its number."""
        if self._pivot is None:
            return ""
        row, column = cell
        where = (
            f"{self._names[0]} {self._pivot.rows[row]}, "
            f"{self._names[1]} {self._pivot.columns[column]}"
        )
        runs, failed = len(self._pivot.runs[row][column]), self._pivot.failed[row][column]
        good = runs - failed
        lost = f"{failed:,} failed" if failed else ""
        if not good:
            return f"{where}: {lost or 'no run'}"
        number = write_number(float(self._pivot.means[cell]), self._digits)
        of = f"mean of {good:,} runs" if good > 1 else "1 run"
        return f"{where}: {number}, {of}{', ' if lost else ''}{lost}"

    def _number(self, cell: Cell, write: Callable[[float], str]) -> str:
        assert self._pivot is not None
        mean = float(self._pivot.means[cell])
        if math.isfinite(mean):
            return write(mean)
        return _FAILED if self._pivot.failed[cell[0]][cell[1]] else ""

    def _ink(self, row: int, column: int) -> QColor:
        """Return a colour that can be read on a cell."""
        if not math.isfinite(float(self._values[row, column])):
            return QColor(self._theme.warning)
        pixel = int(self._shades[row, column])
        return QColor("#000000" if qGray(pixel) > _BRIGHT else "#ffffff")


def _three_digits(number: float) -> str:
    return write_number(number, 3)


def _two_digits(number: float) -> str:
    """Return a number in few letters: ``8.9e−4`` for 0.00089."""
    is_plain = number == 0 or _PLAIN[0] <= abs(number) < _PLAIN[1]
    if is_plain:
        return f"{number:.2g}".replace("-", MINUS)
    mantissa, exponent = f"{number:.1e}".split("e")
    return f"{mantissa}e{int(exponent)}".replace("-", MINUS)
