"""One moment under one reader's names: quantities as names, as numbers and as derivatives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bp_gui.engine.activations import ACTIVATIONS, Activation
from bp_gui.engine.arrays import Array
from bp_gui.engine.costs import Fused
from bp_gui.engine.names import COST, Kind, Ref
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.explain.explanation import Line, Style
from bp_gui.explain.expressions import (
    Expression,
)
from bp_gui.explain.formulas import parse_formula
from bp_gui.explain.mathematics import (
    PARTIAL,
    Fenced,
    Fraction,
    Linked,
    Node,
    Number,
    Scripts,
    Symbol,
    row,
)
from bp_gui.explain.subject import Setup, Subject
from bp_gui.explain.sums import Elision
from bp_gui.explain.targets import Derivative, Target
from bp_gui.explain.typesetting import (
    Bindings,
    holding,
    letter,
    resolve,
    typeset,
    typeset_condition,
    value,
)
from bp_gui.explain.written import to_text

IN_CAPTIONS = 6  # significant digits


@dataclass(frozen=True, eq=False)
class Scene:
    """A subject and how its quantities are written.

    Attributes
    ----------
    subject
        The numbers.
    style
        The names, and how long sums may be.
    """

    subject: Subject
    style: Style

    @property
    def setup(self) -> Setup:
        """The network and how it is trained."""
        return self.subject.experiment

    @property
    def parameters(self) -> Parameters:
        """Architecture and θ."""
        return self.setup.parameters

    @property
    def architecture(self) -> Architecture:
        """Layer sizes and activations."""
        return self.parameters.architecture

    @property
    def last(self) -> int:
        """The output layer, 0-based."""
        return self.architecture.n_layers - 1

    @property
    def n_samples(self) -> int:
        """How many training samples there are."""
        return len(self.setup.t)

    @property
    def is_whole(self) -> bool:
        """Whether this sample's cost is all of the cost: one sample, no penalty."""
        return self.n_samples == 1 and not self.setup.penalty

    @property
    def is_shared(self) -> bool:
        """Whether a layer's biases are one number for training."""
        return self.setup.bias_policy is BiasPolicy.SHARED

    # Quantities -----------------------------------------------------------------------------

    def value(self, ref: Ref) -> float:
        """Return the number behind a name."""
        return self.subject.value(ref)

    def number(self, ref: Ref) -> Number:
        """Return the number behind a name as mathematics."""
        return Number(self.value(ref), ref)

    def name(self, ref: Ref) -> Node:
        """Return a name as mathematics."""
        return self.style.naming.node(ref)

    def text(self, ref: Ref) -> str:
        """Return a name as text."""
        return self.style.naming.text(ref)

    def source(self, layer: int, position: int) -> Ref:
        """Return what feeds ``W[layer]`` at a position: an input or an activation."""
        if layer == 0:
            return Ref(Kind.INPUT, to=position)
        return Ref(Kind.ACTIVATION, layer - 1, position)

    def elision(self, count: int) -> Elision:
        """Return which of a sum's terms are shown."""
        return Elision(count, self.style.longest_sum)

    # Derivatives ----------------------------------------------------------------------------

    @cached_property
    def sample_cost(self) -> Node:
        """The cost of the shown sample: C, or C⁽³⁾ where there is more to the cost."""
        return self.cost_of(self.subject.sample)

    def cost_of(self, sample: int) -> Node:
        """Return the name of a sample's cost."""
        if self.is_whole:
            return self.name(COST)
        return Scripts(Symbol("C", COST), sup=Fenced(Symbol(str(sample + 1))))

    def partial(self, of: Ref, by: Ref) -> Node:
        """Return ``∂of/∂by``; of the cost, that of the shown sample."""
        above = self.sample_cost if of == COST else self.name(of)
        return Linked(quotient(above, self.name(by)), Derivative(of, by))

    @property
    def activations(self) -> tuple[Activation, ...]:
        """The activation of each layer."""
        return tuple(ACTIVATIONS[name] for name in self.architecture.activations)

    @property
    def fused(self) -> Fused | None:
        """The form in which cost and last activation cancel, if they do."""
        return self.setup.cost.fused.get(self.architecture.activations[-1])

    @property
    def is_plain_output(self) -> bool:
        """Whether the output's error is ∂C/∂a · f′(z), factor by factor."""
        return self.fused is None and not self.activations[-1].output_only

    def slope(self, layer: int, of: int, by: int) -> float:
        """Return ``∂a_of/∂z_by`` in a layer."""
        z, a = self.subject.forward.z[layer], self.subject.forward.a[layer]
        chosen = np.zeros_like(z)
        chosen[0, of] = 1.0
        with np.errstate(all="ignore"):
            return float(self.activations[layer].pull_back(z, a, chosen)[0, by])

    def cost_slope(self, output: int) -> float:
        """Return ``∂C/∂a`` of an output."""
        t = self.setup.t[self.subject.sample : self.subject.sample + 1]
        with np.errstate(all="ignore"):
            return float(self.setup.cost.gradient(t, self.subject.forward.output)[0, output])

    def delta(self, layer: int) -> Array:
        """Return the errors of a layer for the shown sample, (n_l,)."""
        errors: Array = self.subject.backward.delta[layer][0]
        return errors

    def through(self, layer: int, source: int) -> Array:
        """Return what each neuron of a layer hands back to one of its sources, (n_l,)."""
        with np.errstate(all="ignore"):
            parts: Array = self.delta(layer) * self.parameters.W[layer][:, source]
        return parts

    # Formulas -------------------------------------------------------------------------------

    def neuron_bindings(self, layer: int, neuron: int) -> tuple[Bindings, Bindings]:
        """Return what z and a mean for a neuron: as names, and as numbers."""
        z, a = Ref(Kind.NET_INPUT, layer, neuron), Ref(Kind.ACTIVATION, layer, neuron)
        size = self.architecture.sizes[layer + 1]
        family = tuple(self.number(Ref(Kind.NET_INPUT, layer, j)) for j in range(size))
        return self._bindings({"z": z, "a": a, "z_k": z, "a_k": a}, {"z_j": family})

    def output_bindings(self, output: int) -> tuple[Bindings, Bindings]:
        """Return what a, t, z and n mean for an output: as names, and as numbers."""
        outputs = range(self.architecture.n_outputs)
        refs = {
            "a": Ref(Kind.ACTIVATION, self.last, output),
            "z": Ref(Kind.NET_INPUT, self.last, output),
            "t": Ref(Kind.TARGET, to=output),
        }
        families = {
            "z_j": tuple(self.number(Ref(Kind.NET_INPUT, self.last, j)) for j in outputs),
            "t_j": tuple(self.number(Ref(Kind.TARGET, to=j)) for j in outputs),
        }
        names, numbers = self._bindings(refs, families)
        count = {"n": Symbol(str(len(outputs)))}
        return names, Bindings({**numbers.nodes, **count}, numbers.families, self.style.longest_sum)

    def _bindings(
        self, refs: Mapping[str, Ref], families: Mapping[str, tuple[Node, ...]]
    ) -> tuple[Bindings, Bindings]:
        names = Bindings({name: self.name(ref) for name, ref in refs.items()})
        numbers = {name: self.number(ref) for name, ref in refs.items()}
        return names, Bindings(numbers, families, self.style.longest_sum)


