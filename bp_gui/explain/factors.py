"""The factors of the chain rule, each with its name, its formula, its number and its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bp_gui.engine.names import COST, Kind, Ref
from bp_gui.explain.explanation import Line
from bp_gui.explain.mathematics import PRIME, Fenced, Linked, Node, Number, Scripts, Symbol, row
from bp_gui.explain.scene import Scene, compute, computed_lines
from bp_gui.explain.sums import product
from bp_gui.explain.targets import Derivative, Target
from bp_gui.explain.typesetting import (
    Bindings,
)


@dataclass(frozen=True)
class Factor:
    """One factor.

    Attributes
    ----------
    name
        As a derivative: ``∂o1/∂z_o1``.
    inline
        As it stands in a product: ``σ′(z_o1)``.
    value
        Its number.
    target
        What explains it.
    lines
        How it comes about.
    """

    name: Node
    inline: Node
    value: float
    target: Target
    lines: tuple[Line, ...]

    @property
    def number(self) -> Node:
        """Its number, which leads to its explanation."""
        if isinstance(self.target, Ref):
            return Number(self.value, self.target)
        return Linked(Number(self.value), self.target)


def names(factors: Sequence[Factor]) -> Node:
    """Return the product of the factors' names."""
    return product(*(f.name for f in factors))


def inlines(factors: Sequence[Factor]) -> Node:
    """Return the product of the factors as they stand in it."""
    return product(*(f.inline for f in factors))


def numbers(factors: Sequence[Factor]) -> Node:
    """Return the product of the factors' numbers."""
    return product(*(f.number for f in factors))


def chain_line(
    left: Node, factors: Sequence[Factor], value: float, caption: str, target: Target | None
) -> Line:
    """Return ``left = names = formulas = numbers = value``."""
    forms = [names(factors)]
    if inlines(factors) != forms[0]:
        forms.append(inlines(factors))
    return Line(left, tuple(forms), numbers(factors), value, caption, target)


def cost_by_output(scene: Scene, output: int) -> Factor:
    """Return ``∂C/∂a`` of an output."""
    ref = Ref(Kind.ACTIVATION, scene.last, output)
    target = Derivative(COST, ref)
    name = scene.partial(COST, ref)
    computed = compute(scene.setup.cost.derivative_formula, scene.output_bindings(output))
    value = scene.cost_slope(output)
    caption = f"How fast the cost grows with {scene.text(ref)}."
    lines = computed_lines(name, (), computed, value, caption, target)
    return Factor(name, computed.inline, value, target, lines)


def activation_slope(scene: Scene, layer: int, neuron: int) -> Factor:
    """Return ``∂a/∂z = f′(z)`` of a neuron whose activation depends on its own z alone."""
    a, z = Ref(Kind.ACTIVATION, layer, neuron), Ref(Kind.NET_INPUT, layer, neuron)
    target = Derivative(a, z)
    name = scene.partial(a, z)
    activation = scene.activations[layer]
    prime = row(Scripts(Symbol(activation.symbol, upright=True), sup=PRIME), Fenced(scene.name(z)))
    computed = compute(activation.derivative_formula, scene.neuron_bindings(layer, neuron))
    value = scene.slope(layer, neuron, neuron)
    caption = f"How steep the {activation.label.lower()} function is at {scene.text(z)}."
    lines = computed_lines(name, (prime,), computed, value, caption, target)
    return Factor(name, prime, value, target, lines)


def output_by_net_input(scene: Scene, of: int, by: int) -> Factor:
    """Return ``∂a_of/∂z_by`` where the outputs depend on each other, as with softmax."""
    a, z = Ref(Kind.ACTIVATION, scene.last, of), Ref(Kind.NET_INPUT, scene.last, by)
    target = Derivative(a, z)
    name = scene.partial(a, z)
    other = Ref(Kind.ACTIVATION, scene.last, by)
    places = {"k": Number(of + 1.0), "j": Number(by + 1.0)}
    as_names, as_numbers = scene.neuron_bindings(scene.last, of)
    bound = (
        Bindings({**as_names.nodes, "a_j": scene.name(other)}),
        Bindings({**as_numbers.nodes, "a_j": scene.number(other), **places}),
    )
    computed = compute(scene.activations[-1].derivative_formula, bound)
    value = scene.slope(scene.last, of, by)
    caption = f"How {scene.text(a)} answers to {scene.text(z)}: all outputs share one sum."
    lines = computed_lines(name, (), computed, value, caption, target)
    return Factor(name, computed.inline, value, target, lines)


def net_input_by_source(scene: Scene, layer: int, to: int, source: int) -> Factor:
    """Return ``∂z/∂a`` of the neuron before: the weight between them."""
    z, weight = Ref(Kind.NET_INPUT, layer, to), Ref(Kind.WEIGHT, layer, to, source)
    by = scene.source(layer, source)
    caption = f"{scene.text(by)} reaches {scene.text(z)} through the weight {scene.text(weight)}."
    return _plain(scene, z, by, weight, caption)


def net_input_by_weight(scene: Scene, weight: Ref) -> Factor:
    """Return ``∂z/∂w``: what the weight multiplies."""
    z = Ref(Kind.NET_INPUT, weight.layer, weight.to)
    source = scene.source(weight.layer, weight.source)
    caption = f"{scene.text(weight)} is multiplied by {scene.text(source)}."
    return _plain(scene, z, weight, source, caption)


def net_input_by_bias(scene: Scene, bias: Ref) -> Factor:
    """Return ``∂z/∂b``, which is 1."""
    z = Ref(Kind.NET_INPUT, bias.layer, bias.to)
    name, target = scene.partial(z, bias), Derivative(z, bias)
    line = Line(name, (), Number(1.0), 1.0, "A bias is added as it is.", target)
    return Factor(name, Symbol("1"), 1.0, target, (line,))


def error(scene: Scene, layer: int, neuron: int) -> Factor:
    """Return ``∂C/∂z`` of a neuron, its error δ, which has an explanation of its own."""
    delta, z = Ref(Kind.DELTA, layer, neuron), Ref(Kind.NET_INPUT, layer, neuron)
    name = scene.partial(COST, z)
    caption = f"The error of {scene.text(Ref(Kind.ACTIVATION, layer, neuron))}."
    line = Line(name, (scene.name(delta),), scene.number(delta), scene.value(delta), caption, delta)
    return Factor(name, scene.name(delta), scene.value(delta), delta, (line,))


def _plain(scene: Scene, of: Ref, by: Ref, result: Ref, caption: str) -> Factor:
    """Return a derivative that is simply another quantity."""
    name, target = scene.partial(of, by), Derivative(of, by)
    value = scene.value(result)
    line = Line(name, (scene.name(result),), scene.number(result), value, caption, target)
    return Factor(name, scene.name(result), value, target, (line,))
