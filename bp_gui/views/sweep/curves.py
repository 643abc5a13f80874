"""The cost curves of all runs over each other; one is selected, and hovering names the others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bp_gui.controller.sweep import Finished
from bp_gui.engine.arrays import Array
from bp_gui.explain.numbers import format_number
from bp_gui.session.sweep.factors import FACTORS, Value
from bp_gui.session.sweep.pivot import ordered_values
from bp_gui.session.sweep.spec import Settings, Sweep
from bp_gui.session.sweep.written import settings_in_words, word
from bp_gui.views.panels.setup.section import button, quiet
from bp_gui.views.plot.curve_bins import min_max_bins
from bp_gui.views.plot.readout import Readout
from bp_gui.views.plot.scales import axis_coordinates, cost_range
from bp_gui.views.sweep.ramp import shades
from bp_gui.views.theme import LIGHT, Theme

if TYPE_CHECKING:
    from bp_gui.views.plot.canvas import Canvas, Line, Move

MOST_CURVES = 300
MOST_COLOURS = 5  # of names, which must be told apart
MOST_SHADES = 10  # of numbers, from low to high
_REACH = 14.0  # pixels around a curve that the pointer is on it
_SPARE = 0.03  # of the axis, beyond the last update
_MOST_POINTS = 12_000  # of all curves together: painting more would hold the window up
_FEWEST_BINS = 15
_HINT = "Point at a curve to name its run, click to select it."


class RunCurves(QWidget):
    """Curves in the colours of a setting's values; the selected one in the accent, on top.

    Of many runs those with the lowest costs are drawn; the text below says so.

    Signals
    -------
    run_chosen(run)
        A curve was clicked, or the arrow keys have gone to another one.
    """

    run_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sweep: Sweep | None = None
        self._finished: Sequence[Finished] = ()
        self._drawn: list[Finished] = []
        self._selected: int | None = None
        self._hovered: int | None = None
        self._theme = LIGHT
        self._digits = 6
        self._is_stale = True
        self._canvas: Canvas | None = None
        self.colour = QComboBox(self)
        self.colour.setAccessibleName("Colour of the curves")
        self.colour.setToolTip("The setting whose values the colours tell apart")
        self.log = button("Log", "Logarithmic cost axis", "Logarithmic cost axis")
        self.log.setParent(self)  # until the card takes it into its head
        self.log.setCheckable(True)
        self.log.setChecked(True)
        self.readout = Readout(self)
        self.legend = QLabel()
        self.legend.setObjectName("quiet")
        self.legend.setWordWrap(True)
        self._build()

    # What is shown

    def begin(self, sweep: Sweep) -> None:
        """Show a sweep without curves."""
        self._sweep, self._finished, self._drawn = sweep, (), []
        self._selected = self._hovered = None
        kept = self.colour.currentData()
        self.colour.clear()
        self.colour.addItem("one colour", None)
        for name in sweep.factors:
            most = MOST_SHADES if FACTORS[name].numeric else MOST_COLOURS
            if 2 <= len(ordered_values(sweep, name)) <= most:
                self.colour.addItem(FACTORS[name].label, name)
        place = self.colour.findData(kept)
        self.colour.setCurrentIndex(place if place > 0 else min(1, self.colour.count() - 1))
        self._refresh()

    def show_finished(self, finished: Sequence[Finished]) -> None:
        """Show the curves of all runs that have ended."""
        self._finished = finished
        self._refresh()

    def show_selected(self, run: int | None) -> None:
        """Draw a run's curve in the accent, above the others."""
        self._selected = run
        if self.isVisible():
            self._draw_selected()
        self._show_readout(None)

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        if self._canvas is not None:
            self._canvas.set_colours(theme.muted, theme.grid, theme.accent, theme.surface)
        self._refresh()

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits
        self._show_readout(None)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What belongs into the head of the card."""
        return quiet("colour"), self.colour, self.log

    @property
    def drawn(self) -> list[int]:
        """The runs whose curves are drawn, the lowest cost first."""
        return [each.result.run for each in self._drawn]

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what was missed while hidden; pyqtgraph is imported when it is first needed."""
        super().showEvent(event)
        if self._canvas is None:
            self._canvas = self._made_canvas()
        if self._is_stale:
            self._draw()

    # Building

    def _build(self) -> None:
        title = QLabel("Cost <i>C</i>")
        title.setObjectName("quiet")
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 0, 0)
        head.setSpacing(6)
        head.addWidget(title)
        head.addWidget(self.readout, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        self._place = QVBoxLayout()
        layout.addLayout(self._place, 1)
        layout.addWidget(self.legend)
        self.colour.activated.connect(self._refresh)
        self.log.toggled.connect(self._refresh)

    def _made_canvas(self) -> Canvas:
        from bp_gui.views.plot.canvas import Canvas

        canvas = Canvas(self)
        canvas.setAccessibleName("Cost curves of all runs")
        canvas.setToolTip("Left and right: the run with the next lower or higher cost")
        canvas.set_updates_label("Updates <i>n</i>")
        canvas.set_fonts(self.font())
        theme = self._theme
        canvas.set_colours(theme.muted, theme.grid, theme.accent, theme.surface)
        canvas.pointed.connect(self._point)
        canvas.update_clicked.connect(lambda _: self._choose_hovered())
        canvas.key_pressed.connect(self._move)
        canvas.fit_asked.connect(self._draw)
        canvas.area_changed.connect(self._place_marker)
        self._place.addWidget(canvas)
        self.setTabOrder(self.log, canvas)
        return canvas

    # Drawing

    def _refresh(self) -> None:
        if self.isVisible():
            self._draw()
        else:
            self._is_stale = True

    def _draw(self) -> None:
        if self._canvas is None or self._sweep is None:
            return
        self._is_stale = False
        there = [each for each in self._finished if len(each.updates)]
        self._drawn = sorted(there, key=_merit)[:MOST_CURVES]
        logarithmic = self.log.isChecked()
        self._canvas.set_logarithmic(logarithmic)
        last = max(self._sweep.updates, 1)
        self._canvas.set_area((0.0, last * (1 + _SPARE)), self._costs(logarithmic))
        self._canvas.draw_companions(self._lines())
        self._draw_selected()
        self._show_legend(len(there))
        self._show_readout(None)

    def _costs(self, logarithmic: bool) -> tuple[float, float]:
        """Return the range of costs: runs that diverged may leave it at the top."""
        well = [each.costs for each in self._drawn if not each.result.error]
        starts = [each.costs[:1] for each in self._drawn]
        costs = np.concatenate([*well, *starts]) if starts else np.empty(0)
        return cost_range(axis_coordinates(costs, logarithmic), logarithmic)

    def _lines(self) -> list[Line]:
        """Return one line for each colour: its curves one after another, with gaps between."""
        from bp_gui.views.plot.canvas import Line

        lines, bins = [], max(_MOST_POINTS // (2 * max(len(self._drawn), 1)), _FEWEST_BINS)
        for colour, _, runs in self._groups():
            x, y = [], []
            for each in runs:
                points = min_max_bins(each.updates, each.costs, 0.0, each.updates[-1], bins)
                x += [points[0], _GAP]
                y += [axis_coordinates(points[1], self.log.isChecked()), _GAP]
            if runs:
                lines.append(
                    Line(colour, False, np.concatenate(x), np.concatenate(y), is_bundle=True)
                )
        return lines

    def _groups(self) -> list[tuple[str, str, list[Finished]]]:
        """Return the colours, what they stand for, and the runs in each."""
        assert self._sweep is not None
        name, sweep = self.colour.currentData(), self._sweep
        if name is None:
            return [(self._theme.muted, "", self._drawn)]
        groups = []
        values = ordered_values(sweep, name)
        # The accent, the first colour, is left to the run that is selected.
        palette: Sequence[str] = self._theme.branches[1:]
        if FACTORS[name].numeric:
            palette = shades(len(values), dark=self._theme.dark)
        for value, colour in zip(values, palette, strict=False):
            runs = [each for each in self._drawn if _setting(sweep, each, name) == value]
            groups.append((colour, word(name, value, 3), runs))
        return groups

    def _coordinates(self, finished: Finished) -> Array:
        return axis_coordinates(finished.costs, self.log.isChecked())

    def _draw_selected(self) -> None:
        if self._canvas is None:
            return
        found = self._found(self._selected)
        if found is None:
            self._canvas.draw_curve(np.empty(0), np.empty(0))
        else:
            self._canvas.draw_curve(found.updates, self._coordinates(found))
        self._place_marker()

    def _place_marker(self) -> None:
        """Mark the end of the selected curve, wherever it now lies."""
        assert self._canvas is not None
        found = self._found(self._selected)
        y = np.empty(0) if found is None else self._coordinates(found)
        end = None
        if found is not None and len(y) and math.isfinite(y[-1]):
            end = QPointF(float(found.updates[-1]), float(y[-1]))
        self._canvas.place_marker(end)

    def _show_legend(self, there: int) -> None:
        groups = [(colour, text) for colour, text, _ in self._groups() if text]
        parts = [f'<span style="color:{c}">━</span> {escape(text)}' for c, text in groups]
        if parts:
            parts[0] = f"{escape(self.colour.currentText())}: {parts[0]}"
        if there > len(self._drawn):
            parts.append(f"the {len(self._drawn):,} of {there:,} runs with the lowest costs")
        self.legend.setText("&nbsp;&nbsp; ".join(parts))
        self.legend.setVisible(bool(parts))

    # Pointing

    def _found(self, run: int | None) -> Finished | None:
        if run is None:
            return None
        return next((each for each in self._finished if each.result.run == run), None)

    def _point(self, place: QPointF | None) -> None:
        """Name the run whose curve is nearest to the pointer, if one is near."""
        if self._canvas is None:
            return
        here = None if place is None else self._canvas.coordinates_at(place)
        nearest = None if here is None else self._nearest(here)
        self._hovered = None if nearest is None else nearest.result.run
        if here is None or nearest is None:
            self._canvas.place_cursor(None, None)
            self._show_readout(None)
            return
        y = float(np.interp(here.x(), nearest.updates, self._coordinates(nearest)))
        self._canvas.place_cursor(here.x(), QPointF(here.x(), y))
        self._show_readout(max(round(here.x()), 0))

    def _nearest(self, here: QPointF) -> Finished | None:
        assert self._canvas is not None
        reach, nearest = _REACH * self._canvas.pixel_height(), None
        for each in self._drawn:
            if not here.x() <= each.updates[-1] * (1 + _SPARE):
                continue
            y = float(np.interp(here.x(), each.updates, self._coordinates(each)))
            if abs(y - here.y()) <= reach:
                reach, nearest = abs(y - here.y()), each
        return nearest

    def _choose_hovered(self) -> None:
        if self._hovered is not None:
            self.run_chosen.emit(self._hovered)

    def _move(self, move: Move) -> None:
        """Go to the run with the next lower or higher cost."""
        from bp_gui.views.plot.canvas import STEPS, Move

        runs = self.drawn
        if not runs:
            return
        if self._selected not in runs:
            self.run_chosen.emit(runs[0])
            return
        ends = {Move.FIRST: 0, Move.LAST: len(runs) - 1}
        place = ends.get(move, runs.index(self._selected) + STEPS.get(move, 0))
        self.run_chosen.emit(runs[min(max(place, 0), len(runs) - 1)])

    def _show_readout(self, update: int | None) -> None:
        """Name the run that is pointed at, or else the selected one."""
        found = self._found(self._selected if self._hovered is None else self._hovered)
        if found is None or self._sweep is None:
            self.readout.setText(_HINT if self._drawn else "")
            return
        name = f"run {found.result.run + 1}: {_words(self._sweep.runs[found.result.run])}"
        cost = found.result.cost
        if update is not None and self._hovered is not None:
            cost = float(np.interp(update, found.updates, found.costs))
        text = f"{format_number(cost, self._digits)}   {name}"
        self.readout.setText(text)
        self.readout.setToolTip(text)
        if self._canvas is not None:
            self._canvas.setAccessibleDescription(text)


_GAP = np.array([np.nan])


def _words(settings: Settings) -> str:
    return settings_in_words(settings, 3)


def _merit(finished: Finished) -> tuple[bool, float]:
    """Return what runs are ranked by: those that went well first, the lowest cost first."""
    cost = finished.result.cost
    return bool(finished.result.error), cost if math.isfinite(cost) else math.inf


def _setting(sweep: Sweep, finished: Finished, name: str) -> Value:
    return dict(sweep.runs[finished.result.run])[name]
