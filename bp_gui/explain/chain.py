"""The chain rule: from the cost back to any activation, net input, weight or bias."""

from __future__ import annotations

from dataclasses import dataclass

from bp_gui.engine.names import COST, Kind, Ref
from bp_gui.explain.explanation import Line, Section
from bp_gui.explain.factors import (
    Factor,
    activation_slope,
    chain_line,
    cost_by_output,
    error,
    inlines,
    names,
    net_input_by_bias,
    net_input_by_source,
    net_input_by_weight,
    numbers,
    output_by_net_input,
)
from bp_gui.explain.mathematics import Fenced, Node, Number, Words
from bp_gui.explain.scene import Scene, compute, joined
from bp_gui.explain.sums import added, product, rest
from bp_gui.explain.targets import Derivative


@dataclass(frozen=True)
class Route:
    """The way from the cost to a net input.

    Attributes
    ----------
    factors
        Their product is ``∂C/∂z``.
    lines
        How the factors come about.
    in_full
        The product with every path written out, where there is more than one.
    """

    factors: tuple[Factor, ...]
    lines: tuple[Line, ...]
    in_full: Node | None = None


@dataclass(frozen=True)
class Paths:
    """The ways from the cost to one activation, and what they add up to.

    Attributes
    ----------
    in_full
        All paths as products of derivatives.
    factor
        The sum as one factor.
    lines
        One a path, and their sum.
    """

    in_full: Node
    factor: Factor
    lines: tuple[Line, ...]


def paths_to_source(scene: Scene, layer: int, source: int) -> Paths:
    """Return ``∂C/∂a = Σ_k ∂C/∂z_k · w_k`` for what feeds a layer, one line a path."""
    count = scene.architecture.sizes[layer + 1]
    parts = scene.through(layer, source)
    ref = scene.source(layer, source)
    left = scene.partial(COST, ref)
    elision = scene.elision(count)
    shown = {k: _path(scene, layer, k, source) for k in (*elision.head, *elision.tail)}
    lines: list[Line] = []
    if layer == scene.last and scene.fused is not None:
        lines += [line for k in shown for line in error_lines(scene, layer, k)]
    lines += [_path_line(scene, layer, k, shown[k], float(parts[k])) for k in elision.head]
    hidden = [parts[k] for k in elision.hidden]
    if hidden:
        lines.append(Line(Words(f"the {len(hidden)} paths between"), (), None, float(sum(hidden))))
    lines += [_path_line(scene, layer, k, shown[k], float(parts[k])) for k in elision.tail]
    in_full = added(elision, lambda k, leads: names(shown[k]))
    total = float(parts.sum())
    summed = added(
        elision,
        lambda k, leads: Number(float(parts[k])),
        lambda positions: rest(float(sum(hidden)), len(positions)),
    )
    target = Derivative(COST, ref)
    caption = "All paths together." if count > 1 else ""
    lines.append(Line(left, (in_full,), summed, total, caption, target))
    return Paths(in_full, Factor(left, left, total, target, tuple(lines)), tuple(lines))


def _path(scene: Scene, layer: int, neuron: int, source: int) -> tuple[Factor, ...]:
    link = net_input_by_source(scene, layer, neuron, source)
    if layer == scene.last and scene.is_plain_output:
        return (
            cost_by_output(scene, neuron),
            activation_slope(scene, layer, neuron),
            link,
        )
    return (error(scene, layer, neuron), link)


def _path_line(
    scene: Scene, layer: int, neuron: int, factors: tuple[Factor, ...], value: float
) -> Line:
    through = scene.text(Ref(Kind.ACTIVATION, layer, neuron))
    caption = f"The path through {through}."
    target = Ref(Kind.DELTA, layer, neuron)
    return Line(names(factors), (inlines(factors),), numbers(factors), value, caption, target)


