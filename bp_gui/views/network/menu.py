"""What can be done with a part of the graph, as a menu."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.names import Ref, neuron_of
from bp_gui.explain.naming import Naming
from bp_gui.session.edits import Edit, SetLocked
from bp_gui.session.edits_structure import (
    AddLayer,
    AddNeuron,
    RemoveLayer,
    RemoveNeuron,
    SetActivation,
)
from bp_gui.session.experiment import Experiment
from bp_gui.session.project_schema import MAX_LAYERS
from bp_gui.session.structure import layer_name


class GraphMenu(QMenu):
    """Changes of a parameter, of a neuron and of its layer; on the ground, of the network.

    Signals
    -------
    edit_requested(Edit)
        A change was chosen.
    """

    edit_requested = Signal(object)

    def __init__(
        self, experiment: Experiment, naming: Naming, ref: Ref | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._experiment, self._naming = experiment, naming
        architecture = experiment.architecture
        if ref is not None and ref.is_parameter:
            locked = ref in experiment.locked
            verb = "Un&lock" if locked else "&Lock"
            self._offer(f"{verb} {naming.text(ref)}\tL", SetLocked(ref, not locked))
            self.addSeparator()
        neuron = None if ref is None else neuron_of(ref, architecture.n_layers)
        if neuron is None:
            self._offer_new_layer(architecture.n_layers, "&Add a layer before the output layer")
        else:
            self._offer_neuron(*neuron)
            self.addSeparator()
            self._offer_layer(neuron[0])

    def _offer_neuron(self, layer: int, neuron: int) -> None:
        architecture = self._experiment.architecture
        name = self._naming.neuron_text(layer, neuron)
        remove = self._offer(f"&Remove {name}\tDel", RemoveNeuron(layer, neuron))
        remove.setEnabled(architecture.sizes[layer] > 1)
        where = layer_name(layer, architecture.n_layers)
        self._offer(f"Add a &neuron to the {where}\tIns", AddNeuron(layer))

    def _offer_layer(self, layer: int) -> None:
        n_layers = self._experiment.architecture.n_layers
        name = layer_name(layer, n_layers)
        if layer > 0:
            self._offer_new_layer(layer, f"Add a layer &before the {name}")
        if layer < n_layers:
            self._offer_new_layer(layer + 1, f"Add a layer &after the {name}")
        if 0 < layer < n_layers:
            self._offer(f"Remove the {name}", RemoveLayer(layer))
        if layer > 0:
            self._offer_activations(layer)

    def _offer_new_layer(self, at: int, text: str) -> None:
        architecture = self._experiment.architecture
        action = self._offer(text, AddLayer.like_others(architecture, at))
        action.setEnabled(architecture.n_layers < MAX_LAYERS)

    def _offer_activations(self, layer: int) -> None:
        architecture = self._experiment.architecture
        menu = self.addMenu(f"A&ctivation of the {layer_name(layer, architecture.n_layers)}")
        for entry in ACTIVATIONS.values():
            if layer == architecture.n_layers or not entry.output_only:
                action = self._offer(entry.label, SetActivation(layer, entry.name), menu)
                action.setCheckable(True)
                action.setChecked(entry.name == architecture.activations[layer - 1])

    def _offer(self, text: str, edit: Edit, menu: QMenu | None = None) -> QAction:
        action = (menu or self).addAction(text)
        action.triggered.connect(lambda: self.edit_requested.emit(edit))
        return action
