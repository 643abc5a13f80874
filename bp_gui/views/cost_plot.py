"""The live cost curve: the cost of every recorded update, up to the present one."""

from __future__ import annotations

import math
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final

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
    QPainter,
    QPaintEvent,
    QPalette,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsEllipseItem,
    QGraphicsGridLayout,
    QGraphicsLineItem,
    QGraphicsWidget,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bp_gui.engine.arrays import Array
from bp_gui.explain.numbers import MINUS, format_number
from bp_gui.session.history import CostHistory
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.curve_bins import Numbers, min_max_bins, nearest_index

if TYPE_CHECKING:
    from bp_gui.views.theme import Theme

DEFAULT_DIGITS: Final = 6
_LARGEST: Final = 1e300  # a larger cost is left out: its axis would overflow
_SMALLEST: Final = 1e-300  # and an axis that ends below this would vanish
_BINS_PER_PIXEL: Final = 2
_MOST_BINS: Final = 2000
_FEWEST_UPDATES: Final = 10  # the horizontal axis never shows less, or it would show fractions
_SPARE: Final = 0.03  # of the axis, beyond the last update
_HEADROOM: Final = 1.1  # of the highest cost, on a linear axis
_FOOTROOM: Final = 0.02  # so that a cost of zero is not hidden by the axis
_FEWEST_DECADES: Final = 1.0
_LINE_WIDTH: Final = 1.6
_LONGEST_CLIMB: Final = 4000.0  # pixels up and down that a single path may go
_MARKER: Final = 4.0  # radius in pixels
_TICK_EVERY: Final = (62.0, 36.0)  # pixels, horizontally and vertically
_WIDEST_TICK: Final = "0.0000"
_MOST_PLACES: Final = 4  # decimals of a tick, before it is written with an exponent
_PLAIN_UNTIL: Final = 1e6

_Key = Qt.Key


class _Move(Enum):
    """What a key does to the readout."""

    BACK = auto()
    ON = auto()
    PAGE_BACK = auto()
    PAGE_ON = auto()
    FIRST = auto()
    LAST = auto()
    LET_GO = auto()


_MOVES: Final = {
    _Key.Key_Left: _Move.BACK,
    _Key.Key_Right: _Move.ON,
    _Key.Key_PageUp: _Move.PAGE_BACK,
    _Key.Key_PageDown: _Move.PAGE_ON,
    _Key.Key_Home: _Move.FIRST,
    _Key.Key_End: _Move.LAST,
    _Key.Key_Escape: _Move.LET_GO,
}
_STEPS: Final = {_Move.BACK: -1, _Move.ON: 1}
_PAGES: Final = {_Move.PAGE_BACK: -0.1, _Move.PAGE_ON: 0.1}  # of the points in view
_KEYBOARD_REASONS: Final = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    }
)


