"""From the derivative of one sample's cost to the gradient that an update uses.

Three things can lie between: the mean over a batch, a penalty, and clipping.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bp_gui.engine.arrays import Array
from bp_gui.engine.batches import Indices
from bp_gui.engine.names import COST, Kind, Ref
from bp_gui.engine.propagation import backward, forward
from bp_gui.explain.explanation import Line
from bp_gui.explain.mathematics import (
    TIMES,
    Accent,
    Fence,
    Fenced,
    Fraction,
    Linked,
    Mark,
    Node,
    Number,
    Root,
    Scripts,
    Sum,
    Symbol,
    function,
    row,
)
from bp_gui.explain.passes import mean, squared
from bp_gui.explain.scene import IN_CAPTIONS, Scene, quotient
from bp_gui.explain.sums import Elision, added, plus, product, rest
from bp_gui.explain.targets import Derivative, Gradient
from bp_gui.explain.written import to_text

GRADIENT = Symbol("g")
_MOST_BELOW_A_ROOT = 3  # terms, for a root is not broken into lines


@dataclass(frozen=True, eq=False)
class GradientOf:
    """The gradient of the next update by one parameter.

    Attributes
    ----------
    scene
        The moment.
    ref
        The parameter.
    """

    scene: Scene
    ref: Ref

    @cached_property
    def index(self) -> int:
        """Where it stands in θ."""
        return self.scene.architecture.index(self.ref)

    @property
    def used(self) -> float:
        """The gradient that the update uses."""
        return float(self.scene.subject.used_gradient[self.index])

    @cached_property
    def batch(self) -> Indices:
        """The samples that the update uses, 0-based."""
        chosen = self.scene.subject.batch
        everything = np.arange(self.scene.n_samples, dtype=np.int64)
        return everything if chosen is None else chosen

    @cached_property
    def per_sample(self) -> Array:
        """The derivative of each of these samples' costs, as long as `batch`."""
        setup, ref = self.scene.setup, self.ref
        x, t = setup.x[self.batch], setup.t[self.batch]
        with np.errstate(all="ignore"):
            trace = forward(setup.parameters, x)
            delta = backward(setup.parameters, setup.cost, trace, t).delta[ref.layer]
            if ref.kind is Kind.WEIGHT:
                products: Array = delta[:, ref.to] * trace.source_of(ref.layer)[:, ref.source]
                return products
            errors: Array = delta.sum(axis=1) if self.scene.is_shared else delta[:, ref.to]
        return errors

    @property
    def _averages(self) -> bool:
        return len(self.batch) > 1 or int(self.batch[0]) != self.scene.subject.sample

    @property
    def _is_penalised(self) -> bool:
        return bool(self.scene.setup.penalty) and self.ref.kind is Kind.WEIGHT

    @property
    def _may_be_clipped(self) -> bool:
        return self.scene.setup.clip is not None

    @property
    def is_direct(self) -> bool:
        """Whether the update uses the shown sample's derivative as it is."""
        return not (self._averages or self._is_penalised or self._may_be_clipped)

    @property
    def _mean_name(self) -> Node:
        if not self._averages:
            return self.scene.partial(COST, self.ref)
        return (
            Accent(GRADIENT, Mark.BAR) if self._is_penalised or self._may_be_clipped else GRADIENT
        )

    @property
    def _penalised_name(self) -> Node:
        if not self._is_penalised:
            return self._mean_name
        return Scripts(GRADIENT, Symbol("P", upright=True)) if self._may_be_clipped else GRADIENT

    def lines(self) -> tuple[Line, ...]:
        """Return how g comes about: batch, penalty and clipping, as far as they matter."""
        if self.is_direct:
            partial = self.scene.partial(COST, self.ref)
            value = Linked(Number(self.used), Derivative(COST, self.ref))
            caption = "The gradient that the update uses."
            return (Line(GRADIENT, (partial,), value, self.used, caption, Gradient(self.ref)),)
        lines: list[Line] = []
        if self._averages:
            lines += self._mean_lines()
        if self._is_penalised:
            lines.append(self._penalty_line())
        if self._may_be_clipped:
            lines += self._clip_lines()
        return tuple(lines)

    def _mean_lines(self) -> list[Line]:
        name, target, values = self.scene.name(self.ref), Gradient(self.ref), self.per_sample
        parts = [quotient(self.scene.cost_of(int(s)), name) for s in self.batch]
        if len(parts) == 1:
            caption = f"This update uses sample {int(self.batch[0]) + 1} alone, not the one shown."
            only = float(values[0])
            return [Line(self._mean_name, (parts[0],), Number(only), only, caption, target)]
        symbolic, substituted = mean(self.scene, parts, values)
        caption = f"The mean over the {len(parts)} samples of the batch."
        average = float(values.sum() / len(values))
        whole = Line(self._mean_name, (symbolic,), substituted, average, caption, target)
        return [whole, *self._share_lines()]

    def _share_lines(self) -> list[Line]:
        """Return what the shown sample adds to the mean, if it is in the batch."""
        sample = self.scene.subject.sample
        (places,) = np.nonzero(self.batch == sample)
        if len(places) == 0:
            return []
        count, own = len(self.batch), float(self.per_sample[places[0]])
        share = Fraction(Symbol("1"), Symbol(str(count)))
        target = Derivative(COST, self.ref)
        left = row(share, TIMES, self.scene.partial(COST, self.ref))
        number = product(share, Linked(Number(own), target))
        caption = f"The share of sample {sample + 1}, the one shown."
        return [Line(left, (), number, own / count, caption, target)]

    def _penalty_line(self) -> Line:
        penalty, w = self.scene.setup.penalty, self.ref
        mean_value = float(self.per_sample.sum() / len(self.batch))
        weight, number = self.scene.name(w), self.scene.number(w)
        symbolic: list[Node] = [self._mean_name]
        substituted: list[Node] = [Number(mean_value)]
        for strength, index, slope in (
            (penalty.l1, "1", _sign_of),
            (penalty.l2, "2", lambda node: node),
        ):
            if strength > 0:
                symbolic.append(product(Scripts(Symbol("λ"), Symbol(index)), slope(weight)))
                substituted.append(product(Number(strength), slope(number)))
        caption = "The penalty pulls the weight towards 0."
        left = self._penalised_name
        value = float(self.scene.subject.gradient[self.index])
        return Line(
            left,
            (plus(*symbolic),),
            plus(*substituted),
            value,
            caption,
            Gradient(w),
        )

    def _clip_lines(self) -> list[Line]:
        limit = self.scene.setup.clip
        assert limit is not None
        length = length_line(self.scene)
        norm, lines = length.value, [length]
        before = float(self.scene.subject.gradient[self.index])
        name, target = self._penalised_name, Gradient(self.ref)
        c = to_text(Number(limit), IN_CAPTIONS)
        if norm > limit:
            shrink = Fraction(Symbol("c"), length.left)
            numbers = product(Number(before), Fraction(Number(limit), Number(norm)))
            caption = f"Longer than c = {c}, so the whole gradient is made shorter."
            lines.append(
                Line(GRADIENT, (product(name, shrink),), numbers, self.used, caption, target)
            )
        else:
            caption = f"Not longer than c = {c}: nothing is clipped."
            lines.append(Line(GRADIENT, (name,), Number(before), self.used, caption, target))
        return lines


