"""What a sweep varies, how the values are combined, and for how long each run trains."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bp_gui.controller.sweep import MOST_RUNS
from bp_gui.session.sweep.examples import SWEEPS
from bp_gui.session.sweep.factors import FACTORS, Kind
from bp_gui.session.sweep.spec import (
    MAX_UPDATES,
    Bounds,
    Sample,
    Specification,
    SweepError,
    request_of,
)
from bp_gui.views.panels.setup.section import button, integer, seed, wrapped
from bp_gui.views.sweep.factor_row import FactorRow

PRESENT = "the present network"
_WIDTH, _FIELD_WIDTH = 336, 96
_FIRST: dict[Kind, list[Any]] = {
    Kind.NUMBER: [0.01, 0.1, 1.0],
    Kind.WHOLE: [1, 2, 3],
    Kind.SIZES: [[2], [4], [8]],
}


class SweepForm(QWidget):
    """The left half of the window.

    Signals
    -------
    changed()
        Something is wanted otherwise.
    base_chosen(bool)
        Runs start from the base of a specification that was read, or from the present network.
    """

    changed = Signal()
    base_chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[FactorRow] = []
        self._digits = 6
        self.base = QComboBox()
        self.add = button("&Add", "Vary another setting", "Vary another setting")
        self.examples = button("Exa&mples", "Examples of sweeps", "Begin with a ready example")
        self.sampling = QComboBox()
        self.repeats = integer(
            1, MOST_RUNS, "Repeats", "Runs of each combination, each with weights of its own"
        )
        self.runs = integer(1, MOST_RUNS, "Runs", "How many runs to draw")
        self.updates = integer(0, MAX_UPDATES, "Updates", "How many updates each run makes")
        self.seed = seed("Seed", "What new weights and random values are drawn from")
        self.count = wrapped("quiet")
        self._build()
        self.show_specification(next(iter(SWEEPS.values())))

    # What it says

    @property
    def rows(self) -> tuple[FactorRow, ...]:
        """A row for each setting that is varied, in their fixed order."""
        return tuple(self._rows)

    @property
    def n_runs(self) -> int:
        """How many runs there would be; 0 while a value is not accepted."""
        if not self._rows or not all(row.is_good for row in self._rows):
            return 0
        if self.is_sample:
            return self.runs.value()
        return math.prod(len(row.values()) for row in self._rows) * self.repeats.value()

    @property
    def is_sample(self) -> bool:
        """Whether values are drawn at random, and not combined."""
        return bool(self.sampling.currentData())

    def specification(self) -> Specification:
        """Return what is wanted, with the example as base that a file has without one.

        Raises
        ------
        SweepError
            If it cannot be run; the message names what is wrong.
        """
        if not self._rows:
            raise SweepError("Nothing varies yet: add a setting")
        for row in self._rows:
            if not row.is_good:
                raise SweepError(f"{row.factor.label}: {row.problem.text()}")
        if self.n_runs > MOST_RUNS:
            raise SweepError(
                f"{self.n_runs:,} runs are more than the {MOST_RUNS:,} of a window: save the "
                "specification and use the command"
            )
        spec = self._sampled() if self.is_sample else self._gridded()
        request_of(spec)
        return spec

    def show_specification(self, spec: Specification) -> None:
        """Show what a specification asks for, in place of what was there."""
        for row in tuple(self._rows):
            self._take_out(row)
        chosen: dict[str, Any] = dict(spec.grid or {})
        if spec.random is not None:
            chosen = {**spec.random.choices, **spec.random.ranges}
            self.runs.setValue(min(spec.random.runs, MOST_RUNS))
        self.sampling.setCurrentIndex(self.sampling.findData(spec.random is not None))
        self.repeats.setValue(min(spec.repeats, MOST_RUNS))
        self.updates.setValue(spec.updates)
        self.seed.setValue(spec.seed)
        for name in FACTORS:
            if name in chosen:
                row = self._put_in(name)
                if isinstance(chosen[name], Bounds):
                    row.show_bounds(chosen[name])
                else:
                    row.show_values(chosen[name])
        self._refresh()

    def show_base(self, name: str | None) -> None:
        """Offer the base of a specification beside the present network, and choose it."""
        self.base.clear()
        self.base.addItem(PRESENT, False)
        if name is not None:
            self.base.addItem(name, True)
            self.base.setCurrentIndex(1)
        self.base_chosen.emit(name is not None)

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits
        for row in self._rows:
            row.set_digits(digits)

    def set_running(self, running: bool) -> None:
        """Keep what is being run from being changed."""
        self._held.setEnabled(not running)

    def _gridded(self) -> Specification:
        return Specification(
            updates=self.updates.value(),
            seed=self.seed.value(),
            repeats=self.repeats.value(),
            grid={row.factor.name: row.values() for row in self._rows},
        )

    def _sampled(self) -> Specification:
        ranges, choices = {}, {}
        for row in self._rows:
            bounds = row.bounds()
            if bounds is None:
                choices[row.factor.name] = row.values()
            else:
                ranges[row.factor.name] = bounds
        return Specification(
            updates=self.updates.value(),
            seed=self.seed.value(),
            random=Sample(runs=self.runs.value(), ranges=ranges, choices=choices),
        )

    # Building

    def _build(self) -> None:
        self._held = QWidget()
        self._held.setObjectName("page")
        body = QVBoxLayout(self._held)
        body.setContentsMargins(2, 2, 12, 2)
        body.setSpacing(10)
        self.base.setAccessibleName("Start from")
        self.base.setToolTip("What every run starts from")
        self.base.activated.connect(lambda _: self.base_chosen.emit(self.base.currentData()))
        self.show_base(None)
        body.addLayout(_labelled("S&tart from", self.base))
        body.addLayout(self._varied_head())
        self._place = QVBoxLayout()
        self._place.setSpacing(12)
        body.addLayout(self._place)
        body.addLayout(self._combination())
        body.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._held)
        scroll.setMinimumWidth(_WIDTH)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(6)
        outer.addWidget(scroll, 1)
        outer.addWidget(self.count)

    def _varied_head(self) -> QHBoxLayout:
        heading = QLabel("Vary")
        heading.setObjectName("title")
        menu = QMenu(self)
        for name, spec in SWEEPS.items():
            action = menu.addAction(name)
            action.triggered.connect(lambda _=False, spec=spec: self.show_specification(spec))
        self.examples.setMenu(menu)
        self._addable = QMenu(self)
        self._addable.setToolTipsVisible(True)
        self.add.setMenu(self._addable)
        row = QHBoxLayout()
        row.addWidget(heading)
        row.addStretch(1)
        for each in (self.examples, self.add):
            each.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            row.addWidget(each)
        return row

    def _combination(self) -> QGridLayout:
        self.sampling.addItem("Every combination", False)
        self.sampling.addItem("Random sample", True)
        self.sampling.setAccessibleName("How values are combined")
        self.sampling.setToolTip(
            "Run every combination of the values, or draw a value of each setting for every run"
        )
        self._runs_label = QLabel()
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setVerticalSpacing(6)
        fields = (
            (QLabel("Combine"), self.sampling),
            (self._runs_label, self.repeats),
            (QLabel("Updates a run"), self.updates),
            (QLabel("Random seed"), self.seed),
        )
        for line, (label, field) in enumerate(fields):
            label.setBuddy(field)
            grid.addWidget(label, line, 0)
            grid.addWidget(field, line, 1)
        grid.addWidget(self.runs, 1, 1)  # in the place of the repeats: one of them is hidden
        self.sampling.currentIndexChanged.connect(self._set_sampling)
        for box in (self.repeats, self.runs, self.updates, self.seed):
            box.setFixedWidth(_FIELD_WIDTH)
            box.valueChanged.connect(self._refresh)
        self._set_sampling()
        return grid

    # Rows

    def _put_in(self, name: str) -> FactorRow:
        row = FactorRow(name)
        row.set_digits(self._digits)
        row.set_drawn(self.is_sample)
        row.changed.connect(self._refresh)
        row.remove_requested.connect(lambda: self._remove(row))
        order = list(FACTORS)
        at = sum(order.index(each.factor.name) < order.index(name) for each in self._rows)
        self._rows.insert(at, row)
        self._place.insertWidget(at, row)
        self._offer()
        self._put_in_tab_order()
        return row

    def _take_out(self, row: FactorRow) -> None:
        self._rows.remove(row)
        self._place.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._offer()

    def vary(self, name: str) -> None:
        """Vary another setting, with values to begin with."""
        row = self._put_in(name)
        kind = row.factor.kind
        row.show_values(list(row.factor.choices[:2]) if kind is Kind.NAME else _FIRST[kind])
        row.line.setFocus()
        row.line.selectAll()
        self._refresh()

    def _put_in_tab_order(self) -> None:
        """Let the Tab key go through the rows where they stand: Qt goes by when they were made."""
        behind = (self.sampling, self.repeats, self.runs, self.updates, self.seed)
        rows = (field for row in self._rows for field in row.fields)
        for before, after in pairwise((self.base, self.examples, self.add, *rows, *behind)):
            self.setTabOrder(before, after)

    def _remove(self, row: FactorRow) -> None:
        self._take_out(row)
        self.add.setFocus()
        self._refresh()

    def _offer(self) -> None:
        """List the settings that are not varied yet."""
        self._addable.clear()
        there = {row.factor.name for row in self._rows}
        for name, factor in FACTORS.items():
            if name not in there:
                action = self._addable.addAction(factor.label)
                action.setToolTip(factor.tip)
                action.triggered.connect(lambda _=False, name=name: self.vary(name))
        self.add.setEnabled(not self._addable.isEmpty())

    def _set_sampling(self) -> None:
        """Ask for repeats of a grid, or for the runs of a sample."""
        random = self.is_sample
        self.repeats.setVisible(not random)
        self.runs.setVisible(random)
        self._runs_label.setText("Runs" if random else "Repeats")
        self._runs_label.setBuddy(self.runs if random else self.repeats)
        for row in self._rows:
            row.set_drawn(random)
        self._refresh()

    def _refresh(self) -> None:
        """Say how many runs there would be."""
        self.count.setText(self._in_words())
        self.changed.emit()

    def _in_words(self) -> str:
        runs, updates = self.n_runs, f"{self.updates.value():,} updates"
        if not runs:
            return "No run yet." if self._rows else "Nothing varies yet: add a setting."
        what = f"{runs:,} runs of {updates}" if runs > 1 else f"1 run of {updates}"
        if self.is_sample:
            return f"{what}, drawn at random."
        factors = [f"{len(row.values()):,} × {row.factor.label}" for row in self._rows]
        repeats = self.repeats.value()
        parts = factors + ([f"{repeats:,} repeats"] if repeats > 1 else [])
        return f"{what}: {', '.join(parts)}."


def _labelled(text: str, field: QWidget) -> QHBoxLayout:
    label = QLabel(text)
    label.setBuddy(field)
    row = QHBoxLayout()
    row.addWidget(label)
    row.addWidget(field, 1)
    return row
