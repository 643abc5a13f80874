"""What a neuron makes of every input: a map for two inputs, a curve for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from bp_gui.controller.calculator import Calculator
from bp_gui.engine.coding import Coding, class_names
from bp_gui.engine.names import Kind, Ref, neuron_name
from bp_gui.engine.network import Architecture
from bp_gui.session.classification import coding_of
from bp_gui.session.responses import (
    Neuron,
    Response,
    Rest,
    Span,
    Window,
    marks_of,
    response_of,
    usual_spans,
)
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.panels.analysis.response_words import about, about_sample
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.theme import LIGHT, Theme

if TYPE_CHECKING:
    from bp_gui.views.panels.analysis.response_plot import ResponsePlot

DECISION = "class"
_ROOM = 0.15  # around the samples
_REST = 0.03  # seconds between two pictures of a large network
_MOST_LISTED = 300
_QUICK_PARAMETERS = 150  # up to which a map takes a fraction of a frame


class ResponsePanel(CardFrame):
    """The response of one neuron over one or two inputs, with the training samples upon it.

    Where several outputs stand for classes, the class that the network names can be shown instead.
    Inputs that are not shown are held at those of the sample shown elsewhere, or at their means.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Response", parent)
        self._snapshot: Snapshot | None = None
        self._theme = LIGHT
        self._digits = 6
        self._coding = Coding.NUMBERS
        self._neurons: list[Neuron | None] = []  # None is the class
        self._spans: tuple[Span, ...] | None = None
        self._plot: ResponsePlot | None = None
        self._calculator = Calculator(self, rest=_REST)
        self._calculator.found.connect(self._show)
        self.neuron, self.first, self.second, self.rest = (
            self._choice(name)
            for name in ("Neuron", "Horizontal input", "Vertical input", "Other inputs")
        )
        for box in (self.first, self.second):
            box.activated.connect(self.fit)
        for box in (self.neuron, self.rest):
            box.activated.connect(self._draw)
        self.rest.addItems([f"others: {rest.value}" for rest in Rest])
        self.add_to_head(self.rest)
        fit = QToolButton()
        fit.setText("Fit")
        fit.setToolTip("Show all training samples")
        fit.setAccessibleName("Show all training samples")
        fit.clicked.connect(self.fit)
        self.add_to_head(fit)
        self.body.addLayout(self._controls())
        self._place = QVBoxLayout()
        self.body.addLayout(self._place, 1)
        self._note = QLabel()
        self._note.setObjectName("quiet")
        self._note.setWordWrap(True)
        self._note.setContentsMargins(4, 0, 4, 0)
        self.body.addWidget(self._note)

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show a moment."""
        self._snapshot = new
        before, now = None if old is None else old.experiment, new.experiment
        if before is None or before.architecture != now.architecture or before.data is not now.data:
            self._coding = coding_of(now.t)
            self._list_choices(new)
            self._spans = None
        self._draw()

    def show_selected(self, ref: Ref | None) -> None:
        """Show the response of the neuron that is selected."""
        kinds = (Kind.ACTIVATION, Kind.NET_INPUT, Kind.DELTA, Kind.BIAS)
        if ref is not None and ref.kind in kinds and Neuron(ref.layer, ref.to) in self._neurons:
            self.neuron.setCurrentIndex(self._neurons.index(Neuron(ref.layer, ref.to)))
            self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        if self._plot is not None:
            self._plot.set_style(theme, self.font())
            self._draw()

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits

    def panes(self) -> list[QWidget]:
        """Return the choice of the neuron."""
        return [self.neuron]

    def fit(self) -> None:
        """Show all training samples."""
        self._spans = None
        self._draw()

    # Building

    def _choice(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setToolTip(f"{name} of the picture")
        return box

    def _controls(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(4, 0, 0, 0)
        labelled = (("neuron", self.neuron), ("across", self.first), ("up", self.second))
        for text, box in labelled:
            label = QLabel(text)
            label.setObjectName("quiet")
            label.setBuddy(box)
            row.addWidget(label)
            row.addWidget(box, 1)
        return row

    def _list_choices(self, snapshot: Snapshot) -> None:
        """List neurons and inputs; what is chosen stays chosen if it is still there."""
        architecture = snapshot.experiment.architecture
        neurons = _neurons(architecture)[:_MOST_LISTED]
        names = [neuron_name(n.layer + 1, n.position, architecture.n_layers) for n in neurons]
        decides = self._coding is Coding.ONE_HOT and architecture.n_inputs > 1
        self._neurons = [None, *neurons] if decides else [*neurons]
        _relist(self.neuron, [DECISION, *names] if decides else names, 0)
        inputs = _input_names(snapshot)
        for position, box in enumerate((self.first, self.second)):
            _relist(box, inputs, min(position, len(inputs) - 1))
        self.second.setEnabled(len(inputs) > 1)
        self.rest.setVisible(len(inputs) > 2)

    def _make_plot(self) -> ResponsePlot:
        # pyqtgraph takes half a second to import: only when somebody looks.
        from bp_gui.views.panels.analysis.response_plot import ResponsePlot

        plot = ResponsePlot(self._tip)
        plot.set_style(self._theme, self.font())
        plot.range_changed.connect(self._zoomed)
        self._place.addWidget(plot)
        return plot

    # Drawing

    def _draw(self) -> None:
        """Have the response computed: beside the window if it takes long."""
        snapshot = self._snapshot
        if snapshot is None:
            return
        neuron = self._neurons[max(self.neuron.currentIndex(), 0)]
        across, up = self.first.currentIndex(), self.second.currentIndex()
        varied = (across,) if across == up else (across, up)
        architecture = snapshot.experiment.architecture
        if len(varied) == 1 and neuron is None:
            neuron = Neuron(architecture.n_layers - 1, 0)
        if self._spans is None or len(self._spans) != len(varied):
            self._spans = usual_spans(snapshot, varied, _ROOM)
        window = Window(varied, self._spans, list(Rest)[self.rest.currentIndex()])
        quick = architecture.n_parameters <= _QUICK_PARAMETERS
        self._calculator.ask(lambda: iter([response_of(snapshot, window, neuron)]), quick=quick)

    def _show(self, found: Response) -> None:
        if self._plot is None:
            self._plot = self._make_plot()
        inputs, varied = _input_names(found.snapshot), found.window.varied
        name = self.neuron.currentText()
        self._plot.set_labels(inputs[varied[0]], inputs[varied[1]] if len(varied) == 2 else name)
        marks = marks_of(found, self._coding)
        self._plot.show_response(found, marks, name)
        classes: tuple[str, ...] = ()
        if found.neuron is None:
            data = found.snapshot.experiment.data
            classes = class_names(self._coding, data.target_names, data.n_targets)
        wrong = f"{int(marks.wrong.sum())} of {len(marks.wrong)}"
        text = about(found, name, classes, wrong, self._theme)
        if text != self._note.text():
            self._note.setText(text)

    def _tip(self, x: float, y: float, data: int) -> str:
        """Return what a sample says under the pointer."""
        return "" if self._snapshot is None else about_sample(self._snapshot, data, self._digits)

    def _zoomed(self) -> None:
        if self._plot is not None and self._spans is not None:
            ranges = [(float(low), float(high)) for low, high in self._plot.area.viewRange()]
            self._spans = tuple(ranges[: len(self._spans)])
            self._draw()


def _relist(box: QComboBox, texts: list[str], usual: int) -> None:
    """List other texts, and keep the choice if it is among them."""
    chosen = texts.index(box.currentText()) if box.currentText() in texts else usual
    if [box.itemText(k) for k in range(box.count())] != texts:
        box.clear()
        box.addItems(texts)
    box.setCurrentIndex(chosen)


def _neurons(architecture: Architecture) -> list[Neuron]:
    """Return every neuron, the outputs first."""
    layers = reversed(range(architecture.n_layers))
    return [Neuron(layer, k) for layer in layers for k in range(architecture.sizes[layer + 1])]


def _input_names(snapshot: Snapshot) -> list[str]:
    data = snapshot.experiment.data
    return list(data.input_names) or [f"x[{k + 1}]" for k in range(data.n_inputs)]
