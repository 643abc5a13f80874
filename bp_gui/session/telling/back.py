"""Backward: errors on their way back, through the weights as they are before the update."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bp_gui.engine.arrays import Array
from bp_gui.engine.names import COST, Kind, Ref
from bp_gui.explain.targets import Derivative
from bp_gui.session.frames import Frame, Phase, Pulse
from bp_gui.session.telling.teller import Teller, largest


class Back(Teller):
    """Tells how the errors of hidden neurons come about."""

    # Backward

    def backward(self) -> Iterator[Frame]:
        """One product W · δ at a time with the old weights, the sum, f′, and δ."""
        for layer, neurons in self.groups(range(self.last - 1, -1, -1)):
            if self.by_step:
                yield from self._backward_steps(layer, neurons[0])
            else:
                pulses = self._returned(layer, neurons)
                yield self.delta_group(Phase.BACKWARD, layer, neurons, pulses)

    def _backward_steps(self, layer: int, neuron: int) -> Iterator[Frame]:
        a, z = Ref(Kind.ACTIVATION, layer, neuron), Ref(Kind.NET_INPUT, layer, neuron)
        delta = Ref(Kind.DELTA, layer, neuron)
        target = Derivative(COST, a)
        terms = []
        for pulse in self._returned(layer, (neuron,)):
            weight, above = pulse.edge, pulse.origin
            product = f"{self.name(weight)} · {self.name(above)}"
            numbers = f"{self.number(self.value(weight))} · {self.term(pulse.sent)}"
            caption = f"{product} = {numbers} = {self.number(pulse.arriving)}"
            caption += f"   with the old {self.name(weight)}"
            terms.append(self.term(pulse.arriving))
            lit = (weight, above, a)
            yield Frame(Phase.BACKWARD, caption, pulse.arriving, a, lit, target, (pulse,))
        upstream = float(self._upstream(layer)[neuron])
        by_a = f"∂C/∂{self.name(a)}"
        total = f" = {self.sum_of(terms)}" if len(terms) > 1 else ""
        caption = f"{by_a}{total} = {self.number(upstream)}"
        yield Frame(Phase.BACKWARD, caption, upstream, a, (a,), target)
        yield self.slope(Phase.BACKWARD, a, z)
        yield self.error_product(Phase.BACKWARD, by_a, upstream, a, delta)

    def _upstream(self, layer: int) -> Array:
        """Return ``Wᵀ δ`` of the layer above: ∂C/∂a of every neuron."""
        above = self.snapshot.backward.delta[layer + 1][0]
        with np.errstate(all="ignore"):
            result: Array = above @ self.snapshot.experiment.parameters.W[layer + 1]
        return result

    def _returned(self, layer: int, neurons: tuple[int, ...]) -> tuple[Pulse, ...]:
        """Return ``δ`` on its way back to neurons, as ``w · δ`` behind the weight."""
        sent = self.snapshot.backward.delta[layer + 1][0]
        with np.errstate(all="ignore"):
            W = self.snapshot.experiment.parameters.W[layer + 1]
            arriving = (W * sent[:, np.newaxis])[:, list(neurons)].T
        return tuple(
            Pulse(
                Ref(Kind.WEIGHT, layer + 1, to, neurons[row]),
                1.0,
                0.0,
                Ref(Kind.DELTA, layer + 1, to),
                float(sent[to]),
                float(arriving[row, to]),
            )
            for row, to in largest(arriving)
        )
