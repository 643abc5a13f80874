"""The name of every quantity, and the only place where 1-based and 0-based indices meet.

A name is the same everywhere: in files, commands, object names and tooltips.
``W2[1,2]`` is the weight of layer 2 to neuron 1 from neuron 2; ``b1[2]`` a bias; ``z``, ``a`` and
``delta`` of a neuron are written likewise; ``x[1]`` is an input, ``t[2]`` a target, ``C[1]`` the
cost of one output, ``C`` the whole cost and ``eta`` the learning rate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What sort of quantity a name stands for; the value is how the name begins."""

    WEIGHT = "W"
    BIAS = "b"
    NET_INPUT = "z"
    ACTIVATION = "a"
    DELTA = "delta"
    INPUT = "x"
    TARGET = "t"
    OUTPUT_COST = "C"
    COST = "cost"
    ETA = "eta"

    # A kind is itself only: the hash of `Enum` is Python code, called for every lookup of a `Ref`.
    __hash__ = object.__hash__


PER_NEURON = frozenset({Kind.BIAS, Kind.NET_INPUT, Kind.ACTIVATION, Kind.DELTA})
PER_POSITION = frozenset({Kind.INPUT, Kind.TARGET, Kind.OUTPUT_COST})
PARAMETERS = frozenset({Kind.WEIGHT, Kind.BIAS})


@dataclass(frozen=True)
class Ref:
    """A reference to one quantity, with 0-based indices.

    Attributes
    ----------
    kind
        What it is.
    layer
        0-based index into ``W``, ``b``, ``z`` and so on: 0 is the first hidden layer.
    to
        The neuron it belongs to (of a weight: the TO neuron, the row).
    source
        Of a weight: the FROM neuron, the column.
    """

    kind: Kind
    layer: int = 0
    to: int = 0
    source: int = 0

    @property
    def name(self) -> str:
        """The 1-based name, for instance ``W2[1,2]``."""
        layer, to, source = self.layer + 1, self.to + 1, self.source + 1
        if self.kind is Kind.WEIGHT:
            return f"W{layer}[{to},{source}]"
        if self.kind in PER_NEURON:
            return f"{self.kind.value}{layer}[{to}]"
        if self.kind in PER_POSITION:
            return f"{self.kind.value}[{to}]"
        return "C" if self.kind is Kind.COST else self.kind.value

    @property
    def is_parameter(self) -> bool:
        """Whether training may change it."""
        return self.kind in PARAMETERS

    def __str__(self) -> str:
        return self.name


ETA = Ref(Kind.ETA)
COST = Ref(Kind.COST)

_INDEX = r"([1-9]\d{0,4})"
_NAME = re.compile(
    rf"(?:W{_INDEX}\[{_INDEX},\s*{_INDEX}\]|(b|z|a|delta){_INDEX}\[{_INDEX}\]|(x|t|C)\[{_INDEX}\])",
    re.ASCII,
)


class UnknownNameError(ValueError):
    """A name that does not have the form of one, or points outside the network."""


def parse_name(text: str) -> Ref:
    """Return the reference that ``text`` names.

    Raises
    ------
    UnknownNameError
        If ``text`` is not of a known form; the message quotes it and lists the forms.
    """
    text = text.strip()
    if text == "eta":
        return ETA
    if text == "C":
        return COST
    match = _NAME.fullmatch(text)
    if match is None:
        forms = "W2[1,2], b1[2], z1[1], a1[1], delta1[1], x[1], t[2], C[1], C or eta"
        raise UnknownNameError(f"{text!r} is not the name of a quantity; names look like {forms}")
    layer, to, source, kind, neuron_layer, neuron, position_kind, position = match.groups()
    if layer is not None:
        return Ref(Kind.WEIGHT, int(layer) - 1, int(to) - 1, int(source) - 1)
    if kind is not None:
        return Ref(Kind(kind), int(neuron_layer) - 1, int(neuron) - 1)
    return Ref(Kind(position_kind), to=int(position) - 1)


def neuron_name(layer: int, neuron: int, n_layers: int) -> str:
    """Return what a neuron is called on the graph: i1, h1 (h2·1 when several are hidden), o1.

    Parameters
    ----------
    layer
        0 for the input layer, ``n_layers`` for the output layer.
    neuron
        0-based position in the layer.
    n_layers
        Number of weight layers L.
    """
    if layer == 0:
        return f"i{neuron + 1}"
    if layer == n_layers:
        return f"o{neuron + 1}"
    return f"h{neuron + 1}" if n_layers == 2 else f"h{layer}·{neuron + 1}"


def neuron_of(ref: Ref, n_layers: int) -> tuple[int, int] | None:
    """Return (layer, neuron) that a quantity belongs to; None for weights, the cost and eta.

    Parameters
    ----------
    n_layers
        Number of weight layers L; layer 0 of the result are the inputs, L the outputs.
    """
    if ref.kind in PER_NEURON:
        return ref.layer + 1, ref.to
    if ref.kind in PER_POSITION:
        return (0 if ref.kind is Kind.INPUT else n_layers), ref.to
    return None
