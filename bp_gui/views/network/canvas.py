"""The graph as a picture: a snapshot, laid out for the room there is, and what is marked in it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QWidget,
)

from bp_gui.engine.names import Kind, Ref, neuron_of
from bp_gui.explain.name_choice import Labels, NameChoice, labels
from bp_gui.session.frames import Frame
from bp_gui.session.lab import Comparison
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.network.editors import ValueEditors
from bp_gui.views.network.film import FilmLayer, Stage
from bp_gui.views.network.items import EdgesItem, NeuronsItem
from bp_gui.views.network.labels import captions, weight_labels
from bp_gui.views.network.layout import Card, Detail, Layout, lay_out, overlay_card
from bp_gui.views.network.measures import LABEL_SHRINK, Measures, scaled
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
_FONT_SHRINK = 0.9


class GraphCanvas(QGraphicsView):
    """Draws the network with boxes over its values; what a person does there is the view's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        small = QFont(self.font())
        small.setPointSizeF(small.pointSizeF() * _FONT_SHRINK)
        self.setFont(small)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
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
        if self._layout is None or self._layout.detail < Detail.VALUES:
            self._refresh()  # another neuron is shown in full
        else:
            self._show_marks()
            self._neurons.set_selected(ref, self._selected_neuron())

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

    # Sizes

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new size."""
        super().resizeEvent(event)
        self._lay_out()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Keep the boxes over their values."""
        super().scrollContentsBy(dx, dy)
        self._place_editors()