class CostPlot(QWidget):
    """The cost over the updates, with a readout under the cursor.

    The curve follows the data until a person zooms or pans, and again from `fit` on. Nothing is
    computed while the widget is hidden.

    Parameters
    ----------
    parent : QWidget, optional
        The parent widget.

    Attributes
    ----------
    logarithmic_changed : Signal(bool)
        The cost axis became logarithmic, or linear again.
    """

    logarithmic_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = CostHistory()
        self._updates = 0
        self._cost = math.nan
        self._digits = DEFAULT_DIGITS
        self._following = True
        self._is_stale = True
        self._pointer: QPointF | None = None  # where the mouse is, in the canvas
        self._held: int | None = None  # the update that the keyboard has chosen
        self._canvas = _Canvas(self)
        self._title = QLabel(self.tr("Cost <i>C</i>"), self)
        self._readout = _Readout(self)
        self._fit_button = _button(self, self.tr("Fit"), self.tr("Show the whole curve"))
        self._log_button = _button(self, self.tr("Log"), self.tr("Logarithmic cost axis"))
        self._log_button.setCheckable(True)
        self._build()
        self._connect()

    # State ------------------------------------------------------------------------------------

    def show_snapshot(self, new: Snapshot, old: Snapshot | None = None) -> None:
        """Show the curve that leads to a snapshot.

        Parameters
        ----------
        new : Snapshot
            The present.
        old : Snapshot, optional
            What was shown before; the plot compares with what it has drawn itself.
        """
        experiment = new.experiment
        if (
            experiment.history is self._history
            and experiment.updates == self._updates
            and (new.cost == self._cost or (math.isnan(new.cost) and math.isnan(self._cost)))
        ):
            return
        self._history, self._updates, self._cost = experiment.history, experiment.updates, new.cost
        self._refresh()

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Make the cost axis logarithmic or linear."""
        self._log_button.setChecked(logarithmic)

    def is_logarithmic(self) -> bool:
        """Return whether the cost axis is logarithmic."""
        return self._log_button.isChecked()

    def set_digits(self, digits: int) -> None:
        """Set how many significant digits the readout shows, 3 to 17."""
        self._digits = digits
        self._refresh()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._recolour(theme.text, theme.muted, theme.grid, theme.accent, theme.surface)

    def fit(self) -> None:
        """Show the whole curve, and follow it from now on."""
        if self._fit_button.hasFocus():
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self._following = True
        self._fit_button.hide()
        self._refresh()

    def readout(self) -> str:
        """Return the text of the readout."""
        return self._readout.text()

    # Qt ---------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what was missed while hidden."""
        super().showEvent(event)
        self._canvas.update_pens()
        if self._is_stale:
            self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Take over a new font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._canvas.set_fonts(self.font())

    # Building ---------------------------------------------------------------------------------

    def _build(self) -> None:
        policy = self._fit_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._fit_button.setSizePolicy(policy)
        self._fit_button.hide()
        self._title.setBuddy(self._canvas)
        header = QHBoxLayout()
        header.setContentsMargins(8, 0, 2, 0)
        header.setSpacing(4)
        header.addWidget(self._title)
        header.addSpacing(12)
        header.addWidget(self._readout, 1)
        header.addWidget(self._fit_button)
        header.addWidget(self._log_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(header)
        layout.addWidget(self._canvas, 1)
        self.setFocusProxy(self._canvas)
        self._canvas.setAccessibleName(self.tr("Cost curve"))
        self._canvas.set_updates_label(self.tr("Updates <i>n</i>"))
        self._canvas.set_fonts(self.font())
        colours, role = self.palette(), QPalette.ColorRole
        roles = (role.WindowText, role.PlaceholderText, role.Mid, role.Highlight, role.Window)
        self._recolour(*(colours.color(each).name() for each in roles))

    def _connect(self) -> None:
        self._fit_button.clicked.connect(self.fit)
        self._log_button.toggled.connect(self._on_log_toggled)
        self._canvas.fit_asked.connect(self.fit)
        self._canvas.moved_by_hand.connect(self._on_moved_by_hand)
        self._canvas.area_changed.connect(self._refresh)
        self._canvas.pointed.connect(self._on_pointed)
        self._canvas.key_pressed.connect(self._on_key_pressed)

    def _recolour(self, text: str, muted: str, grid: str, accent: str, surface: str) -> None:
        for label, colour in ((self._title, muted), (self._readout, text)):
            colours = label.palette()
            colours.setColor(QPalette.ColorRole.WindowText, QColor(colour))
            label.setPalette(colours)
        self._canvas.set_colours(muted, grid, accent, surface)

    # Drawing ----------------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Draw now if it can be seen, otherwise when it is shown."""
        if self.isVisible():
            self._draw()
        else:
            self._is_stale = True

    def _draw(self) -> None:
        self._is_stale = False
        canvas = self._canvas
        if self._following:
            low, high = 0.0, max(self._updates, _FEWEST_UPDATES) * (1 + _SPARE)
            x, y = self._polyline(low, high)
            canvas.set_area((low, high), _cost_range(y, self.is_logarithmic()))
        else:
            x, y = self._polyline(*canvas.updates_shown())
        canvas.draw_curve(x, y)
        self._show_readout()

    def _polyline(self, low: float, high: float) -> tuple[Numbers, Array]:
        """Return what to draw between two update counts, in the coordinates of the axes."""
        updates = self._history.updates
        x, y = min_max_bins(updates, self._history.costs, low, high, self._canvas.bins())
        if not len(updates) or high >= updates[-1]:
            x, y = np.append(x, self._updates), np.append(y, self._cost)
        return x, _axis_coordinates(y, self.is_logarithmic())

    # Intents ----------------------------------------------------------------------------------

    def _on_log_toggled(self, logarithmic: bool) -> None:
        self._canvas.set_logarithmic(logarithmic)
        if not self._following:
            _, y = self._polyline(*self._canvas.updates_shown())
            self._canvas.set_area(
                self._canvas.updates_shown(), _cost_range(y, self.is_logarithmic())
            )
        self._refresh()
        self.logarithmic_changed.emit(logarithmic)

    def _on_moved_by_hand(self) -> None:
        self._following = False
        self._fit_button.show()

    def _on_pointed(self, place: QPointF | None) -> None:
        self._pointer = place
        if place is not None:
            self._held = None
        self._show_readout()

    def _on_key_pressed(self, move: _Move) -> None:
        chosen, last = self._chosen(), len(self._history)
        index = last if chosen is None else chosen
        self._pointer = None
        if move is _Move.LET_GO:
            self._held = None
        else:
            if move in _PAGES:
                index += round(_PAGES[move] * self._points_shown()) or _sign(_PAGES[move])
            index = {_Move.FIRST: 0, _Move.LAST: last}.get(move, index + _STEPS.get(move, 0))
            self._held = self._point(min(max(index, 0), last))[0]
            self._canvas.make_visible(self._held)
        self._show_readout()

    # Readout ----------------------------------------------------------------------------------

    def _chosen(self) -> int | None:
        """Return the index of the point under the cursor; the present is the last one."""
        if self._pointer is not None:
            update = self._canvas.update_at(self._pointer)
        elif self._held is not None:
            update = float(self._held)
        else:
            return None
        last = len(self._history)
        if not last or update >= self._updates:
            return last
        index = nearest_index(self._history.updates, update)
        is_present = self._updates - update < abs(update - float(self._history.updates[index]))
        return last if is_present else index

    def _point(self, index: int) -> tuple[int, float]:
        """Return update count and cost of a point."""
        if index >= len(self._history):
            return self._updates, self._cost
        return int(self._history.updates[index]), float(self._history.costs[index])

    def _points_shown(self) -> int:
        low, high = self._canvas.updates_shown()
        updates = self._history.updates
        return int(np.count_nonzero((updates >= low) & (updates <= high)))

    def _show_readout(self) -> None:
        chosen = self._chosen()
        update, cost = self._point(len(self._history) if chosen is None else chosen)
        self._readout.setText(
            self.tr("update {update}   C = {cost}").format(
                update=update, cost=format_number(cost, self._digits)
            )
        )
        self._canvas.place_marker(self._place(self._updates, self._cost))
        self._canvas.place_cursor(
            None if chosen is None else float(update), self._place(update, cost)
        )
        self._canvas.setAccessibleDescription(self._in_words(update, cost, chosen is None))

    def _place(self, update: int, cost: float) -> QPointF | None:
        """Return where a point lies in the coordinates of the axes, None if nowhere."""
        y = float(_axis_coordinates(np.array([cost]), self.is_logarithmic())[0])
        return QPointF(update, y) if math.isfinite(y) else None

    def _in_words(self, update: int, cost: float, is_present: bool) -> str:
        number = format_number(cost, self._digits)
        if not is_present:
            return self.tr("At update {update} the cost is {cost}.").format(
                update=update, cost=number
            )
        words = self.tr("After {update} updates the cost is {cost}.").format(
            update=update, cost=number
        )
        if len(self._history):
            first, start = self._point(0)
            words += " " + self.tr("At update {update} it was {cost}.").format(
                update=first, cost=format_number(start, self._digits)
            )
        return words


class _Readout(QLabel):
    """A line of text that is cut short with an ellipsis instead of widening the window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        font = self.font()
        font.setFeature(QFont.Tag("tnum"), 1)
        self.setFont(font)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text."""
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            alignment = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(self.rect(), alignment, text)


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


class _Axis(pg.AxisItem):  # type: ignore[misc]
    """An axis with few, round ticks in the notation of the rest of the window."""

    logarithmic = False

    def __init__(self, orientation: str, view: pg.ViewBox) -> None:
        super().__init__(orientation, linkView=view, maxTickLength=0)
        self._is_vertical = orientation == "left"
        self.enableAutoSIPrefix(False)
        self.setStyle(tickAlpha=255, autoExpandTextSpace=False, tickTextOffset=6)
        self.setGrid(255)
        self.setZValue(-1000)  # below the curve

    def boundingRect(self) -> QRectF:
        """Return the area of axis and grid, with room for labels at the very ends."""
        beyond = (20, 12) if self._is_vertical else (40, 0)
        rect: QRectF = super().boundingRect()
        return rect.adjusted(-beyond[0], -beyond[1], beyond[0], beyond[1])

    def tickValues(
        self, minVal: float, maxVal: float, size: float
    ) -> list[tuple[float | None, list[float]]]:
        """Return one level of ticks, in the coordinates of the axis."""
        most = max(size / _TICK_EVERY[self._is_vertical], 2.0)
        if self.logarithmic:
            return [_logarithmic_ticks(minVal, maxVal, most)]
        return [_linear_ticks(minVal, maxVal, most, 0.0 if self._is_vertical else 1.0)]

    def tickStrings(self, values: list[float], scale: float, spacing: float | None) -> list[str]:
        """Return the labels of ticks."""
        if not self._is_vertical:
            return [f"{value:.0f}" for value in values]
        numbers = [10.0**value for value in values] if self.logarithmic else values
        if spacing is None:
            return [format_number(number, 3) for number in numbers]
        return _evenly_written(numbers, spacing)


class _Canvas(pg.GraphicsView):  # type: ignore[misc]
    """The drawing: axes, curve, and over them the marker of the present and the cursor."""

    fit_asked = Signal()
    moved_by_hand = Signal()
    area_changed = Signal()
    pointed = Signal(object)
    key_pressed = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, background=None)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAntialiasing(True)
        # The panel shows through; a cached background would be filled.
        self.setCacheMode(self.CacheModeFlag.CacheNone)
        self.viewport().setAutoFillBackground(False)
        self._accent, self._border = QColor(), QColor()
        self._view = _ViewBox()
        self._updates_axis, self._cost_axis = _Axis("bottom", self._view), _Axis("left", self._view)
        self._curve = pg.PlotCurveItem(antialias=True, connect="finite")
        self._view.addItem(self._curve, ignoreBounds=True)
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

    def _is_claimed(self, move: _Move | None) -> bool:
        """Return whether a key is for the readout; Escape only if there is something to let go."""
        return move is not None and (move is not _Move.LET_GO or self._cursor_update is not None)

    def _on_area_changed(self, *_: object) -> None:
        self.area_changed.emit()


