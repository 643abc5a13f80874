"""What a reader calls things: w5 and h1 as textbooks do, or W2[1,2] and a¹₁."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np

from bp_gui.engine.names import COST, ETA, Kind, Ref, UnknownNameError, neuron_name, parse_name
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.explain.mathematics import Fence, Fenced, Node, Row, Scripts, Symbol, row
from bp_gui.explain.written import to_text


class ParameterNames(Enum):
    """How weights and biases are called; the value is the key in settings."""

    NUMBERED = "numbered"  # w1, w2, … through the layers, as worked examples do
    INDEXED = "indexed"  # W2[1,2]: layer, to, from; also the name in files and commands


class NeuronNames(Enum):
    """How neurons are called; the value is the key in settings."""

    LETTERED = "lettered"  # i1, h1, o1
    LAYERED = "layered"  # x₁, a¹₁: layer above, position below


@dataclass(frozen=True)
class Naming:
    """The names of everything in one network.

    Attributes
    ----------
    architecture
        The network.
    parameters, neurons
        What the reader chose.
    one_bias_layers
        The layers, 0-based, whose biases are one number and have one name, such as b1.
    """

    architecture: Architecture
    parameters: ParameterNames = ParameterNames.NUMBERED
    neurons: NeuronNames = NeuronNames.LETTERED
    one_bias_layers: frozenset[int] = frozenset()

    @classmethod
    def of(
        cls,
        parameters: Parameters,
        policy: BiasPolicy,
        parameter_names: ParameterNames = ParameterNames.NUMBERED,
        neuron_names: NeuronNames = NeuronNames.LETTERED,
    ) -> Naming:
        """Return the names for a network at one moment.

        A layer's biases have one name where they are one number for good: under ``SHARED``, and
        under ``FIXED`` while they are equal, as in the worked example.
        """
        may_share = policy is not BiasPolicy.PER_NEURON
        equal = (
            layer for layer, b in enumerate(parameters.b) if may_share and bool(np.all(b == b[0]))
        )
        return cls(parameters.architecture, parameter_names, neuron_names, frozenset(equal))

    def text(self, ref: Ref) -> str:
        """Return a name as one line of text."""
        if ref.is_parameter:  # of which there are many
            return self._parameter_text(ref)
        return to_text(self.node(ref), 3)

    def node(self, ref: Ref) -> Node:
        """Return a name as mathematics; every part of it carries the reference."""
        match ref.kind:
            case Kind.WEIGHT | Kind.BIAS:
                return self._parameter(ref)
            case Kind.ACTIVATION:
                return self.neuron(ref.layer + 1, ref.to, ref)
            case Kind.INPUT:
                return self.neuron(0, ref.to, ref)
            case Kind.NET_INPUT:
                return self._of_neuron("z", ref)
            case Kind.DELTA:
                return self._of_neuron("δ", ref)
            case Kind.TARGET:
                return Scripts(Symbol("t", ref), Symbol(str(ref.to + 1), ref))
            case Kind.OUTPUT_COST:
                return self._output_cost(ref)
            case Kind.COST:
                return Symbol("C", ref)
            case Kind.ETA:
                return Symbol("η", ref)

    def neuron(self, layer: int, position: int, ref: Ref | None = None) -> Node:
        """Return the name of a neuron, which also stands for its activation.

        Parameters
        ----------
        layer
            0 for the inputs.
        position
            0-based position in the layer.
        ref
            What the symbols refer to.
        """
        if self.neurons is NeuronNames.LETTERED:
            letter, number = self._lettered(layer, position)
            return Scripts(Symbol(letter, ref), Symbol(number, ref))
        below = Symbol(str(position + 1), ref)
        if layer == 0:
            return Scripts(Symbol("x", ref), below)
        return Scripts(Symbol("a", ref), below, Symbol(str(layer), ref))

    def neuron_text(self, layer: int, position: int) -> str:
        """Return the name of a neuron as one line of text; layer 0 are the inputs."""
        return to_text(self.neuron(layer, position), 3)

    def find(self, name: str) -> Ref:
        """Return what a name stands for: one of these, or one of the program's own (W2[1,2]).

        Raises
        ------
        UnknownNameError
            If the network has nothing of that name.
        """
        # Greek letters and raised points are hard to type.
        found = self._by_text.get(name.strip().replace("delta_", "δ_").replace(".", "·"))
        if found is not None:
            return found
        ref = parse_name(name)
        self.require(ref)
        return ref

    def require(self, ref: Ref) -> None:
        """Raise `UnknownNameError` if the network has no such quantity."""
        if not self._has(ref):
            sizes = "-".join(map(str, self.architecture.sizes))
            raise UnknownNameError(f"{ref} is not part of a {sizes} network")

    def _has(self, ref: Ref) -> bool:
        sizes = self.architecture.sizes
        if ref.kind in (Kind.COST, Kind.ETA):
            return True
        if ref.kind is Kind.INPUT:
            return 0 <= ref.to < sizes[0]
        if ref.kind in (Kind.TARGET, Kind.OUTPUT_COST):
            return 0 <= ref.to < sizes[-1]
        in_layer = 0 <= ref.layer < len(sizes) - 1 and 0 <= ref.to < sizes[ref.layer + 1]
        return in_layer and 0 <= ref.source < sizes[ref.layer]

    @cached_property
    def _by_text(self) -> dict[str, Ref]:
        # The first of several wins: a bias that a layer shares is the one of its first neuron.
        found: dict[str, Ref] = {}
        for ref in quantities(self.architecture):
            found.setdefault(self.text(ref), ref)
        return found

    def _lettered(self, layer: int, position: int) -> tuple[str, str]:
        name = neuron_name(layer, position, self.architecture.n_layers)
        return name[0], name[1:]

    def _of_neuron(self, letter: str, ref: Ref) -> Node:
        if self.neurons is NeuronNames.LETTERED:
            below = Symbol("".join(self._lettered(ref.layer + 1, ref.to)), ref)
            return Scripts(Symbol(letter, ref), below)
        layer, position = Symbol(str(ref.layer + 1), ref), Symbol(str(ref.to + 1), ref)
        return Scripts(Symbol(letter, ref), position, layer)

    def _output_cost(self, ref: Ref) -> Node:
        number = str(ref.to + 1)
        below = f"o{number}" if self.neurons is NeuronNames.LETTERED else number
        return Scripts(Symbol("C", ref), Symbol(below, ref))

    def _parameter_text(self, ref: Ref) -> str:
        if self.parameters is ParameterNames.NUMBERED:
            return f"{ref.kind.value.lower()}{self._number(ref)}"
        return ref.name

    def _parameter(self, ref: Ref) -> Node:
        if self.parameters is ParameterNames.NUMBERED:
            letter = ref.kind.value.lower()
            return Scripts(Symbol(letter, ref), Symbol(str(self._number(ref)), ref))
        layer = Scripts(Symbol(ref.kind.value, ref), Symbol(str(ref.layer + 1), ref))
        to, source = Symbol(str(ref.to + 1), ref), Symbol(str(ref.source + 1), ref)
        inner: Node = Row((to, Symbol(","), source)) if ref.kind is Kind.WEIGHT else to
        return row(layer, Fenced(inner, Fence.SQUARE))

    def _number(self, ref: Ref) -> int:
        """Return the position of a weight among all weights, or of a bias among all biases."""
        sizes = self.architecture.sizes
        if ref.kind is Kind.WEIGHT:
            before = sum(sizes[layer] * sizes[layer + 1] for layer in range(ref.layer))
            return before + ref.to * sizes[ref.layer] + ref.source + 1
        before = sum(
            1 if layer in self.one_bias_layers else sizes[layer + 1] for layer in range(ref.layer)
        )
        return before + (0 if ref.layer in self.one_bias_layers else ref.to) + 1


def quantities(architecture: Architecture) -> Iterator[Ref]:
    """Yield every quantity of a network that has a name, inputs first and the cost last."""
    yield from (Ref(Kind.INPUT, to=i) for i in range(architecture.n_inputs))
    yield from architecture.refs()
    for kind in (Kind.NET_INPUT, Kind.ACTIVATION, Kind.DELTA):
        for layer, size in enumerate(architecture.sizes[1:]):
            yield from (Ref(kind, layer, neuron) for neuron in range(size))
    for kind in (Kind.TARGET, Kind.OUTPUT_COST):
        yield from (Ref(kind, to=output) for output in range(architecture.n_outputs))
    yield from (ETA, COST)