def counted_entries(scene: Scene) -> Indices:
    """Return the entries of θ that training moves, those of a shared bias once."""
    architecture = scene.architecture
    counts = scene.setup.norm_shares > 0
    if scene.is_shared:
        for layer, (_, start) in enumerate(architecture.offsets):
            counts[start + 1 : start + architecture.sizes[layer + 1]] = False
    return np.flatnonzero(counts).astype(np.int64)


def length_line(scene: Scene) -> Line:
    """Return ``‖g‖ = √∑ g²`` over what training moves, before clipping."""
    gradient, shares = scene.subject.gradient, scene.setup.norm_shares
    with np.errstate(all="ignore"):
        norm = float(np.sqrt((shares * gradient * gradient).sum()))
    counted = counted_entries(scene)
    squares = added(
        Elision(len(counted), min(scene.style.longest_sum, _MOST_BELOW_A_ROOT)),
        lambda i, leads: squared(Fenced(Number(float(gradient[counted[i]])))),
        lambda hidden: rest(
            float((gradient[counted[hidden.start : hidden.stop]] ** 2).sum()), len(hidden)
        ),
    )
    general = Root(Sum(squared(Symbol("g"))))
    caption = f"The length of the gradient, over the {len(counted)} numbers that are trained."
    return Line(Fenced(Symbol("g"), Fence.NORM), (general,), Root(squares), norm, caption)


def _sign_of(node: Node) -> Node:
    return row(function("sign"), Fenced(node))
