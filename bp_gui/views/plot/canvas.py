"""The drawing itself: the curve, its marker, the crosshair, and what mouse and keys do to them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsEllipseItem,
    QGraphicsGridLayout,
    QGraphicsLineItem,
    QGraphicsWidget,
    QWidget,
)

from bp_gui.engine.arrays import Array
from bp_gui.views.plot.axis import Axis
from bp_gui.views.plot.curve_bins import Numbers

_BINS_PER_PIXEL: Final = 2
_MOST_BINS: Final = 2000
_LINE_WIDTH: Final = 1.6
_COMPANION_WIDTH: Final = 1.2
_CLICK: Final = 4.0  # pixels that a click may wander
_LONGEST_CLIMB: Final = 4000.0  # pixels up and down that a single path may go
_MARKER: Final = 4.0  # radius in pixels
_WIDEST_TICK: Final = "0.0000"

_Key = Qt.Key


class Move(Enum):
    """What a key does to the readout."""

    BACK = auto()
    ON = auto()
    PAGE_BACK = auto()
    PAGE_ON = auto()
    FIRST = auto()
    LAST = auto()
    LET_GO = auto()


_MOVES: Final = {
    _Key.Key_Left: Move.BACK,
    _Key.Key_Right: Move.ON,
    _Key.Key_PageUp: Move.PAGE_BACK,
    _Key.Key_PageDown: Move.PAGE_ON,
    _Key.Key_Home: Move.FIRST,
    _Key.Key_End: Move.LAST,
    _Key.Key_Escape: Move.LET_GO,
}
STEPS: Final = {Move.BACK: -1, Move.ON: 1}
PAGES: Final = {Move.PAGE_BACK: -0.1, Move.PAGE_ON: 0.1}  # of the points in view
_KEYBOARD_REASONS: Final = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    }
)


@dataclass(frozen=True, eq=False)
class Line:
    """A curve beside the main one, in the coordinates of the axes.

    Attributes
    ----------
    colour, dashed, x, y
        How it looks, and its points; NaN interrupts it.
    is_bundle
        Whether it is many curves with gaps between them: strokes are painted three times as fast as
        one path, whose even joints nobody sees there.
    """

    colour: str
    dashed: bool
    x: Numbers
    y: Array
    is_bundle: bool = False


class _ViewBox(pg.ViewBox):  # type: ignore[misc]
    """The plot's area: wheel and drag act on the updates, with Ctrl on the cost too.

    Attributes
    ----------
    taken_over : Signal()
        A person is about to change the range. pyqtgraph's own signal comes after the change, when
        a plot that follows its data has already undone it.
    """

    taken_over = Signal()

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0)
        self.disableAutoRange()
        self.setLimits(xMin=0, minXRange=2)

    def wheelEvent(self, event: Any, axis: int | None = None) -> None:
        """Zoom."""
        self.taken_over.emit()
        super().wheelEvent(event, self._axis(event, axis))

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        """Pan."""
        if event.button() == Qt.MouseButton.RightButton:
            event.ignore()
        else:
            self.taken_over.emit()
            super().mouseDragEvent(event, self._axis(event, axis))

    @staticmethod
    def _axis(event: Any, axis: int | None) -> int | None:
        with_cost = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        return 0 if axis is None and not with_cost else axis


class Canvas(pg.GraphicsView):  # type: ignore[misc]
    """The drawing: axes, curve, and over them the marker of the present and the cursor."""

    fit_asked = Signal()
    moved_by_hand = Signal()
    area_changed = Signal()
    pointed = Signal(object)
    key_pressed = Signal(object)
    update_clicked = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, background=None)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAntialiasing(True)
        # The panel shows through; a cached background would be filled.
        self.setCacheMode(self.CacheModeFlag.CacheNone)
        self.viewport().setAutoFillBackground(False)
        self._accent, self._border = QColor(), QColor()
        self._pressed: QPointF | None = None
        self._view = _ViewBox()
        self._updates_axis, self._cost_axis = Axis("bottom", self._view), Axis("left", self._view)
        self._curve = pg.PlotCurveItem(antialias=True, connect="finite")
        self._view.addItem(self._curve, ignoreBounds=True)
        self._companions: list[Any] = []
        self._companion_lines: list[Line] = []
        root = QGraphicsWidget()
        grid = QGraphicsGridLayout(root)
        grid.setContentsMargins(0, 8, 14, 0)
        grid.setSpacing(0)
        grid.addItem(self._cost_axis, 0, 0)
        grid.addItem(self._view, 0, 1)
        grid.addItem(self._updates_axis, 1, 1)
        self.setCentralItem(root)
        dot = QRectF(-_MARKER, -_MARKER, 2 * _MARKER, 2 * _MARKER)
        self._line = QGraphicsLineItem()
        self._marker, self._ring = QGraphicsEllipseItem(dot), QGraphicsEllipseItem(dot)
        self._marker_place: QPointF | None = None
        self._cursor_update: float | None = None
        self._cursor_place: QPointF | None = None
        for item in (self._line, self._marker, self._ring):
            self.scene().addItem(item)
            item.setZValue(10)
            item.hide()
        self._view.sigRangeChanged.connect(self._on_area_changed)
        self._view.sigResized.connect(self._on_area_changed)
        self._view.taken_over.connect(self.moved_by_hand)

    # What is shown ----------------------------------------------------------------------------

    def bins(self) -> int:
        """Return how many bins the width is worth."""
        width = self._view.width() * self.devicePixelRatioF()
        return int(min(max(_BINS_PER_PIXEL * width, 1), _MOST_BINS))

    def updates_shown(self) -> tuple[float, float]:
        """Return the range of the horizontal axis."""
        low, high = self._view.viewRange()[0]
        return float(low), float(high)

    def update_at(self, place: QPointF) -> float:
        """Return the update count at a place in the scene."""
        return float(self._view.mapSceneToView(place).x())

    def coordinates_at(self, place: QPointF) -> QPointF:
        """Return update count and cost at a place in the scene, in the coordinates of the axes."""
        return QPointF(self._view.mapSceneToView(place))

    def pixel_height(self) -> float:
        """Return how much of the cost axis a pixel is worth, in its coordinates."""
        low, high = self._view.viewRange()[1]
        return float((high - low) / max(self._view.height(), 1.0))

    def set_area(self, updates: tuple[float, float], costs: tuple[float, float]) -> None:
        """Show a range of each axis, both in the coordinates of the axes."""
        blocked = QSignalBlocker(self)
        # So far and no further: below this, neighbouring ticks would need too many digits.
        self._view.setLimits(minYRange=3e-3 * (costs[1] - costs[0]))
        self._view.setRange(xRange=updates, yRange=costs, padding=0)
        blocked.unblock()

    def make_visible(self, update: int) -> None:
        """Pan so that an update can be seen."""
        low, high = self.updates_shown()
        if not low <= update <= high:
            self._view.setXRange(update - (high - low) / 2, update + (high - low) / 2, padding=0)

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Label the cost axis with powers of ten of its coordinates, or with them."""
        self._cost_axis.logarithmic = logarithmic
        self._cost_axis.picture = None
        self._cost_axis.update()

    def draw_curve(self, x: Numbers, y: Array) -> None:
        """Draw a polyline; NaN interrupts it."""
        # A path has even joints, but takes twenty times as long as strokes if it is all noise.
        is_noise = self._climb(y) > _LONGEST_CLIMB
        self._curve.setSegmentedLineMode("on" if is_noise else "off")
        self._curve.setData(x, y)

    def draw_companions(self, lines: Sequence[Line]) -> None:
        """Draw other curves under the curve."""
        while len(self._companions) < len(lines):
            item = pg.PlotCurveItem(antialias=True, connect="finite")
            item.setZValue(-1)
            self._view.addItem(item, ignoreBounds=True)
            self._companions.append(item)
        for item, line in zip(self._companions, lines, strict=False):
            item.setSegmentedLineMode("on" if line.is_bundle else "auto")
            item.setData(line.x, line.y)
        for item in self._companions[len(lines) :]:
            item.setData(np.empty(0), np.empty(0))
        looks = [(line.colour, line.dashed) for line in lines]
        if looks != [(line.colour, line.dashed) for line in self._companion_lines]:
            self._companion_lines = list(lines)
            self._pen_companions()
        self._companion_lines = list(lines)

    def _pen_companions(self) -> None:
        width = _COMPANION_WIDTH * self.devicePixelRatioF()
        for item, line in zip(self._companions, self._companion_lines, strict=False):
            style = Qt.PenStyle.DashLine if line.dashed else Qt.PenStyle.SolidLine
            item.setPen(pg.mkPen(line.colour, width=width, style=style))

    def _climb(self, y: Array) -> float:
        """Return by how many pixels a polyline goes up and down in all."""
        low, high = self._view.viewRange()[1]
        with np.errstate(over="ignore"):
            return float(np.nansum(np.abs(np.diff(y))) * (self._view.height() / (high - low)))

    def place_marker(self, place: QPointF | None) -> None:
        """Mark the present point."""
        self._marker_place = place
        self._arrange()

    def place_cursor(self, update: float | None, place: QPointF | None) -> None:
        """Point at an update with a line, and with a ring if its cost can be shown."""
        self._cursor_update, self._cursor_place = update, place
        self._arrange()

    def _arrange(self) -> None:
        area = self._view.sceneBoundingRect()
        self._put(self._marker, self._marker_place)
        self._put(self._ring, None if self._cursor_update is None else self._cursor_place)
        x = -math.inf
        if self._cursor_update is not None:
            # In the middle of a pixel, where an antialiased line is sharp.
            x = math.floor(self._view.mapViewToScene(QPointF(self._cursor_update, 0.0)).x()) + 0.5
        self._line.setVisible(area.left() - 1 <= x <= area.right() + 1)
        if self._line.isVisible():
            self._line.setLine(x, area.top(), x, area.bottom())

    def _put(self, item: QGraphicsEllipseItem, place: QPointF | None) -> None:
        shown = False
        if place is not None:
            position = self._view.mapViewToScene(place)
            shown = self._view.sceneBoundingRect().adjusted(-1, -1, 1, 1).contains(position)
            if shown:
                item.setPos(position)
        item.setVisible(shown)

    # How it looks -----------------------------------------------------------------------------

    def set_updates_label(self, text: str) -> None:
        """Name the horizontal axis."""
        self._updates_axis.setLabel(text)

    def set_fonts(self, font: QFont) -> None:
        """Take a font for the labels, and a smaller one for the ticks."""
        ticks = QFont(font)
        if font.pointSizeF() > 0:
            ticks.setPointSizeF(max(font.pointSizeF() - 1, 1))
        else:
            ticks.setPixelSize(max(font.pixelSize() - 1, 1))
        ticks.setFeature(QFont.Tag("tnum"), 1)
        metrics = QFontMetricsF(ticks)
        for axis in (self._updates_axis, self._cost_axis):
            axis.setTickFont(ticks)
        self._cost_axis.setWidth(math.ceil(metrics.horizontalAdvance(_WIDEST_TICK)) + 12)
        self._updates_axis.label.setFont(ticks)
        self._updates_axis.setHeight(math.ceil(2 * metrics.height()) + 10)

    def set_colours(self, muted: str, grid: str, accent: str, surface: str) -> None:
        """Draw in other colours."""
        self._accent, self._border = QColor(accent), QColor(grid)
        for axis in (self._updates_axis, self._cost_axis):
            axis.setPen(grid)
            axis.setTickPen(grid)
            axis.setTextPen(muted)
        self._marker.setBrush(QBrush(self._accent))
        self._marker.setPen(pg.mkPen(surface, width=1.5))
        self._ring.setBrush(QBrush(QColor(surface)))
        self._ring.setPen(pg.mkPen(accent, width=1.5))
        line = QColor(muted)
        line.setAlphaF(0.6)
        self._line.setPen(pg.mkPen(line, width=1))
        self.update_pens()
        self._mark_focus(False)

    def update_pens(self) -> None:
        """Take over the resolution of the screen."""
        # A cosmetic pen counts device pixels.
        self._curve.setPen(pg.mkPen(self._accent, width=_LINE_WIDTH * self.devicePixelRatioF()))
        self._pen_companions()

    def _mark_focus(self, focused: bool) -> None:
        self._view.setBorder(pg.mkPen(self._accent if focused else self._border, width=1))

    # Qt ---------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Claim the readout's keys before a shortcut of the window; follow the screen."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            claimed = self._is_claimed(_move(event))
            event.setAccepted(claimed)
            return claimed
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.update_pens()
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the readout; every other key belongs to the window."""
        move = _move(event)
        if self._is_claimed(move):
            self.key_pressed.emit(move)
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell where the mouse points."""
        super().mouseMoveEvent(event)
        place = self.mapToScene(event.position().toPoint())
        self.pointed.emit(place if self._view.sceneBoundingRect().contains(place) else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for the moment that was clicked; a drag pans instead."""
        pressed, self._pressed = self._pressed, None
        super().mouseReleaseEvent(event)
        here = event.position()
        if pressed is not None and (here - pressed).manhattanLength() < _CLICK:
            place = self.mapToScene(here.toPoint())
            if self._view.sceneBoundingRect().contains(place):
                self.update_clicked.emit(max(round(self.update_at(place)), 0))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a click or a drag begins."""
        is_left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = event.position() if is_left else None
        super().mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the mouse has gone."""
        super().leaveEvent(event)
        self.pointed.emit(None)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the whole curve."""
        super().mouseDoubleClickEvent(event)
        self.fit_asked.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Outline the plot if the keyboard brought the focus."""
        super().focusInEvent(event)
        self._mark_focus(event.reason() in _KEYBOARD_REASONS)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the outline away."""
        super().focusOutEvent(event)
        self._mark_focus(False)

    def _is_claimed(self, move: Move | None) -> bool:
        """Return whether a key is for the readout; Escape only if there is something to let go."""
        return move is not None and (move is not Move.LET_GO or self._cursor_update is not None)

    def _on_area_changed(self, *_: object) -> None:
        self.area_changed.emit()


def _move(event: QKeyEvent) -> Move | None:
    """Return what a key press means, None if nothing."""
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return None
    return _MOVES.get(_Key(event.key()))
