"""The cost as a function of the selected quantity, with its tangent and the step of an update."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from bp_gui.engine.arrays import Array
from bp_gui.engine.names import ETA, Kind, Ref
from bp_gui.explain.numbers import format_exact, format_number
from bp_gui.session.edits import SetValue
from bp_gui.session.snapshot import Snapshot
from bp_gui.session.whatif import VARIABLE, Line, line
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.theme import LIGHT, Theme

if TYPE_CHECKING:
    from bp_gui.views.plot.figure import Figure

POINTS = 201
_MOST_LISTED = 120
_HEADROOM = 0.08
_TANGENT_SHARE = 0.22  # of the width, to either side of the point
_LARGEST = 1e300


class AlongPanel(CardFrame):
    """A curve through the present point; the point can be dragged.

    Dragging asks for the new value again and again; undo takes such a burst for one edit.
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
        self.choice = QComboBox()
        self.choice.setAccessibleName("Quantity to vary")
        self.choice.setToolTip("What is varied; selecting it anywhere in the window does the same")
        self.choice.setMinimumContentsLength(8)
        self.choice.activated.connect(self._choose)
        self.add_to_head(self.choice)
        fit = QToolButton()
        fit.setText("Fit")
        fit.setToolTip("Show the usual range around the present value")
        fit.setAccessibleName("Fit the range")
        fit.clicked.connect(self.fit)
        self.add_to_head(fit)
        self._figure: Figure | None = None
        self._items: dict[str, Any] = {}
        self._place = QVBoxLayout()
        self.body.addLayout(self._place, 1)
        self._facts: dict[str, QLabel] = {}
        self.body.addLayout(self._fact_grid())

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
        if self._figure is not None:
            self._figure.set_theme(theme)
            self._colour()

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits
        if self._line is not None:
            self._show_facts(self._line)

    def panes(self) -> list[QWidget]:
        """Return the list of quantities."""
        return [self.choice]

    def fit(self) -> None:
        """Show the usual range around the present value."""
        self._range = None
        self._refresh()

    # Building

    def _fact_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(4, 2, 0, 0)
        grid.setHorizontalSpacing(10)
        for position, (key, text, tip) in enumerate(
            (
                ("slope", "slope ∂C/∂v", "The slope of the tangent: the gradient at the point"),
                ("step", "step Δv", "What the next update changes it by"),
                ("predicted", "predicted ΔC", "Slope times step: what the tangent promises"),
                ("actual", "actual ΔC", "What the step makes of the cost, all else unchanged"),
            )
        ):
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

    def _make_figure(self) -> Figure:
        # pyqtgraph takes half a second to import: only when somebody looks.
        import pyqtgraph as pg

        from bp_gui.views.plot.figure import Figure

        figure = Figure()
        figure.setAccessibleName("Cost along the quantity")
        figure.set_fonts(self.font())
        figure.set_theme(self._theme)
        curve = {"antialias": True, "connect": "finite"}
        self._items = {
            "curve": figure.add(pg.PlotCurveItem(**curve), 1),
            "tangent": figure.add(pg.PlotCurveItem(**curve), 2),
            "step": figure.add(pg.PlotCurveItem(**curve), 3),
            "after": figure.add(pg.ScatterPlotItem(size=9), 4),
            "point": figure.add(pg.ScatterPlotItem(size=13), 5),
        }
        figure.dragged.connect(self._drag)
        figure.range_changed.connect(self._zoomed)
        self._place.addWidget(figure)
        return figure

    def _colour(self) -> None:
        import pyqtgraph as pg

        theme, width = self._theme, self.devicePixelRatioF()
        self._items["curve"].setPen(pg.mkPen(theme.accent, width=1.8 * width))
        self._items["tangent"].setPen(
            pg.mkPen(theme.muted, width=1.2 * width, style=Qt.PenStyle.DashLine)
        )
        self._items["step"].setPen(pg.mkPen(theme.negative, width=2.4 * width))
        for key, colour in (("point", theme.accent), ("after", theme.negative)):
            self._items[key].setBrush(pg.mkBrush(QColor(colour)))
            self._items[key].setPen(pg.mkPen(theme.surface, width=1.5))

    # What it shows

    def _list_quantities(self, snapshot: Snapshot) -> None:
        architecture = snapshot.experiment.architecture
        refs = [ETA]
        refs += [Ref(Kind.INPUT, to=k) for k in range(architecture.n_inputs)]
        refs += [Ref(Kind.TARGET, to=k) for k in range(architecture.n_outputs)]
        self._listed = [*architecture.refs()][: _MOST_LISTED - len(refs)] + refs
        self.choice.clear()
        self.choice.addItems(["η" if ref == ETA else ref.name for ref in self._listed])

    def _refresh(self) -> None:
        if self._snapshot is None:
            return
        found = self._line = line(self._snapshot, self._ref)
        if found is None:
            return
        if self._figure is None:
            self._figure = self._make_figure()
            self._colour()
        listed = found.ref in self._listed
        self.choice.setCurrentIndex(self._listed.index(found.ref) if listed else -1)
        self._draw(found)
        self._show_facts(found)

    def _draw(self, found: Line) -> None:
        assert self._figure is not None
        if self._range is None or not self._range[0] < found.present < self._range[1]:
            self._range = found.usual_range
        low, high = self._range
        values = np.linspace(low, high, POINTS)
        costs = _shown(found.costs(values).total)
        reach = _TANGENT_SHARE * (high - low)
        near = np.array([found.present - reach, found.present + reach])
        tangent = found.cost + found.slope * (near - found.present)
        self._items["curve"].setData(values, costs)
        self._items["tangent"].setData(near, _shown(tangent))
        self._items["point"].setData([found.present], [found.cost])
        following, after = found.following, found.following_cost
        if following is None or after is None:
            self._items["step"].setData([], [])
            self._items["after"].setData([], [])
        else:
            ends = [found.present, following], [found.cost, found.cost + (found.predicted or 0.0)]
            self._items["step"].setData(*ends)
            self._items["after"].setData([following], [after])
        name = "η" if found.ref == ETA else found.ref.name
        self._figure.set_labels(name, "C after one update" if found.ref == ETA else "C")
        self._figure.set_range((low, high), _cost_range(costs))
        self._figure.handle = QPointF(found.present, found.cost)

    def _show_facts(self, found: Line) -> None:
        numbers = {
            "slope": found.slope,
            "step": found.step,
            "predicted": found.predicted,
            "actual": found.actual,
        }
        for key, number in numbers.items():
            self._facts[key].setText("–" if number is None else format_number(number, self._digits))
            self._facts[key].setWhatsThis("" if number is None else format_exact(number))
        words = f"C = {format_number(found.cost, self._digits)} at {found.ref} = "
        self.setAccessibleDescription(words + format_number(found.present, self._digits))

    # What it asks for

    def _choose(self, position: int) -> None:
        self.selected.emit(self._listed[position])
        self.show_selected(self._listed[position])

    def _drag(self, x: float, y: float) -> None:
        assert self._snapshot is not None
        if self._ref is not None:
            value = max(x, 0.0) if self._ref == ETA else x
            self.edit_requested.emit(SetValue(self._ref, value, self._snapshot.sample))

    def _zoomed(self) -> None:
        if self._figure is not None and self._line is not None:
            self._range = self._figure.x_range()
            self._draw(self._line)


def _exists(snapshot: Snapshot, ref: Ref) -> bool:
    try:
        snapshot.value(ref)
    except IndexError:
        return False
    return True


def _shown(costs: Array) -> Array:
    """Return the costs with NaN for all that an axis cannot show."""
    with np.errstate(invalid="ignore"):
        return np.where(np.abs(costs) < _LARGEST, costs, np.nan)


def _cost_range(costs: Array) -> tuple[float, float]:
    known = costs[np.isfinite(costs)]
    if not len(known):
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    room = (high - low or abs(high) or 1.0) * _HEADROOM
    return low - room, high + room
