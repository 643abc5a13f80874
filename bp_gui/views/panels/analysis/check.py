"""Backpropagation's gradients held against gradients found from costs alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSlider,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from bp_gui.engine.gradient_check import GradientCheck, check_gradient, error_curve
from bp_gui.engine.names import Ref
from bp_gui.explain.numbers import format_number
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.theme import LIGHT, Theme

if TYPE_CHECKING:
    from bp_gui.views.plot.figure import Figure

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_HEADS = ("Name", "Backprop", "From costs", "Relative error", "")
_EXPONENTS = np.linspace(-12.0, -0.5, 47)
_SLIDER_STEPS = 10  # to a power of ten
_SMALLEST = 1e-17  # what an error of 0 is drawn at
_MOST_PARAMETERS = 600  # above, the curve over ε would take too long
_FIGURE_HEIGHT = 230
_FONT_SHRINK = 0.85


class CheckModel(QAbstractTableModel):
    """A row for every parameter."""

    def __init__(self) -> None:
        super().__init__()
        self._refs: list[Ref] = []
        self._check: GradientCheck | None = None
        self._digits = 6
        self._theme = LIGHT

    def show_check(self, refs: list[Ref], check: GradientCheck) -> None:
        """Show a check of these parameters."""
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
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if index.column() == 0:
            return self._refs[row].name
        if index.column() == len(_HEADS) - 1:
            return "✓ agrees" if good else "✗ differs"
        numbers = (check.analytic[row], check.numeric[row], check.error[row])
        digits = 3 if index.column() == len(_HEADS) - 2 else self._digits
        return format_number(float(numbers[index.column() - 1]), digits)


class GradientCheckPanel(CardFrame):
    """The verdict, the table with a badge for every parameter, and the error over ε."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Gradients", parent)
        self._snapshot: Snapshot | None = None
        self._theme = LIGHT
        self._ref: Ref | None = None
        self._figure: Figure | None = None
        self._items: dict[str, Any] = {}
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.verdict.setAccessibleName("Verdict")
        self.verdict.setContentsMargins(4, 0, 4, 4)
        self.model = CheckModel()
        self.model.setParent(self)
        self.table = self._make_table()
        self.body.addWidget(self.verdict)
        self.body.addWidget(self.table, 1)
        self._place = QVBoxLayout()
        self.body.addLayout(self._place)
        self.epsilon = QSlider(Qt.Orientation.Horizontal)
        self.epsilon.setRange(-12 * _SLIDER_STEPS, -_SLIDER_STEPS // 2)
        self.epsilon.setValue(-5 * _SLIDER_STEPS)
        self.epsilon.setAccessibleName("Step ε of central differences")
        self.epsilon.setToolTip("How far apart the two costs of central differences are taken")
        self.epsilon.valueChanged.connect(self._show_epsilon)
        self._epsilon_text = QLabel()
        row = QHBoxLayout()
        row.setContentsMargins(4, 0, 4, 0)
        row.addWidget(self.epsilon, 1)
        row.addWidget(self._epsilon_text)
        self.body.addLayout(row)

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Check a moment: over all training samples, with the penalty."""
        self._snapshot = new
        experiment = new.experiment
        with np.errstate(all="ignore"):
            check = check_gradient(
                experiment.objective, experiment.parameters, experiment.x, experiment.t
            )
        refs = list(experiment.architecture.refs())
        chosen = self.table.currentIndex().row()
        self.model.show_check(refs, check)
        if 0 <= chosen < len(refs):
            self.table.selectRow(chosen)
        self._show_verdict(check, refs)
        if self._ref not in refs:
            self._ref = refs[check.worst]
        self._draw()

    def show_selected(self, ref: Ref | None) -> None:
        """Go to a parameter."""
        if ref is None or not ref.is_parameter or self._snapshot is None or ref == self._ref:
            return
        self._ref = ref
        self.table.selectRow(self._snapshot.experiment.architecture.index(ref))
        self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        self.model.set_theme(theme)
        if self._figure is not None:
            self._figure.set_theme(theme)
            self._colour()

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self.model.set_digits(digits)

    def panes(self) -> list[QWidget]:
        """Return the table."""
        return [self.table]

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName("Gradients by two ways")
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        small = QFont(table.font())
        small.setPointSizeF(small.pointSizeF() * _FONT_SHRINK)
        table.setFont(small)
        table.horizontalHeader().setFont(small)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setHighlightSections(False)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 7)
        table.clicked.connect(lambda index: self._select(index.row()))
        table.activated.connect(lambda index: self._select(index.row()))
        return table

    def _select(self, row: int) -> None:
        self._ref = self.model.ref_at(row)
        self.selected.emit(self._ref)
        self._draw()

    def _show_verdict(self, check: GradientCheck, refs: list[Ref]) -> None:
        wrong = int(np.count_nonzero(~check.agrees))
        worst = refs[check.worst].name
        error = format_number(float(check.error[check.worst]), 3)
        how = check.method.value
        if wrong:
            text = f"<b>{wrong} of {len(refs)} gradients differ</b> from the {how}; the worst is "
        else:
            text = f"<b>All {len(refs)} gradients agree</b> with the {how}; the farthest off is "
        text += f"{worst}, by a relative error of {error}."
        if check.pieces:
            text += (
                f" {', '.join(check.pieces)} has kinks, where there is no complex derivative, so "
                f"central differences with ε = {check.step:g} are taken."
            )
        self.verdict.setText(text)
        self.setAccessibleDescription(text.replace("<b>", "").replace("</b>", ""))

    # The curve over ε

    def _make_figure(self) -> Figure:
        import pyqtgraph as pg

        from bp_gui.views.plot.figure import Figure

        figure = Figure()
        figure.setAccessibleName("Relative error of central differences over ε")
        figure.setFixedHeight(_FIGURE_HEIGHT)
        figure.set_fonts(self.font())
        figure.set_theme(self._theme)
        figure.set_labels("log₁₀ ε", "log₁₀ of the relative error")
        self._items = {
            "curve": figure.add(pg.PlotCurveItem(antialias=True, connect="finite"), 1),
            "line": figure.add(pg.InfiniteLine(angle=90), 0),
            "point": figure.add(pg.ScatterPlotItem(size=11), 2),
        }
        self._place.addWidget(figure)
        return figure

    def _colour(self) -> None:
        import pyqtgraph as pg

        width = self.devicePixelRatioF()
        self._items["curve"].setPen(pg.mkPen(self._theme.accent, width=1.8 * width))
        self._items["line"].setPen(pg.mkPen(self._theme.muted, width=1))
        self._items["point"].setBrush(pg.mkBrush(QColor(self._theme.accent)))
        self._items["point"].setPen(pg.mkPen(self._theme.surface, width=1.5))

    def _draw(self) -> None:
        snapshot, ref = self._snapshot, self._ref
        if snapshot is None or ref is None:
            return
        if self._figure is None:
            self._figure = self._make_figure()
            self._colour()
        experiment = snapshot.experiment
        there = experiment.architecture.n_parameters <= _MOST_PARAMETERS
        self._figure.setVisible(there)
        self.epsilon.setVisible(there)
        self._epsilon_text.setVisible(there)
        if not there:
            return
        k = experiment.architecture.index(ref)
        self._errors = self._logs(10.0**_EXPONENTS, k)
        self._items["curve"].setData(_EXPONENTS, self._errors)
        low, high = float(self._errors.min()) - 0.7, float(self._errors.max()) + 0.7
        self._figure.set_range((float(_EXPONENTS[0]), float(_EXPONENTS[-1])), (low, high))
        self._show_epsilon()

    def _logs(self, steps: np.ndarray[tuple[int], np.dtype[np.float64]], k: int) -> Any:
        """Return the decimal logarithm of a parameter's error for each step."""
        assert self._snapshot is not None
        experiment = self._snapshot.experiment
        with np.errstate(all="ignore"):
            errors = error_curve(
                experiment.objective, experiment.parameters, experiment.x, experiment.t, steps, k
            )
        return np.log10(np.maximum(np.nan_to_num(errors, nan=1.0, posinf=1.0), _SMALLEST))

    def _show_epsilon(self) -> None:
        if self._snapshot is None or self._ref is None or self._figure is None:
            return
        exponent = self.epsilon.value() / _SLIDER_STEPS
        log = float(np.interp(exponent, _EXPONENTS, self._errors))
        self._items["line"].setValue(exponent)
        self._items["point"].setData([exponent], [log])
        epsilon, error = format_number(10.0**exponent, 3), format_number(math.pow(10.0, log), 3)
        self._epsilon_text.setText(f"{self._ref}:  ε = {epsilon},  error {error}")