def route_to_net_input(scene: Scene, layer: int, neuron: int) -> Route:
    """Return the factors of ``∂C/∂z`` of a neuron, with their lines."""
    if layer == scene.last and not scene.is_plain_output:
        factor = error(scene, layer, neuron)
        return Route((factor,), error_lines(scene, layer, neuron))
    slope = activation_slope(scene, layer, neuron)
    if layer == scene.last:
        by_output = cost_by_output(scene, neuron)
        return Route((by_output, slope), (*by_output.lines, *slope.lines))
    paths = paths_to_source(scene, layer + 1, neuron)
    several = scene.architecture.sizes[layer + 2] > 1
    first = Fenced(paths.in_full) if several else paths.in_full
    in_full = product(first, slope.name)
    return Route((paths.factor, slope), (*paths.lines, *slope.lines), in_full)


def error_lines(scene: Scene, layer: int, neuron: int) -> tuple[Line, ...]:
    """Return how the error ``δ = ∂C/∂z`` of a neuron comes about, its own line last."""
    delta, z = Ref(Kind.DELTA, layer, neuron), Ref(Kind.NET_INPUT, layer, neuron)
    left, value = scene.name(delta), scene.value(delta)
    if layer == scene.last and scene.fused is not None:
        computed = compute(scene.fused.delta_formula, scene.output_bindings(neuron))
        cost, activation = scene.setup.cost.label.lower(), scene.activations[-1].label.lower()
        caption = joined(
            f"The slopes of {cost} and {activation} cancel, so both are taken in one step.",
            computed.reason,
        )
        forms = (scene.partial(COST, z), *_cancelling(scene, neuron), *computed.symbolic)
        return (*computed.before, Line(left, forms, computed.substituted, value, caption, delta))
    if layer == scene.last and not scene.is_plain_output:
        return _error_through_all_outputs(scene, neuron)
    route = route_to_net_input(scene, layer, neuron)
    line = chain_line(
        left, route.factors, value, "The error: how fast the cost grows with z.", delta
    )
    full = (
        (scene.partial(COST, z),)
        if route.in_full is None
        else (
            scene.partial(COST, z),
            route.in_full,
        )
    )
    whole = Line(left, (*full, *line.symbolic), line.substituted, value, line.caption, delta)
    return (*route.lines, whole)


def _cancelling(scene: Scene, neuron: int) -> tuple[Node, ...]:
    """Return the slopes that cancel: as derivatives, and written out where there are just two."""
    z = Ref(Kind.NET_INPUT, scene.last, neuron)
    if scene.activations[-1].output_only:
        outputs = [Ref(Kind.ACTIVATION, scene.last, k) for k in range(scene.architecture.n_outputs)]
        terms = [product(scene.partial(COST, a), scene.partial(a, z)) for a in outputs]
        return (added(scene.elision(len(terms)), lambda k, leads: terms[k]),)
    a = Ref(Kind.ACTIVATION, scene.last, neuron)
    by_output = compute(scene.setup.cost.derivative_formula, scene.output_bindings(neuron))
    slope = compute(
        scene.activations[-1].derivative_formula, scene.neuron_bindings(scene.last, neuron)
    )
    return (
        product(scene.partial(COST, a), scene.partial(a, z)),
        product(by_output.inline, slope.inline),
    )


def _error_through_all_outputs(scene: Scene, neuron: int) -> tuple[Line, ...]:
    """Return the error where every output depends on this z, as with softmax."""
    delta, z = Ref(Kind.DELTA, scene.last, neuron), Ref(Kind.NET_INPUT, scene.last, neuron)
    count = scene.architecture.n_outputs
    elision = scene.elision(count)
    lines: list[Line] = []
    pairs, parts = {}, []
    for k in range(count):
        pair = (cost_by_output(scene, k), output_by_net_input(scene, k, neuron))
        parts.append(pair[0].value * pair[1].value)
        if k not in elision.hidden:
            pairs[k] = pair
            lines += [line for f in pair for line in f.lines]
            through = scene.text(Ref(Kind.ACTIVATION, scene.last, k))
            lines.append(
                Line(names(pair), (inlines(pair),), numbers(pair), parts[k], f"Through {through}.")
            )
    summed = added(
        elision,
        lambda k, leads: Number(parts[k]),
        lambda hidden: rest(sum(parts[k] for k in hidden), len(hidden)),
    )
    forms = (scene.partial(COST, z), added(elision, lambda k, leads: names(pairs[k])))
    value = scene.value(delta)
    lines.append(Line(scene.name(delta), forms, summed, value, "All outputs together.", delta))
    return tuple(lines)


