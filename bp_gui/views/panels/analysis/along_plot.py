"""The picture of the cost along one quantity: curves, tangent, the step, and the point."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QWidget

from bp_gui.engine.arrays import Array
from bp_gui.engine.landscape import Costs
from bp_gui.engine.names import ETA
from bp_gui.session.whatif import Curve, Line
from bp_gui.views.plot.field import Note, Notes
from bp_gui.views.plot.figure import Figure
from bp_gui.views.theme import Theme

MOST_OUTPUTS = 6
_HEADROOM = 0.08
_TANGENT_SHARE = 0.22  # of the width, to either side of the point
_LARGEST = 1e300
_DEEPEST = 1e-9  # of the largest cost: below, a logarithmic axis goes no further
_DASHES = ((7, 3), (2, 3), (7, 3, 2, 3), (4, 2), (1, 4), (9, 4))


_NAMED_AT = (0.93, 0.07, 0.75, 0.25)  # of the points
_BESIDE = ((0.0, -10.0), (0.0, 10.0))  # pixels


class AlongPlot(Figure):
    """Shows the cost over a range of a quantity."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Cost along the quantity")
        self.moves = (True, False)
        self.setToolTip("Drag the point, or move it with ← and →; the wheel zooms")
        curve = {"antialias": True, "connect": "finite"}
        self._outputs = [self.add(pg.PlotCurveItem(**curve), 2) for _ in range(MOST_OUTPUTS)]
        self._curve = self.add(pg.PlotCurveItem(**curve), 1)
        self._tangent = self.add(pg.PlotCurveItem(**curve), 3)
        self._step = self.add(pg.PlotCurveItem(**curve), 4)
        self._after = self.add(pg.ScatterPlotItem(size=9), 5)
        self._point = self.add(pg.ScatterPlotItem(size=13), 6)
        self._notes = self.add(Notes(), 7)

    def set_style(self, theme: Theme, font: QFont) -> None:
        """Take over colours and the font."""
        self.set_fonts(font)
        self.set_theme(theme)
        width = self.devicePixelRatioF()
        for item, dashes in zip(self._outputs, _DASHES, strict=True):
            pen = pg.mkPen(theme.positive, width=1.2 * width)
            pen.setDashPattern(list(dashes))
            item.setPen(pen)
        self._curve.setPen(pg.mkPen(theme.accent, width=2.0 * width))
        self._tangent.setPen(pg.mkPen(theme.muted, width=1.2 * width, style=Qt.PenStyle.DashLine))
        self._step.setPen(pg.mkPen(theme.negative, width=2.4 * width))
        for item, colour in ((self._point, theme.accent), (self._after, theme.negative)):
            item.setBrush(pg.mkBrush(QColor(colour)))
            item.setPen(pg.mkPen(theme.surface, width=1.5))
        small = QFont(font)
        small.setPointSizeF(max(font.pointSizeF() - 1.0, 1.0))
        self._notes.set_style(small, theme.text, theme.surface)

    def show_curve(self, curve: Curve, *, logarithmic: bool, outputs: bool) -> None:
        """Show the cost over a quantity, and what each output adds to it if wished."""
        found, values, costs = curve.line, curve.values, curve.costs
        extent = float(values[0]), float(values[-1])
        self.set_logarithmic(logarithmic)
        floor = _floor(costs) if logarithmic else None
        shown = _shown(costs.total, floor)
        self._curve.setData(values, shown)
        several = outputs and costs.per_output.shape[-1] > 1
        parts = costs.per_output.T[: MOST_OUTPUTS if several else 0]
        curves = [shown, *(_shown(part, floor) for part in parts)]
        self._show_outputs(values, curves)
        self._show_tangent(found, extent, floor)
        self._show_step(found, floor)
        (cost,) = _shown(np.array([found.cost]), floor)
        self._point.setData([found.present], [cost])
        name = "η" if found.ref == ETA else found.ref.name
        self.set_labels(name, "C after one update" if found.ref == ETA else "C")
        self.set_range(extent, _cost_range(np.concatenate(curves)))
        self.handle = QPointF(found.present, float(cost))

    def _show_outputs(self, values: Array, curves: list[Array]) -> None:
        """Draw a curve an output, and name all of them."""
        whole, *parts = curves
        for at, item in enumerate(self._outputs):
            item.setData(*((values, parts[at]) if at < len(parts) else ([], [])))
        named = {"C": whole, **{f"C[{k}]": part for k, part in enumerate(parts, start=1)}}
        notes = [Note(name, _spots(values, curve), _BESIDE) for name, curve in named.items()]
        self._notes.set_notes(notes if parts else [], np.empty((0, 2)))

    def _show_tangent(self, found: Line, extent: tuple[float, float], floor: float | None) -> None:
        reach = _TANGENT_SHARE * (extent[1] - extent[0])
        near = np.linspace(found.present - reach, found.present + reach, 41)
        heights = found.cost + found.slope * (near - found.present)
        self._tangent.setData(near, _shown(heights, floor))

    def _show_step(self, found: Line, floor: float | None) -> None:
        """Draw what the tangent promises of the step, and the cost that it really leads to."""
        step = found.step
        way = np.linspace(step.start, step.end, 21)
        promised = found.start_cost + step.slope * (way - step.start)
        self._step.setData(way, _shown(promised, floor))
        self._after.setData([step.end], _shown(np.array([found.end_cost]), floor))


def _spots(values: Array, curve: Array) -> list[tuple[float, float]]:
    """Return places on a curve where its name can stand."""
    spots = [
        (float(values[k]), float(curve[k]))
        for k in (int(share * len(values)) for share in _NAMED_AT)
    ]
    return [spot for spot in spots if math.isfinite(spot[1])]


def _floor(costs: Costs) -> float:
    known = costs.total[np.isfinite(costs.total)]
    return _DEEPEST * float(known.max(initial=0.0)) or _DEEPEST


def _shown(costs: Array, floor: float | None) -> Any:
    """Return costs, or their logarithms above a floor; NaN for all that an axis cannot show."""
    with np.errstate(all="ignore"):
        if floor is not None:
            return np.log10(np.where((costs > floor) & (costs < _LARGEST), costs, np.nan))
        return np.where(np.abs(costs) < _LARGEST, costs, np.nan)


def _cost_range(costs: Array) -> tuple[float, float]:
    known = costs[np.isfinite(costs)]
    if not len(known):
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    room = (high - low or abs(high) or 1.0) * _HEADROOM
    return low - room, high + room
