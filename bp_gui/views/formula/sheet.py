"""A page of headings, prose and equations; its links can be hovered, clicked and reached by key."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from bp_gui.explain.targets import Mistaken
from bp_gui.explain.written import Digits, to_text
from bp_gui.views.formula.blocks import Block, text_of
from bp_gui.views.formula.items import EquationItem, Item, Measures, SheetColours
from bp_gui.views.formula.page import MARGIN, Page, Spot
from bp_gui.views.formula.picture import Region
from bp_gui.views.formula.typesetter import Typesetter
from bp_gui.views.theme import LIGHT, Theme

_RADIUS = 4.0
_IDLE_MS = 250  # longer than from refresh to refresh: a run does not set what nobody sees
_SCROLL_STEP = 24
_BAR = 2.0  # the line beside what is unfolded
_ACTIVATING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)  # not Space, which runs the training


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
        self.page = Page()
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._set_more)
        self._marked: frozenset[Hashable] = frozenset()
        self._previewed: frozenset[Hashable] = frozenset()
        self._hovered: Spot | None = None
        self._focused: tuple[int, int] | None = None
        self._pointed: int | None = None

    # What it shows

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What it shows."""
        return self.page.blocks

    @property
    def digits(self) -> Digits:
        """How numbers are shown."""
        return self._digits

    def show_blocks(self, blocks: Sequence[Block]) -> None:
        """Show other blocks; those that are equal to the ones before are not set again."""
        self.page.show(blocks, self._measured(), self._bottom())
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
            item, top = self.page.items[position], self.page.tops[position]
            self._reveal(QRectF(0.0, top, 1.0, item.height))
        self.viewport().update()

    def reveal(self, target: Hashable) -> None:
        """Scroll to where a target is first seen, if it cannot be seen anywhere now."""
        if self.page.place_of(target) is None:
            self._set_all()
        places = list(self.page.places_of(target))
        seen = QRectF(self.viewport().rect()).translated(-self._offset())
        if places and not any(seen.contains(place) for place in places):
            self._reveal(places[0])

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
        width = self.viewport().width() - 2 * MARGIN
        if self._typesetter is None:
            self._typesetter = Typesetter(self._digits)
        if self._measures is None or self._measures.typesetter is not self._typesetter:
            pixels = self.fontInfo().pixelSize()
            self._measures = Measures(self.font(), pixels, self._typesetter, width)
        return self._measures

    def _set_again(self) -> None:
        self._measures = None
        self.page.forget()
        if self.page.blocks:
            self.show_blocks(self.page.blocks)

    def _bottom(self) -> float:
        """Return how far down the page can be seen."""
        return self.verticalScrollBar().value() + self.viewport().height()

    def _set_more(self) -> None:
        """Set a screenful of the blocks below what can be seen."""
        self.page.set_more(self.viewport().height(), self._measured())
        self._arrange()

    def _set_all(self) -> None:
        if not self.page.is_complete:
            self.page.set_all(self._measured())
            self._arrange()

    def _arrange(self) -> None:
        """Let the scroll bars cover the page; set the rest of it when there is time."""
        height = round(self.page.height(self._measured())) + MARGIN
        width = round(self.page.width) + 2 * MARGIN
        room = self.viewport().size()
        for bar, whole, shown in (
            (self.verticalScrollBar(), height, room.height()),
            (self.horizontalScrollBar(), width, room.width()),
        ):
            bar.setPageStep(shown)
            bar.setSingleStep(_SCROLL_STEP)
            bar.setRange(0, max(whole - shown, 0))
        if self.page.is_complete:
            self._idle.stop()
        else:
            self._idle.start()
        self._hovered = None
        self.viewport().update()

    # Places

    def _offset(self) -> QPointF:
        """Return where the page's origin is in the viewport."""
        bars = self.horizontalScrollBar(), self.verticalScrollBar()
        return QPointF(MARGIN - bars[0].value(), -bars[1].value())

    def spot_at(self, point: QPoint) -> Spot | None:
        """Return the link or quantity at a place of the viewport."""
        return self.page.spot_at(QPointF(point) - self._offset())

    def place_of(self, target: Hashable) -> QRectF | None:
        """Return where a target is first seen in the viewport."""
        place = self.page.place_of(target)
        return None if place is None else place.translated(self._offset())

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is visible."""
        painter = QPainter(self.viewport())
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            offset = self._offset()
            painter.translate(offset)
            shown = QRectF(event.rect()).translated(-offset)
            for number, (item, top) in enumerate(zip(self.page.items, self.page.tops, strict=True)):
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
        items, tops, measures = self.page.items, self.page.tops, self._measured()
        item = items[number]
        bottom = tops[number] + item.height
        following = number + 1
        top = tops[number] - (item.space_before if number else 0.0)
        is_last = following == len(items)
        for level in range(1, item.block.depth + 1):
            goes_on = not is_last and items[following].block.depth >= level
            end = tops[following] - items[following].space_before if goes_on else bottom
            x = measures.indent(level) - 0.6 * measures.math_pixels
            painter.fillRect(QRectF(x, top, _BAR, end - top), self._colours.selected)

    def _paint_pointer(self, painter: QPainter, item: Item, top: float) -> None:
        width = max(item.width, self._measured().width) + MARGIN
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colours.hovered)
        area = QRectF(-MARGIN / 2, top - MARGIN / 2, width, item.height + MARGIN)
        painter.drawRoundedRect(area, _RADIUS, _RADIUS)

    def _paint_marks(self, painter: QPainter, item: EquationItem, top: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for region in item.regions:
            if isinstance(region.target, Mistaken):
                self._paint_wrong(painter, item.place_of(region, top))
            if self._shows(region, self._marked):
                painter.setBrush(self._colours.selected)
            elif self._shows(region, self._previewed) or (
                self._hovered is not None and region is self._hovered.region
            ):
                painter.setBrush(self._colours.hovered)
            else:
                continue
            painter.drawRoundedRect(item.place_of(region, top), _RADIUS, _RADIUS)

    def _paint_wrong(self, painter: QPainter, place: QRectF) -> None:
        """Tint a number that mistakes make, and draw a line below it: not by colour alone."""
        painter.fillRect(place, self._colours.wrong)
        line = QRectF(place.left(), place.bottom() - 1.0, place.width(), 1.0)
        painter.fillRect(line, self._colours.warning)

    @staticmethod
    def _shows(region: Region, what: frozenset[Hashable]) -> bool:
        return bool(what) and (region.target in what or region.ref in what)

    def _paint_focus(self, painter: QPainter) -> None:
        spot = self._focused_spot()
        if spot is None or not self.hasFocus():
            return
        painter.setPen(QPen(self._colours.accent, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self.page.place(spot), _RADIUS, _RADIUS)

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
        position = self.page.position_at(event.pos().y() - self._offset().y())
        if event.reason() is QContextMenuEvent.Reason.Keyboard and self._focused is not None:
            position = self._focused[0]
        block = None if position is None else self.page.blocks[position]
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

    def _focused_spot(self) -> Spot | None:
        return None if self._focused is None else self.page.spot(*self._focused)

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
            start = len(self.page.items) - 1
        number = start
        while 0 <= number < len(self.page.items):
            if self.page.links(number):
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
            numbers = [n for n in range(len(self.page.items)) if self.page.links(n)]
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
        every = [
            (n, k) for n in range(len(self.page.items)) for k in range(len(self.page.links(n)))
        ]
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
        if spot is not None:
            self._reveal(self.page.place(spot))
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
                bar.setValue(int(first) - MARGIN)
            elif last > bar.value() + shown:
                bar.setValue(int(last - shown) + 2 * MARGIN)

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
        if not self.page.is_complete:
            self.page.set_until(self._bottom(), self._measured())
            self._arrange()
        self.viewport().update()
