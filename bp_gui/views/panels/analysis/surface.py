"""The cost over two parameters or two directions, as a map with contours."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from bp_gui.controller.calculator import Calculator
from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.names import Ref
from bp_gui.explain.numbers import format_number
from bp_gui.session.edits_whatif import MoveParameters
from bp_gui.session.snapshot import Snapshot
from bp_gui.session.whatif import Plane, main_plane, parameter_plane, random_plane
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.plot.contours import contour_lines, linear_levels, logarithmic_levels
from bp_gui.views.theme import LIGHT, Theme

if TYPE_CHECKING:
    from bp_gui.views.plot.figure import Figure

GRIDS = (21, 51, 101)
QUICK_WORK = 3e6  # samples × parameters × points that take a fraction of a frame
_MOST_LISTED = 120
_MOST_LEVELS = 14
_LEAST_REACH = 3.0
_ARROW = 0.16
_WIDE = 100.0  # ratio of costs from which powers of ten are shown
_ROOM = 0.25  # around what must be in view
_MAIN, _RANDOM = "main directions", "random directions"


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The states of a branch, (n, P), in the branch's colour."""

    colour: str
    theta: Array


@dataclass(frozen=True, eq=False)
class _Map:
    plane: Plane
    horizontal: Array
    vertical: Array
    costs: Array


