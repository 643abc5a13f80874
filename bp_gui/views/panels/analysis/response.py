"""What a neuron makes of every input: a map for two inputs, a curve for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bp_gui.engine.arrays import Array
from bp_gui.engine.names import Kind, Ref, neuron_name
from bp_gui.engine.network import Architecture
from bp_gui.engine.response import response
from bp_gui.explain.numbers import format_number
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.plot.contours import contour_lines
from bp_gui.views.theme import LIGHT, Theme

if TYPE_CHECKING:
    from bp_gui.views.plot.figure import Figure

POINTS = 81
_CURVE_POINTS = 201
_ROOM = 0.15
_MOST_SAMPLES = 2000
_MOST_LISTED = 300
_FADE = 0.62  # how far the map stands back behind the samples


class ResponsePanel(CardFrame):
    """The response of one neuron over one or two inputs, with the training samples upon it.

    Inputs that are not shown keep the numbers of the sample that is shown elsewhere.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Response", parent)
        self._snapshot: Snapshot | None = None
        self._theme = LIGHT
        self._digits = 6
        self._neurons: list[tuple[int, int]] = []
        self._figure: Figure | None = None
        self._items: dict[str, Any] = {}
        self.neuron, self.first, self.second = (
            self._choice(name) for name in ("Neuron", "Horizontal input", "Vertical input")
        )
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
        if old is None or old.experiment.architecture != new.experiment.architecture:
            self._list_choices(new)
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
        if self._figure is not None:
            self._figure.set_theme(theme)
            self._draw()

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits

    def panes(self) -> list[QWidget]:
        """Return the choice of the neuron."""
        return [self.neuron]

    # Building

    def _choice(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setToolTip(f"{name} of the picture")
        box.activated.connect(self._draw)
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
        architecture = snapshot.experiment.architecture
        self._neurons = list(_neurons(architecture))[:_MOST_LISTED]
        self.neuron.clear()
        self.neuron.addItems(
            [neuron_name(layer + 1, k, architecture.n_layers) for layer, k in self._neurons]
        )
        names = _input_names(snapshot)
        for position, box in enumerate((self.first, self.second)):
            box.clear()
            box.addItems(names)
            box.setCurrentIndex(min(position, len(names) - 1))
        self.second.setEnabled(len(names) > 1)

    def _make_figure(self) -> Figure:
        import pyqtgraph as pg

        from bp_gui.views.plot.figure import Figure

        figure = Figure()
        figure.setAccessibleName("Response of the neuron")
        figure.set_fonts(self.font())
        figure.set_theme(self._theme)
        self._items = {
            "map": figure.add(pg.ImageItem(axisOrder="row-major"), 0),
            "boundary": figure.add(pg.PlotCurveItem(antialias=True, connect="pairs"), 1),
            "curve": figure.add(pg.PlotCurveItem(antialias=True, connect="finite"), 2),
            "samples": figure.add(pg.ScatterPlotItem(size=8, hoverable=True, tip=self._tip), 3),
            "present": figure.add(pg.ScatterPlotItem(size=15), 4),
        }
        self._place.addWidget(figure)
        return figure

    # Drawing

    def _draw(self) -> None:
        if self._snapshot is None:
            return
        if self._figure is None:
            self._figure = self._make_figure()
        layer, neuron = self._neurons[max(self.neuron.currentIndex(), 0)]
        across, up = self.first.currentIndex(), self.second.currentIndex()
        if across == up:
            self._draw_curve(layer, neuron, across)
        else:
            self._draw_map(layer, neuron, across, up)

    def _draw_map(self, layer: int, neuron: int, across: int, up: int) -> None:
        assert self._snapshot is not None
        assert self._figure is not None
        experiment = self._snapshot.experiment
        x, y = (_span(experiment.x[:, k], POINTS) for k in (across, up))
        values = response(
            experiment.parameters, self._snapshot.x, (up, across), (y, x), layer, neuron
        )
        low, high = _bounds(values, experiment.architecture.activations[layer])
        middle = (low + high) / 2
        step = x[1] - x[0], y[1] - y[0]
        image = self._items["map"]
        image.setImage(self._coloured(values, low, high), autoLevels=False)
        image.setRect(
            QRectF(x[0] - step[0] / 2, y[0] - step[1] / 2, step[0] * len(x), step[1] * len(y))
        )
        self._items["boundary"].setData(*contour_lines(values, x, y, middle))
        self._pen("boundary", self._theme.text, 1.4)
        self._items["curve"].setData([], [])
        names = _input_names(self._snapshot)
        self._figure.set_labels(names[across], names[up])
        self._figure.set_range((float(x[0]), float(x[-1])), (float(y[0]), float(y[-1])))
        rows = slice(0, _MOST_SAMPLES)
        self._scatter(experiment.x[rows, across], experiment.x[rows, up], layer, neuron)
        here = self._snapshot.x
        self._items["present"].setData([float(here[across])], [float(here[up])])
        name = self.neuron.currentText()
        self._note.setText(
            f"Blue: {name} above {format_number(middle, 3)}, orange: below; the line lies between. "
            "Points: training samples by their target; the ring is the one shown."
            + _fixed(self._snapshot, {across, up})
        )

    def _draw_curve(self, layer: int, neuron: int, across: int) -> None:
        assert self._snapshot is not None
        assert self._figure is not None
        experiment = self._snapshot.experiment
        x = _span(experiment.x[:, across], _CURVE_POINTS)
        values = response(experiment.parameters, self._snapshot.x, (across,), (x,), layer, neuron)
        self._items["map"].clear()
        self._items["boundary"].setData([], [])
        self._items["curve"].setData(x, values)
        self._pen("curve", self._theme.accent, 1.8)
        is_output = layer == experiment.architecture.n_layers - 1
        rows = slice(0, _MOST_SAMPLES)
        targets = experiment.t[rows, neuron] if is_output else np.empty(0)
        shown = experiment.x[rows, across] if is_output else np.empty(0)
        self._scatter(shown, targets, layer, neuron)
        every = np.concatenate((values, targets))
        low, high = float(np.nanmin(every)), float(np.nanmax(every))
        room = (high - low or 1.0) * _ROOM
        self._figure.set_labels(_input_names(self._snapshot)[across], self.neuron.currentText())
        self._figure.set_range((float(x[0]), float(x[-1])), (low - room, high + room))
        here = float(self._snapshot.x[across]), float(self._snapshot.forward.a[layer][0, neuron])
        self._items["present"].setData([here[0]], [here[1]])
        self._note.setText(
            "The curve is the neuron; points are targets of training samples; the ring is the one "
            "shown." + _fixed(self._snapshot, {across})
        )

    def _scatter(self, x: Array, y: Array, layer: int, neuron: int) -> None:
        """Draw samples in the colour of their target, or of the side they lie on."""
        import pyqtgraph as pg

        assert self._snapshot is not None
        experiment = self._snapshot.experiment
        column = neuron if layer == experiment.architecture.n_layers - 1 else 0
        t = experiment.t[: len(x), min(column, experiment.t.shape[1] - 1)]
        middle = (float(t.min()) + float(t.max())) / 2 if len(t) else 0.0
        blue, orange = (pg.mkBrush(c) for c in (self._theme.positive, self._theme.negative))
        brushes = [blue if value > middle else orange for value in t]
        symbols = ["o" if value > middle else "t" for value in t]
        edge = pg.mkPen(self._theme.surface, width=1.2)
        self._items["samples"].setData(
            x, y, brush=brushes, symbol=symbols, pen=edge, data=np.arange(len(x))
        )
        self._items["present"].setBrush(pg.mkBrush(None))
        self._items["present"].setPen(pg.mkPen(self._theme.text, width=2))

    def _tip(self, x: float, y: float, data: int) -> str:
        """Return what a sample says under the pointer: target, output, residual."""
        assert self._snapshot is not None
        t, a = self._snapshot.experiment.t[data], self._snapshot.outputs[data]
        lines = [f"sample {data + 1}"]
        for k, (target, output) in enumerate(zip(t.tolist(), a.tolist(), strict=True), start=1):
            numbers = (format_number(v, self._digits) for v in (target, output, target - output))
            lines.append("t[{}] {}, a {}, residual {}".format(k, *numbers))
        return "\n".join(lines)

    def _pen(self, key: str, colour: str, width: float) -> None:
        import pyqtgraph as pg

        self._items[key].setPen(pg.mkPen(colour, width=width * self.devicePixelRatioF()))

    def _coloured(self, values: Array, low: float, high: float) -> Any:
        """Return the map as red, green and blue: orange below the middle, blue above."""
        share = np.clip((values - low) / (high - low or 1.0), 0.0, 1.0) * 2.0 - 1.0
        share = np.nan_to_num(share)
        ground = _rgb(self._theme.surface)
        ends = np.where(
            share[..., np.newaxis] > 0, _rgb(self._theme.positive), _rgb(self._theme.negative)
        )
        strength = np.abs(share)[..., np.newaxis] * _FADE
        return (ground + (ends - ground) * strength).astype(np.uint8)


def _neurons(architecture: Architecture) -> list[tuple[int, int]]:
    """Return every neuron, the outputs first."""
    layers = reversed(range(architecture.n_layers))
    return [(layer, k) for layer in layers for k in range(architecture.sizes[layer + 1])]


def _input_names(snapshot: Snapshot) -> list[str]:
    data = snapshot.experiment.data
    return list(data.input_names) or [f"x[{k + 1}]" for k in range(data.n_inputs)]


def _span(values: Array, points: int) -> Array:
    low, high = float(values.min()), float(values.max())
    room = (high - low) * _ROOM or 1.0
    return np.linspace(low - room, high + room, points)


def _bounds(values: Array, activation: str) -> tuple[float, float]:
    """Return the range that the colours span: 0 to 1 for a sigmoid, else around zero."""
    if activation in ("sigmoid", "softmax"):
        return 0.0, 1.0
    largest = float(np.nanmax(np.abs(np.where(np.isfinite(values), values, np.nan)))) or 1.0
    return -largest, largest


def _fixed(snapshot: Snapshot, shown: set[int]) -> str:
    others = snapshot.experiment.architecture.n_inputs - len(shown)
    return (
        f" The other {others} inputs are those of sample {snapshot.sample + 1}." if others else ""
    )


def _rgb(colour: str) -> Any:
    shade = QColor(colour)
    return np.array((shade.red(), shade.green(), shade.blue()), dtype=np.float64)
