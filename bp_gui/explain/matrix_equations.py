"""The equations of forward pass, backward pass and update, filled with a moment's numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from bp_gui.engine.arrays import Array
from bp_gui.engine.names import ETA, Kind, Ref
from bp_gui.engine.network import BiasPolicy
from bp_gui.explain.blocks import Blocks
from bp_gui.explain.formulas import parse_formula, parse_steps
from bp_gui.explain.mathematics import (
    ADD,
    BECOMES,
    HADAMARD,
    JUXTAPOSED,
    SUBTRACT,
    TIMES,
    Fenced,
    Node,
    Number,
    Row,
    Symbol,
    function,
    row,
)
from bp_gui.explain.matrices import Block, Equation, MatrixView, letter_of
from bp_gui.explain.numpy_code import array_code, numpy_code
from bp_gui.explain.subject import Subject
from bp_gui.explain.targets import Gradient, Update
from bp_gui.explain.typesetting import (
    Bindings,
    typeset,
)


def matrix_view(subject: Subject) -> MatrixView:
    """Return the shown sample's passes and the next update as equations between matrices."""
    blocks = Blocks(subject)
    layers = range(blocks.architecture.n_layers)
    given = [blocks.source(0), blocks.targets()]
    for layer in layers:
        given += [blocks.weights(layer), blocks.biases(layer)]
    return MatrixView(
        tuple(given),
        tuple(e for layer in layers for e in _forward(blocks, layer)),
        tuple(e for layer in reversed(layers) for e in _backward(blocks, layer)),
        tuple(e for layer in layers for e in _updates(blocks, layer)),
    )


def _forward(blocks: Blocks, layer: int) -> Iterator[Equation]:
    z, W, a, b = (
        blocks.net_inputs(layer),
        blocks.weights(layer),
        blocks.source(layer),
        blocks.biases(layer),
    )
    symbolic = row(W.name, JUXTAPOSED, a.name, ADD, b.name)
    code = f"{W.code} @ {a.code} + {b.code}"
    yield Equation(layer, "Net input", z, symbolic, (W, a, ADD, b), code)
    activation = blocks.activation(layer)
    applied = function(activation.symbol)
    yield Equation(
        layer,
        activation.label,
        blocks.activations(layer),
        row(applied, Fenced(z.name)),
        (applied, z),
        numpy_code(activation.formula, blocks.letters(layer)),
        caption="All neurons share one sum." if activation.output_only else "Neuron by neuron.",
    )


def _backward(blocks: Blocks, layer: int) -> Iterator[Equation]:
    yield _output_error(blocks) if layer == blocks.last else _hidden_error(blocks, layer)
    delta, source = blocks.errors(layer), blocks.source(layer).transposed()
    yield Equation(
        layer,
        "Gradient of the weights",
        blocks.weight_gradient(layer),
        row(delta.name, JUXTAPOSED, source.name),
        (delta, source),
        f"{delta.code} @ {source.code}",
    )
    caption = {
        BiasPolicy.SHARED: "The layer has one bias: its gradient is the sum of these.",
        BiasPolicy.FIXED: "Biases are fixed: no update uses these.",
    }.get(blocks.setup.bias_policy, "")
    yield Equation(
        layer,
        "Gradient of the biases",
        blocks.bias_gradient(layer),
        delta.name,
        (delta,),
        delta.code,
        caption=caption,
    )


def _output_error(blocks: Blocks) -> Equation:
    last = blocks.last
    fused = blocks.setup.cost.fused.get(blocks.architecture.activations[-1])
    if fused is not None:
        return _fused_error(blocks, fused.delta_formula)
    delta, title, slopes = blocks.errors(last), "Error of the outputs", blocks.cost_slopes()
    if blocks.activation(last).output_only:
        jacobian = blocks.jacobian().transposed()
        return Equation(
            last,
            title,
            delta,
            row(jacobian.name, JUXTAPOSED, slopes.name),
            (jacobian, slopes),
            f"{jacobian.code} @ {slopes.code}",
            caption="Every output depends on every z, so all slopes of the layer take part.",
        )
    steepness = blocks.slopes(last)
    return Equation(
        last,
        title,
        delta,
        row(slopes.name, HADAMARD, steepness.name),
        (slopes, HADAMARD, steepness),
        f"{slopes.code} * {steepness.code}",
    )