class SurfacePanel(CardFrame):
    """A map of the cost; the present point can be dragged over it.

    Signals
    -------
    trajectories_requested()
        A moment is about to be shown: `set_trajectories` says where training has been.
    """

    trajectories_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Surface", parent)
        self._snapshot: Snapshot | None = None
        self._refs: list[Ref] = []
        self._range: tuple[float, float, float, float] | None = None
        self._trajectories: Sequence[Trajectory] = ()
        self._map: _Map | None = None
        self._shown_ground: tuple[object, ...] = ()
        self._seed = 0
        self._digits = 6
        self._theme = LIGHT
        self._figure: Figure | None = None
        self._items: dict[str, Any] = {}
        self._branch_items: list[Any] = []
        self._calculator = Calculator(self)
        self._calculator.found.connect(self._show_map)
        self.choices = (self._choice("Horizontal"), self._choice("Vertical"))
        self.body.addLayout(self._controls())
        self._place = QVBoxLayout()
        self.body.addLayout(self._place, 1)
        self._note = QLabel()
        self._note.setObjectName("quiet")
        self._note.setContentsMargins(4, 0, 4, 0)
        self._note.setWordWrap(True)
        self.body.addWidget(self._note)

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show a moment; the range stays while the point is inside it."""
        self._snapshot = None
        self.trajectories_requested.emit()
        self._snapshot = new
        if old is None or old.experiment.architecture != new.experiment.architecture:
            self._list_parameters(new)
            self._range = None
        self._refresh()

    def set_trajectories(self, trajectories: Sequence[Trajectory]) -> None:
        """Draw where training has been, a line a branch; the last is the present one's."""
        self._trajectories = trajectories
        if self._map is not None and self._snapshot is not None:
            self._draw_over(self._map.plane)

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        if self._figure is not None:
            self._figure.set_theme(theme)
            self._colour()

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits

    def panes(self) -> list[QWidget]:
        """Return the first choice."""
        return [self.choices[0]]

    def fit(self) -> None:
        """Show all that must be in view."""
        self._range = None
        self._refresh()

    # Building

    def _choice(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(f"{name} parameter")
        box.setToolTip(f"What the {name.lower()} axis varies")
        box.activated.connect(self.fit)
        return box

    def _controls(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(4, 0, 0, 0)
        for text, choice in zip(("across", "up"), self.choices, strict=True):
            label = QLabel(text)
            label.setObjectName("quiet")
            label.setBuddy(choice)
            row.addWidget(label)
            row.addWidget(choice, 1)
        for text, tip, slot in (
            ("Other", "Draw other random directions", self._next_seed),
            ("Fit", "Show the point and where training has been", self.fit),
        ):
            button = QToolButton()
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.clicked.connect(slot)
            row.addWidget(button)
        return row

    def _next_seed(self) -> None:
        self._seed += 1
        for choice in self.choices:
            choice.setCurrentText(_RANDOM)
        self.fit()

    def _list_parameters(self, snapshot: Snapshot) -> None:
        self._refs = list(snapshot.experiment.architecture.refs())[:_MOST_LISTED]
        names = [ref.name for ref in self._refs]
        last = snapshot.experiment.architecture.n_layers
        start = next(k for k, ref in enumerate(self._refs) if ref.layer == last - 1 or k == 0)
        weights = [k for k, ref in enumerate(self._refs) if ref.layer == last - 1]
        start = weights[0] if len(weights) > 1 else start
        for position, choice in enumerate(self.choices):
            choice.clear()
            choice.addItems([*names, _MAIN, _RANDOM])
            choice.setCurrentIndex(min(start + position, len(names) - 1))

    def _make_figure(self) -> Figure:
        import pyqtgraph as pg

        from bp_gui.views.plot.figure import Figure

        figure = Figure()
        figure.setAccessibleName("Cost over two parameters")
        figure.set_fonts(self.font())
        figure.set_theme(self._theme)
        image = figure.add(pg.ImageItem(axisOrder="row-major"), 0)
        image.setColorMap(pg.colormap.get("viridis"))
        bar = pg.ColorBarItem(
            colorMap=pg.colormap.get("viridis"), width=12, interactive=False, label=""
        )
        bar.setImageItem(image)
        bar.axis.enableAutoSIPrefix(False)  # costs as they are, not in thousandths
        bar.axis.setWidth(58)  # room for the label beside "0.15"
        figure.add_beside(bar)
        self._items = {
            "image": image,
            "bar": bar,
            "contours": figure.add(pg.PlotCurveItem(antialias=True, connect="pairs"), 1),
            "gradient": figure.add(pg.PlotCurveItem(antialias=True), 4),
            "step": figure.add(pg.PlotCurveItem(antialias=True), 5),
            "point": figure.add(pg.ScatterPlotItem(size=13), 6),
        }
        figure.dragged.connect(self._drag)
        figure.range_changed.connect(self._zoomed)
        self._place.addWidget(figure)
        return figure

    def _colour(self) -> None:
        import pyqtgraph as pg

        width = self.devicePixelRatioF()
        pen = QColor("#ffffff")
        pen.setAlphaF(0.45)
        self._items["contours"].setPen(pg.mkPen(pen, width=1.0 * width))
        self._items["gradient"].setPen(pg.mkPen("#ffffff", width=1.6 * width))
        self._items["step"].setPen(pg.mkPen(self._theme.negative, width=2.6 * width))
        self._items["point"].setBrush(pg.mkBrush(QColor("#ffffff")))
        self._items["point"].setPen(pg.mkPen("#11151c", width=2))
        for axis in (self._items["bar"].axis,):
            axis.setTextPen(self._theme.muted)
            axis.setPen(self._theme.grid)

    # Computing

    def _plane(self) -> Plane | None:
        """Return the plane that is chosen; the note says why there is none."""
        assert self._snapshot is not None
        texts = [choice.currentText() for choice in self.choices]
        try:
            if _MAIN in texts:
                states = [each.theta for each in self._trajectories]
                return main_plane(self._snapshot, np.concatenate(states or [np.empty((0, 1))]))
            if _RANDOM in texts:
                return random_plane(self._snapshot, self._seed)
            first, second = (self._refs[choice.currentIndex()] for choice in self.choices)
            return parameter_plane(self._snapshot, first, second)
        except ValueError as error:
            self._note.setText(str(error))
            return None

    def _refresh(self) -> None:
        if self._snapshot is None:
            return
        plane = self._plane()
        if plane is None:
            return
        if self._figure is None:
            self._figure = self._make_figure()
            self._colour()
        if self._range is None or not _inside(plane.present, self._range):
            self._range = self._usual_range(plane)
        experiment = self._snapshot.experiment
        work = len(experiment.t) * experiment.architecture.n_parameters
        ground = self._ground(plane)
        if self._map is not None and ground == self._shown_ground:
            # Moving over a plane leaves the plane as it is: only what lies on it has moved.
            self._map = replace(self._map, plane=plane)
            self._draw_over(plane)
            return
        self._shown_ground = ground
        quick = work * GRIDS[-1] ** 2 <= QUICK_WORK
        grids, box = (GRIDS[-1:] if quick else GRIDS), self._range
        self._calculator.ask(lambda: _maps(plane, box, grids), quick=quick)

    def _ground(self, plane: Plane) -> tuple[object, ...]:
        """Return all that the map depends on, but for the place of the present point on it."""
        assert self._snapshot is not None
        experiment = self._snapshot.experiment
        moves = (plane.first != 0) | (plane.second != 0)
        still = np.where(moves, 0.0, plane.landscape.parameters.theta)
        # Only along two parameters of their own does moving change nothing else.
        alone = np.count_nonzero(plane.first) == np.count_nonzero(plane.second) == 1
        return (
            still.tobytes() if alone else plane.landscape.parameters.theta.tobytes(),
            experiment.architecture,
            experiment.objective,
            id(experiment.data),
            plane.names,
            self._range,
        )

    def _usual_range(self, plane: Plane) -> tuple[float, float, float, float]:
        """Return a range that holds the point, the next step and where training has been."""
        places = [np.array([plane.present]), np.array([plane.present]) + np.array([plane.step])]
        places += [plane.places(each.theta) for each in self._trajectories if len(each.theta)]
        every = np.concatenate(places)
        low, high = every.min(axis=0), every.max(axis=0)
        room = np.maximum((high - low) * _ROOM, (_LEAST_REACH - (high - low)) / 2)
        low, high = low - np.maximum(room, 0.1), high + np.maximum(room, 0.1)
        return float(low[0]), float(high[0]), float(low[1]), float(high[1])

    def _show_map(self, found: _Map) -> None:
        if self._figure is None:
            return
        self._map = found
        costs = found.costs
        known = costs[np.isfinite(costs)]
        if not len(known):
            self._note.setText("No cost here is finite.")
            return
        low, high = float(known.min()), float(known.max())
        x, y = found.horizontal, found.vertical
        step = (x[1] - x[0], y[1] - y[0])
        image = self._items["image"]
        logarithmic = _spans_powers(low, high)
        if logarithmic:
            costs, low, high = np.log10(costs), math.log10(low), math.log10(high)
        image.setImage(costs, levels=(low, high), autoLevels=False)
        image.setRect(
            QRectF(x[0] - step[0] / 2, y[0] - step[1] / 2, step[0] * len(x), step[1] * len(y))
        )
        self._items["bar"].setLevels((low, high))
        text = "log₁₀ C" if logarithmic else "C"
        self._items["bar"].axis.setLabel(text, color=self._theme.muted)
        levels = _levels(float(known.min()), float(known.max()))
        lines = [contour_lines(found.costs, x, y, level) for level in levels]
        pieces = [np.concatenate(part) for part in zip(*lines, strict=True)] if lines else []
        self._items["contours"].setData(*(pieces or ([], [])))
        self._figure.set_labels(*found.plane.names)
        self._figure.set_range((float(x[0]), float(x[-1])), (float(y[0]), float(y[-1])))
        self._draw_over(found.plane)

    def _draw_over(self, plane: Plane) -> None:
        """Draw the point, the gradient, the step and where training has been."""
        assert self._figure is not None
        assert self._range is not None
        here = np.array(plane.present)
        scale = np.array([self._range[1] - self._range[0], self._range[3] - self._range[2]])
        slope = np.array(plane.gradient)
        # As long as a sixth of the picture, whatever the units of the two axes.
        size = float(np.hypot(*(slope / scale)))
        self._items["gradient"].setData(*_arrow(here, slope * (_ARROW / size if size else 0.0)))
        there = here + np.array(plane.step)
        self._items["step"].setData([here[0], there[0]], [here[1], there[1]])
        self._items["point"].setData([here[0]], [here[1]])
        self._figure.handle = QPointF(*plane.present)
        self._draw_branches(plane)
        across, up = (format_number(value, self._digits) for value in plane.gradient)
        self._note.setText(
            f"White: the gradient ({across}, {up}), uphill. Orange: the next step. "
            "Lines: where training has been."
        )

    def _draw_branches(self, plane: Plane) -> None:
        import pyqtgraph as pg

        assert self._figure is not None
        while len(self._branch_items) < len(self._trajectories):
            self._branch_items.append(self._figure.add(pg.PlotCurveItem(antialias=True), 3))
        width = 2.0 * self.devicePixelRatioF()
        for item in self._branch_items:
            item.setData([], [])
        for item, each in zip(self._branch_items, self._trajectories, strict=False):
            if len(each.theta) and each.theta.shape[1] == len(plane.theta):
                item.setPen(pg.mkPen(each.colour, width=width))
                item.setShadowPen(pg.mkPen("#ffffff", width=2.4 * width))
                item.setData(*plane.places(each.theta).T)

    # What it asks for

    def _drag(self, x: float, y: float) -> None:
        if self._map is not None:
            plane = self._map.plane
            self.edit_requested.emit(MoveParameters(plane.theta_at(x, y), plane.label))

    def _zoomed(self) -> None:
        if self._figure is not None:
            (x0, x1), (y0, y1) = self._figure.area.viewRange()
            self._range = float(x0), float(x1), float(y0), float(y1)
            self._refresh()


def _maps(
    plane: Plane, box: tuple[float, float, float, float], grids: Sequence[int]
) -> Iterator[_Map]:
    for points in grids:
        x, y = np.linspace(box[0], box[1], points), np.linspace(box[2], box[3], points)
        yield _Map(plane, frozen(x), frozen(y), plane.costs(x, y).total)


def _levels(low: float, high: float) -> list[float]:
    """Return round costs to draw contours at: powers where costs span orders of magnitude."""
    if _spans_powers(low, high):
        return logarithmic_levels(low, high, _MOST_LEVELS)
    return linear_levels(low, high, _MOST_LEVELS)


def _spans_powers(low: float, high: float) -> bool:
    return low > 0 and high / low > _WIDE


def _inside(place: tuple[float, float], box: tuple[float, float, float, float]) -> bool:
    return box[0] < place[0] < box[1] and box[2] < place[1] < box[3]


def _arrow(start: Array, shaft: Array) -> tuple[list[float], list[float]]:
    """Return an arrow as one line: there, and the two barbs of its head."""
    end = start + shaft
    back, side = -0.22 * shaft, 0.12 * np.array([-shaft[1], shaft[0]])
    points = [start, end, end + back + side, end, end + back - side]
    return [float(p[0]) for p in points], [float(p[1]) for p in points]
