"""Weights of another network than the present one: the network that they make, instead of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array
from bp_gui.engine.network import Architecture, Parameters
from bp_gui.session.edits import LoneEdit, restarted
from bp_gui.session.edits_structure import with_layers
from bp_gui.session.experiment import Experiment
from bp_gui.session.imports.layers import FoundLayers
from bp_gui.session.imports.theta import check_theta
from bp_gui.session.structure import NEW, Layer

_USUAL_HIDDEN, _USUAL_OUTPUT = "tanh", "sigmoid"  # where nothing speaks for another


@dataclass(frozen=True, eq=False)
class RebuildNetwork(LoneEdit):
    """Take another network with its weights in the place of the present one.

    Samples follow the first and the last layer: a column that there is no neuron for is lost, a
    new one is 0. Settings stay, locks go, and training begins anew.

    Attributes
    ----------
    architecture
        The network to come.
    theta
        Its parameters, (P,), finite.
    title
        Where from, for instance the name of the file.
    """

    architecture: Architecture
    theta: Array
    title: str

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Rebuild as {sizes_text(self.architecture.sizes)}: {self.title}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        check_theta(self.theta, self.architecture, experiment.bias_policy)
        changed = with_layers(experiment, _layers(experiment.architecture, self.architecture))
        begun = restarted(changed, Parameters(self.architecture, self.theta))
        return replace(begun, locked=frozenset(), seed=experiment.seed)


def sizes_text(sizes: Sequence[int]) -> str:
    """Return the sizes of a network as people write them: ``2-3-1``."""
    return "-".join(map(str, sizes))


def suggested_activations(
    source: FoundLayers, n_outputs: int, here: Architecture
) -> tuple[str, ...]:
    """Return an activation for every layer of a file.

    What the file says, if it does; else what the present network has, layer by layer if there are
    as many, and what its first hidden layer has if not. The output keeps what it has here.
    """
    n_layers = len(source.W)
    if source.activations is not None and len(source.activations) == n_layers:
        hidden, output = source.activations[:-1], source.activations[-1]
    else:
        hidden, output = here.activations[:-1], here.activations[-1]
        if len(hidden) != n_layers - 1:
            hidden = (hidden or (_USUAL_HIDDEN,))[:1] * (n_layers - 1)
    if output == "softmax" and n_outputs == 1:  # it would always be 1
        output = _USUAL_OUTPUT
    hidden = tuple(_USUAL_HIDDEN if ACTIVATIONS[name].output_only else name for name in hidden)
    return (*hidden, output)


def losses(experiment: Experiment, architecture: Architecture) -> tuple[str, ...]:
    """Return what becomes of the samples and the cost in another network, a sentence each."""
    sentences = ["Training begins anew at update 0"]
    here = experiment.architecture
    for before, after, column in (
        (here.n_inputs, architecture.n_inputs, "input"),
        (here.n_outputs, architecture.n_outputs, "target"),
    ):
        if after > before:
            sentences.append(f"Every sample gets {_more(after - before, column)} of 0")
        elif after < before:
            sentences.append(f"Every sample loses its last {_counted(before - after, column)}")
    output = architecture.activations[-1]
    if not experiment.cost.is_defined_for(output):
        cost = experiment.cost.label.lower()
        sentences.append(f"The cost, {cost}, is not defined for all that {output} can give")
    return tuple(sentences)


def _more(count: int, thing: str) -> str:
    return f"one more {thing}" if count == 1 else f"{count} more {thing}s"


def _counted(count: int, thing: str) -> str:
    return thing if count == 1 else f"{count} {thing}s"


def _layers(here: Architecture, there: Architecture) -> tuple[Layer, ...]:
    """Return the network to come; its inputs and outputs go on from the present ones."""
    inputs = _going_on(here.n_inputs, there.n_inputs)
    outputs = _going_on(here.n_outputs, there.n_outputs)
    hidden = [
        Layer(activation, (NEW,) * size, NEW)
        for activation, size in zip(there.activations, there.sizes[1:-1], strict=False)
    ]
    return (
        Layer("", inputs, 0),
        *hidden,
        Layer(there.activations[-1], outputs, here.n_layers),
    )


def _going_on(before: int, after: int) -> tuple[int, ...]:
    return (*range(min(before, after)), *(NEW,) * (after - before))