def _fused_error(blocks: Blocks, formula: str) -> Equation:
    """Return δ_L where cost and activation cancel: the formula with vectors for its letters."""
    a, t = blocks.activations(blocks.last), blocks.targets()
    body = parse_formula(formula).body
    placeholders: dict[Node, Block] = {Symbol("a"): a, Symbol("t"): t}
    targets = tuple(t.cell(k, 0) for k in range(t.shape[0]))
    filled = typeset(body, Bindings({}, {"t_j": targets}))
    items = filled.items if isinstance(filled, Row) else (filled,)
    return Equation(
        blocks.last,
        "Error of the outputs",
        blocks.errors(blocks.last),
        typeset(body, Bindings({"a": a.name, "t": t.name})),
        tuple(placeholders.get(item, item) for item in items),
        numpy_code(formula, blocks.letters(blocks.last)),
        caption="The slopes of cost and activation cancel.",
    )


def _hidden_error(blocks: Blocks, layer: int) -> Equation:
    W, following = blocks.weights(layer + 1).transposed(), blocks.errors(layer + 1)
    slopes = blocks.slopes(layer)
    return Equation(
        layer,
        "Error handed back",
        blocks.errors(layer),
        row(W.name, JUXTAPOSED, following.name, HADAMARD, slopes.name),
        (W, following, HADAMARD, slopes),
        f"({W.code} @ {following.code}) * {slopes.code}",
        caption="Each neuron collects the errors that it causes, by the weights.",
    )


def _updates(blocks: Blocks, layer: int) -> Iterator[Equation]:
    new_W, new_b = blocks.architecture.views(blocks.subject.next_theta)
    used_W, used_b = blocks.architecture.views(blocks.subject.used_gradient)
    W, b = blocks.weights(layer), blocks.biases(layer)
    own = blocks.weight_gradient(layer)
    if not np.array_equal(own.values, used_W[layer], equal_nan=True):
        own = _used_gradient("G", W, Kind.WEIGHT, layer, used_W[layer])
    yield _update(blocks, layer, "Weights after the update", W, own, new_W[layer])
    if blocks.setup.bias_policy is not BiasPolicy.FIXED:
        own = blocks.bias_gradient(layer)
        if not np.array_equal(own.values[:, 0], used_b[layer], equal_nan=True):
            own = _used_gradient("g", b, Kind.BIAS, layer, used_b[layer][:, None])
        yield _update(blocks, layer, "Biases after the update", b, own, new_b[layer][:, None])


def _used_gradient(letter: str, old: Block, kind: Kind, layer: int, used: Array) -> Block:
    """Return the gradient of the update, where it is not that of the shown sample alone."""
    return Block(
        letter_of(letter, layer),
        array_code(used),
        used,
        lambda to, source: Gradient(Ref(kind, layer, to, source)),
    )


_DESCENT: Final = parse_steps("Δw = −η g")


def _update(
    blocks: Blocks, layer: int, title: str, old: Block, gradient: Block, new: Array
) -> Equation:
    """Return ``W ← W − η G``, or ``W ← W + ΔW`` where that is not what the optimizer does."""

    def target(to: int, source: int) -> Update:
        ref = old.target(to, source)
        assert isinstance(ref, Ref)
        return Update(ref)

    setup, result = blocks.setup, Block(old.name, f"{old.code}_new", new, target)
    with np.errstate(all="ignore"):
        moved = old.values - setup.eta * gradient.values
        change = new - old.values
    is_descent = parse_steps(setup.optimizer.formula) == _DESCENT
    if is_descent and np.array_equal(moved, new, equal_nan=True):
        symbolic = row(old.name, SUBTRACT, Symbol("η", ETA), JUXTAPOSED, gradient.name)
        parts = (old, SUBTRACT, Number(setup.eta, ETA), TIMES, gradient)
        code = f"{old.code} - {setup.eta!r} * {gradient.code}"
        return Equation(layer, title, result, symbolic, parts, code, BECOMES)
    delta = Block(row(Symbol("Δ"), old.name), array_code(change), change, target)
    caption = f"The change is that of the optimizer ({setup.optimizer.label}); locked cells stay."
    code, symbolic = f"{old.code} + {delta.code}", row(old.name, ADD, delta.name)
    return Equation(layer, title, result, symbolic, (old, ADD, delta), code, BECOMES, caption)
