"""A plain figure: two axes of numbers and an area to draw in, in the look of the cost curve."""

from __future__ import annotations

import math
from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QFontMetricsF, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGraphicsGridLayout, QGraphicsWidget, QWidget

from bp_gui.views.plot.axis import NumberAxis
from bp_gui.views.theme import LIGHT, Theme

_WIDEST_TICK: Final = "−0.0000"
_REACH: Final = 14.0  # pixels around a point that can be dragged
_NUDGE: Final = 0.01  # of the range, for an arrow key; ten times as much with Shift
_RIM: Final = 0.004  # of the range, that a dragged point keeps away from its ends
_Key = Qt.Key
_NUDGES: Final = {
    _Key.Key_Left: (-1, 0),
    _Key.Key_Right: (1, 0),
    _Key.Key_Down: (0, -1),
    _Key.Key_Up: (0, 1),
}
_KEYBOARD_REASONS: Final = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    }
)


class Figure(pg.GraphicsView):  # type: ignore[misc]
    """Axes, an area, and a point in it that can be dragged, or moved by the arrow keys.

    Attributes
    ----------
    handle
        Where the point is; None for none.
    moves
        How the arrow keys move it, across and up.

    Signals
    -------
    dragged(x, y)
        The point is held at these coordinates.
    range_changed()
        A person has zoomed or panned.
    """

    dragged = Signal(float, float)
    range_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAntialiasing(True)
        # The panel shows through; a cached background would be filled.
        self.setCacheMode(self.CacheModeFlag.CacheNone)
        self.viewport().setAutoFillBackground(False)
        self.area = pg.ViewBox(enableMenu=False, defaultPadding=0)
        self.area.disableAutoRange()
        self.bottom, self.left = NumberAxis("bottom", self.area), NumberAxis("left", self.area)
        root = QGraphicsWidget()
        grid = QGraphicsGridLayout(root)
        grid.setContentsMargins(0, 6, 10, 0)
        grid.setSpacing(0)
        grid.addItem(self.left, 0, 0)
        grid.addItem(self.area, 0, 1)
        grid.addItem(self.bottom, 1, 1)
        self.setCentralItem(root)
        self._grid = grid
        self.handle: QPointF | None = None
        self.moves = (True, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._theme = LIGHT
        self._is_dragging = self._is_marked = False
        self._labels = ("", "")
        self._ranges: tuple[tuple[float, float], tuple[float, float]] | None = None
        self.area.sigRangeChangedManually.connect(lambda *_: self._on_zoomed())

    def _on_zoomed(self) -> None:
        self._ranges = None
        self.range_changed.emit()

    def add(self, item: Any, height: float = 0.0) -> Any:
        """Draw an item of pyqtgraph's at a height above the others, and return it."""
        item.setZValue(height)
        self.area.addItem(item, ignoreBounds=True)
        return item

    def add_beside(self, item: Any) -> None:
        """Put something, such as a colour bar, at the right of the area."""
        self._grid.addItem(item, 0, 2)

    def set_range(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Show this part of the plane."""
        if (x, y) != self._ranges:
            self._ranges = x, y
            self.area.setRange(xRange=x, yRange=y, padding=0)

    def x_range(self) -> tuple[float, float]:
        """Return the range of the horizontal axis."""
        low, high = self.area.viewRange()[0]
        return float(low), float(high)

    def set_labels(self, bottom: str, left: str) -> None:
        """Name the axes."""
        # A label lays itself out anew, which paints the figure twice.
        if (bottom, left) != self._labels:
            self._labels = bottom, left
            self.bottom.setLabel(bottom)
            self.left.setLabel(left)

    def set_fonts(self, font: QFont) -> None:
        """Take a font for labels and ticks."""
        ticks = QFont(font)
        ticks.setPointSizeF(max(font.pointSizeF() - 1, 1))
        ticks.setFeature(QFont.Tag("tnum"), 1)
        metrics = QFontMetricsF(ticks)
        for axis in (self.bottom, self.left):
            axis.setTickFont(ticks)
            axis.label.setFont(ticks)
        self.left.setWidth(
            math.ceil(metrics.horizontalAdvance(_WIDEST_TICK) + metrics.height()) + 12
        )
        self.bottom.setHeight(math.ceil(2 * metrics.height()) + 10)

    def set_logarithmic(self, on: bool) -> None:
        """Take the numbers of the vertical axis for decimal logarithms of what is shown."""
        if on != self.left.logarithmic:
            self.left.logarithmic = on
            self.left.picture = None
            self.left.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw the axes in other colours."""
        self._theme = theme
        for axis in (self.bottom, self.left):
            axis.setPen(theme.grid)
            axis.setTickPen(theme.grid)
            axis.setTextPen(theme.muted)
        self._mark_focus(self._is_marked)

    def _mark_focus(self, focused: bool) -> None:
        self._is_marked = focused
        colour = self._theme.accent if focused else self._theme.grid
        self.area.setBorder(pg.mkPen(QColor(colour), width=1))

    def event(self, event: QEvent) -> bool:
        """Claim the keys that move the point before a shortcut of the window does."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            claimed = self._nudge(event) is not None
            event.setAccepted(claimed)
            return claimed
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the point; every other key belongs to the window."""
        nudge = self._nudge(event)
        if nudge is None or self.handle is None:
            event.ignore()
        else:
            self.dragged.emit(self.handle.x() + nudge[0], self.handle.y() + nudge[1])

    def _nudge(self, event: QKeyEvent) -> tuple[float, float] | None:
        """Return how far a key moves the point, None if it does not."""
        shift = Qt.KeyboardModifier.ShiftModifier
        others = event.modifiers() & ~(shift | Qt.KeyboardModifier.KeypadModifier)
        across, up = _NUDGES.get(_Key(event.key()), (0, 0))
        across, up = across * self.moves[0], up * self.moves[1]
        if others or self.handle is None or not (across or up):
            return None
        share = _NUDGE * (10 if event.modifiers() & shift else 1)
        (left, right), (low, high) = self.area.viewRange()
        return across * share * (right - left), up * share * (high - low)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Outline the area if the keyboard brought the focus."""
        super().focusInEvent(event)
        self._mark_focus(event.reason() in _KEYBOARD_REASONS)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the outline away."""
        super().focusOutEvent(event)
        self._mark_focus(False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the point, if the press is on it."""
        self._is_dragging = event.button() == Qt.MouseButton.LeftButton and self._is_near(event)
        if self._is_dragging:
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the point, or say that it can be dragged."""
        if self._is_dragging:
            self._drag(event)
            return
        near = self._is_near(event)
        self.viewport().setCursor(
            Qt.CursorShape.OpenHandCursor if near else Qt.CursorShape.ArrowCursor
        )
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if self._is_dragging:
            self._is_dragging = False
        else:
            super().mouseReleaseEvent(event)

    def _is_near(self, event: QMouseEvent) -> bool:
        if self.handle is None:
            return False
        place = self.area.mapViewToScene(self.handle)
        offset = self.mapToScene(event.position().toPoint()) - place
        return math.hypot(offset.x(), offset.y()) < _REACH

    def _drag(self, event: QMouseEvent) -> None:
        """Ask for the place under the mouse, or the nearest in view: the view must hold still."""
        place = self.area.mapSceneToView(self.mapToScene(event.position().toPoint()))
        held = (
            min(max(float(at), low + _RIM * (high - low)), high - _RIM * (high - low))
            for at, (low, high) in zip((place.x(), place.y()), self.area.viewRange(), strict=True)
        )
        self.dragged.emit(*held)
