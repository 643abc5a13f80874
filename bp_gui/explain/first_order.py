"""What an update should change about the cost, judged by the gradient alone."""

from __future__ import annotations

import numpy as np

from bp_gui.engine.names import COST, ETA
from bp_gui.explain.explanation import Line, Section
from bp_gui.explain.gradients import counted_entries, length_line
from bp_gui.explain.mathematics import (
    NEGATIVE,
    Fence,
    Fenced,
    Number,
    Sum,
    Symbol,
    relation,
    row,
)
from bp_gui.explain.passes import squared
from bp_gui.explain.scene import Scene, joined
from bp_gui.explain.sums import added, product, rest

_NEARLY = relation("≈")
_STEPS_ALONG_GRADIENT = "gradient_descent"


def first_order_section(scene: Scene) -> tuple[Section, ...]:
    """Return ``ΔC ≈ Σ g Δw``, and ``−η ‖g‖²`` where the step is just that; nothing if none moves.

    Source: Taylor's theorem to first order; Goodfellow, Bengio, Courville, Deep Learning (2016),
    eq. 4.8.
    """
    counted = counted_entries(scene)
    if not len(counted):
        return ()
    subject = scene.subject
    gradient = subject.gradient[counted]
    with np.errstate(all="ignore"):
        steps = subject.next_theta[counted] - scene.parameters.theta[counted]
        products = gradient * steps
        foretold = float(products.sum())
    change = row(Symbol("Δ"), scene.name(COST))
    general = Line(
        change,
        (Sum(product(Symbol("g"), row(Symbol("Δ"), Symbol("w")))),),
        added(
            scene.elision(len(counted)),
            lambda i, leads: product(
                Number(float(gradient[i])), Number(float(steps[i])), leads=leads
            ),
            lambda hidden: rest(float(products[hidden.start : hidden.stop].sum()), len(hidden)),
        ),
        foretold,
        "Gradient times change, over all that are trained.",
        sign=_NEARLY,
    )
    return (Section("To first order", (general, *_along_gradient(scene)), _text(scene)),)


def _along_gradient(scene: Scene) -> tuple[Line, ...]:
    """Return the length of the gradient and ``−η ‖g‖²``, where the update goes just against it."""
    setup, subject = scene.setup, scene.subject
    is_clipped = not np.array_equal(subject.used_gradient, subject.gradient, equal_nan=True)
    if setup.optimizer.name != _STEPS_ALONG_GRADIENT or is_clipped:
        return ()
    length = length_line(scene)
    symbolic, numbers = (
        row(NEGATIVE, product(eta, squared(norm), leads=False))
        for eta, norm in (
            (scene.name(ETA), Fenced(Symbol("g"), Fence.NORM)),
            (scene.number(ETA), Number(length.value)),
        )
    )
    caption = "The step goes just against the gradient: as long as it is small, the cost falls."
    change = row(Symbol("Δ"), scene.name(COST))
    value = -setup.eta * length.value**2
    return (length, Line(change, (symbolic,), numbers, value, caption, sign=_NEARLY))


def _text(scene: Scene) -> str:
    batch = scene.subject.batch
    is_part = batch is not None and len(batch) < scene.n_samples
    return joined(
        "How steep the cost is, times how far each parameter goes: the smaller the step, the "
        "closer this comes to the change above.",
        "Here g is the gradient of the batch that the update uses, and so is the change that it "
        "foretells."
        if is_part
        else "",
    )