def _button(parent: QWidget, text: str, purpose: str) -> QToolButton:
    """Return a small flat button."""
    button = QToolButton(parent)
    button.setText(text)
    button.setToolTip(purpose)
    button.setAccessibleName(purpose)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def _move(event: QKeyEvent) -> _Move | None:
    """Return what a key press means, None if nothing."""
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return None
    return _MOVES.get(_Key(event.key()))


def _sign(number: float) -> int:
    return 1 if number > 0 else -1


def _axis_coordinates(costs: Array, logarithmic: bool) -> Array:
    """Return costs, or their decimal logarithms, with NaN for all that the axis cannot show."""
    with np.errstate(invalid="ignore"):
        shown = np.abs(costs) <= _LARGEST
        if not logarithmic:
            return np.where(shown, costs, np.nan)
        return np.log10(np.where(shown & (costs > 0), costs, np.nan))


def _cost_range(y: Array, logarithmic: bool) -> tuple[float, float]:
    """Return the range of the cost axis that shows a polyline, in the axis's coordinates."""
    known = y[np.isfinite(y)]
    if not len(known):
        return (-1.0, 0.0) if logarithmic else (0.0, 1.0)
    low, high = float(known.min()), float(known.max())
    if logarithmic:
        beyond = max(_FEWEST_DECADES - (high - low), 0.1 * (high - low)) / 2
        return low - beyond, high + beyond
    low, high = min(low, 0.0) * _HEADROOM, max(high, 0.0) * _HEADROOM
    if high - low <= _SMALLEST:
        low, high = 0.0, 1.0
    return low - _FOOTROOM * (high - low), high


