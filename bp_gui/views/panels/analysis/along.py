"""The cost as a function of the selected quantity, with its tangent and the step of an update."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from bp_gui.controller.calculator import Calculator
from bp_gui.engine.names import ETA, Kind, Ref
from bp_gui.explain.numbers import format_exact, format_number
from bp_gui.session.edits import SetValue
from bp_gui.session.snapshot import Snapshot
from bp_gui.session.whatif import VARIABLE, Curve, Line, curves, line
from bp_gui.views.panels.analysis.along_words import about_step
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.theme import LIGHT, Theme

if TYPE_CHECKING:
    from bp_gui.views.panels.analysis.along_plot import AlongPlot

POINTS = (51, 201)
QUICK_WORK = 2e6  # samples × parameters × points that take a fraction of a frame
_REST = 0.03  # seconds between two pictures of a large network
_MOST_LISTED = 1000
_FACTS = (
    ("slope", "slope ∂C/∂v", "The slope of the tangent: the gradient at the point"),
    ("step", "step Δv", "How far the orange step leads"),
    ("predicted", "predicted ΔC", "Slope times step: what the tangent promises"),
    ("actual", "actual ΔC", "What the step makes of the cost, all else unchanged"),
)


class AlongPanel(CardFrame):
    """A curve through the present point; the point can be moved by mouse and by keys.

    Moving asks for the new value again and again; undo takes such a burst for one edit.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Along", parent)
        self._snapshot: Snapshot | None = None
        self._line: Line | None = None
        self._ref: Ref | None = None
        self._listed: list[Ref] = []
        self._range: tuple[float, float] | None = None
        self._digits = 6
        self._theme = LIGHT
        self._plot: AlongPlot | None = None
        self._calculator = Calculator(self, rest=_REST)
        self._calculator.found.connect(self._show_curve)
        self.choice = QComboBox()
        self.choice.setAccessibleName("Quantity to vary")
        self.choice.setToolTip("What is varied; selecting it anywhere in the window does the same")
        self.choice.setMinimumContentsLength(8)
        self.choice.activated.connect(self._choose)
        self.add_to_head(self.choice)
        self.outputs = self._switch("C[k]", "Draw what each output adds to the cost", on=True)
        self.logarithmic = self._switch("Log", "Logarithmic axis of the cost", on=False)
        self.zoom = self._button("Step", "Show the step from near by")
        self.zoom.clicked.connect(self.zoom_to_step)
        fit = self._button("Fit", "Show the usual range around the present value")
        fit.clicked.connect(self.fit)
        self._place = QVBoxLayout()
        self.body.addLayout(self._place, 1)
        self._facts: dict[str, QLabel] = {}
        self.body.addLayout(self._fact_grid())
        self._note = QLabel()
        self._note.setObjectName("quiet")
        self._note.setContentsMargins(4, 0, 4, 0)
        self._note.setWordWrap(True)
        self.body.addWidget(self._note)

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show a moment."""
        structure = None if old is None else old.experiment.architecture
        self._snapshot = new
        if structure != new.experiment.architecture or old is None:
            self._list_quantities(new)
            self._range = None
            if self._ref is None or not _exists(new, self._ref):
                self._ref = next(new.experiment.architecture.refs())
        self._refresh()

    def show_selected(self, ref: Ref | None) -> None:
        """Vary what is selected, if it can be varied."""
        if ref is None or ref.kind not in VARIABLE or ref == self._ref:
            return
        self._ref, self._range = ref, None
        self._refresh()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        if self._plot is not None:
            self._plot.set_style(theme, self.font())

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits
        self._show_facts()

    def panes(self) -> list[QWidget]:
        """Return the list of quantities."""
        return [self.choice]

    def fit(self) -> None:
        """Show the usual range around the present value."""
        self._range = None
        self._refresh()

    def zoom_to_step(self) -> None:
        """Show as much around the step as tells curve and tangent apart, and nothing else."""
        if self._line is not None and self._line.range_of_step is not None:
            self._range = self._line.range_of_step
            self.outputs.setChecked(False)  # their costs would flatten what is to be seen
            self._refresh()

    # Building

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        self.add_to_head(button)
        return button

    def _switch(self, text: str, tip: str, *, on: bool) -> QToolButton:
        button = self._button(text, tip)
        button.setCheckable(True)
        button.setChecked(on)
        button.toggled.connect(self._refresh)
        return button

    def _fact_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(4, 2, 0, 0)
        grid.setHorizontalSpacing(10)
        for position, (key, text, tip) in enumerate(_FACTS):
            name, value = QLabel(text), QLabel()
            name.setObjectName("quiet")
            value.setAccessibleName(text)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            for label in (name, value):
                label.setToolTip(tip)
            grid.addWidget(name, position // 2, 2 * (position % 2))
            grid.addWidget(value, position // 2, 2 * (position % 2) + 1)
            self._facts[key] = value
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        return grid

    def _make_plot(self) -> AlongPlot:
        # pyqtgraph takes half a second to import: only when somebody looks.
        from bp_gui.views.panels.analysis.along_plot import AlongPlot

        plot = AlongPlot()
        plot.set_style(self._theme, self.font())
        plot.dragged.connect(self._drag)
        plot.range_changed.connect(self._zoomed)
        self._place.addWidget(plot)
        return plot

    def _list_quantities(self, snapshot: Snapshot) -> None:
        architecture = snapshot.experiment.architecture
        refs = [ETA]
        refs += [Ref(Kind.INPUT, to=k) for k in range(architecture.n_inputs)]
        refs += [Ref(Kind.TARGET, to=k) for k in range(architecture.n_outputs)]
        self._listed = [*architecture.refs()][: _MOST_LISTED - len(refs)] + refs
        self.choice.clear()
        self.choice.addItems(["η" if ref == ETA else ref.name for ref in self._listed])
        self.outputs.setVisible(architecture.n_outputs > 1)

    # What it shows

    def _refresh(self) -> None:
        if self._snapshot is None:
            return
        found = self._line = line(self._snapshot, self._ref)
        if found is None:
            return
        listed = found.ref in self._listed
        self.choice.setCurrentIndex(self._listed.index(found.ref) if listed else -1)
        self.zoom.setEnabled(found.range_of_step is not None)
        self._draw(found)
        self._show_facts()

    def _draw(self, found: Line) -> None:
        """Have the curve computed: beside the window, coarse before fine, if it takes long."""
        assert self._snapshot is not None
        if self._range is None:
            self._range = found.usual_range
        low, high = self._range
        if not low <= found.present <= high and np.isfinite(found.present):
            self._range = found.present - (high - low) / 2, found.present + (high - low) / 2
        extent, experiment = self._range, self._snapshot.experiment
        work = len(experiment.t) * experiment.architecture.n_parameters * POINTS[-1]
        quick = work <= QUICK_WORK
        points = POINTS[-1:] if quick else POINTS
        self._calculator.ask(lambda: curves(found, extent, points), quick=quick)

    def _show_curve(self, curve: Curve) -> None:
        if self._plot is None:
            self._plot = self._make_plot()
        self._plot.show_curve(
            curve, logarithmic=self.logarithmic.isChecked(), outputs=self.outputs.isChecked()
        )

    def _show_facts(self) -> None:
        found = self._line
        if found is None or self._snapshot is None:
            return
        numbers = {
            "slope": found.slope,
            "step": found.step.change,
            "predicted": found.step.predicted,
            "actual": found.actual,
        }
        for key, number in numbers.items():
            self._facts[key].setText(format_number(number, self._digits))
            self._facts[key].setWhatsThis(format_exact(number))
        note = about_step(self._snapshot, found, self._digits)
        if note != self._note.text():
            self._note.setText(note)
        words = f"C = {format_number(found.cost, self._digits)} at {found.ref} = "
        self.setAccessibleDescription(words + format_number(found.present, self._digits))

    # What it asks for

    def _choose(self, position: int) -> None:
        self.selected.emit(self._listed[position])
        self.show_selected(self._listed[position])

    def _drag(self, x: float, _: float) -> None:
        assert self._snapshot is not None
        if self._ref is not None:
            value = max(x, 0.0) if self._ref == ETA else x
            self.edit_requested.emit(SetValue(self._ref, value, self._snapshot.sample))

    def _zoomed(self) -> None:
        if self._plot is not None and self._line is not None:
            self._range = self._plot.x_range()
            self._draw(self._line)


def _exists(snapshot: Snapshot, ref: Ref) -> bool:
    try:
        snapshot.value(ref)
    except IndexError:
        return False
    return True
