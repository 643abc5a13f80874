"""The cost over two parameters or two directions, as a map with contours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from bp_gui.controller.calculator import Calculator
from bp_gui.engine.names import Ref
from bp_gui.session.edits_whatif import MoveParameters
from bp_gui.session.paths import Path
from bp_gui.session.planes import Axes, Plane, main_plane, parameter_plane, random_plane
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.panels.analysis.surface_maps import (
    Box,
    Map,
    first_two,
    ground_of,
    is_inside,
    maps,
    usual_box,
)
from bp_gui.views.panels.analysis.surface_words import caption, gradient_text, scale_title
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.theme import LIGHT, Theme

if TYPE_CHECKING:
    from bp_gui.views.panels.analysis.surface_plot import SurfacePlot

GRIDS = (21, 51, 101)
QUICK_WORK = 3e6  # samples × parameters × points that take a fraction of a frame
SETTLED_MS = 250  # after the last change, before a plane that was held is laid anew
_REST = 0.08  # seconds between two maps of a large network
_MOST_LISTED = 1000
_MOST_OUTPUTS = 40
MAIN, RANDOM = Axes.MAIN.value, Axes.RANDOM.value


class SurfacePanel(CardFrame):
    """A map of the cost; the present point can be moved over it by mouse and by keys.

    While things move a plane of main or random directions stays where it is; it is laid through the
    present again once they have settled.

    Signals
    -------
    paths_requested()
        A moment is about to be shown: `set_paths` says where training has been.
    refinement_requested()
        Things have settled: `set_paths` may say it more closely.
    """

    paths_requested = Signal()
    refinement_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Surface", parent)
        self._snapshot: Snapshot | None = None
        self._refs: list[Ref] = []
        self._range: Box | None = None
        self._paths: Sequence[Path] = ()
        self._map: Map | None = None
        self._held: Plane | None = None
        self._shown_ground: tuple[object, ...] = ()
        self._seed = 0
        self._digits = 6
        self._theme = LIGHT
        self._plot: SurfacePlot | None = None
        self._calculator = Calculator(self, rest=_REST)
        self._calculator.found.connect(self._show_map)
        self._settled = QTimer(self, interval=SETTLED_MS, singleShot=True)
        self._settled.timeout.connect(self._settle)
        self.choices = (self._choice("Horizontal axis"), self._choice("Vertical axis"))
        self.output = self._choice("Cost to draw")
        self._fill_head()
        self.body.addLayout(self._controls())
        self._place = QVBoxLayout()
        self.body.addLayout(self._place, 1)
        self._slopes, self._note = QLabel(), QLabel()
        self._slopes.setAccessibleName("Gradient")
        self._note.setWordWrap(True)
        for label in (self._slopes, self._note):
            label.setObjectName("quiet")
            label.setContentsMargins(4, 0, 4, 0)
            self.body.addWidget(label)

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show a moment; the range stays while the point is inside it."""
        self._snapshot = None
        self.paths_requested.emit()
        self._snapshot = new
        is_another = old is None or old.experiment.architecture != new.experiment.architecture
        if is_another:
            self._list_choices(new)
            self._range = self._held = None
        self._refresh()
        if is_another:
            self.refinement_requested.emit()
        else:
            self._settled.start()

    def set_paths(self, paths: Sequence[Path]) -> None:
        """Draw where training has been, a line a branch; the last is the present one's."""
        before, self._paths = self._paths, paths
        if self._snapshot is None:
            return
        # Moving the point adds a state; only training makes the main directions others.
        if abs(_count(paths) - _count(before)) > 1 and self.choices[0].currentText() == MAIN:
            self._held = self._range = None
        self._refresh()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        if self._plot is not None:
            self._plot.set_style(theme, self.font())
            self._show_moment()

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits
        self._show_moment()

    def panes(self) -> list[QWidget]:
        """Return the first choice."""
        return [self.choices[0]]

    def fit(self) -> None:
        """Show all that must be in view."""
        self._range = self._held = None
        self._refresh()

    # Building

    def _choice(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.activated.connect(self.fit)
        return box

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        return button

    def _fill_head(self) -> None:
        self.output.setToolTip("The whole cost, or what one output adds to it")
        self.other = self._button("Other", "Draw other random directions")
        self.other.clicked.connect(self._next_seed)
        fit = self._button("Fit", "Show the point and where training has been")
        fit.clicked.connect(self.fit)
        for widget in (self.output, self.other, fit):
            self.add_to_head(widget)

    def _controls(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(4, 0, 0, 0)
        tips = (
            "The parameter that the horizontal axis varies, or a pair of directions for both axes",
            "The parameter that the vertical axis varies; directions come in pairs",
        )
        for text, choice, tip in zip(("across", "up"), self.choices, tips, strict=True):
            label = QLabel(text)
            label.setObjectName("quiet")
            label.setBuddy(choice)
            choice.setToolTip(tip)
            row.addWidget(label)
            row.addWidget(choice, 1)
        return row

    def _next_seed(self) -> None:
        self._seed += 1
        self.fit()

    def _list_choices(self, snapshot: Snapshot) -> None:
        architecture = snapshot.experiment.architecture
        self._refs = list(architecture.refs())[:_MOST_LISTED]
        names = [ref.name for ref in self._refs]
        for choice, start, more in zip(
            self.choices, first_two(architecture, self._refs), ([MAIN, RANDOM], []), strict=True
        ):
            choice.clear()
            choice.addItems([*names, *more])
            choice.setCurrentIndex(start)
        self.choices[0].insertSeparator(len(names))
        self.output.clear()
        outputs = min(architecture.n_outputs, _MOST_OUTPUTS)
        self.output.addItems(["C", *(f"C[{k + 1}]" for k in range(outputs))])
        self.output.setVisible(outputs > 1)

    def _make_plot(self) -> SurfacePlot:
        # pyqtgraph takes half a second to import: only when somebody looks.
        from bp_gui.views.panels.analysis.surface_plot import SurfacePlot

        plot = SurfacePlot()
        plot.setToolTip("Drag the point, or move it with the arrow keys; the wheel zooms")
        plot.set_style(self._theme, self.font())
        plot.dragged.connect(self._drag)
        plot.range_changed.connect(self._zoomed)
        self._place.addWidget(plot)
        return plot

    # Computing

    def _plane(self) -> Plane | None:
        """Return the plane that is chosen; the note says why there is none."""
        assert self._snapshot is not None
        kind = self.choices[0].currentText()
        self.choices[1].setEnabled(kind not in (MAIN, RANDOM))
        self.other.setVisible(kind == RANDOM)
        if self._held is not None:
            return self._held.seen_from(self._snapshot)
        try:
            if kind == MAIN:
                self._held = main_plane(self._snapshot, [path.theta for path in self._paths])
            elif kind == RANDOM:
                self._held = random_plane(self._snapshot, self._seed)
            else:
                first, second = (self._refs[choice.currentIndex()] for choice in self.choices)
                return parameter_plane(self._snapshot, first, second)
        except ValueError as error:
            self._note.setText(str(error))
        return self._held

    def _settle(self) -> None:
        """Lay a plane through the present that training has left, and follow training closely."""
        if self._snapshot is None:
            return
        if self._held is not None and not self._held.seen_from(self._snapshot).holds_present:
            self._held = self._range = None
            self._refresh()
        self.refinement_requested.emit()

    def _refresh(self) -> None:
        if self._snapshot is None:
            return
        plane = self._plane()
        if self._plot is not None:
            self._plot.setVisible(plane is not None)
        if plane is None:
            return
        if self._plot is None:
            self._plot = self._make_plot()
        if self._range is None or not is_inside(plane.present, self._range):
            self._range = usual_box(plane, self._paths)
        ground = ground_of(plane, self._output, self._range)
        if self._map is not None and ground == self._shown_ground:
            # Moving over a plane leaves the plane as it is: only what lies on it has moved.
            self._map = replace(self._map, plane=plane)
            self._show_moment()
            return
        self._shown_ground = ground
        experiment = self._snapshot.experiment
        work = len(experiment.t) * experiment.architecture.n_parameters
        quick = work * GRIDS[-1] ** 2 <= QUICK_WORK
        grids, box, output = (GRIDS[-1:] if quick else GRIDS), self._range, self._output
        self._calculator.ask(lambda: maps(plane, output, box, grids), quick=quick)

    @property
    def _output(self) -> int | None:
        at = self.output.currentIndex()
        return at - 1 if at > 0 else None

    # Showing

    def _show_map(self, found: Map) -> None:
        if self._plot is None or self._snapshot is None:
            return
        if not np.isfinite(found.costs).any():
            self._note.setText("No cost here is finite.")
            return
        self._map = found
        self._plot.show_map(found, scale_title(self._snapshot.experiment, found.output))
        self._show_moment()

    def _show_moment(self) -> None:
        """Draw what lies on the map, and say what all of it is."""
        if self._plot is None or self._map is None:
            return
        plane, output = self._map.plane, self._map.output
        paths = [path for path in self._paths if path.theta.shape[1] == len(plane.theta)]
        self._plot.show_moment(plane, output, paths)
        self._slopes.setText(gradient_text(plane, output, self._digits))
        text = caption(plane, output, paths, self._theme)
        if text != self._note.text():
            self._note.setText(text)

    # What it asks for

    def _drag(self, x: float, y: float) -> None:
        if self._map is not None:
            plane = self._map.plane
            self.edit_requested.emit(MoveParameters(plane.theta_at(x, y), plane.label))

    def _zoomed(self) -> None:
        if self._plot is not None:
            (x0, x1), (y0, y1) = self._plot.area.viewRange()
            self._range = float(x0), float(x1), float(y0), float(y1)
            self._refresh()


def _count(paths: Sequence[Path]) -> int:
    return sum(len(path.theta) for path in paths)