def _linear_ticks(
    low: float, high: float, most: float, least_step: float
) -> tuple[float, list[float]]:
    """Return step and places of at most ``most`` ticks at multiples of 1, 2 or 5 times 10ⁿ."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1.0, 2.0, 5.0, 10.0, 20.0) if factor * power >= rough)
    step = max(step, least_step)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return step, [index * step for index in range(first, last + 1)]


def _logarithmic_ticks(low: float, high: float, most: float) -> tuple[float | None, list[float]]:
    """Return ticks at powers of ten, and at 2 and 5 times these if there is room.

    Over less than a decade they are evenly spaced numbers, and the step is returned too.
    """
    decades = range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
    fine = [
        exponent + math.log10(factor)
        for exponent in range(math.floor(low), math.floor(high) + 1)
        for factor in (1.0, 2.0, 5.0)
    ]
    fine = [place for place in fine if low - 1e-9 <= place <= high + 1e-9]
    if len(fine) < 3:
        step, numbers = _linear_ticks(10.0**low, 10.0**high, most, 0.0)
        return step, [math.log10(number) for number in numbers if number > 0]
    if len(fine) <= most:
        return None, fine
    every = math.ceil(len(decades) / most)
    return None, [float(exponent) for exponent in decades if exponent % every == 0]


def _evenly_written(numbers: list[float], step: float) -> list[str]:
    """Return numbers with as many decimals each as their common step needs.

    Where that takes too much room they share an exponent: ``0.5e−6``, ``1.0e−6``.
    """
    largest = max((abs(number) for number in numbers), default=0.0)
    finest = math.floor(math.log10(step) + 1e-9)
    if largest < _PLAIN_UNTIL and -finest <= _MOST_PLACES:
        return [_typeset(f"{number:.{max(-finest, 0)}f}") for number in numbers]
    exponent = math.floor(math.log10(max(largest, step)) + 1e-9)
    places = max(exponent - finest, 0)
    return [
        _typeset(f"{number / 10.0**exponent:.{places}f}e{exponent}") if number else "0"
        for number in numbers
    ]


def _typeset(number: str) -> str:
    return number.replace("-", MINUS)
