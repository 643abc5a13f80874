"""The picture of a cost surface: shades, contours, arrows, and where training has been."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QWidget

from bp_gui.engine.arrays import Array
from bp_gui.explain.numbers import format_number
from bp_gui.session.paths import Path
from bp_gui.session.planes import Plane
from bp_gui.views.panels.analysis.surface_maps import Map
from bp_gui.views.plot.colour_bar import ColourBar
from bp_gui.views.plot.contours import (
    colours_of,
    contour_lines,
    linear_levels,
    logarithmic_levels,
    shares_between,
)
from bp_gui.views.plot.field import Arrow, Field, Note, Notes
from bp_gui.views.plot.figure import Figure
from bp_gui.views.plot.shades import shades
from bp_gui.views.theme import LIGHT, Theme

_MOST_LEVELS = 12
_WIDE = 50.0  # ratio of costs from which powers of ten are shown
_DEEPEST = 1e-7  # of the highest cost: below, all shades are one
_ARROW = 58.0  # pixels of the gradient's arrow
_ANCHORS = (0.82, 0.18, 0.5)
_BESIDE = (  # pixels from a mark to its text
    *((0.0, -19.0), (0.0, 19.0), (-36.0, 0.0), (36.0, 0.0)),
    *((-30.0, 17.0), (30.0, 17.0), (-30.0, -17.0), (30.0, -17.0)),
)
_LEAST_OF_PICTURE = 0.02  # of the picture between two marks of a way


class SurfacePlot(Figure):
    """Shows a map and what lies on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Cost over two directions")
        self._theme = LIGHT
        self._map: Map | None = None
        self._paths: list[Any] = []
        self._contours = pg.PlotCurveItem(antialias=True, connect="pairs")
        self._marks = pg.ScatterPlotItem(size=7)
        self._starts = pg.ScatterPlotItem(size=9)
        self._point = pg.ScatterPlotItem(size=13)
        self._field, self._notes = Field(), Notes()
        self._gradient, self._step = Arrow(1.8, _ARROW), Arrow(2.4)
        items = (self._field, self._contours, self._notes, self._starts, self._marks)
        for height, item in enumerate(items):
            self.add(item, height if height < 3 else height + 3)
        for height, item in enumerate((self._gradient, self._step, self._point), start=10):
            self.add(item, height)
        self._bar = ColourBar()
        self.add_beside(self._bar)

    def set_style(self, theme: Theme, font: QFont) -> None:
        """Take over colours and the font."""
        self.set_fonts(font)
        self.set_theme(theme)
        self._small = QFont(font)
        self._small.setPointSizeF(max(font.pointSizeF() - 1.0, 1.0))
        width = self.devicePixelRatioF()
        line = QColor(theme.text)
        line.setAlphaF(0.42 if theme.dark else 0.36)
        self._contours.setPen(pg.mkPen(line, width=width))
        self._notes.set_style(self._small, theme.text, theme.surface)
        self._gradient.set_colours(theme.text, theme.surface)
        self._step.set_colours(theme.negative, theme.surface)
        self._point.setBrush(pg.mkBrush(theme.surface))
        self._point.setPen(pg.mkPen(theme.text, width=2.2))
        self._marks.setPen(pg.mkPen(theme.surface, width=1.2))
        self._bar.set_style(theme, shades(theme), self._small)
        if self._map is not None:
            self._paint_field(self._map)

    # The map

    def show_map(self, found: Map, title: str) -> None:
        """Show costs, and with them the part of the plane that they are of."""
        self._map = found
        known = found.costs[np.isfinite(found.costs)]
        high = float(known.max())
        low = max(float(known.min()), _DEEPEST * high) if high > 0 else float(known.min())
        self._scale = low, high, low > 0 and high / low > _WIDE
        levels = _levels(*self._scale)
        x, y = found.horizontal, found.vertical
        lines = [contour_lines(found.costs, x, y, level) for level in levels]
        pieces = [np.concatenate(part) for part in zip(*lines, strict=True)] if lines else []
        self._contours.setData(*(pieces or ([], [])))
        self._level_notes = [
            Note(format_number(level, 3), _anchored(line, x, y))
            for level, line in zip(levels, lines, strict=True)
        ]
        self._paint_field(found)
        low, high, logarithmic = self._scale
        self._bar.set_scale(low, high, logarithmic=logarithmic, title=title)
        self._levels = levels
        self.set_labels(*found.plane.names)
        self.set_range((float(x[0]), float(x[-1])), (float(y[0]), float(y[-1])))

    def _paint_field(self, found: Map) -> None:
        shares = shares_between(found.costs, *self._scale)
        missing = QColor(self._theme.border).rgb()
        pixels = colours_of(shares, shades(self._theme), missing)
        self._field.show_pixels(pixels, found.horizontal, found.vertical)

    # What lies on it

    def show_moment(self, plane: Plane, output: int | None, paths: Sequence[Path]) -> None:
        """Show the point, the gradient, the next step and where training has been."""
        here = plane.present
        there = plane.following
        self._gradient.set_arrow(here, plane.uphill(output))
        self._step.set_arrow(here, (there[0] - here[0], there[1] - here[1]))
        self._point.setData([here[0]], [here[1]])
        self.handle = QPointF(*here)
        cost = plane.snapshot.cost if output is None else self._output_cost(plane, output)
        self._bar.set_marks(self._levels, cost)
        self._show_paths(plane, paths)

    def _output_cost(self, plane: Plane, output: int) -> float:
        here = (np.array([value]) for value in plane.present)
        return float(plane.costs(*here).per_output[0, 0, output])

    def _show_paths(self, plane: Plane, paths: Sequence[Path]) -> None:
        """Draw a line a branch, and on the last one marks at powers of ten."""
        while len(self._paths) < len(paths):
            self._paths.append(self.add(pg.PlotCurveItem(antialias=True), 4))
        for item in self._paths[len(paths) :]:
            item.setData([], [])
        size, starts, marks = self.devicePixelRatioF(), [], []
        places = np.empty((0, 2))
        for item, path in zip(self._paths, paths, strict=False):
            places = plane.places(path.theta)
            colour = self._theme.branch_colour(path.branch)
            width = (2.2 if path is paths[-1] else 1.5) * size
            item.setPen(pg.mkPen(colour, width=width))
            item.setShadowPen(pg.mkPen(self._theme.surface, width=width + 2.2 * size))
            item.setData(*places.T)
            if len(places) > 1:
                starts.append({"pos": places[0], "pen": pg.mkPen(colour, width=2)})
                marks = self._path_marks(path, places) if path is paths[-1] else []
                self._marks.setBrush(pg.mkBrush(colour))
        self._starts.setData(starts, brush=pg.mkBrush(self._theme.surface))
        self._marks.setData([{"pos": place} for _, place in marks])
        notes = [Note(text, [place], _BESIDE) for text, place in marks]
        self._notes.set_notes([*notes, *self._level_notes], self._obstacles(places))

    def _obstacles(self, places: Array) -> Array:
        assert self.handle is not None
        return np.concatenate((places, [[self.handle.x(), self.handle.y()]]))

    def _path_marks(self, path: Path, places: Array) -> list[tuple[str, tuple[float, float]]]:
        """Return number of updates and place at powers of ten, where they can be told apart."""
        (left, right), (low, high) = self.area.viewRange()
        scale = np.array([right - left, high - low])
        first, last = path.updates[0], path.updates[-1]
        marks: list[tuple[str, tuple[float, float]]] = []
        before = places[0] / scale
        for exponent in range(max(math.ceil(math.log10(max(last, 1.0))) + 1, 1)):
            update = 10.0**exponent
            if not first < update <= last:
                continue
            at = np.array([np.interp(update, path.updates, column) for column in places.T])
            if np.hypot(*(at / scale - before)) > _LEAST_OF_PICTURE:
                before = at / scale
                marks.append((f"{update:,.0f}", (float(at[0]), float(at[1]))))
        return marks


def _levels(low: float, high: float, logarithmic: bool) -> list[float]:
    """Return round costs to draw contours at: powers where costs span orders of magnitude."""
    if logarithmic:
        return logarithmic_levels(low, high, _MOST_LEVELS)
    return linear_levels(low, high, _MOST_LEVELS)


def _anchored(line: tuple[Array, Array], x: Array, y: Array) -> list[tuple[float, float]]:
    """Return places on a contour for its label: where it crosses some lines of the picture."""
    if not len(line[0]):
        return []
    across = (line[0][::2] - x[0]) / (x[-1] - x[0])
    up = (line[1][::2] - y[0]) / (y[-1] - y[0])
    found = []
    for share in _ANCHORS:
        for distance in (np.abs(up - share), np.abs(across - share), np.abs(across - up)):
            k = int(np.argmin(distance))
            if distance[k] < 0.02:
                found.append((float(line[0][2 * k]), float(line[1][2 * k])))
    return found
