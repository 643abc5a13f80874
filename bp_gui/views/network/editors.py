"""The number boxes laid over the graph: one for each value, or one that moves where it is needed.

Real widgets over the viewport (not in the scene) are what screen readers and the Tab key see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QRectF, Signal
from PySide6.QtGui import QFont, QHelpEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from bp_gui.engine.names import Kind, Ref, parse_name
from bp_gui.explain.naming import Naming
from bp_gui.session.edits import SetValue
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.network.description import describe, what_it_is
from bp_gui.views.network.layout import Layout
from bp_gui.views.number_box import NumberBox

EDITABLE = frozenset({Kind.WEIGHT, Kind.BIAS, Kind.INPUT, Kind.TARGET})


class ValueEditors(QObject):
    """Makes, places and fills the boxes of a graph.

    Signals
    -------
    edit_requested(SetValue)
        A person has given a quantity another value.
    rejected(sentence)
        What was typed is not a number.
    focused(ref)
        The box of a quantity has got the focus.
    """

    edit_requested = Signal(object)
    rejected = Signal(str)
    focused = Signal(object)

    def __init__(self, view: QAbstractScrollArea) -> None:
        super().__init__(view)
        canvas = view.viewport()
        self._view = view
        self._canvas = canvas
        self._boxes: dict[Ref, NumberBox] = {}
        self._floating: NumberBox | None = None
        self._floating_ref: Ref | None = None
        self._places: dict[Ref, QRectF] = {}
        self._snapshot: Snapshot | None = None
        self._naming: Naming | None = None
        self._digits = 6
        self._font = canvas.font()
        self._hidden: frozenset[Ref] = frozenset()

    @property
    def boxes(self) -> dict[Ref, NumberBox]:
        """Every box that stands on the graph, by quantity."""
        return self._boxes

    @property
    def floating(self) -> NumberBox | None:
        """The box opened on one value of a large network."""
        return self._floating

    def written(self) -> Iterator[tuple[QRectF, str]]:
        """Yield where each box stands in the scene, and its text; for pictures of the graph."""
        for ref, box in self._boxes.items():
            place = self._places[ref]
            height = min(place.height(), float(box.sizeHint().height()))
            slot = QRectF(place.left(), 0.0, place.width(), height)
            slot.moveCenter(place.center())
            yield slot, box.text()

    def set_font(self, font: QFont) -> None:
        """Write in this font."""
        self._font = font
        for box in self._all():
            box.setFont(font)

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits
        for box in self._all():
            box.set_digits(digits)

    def arrange(self, naming: Naming, layout: Layout) -> None:
        """Have a box for each value that the layout gives one, in reading order for Tab."""
        self.close_floating()
        self._naming = naming
        self._places = dict(_places(layout))
        wanted = sorted(self._places, key=_reading_order)
        if wanted != list(self._boxes):
            self._remove_all()
            for ref in wanted:
                self._boxes[ref] = self._make(ref)
            boxes = list(self._boxes.values())
            for first, second in pairwise([self._view, *boxes]):
                QWidget.setTabOrder(first, second)
        for ref, box in self._boxes.items():
            box.set_description(ref.name, f"{ref}: {what_it_is(ref, naming)}")

    def place(self, to_canvas: Callable[[QRectF], QRectF]) -> None:
        """Put every box where its value stands, after a layout or a scroll."""
        for ref, box in self._boxes.items():
            place = self._places[ref]
            height = min(place.height(), float(box.sizeHint().height()))
            slot = QRectF(place.left(), 0.0, place.width(), height)
            slot.moveCenter(place.center())
            box.setGeometry(to_canvas(slot).toRect())
            box.show()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Fill every box."""
        self._snapshot = snapshot
        for ref, box in self._boxes.items():
            box.set_value(snapshot.value(ref))
        if self._floating is not None and self._floating_ref is not None:
            self._floating.set_value(snapshot.value(self._floating_ref))

    def set_hidden(self, refs: frozenset[Ref]) -> None:
        """Say nothing of these quantities' gradients and next values."""
        self._hidden = refs

    def open_floating(self, ref: Ref, place: QRectF, snapshot: Snapshot) -> None:
        """Open the one moving box on a value."""
        self.close_floating()
        box = self._make(ref)
        if self._naming is not None:
            box.set_description(ref.name, f"{ref}: {what_it_is(ref, self._naming)}")
        self._floating, self._floating_ref = box, ref
        box.set_value(snapshot.value(ref))
        size = box.sizeHint()
        rect = QRectF(place.left() - 6, place.center().y() - size.height() / 2, 0, 0)
        rect.setSize(size.toSizeF())
        rect.moveLeft(min(rect.left(), self._canvas.width() - rect.width()))
        box.setGeometry(rect.toRect())
        box.show()
        box.setFocus()
        box.selectAll()

    def close_floating(self) -> None:
        """Close the moving box."""
        if self._floating is not None:
            self._floating.hide()
            self._floating.deleteLater()
            self._floating = self._floating_ref = None

    def _make(self, ref: Ref) -> NumberBox:
        box = NumberBox(self._canvas)
        box.setFont(self._font)
        box.set_digits(self._digits)
        box.value_edited.connect(lambda value: self._request(ref, value))
        box.rejected.connect(self.rejected)
        box.installEventFilter(self)
        return box

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell which value has the focus, and explain the one under the pointer."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, NumberBox):
            self.focused.emit(parse_name(watched.objectName()))
        elif isinstance(event, QHelpEvent) and self._snapshot is not None and self._naming:
            ref = parse_name(watched.objectName())
            text = describe(self._snapshot, ref, self._digits, self._naming)
            if ref in self._hidden:
                text = f"{ref}: you are asked what becomes of it"
            QToolTip.showText(event.globalPos(), text, self._canvas)
            return True
        return super().eventFilter(watched, event)

    def _request(self, ref: Ref, value: float) -> None:
        sample = 0 if self._snapshot is None else self._snapshot.sample
        self.edit_requested.emit(SetValue(ref, value, sample))

    def _all(self) -> Iterator[NumberBox]:
        yield from self._boxes.values()
        if self._floating is not None:
            yield self._floating

    def _remove_all(self) -> None:
        for box in self._boxes.values():
            box.hide()
            box.deleteLater()
        self._boxes.clear()


def _places(layout: Layout) -> Iterator[tuple[Ref, QRectF]]:
    yield from layout.weight_boxes.items()
    for card in layout.all_cards():
        for row, place in card.rows:
            if row.boxed:
                yield row.ref, place


def _reading_order(ref: Ref) -> tuple[int, int, int, int]:
    """Inputs, then each layer's weights and biases, then targets."""
    group = {Kind.INPUT: -1, Kind.TARGET: 10**6}.get(ref.kind, ref.layer)
    return group, int(ref.kind is Kind.BIAS), ref.to, ref.source
