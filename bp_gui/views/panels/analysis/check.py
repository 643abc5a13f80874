"""Backpropagation's gradients held against gradients found from costs alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSlider,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bp_gui.controller.calculator import Calculator
from bp_gui.controller.gradients import REST, takes_long
from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.gradient_check import GradientCheck, check_gradient, error_curve
from bp_gui.engine.names import Ref
from bp_gui.explain.numbers import format_number
from bp_gui.session.experiment import Experiment
from bp_gui.session.lab import Comparison
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.copying import make_copyable
from bp_gui.views.panels.analysis.check_model import CheckModel
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.theme import LIGHT, Theme

if TYPE_CHECKING:
    from bp_gui.views.panels.analysis.check_plot import ErrorPlot

_EXPONENTS = np.linspace(-12.0, -0.5, 47)
_SLIDER_STEPS = 10  # to a power of ten
_SMALLEST = 1e-17  # what an error of 0 is drawn at
_MOST_PARAMETERS = 600  # above, the curve over ε would take too long
_FONT_SHRINK = 0.85
_FEWEST_ROWS = 6  # of the table, with its header; below that the page scrolls
_ABOUT_MISTAKES = (
    "These are the gradients with the mistakes of the lab, against the derivative of the cost that "
    "the same code computes, over the samples of the next update."
)


@dataclass(frozen=True, eq=False)
class Checked:
    """A check of one moment.

    Attributes
    ----------
    refs
        The parameters in their order.
    check
        Both gradients of each.
    ref
        The parameter that the curve is of; None if there is none.
    logs
        Decimal logarithms of its error over ε.
    """

    refs: list[Ref]
    check: GradientCheck
    ref: Ref | None
    logs: Array


class GradientCheckPanel(CardFrame):
    """The verdict, the table with a badge for every parameter, and the error over ε.

    Signals
    -------
    marks_wanted(bool)
        The parameters of the graph are to be marked, or no longer.
    """

    marks_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Gradients", parent)
        self._snapshot: Snapshot | None = None
        self._checked: Checked | None = None
        self._comparison: Comparison | None = None
        self._theme = LIGHT
        self._ref: Ref | None = None
        self._plot: ErrorPlot | None = None
        self._calculator = Calculator(self, rest=REST)
        self._calculator.found.connect(self._show)
        self.marks = self._make_switch()
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
        self._epsilon_text = QLabel()
        self.epsilon = self._make_slider()
        row = QHBoxLayout()
        row.setContentsMargins(4, 0, 4, 0)
        row.addWidget(self.epsilon, 1)
        row.addWidget(self._epsilon_text)
        self.body.addLayout(row)

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Check a moment: over all training samples, with the penalty."""
        self._snapshot = new
        self._ask()

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Check the gradients that mistakes make; None for no mistakes."""
        self._comparison = comparison
        snapshot = self._snapshot
        if snapshot is not None and (comparison is None or comparison.is_of(snapshot)):
            self._ask()

    @property
    def _is_mistaken(self) -> bool:
        """Whether the gradients shown are those that mistakes make."""
        return self._comparison is not None and self._comparison.is_of(self._snapshot)

    def show_selected(self, ref: Ref | None) -> None:
        """Go to a parameter."""
        if ref is None or not ref.is_parameter or self._snapshot is None or ref == self._ref:
            return
        self._ref = ref
        if self._checked is not None and ref in self._checked.refs:
            self.table.selectRow(self._checked.refs.index(ref))
        self._ask()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        self.model.set_theme(theme)
        if self._plot is not None:
            self._plot.set_style(theme, self.font())

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self.model.set_digits(digits)

    def show_marks_wanted(self, on: bool) -> None:
        """Say whether the parameters of the graph are marked."""
        self.marks.setChecked(on)

    def panes(self) -> list[QWidget]:
        """Return the table."""
        return [self.table]

    # Building

    def _make_switch(self) -> QToolButton:
        switch = QToolButton()
        switch.setText("On the graph")
        tip = "Mark every weight and bias of the graph: a point where its gradient is right, "
        switch.setToolTip(tip + "a red cross where it is not (G)")
        switch.setAccessibleName("Check gradients on the graph")
        switch.setCheckable(True)
        switch.toggled.connect(self.marks_wanted)
        self.add_to_head(switch)
        return switch

    def _make_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(-12 * _SLIDER_STEPS, -_SLIDER_STEPS // 2)
        slider.setValue(-5 * _SLIDER_STEPS)
        slider.setAccessibleName("Step ε of central differences")
        slider.setToolTip("How far apart the two costs of central differences are taken")
        slider.valueChanged.connect(self._show_epsilon)
        return slider

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName("Gradients by two ways")
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        make_copyable(table)
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
        table.setMinimumHeight(_FEWEST_ROWS * table.verticalHeader().defaultSectionSize())
        return table

    def _make_plot(self) -> ErrorPlot:
        # pyqtgraph takes half a second to import: only when somebody looks.
        from bp_gui.views.panels.analysis.check_plot import ErrorPlot

        plot = ErrorPlot()
        plot.set_style(self._theme, self.font())
        self._place.addWidget(plot)
        return plot

    # What happens

    def _select(self, row: int) -> None:
        self._ref = self.model.ref_at(row)
        self.selected.emit(self._ref)
        self._ask()

    def _ask(self) -> None:
        assert self._snapshot is not None
        experiment, ref, comparison = self._snapshot.experiment, self._ref, self._comparison
        if comparison is not None and self._is_mistaken:
            self._calculator.ask(lambda: _mistaken(experiment, comparison.check), quick=True)
        else:
            slow = takes_long(experiment)
            self._calculator.ask(lambda: _checked(experiment, ref), quick=not slow)

    def _show(self, checked: Checked) -> None:
        self._checked = checked
        self._ref = checked.ref or self._ref
        self.model.show_check(checked.refs, checked.check)
        self._show_verdict(checked.check, checked.refs)
        if self._plot is None:
            self._plot = self._make_plot()
        there = len(checked.logs) > 0
        for widget in (self._plot, self.epsilon, self._epsilon_text):
            widget.setVisible(there)
        if there:
            self._plot.show_errors(_EXPONENTS, checked.logs)
            self._show_epsilon()

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
                f"central differences with ε = {format_number(check.step, 3)} are taken."
            )
        if self._is_mistaken:
            text += " " + _ABOUT_MISTAKES
        if text != self.verdict.text():
            self.verdict.setText(text)
            self.setAccessibleDescription(text.replace("<b>", "").replace("</b>", ""))

    def _show_epsilon(self) -> None:
        if self._checked is None or self._plot is None or not len(self._checked.logs):
            return
        exponent = self.epsilon.value() / _SLIDER_STEPS
        log = float(np.interp(exponent, _EXPONENTS, self._checked.logs))
        self._plot.show_choice(exponent, log)
        epsilon, error = format_number(10.0**exponent, 3), format_number(math.pow(10.0, log), 3)
        self._epsilon_text.setText(f"{self._checked.ref}:  ε = {epsilon},  error {error}")
        # The slider beside it keeps its place, whatever the numbers are.
        widest = f"{self._checked.ref}:  ε = 8.88e−88,  error 8.88e−88"
        metrics = self._epsilon_text.fontMetrics()
        self._epsilon_text.setFixedWidth(metrics.horizontalAdvance(widest))


def _checked(experiment: Experiment, ref: Ref | None) -> Iterator[Checked]:
    """Yield the check of a moment, with the curve over ε of a parameter or of the worst one."""
    parts = experiment.objective, experiment.parameters, experiment.x, experiment.t
    refs = list(experiment.architecture.refs())
    with np.errstate(all="ignore"):
        check = check_gradient(*parts)
        ref = ref if ref in refs else refs[check.worst]
        logs = np.empty(0)
        if len(refs) <= _MOST_PARAMETERS:
            errors = error_curve(*parts, 10.0**_EXPONENTS, refs.index(ref))
            logs = np.log10(np.maximum(np.nan_to_num(errors, nan=1.0, posinf=1.0), _SMALLEST))
    yield Checked(refs, check, ref, frozen(logs))


def _mistaken(experiment: Experiment, check: GradientCheck) -> Iterator[Checked]:
    """Yield a check that mistakes have been made in.

    Without a curve: steps of another size would not tell a mistaken gradient from a right one.
    """
    yield Checked(list(experiment.architecture.refs()), check, None, frozen(np.empty(0)))
