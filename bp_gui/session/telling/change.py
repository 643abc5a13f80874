"""Gradient and update: what each parameter answers for, and where it goes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from bp_gui.engine.names import COST, Kind, Ref
from bp_gui.explain.targets import Derivative, Gradient, Update
from bp_gui.session.frames import Change, Frame, Phase, Pulse
from bp_gui.session.telling.teller import MOST_NAMED, MOST_PULSES, Teller, largest


class Changing(Teller):
    """Tells what training makes of the parameters."""

    # Gradient

    def gradient(self) -> Iterator[Frame]:
        """``δ · a`` of every parameter that training may move."""
        for layer, neurons in self.groups(range(self.last, -1, -1)):
            refs = self.moved(layer, neurons)
            if not refs:
                continue
            if self.by_step:
                for ref in refs:
                    yield from self._gradient_steps(ref)
            else:
                yield self._gradient_group(layer, neurons, refs)

    def _own_gradient(self, ref: Ref) -> float:
        """Return the sample's own derivative of its cost by a parameter."""
        trace = self.snapshot.backward
        if ref.kind is Kind.BIAS:
            return float(trace.db[ref.layer][ref.to])
        return float(trace.dW[ref.layer][ref.to, ref.source])

    def _gradient_steps(self, ref: Ref) -> Iterator[Frame]:
        delta, value = Ref(Kind.DELTA, ref.layer, ref.to), self._own_gradient(ref)
        by = f"∂C/∂{self.name(ref)}"
        lit: tuple[Ref, ...] = (ref, delta)
        if ref.kind is Kind.BIAS:
            caption = f"{by} = {self.equals(delta)}{self._of_batch}"
            yield Frame(Phase.GRADIENT, caption, value, ref, lit, Gradient(ref))
            return
        source = self.source(ref.layer, ref.source)
        error, signal = self.value(delta), self.value(source)
        z = Ref(Kind.NET_INPUT, ref.layer, ref.to)
        back = Pulse(ref, 1.0, 0.5, delta, error, error)
        on = Pulse(ref, 0.0, 0.5, source, signal, signal)
        caption = f"∂C/∂{self.name(z)} = {self.equals(delta)}"
        yield Frame(Phase.GRADIENT, caption, error, ref, lit, Derivative(COST, z), (back,))
        caption = f"∂{self.name(z)}/∂{self.name(ref)} = {self.equals(source)}"
        lit = (ref, source)
        yield Frame(Phase.GRADIENT, caption, signal, ref, lit, Derivative(z, ref), (on,))
        product = f"{self.name(delta)} · {self.name(source)}"
        numbers = f"{self.number(error)} · {self.term(signal)} = {self.number(value)}"
        caption = f"{by} = {product} = {numbers}{self._of_batch}"
        lit = (ref, delta, source)
        yield Frame(Phase.GRADIENT, caption, value, ref, lit, Gradient(ref))

    @cached_property
    def _of_batch(self) -> str:
        size = self.snapshot.batch_size
        return f"   (this sample; the update uses the mean of {size:,})" if size > 1 else ""

    def _gradient_group(self, layer: int, neurons: tuple[int, ...], refs: tuple[Ref, ...]) -> Frame:
        listed = ", ".join(
            f"∂C/∂{self.name(ref)} = {self.number(self._own_gradient(ref))}"
            for ref in refs[:MOST_NAMED]
        )
        more = ", …" if len(refs) > MOST_NAMED else ""
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
            for row, source in largest(sizes)
        )

    # Update

    def update(self) -> Iterator[Frame]:
        """``w − η g`` of every parameter that training may move."""
        for layer, neurons in self.groups(range(self.last, -1, -1)):
            refs = self.moved(layer, neurons)
            changes = tuple(self._change(ref) for ref in refs)
            if self.by_step:
                for change in changes:
                    yield self._update_frame((change,), self._update_caption(change))
            elif changes:
                more = ", …" if len(changes) > MOST_NAMED else ""
                listed = ", ".join(
                    f"{self.name(each.ref)} {self.number(each.old)} → {self.number(each.new)}"
                    for each in changes[:MOST_NAMED]
                )
                yield self._update_frame(changes, f"{self._rule}:  {listed}{more}")

    def _change(self, ref: Ref) -> Change:
        k = self.snapshot.experiment.architecture.index(ref)
        return Change(ref, self.value(ref), float(self.snapshot.next_theta[k]))

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
        name = self.name(change.ref)
        g = float(self.snapshot.used_gradient[experiment.architecture.index(change.ref)])
        if experiment.optimizer.name == "gradient_descent":
            numbers = f"{self.number(change.old)} − {self.number(experiment.eta)} · {self.term(g)}"
            return f"new {name} = {name} − η g = {numbers} = {self.number(change.new)}"
        numbers = f"{self.number(change.old)} + {self.term(change.new - change.old)}"
        rule = f"{experiment.optimizer.label}, g = {self.number(g)}"
        return f"new {name} = {name} + Δ = {numbers} = {self.number(change.new)}   ({rule})"
