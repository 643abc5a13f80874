"""Edits of the network's structure: layers, neurons and activations.

Layers are counted as people do here: 0 is the input layer, L the output layer. What a change keeps
is said in `bp_gui.session.structure`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.names import neuron_name
from bp_gui.engine.network import Architecture
from bp_gui.session.edits import EditError, LoneEdit
from bp_gui.session.experiment import Experiment
from bp_gui.session.project_schema import MAX_LAYERS, MAX_NUMBERS, MAX_UNITS
from bp_gui.session.structure import NEW, Layer, layer_name, layers_of, rebuilt

NEW_LAYER_SIZE = 4


@dataclass(frozen=True)
class AddLayer(LoneEdit):
    """Put a new hidden layer in, so that it becomes layer ``at``: 1 … L.

    Attributes
    ----------
    at
        Where it will stand; the layer that stood there and all behind it move on by one.
    size
        How many neurons, 1 … `MAX_UNITS`.
    activation
        Registry key.
    """

    at: int
    size: int
    activation: str

    @classmethod
    def like_others(cls, architecture: Architecture, at: int) -> AddLayer:
        """Return a layer like the one before it; like the first hidden one behind the inputs."""
        near = architecture.activations[max(at - 2, 0)]
        return cls(at, NEW_LAYER_SIZE, "tanh" if ACTIVATIONS[near].output_only else near)

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Add a layer of {_neurons(self.size)}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        n_layers = experiment.architecture.n_layers
        if not 1 <= self.at <= n_layers:
            raise EditError(f"a layer cannot be added at {self.at}: use 1 to {n_layers}")
        if n_layers == MAX_LAYERS:
            raise EditError(
                f"{n_layers + 1} layers of weights are too many: {MAX_LAYERS} is the limit"
            )
        _check_size(self.size, "the new layer")
        _check_activation(self.activation, self.at, n_layers + 1)
        layers = layers_of(experiment.architecture)
        added = Layer(self.activation, (NEW,) * self.size, NEW)
        return with_layers(experiment, (*layers[: self.at], added, *layers[self.at :]))


@dataclass(frozen=True)
class RemoveLayer(LoneEdit):
    """Take a hidden layer out; its neighbours are joined by new weights."""

    layer: int

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Remove hidden layer {self.layer}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        layers = _layers(experiment, self.layer)
        n_layers = experiment.architecture.n_layers
        if not 0 < self.layer < n_layers:
            name = layer_name(self.layer, n_layers)
            raise EditError(f"the {name} cannot be removed: only hidden layers can")
        return with_layers(experiment, layers[: self.layer] + layers[self.layer + 1 :])


@dataclass(frozen=True)
class ResizeLayer:
    """Give a layer another number of neurons: the last ones go, or new ones come behind them."""

    layer: int
    size: int

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Resize layer {self.layer} to {_neurons(self.size)}"

    @property
    def merge_key(self) -> str | None:
        """See `Edit.merge_key`."""
        return f"size/{self.layer}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        layers = _layers(experiment, self.layer)
        _check_size(self.size, f"the {layer_name(self.layer, len(layers) - 1)}")
        resized = layers[self.layer].resized(self.size)
        return with_layers(experiment, _exchanged(layers, self.layer, resized))


@dataclass(frozen=True)
class AddNeuron(LoneEdit):
    """Put one neuron behind those of a layer."""

    layer: int

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Add a neuron to layer {self.layer}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        size = len(_layers(experiment, self.layer)[self.layer].neurons)
        return ResizeLayer(self.layer, size + 1).apply(experiment)


@dataclass(frozen=True)
class RemoveNeuron(LoneEdit):
    """Take one particular neuron out of a layer; ``neuron`` is 0-based."""

    layer: int
    neuron: int

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Remove neuron {self.neuron + 1} of layer {self.layer}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        layers = _layers(experiment, self.layer)
        layer, n_layers = layers[self.layer], len(layers) - 1
        size = len(layer.neurons)
        if not 0 <= self.neuron < size:
            name = layer_name(self.layer, n_layers)
            raise EditError(f"neuron {self.neuron + 1} of the {name} does not exist: it has {size}")
        if size == 1:
            name = neuron_name(self.layer, self.neuron, n_layers)
            raise EditError(f"{name} cannot be removed: it is the only neuron of its layer")
        smaller = layer.without(self.neuron)
        return with_layers(experiment, _exchanged(layers, self.layer, smaller))


@dataclass(frozen=True)
class SetActivation(LoneEdit):
    """Give layer 1 … L another activation."""

    layer: int
    activation: str

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Set activation of layer {self.layer} to {self.activation}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        layers = _layers(experiment, self.layer)
        if self.layer == 0:
            raise EditError("the input layer has no activation: it passes on the sample")
        _check_activation(self.activation, self.layer, len(layers) - 1)
        if layers[self.layer].activation == self.activation:
            return experiment
        changed = replace(layers[self.layer], activation=self.activation)
        return with_layers(experiment, _exchanged(layers, self.layer, changed))


def _layers(experiment: Experiment, layer: int) -> tuple[Layer, ...]:
    """Return the present structure, after a look whether it has such a layer."""
    n_layers = experiment.architecture.n_layers
    if not 0 <= layer <= n_layers:
        raise EditError(f"layer {layer} does not exist: layers are 0 (the inputs) to {n_layers}")
    return layers_of(experiment.architecture)


def _exchanged(layers: tuple[Layer, ...], at: int, layer: Layer) -> tuple[Layer, ...]:
    return (*layers[:at], layer, *layers[at + 1 :])


def with_layers(experiment: Experiment, layers: Sequence[Layer]) -> Experiment:
    """Return the experiment with this structure, if its samples stay within the limit.

    Raises
    ------
    EditError
        If they do not.
    """
    data = experiment.data
    samples = len(data.t) + len(data.t_test)
    numbers = samples * (len(layers[0].neurons) + len(layers[-1].neurons))
    if numbers > MAX_NUMBERS:
        raise EditError(
            f"{samples:,} samples would have {numbers:,} numbers: {MAX_NUMBERS:,} is the limit"
        )
    if tuple(layers) == layers_of(experiment.architecture):
        return experiment
    return rebuilt(experiment, layers)


def _check_size(size: int, where: str) -> None:
    if not 1 <= size <= MAX_UNITS:
        raise EditError(f"{where} cannot have {_neurons(size)}: use 1 to {MAX_UNITS}")


def _check_activation(name: str, layer: int, n_layers: int) -> None:
    if name not in ACTIVATIONS:
        raise EditError(f"activation {name!r} is unknown; known: {', '.join(ACTIVATIONS)}")
    if ACTIVATIONS[name].output_only and layer != n_layers:
        raise EditError(
            f"{name} cannot be the activation of {layer_name(layer, n_layers)}: its outputs depend "
            "on each other, it belongs into the output layer only"
        )


def _neurons(size: int) -> str:
    return "1 neuron" if size == 1 else f"{size} neurons"
