"""Which quantities the gradient of a selection flows through, to light them up together."""

from __future__ import annotations

from bp_gui.engine.names import Kind, Ref
from bp_gui.engine.network import Architecture


def gradient_path(architecture: Architecture, ref: Ref) -> frozenset[Ref]:
    """Return the weights and activations between a quantity and the cost.

    They are all that a change of the quantity passes on its way forward, and its gradient on the
    way back: the neuron it acts on, and from there every weight and neuron of the layers after.

    Parameters
    ----------
    architecture
        The network.
    ref
        The selection. Targets, costs and the learning rate have no such way: the result is empty.
    """
    if ref.kind is Kind.INPUT:
        return _after(architecture, 0, ref.to)
    if ref.is_parameter or ref.kind in (Kind.NET_INPUT, Kind.ACTIVATION, Kind.DELTA):
        neuron = Ref(Kind.ACTIVATION, ref.layer, ref.to)
        return _after(architecture, ref.layer + 1, ref.to) | {neuron}
    return frozenset()


def _after(architecture: Architecture, layer: int, source: int) -> frozenset[Ref]:
    """Return what lies behind one of the sources of a layer."""
    found: set[Ref] = set()
    sources = [source]
    for at in range(layer, architecture.n_layers):
        neurons = range(architecture.sizes[at + 1])
        found.update(Ref(Kind.WEIGHT, at, to, i) for to in neurons for i in sources)
        found.update(Ref(Kind.ACTIVATION, at, to) for to in neurons)
        sources = list(neurons)
    return frozenset(found)
