"""The map of costs with the choice of its two settings."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from bp_gui.controller.sweep import Finished
from bp_gui.session.sweep.factors import FACTORS
from bp_gui.session.sweep.pivot import Pivot, pivot
from bp_gui.session.sweep.spec import Sweep
from bp_gui.views.panels.setup.section import quiet, wrapped
from bp_gui.views.sweep.cost_map import CostMap
from bp_gui.views.theme import Theme


class MapView(QWidget):
    """The mean final cost over two settings that a person chooses.

    Signals
    -------
    run_chosen(run)
        A cell was chosen: the run in it with the lowest cost.
    """

    run_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sweep: Sweep | None = None
        self._finished: Sequence[Finished] = ()
        self._selected: int | None = None
        self._pivot: Pivot | None = None
        self._is_stale = True
        self.rows, self.columns = self._choice("Rows"), self._choice("Columns")
        self.map = CostMap()
        self.note = wrapped("quiet")
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 0, 0)
        head.setSpacing(6)
        for text, box in (("rows", self.rows), ("columns", self.columns)):
            head.addWidget(quiet(text))
            head.addWidget(box, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.map, 1)
        layout.addWidget(self.note)
        self.map.activated.connect(self._choose)

    def begin(self, sweep: Sweep) -> None:
        """Show a sweep without results."""
        kept = [box.currentData() for box in (self.rows, self.columns)]
        self._sweep, self._finished, self._selected = sweep, (), None
        for place, box in enumerate((self.rows, self.columns)):
            box.clear()
            for name in sweep.factors:
                box.addItem(FACTORS[name].label, name)
            found = box.findData(kept[place])
            box.setCurrentIndex(found if found >= 0 else min(place, box.count() - 1))
        if self.rows.currentIndex() == self.columns.currentIndex() and self.rows.count() > 1:
            self.columns.setCurrentIndex(1 - min(self.rows.currentIndex(), 1))
        self._refresh()

    def show_finished(self, finished: Sequence[Finished]) -> None:
        """Show the results that there are."""
        self._finished = finished
        self._refresh()

    def show_selected(self, run: int | None) -> None:
        """Mark the cell that a run is in."""
        self._selected = run
        if self._pivot is None:
            return
        for row, cells in enumerate(self._pivot.runs):
            for column, runs in enumerate(cells):
                if run in runs:
                    self.map.show_selected((row, column))
                    return
        self.map.show_selected()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self.map.set_theme(theme)

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self.map.set_digits(digits)

    def showEvent(self, event: QShowEvent) -> None:
        """Show what was missed while hidden."""
        super().showEvent(event)
        if self._is_stale:
            self._show()

    def _choice(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(f"{name} of the map")
        box.setToolTip(f"The setting that the {name.lower()} stand for")
        box.activated.connect(self._refresh)
        return box

    def _refresh(self) -> None:
        if self.isVisible():
            self._show()
        else:
            self._is_stale = True

    def _show(self) -> None:
        self._is_stale = False
        if self._sweep is None:
            return
        row, column = self.rows.currentData(), self.columns.currentData()
        results = [each.result for each in self._finished]
        self._pivot = pivot(self._sweep, results, row, column)
        labels = FACTORS[row].label, FACTORS[column].label
        self.map.show_pivot(self._pivot, *labels)
        self.show_selected(self._selected)
        self.note.setText(self._in_words(row, column))

    def _in_words(self, row: str, column: str) -> str:
        assert self._sweep is not None
        rest = [FACTORS[name].label for name in self._sweep.factors if name not in (row, column)]
        over = f"mean over {' and '.join(rest)}" if rest else "mean of the runs in a cell"
        failed = sum(bool(each.result.error) for each in self._finished)
        left_out = ", without the runs that failed" if failed else ""
        scale = "; colours follow its logarithm" if self.map.is_logarithmic else ""
        return f"Final cost, {over}{left_out}{scale}."

    def _choose(self, cell: object) -> None:
        if self._pivot is not None and isinstance(cell, tuple):
            runs = self._pivot.runs[cell[0]][cell[1]]
            if runs:
                self.run_chosen.emit(runs[0])
