"""The mistake lab: switch mistakes on and see what they do."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bp_gui.diagnose.catalogue import MISTAKES
from bp_gui.engine.names import Ref
from bp_gui.explain.numbers import told_apart
from bp_gui.session.experiment import Experiment
from bp_gui.session.lab import Comparison, Curves, compare, effective
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.panels.lab.choice import MistakeChoice
from bp_gui.views.panels.lab.lines import side_by_side
from bp_gui.views.panels.lab.plot import PairPlot
from bp_gui.views.panels.lab.table import ComparisonModel, fit_digits, make_table
from bp_gui.views.theme import LIGHT, Theme

UPDATE_COUNTS = (100, 1_000, 10_000)
_SETTLED_MS = 200  # after the last change, before what takes longer is computed
_QUICK_CHECK = 60  # parameters up to which the gradient check is made at once


class LabPanel(CardFrame):
    """A list of mistakes, what is wrong with them, and numbers and curves side by side.

    Signals
    -------
    curves_requested(names, updates)
        Training with and without these mistakes is to be compared.
    curves_dropped()
        No training is wanted any more.
    mistakes_chosen(names)
        These mistakes are to be on, and no others.
    """

    curves_requested = Signal(object, int)
    curves_dropped = Signal()
    mistakes_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Mistake lab", parent)
        self._snapshot: Snapshot | None = None
        self._told: Comparison | None = None
        self._comparison: Comparison | None = None
        self._theme = LIGHT
        self._digits = 6
        self._updates = UPDATE_COUNTS[0]
        self.choice = MistakeChoice()
        self.text = QTextBrowser()
        self.model = ComparisonModel()
        self.model.setParent(self)
        self.table = make_table(self.model)
        self.plot = PairPlot()
        self._summary, self._verdict = QLabel(), QLabel()
        self._settled = QTimer(self, interval=_SETTLED_MS, singleShot=True)
        self._settled.timeout.connect(self._compute_the_rest)
        self._build()
        self.choice.switched.connect(lambda: self.mistakes_chosen.emit(self.choice.chosen))
        self.choice.looked_at.connect(self._show_text)
        self.table.selectionModel().currentRowChanged.connect(self._select_row)

    def choose(self, names: frozenset[str]) -> None:
        """Ask for these mistakes and no others."""
        self.mistakes_chosen.emit(names)

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show a moment."""
        self._snapshot = new
        if old is None or _setting(old.experiment) != _setting(new.experiment):
            self.choice.mark_effective(effective(new.experiment))
        self._compare()

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Show right and mistaken numbers side by side, and tick what is wrong."""
        self._told = comparison
        self.choice.show_chosen(frozenset() if comparison is None else comparison.names)
        self._show_text()
        if comparison is None or comparison.is_of(self._snapshot):
            self._compare()

    def show_curves(self, curves: Curves) -> None:
        """Show how far the training has come."""
        self.plot.show_curves(curves)
        self._verdict.setText(curves.verdict)

    def show_selected(self, ref: Ref | None) -> None:
        """Go to a parameter's row."""
        row = self.model.row_of(ref)
        if row is None:
            self.table.clearSelection()
        elif row != self.table.currentIndex().row():
            self.table.selectRow(row)

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        self.model.set_theme(theme)
        self.plot.set_theme(theme)
        self._show_text()

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits
        self.model.set_digits(digits)
        fit_digits(self.table, digits)
        self.plot.set_digits(digits)
        self._show_summary()

    def panes(self) -> list[QWidget]:
        """Return what the keyboard goes to."""
        return [self.choice.list, self.table]

    def showEvent(self, event: QShowEvent) -> None:
        """Train again."""
        super().showEvent(event)
        self._settled.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the numbers."""
        super().resizeEvent(event)
        fit_digits(self.table, self._digits)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop training; the mistakes stay on."""
        super().hideEvent(event)
        self._settled.stop()
        self.curves_dropped.emit()

    # Building

    def _build(self) -> None:
        self.text.setAccessibleName("What is wrong")
        self.text.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.text.setObjectName("clear")
        self.text.viewport().setAutoFillBackground(False)
        self.text.document().setDocumentMargin(4)
        for label in (self._summary, self._verdict):
            label.setWordWrap(True)
            label.setContentsMargins(4, 0, 4, 0)
        self._verdict.setAccessibleName("What the curves say")
        self._add_clear_button()
        upper = _splitter(Qt.Orientation.Horizontal, (self.choice, self.text), (220, 230))
        parts = (upper, self._numbers(), self._curves())
        self.body.addWidget(_splitter(Qt.Orientation.Vertical, parts, (190, 220, 170)), 1)

    def _numbers(self) -> QWidget:
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._summary)
        layout.addWidget(self.table)
        return holder

    def _add_clear_button(self) -> None:
        clear = QToolButton()
        clear.setText("None")
        clear.setToolTip("Switch all mistakes off")
        clear.setAccessibleName("Switch all mistakes off")
        clear.clicked.connect(lambda: self.choose(frozenset()))
        self.add_to_head(clear)

    def _curves(self) -> QWidget:
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        row = QHBoxLayout()
        row.setContentsMargins(4, 0, 0, 0)
        heading = QLabel("Cost from here on, updates")
        heading.setObjectName("quiet")
        row.addWidget(heading)
        row.addStretch(1)
        self._counts = QButtonGroup(self)
        for count in UPDATE_COUNTS:
            button = QToolButton()
            button.setText(f"{count:,}")
            button.setToolTip(f"Train {count:,} updates, right and with the mistakes")
            button.setAccessibleName(f"{count:,} updates")
            button.setCheckable(True)
            button.setChecked(count == self._updates)
            self._counts.addButton(button, count)
            row.addWidget(button)
        self._counts.idToggled.connect(self._choose_count)
        layout.addLayout(row)
        layout.addWidget(self._verdict)
        layout.addWidget(self.plot, 1)
        return holder

    # What happens

    def _choose_count(self, count: int, on: bool) -> None:
        if on:
            self._updates = count
            self._compute_the_rest()

    def _compare(self) -> None:
        """Show the numbers of this moment; without mistakes all of them are right."""
        if self._snapshot is None:
            return
        experiment, told = self._snapshot.experiment, self._told
        if told is None or not told.is_of(self._snapshot):
            told = compare(experiment, (), self._snapshot.sample)
        self._comparison = told
        self.model.show_comparison(told)
        if experiment.architecture.n_parameters <= _QUICK_CHECK:
            self.model.show_check(told.red)
        self._show_summary()
        self._settled.start()

    def _compute_the_rest(self) -> None:
        """Make the gradient check and ask for the curves, once things have settled."""
        if self._comparison is None or not self.isVisible():
            return
        self.model.show_check(self._comparison.red)
        self.curves_requested.emit(self._comparison.names, self._updates)

    def _show_summary(self) -> None:
        comparison = self._comparison
        if comparison is None:
            return
        if not comparison.mistakes:
            self._summary.setText("Tick mistakes to see them beside the right numbers.")
            return
        right, mistaken = told_apart(
            comparison.right.next_cost, comparison.mistaken.next_cost, self._digits
        )
        said = f"Next cost: right {right}, {comparison.phrase} {mistaken}."
        self._summary.setText(said if comparison.has_effect else "No effect on this update.")

    def _show_text(self) -> None:
        """Show right and wrong lines of what is switched on, or of what is looked at."""
        current = self.choice.current
        chosen = self.choice.chosen
        names = [name for name in MISTAKES if name in chosen]
        if not names and current is not None:
            names = [current]
        if not names:
            self.text.setHtml(
                f'<p style="color:{self._theme.muted}">Mistakes that people make, each a change of '
                "one line. They can be combined.</p>"
            )
            return
        mistakes = [MISTAKES[name] for name in names]
        self.text.setHtml(side_by_side(mistakes, self._theme, "Mistaken"))

    def _select_row(self, current: object) -> None:
        row = self.table.currentIndex().row()
        if row >= 0:
            self.selected.emit(self.model.ref_at(row))


def _setting(experiment: Experiment) -> tuple[object, ...]:
    """Return what decides which mistakes can have an effect."""
    return (
        experiment.architecture,
        experiment.objective,
        experiment.optimizer_name,
        experiment.clip,
        experiment.batches,
        len(experiment.t),
        experiment.eta,
        experiment.last_update is None,
    )


def _splitter(
    orientation: Qt.Orientation, parts: tuple[QWidget, ...], sizes: tuple[int, ...]
) -> QSplitter:
    splitter = QSplitter(orientation)
    for part, size in zip(parts, sizes, strict=True):
        splitter.addWidget(part)
        splitter.setStretchFactor(splitter.count() - 1, size)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(8)
    splitter.setSizes(list(sizes))
    return splitter