def quotient(above: Node, below: Node) -> Node:
    """Return ``∂above/∂below``."""
    return Fraction(row(PARTIAL, above), row(PARTIAL, below))


@dataclass(frozen=True)
class Computed:
    """A formula applied to one case.

    Attributes
    ----------
    inline
        The form that holds here, in names.
    symbolic
        All forms in names: with its cases, if it has some, and then the one that holds.
    substituted
        The form that holds, in numbers.
    before
        Lines for what the formula defines on the way.
    reason
        Why this case holds; may be empty.
    """

    inline: Node
    symbolic: tuple[Node, ...]
    substituted: Node
    before: tuple[Line, ...] = ()
    reason: str = ""


def compute(text: str, bindings: tuple[Bindings, Bindings]) -> Computed:
    """Return a registry's formula in names and in numbers."""
    names, numbers = bindings
    formula = parse_formula(text)
    lines = []
    for name, definition in formula.definitions:
        found = value(definition, numbers)
        symbolic = (typeset(definition, names),)
        lines.append(Line(letter(name), symbolic, typeset(definition, numbers), found))
        numbers = Bindings(
            {**numbers.nodes, name: Number(found)}, numbers.families, numbers.longest_sum
        )
    chosen = resolve(formula.body, numbers)
    inline = typeset(chosen, names)
    whole = (typeset(formula.body, names),) if chosen != formula.body else ()
    return Computed(
        inline,
        (*whole, inline),
        typeset(chosen, numbers),
        tuple(lines),
        _reason(formula.body, bindings),
    )


def _reason(body: Expression, bindings: tuple[Bindings, Bindings]) -> str:
    condition = holding(body, bindings[1])
    if condition is None:
        return ""
    stated, checked = (to_text(typeset_condition(condition, b), IN_CAPTIONS) for b in bindings)
    return f"The case is decided by {stated}: here {checked}."


def joined(*sentences: str) -> str:
    """Return sentences as one text; empty ones are left out."""
    return " ".join(sentence for sentence in sentences if sentence)


def computed_lines(
    left: Node,
    head: tuple[Node, ...],
    computed: Computed,
    result: float,
    caption: str,
    target: Target | None,
) -> tuple[Line, ...]:
    """Return the lines of a computed formula: its definitions, and the line itself."""
    whole = Line(
        left,
        (*head, *computed.symbolic),
        computed.substituted,
        result,
        joined(caption, computed.reason),
        target,
    )
    return (*computed.before, whole)