def parameter_lines(scene: Scene, ref: Ref) -> tuple[Line, ...]:
    """Return ``∂C/∂w`` of a parameter for the shown sample: the whole first, then its parts."""
    if ref.kind is Kind.BIAS and scene.is_shared:
        return _shared_bias_lines(scene, ref)
    last = net_input_by_weight(scene, ref) if ref.kind is Kind.WEIGHT else None
    last = net_input_by_bias(scene, ref) if last is None else last
    route = route_to_net_input(scene, ref.layer, ref.to)
    gradient = scene.subject.backward
    value = float(
        gradient.dW[ref.layer][ref.to, ref.source]
        if ref.kind is Kind.WEIGHT
        else gradient.db[ref.layer][ref.to]
    )
    left, target = scene.partial(COST, ref), Derivative(COST, ref)
    factors = (*route.factors, last)
    line = chain_line(left, factors, value, "", target)
    if route.in_full is not None:
        full = product(route.in_full, last.name)
        line = Line(left, (full, *line.symbolic), line.substituted, value, "", target)
    delta = error(scene, ref.layer, ref.to)
    short = Line(
        left,
        (inlines((delta, last)),),
        numbers((delta, last)),
        value,
        _in_short(scene, ref),
        target,
    )
    return (line, *route.lines, *last.lines, short)


def _in_short(scene: Scene, ref: Ref) -> str:
    neuron = scene.text(Ref(Kind.ACTIVATION, ref.layer, ref.to))
    if ref.kind is Kind.WEIGHT:
        return f"In short: the error of {neuron} times what the weight multiplies."
    if (
        ref.layer in scene.style.naming.one_bias_layers
        and scene.architecture.sizes[ref.layer + 1] > 1
    ):
        return (
            f"In short: the error of {neuron}. {scene.text(ref)} is counted here as it enters "
            f"{neuron} alone."
        )
    return f"In short: the error of {neuron}."


def _shared_bias_lines(scene: Scene, ref: Ref) -> tuple[Line, ...]:
    """Return ``∂C/∂b = Σ_j δ_j`` of a bias that a whole layer shares."""
    errors = scene.delta(ref.layer)
    elision = scene.elision(len(errors))
    left, target = scene.partial(COST, ref), Derivative(COST, ref)
    pairs = {
        j: (error(scene, ref.layer, j), net_input_by_bias(scene, Ref(Kind.BIAS, ref.layer, j)))
        for j in (*elision.head, *elision.tail)
    }
    hidden = float(sum(errors[j] for j in elision.hidden))
    summed = added(
        elision,
        lambda j, leads: pairs[j][0].number,
        lambda positions: rest(hidden, len(positions)),
    )
    forms = (
        added(elision, lambda j, leads: names(pairs[j])),
        added(elision, lambda j, leads: pairs[j][0].inline),
    )
    caption = "One bias serves the whole layer, so the errors of all its neurons add up."
    whole = Line(left, forms, summed, float(errors.sum()), caption, target)
    return (whole, *(line for pair in pairs.values() for f in pair for line in f.lines))


def unfolded(scene: Scene, layer: int, depth: int) -> tuple[Section, ...]:
    """Return a section for each error of a layer, and of the layers after it, ``depth`` deep."""
    if depth <= 0 or layer > scene.last:
        return ()
    elision = scene.elision(scene.architecture.sizes[layer + 1])
    sections = []
    for neuron in (*elision.head, *elision.tail):
        name = scene.text(Ref(Kind.DELTA, layer, neuron))
        sections.append(Section(f"The error {name}", error_lines(scene, layer, neuron)))
    return (*sections, *unfolded(scene, layer + 1, depth - 1))
