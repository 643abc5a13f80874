"""What all phases of the film need: numbers and names of one snapshot, and shared frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bp_gui.engine.activations import ACTIVATIONS, Activation
from bp_gui.engine.arrays import Array
from bp_gui.engine.names import Kind, Ref
from bp_gui.explain.name_choice import NameChoice
from bp_gui.explain.naming import Naming
from bp_gui.explain.numbers import format_number
from bp_gui.explain.targets import Derivative
from bp_gui.session.frames import Frame, Granularity, Phase, Pulse
from bp_gui.session.snapshot import Snapshot

MOST_PULSES = 200  # in one frame: more could not be told apart
MOST_NAMED = 4


@dataclass(frozen=True)
class Teller:
    """Makes the frames of one snapshot.

    Attributes
    ----------
    snapshot
        The moment.
    granularity
        How much happens in a frame; one that the network allows.
    digits
        Significant digits in captions.
    names
        What captions call things.
    """

    snapshot: Snapshot
    granularity: Granularity
    digits: int
    names: NameChoice

    @cached_property
    def naming(self) -> Naming:
        """What things are called in this network."""
        experiment = self.snapshot.experiment
        return self.names.naming(experiment.parameters, experiment.bias_policy)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons of every layer, the inputs first."""
        return self.snapshot.experiment.architecture.sizes

    @property
    def last(self) -> int:
        """The last weight layer, counted from 0."""
        return len(self.sizes) - 2

    @property
    def by_step(self) -> bool:
        """Whether products and factors come one at a time."""
        return self.granularity is Granularity.STEP

    @cached_property
    def slopes(self) -> tuple[Array, ...]:
        """``f′(z)`` of every neuron; of softmax no such number exists, and none is read."""
        names = self.snapshot.experiment.architecture.activations
        trace = self.snapshot.forward
        with np.errstate(all="ignore"):
            return tuple(
                ACTIVATIONS[name].pull_back(z, a, np.ones_like(z))[0]
                for name, z, a in zip(names, trace.z, trace.a, strict=True)
            )

    def number(self, value: float) -> str:
        """Return a number as captions write it."""
        return format_number(value, self.digits)

    def term(self, value: float) -> str:
        """Return a number as it stands behind a sign: a negative one in brackets."""
        return f"({self.number(value)})" if value < 0 else self.number(value)

    def name(self, ref: Ref) -> str:
        """Return what a quantity is called."""
        return self.naming.text(ref)

    def equals(self, ref: Ref) -> str:
        """Return ``name = number``."""
        return f"{self.name(ref)} = {self.number(self.snapshot.value(ref))}"

    def source(self, layer: int, neuron: int) -> Ref:
        """Return what feeds ``W[layer]`` from a neuron."""
        if layer == 0:
            return Ref(Kind.INPUT, to=neuron)
        return Ref(Kind.ACTIVATION, layer - 1, neuron)

    def groups(self, layers: Iterator[int] | range) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Yield (layer, neurons) of every frame's neurons."""
        for layer in layers:
            neurons = tuple(range(self.sizes[layer + 1]))
            if self.granularity is Granularity.LAYER:
                yield layer, neurons
            else:
                yield from ((layer, (neuron,)) for neuron in neurons)

    def listed(self, refs: tuple[Ref, ...]) -> str:
        """Return ``name = number`` of the first few."""
        shown = [self.equals(ref) for ref in refs[:MOST_NAMED]]
        return ", ".join(shown) + (", …" if len(refs) > MOST_NAMED else "")

    def sum_of(self, terms: list[str]) -> str:
        """Return terms as a sum; of many only the first ones and the last."""
        if len(terms) > MOST_NAMED + 2:
            terms = [*terms[:MOST_NAMED], "…", terms[-1]]
        return " + ".join(terms)

    def value(self, ref: Ref) -> float:
        """Return a number of the snapshot."""
        return self.snapshot.value(ref)

    def activation(self, layer: int) -> Activation:
        """Return the activation function of a layer."""
        return ACTIVATIONS[self.snapshot.experiment.architecture.activations[layer]]

    def moved(self, layer: int, neurons: tuple[int, ...]) -> tuple[Ref, ...]:
        """Return the trainable parameters of neurons, each one's weights before its bias."""
        experiment = self.snapshot.experiment
        architecture, trainable = experiment.architecture, experiment.trainable
        refs = (
            ref
            for to in neurons
            for ref in (
                *(Ref(Kind.WEIGHT, layer, to, i) for i in range(self.sizes[layer])),
                Ref(Kind.BIAS, layer, to),
            )
        )
        return tuple(ref for ref in refs if trainable[architecture.index(ref)])

    def slope(self, phase: Phase, a: Ref, z: Ref) -> Frame:
        """Return the frame of the factor ``∂a/∂z = f′(z)``."""
        entry = self.activation(a.layer)
        value = float(self.slopes[a.layer][a.to])
        name = f"∂{self.name(a)}/∂{self.name(z)}"
        caption = f"{name} = {entry.symbol}′ = {entry.derivative_formula} = {self.number(value)}"
        return Frame(phase, caption, value, z, (z, a), Derivative(a, z))

    def error_product(self, phase: Phase, by_a: str, upstream: float, a: Ref, delta: Ref) -> Frame:
        """Return the frame of ``δ = ∂C/∂a · ∂a/∂z``."""
        slope, value = float(self.slopes[a.layer][a.to]), self.value(delta)
        z = self.name(Ref(Kind.NET_INPUT, a.layer, a.to))
        factors = f"{by_a} · ∂{self.name(a)}/∂{z} = {self.number(upstream)} · {self.term(slope)}"
        caption = f"{self.name(delta)} = {factors} = {self.number(value)}"
        return Frame(phase, caption, value, delta, (a, delta), delta, gives=(delta,))

    def delta_group(
        self, phase: Phase, layer: int, neurons: tuple[int, ...], pulses: tuple[Pulse, ...]
    ) -> Frame:
        """Return the frame of the errors of some neurons of a layer."""
        deltas = tuple(Ref(Kind.DELTA, layer, neuron) for neuron in neurons)
        rule = "δ = ∂C/∂z" if phase is Phase.ERROR else "δ = (Σ w δ, old w) · f′(z)"
        caption = f"{rule}:  {self.listed(deltas)}"
        return Frame(
            phase,
            caption,
            self.value(deltas[-1]),
            deltas[0],
            deltas,
            deltas[0],
            pulses,
            gives=deltas,
        )


def largest(values: Array) -> list[tuple[int, int]]:
    """Return the positions of the entries that get a pulse: all, or the largest, in order."""
    if values.size <= MOST_PULSES:
        return [(int(row), int(column)) for row, column in np.ndindex(values.shape)]
    sizes = np.nan_to_num(np.abs(values))
    flat = np.sort(np.argpartition(sizes, -MOST_PULSES, axis=None)[-MOST_PULSES:])
    rows, columns = np.unravel_index(flat, values.shape)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))
