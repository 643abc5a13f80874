"""Forward and error: from the inputs to what each output did wrong."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from bp_gui.engine.arrays import Array
from bp_gui.engine.names import COST, Kind, Ref
from bp_gui.explain.targets import Derivative, Target
from bp_gui.session.frames import Frame, Granularity, Phase, Pulse
from bp_gui.session.telling.teller import MOST_NAMED, Teller, largest


class Ahead(Teller):
    """Tells the way to the outputs, and how wrong they are."""

    # Forward

    def forward(self) -> Iterator[Frame]:
        """One product w · a at a time, the sum, the activation.

        Where outputs depend on each other, as with softmax, every sum comes before them.
        """
        for layer, neurons in self.groups(range(self.last + 1)):
            joint = self.activation(layer).output_only
            if self.by_step:
                yield from self._sum_steps(layer, neurons[0])
            else:
                yield self._forward_group(layer, neurons, with_a=not joint or len(neurons) > 1)
            if self.by_step and not joint:
                yield self._activated(layer, neurons[0])
            if joint and self._is_last_of(layer, neurons):
                every = range(self.sizes[layer + 1])
                yield from (self._activated(layer, neuron) for neuron in every)

    def _is_last_of(self, layer: int, neurons: tuple[int, ...]) -> bool:
        """Whether a frame for single neurons ends the layer."""
        one_by_one = self.granularity is not Granularity.LAYER and self.sizes[layer + 1] > 1
        return one_by_one and neurons[-1] == self.sizes[layer + 1] - 1

    def _sum_steps(self, layer: int, neuron: int) -> Iterator[Frame]:
        z = Ref(Kind.NET_INPUT, layer, neuron)
        bias = Ref(Kind.BIAS, layer, neuron)
        terms = []
        for pulse in self._carried(layer, (neuron,)):
            weight, source = pulse.edge, pulse.origin
            product = f"{self.name(weight)} · {self.name(source)}"
            numbers = f"{self.number(self.snapshot.value(weight))} · {self.term(pulse.sent)}"
            caption = f"{product} = {numbers} = {self.number(pulse.arriving)}"
            terms.append(self.term(pulse.arriving))
            lit = (weight, source, z)
            yield Frame(Phase.FORWARD, caption, pulse.arriving, z, lit, z, (pulse,))
        value = self.snapshot.value(z)
        total = self.sum_of([*terms, self.term(self.snapshot.value(bias))])
        caption = f"{self.name(z)} = {total} = {self.number(value)}"
        yield Frame(Phase.FORWARD, caption, value, z, (bias, z), z, gives=(z,))

    def _activated(self, layer: int, neuron: int) -> Frame:
        z, a = Ref(Kind.NET_INPUT, layer, neuron), Ref(Kind.ACTIVATION, layer, neuron)
        entry = self.activation(layer)
        argument = "all z" if entry.output_only else self.name(z)
        caption = f"{self.name(a)} = {entry.symbol}({argument}) = {self.number(self.value(a))}"
        return Frame(Phase.FORWARD, caption, self.value(a), a, (z, a), a, gives=(a,))

    def _forward_group(self, layer: int, neurons: tuple[int, ...], *, with_a: bool) -> Frame:
        zs = tuple(Ref(Kind.NET_INPUT, layer, neuron) for neuron in neurons)
        outs = tuple(Ref(Kind.ACTIVATION, layer, neuron) for neuron in neurons)
        symbol = self.activation(layer).symbol
        caption = f"z = Σ w a + b,  a = {symbol}(z):  {self.listed(outs)}"
        if not with_a:
            caption, outs = f"z = Σ w a + b:  {self.listed(zs)}", zs
        elif len(neurons) == 1:
            caption = f"{self.equals(zs[0])},  {self.name(outs[0])} = {symbol}(z) = "
            caption += self.number(self.value(outs[0]))
        return Frame(
            Phase.FORWARD,
            caption,
            self.value(outs[-1]),
            outs[0],
            tuple(dict.fromkeys((*zs, *outs))),
            outs[0],
            self._carried(layer, neurons),
            gives=tuple(dict.fromkeys((*zs, *outs))),
        )

    def _carried(self, layer: int, neurons: tuple[int, ...]) -> tuple[Pulse, ...]:
        """Return ``a`` on its way into neurons, as ``w · a`` behind the weight."""
        sent = self.snapshot.forward.source_of(layer)[0]
        with np.errstate(all="ignore"):
            arriving = self.snapshot.experiment.parameters.W[layer][list(neurons)] * sent
        return tuple(
            Pulse(
                Ref(Kind.WEIGHT, layer, neurons[row], source),
                0.0,
                1.0,
                self.source(layer, source),
                float(sent[source]),
                float(arriving[row, source]),
            )
            for row, source in largest(arriving)
        )

    # Error

    def error(self) -> Iterator[Frame]:
        """The terms of the cost, their sum, and what each output's error is made of."""
        outputs = tuple(range(self.sizes[-1]))
        terms = tuple(Ref(Kind.OUTPUT_COST, to=output) for output in outputs)
        if self.granularity is not Granularity.LAYER:
            yield from (self._cost_term(output) for output in outputs)
        total = self.number(self.snapshot.sample_cost)
        many = self.snapshot.batch_size > 1 or len(self.snapshot.experiment.t) > 1
        of = "C of this sample" if many else "C"
        caption = f"{of} = {' + '.join(self.name(ref) for ref in terms[:MOST_NAMED])}"
        caption += (" + …" if len(terms) > MOST_NAMED else "") + f" = {total}"
        given = () if self.granularity is not Granularity.LAYER else terms
        yield Frame(
            Phase.ERROR, caption, self.snapshot.sample_cost, COST, (*terms, COST), COST, gives=given
        )
        for layer, neurons in self.groups(range(self.last, self.last + 1)):
            if self.by_step:
                yield from self._output_steps(neurons[0])
            else:
                yield self.delta_group(Phase.ERROR, layer, neurons, ())

    def _cost_term(self, output: int) -> Frame:
        experiment = self.snapshot.experiment
        term = Ref(Kind.OUTPUT_COST, to=output)
        a, t = Ref(Kind.ACTIVATION, self.last, output), Ref(Kind.TARGET, to=output)
        fused = experiment.cost.fused.get(experiment.architecture.activations[-1])
        formula = experiment.cost.formula if fused is None else fused.formula
        caption = f"{self.name(term)} = {formula} = {self.number(self.value(term))}"
        caption += f"   with t = {self.number(self.value(t))}, a = {self.number(self.value(a))}"
        return Frame(
            Phase.ERROR, caption, self.value(term), term, (a, t, term), term, gives=(term,)
        )

    def _output_steps(self, output: int) -> Iterator[Frame]:
        experiment = self.snapshot.experiment
        a, z = Ref(Kind.ACTIVATION, self.last, output), Ref(Kind.NET_INPUT, self.last, output)
        t, delta = Ref(Kind.TARGET, to=output), Ref(Kind.DELTA, self.last, output)
        activation = self.activation(self.last)
        fused = experiment.cost.fused.get(activation.name)
        value = self.value(delta)
        if fused is not None:
            caption = f"{self.name(delta)} = {fused.delta_formula} = {self.number(value)}"
            yield Frame(Phase.ERROR, caption, value, delta, (a, t, delta), delta, gives=(delta,))
            return
        slope = float(self._cost_slopes[output])
        by_a = f"∂C/∂{self.name(a)}"
        caption = f"{by_a} = {experiment.cost.derivative_formula} = {self.number(slope)}"
        target: Target = Derivative(COST, a)
        yield Frame(Phase.ERROR, caption, slope, a, (a, t), target)
        if activation.output_only:
            caption = (
                f"{self.name(delta)} = Σ ∂C/∂a_k · ∂a_k/∂{self.name(z)} = {self.number(value)}"
            )
            lit = tuple(Ref(Kind.ACTIVATION, self.last, k) for k in range(self.sizes[-1]))
            yield Frame(Phase.ERROR, caption, value, delta, (*lit, delta), delta, gives=(delta,))
            return
        yield self.slope(Phase.ERROR, a, z)
        yield self.error_product(Phase.ERROR, by_a, slope, a, delta)

    @cached_property
    def _cost_slopes(self) -> Array:
        """``∂C/∂a`` of every output."""
        t, y = self.snapshot.t[np.newaxis], self.snapshot.forward.output
        with np.errstate(all="ignore"):
            slopes: Array = self.snapshot.experiment.cost.gradient(t, y)[0]
        return slopes
