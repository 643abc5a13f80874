"""A plain figure: two axes of numbers and an area to draw in, in the look of the cost curve."""

from __future__ import annotations

import math
from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent
from PySide6.QtWidgets import QFrame, QGraphicsGridLayout, QGraphicsWidget, QWidget

from bp_gui.views.plot.axis import NumberAxis
from bp_gui.views.theme import Theme

_WIDEST_TICK: Final = "−0.0000"
_REACH: Final = 14.0  # pixels around a point that can be dragged


class Figure(pg.GraphicsView):  # type: ignore[misc]
    """Axes, an area, and a point in it that can be dragged.

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
        self._is_dragging = False
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

    def set_theme(self, theme: Theme) -> None:
        """Draw the axes in other colours."""
        for axis in (self.bottom, self.left):
            axis.setPen(theme.grid)
            axis.setTickPen(theme.grid)
            axis.setTextPen(theme.muted)
        self.area.setBorder(pg.mkPen(QColor(theme.grid), width=1))

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
        place = self.area.mapSceneToView(self.mapToScene(event.position().toPoint()))
        self.dragged.emit(float(place.x()), float(place.y()))
