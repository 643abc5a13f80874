"""The network as a node graph: shows a snapshot, and turns clicks and typing into intents."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QToolTip,
    QWidget,
)

from bp_gui.engine.names import Kind, Ref, neuron_of
from bp_gui.explain.name_choice import Labels, NameChoice, labels
from bp_gui.explain.numbers import told_apart
from bp_gui.session.edits_structure import AddNeuron, RemoveNeuron
from bp_gui.session.frames import Frame
from bp_gui.session.lab import Comparison
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.network.description import describe
from bp_gui.views.network.editors import EDITABLE, ValueEditors
from bp_gui.views.network.film import FilmLayer, Stage
from bp_gui.views.network.finding import ref_on, weight_at
from bp_gui.views.network.items import EdgesItem, NeuronsItem
from bp_gui.views.network.labels import captions, weight_labels
from bp_gui.views.network.layout import Card, Detail, Layout, lay_out, overlay_card
from bp_gui.views.network.measures import LABEL_SHRINK, Measures, scaled
from bp_gui.views.network.menu import GraphMenu
from bp_gui.views.network.picture import (
    NOTHING_BESIDE,
    Face,
    Label,
    face,
    marks,
    strokes,
    wrong_marks,
)
from bp_gui.views.network.verdicts import VerdictsItem, verdicts
from bp_gui.views.theme import LIGHT, Theme

LARGEST_ZOOM = 8.0
ZOOM_STEP = 1.25
SCALES = (1.6, 1.4, 1.2, 1.0, 0.9, 0.85)
_HELP = (
    "Neurons with their values; Tab goes through the boxes, arrow keys through the neurons, the "
    "menu key offers changes"
)
_FONT_SHRINK = 0.9
_STANDING_FOR_NEURONS = (Kind.INPUT, Kind.ACTIVATION, Kind.NET_INPUT, Kind.DELTA)


class NetworkView(QGraphicsView):
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
        self.setFrameShape(QFrame.Shape.NoFrame)
        small = QFont(self.font())
        small.setPointSizeF(small.pointSizeF() * _FONT_SHRINK)
        self.setFont(small)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self._scene = QGraphicsScene(self)
        self._scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)  # few items, moving
        self.setScene(self._scene)
        self._edges, self._neurons = EdgesItem(), NeuronsItem()
        self._verdicts = VerdictsItem()
        for item in (self._edges, self._neurons, self._verdicts):
            self._scene.addItem(item)
        self._film = FilmLayer(self._scene)
        self._shown_frame: tuple[Frame | None, float] = (None, 1.0)
        self.editors = ValueEditors(self)
        self.editors.edit_requested.connect(self.edit_requested)
        self.editors.rejected.connect(self.rejected)
        self.editors.focused.connect(self.selected)
        self._snapshot: Snapshot | None = None
        self._layout: Layout | None = None
        self._theme: Theme = LIGHT
        self._digits = 6
        self._measures = Measures()
        self._tall: frozenset[tuple[Kind, int]] = frozenset()
        self._zoom = 1.0
        self._selected: Ref | None = None
        self._hovered: tuple[int, int] | None = None
        self._hovered_ref: Ref | None = None
        self._names: NameChoice | None = None
        self._neuron_names: tuple[tuple[str, ...], ...] = ()
        self._comparison: Comparison | None = None
        self._beside = NOTHING_BESIDE
        self._wrong: frozenset[Ref] | None = None
        self._font_shown = self._label_font = small

    # What the window tells the graph

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show a moment; only another architecture or sample size makes a new layout."""
        self._snapshot = new
        known = old is not None and self._layout is not None
        if not known or old.experiment.architecture != new.experiment.architecture:  # type: ignore[union-attr]
            self._zoom, self._hovered = 1.0, None
            self._lay_out()
        else:
            self._refresh()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        self.setBackgroundBrush(QColor(theme.background))
        self._lay_out()

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits
        self.editors.set_digits(digits)
        self._lay_out()

    def show_selected(self, ref: Ref | None) -> None:
        """Mark a quantity."""
        self._selected = ref
        text = _HELP
        if ref is not None and self._snapshot is not None:
            text = self._description(ref)
        self.setAccessibleDescription(text)
        self._refresh()

    def set_names(self, names: NameChoice) -> None:
        """Call the weights as the reader likes."""
        self._names = names
        self._lay_out()

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Show what quantities are with mistakes beside what they are; None for no mistakes."""
        self._comparison = comparison
        others = {} if comparison is None else comparison.different
        self._beside = replace(self._beside, others=others)
        if self._beside.kinds != self._tall:
            self._tall = self._beside.kinds
            self._lay_out()  # there must be room for a second number
        elif comparison is not None and comparison.is_of(self._snapshot):
            self._refresh()

    def show_verdicts(self, wrong: frozenset[Ref] | None) -> None:
        """Mark every parameter by whether its gradient is among the wrong ones; None for none."""
        if wrong != self._wrong:
            self._wrong = wrong
            self._show_verdicts()

    def _show_verdicts(self) -> None:
        wrong, layout = self._wrong, self._layout
        found = None if wrong is None or layout is None else verdicts(layout, wrong)
        self._verdicts.show_verdicts(found, self._theme)

    def hide_values(self, refs: frozenset[Ref]) -> None:
        """Keep some quantities from view: somebody is asked for them."""
        self._beside = replace(self._beside, hidden=refs)
        self.editors.set_hidden(refs)
        self._refresh()

    @property
    def film(self) -> FilmLayer:
        """What the film adds to the graph."""
        return self._film

    def show_frame(self, frame: Frame | None, progress: float) -> None:
        """Show a moment of the film when so much of it is over, 0 to 1; None ends the film."""
        was_on, self._shown_frame = self._film.frame is not None, (frame, progress)
        if was_on != (frame is not None):
            self._cache_ground(frame is not None)
        self._refresh_film()

    @property
    def picture_size(self) -> QSizeF:
        """How large a picture of the whole graph is."""
        return self._scene.sceneRect().size()

    def paint_picture(self, painter: QPainter) -> None:
        """Paint the whole graph with the numbers of its boxes, which no scene paints."""
        is_cached = self._edges.cacheMode() is not QGraphicsItem.CacheMode.NoCache
        self._cache_ground(False)  # a cached item would be pixels in a drawing
        rect = self._scene.sceneRect()
        painter.fillRect(rect, QColor(self._theme.background))
        self._scene.render(painter, rect, rect)
        painter.setFont(self._font_shown)
        for place, text in self.editors.written():
            painter.setPen(QColor(self._theme.border))
            painter.setBrush(QColor(self._theme.raised))
            painter.drawRoundedRect(place, 2, 2)
            painter.setPen(QColor(self._theme.text))
            inside = place.adjusted(5, 0, -2, 0)
            painter.drawText(
                inside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text
            )
        self._cache_ground(is_cached)

    def _cache_ground(self, cached: bool) -> None:
        """Keep edges and neurons as pictures while chips run over them."""
        mode = QGraphicsItem.CacheMode
        for item in (self._edges, self._neurons):
            item.setCacheMode(mode.DeviceCoordinateCache if cached else mode.NoCache)

    def _refresh_film(self) -> None:
        if self._snapshot is None or self._layout is None:
            return
        stage = Stage(
            self._snapshot,
            self._layout,
            self._theme,
            self._font_shown,
            self._digits,
            self.devicePixelRatioF(),
            self._overlay(),
        )
        if self._film.show(*self._shown_frame, stage):
            self._show_faces()

    def show_hovered(self, ref: Ref | None) -> None:
        """Mark a quantity faintly."""
        self._hovered_ref = ref
        self._show_marks()

    def focus_editor(self, ref: Ref) -> bool:
        """Give the focus to a quantity's box; return whether it has one."""
        box = self.editors.boxes.get(ref)
        if box is not None:
            box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return box is not None

    @property
    def detail(self) -> Detail | None:
        """How much is drawn at the moment."""
        return None if self._layout is None else self._layout.detail

    def zoom(self, steps: int) -> None:
        """Zoom in (positive) or out; 0 goes back to the whole network."""
        self.set_zoom(1.0 if steps == 0 else self._zoom * ZOOM_STEP**steps)

    @property
    def zoom_factor(self) -> float:
        """How much larger than its room the network is drawn, from 1."""
        return self._zoom

    def set_zoom(self, factor: float) -> None:
        """Draw the network so much larger than its room, from 1 to `LARGEST_ZOOM`."""
        self._zoom = min(max(factor, 1.0), LARGEST_ZOOM)
        self._lay_out()

    # Layout and refresh

    def _lay_out(self) -> None:
        if self._snapshot is None:
            return
        architecture = self._snapshot.experiment.architecture
        naming = self._labelling().naming
        self._neuron_names = tuple(
            tuple(naming.neuron_text(layer, k) for k in range(size))
            for layer, size in enumerate(architecture.sizes)
        )
        room = QSizeF(self.maximumViewportSize()) * self._zoom
        longest = max((names[-1] for names in self._neuron_names), key=len)
        by_scale = {
            scale: self._measures.at(scaled(self.font(), scale), self._digits, longest, self._tall)
            for scale in SCALES
        }
        scale, self._layout = lay_out(architecture, room, by_scale)
        font = scaled(self.font(), scale)
        self._card_metrics, self._font_shown = by_scale[scale], font
        bounds = QRectF(QPointF(0, 0), self._layout.size)
        self._scene.setSceneRect(bounds)
        for item in (self._edges, self._neurons, self._verdicts):
            item.set_bounds(bounds)
        self._show_verdicts()
        name_font = QFont(font)
        name_font.setWeight(QFont.Weight.DemiBold)
        self._neurons.set_style(self._theme, font, name_font)
        self._label_font = scaled(self.font(), scale * LABEL_SHRINK)
        self._edges.set_labels(self._labels(), self._theme, self._label_font)
        self.editors.set_font(font)
        self.editors.arrange(naming, self._layout)
        self._place_editors()
        self._refresh()

    def _labels(self) -> list[Label]:
        assert self._layout is not None
        assert self._snapshot is not None
        font = QFontMetricsF(self._label_font)
        if self._layout.detail is not Detail.BOXES:
            activations = self._snapshot.experiment.architecture.activations
            return captions(self._layout, activations, font)
        return weight_labels(self._layout, self._label, self._beside, self._digits, font)

    def _label(self, ref: Ref) -> str:
        """Return what stands above a weight's box: its names."""
        assert self._snapshot is not None
        return self._labelling().text(ref)

    def _labelling(self) -> Labels:
        assert self._snapshot is not None
        experiment = self._snapshot.experiment
        return labels(self._names, experiment.parameters, experiment.bias_policy)

    def _place_editors(self) -> None:
        self.editors.place(lambda rect: QRectF(self.mapFromScene(rect).boundingRect()))

    def _refresh(self) -> None:
        """Hand the items what they paint."""
        snapshot, layout = self._snapshot, self._layout
        if snapshot is None or layout is None:
            return
        neuron = self._hovered or self._selected_neuron()
        small = layout.detail < Detail.VALUES
        self._edges.set_strokes(strokes(snapshot, layout, self._theme, neuron if small else None))
        if self._comparison is not None:
            self._edges.set_labels(self._labels(), self._theme, self._label_font)
        self._show_marks()
        self._show_faces()
        self._neurons.set_selected(self._selected, self._selected_neuron())
        self.editors.show_snapshot(snapshot)
        self._refresh_film()

    def _show_faces(self) -> None:
        """Hand over what every neuron shows, of what the film has computed so far."""
        assert self._snapshot is not None
        assert self._layout is not None
        whole = self._overlay()
        overlay = None if whole is None else (whole, self._face(whole))
        drawn = [(card, self._face(card)) for card in self._layout.all_cards()]
        self._neurons.set_neurons(self._layout, drawn, overlay)

    def _overlay(self) -> Card | None:
        """Return the neuron shown in full where the others are small."""
        neuron = self._hovered or self._selected_neuron()
        if self._layout is None or self._layout.detail >= Detail.VALUES or neuron is None:
            return None
        return self._whole_card(neuron)

    def _face(self, card: Card) -> Face:
        assert self._snapshot is not None
        name = self._neuron_names[card.layer][card.neuron]
        whole = face(self._snapshot, card, name, self._theme, self._digits, self._beside)
        return self._film.veiled(card, whole, self._theme)

    def _show_marks(self) -> None:
        """Lay broad lines under what is selected or hovered, and where its gradient comes from."""
        if self._layout is not None:
            chosen = (self._selected, self._hovered_ref)
            wrong = wrong_marks(self._layout, self._beside.others, self._theme)
            self._edges.set_marks([*wrong, *marks(self._layout, *chosen, self._theme)])
            hovered = self._hovered_ref
            last = len(self._layout.cards) - 1
            neuron = None if hovered is None else neuron_of(hovered, last)
            self._neurons.set_hovered(hovered, neuron)

    def _selected_neuron(self) -> tuple[int, int] | None:
        """Return (layer, neuron) of the card that the selected quantity stands on."""
        if self._selected is None or self._layout is None:
            return None
        return neuron_of(self._selected, len(self._layout.cards) - 1)

    def _whole_card(self, neuron: tuple[int, int]) -> Card:
        assert self._layout is not None
        assert self._snapshot is not None
        small = self._layout.cards[neuron[0]][neuron[1]]
        architecture = self._snapshot.experiment.architecture
        return overlay_card(architecture, small, self._layout.size, self._card_metrics)

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new size."""
        super().resizeEvent(event)
        self._lay_out()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Keep the boxes over their values."""
        super().scrollContentsBy(dx, dy)
        self._place_editors()

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
