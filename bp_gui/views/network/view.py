"""The network as a node graph: shows a snapshot, and turns clicks and typing into intents."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QToolTip,
    QWidget,
)

from bp_gui.engine.names import Kind, Ref
from bp_gui.explain.numbers import told_apart
from bp_gui.session.edits_structure import AddNeuron, RemoveNeuron
from bp_gui.views.network.canvas import GraphCanvas
from bp_gui.views.network.description import describe
from bp_gui.views.network.editors import EDITABLE
from bp_gui.views.network.finding import ref_on, weight_at
from bp_gui.views.network.layout import Card, Detail
from bp_gui.views.network.menu import GraphMenu

_HELP = (
    "Neurons with their values; Tab goes through the boxes, arrow keys through the neurons, the "
    "menu key offers changes"
)
_STANDING_FOR_NEURONS = (Kind.INPUT, Kind.ACTIVATION, Kind.NET_INPUT, Kind.DELTA)


class NetworkView(GraphCanvas):
    """Draws the network and edits its numbers in place.

    Signals
    -------
    edit_requested(Edit)
        A person has given a quantity another value.
    selected(ref)
        A quantity was clicked or its box focused; None when the ground was clicked.
    hovered(ref)
        The pointer is on a quantity, or on none.
    rejected(sentence)
        What was typed is not a number.
    """

    edit_requested = Signal(object)
    selected = Signal(object)
    hovered = Signal(object)
    rejected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network")
        self.setAccessibleName("Network graph")
        self.setAccessibleDescription(_HELP)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.editors.edit_requested.connect(self.edit_requested)
        self.editors.rejected.connect(self.rejected)
        self.editors.focused.connect(self.selected)

    def show_selected(self, ref: Ref | None) -> None:
        """Mark a quantity, and say what it is to whoever listens."""
        super().show_selected(ref)
        known = ref is not None and self._snapshot is not None
        self.setAccessibleDescription(self._description(ref) if ref and known else _HELP)

    def focus_editor(self, ref: Ref) -> bool:
        """Give the focus to a quantity's box; return whether it has one."""
        box = self.editors.boxes.get(ref)
        if box is not None:
            box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return box is not None

    # Finding what is under a point

    def ref_at(self, point: QPointF) -> Ref | None:
        """Return the quantity under a point of the scene."""
        card = self._card_at(point)
        if card is not None:
            return ref_on(card, point)
        assert self._layout is not None
        return weight_at(self._layout, point)

    def _card_at(self, point: QPointF) -> Card | None:
        if self._layout is None:
            return None
        neuron = self._hovered or self._selected_neuron()
        if self._layout.detail < Detail.VALUES and neuron is not None:
            whole = self._whole_card(neuron)
            if whole.rect.contains(point):
                return whole
        for card in self._layout.all_cards():
            if card.rect.adjusted(-1, -1, 1, 1).contains(point):
                return card
        return None

    # Events

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl; scroll otherwise."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select what is clicked; open a box on a value that has none of its own."""
        point = self.mapToScene(event.position().toPoint())
        ref = self.ref_at(point)
        self.editors.close_floating()
        self.setFocus()
        self.selected.emit(ref)
        if event.button() is Qt.MouseButton.RightButton:
            return
        if ref is not None and not self.focus_editor(ref) and self._opens_box(ref, point):
            place = QRectF(event.position(), QSizeF(0, 0))
            assert self._snapshot is not None
            self.editors.open_floating(ref, place, self._snapshot)

    def _opens_box(self, ref: Ref, point: QPointF) -> bool:
        """Whether a click there is meant for the value: on its row or its edge, not on a badge."""
        card = self._card_at(point)
        on_row = card is None or any(place.contains(point) for _, place in card.rows)
        return ref.kind in EDITABLE and on_row

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the whole of a neuron that is drawn small."""
        point = self.mapToScene(event.position().toPoint())
        self.hovered.emit(self.ref_at(point))
        if self._layout is not None and self._layout.detail < Detail.VALUES:
            card = self._card_at(point)
            hovered = None if card is None else (card.layer, card.neuron)
            if hovered != self._hovered and self.editors.floating is None:
                self._hovered = hovered
                self._refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from neuron to neuron with the arrow keys; Escape lets go."""
        moves = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        if event.key() in moves and self._layout is not None:
            self._move_selection(*moves[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Escape:
            self.editors.close_floating()
            self.selected.emit(None)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Insert) and self._names_a_neuron():
            self._change_neurons(Qt.Key(event.key()))
        else:
            super().keyPressEvent(event)

    def _names_a_neuron(self) -> bool:
        """Whether the selection means a neuron, and not a number that could be deleted."""
        return self._selected is not None and self._selected.kind in _STANDING_FOR_NEURONS

    def _change_neurons(self, key: Qt.Key) -> None:
        """Take the selected neuron out, or put another into its layer."""
        neuron = self._selected_neuron()
        if neuron is not None:
            layer, _ = neuron
            removes = key == Qt.Key.Key_Delete
            self.edit_requested.emit(RemoveNeuron(*neuron) if removes else AddNeuron(layer))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with what the pointer is on, or by key with the selection."""
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        ref = self._selected if by_key else self.ref_at(self.mapToScene(event.pos()))
        place = event.globalPos()
        if by_key and (neuron := self._selected_neuron()) is not None and self._layout is not None:
            card = self._layout.cards[neuron[0]][neuron[1]]
            centre = self.mapFromScene(card.badge.center())
            place = self.viewport().mapToGlobal(centre)
        menu = self.made_menu(ref)
        if menu is not None:
            menu.popup(place)

    def made_menu(self, ref: Ref | None) -> GraphMenu | None:
        """Return a menu of what can be done with a quantity and its neuron."""
        if self._snapshot is None:
            return None
        menu = GraphMenu(self._snapshot.experiment, self._labelling().naming, ref, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.edit_requested.connect(self.edit_requested)
        menu.addSeparator()
        menu.addActions(self.actions())
        return menu

    def _move_selection(self, layers: int, neurons: int) -> None:
        assert self._layout is not None
        columns = self._layout.cards
        present = self._selected_neuron()
        if present is None:
            layer, neuron = 0, 0
        else:
            layer = min(max(present[0] + layers, 0), len(columns) - 1)
            neuron = min(max(present[1] + neurons, 0), len(columns[layer]) - 1)
        is_input = layer == 0
        self.selected.emit(
            Ref(Kind.INPUT, to=neuron) if is_input else Ref(Kind.ACTIVATION, layer - 1, neuron)
        )

    def viewportEvent(self, event: QEvent) -> bool:
        """Explain the quantity under the pointer."""
        if isinstance(event, QHelpEvent) and self._snapshot is not None:
            self._show_tip(event.pos(), event.globalPos())
            return True
        if event.type() == QEvent.Type.Leave:
            self.hovered.emit(None)
            if self._hovered is not None:
                self._hovered = None
                self._refresh()
        return super().viewportEvent(event)

    def _description(self, ref: Ref) -> str:
        assert self._snapshot is not None
        if ref in self._beside.hidden:
            return f"{ref}: you are asked for it"
        text = describe(self._snapshot, ref, self._digits, self._labelling().naming)
        pair = self._beside.others.get(ref)
        if pair is not None:
            when = " after the next update" if ref.is_parameter else ""
            right, mistaken = told_apart(pair.right, pair.mistaken, self._digits)
            text += f"\nright {right}, with the mistake {mistaken}{when}"
        return text

    def _show_tip(self, position: QPoint, where: QPoint) -> None:
        assert self._snapshot is not None
        ref = self.ref_at(self.mapToScene(position))
        text = "" if ref is None else self._description(ref)
        QToolTip.showText(where, text, self.viewport())
