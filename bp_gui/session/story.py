"""The passes of one moment told as a film: every frame is computed here, before it starts.

The hidden errors of the backward phase use the weights that the snapshot holds, which are the old
ones: nothing is updated before the update phase, and all parameters are updated there at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bp_gui.engine.activations import ACTIVATIONS, Activation
from bp_gui.engine.arrays import Array
from bp_gui.engine.names import COST, Kind, Ref
from bp_gui.engine.network import Architecture
from bp_gui.explain.naming import Naming
from bp_gui.explain.numbers import format_number
from bp_gui.explain.targets import Derivative, Gradient, Target, Update
from bp_gui.session.frames import Change, Frame, Granularity, Phase, Pulse, in_order
from bp_gui.session.snapshot import Snapshot

MOST_PARAMETERS_BY_STEP = 400
MOST_NEURONS = 400
MOST_PULSES = 200  # in one frame: more could not be told apart
_MOST_NAMED = 4


def granularities(architecture: Architecture) -> tuple[Granularity, ...]:
    """Return how finely a network of this size can be told, finest first.

    A film of a hundred thousand products would have no end that anybody sees.
    """
    result = [Granularity.LAYER]
    if sum(architecture.sizes[1:]) <= MOST_NEURONS:
        result.insert(0, Granularity.NEURON)
        if architecture.n_parameters <= MOST_PARAMETERS_BY_STEP:
            result.insert(0, Granularity.STEP)
    return tuple(result)


def tell(
    snapshot: Snapshot, granularity: Granularity = Granularity.STEP, digits: int = 6
) -> tuple[Frame, ...]:
    """Return the film of one update: forward, error, backward, gradient, update.

    Parameters
    ----------
    snapshot
        The moment before the update; its sample is the one that is followed.
    granularity
        How much happens in a frame; the next coarser one where the network is too large for it.
    digits
        Significant digits of the numbers in captions.
    """
    possible = granularities(snapshot.experiment.architecture)
    chosen = granularity if granularity in possible else possible[0]
    teller = _Teller(snapshot, chosen, digits)
    parts = (
        teller.forward(),
        teller.error(),
        teller.backward(),
        teller.gradient(),
        teller.update(),
    )
    return in_order(tuple(frame for part in parts for frame in part))


@dataclass(frozen=True)
class _Teller:
    """Makes the frames of one snapshot."""

    snapshot: Snapshot
    granularity: Granularity
    digits: int

    @cached_property
    def _naming(self) -> Naming:
        experiment = self.snapshot.experiment
        return Naming.of(experiment.parameters, experiment.bias_policy)

    @property
    def _sizes(self) -> tuple[int, ...]:
        return self.snapshot.experiment.architecture.sizes

    @property
    def _last(self) -> int:
        return len(self._sizes) - 2

    @property
    def _by_step(self) -> bool:
        return self.granularity is Granularity.STEP

    @cached_property
    def _slopes(self) -> tuple[Array, ...]:
        """``f′(z)`` of every neuron; of softmax no such number exists, and none is read."""
        names = self.snapshot.experiment.architecture.activations
        trace = self.snapshot.forward
        with np.errstate(all="ignore"):
            return tuple(
                ACTIVATIONS[name].pull_back(z, a, np.ones_like(z))[0]
                for name, z, a in zip(names, trace.z, trace.a, strict=True)
            )

    def _n(self, value: float) -> str:
        return format_number(value, self.digits)

    def _term(self, value: float) -> str:
        """Return a number as it stands behind a sign: a negative one in brackets."""
        return f"({self._n(value)})" if value < 0 else self._n(value)

    def _name(self, ref: Ref) -> str:
        return self._naming.text(ref)

    def _is(self, ref: Ref) -> str:
        """Return ``name = number``."""
        return f"{self._name(ref)} = {self._n(self.snapshot.value(ref))}"

    def _source(self, layer: int, neuron: int) -> Ref:
        """Return what feeds ``W[layer]`` from a neuron."""
        if layer == 0:
            return Ref(Kind.INPUT, to=neuron)
        return Ref(Kind.ACTIVATION, layer - 1, neuron)

    def _groups(self, layers: Iterator[int] | range) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Yield (layer, neurons) of every frame's neurons."""
        for layer in layers:
            neurons = tuple(range(self._sizes[layer + 1]))
            if self.granularity is Granularity.LAYER:
                yield layer, neurons
            else:
                yield from ((layer, (neuron,)) for neuron in neurons)

    def _listed(self, refs: tuple[Ref, ...]) -> str:
        """Return ``name = number`` of the first few."""
        shown = [self._is(ref) for ref in refs[:_MOST_NAMED]]
        return ", ".join(shown) + (", …" if len(refs) > _MOST_NAMED else "")

    # Forward

    def forward(self) -> Iterator[Frame]:
        """One product w · a at a time, the sum, the activation.

        Where outputs depend on each other, as with softmax, every sum comes before them.
        """
        for layer, neurons in self._groups(range(self._last + 1)):
            joint = self._activation(layer).output_only
            if self._by_step:
                yield from self._sum_steps(layer, neurons[0])
            else:
                yield self._forward_group(layer, neurons, with_a=not joint or len(neurons) > 1)
            if self._by_step and not joint:
                yield self._activated(layer, neurons[0])
            if joint and self._is_last_of(layer, neurons):
                every = range(self._sizes[layer + 1])
                yield from (self._activated(layer, neuron) for neuron in every)

    def _is_last_of(self, layer: int, neurons: tuple[int, ...]) -> bool:
        """Whether a frame for single neurons ends the layer."""
        one_by_one = self.granularity is not Granularity.LAYER and self._sizes[layer + 1] > 1
        return one_by_one and neurons[-1] == self._sizes[layer + 1] - 1

    def _activation(self, layer: int) -> Activation:
        return ACTIVATIONS[self.snapshot.experiment.architecture.activations[layer]]

    def _sum_steps(self, layer: int, neuron: int) -> Iterator[Frame]:
        z = Ref(Kind.NET_INPUT, layer, neuron)
        bias = Ref(Kind.BIAS, layer, neuron)
        terms = []
        for pulse in self._carried(layer, (neuron,)):
            weight, source = pulse.edge, pulse.origin
            product = f"{self._name(weight)} · {self._name(source)}"
            numbers = f"{self._n(self.snapshot.value(weight))} · {self._term(pulse.sent)}"
            caption = f"{product} = {numbers} = {self._n(pulse.arriving)}"
            terms.append(self._term(pulse.arriving))
            lit = (weight, source, z)
            yield Frame(Phase.FORWARD, caption, pulse.arriving, z, lit, z, (pulse,))
        value = self.snapshot.value(z)
        total = " + ".join([*terms, self._term(self.snapshot.value(bias))])
        caption = f"{self._name(z)} = {total} = {self._n(value)}"
        yield Frame(Phase.FORWARD, caption, value, z, (bias, z), z, gives=(z,))

    def _activated(self, layer: int, neuron: int) -> Frame:
        z, a = Ref(Kind.NET_INPUT, layer, neuron), Ref(Kind.ACTIVATION, layer, neuron)
        entry = self._activation(layer)
        argument = "all z" if entry.output_only else self._name(z)
        caption = f"{self._name(a)} = {entry.symbol}({argument}) = {self._n(self._value(a))}"
        return Frame(Phase.FORWARD, caption, self._value(a), a, (z, a), a, gives=(a,))

    def _value(self, ref: Ref) -> float:
        return self.snapshot.value(ref)

    def _forward_group(self, layer: int, neurons: tuple[int, ...], *, with_a: bool) -> Frame:
        zs = tuple(Ref(Kind.NET_INPUT, layer, neuron) for neuron in neurons)
        outs = tuple(Ref(Kind.ACTIVATION, layer, neuron) for neuron in neurons)
        symbol = self._activation(layer).symbol
        caption = f"z = Σ w a + b,  a = {symbol}(z):  {self._listed(outs)}"
        if not with_a:
            caption, outs = f"z = Σ w a + b:  {self._listed(zs)}", zs
        elif len(neurons) == 1:
            caption = f"{self._is(zs[0])},  {self._name(outs[0])} = {symbol}(z) = "
            caption += self._n(self._value(outs[0]))
        return Frame(
            Phase.FORWARD,
            caption,
            self._value(outs[-1]),
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
                self._source(layer, source),
                float(sent[source]),
                float(arriving[row, source]),
            )
            for row, source in _largest(arriving)
        )

    # Error

    def error(self) -> Iterator[Frame]:
        """The terms of the cost, their sum, and what each output's error is made of."""
        outputs = tuple(range(self._sizes[-1]))
        terms = tuple(Ref(Kind.OUTPUT_COST, to=output) for output in outputs)
        if self.granularity is not Granularity.LAYER:
            yield from (self._cost_term(output) for output in outputs)
        total = self._n(self.snapshot.sample_cost)
        many = self.snapshot.batch_size > 1 or len(self.snapshot.experiment.t) > 1
        of = "C of this sample" if many else "C"
        caption = f"{of} = {' + '.join(self._name(ref) for ref in terms[:_MOST_NAMED])}"
        caption += (" + …" if len(terms) > _MOST_NAMED else "") + f" = {total}"
        given = () if self.granularity is not Granularity.LAYER else terms
        yield Frame(
            Phase.ERROR, caption, self.snapshot.sample_cost, COST, (*terms, COST), COST, gives=given
        )
        for layer, neurons in self._groups(range(self._last, self._last + 1)):
            if self._by_step:
                yield from self._output_steps(neurons[0])
            else:
                yield self._delta_group(Phase.ERROR, layer, neurons, ())

    def _cost_term(self, output: int) -> Frame:
        experiment = self.snapshot.experiment
        term = Ref(Kind.OUTPUT_COST, to=output)
        a, t = Ref(Kind.ACTIVATION, self._last, output), Ref(Kind.TARGET, to=output)
        fused = experiment.cost.fused.get(experiment.architecture.activations[-1])
        formula = experiment.cost.formula if fused is None else fused.formula
        caption = f"{self._name(term)} = {formula} = {self._n(self._value(term))}"
        caption += f"   with t = {self._n(self._value(t))}, a = {self._n(self._value(a))}"
        return Frame(
            Phase.ERROR, caption, self._value(term), term, (a, t, term), term, gives=(term,)
        )

    def _output_steps(self, output: int) -> Iterator[Frame]:
        experiment = self.snapshot.experiment
        a, z = Ref(Kind.ACTIVATION, self._last, output), Ref(Kind.NET_INPUT, self._last, output)
        t, delta = Ref(Kind.TARGET, to=output), Ref(Kind.DELTA, self._last, output)
        activation = self._activation(self._last)
        fused = experiment.cost.fused.get(activation.name)
        value = self._value(delta)
        if fused is not None:
            caption = f"{self._name(delta)} = {fused.delta_formula} = {self._n(value)}"
            yield Frame(Phase.ERROR, caption, value, delta, (a, t, delta), delta, gives=(delta,))
            return
        slope = float(self._cost_slopes[output])
        by_a = f"∂C/∂{self._name(a)}"
        caption = f"{by_a} = {experiment.cost.derivative_formula} = {self._n(slope)}"
        target: Target = Derivative(COST, a)
        yield Frame(Phase.ERROR, caption, slope, a, (a, t), target)
        if activation.output_only:
            caption = f"{self._name(delta)} = Σ ∂C/∂a_k · ∂a_k/∂{self._name(z)} = {self._n(value)}"
            lit = tuple(Ref(Kind.ACTIVATION, self._last, k) for k in range(self._sizes[-1]))
            yield Frame(Phase.ERROR, caption, value, delta, (*lit, delta), delta, gives=(delta,))
            return
        yield self._slope(Phase.ERROR, a, z)
        yield self._error_product(Phase.ERROR, by_a, slope, a, delta)

    @cached_property
    def _cost_slopes(self) -> Array:
        """``∂C/∂a`` of every output."""
        t, y = self.snapshot.t[np.newaxis], self.snapshot.forward.output
        with np.errstate(all="ignore"):
            slopes: Array = self.snapshot.experiment.cost.gradient(t, y)[0]
        return slopes

    def _slope(self, phase: Phase, a: Ref, z: Ref) -> Frame:
        entry = self._activation(a.layer)
        value = float(self._slopes[a.layer][a.to])
        name = f"∂{self._name(a)}/∂{self._name(z)}"
        caption = f"{name} = {entry.symbol}′ = {entry.derivative_formula} = {self._n(value)}"
        return Frame(phase, caption, value, z, (z, a), Derivative(a, z))

    def _error_product(self, phase: Phase, by_a: str, upstream: float, a: Ref, delta: Ref) -> Frame:
        slope, value = float(self._slopes[a.layer][a.to]), self._value(delta)
        z = self._name(Ref(Kind.NET_INPUT, a.layer, a.to))
        factors = f"{by_a} · ∂{self._name(a)}/∂{z} = {self._n(upstream)} · {self._term(slope)}"
        caption = f"{self._name(delta)} = {factors} = {self._n(value)}"
        return Frame(phase, caption, value, delta, (a, delta), delta, gives=(delta,))

    def _delta_group(
        self, phase: Phase, layer: int, neurons: tuple[int, ...], pulses: tuple[Pulse, ...]
    ) -> Frame:
        deltas = tuple(Ref(Kind.DELTA, layer, neuron) for neuron in neurons)
        rule = "δ = ∂C/∂z" if phase is Phase.ERROR else "δ = (Σ w δ, old w) · f′(z)"
        caption = f"{rule}:  {self._listed(deltas)}"
        return Frame(
            phase,
            caption,
            self._value(deltas[-1]),
            deltas[0],
            deltas,
            deltas[0],
            pulses,
            gives=deltas,
        )

    # Backward

    def backward(self) -> Iterator[Frame]:
        """One product W · δ at a time with the old weights, the sum, f′, and δ."""
        for layer, neurons in self._groups(range(self._last - 1, -1, -1)):
            if self._by_step:
                yield from self._backward_steps(layer, neurons[0])
            else:
                pulses = self._returned(layer, neurons)
                yield self._delta_group(Phase.BACKWARD, layer, neurons, pulses)

    def _backward_steps(self, layer: int, neuron: int) -> Iterator[Frame]:
        a, z = Ref(Kind.ACTIVATION, layer, neuron), Ref(Kind.NET_INPUT, layer, neuron)
        delta = Ref(Kind.DELTA, layer, neuron)
        target = Derivative(COST, a)
        terms = []
        for pulse in self._returned(layer, (neuron,)):
            weight, above = pulse.edge, pulse.origin
            product = f"{self._name(weight)} · {self._name(above)}"
            numbers = f"{self._n(self._value(weight))} · {self._term(pulse.sent)}"
            caption = f"{product} = {numbers} = {self._n(pulse.arriving)}"
            caption += f"   with the old {self._name(weight)}"
            terms.append(self._term(pulse.arriving))
            lit = (weight, above, a)
            yield Frame(Phase.BACKWARD, caption, pulse.arriving, a, lit, target, (pulse,))
        upstream = float(self._upstream(layer)[neuron])
        by_a = f"∂C/∂{self._name(a)}"
        total = f" = {' + '.join(terms)}" if len(terms) > 1 else ""
        caption = f"{by_a}{total} = {self._n(upstream)}"
        yield Frame(Phase.BACKWARD, caption, upstream, a, (a,), target)
        yield self._slope(Phase.BACKWARD, a, z)
        yield self._error_product(Phase.BACKWARD, by_a, upstream, a, delta)

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
            for row, to in _largest(arriving)
        )

    # Gradient

    def gradient(self) -> Iterator[Frame]:
        """``δ · a`` of every parameter that training may move."""
        for layer, neurons in self._groups(range(self._last, -1, -1)):
            refs = self._moved(layer, neurons)
            if not refs:
                continue
            if self._by_step:
                for ref in refs:
                    yield from self._gradient_steps(ref)
            else:
                yield self._gradient_group(layer, neurons, refs)

    def _moved(self, layer: int, neurons: tuple[int, ...]) -> tuple[Ref, ...]:
        """Return the trainable parameters of neurons, each one's weights before its bias."""
        experiment = self.snapshot.experiment
        architecture, trainable = experiment.architecture, experiment.trainable
        refs = (
            ref
            for to in neurons
            for ref in (
                *(Ref(Kind.WEIGHT, layer, to, i) for i in range(self._sizes[layer])),
                Ref(Kind.BIAS, layer, to),
            )
        )
        return tuple(ref for ref in refs if trainable[architecture.index(ref)])

    def _own_gradient(self, ref: Ref) -> float:
        """Return the sample's own derivative of its cost by a parameter."""
        trace = self.snapshot.backward
        if ref.kind is Kind.BIAS:
            return float(trace.db[ref.layer][ref.to])
        return float(trace.dW[ref.layer][ref.to, ref.source])

    def _gradient_steps(self, ref: Ref) -> Iterator[Frame]:
        delta, value = Ref(Kind.DELTA, ref.layer, ref.to), self._own_gradient(ref)
        by = f"∂C/∂{self._name(ref)}"
        lit: tuple[Ref, ...] = (ref, delta)
        if ref.kind is Kind.BIAS:
            caption = f"{by} = {self._is(delta)}{self._of_batch}"
            yield Frame(Phase.GRADIENT, caption, value, ref, lit, Gradient(ref))
            return
        source = self._source(ref.layer, ref.source)
        error, signal = self._value(delta), self._value(source)
        z = Ref(Kind.NET_INPUT, ref.layer, ref.to)
        back = Pulse(ref, 1.0, 0.5, delta, error, error)
        on = Pulse(ref, 0.0, 0.5, source, signal, signal)
        caption = f"∂C/∂{self._name(z)} = {self._is(delta)}"
        yield Frame(Phase.GRADIENT, caption, error, ref, lit, Derivative(COST, z), (back,))
        caption = f"∂{self._name(z)}/∂{self._name(ref)} = {self._is(source)}"
        lit = (ref, source)
        yield Frame(Phase.GRADIENT, caption, signal, ref, lit, Derivative(z, ref), (on,))
        product = f"{self._name(delta)} · {self._name(source)}"
        numbers = f"{self._n(error)} · {self._term(signal)} = {self._n(value)}"
        caption = f"{by} = {product} = {numbers}{self._of_batch}"
        lit = (ref, delta, source)
        yield Frame(Phase.GRADIENT, caption, value, ref, lit, Gradient(ref))

    @cached_property
    def _of_batch(self) -> str:
        size = self.snapshot.batch_size
        return f"   (this sample; the update uses the mean of {size:,})" if size > 1 else ""

    def _gradient_group(self, layer: int, neurons: tuple[int, ...], refs: tuple[Ref, ...]) -> Frame:
        listed = ", ".join(
            f"∂C/∂{self._name(ref)} = {self._n(self._own_gradient(ref))}"
            for ref in refs[:_MOST_NAMED]
        )
        more = ", …" if len(refs) > _MOST_NAMED else ""
        return Frame(
            Phase.GRADIENT,
            f"∂C/∂w = δ a:  {listed}{more}",
            self._own_gradient(refs[-1]),
            refs[0],
            tuple(Ref(Kind.DELTA, layer, neuron) for neuron in neurons),
            Gradient(refs[0]),
            self._meeting(layer, neurons),
        )

    def _meeting(self, layer: int, neurons: tuple[int, ...]) -> tuple[Pulse, ...]:
        """Return every ``δ`` on its way to the weights before it, where the signals wait."""
        error = self.snapshot.backward.delta[layer][0]
        sizes = self.snapshot.backward.dW[layer][list(neurons)]
        return tuple(
            Pulse(
                Ref(Kind.WEIGHT, layer, neurons[row], source),
                1.0,
                0.5,
                Ref(Kind.DELTA, layer, neurons[row]),
                float(error[neurons[row]]),
                float(sizes[row, source]),
            )
            for row, source in _largest(sizes)
        )

    # Update

    def update(self) -> Iterator[Frame]:
        """``w − η g`` of every parameter that training may move."""
        for layer, neurons in self._groups(range(self._last, -1, -1)):
            refs = self._moved(layer, neurons)
            changes = tuple(self._change(ref) for ref in refs)
            if self._by_step:
                for change in changes:
                    yield self._update_frame((change,), self._update_caption(change))
            elif changes:
                more = ", …" if len(changes) > _MOST_NAMED else ""
                listed = ", ".join(
                    f"{self._name(each.ref)} {self._n(each.old)} → {self._n(each.new)}"
                    for each in changes[:_MOST_NAMED]
                )
                yield self._update_frame(changes, f"{self._rule}:  {listed}{more}")

    def _change(self, ref: Ref) -> Change:
        k = self.snapshot.experiment.architecture.index(ref)
        return Change(ref, self._value(ref), float(self.snapshot.next_theta[k]))

    def _update_frame(self, changes: tuple[Change, ...], caption: str) -> Frame:
        first = changes[0].ref
        lit = tuple(change.ref for change in changes[:MOST_PULSES])
        value = changes[-1].new
        return Frame(Phase.UPDATE, caption, value, first, lit, Update(first), changes=changes)

    @property
    def _rule(self) -> str:
        optimizer = self.snapshot.experiment.optimizer
        if optimizer.name == "gradient_descent":
            return "w − η g"
        return f"w + Δ ({optimizer.label})"

    def _update_caption(self, change: Change) -> str:
        experiment = self.snapshot.experiment
        name = self._name(change.ref)
        g = float(self.snapshot.used_gradient[experiment.architecture.index(change.ref)])
        if experiment.optimizer.name == "gradient_descent":
            numbers = f"{self._n(change.old)} − {self._n(experiment.eta)} · {self._term(g)}"
            return f"new {name} = {name} − η g = {numbers} = {self._n(change.new)}"
        numbers = f"{self._n(change.old)} + {self._term(change.new - change.old)}"
        rule = f"{experiment.optimizer.label}, g = {self._n(g)}"
        return f"new {name} = {name} + Δ = {numbers} = {self._n(change.new)}   ({rule})"


def _largest(values: Array) -> list[tuple[int, int]]:
    """Return the positions of the entries that get a pulse: all, or the largest, in order."""
    if values.size <= MOST_PULSES:
        return [(int(row), int(column)) for row, column in np.ndindex(values.shape)]
    sizes = np.nan_to_num(np.abs(values))
    flat = np.sort(np.argpartition(sizes, -MOST_PULSES, axis=None)[-MOST_PULSES:])
    rows, columns = np.unravel_index(flat, values.shape)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))
