"""What becomes of an experiment when its network changes shape: whatever survives is kept.

A structure to come is described by where each of its neurons comes from. From that follows, for
every entry of the new θ, which entry of the old one it goes on from; parameters, optimizer state
and locks all move along that one map.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.names import Kind, Ref
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.optimizers import OptimizerState
from bp_gui.session.data import Data, Scaling
from bp_gui.session.edits import MAX_SEED
from bp_gui.session.experiment import Experiment

NEW = -1

Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Layer:
    """One layer of a structure to come.

    Attributes
    ----------
    activation
        Registry key; empty for the inputs.
    neurons
        For each neuron the 0-based old one that it goes on from, or `NEW`.
    source
        The old layer that it goes on from, 0 for the inputs; `NEW` for a layer that was not there.
    """

    activation: str
    neurons: tuple[int, ...]
    source: int

    def resized(self, size: int) -> Layer:
        """Return the layer with the last neurons dropped, or new ones behind the others."""
        added = (NEW,) * (size - len(self.neurons))
        return replace(self, neurons=self.neurons[:size] + added)

    def without(self, neuron: int) -> Layer:
        """Return the layer without one of its neurons, 0-based."""
        return replace(self, neurons=self.neurons[:neuron] + self.neurons[neuron + 1 :])


def layers_of(architecture: Architecture) -> tuple[Layer, ...]:
    """Return the structure that an architecture is: every neuron goes on from itself."""
    activations = ("", *architecture.activations)
    return tuple(
        Layer(activation, tuple(range(size)), source)
        for source, (activation, size) in enumerate(
            zip(activations, architecture.sizes, strict=True)
        )
    )


def layer_name(layer: int, n_layers: int) -> str:
    """Return what a layer is called, ``hidden layer 2`` for instance; 0 is the input layer."""
    if layer == 0:
        return "input layer"
    if layer == n_layers:
        return "output layer"
    return "hidden layer" if n_layers == 2 else f"hidden layer {layer}"


def rebuilt(experiment: Experiment, layers: Sequence[Layer]) -> Experiment:
    """Return the experiment with another structure.

    - A weight survives if both its ends do and still lie in neighbouring layers, a bias if its
      neuron does. The optimizer's numbers and locks of a survivor go with it.
    - New weights are drawn with the experiment's initializer from its seed, which then moves on to
      the next one, so that no two changes draw alike. New biases are 0; under the ``shared`` policy
      they are the bias of their layer.
    - Training goes on counting: updates, cost history and the optimizer's own count stay. The
      parameters that Reset goes back to change shape in the same way, with the same new numbers.
      The last update is forgotten, because its vectors no longer fit.
    - Samples follow the first and the last layer: a column that is dropped is lost, a new one
      is 0.

    Parameters
    ----------
    layers
        The structure to come, inputs first.

    Raises
    ------
    ValueError
        If the sizes or activations make no architecture.
    """
    sizes = tuple(len(layer.neurons) for layer in layers)
    architecture = Architecture(sizes, tuple(layer.activation for layer in layers[1:]))
    if tuple(layers) == layers_of(architecture) and sizes == experiment.architecture.sizes:
        parameters = Parameters(architecture, experiment.parameters.theta)
        return replace(experiment, parameters=parameters)
    origin = _origins(experiment.architecture, architecture, layers)
    drawn = _drawn(experiment, architecture)
    theta = _grown(experiment.parameters.theta, origin, drawn)
    start = _grown(experiment.start, origin, drawn) if experiment.updates else theta
    slots = [
        _grown(slot, origin, np.zeros(len(origin))) for slot in experiment.optimizer_state.slots
    ]
    if experiment.bias_policy is BiasPolicy.SHARED:
        theta, start, *slots = (_shared(architecture, v, origin) for v in (theta, start, *slots))
    is_new = bool((origin[~architecture.bias_mask] == NEW).any())
    return replace(
        experiment,
        parameters=Parameters(architecture, theta),
        start=theta if experiment.updates == 0 else start,
        data=_with_columns(experiment.data, layers[0].neurons, layers[-1].neurons),
        optimizer_state=OptimizerState(
            frozen(np.reshape(slots, (len(slots), len(origin)))), experiment.optimizer_state.updates
        ),
        locked=frozenset(_moved_locks(experiment.locked, layers)),
        last_update=None,
        seed=(experiment.seed + 1) % (MAX_SEED + 1) if is_new else experiment.seed,
    )


def _origins(old: Architecture, new: Architecture, layers: Sequence[Layer]) -> Positions:
    """Return for every entry of the new θ where it stood in the old one, or `NEW`; (P,)."""
    W, b = old.views(np.arange(old.n_parameters, dtype=np.float64))
    origin = np.full(new.n_parameters, NEW, dtype=np.int64)
    for (before, after), (w_start, b_start) in zip(pairwise(layers), new.offsets, strict=True):
        if after.source == NEW:
            continue
        to, source = np.array(after.neurons), np.array(before.neurons)
        n_to, n_from = len(to), len(source)
        origin[b_start : b_start + n_to] = np.where(to == NEW, NEW, b[after.source - 1][to])
        if before.source == after.source - 1:
            stays = (to[:, np.newaxis] != NEW) & (source != NEW)
            at = np.where(stays, W[after.source - 1][np.ix_(to, source)], NEW)
            origin[w_start:b_start] = at.reshape(n_to * n_from)
    return origin


def _drawn(experiment: Experiment, architecture: Architecture) -> Array:
    """Return a whole new θ: weights from the initializer and the seed, biases 0."""
    generator = np.random.default_rng(experiment.seed)
    draw, setting = experiment.initializer.draw, experiment.initializer_setting
    pairs = list(pairwise(architecture.sizes))
    W = [draw(generator, n_to, n_from, setting) for n_from, n_to in pairs]
    return Parameters.from_layers(architecture, W, [np.zeros(n_to) for _, n_to in pairs]).theta


def _grown(old: Array, origin: Positions, drawn: Array) -> Array:
    return frozen(np.where(origin == NEW, drawn, old[origin]))


def _shared(architecture: Architecture, theta: Array, origin: Positions) -> Array:
    """Return a vector in the order of θ with new biases equal to those their layer had already."""
    changed = theta.copy()
    for (_, b_start), n_to in zip(architecture.offsets, architecture.sizes[1:], strict=True):
        biases = slice(b_start, b_start + n_to)
        survivors = changed[biases][origin[biases] != NEW]
        if len(survivors):
            changed[biases] = survivors[0]
    return frozen(changed)


def _moved_locks(locked: frozenset[Ref], layers: Sequence[Layer]) -> Iterator[Ref]:
    """Yield the locks of what survives, under their new names."""
    for layer, (before, after) in enumerate(pairwise(layers)):
        for ref in locked:
            if after.source != ref.layer + 1 or ref.to not in after.neurons:
                continue
            moved = replace(ref, layer=layer, to=after.neurons.index(ref.to))
            if ref.kind is Kind.BIAS:
                yield moved
            elif before.source == ref.layer and ref.source in before.neurons:
                yield replace(moved, source=before.neurons.index(ref.source))


def _with_columns(data: Data, inputs: tuple[int, ...], targets: tuple[int, ...]) -> Data:
    """Return the samples with these columns, 0 in each new one."""
    same_inputs = inputs == tuple(range(data.n_inputs))
    if same_inputs and targets == tuple(range(data.n_targets)):
        return data
    scaling = data.scaling
    if scaling is not None:
        deviation = _columns(scaling.deviation[np.newaxis], inputs, 1.0)[0]
        scaling = Scaling(_columns(scaling.mean[np.newaxis], inputs)[0], deviation)
    return Data(
        raw_x=_columns(data.raw_x, inputs),
        t=_columns(data.t, targets),
        raw_x_test=_columns(data.raw_x_test, inputs),
        t_test=_columns(data.t_test, targets),
        scaling=scaling,
        input_names=_names(data.input_names, inputs, "x"),
        target_names=_names(data.target_names, targets, "t"),
    )


def _columns(values: Array, chosen: tuple[int, ...], filling: float = 0.0) -> Array:
    at = np.array(chosen)
    return frozen(np.where(at == NEW, filling, values[:, at]))


def _names(names: tuple[str, ...], chosen: tuple[int, ...], symbol: str) -> tuple[str, ...]:
    if not names:
        return ()
    return tuple(
        f"{symbol}[{place}]" if at == NEW else names[at] for place, at in enumerate(chosen, start=1)
    )
