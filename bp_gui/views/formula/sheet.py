"""A page of headings, prose and equations; its links can be hovered, clicked and reached by key."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from bp_gui.explain.written import Digits, to_text
from bp_gui.views.formula.blocks import Block, text_of
from bp_gui.views.formula.items import EquationItem, Item, Measures, SheetColours, made_for
from bp_gui.views.formula.picture import Region
from bp_gui.views.formula.typesetter import Typesetter
from bp_gui.views.theme import LIGHT, Theme

_MARGIN = 6
_RADIUS = 4.0
_IDLE_MS = 30
_GUESSED_LINES = 3.0
_BAR = 2.0  # the line beside what is unfolded
_ACTIVATING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)  # not Space, which runs the training


class Spot(NamedTuple):
    """A part of an equation on the sheet, which is the block at ``position``."""

    position: int
    item: EquationItem
    region: Region


class Sheet(QAbstractScrollArea):
    """Shows blocks in a column; its links can be clicked, hovered, and reached by Tab and arrows.

    Signals
    -------
    activated(target, position)
        A link in the block at that position was clicked, or chosen by Return.
    hovered(target)
        The pointer is over another link, or over none: None.
    menu_requested(block, QPoint)
        A context menu is wanted for a block, or for the whole sheet: None; the place is global.
    copy_requested(block)
        The copy key was pressed, on a block or on none.
    let_go()
        Escape was pressed.
    """

    activated = Signal(object, int)
    hovered = Signal(object)
    menu_requested = Signal(object, QPoint)
    copy_requested = Signal(object)
    let_go = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self._colours = SheetColours.of(LIGHT)
        self._digits: Digits = 6
        self._typesetter: Typesetter | None = None
        self._measures: Measures | None = None
        self._blocks: tuple[Block, ...] = ()
        self._items: list[Item] = []
        self._old_items: list[Item] = []
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._set_more)
        self._tops: list[float] = []
        self._marked: frozenset[Hashable] = frozenset()
        self._previewed: frozenset[Hashable] = frozenset()
        self._hovered: Spot | None = None
        self._focused: tuple[int, int] | None = None
        self._pointed: int | None = None

    # What it shows

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What it shows."""
        return self._blocks

    @property
    def digits(self) -> Digits:
        """How numbers are shown."""
        return self._digits

    def show_blocks(self, blocks: Sequence[Block]) -> None:
        """Show other blocks; those that are equal to the ones before are not set again."""
        self._measured()
        self._blocks = tuple(blocks)
        self._old_items = self._items + self._old_items[len(self._items) :]
        self._items = []
        self._set_until(self.verticalScrollBar().value() + self.viewport().height())
        self._arrange()

    def set_digits(self, digits: Digits) -> None:
        """Show numbers with other digits."""
        if digits != self._digits:
            self._digits = digits
            self._typesetter = None
            self._set_again()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._colours = SheetColours.of(theme)
        self.viewport().update()

    def show_selected(self, *targets: Hashable | None) -> None:
        """Mark every appearance of what is selected; None is nothing."""
        self._marked = frozenset(targets) - {None}
        self.viewport().update()

    def show_hovered(self, target: Hashable | None) -> None:
        """Mark every appearance of what is hovered somewhere."""
        previewed = frozenset((target,)) - {None}
        if previewed != self._previewed:
            self._previewed = previewed
            self.viewport().update()

    def point_at(self, position: int | None) -> None:
        """Show a block and mark it, until another is marked; None marks none."""
        self._pointed = position
        if position is not None:
            self._set_all()
        if position is not None and position < len(self._items):
            item = self._items[position]
            self._reveal(QRectF(0.0, self._tops[position], 1.0, item.height))
        self.viewport().update()

    def scroll_to_top(self) -> None:
        """Show the beginning."""
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)
        self._focused = None

    def sizeHint(self) -> QSize:
        """Return a page of some lines."""
        return QSize(420, 320)

    # Setting

    def _measured(self) -> Measures:
        width = self.viewport().width() - 2 * _MARGIN
        if self._typesetter is None:
            self._typesetter = Typesetter(self._digits)
        if self._measures is None or self._measures.typesetter is not self._typesetter:
            pixels = self.fontInfo().pixelSize()
            self._measures = Measures(self.font(), pixels, self._typesetter, width)
        return self._measures

    def _set_again(self) -> None:
        self._measures = None
        self._items = []
        self._old_items = []
        if self._blocks:
            self.show_blocks(self._blocks)

    def _set_until(self, bottom: float) -> None:
        """Set blocks from above until the page is full; the others wait until there is time."""
        measures, y = self._measured(), float(_MARGIN)
        y += sum(item.space_before + item.height for item in self._items)
        for block in self._blocks[len(self._items) :]:
            if y > bottom:
                break
            position = len(self._items)
            known = self._old_items[position] if position < len(self._old_items) else None
            old = None if known is None else known.updated(block)
            item = old or made_for(block, measures)
            self._items.append(item)
            y += item.space_before + item.height
        if len(self._items) < len(self._blocks):
            self._idle.start()
        else:
            self._idle.stop()
            self._old_items = []

    def _set_more(self) -> None:
        """Set a screenful of the blocks below what can be seen."""
        set_so_far = self._tops[-1] if self._tops else 0.0
        self._set_until(set_so_far + self.viewport().height())
        self._arrange()

    def _set_all(self) -> None:
        if len(self._items) < len(self._blocks):
            self._set_until(math.inf)
            self._arrange()

    def _waiting_height(self) -> float:
        """Return about how high the blocks are that are not set yet."""
        waiting = range(len(self._items), len(self._blocks))
        known = [self._old_items[n] for n in waiting if n < len(self._old_items)]
        guess = _GUESSED_LINES * QFontMetricsF(self.font()).height()
        rest = (len(waiting) - len(known)) * guess
        return rest + sum(item.space_before + item.height for item in known)

    def _arrange(self) -> None:
        y = float(_MARGIN)
        self._tops = []
        for number, item in enumerate(self._items):
            y += item.space_before if number else 0.0
            self._tops.append(y)
            y += item.height
        height = round(y + self._waiting_height()) + _MARGIN
        width = round(max((item.width for item in self._items), default=0.0)) + 2 * _MARGIN
        page = self.viewport().size()
        for bar, whole, shown in (
            (self.verticalScrollBar(), height, page.height()),
            (self.horizontalScrollBar(), width, page.width()),
        ):
            bar.setPageStep(shown)
            bar.setSingleStep(24)
            bar.setRange(0, max(whole - shown, 0))
        self._hovered = None
        self.viewport().update()

    # Places

    def _offset(self) -> QPointF:
        """Return where the page's origin is in the viewport."""
        bars = self.horizontalScrollBar(), self.verticalScrollBar()
        return QPointF(_MARGIN - bars[0].value(), -bars[1].value())

    def spot_at(self, point: QPoint) -> Spot | None:
        """Return the link or quantity at a place of the viewport."""
        place = QPointF(point) - self._offset()
        for position, (item, top) in enumerate(zip(self._items, self._tops, strict=True)):
            if isinstance(item, EquationItem) and top <= place.y() <= top + item.height:
                region = item.region_at(place.x(), place.y(), top)
                return None if region is None else Spot(position, item, region)
        return None

    def block_at(self, point: QPoint) -> Block | None:
        """Return the block at a place of the viewport."""
        y = (QPointF(point) - self._offset()).y()
        for item, top in zip(self._items, self._tops, strict=True):
            if top <= y <= top + item.height:
                return item.block
        return None

    def place_of(self, target: Hashable) -> QRectF | None:
        """Return where a target is first seen in the viewport's coordinates."""
        for item, top in zip(self._items, self._tops, strict=True):
            for region in item.regions:
                if region.target == target and isinstance(item, EquationItem):
                    return item.place_of(region, top).translated(self._offset())
        return None

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is visible."""
        painter = QPainter(self.viewport())
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            offset = self._offset()
            painter.translate(offset)
            shown = QRectF(event.rect()).translated(-offset)
            for number, (item, top) in enumerate(zip(self._items, self._tops, strict=True)):
                if top + item.height < shown.top() or top > shown.bottom():
                    continue
                self._paint_bars(painter, number)
                if number == self._pointed:
                    self._paint_pointer(painter, item, top)
                if isinstance(item, EquationItem):
                    self._paint_marks(painter, item, top)
                item.paint(painter, top, self._colours)
            self._paint_focus(painter)
        finally:
            painter.end()

    def _paint_bars(self, painter: QPainter, number: int) -> None:
        """Draw a line for each level that a block is unfolded in."""
        item, measures = self._items[number], self._measured()
        bottom = self._tops[number] + item.height
        following = number + 1
        top = self._tops[number] - (item.space_before if number else 0.0)
        is_last = following == len(self._items)
        for level in range(1, item.block.depth + 1):
            goes_on = not is_last and self._items[following].block.depth >= level
            end = self._tops[following] - self._items[following].space_before if goes_on else bottom
            x = measures.indent(level) - 0.6 * measures.math_pixels
            painter.fillRect(QRectF(x, top, _BAR, end - top), self._colours.selected)

    def _paint_pointer(self, painter: QPainter, item: Item, top: float) -> None:
        width = max(item.width, self._measured().width) + _MARGIN
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colours.hovered)
        area = QRectF(-_MARGIN / 2, top - _MARGIN / 2, width, item.height + _MARGIN)
        painter.drawRoundedRect(area, _RADIUS, _RADIUS)

    def _paint_marks(self, painter: QPainter, item: EquationItem, top: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for region in item.regions:
            if self._shows(region, self._marked):
                painter.setBrush(self._colours.selected)
            elif self._shows(region, self._previewed) or (
                self._hovered is not None and region is self._hovered.region
            ):
                painter.setBrush(self._colours.hovered)
            else:
                continue
            painter.drawRoundedRect(item.place_of(region, top), _RADIUS, _RADIUS)

    @staticmethod
    def _shows(region: Region, what: frozenset[Hashable]) -> bool:
        return bool(what) and (region.target in what or region.ref in what)

    def _paint_focus(self, painter: QPainter) -> None:
        spot = self._focused_spot()
        if spot is None or not self.hasFocus() or self._focused is None:
            return
        painter.setPen(QPen(self._colours.accent, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        place = spot.item.place_of(spot.region, self._tops[self._focused[0]])
        painter.drawRoundedRect(place, _RADIUS, _RADIUS)

    # The pointer

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Preview what is under the pointer."""
        self._hover(self.spot_at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is under the pointer."""
        spot = self.spot_at(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and spot is not None:
            self.activated.emit(spot.region.target, spot.position)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Keep the end of a click from what lies behind."""
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """End the preview."""
        super().leaveEvent(event)
        self._hover(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu."""
        place = event.pos()
        block = self.block_at(place)
        if event.reason() is QContextMenuEvent.Reason.Keyboard and self._focused is not None:
            block = self._items[self._focused[0]].block
        self.menu_requested.emit(block, event.globalPos())

    def _hover(self, spot: Spot | None) -> None:
        old = None if self._hovered is None else self._hovered.region
        new = None if spot is None else spot.region
        if new is old:
            return
        self._hovered = spot
        pointing = Qt.CursorShape.ArrowCursor if spot is None else Qt.CursorShape.PointingHandCursor
        self.viewport().setCursor(pointing)
        self.hovered.emit(None if new is None else new.target)
        self.viewport().update()

    # The keyboard

    def _links(self, number: int) -> list[Region]:
        """Return what the keyboard can reach in a block, from left to right and line by line."""
        regions = self._items[number].regions
        links = [region for region in regions if region.is_link]
        return links or regions

    def _focused_spot(self) -> Spot | None:
        if self._focused is None:
            return None
        number, position = self._focused
        if number >= len(self._items):
            return None
        item, links = self._items[number], self._links(number)
        if not isinstance(item, EquationItem) or not links:
            return None
        return Spot(number, item, links[min(position, len(links) - 1)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go among the links, and choose one."""
        key, spot = event.key(), self._focused_spot()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit(None if spot is None else spot.item.block)
        elif key == Qt.Key.Key_Escape:
            self._focus(None, 0)
            self.let_go.emit()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.modifiers():
            self._go(1 if key == Qt.Key.Key_Right else -1)
        elif key in _ACTIVATING and spot is not None:
            self.activated.emit(spot.region.target, spot.position)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Go to the next equation with links, and leave after the last."""
        self._set_all()
        step = 1 if forwards else -1
        start = self._focused[0] + step if self._focused is not None else 0
        if self._focused is None and not forwards:
            start = len(self._items) - 1
        number = start
        while 0 <= number < len(self._items):
            if self._links(number):
                self._focus(number, 0)
                return True
            number += step
        self._focus(None, 0)
        return super().focusNextPrevChild(forwards)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin with the first link."""
        super().focusInEvent(event)
        self._set_all()
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            numbers = [n for n in range(len(self._items)) if self._links(n)]
            if numbers:
                first = event.reason() is Qt.FocusReason.TabFocusReason
                self._focus(numbers[0 if first else -1], 0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the frame away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def _go(self, step: int) -> None:
        self._set_all()
        every = [(n, k) for n in range(len(self._items)) for k in range(len(self._links(n)))]
        if not every:
            return
        if self._focused in every:
            place = every.index(self._focused) + step
        else:
            place = 0 if step > 0 else len(every) - 1
        if 0 <= place < len(every):
            self._focus(*every[place])

    def _focus(self, number: int | None, position: int) -> None:
        self._focused = None if number is None else (number, position)
        spot = self._focused_spot()
        self.setAccessibleDescription("" if spot is None else self._described(spot))
        self.hovered.emit(None if spot is None else spot.region.target)
        if spot is not None and number is not None:
            place = spot.item.place_of(spot.region, self._tops[number])
            self._reveal(place)
        self.viewport().update()

    def _described(self, spot: Spot) -> str:
        """Return what a screen reader says of a part, and where it stands."""
        part = to_text(spot.region.node, self._digits)
        return f"{part}, in {text_of(spot.item.block, self._digits)}"

    def _reveal(self, place: QRectF) -> None:
        """Scroll until a place can be seen."""
        bars = (
            (self.verticalScrollBar(), place.top(), place.bottom(), self.viewport().height()),
            (self.horizontalScrollBar(), place.left(), place.right(), self.viewport().width()),
        )
        for bar, first, last, shown in bars:
            if first < bar.value():
                bar.setValue(int(first) - _MARGIN)
            elif last > bar.value() + shown:
                bar.setValue(int(last - shown) + 2 * _MARGIN)

    # Sizes

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the lines anew where the room is another."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._set_again()
        else:
            self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the interface."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._set_again()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Paint at another place."""
        if len(self._items) < len(self._blocks):
            self._set_until(self.verticalScrollBar().value() + self.viewport().height())
            self._arrange()
        self.viewport().update()
