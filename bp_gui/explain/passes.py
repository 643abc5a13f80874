"""The forward pass and the cost, line by line."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bp_gui.engine.arrays import Array
from bp_gui.engine.names import COST, Kind, Ref
from bp_gui.engine.propagation import forward
from bp_gui.explain.explanation import Line
from bp_gui.explain.mathematics import (
    HALF,
    TIMES,
    Accent,
    Fence,
    Fenced,
    Fraction,
    Mark,
    Node,
    Number,
    Scripts,
    Sum,
    Symbol,
    row,
)
from bp_gui.explain.scene import Scene, compute, computed_lines
from bp_gui.explain.sums import added, plus, product, rest


def net_input_line(scene: Scene, layer: int, neuron: int) -> Line:
    """Return ``z = Σ w a + b`` of a neuron."""
    ref, bias = Ref(Kind.NET_INPUT, layer, neuron), Ref(Kind.BIAS, layer, neuron)
    n_from = scene.architecture.sizes[layer]
    elision = scene.elision(n_from)

    def pair(source: int) -> tuple[Ref, Ref]:
        return Ref(Kind.WEIGHT, layer, neuron, source), scene.source(layer, source)

    def hidden(sources: range) -> Node:
        part = sum(scene.value(w) * scene.value(a) for w, a in map(pair, sources))
        return rest(part, len(sources))

    symbolic = added(elision, lambda i, leads: product(*map(scene.name, pair(i))))
    substituted = added(
        elision, lambda i, leads: product(*map(scene.number, pair(i)), leads=leads), hidden
    )
    return Line(
        scene.name(ref),
        (plus(symbolic, scene.name(bias)),),
        plus(substituted, scene.number(bias)),
        scene.value(ref),
        "Every incoming value times its weight, and the bias.",
        ref,
    )


def activation_lines(scene: Scene, layer: int, neuron: int) -> tuple[Line, ...]:
    """Return ``a = f(z)`` of a neuron."""
    ref, z = Ref(Kind.ACTIVATION, layer, neuron), Ref(Kind.NET_INPUT, layer, neuron)
    activation = scene.activations[layer]
    applied = row(Symbol(activation.symbol, upright=True), Fenced(scene.name(z)))
    head = () if activation.output_only else (applied,)
    computed = compute(activation.formula, scene.neuron_bindings(layer, neuron))
    caption = f"The activation function: {activation.label}."
    return computed_lines(scene.name(ref), head, computed, scene.value(ref), caption, ref)


def output_cost_lines(scene: Scene, output: int) -> tuple[Line, ...]:
    """Return what one output adds to the cost of the shown sample."""
    ref = Ref(Kind.OUTPUT_COST, to=output)
    cost, bindings = scene.setup.cost, scene.output_bindings(output)
    computed = compute(cost.formula, bindings)
    caption = f"{cost.label}: what {scene.text(Ref(Kind.ACTIVATION, scene.last, output))} adds."
    head: tuple[Node, ...] = ()
    if scene.fused is not None:
        head = computed.symbolic
        computed = compute(scene.fused.formula, bindings)
        caption += " Written in z it stays exact where the output is close to 0 or 1."
    return computed_lines(scene.name(ref), head, computed, scene.value(ref), caption, ref)


def sample_cost_line(scene: Scene) -> Line:
    """Return the cost of the shown sample: the sum over its outputs."""
    terms = scene.subject.cost_terms
    elision = scene.elision(len(terms))

    def ref(output: int) -> Ref:
        return Ref(Kind.OUTPUT_COST, to=output)

    symbolic = added(elision, lambda k, leads: scene.name(ref(k)))
    substituted = added(
        elision,
        lambda k, leads: scene.number(ref(k)),
        lambda hidden: rest(float(sum(terms[k] for k in hidden)), len(hidden)),
    )
    caption = f"The cost of sample {scene.subject.sample + 1}." if scene.n_samples > 1 else ""
    return Line(scene.sample_cost, (symbolic,), substituted, float(terms.sum()), caption, COST)


def whole_cost_lines(scene: Scene) -> tuple[Line, ...]:
    """Return the mean over all samples, the penalty, and the cost that they make together."""
    lines: list[Line] = []
    data_cost = scene.subject.cost - scene.subject.penalty
    mean_name: Node = scene.name(COST)
    if scene.setup.penalty:
        mean_name = Accent(mean_name, Mark.BAR) if scene.n_samples > 1 else scene.sample_cost
    if scene.n_samples > 1:
        costs = sample_costs(scene)
        data_cost = float(costs.sum() / len(costs))
        symbolic, substituted = mean(scene, [scene.cost_of(s) for s in range(len(costs))], costs)
        caption = f"The mean over all {len(costs)} samples."
        lines.append(Line(mean_name, (symbolic,), substituted, data_cost, caption))
    if scene.setup.penalty:
        lines.append(penalty_line(scene))
        symbolic = plus(mean_name, Symbol("P"))
        substituted = plus(Number(data_cost), Number(scene.subject.penalty))
        caption = "What training makes small: the mean cost and the penalty."
        lines.append(
            Line(scene.name(COST), (symbolic,), substituted, scene.subject.cost, caption, COST)
        )
    return tuple(lines)


def sample_costs(scene: Scene) -> Array:
    """Return the cost of each training sample, (m,)."""
    setup = scene.setup
    with np.errstate(all="ignore"):
        trace = forward(setup.parameters, setup.x)
        last = scene.architecture.activations[-1]
        terms = setup.cost.terms_through(last, setup.t, trace.z[-1], trace.output)
        costs: Array = terms.sum(axis=1)
    return costs


def mean(scene: Scene, names: list[Node], values: Array) -> tuple[Node, Node]:
    """Return ``(1/m) (… + …)`` in names and in numbers."""
    share = Fraction(Symbol("1"), Symbol(str(len(values))))
    elision = scene.elision(len(values))
    symbolic = added(elision, lambda s, leads: names[s])
    substituted = added(
        elision,
        lambda s, leads: Number(float(values[s])),
        lambda hidden: rest(float(values[hidden.start : hidden.stop].sum()), len(hidden)),
    )
    return row(share, TIMES, Fenced(symbolic)), row(share, TIMES, Fenced(substituted))


def penalty_line(scene: Scene) -> Line:
    """Return ``P = λ₁ Σ |w| + ½ λ₂ Σ w²`` over all weights; biases are left out."""
    penalty = scene.setup.penalty
    w = Symbol("w")
    parts = []
    if penalty.l1 > 0:
        term = product(Scripts(Symbol("λ"), Symbol("1")), Sum(Fenced(w, Fence.BARS)))
        sizes = _over_weights(scene, lambda n: Fenced(n, Fence.BARS), abs)
        parts.append((term, product(Number(penalty.l1), Fenced(sizes))))
    if penalty.l2 > 0:
        term = product(HALF, Scripts(Symbol("λ"), Symbol("2")), Sum(squared(w)))
        squares = _over_weights(scene, lambda n: squared(Fenced(n)), lambda v: v * v)
        parts.append((term, product(HALF, Number(penalty.l2), Fenced(squares))))
    symbolic, substituted = (plus(*column) for column in zip(*parts, strict=True))
    caption = "The penalty, over all weights; biases are left out."
    return Line(Symbol("P"), (symbolic,), substituted, scene.subject.penalty, caption)


def squared(node: Node) -> Node:
    """Return ``node²``."""
    return Scripts(node, sup=Symbol("2"))


def _over_weights(
    scene: Scene, term: Callable[[Number], Node], size: Callable[[float], float]
) -> Node:
    """Return the sum of a term over all weights, in numbers."""
    weights = [ref for ref in scene.architecture.refs() if ref.kind is Kind.WEIGHT]
    return added(
        scene.elision(len(weights)),
        lambda i, leads: term(scene.number(weights[i])),
        lambda hidden: rest(sum(size(scene.value(weights[i])) for i in hidden), len(hidden)),
    )
