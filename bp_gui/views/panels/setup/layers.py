"""The layers: how many neurons each has, its activation, adding and removing."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QLabel, QSpinBox, QToolButton, QWidget

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.names import Kind, Ref, neuron_name, neuron_of
from bp_gui.engine.network import Architecture
from bp_gui.session.edits_structure import (
    NEW_LAYER_SIZE,
    AddLayer,
    RemoveLayer,
    RemoveNeuron,
    ResizeLayer,
    SetActivation,
)
from bp_gui.session.experiment import Experiment
from bp_gui.session.project_schema import MAX_LAYERS, MAX_UNITS
from bp_gui.session.structure import layer_name
from bp_gui.views.choice_box import ChoiceBox
from bp_gui.views.integer_box import IntegerBox
from bp_gui.views.panels.setup.section import (
    LABEL_WIDTH,
    Section,
    button,
    integer,
    show_integer,
    taken,
    wrapped,
)

_SIZE_WIDTH = 62
_BUTTON = 26


@dataclass(frozen=True)
class _Row:
    """The widgets of one layer; inputs have no activation, and only hidden layers can go."""

    layer: int
    size: IntegerBox
    activation: ChoiceBox | None
    formula: QLabel
    add: QToolButton | None
    remove: QToolButton | None

    def widgets(self) -> list[QWidget]:
        made = (self.size, self.activation, self.add, self.remove, self.formula)
        return [widget for widget in made if widget is not None]


class LayersSection(Section):
    """A row for each layer, and a button that removes the selected neuron."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Layers", parent)
        self._architecture: Architecture | None = None
        self._selected: tuple[int, int] | None = None
        self._rows: list[_Row] = []
        self._names: list[QLabel] = []
        self._table = QGridLayout()
        self._table.setHorizontalSpacing(6)
        self._table.setVerticalSpacing(2)
        self._table.setColumnMinimumWidth(0, LABEL_WIDTH + 2)
        self._table.setColumnStretch(2, 1)
        for column in (3, 4):
            self._table.setColumnMinimumWidth(column, _BUTTON)
        self.grid.addLayout(self._table, 0, 0, 1, 2)
        self.remove_neuron = button(
            "Remove neuron", "Remove the selected neuron", "Take one particular neuron out"
        )
        self.remove_neuron.clicked.connect(self._remove_neuron)
        self._hint = wrapped("quiet")
        self.grid.addWidget(self._hint, 1, 0, 1, 2)
        self.grid.addWidget(self.remove_neuron, 2, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
        self._hint.setText(
            "A larger layer gets new weights from the initializer; what is there is kept. "
            "Samples follow the inputs and outputs: a new column is 0."
        )

    @property
    def rows(self) -> list[_Row]:
        """The widgets, layer by layer."""
        return self._rows

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the structure of a moment."""
        architecture = experiment.architecture
        if architecture == self._architecture:
            return
        before, self._architecture = self._architecture, architecture
        if before is None or before.n_layers != architecture.n_layers:
            self._rebuild(architecture.n_layers)
        for row in self._rows:
            self._show_row(row, architecture)
        self.show_selected(None if self._selected is None else _ref(*self._selected))

    def show_selected(self, ref: Ref | None) -> None:
        """Offer to remove the neuron that a quantity belongs to."""
        self._selected = self._neuron_of(ref)
        name = ""
        if self._selected is not None and self._architecture is not None:
            name = neuron_name(*self._selected, self._architecture.n_layers)
        self.remove_neuron.setEnabled(bool(name))
        self.remove_neuron.setText(f"Remove {name}" if name else "Remove selected neuron")

    # Rows

    def _rebuild(self, n_layers: int) -> None:
        focused = self._focused_row()
        for widget in [*self._names, *(w for row in self._rows for w in row.widgets())]:
            self._table.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._names, self._rows = [], []
        for layer in range(n_layers + 1):
            self._add_layer_row(layer, n_layers)
        if focused is not None:
            self._rows[min(focused, n_layers)].size.setFocus()

    def _focused_row(self) -> int | None:
        focus = QApplication.focusWidget()
        return next((row.layer for row in self._rows if focus in row.widgets()), None)

    def _add_layer_row(self, layer: int, n_layers: int) -> None:
        name = layer_name(layer, n_layers)
        row = _Row(
            layer=layer,
            size=self._size_box(layer, name),
            activation=self._activation_box(layer, name, n_layers) if layer else None,
            formula=wrapped("quiet"),
            add=self._add_button(layer, name) if layer else None,
            remove=self._remove_button(layer, name) if 0 < layer < n_layers else None,
        )
        label = QLabel(name[:1].upper() + name[1:])
        label.setBuddy(row.size)
        line = 2 * layer
        self._table.addWidget(label, line, 0)
        self._table.addWidget(row.size, line, 1)
        if row.activation is not None:
            self._table.addWidget(row.activation, line, 2)
            row.formula.setContentsMargins(0, 0, 0, 5)
            self._table.addWidget(row.formula, line + 1, 2, 1, 3)
        else:
            self._table.addWidget(row.formula, line, 2, 1, 3)
        for column, made in ((3, row.add), (4, row.remove)):
            if made is not None:
                self._table.addWidget(made, line, column)
        self._names.append(label)
        self._rows.append(row)

    def _size_box(self, layer: int, name: str) -> IntegerBox:
        box = integer(1, MAX_UNITS, f"Neurons of the {name}", f"Neurons, 1 to {MAX_UNITS}")
        box.setFixedWidth(_SIZE_WIDTH)
        box.setButtonSymbols(QSpinBox.ButtonSymbols.UpDownArrows)
        box.valueChanged.connect(lambda: self._resize(layer))
        return box

    def _activation_box(self, layer: int, name: str, n_layers: int) -> ChoiceBox:
        box = ChoiceBox(f"Activation of the {name}", "What a neuron makes of its net input z")
        box.set_choices(
            (each.name, each.label, f"a = {each.formula}\n{each.source}")
            for each in ACTIVATIONS.values()
            if layer == n_layers or not each.output_only
        )
        box.chosen.connect(lambda key: self.edit_requested.emit(SetActivation(layer, key)))
        return box

    def _add_button(self, layer: int, name: str) -> QToolButton:
        made = button("+", f"Add a layer before the {name}", "")
        made.setFixedWidth(_BUTTON)
        made.clicked.connect(lambda: self._add_layer(layer))
        return made

    def _remove_button(self, layer: int, name: str) -> QToolButton:
        made = button("−", f"Remove the {name}", f"Remove the {name}")
        made.setFixedWidth(_BUTTON)
        made.clicked.connect(lambda: self.edit_requested.emit(RemoveLayer(layer)))
        return made

    def _show_row(self, row: _Row, architecture: Architecture) -> None:
        show_integer(row.size, architecture.sizes[row.layer])
        if row.activation is None:
            row.formula.setText("the sample as the network sees it")
            return
        entry = ACTIVATIONS[architecture.activations[row.layer - 1]]
        row.activation.show_choice(entry.name)
        row.formula.setText(f"a = {entry.formula}")
        row.formula.setToolTip(f"derivative: {entry.derivative_formula}\n{entry.source}")
        if row.add is not None:
            full = architecture.n_layers == MAX_LAYERS
            name = layer_name(row.layer, architecture.n_layers)
            row.add.setEnabled(not full)
            row.add.setToolTip(
                f"There are at most {MAX_LAYERS} layers of weights"
                if full
                else f"Add a layer of {NEW_LAYER_SIZE} neurons before the {name}"
            )

    # What a person does

    def _resize(self, layer: int) -> None:
        assert self._architecture is not None
        size = taken(self._rows[layer].size, self._architecture.sizes[layer])
        self.edit_requested.emit(ResizeLayer(layer, size))

    def _add_layer(self, at: int) -> None:
        assert self._architecture is not None
        self.edit_requested.emit(AddLayer.like_others(self._architecture, at))

    def _remove_neuron(self) -> None:
        if self._selected is not None:
            self.edit_requested.emit(RemoveNeuron(*self._selected))

    def _neuron_of(self, ref: Ref | None) -> tuple[int, int] | None:
        """Return (layer, neuron) that a quantity belongs to, if there is such a neuron."""
        if ref is None or self._architecture is None:
            return None
        sizes = self._architecture.sizes
        neuron = neuron_of(ref, self._architecture.n_layers)
        exists = neuron is not None and neuron[0] < len(sizes) and neuron[1] < sizes[neuron[0]]
        return neuron if exists else None


def _ref(layer: int, neuron: int) -> Ref:
    """Return a quantity that stands for a neuron."""
    return Ref(Kind.INPUT, to=neuron) if layer == 0 else Ref(Kind.ACTIVATION, layer - 1, neuron)
