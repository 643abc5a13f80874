"""What a neuron makes of every input: a map for two inputs, a curve for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from bp_gui.engine.coding import Coding, class_names
from bp_gui.engine.names import Kind, Ref, neuron_name
from bp_gui.engine.network import Architecture
from bp_gui.explain.numbers import format_number
from bp_gui.session.classification import classes_of, coding_of
from bp_gui.session.responses import (
    Rest,
    Span,
    Window,
    decision_map,
    response_curve,
    response_map,
    usual_spans,
)
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.theme import LIGHT, Theme

if TYPE_CHECKING:
    from bp_gui.views.panels.analysis.response_plot import ResponsePlot

DECISION = "class"
_ROOM = 0.15  # around the samples
_MOST_SAMPLES = 2000
_MOST_LISTED = 300
_MOST_TOLD = 6  # outputs in a tip


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
        self._neurons: list[tuple[int, int] | None] = []  # None is the class
        self._spans: tuple[Span, ...] | None = None
        self._plot: ResponsePlot | None = None
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
        if ref is not None and ref.kind in kinds and (ref.layer, ref.to) in self._neurons:
            self.neuron.setCurrentIndex(self._neurons.index((ref.layer, ref.to)))
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
        names = [neuron_name(layer + 1, k, architecture.n_layers) for layer, k in neurons]
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
        if self._snapshot is None:
            return
        if self._plot is None:
            self._plot = self._make_plot()
        chosen = self._neurons[max(self.neuron.currentIndex(), 0)]
        across, up = self.first.currentIndex(), self.second.currentIndex()
        varied = (across,) if across == up else (across, up)
        if self._spans is None or len(self._spans) != len(varied):
            self._spans = usual_spans(self._snapshot, varied, _ROOM)
        window = Window(varied, self._spans, list(Rest)[self.rest.currentIndex()])
        if len(varied) == 1:
            layer = self._snapshot.experiment.architecture.n_layers - 1
            self._draw_curve(window, chosen or (layer, 0))
        else:
            self._draw_map(window, chosen)

    def _draw_map(self, window: Window, chosen: tuple[int, int] | None) -> None:
        assert self._snapshot is not None
        assert self._plot is not None
        across, up = window.varied
        names, rows = _input_names(self._snapshot), slice(0, _MOST_SAMPLES)
        x = self._snapshot.experiment.x[rows]
        self._plot.set_labels(names[across], names[up])
        nothing = np.empty(0)
        if chosen is None:
            self._plot.show_decision(decision_map(self._snapshot, window))
            wrong = self._are_wrong(rows)
            rings = x[wrong, across], x[wrong, up]
            self._say(self._about_classes(int(wrong.sum()), len(wrong)) + self._about_rest(window))
        else:
            found = response_map(self._snapshot, window, *chosen)
            self._plot.show_map(found, self.neuron.currentText())
            rings = nothing, nothing
            self._say(self._about_map(found.middle) + self._about_rest(window))
        classes = self._classes(chosen, rows)
        key = (id(self._snapshot.experiment.data), chosen, window.varied)
        self._plot.show_samples(x[:, across], x[:, up], classes, key)
        here = self._snapshot.x
        self._plot.show_rings((float(here[across]), float(here[up])), rings)

    def _draw_curve(self, window: Window, chosen: tuple[int, int]) -> None:
        assert self._snapshot is not None
        assert self._plot is not None
        layer, neuron = chosen
        experiment, (across,) = self._snapshot.experiment, window.varied
        is_output = layer == experiment.architecture.n_layers - 1
        rows = slice(0, _MOST_SAMPLES if is_output else 0)
        x, t = experiment.x[rows, across], experiment.t[rows, neuron if is_output else 0]
        values, found = response_curve(self._snapshot, window, layer)
        self._plot.set_labels(_input_names(self._snapshot)[across], self.neuron.currentText())
        self._plot.show_curve(values, found[:, neuron], t)
        outputs = self._snapshot.outputs[rows, neuron if is_output else 0]
        self._plot.show_residuals(x, t, outputs)
        key = (id(experiment.data), chosen, window.varied)
        self._plot.show_samples(x, t, self._classes(chosen, rows), key)
        here = float(self._snapshot.x[across]), float(self._snapshot.forward.a[layer][0, neuron])
        self._plot.show_rings(here, (np.empty(0), np.empty(0)))
        name = self.neuron.currentText()
        text = f"The curve is {name}; the ring is sample {self._snapshot.sample + 1}."
        if is_output:
            text += " Points are targets; a thin line joins each with what the network gives."
        self._say(text + self._about_rest(window))

    def _classes(self, chosen: tuple[int, int] | None, rows: slice) -> list[int]:
        """Return what tells samples apart: their class, or on which side their target lies."""
        assert self._snapshot is not None
        experiment = self._snapshot.experiment
        t = experiment.t[rows]
        if chosen is None:
            found: list[int] = classes_of(t, self._coding).tolist()
            return found
        is_output = chosen[0] == experiment.architecture.n_layers - 1
        column = t[:, chosen[1] if is_output else 0]
        middle = (float(column.min()) + float(column.max())) / 2 if len(column) else 0.0
        return [0 if value > middle else 1 for value in column.tolist()]

    def _are_wrong(self, rows: slice) -> NDArray[np.bool_]:
        assert self._snapshot is not None
        told, right = self._snapshot.outputs[rows], self._snapshot.experiment.t[rows]
        return np.asarray(classes_of(told, self._coding) != classes_of(right, self._coding))

    # Words

    def _say(self, text: str) -> None:
        if text != self._note.text():
            self._note.setText(text)

    def _about_map(self, middle: float) -> str:
        name = self.neuron.currentText()
        return (
            f"Blue: {name} above {format_number(middle, 3)}, orange: below; the line lies between. "
            "Points: training samples by their target; the ring is the one shown."
        )

    def _about_classes(self, wrong: int, count: int) -> str:
        from bp_gui.views.plot.shades import class_colour

        assert self._snapshot is not None
        data = self._snapshot.experiment.data
        names = class_names(self._coding, data.target_names, data.n_targets)
        told = ", ".join(
            f'<span style="color:{class_colour(self._theme, k)}">●</span>\u00a0{name}'
            for k, name in enumerate(names)
        )
        return f"The class that the network names: {told}. Ringed in red: {wrong} of {count} wrong."

    def _about_rest(self, window: Window) -> str:
        assert self._snapshot is not None
        others = self._snapshot.experiment.architecture.n_inputs - len(window.varied)
        if not others:
            return ""
        held = (
            f"those of sample {self._snapshot.sample + 1}"
            if window.rest is Rest.SAMPLE
            else "their means"
        )
        noun = "input is" if others == 1 else "inputs are"
        return (
            f" The other {others} {noun} held at {held}; those of the samples differ, so a sample "
            "can lie on the other side of a line and yet be right."
        )

    def _tip(self, x: float, y: float, data: int) -> str:
        """Return what a sample says under the pointer: target, output, residual."""
        assert self._snapshot is not None
        t, a = self._snapshot.experiment.t[data], self._snapshot.outputs[data]
        lines = [f"sample {data + 1}"]
        for k, (target, output) in enumerate(zip(t.tolist(), a.tolist(), strict=True), start=1):
            numbers = (format_number(v, self._digits) for v in (target, output, target - output))
            lines.append("t[{}] = {}, a = {}, residual t − a = {}".format(k, *numbers))
        more = len(lines) - 1 - _MOST_TOLD
        return "\n".join(lines if more <= 0 else [*lines[: _MOST_TOLD + 1], f"and {more} more"])

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


def _neurons(architecture: Architecture) -> list[tuple[int, int]]:
    """Return every neuron, the outputs first."""
    layers = reversed(range(architecture.n_layers))
    return [(layer, k) for layer in layers for k in range(architecture.sizes[layer + 1])]


def _input_names(snapshot: Snapshot) -> list[str]:
    data = snapshot.experiment.data
    return list(data.input_names) or [f"x[{k + 1}]" for k in range(data.n_inputs)]
