"""The conventions in force, each with a paragraph that says what the others do.

Two programs can both be right and differ by a factor of two. These are the choices that make them
differ; the window always prints them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bp_gui.engine.network import BiasPolicy
from bp_gui.explain.subject import Setup


@dataclass(frozen=True)
class Convention:
    """One choice.

    Attributes
    ----------
    key
        Lower case, never changed.
    short
        What holds here, in a few words: for the status line.
    title
        What the choice is about.
    paragraph
        What holds here, what others do, and by how much the numbers differ.
    """

    key: str
    short: str
    title: str
    paragraph: str


def conventions(setup: Setup) -> tuple[Convention, ...]:
    """Return the conventions in force, those that make the largest difference first."""
    return tuple(state(setup) for state in _ALL)


def _orientation(setup: Setup) -> Convention:
    return Convention(
        "orientation",
        "W[to, from]",
        "Orientation of W",
        "Row j of W holds the weights into neuron j, so that z = W a + b with one sample as a "
        "column. W2[1,2] is the weight to neuron 1 from neuron 2. Keras and many books that write "
        "samples as rows keep the transpose, (from, to), and compute z = a W + b; PyTorch stores "
        "(to, from) as here. The numbers are the same, their places are not: with a square matrix "
        "a forgotten transpose goes unnoticed.",
    )


def _cost(setup: Setup) -> Convention:
    cost = setup.cost
    return Convention(
        "cost",
        f"C = Σ {cost.formula}",
        "Cost of one sample",
        f"Here the cost of a sample is the sum over its outputs of {cost.formula} "
        f"({cost.label.lower()}). With Σ ½ (t − a)² the slope is a − t; without the half it is "
        "twice that. The mean squared error of Keras and PyTorch divides by the number of outputs "
        "n as well, so its gradients are 2/n times those of the half sum. A learning rate belongs "
        "to its cost: to repeat a run with another cost, scale it by the inverse factor.",
    )


def _batch(setup: Setup) -> Convention:
    m, size = len(setup.t), setup.batches.size
    short = "one sample" if m == 1 else f"mean of {m:,} samples"
    here = f"every update uses all {m:,}" if m > 1 else "there is one"
    if size is not None and size < m:
        order = "in a new order each epoch" if setup.batches.shuffle else "in their order"
        short = f"mean of {size:,} of {m:,} samples"
        here = f"an update uses {size:,} of {m:,}, {order}; the last of an epoch may be smaller"
    return Convention(
        "batch",
        short,
        "Samples of an update",
        f"The gradient is the mean over the samples of a batch; here {here}. Some textbooks add "
        "the samples up instead: their gradient is larger by the batch size, and the learning rate "
        "has to be smaller by it. Others update after each sample, which is a batch of one. The "
        "cost that is shown is the mean over all training samples, whatever the batch.",
    )


def _simultaneous(setup: Setup) -> Convention:
    return Convention(
        "simultaneous",
        "all parameters update at once",
        "Order of updates",
        "All gradients are taken at the old parameters, then all parameters change together. Code "
        "that changes the output weights first and then hands the error back through the new ones "
        "computes other gradients for the hidden layers: close to these for a small learning rate, "
        "but not equal. It is one of the most frequent mistakes.",
    )


_POLICIES: Final = {
    BiasPolicy.FIXED: (
        "biases fixed",
        "Biases keep their values, as in the worked example, which trains weights alone.",
    ),
    BiasPolicy.PER_NEURON: (
        "a bias per neuron",
        "Every neuron has a bias of its own, with the gradient δ of its neuron.",
    ),
    BiasPolicy.SHARED: (
        "one bias a layer",
        "A layer has one bias for all its neurons, with the sum of their δ as its gradient.",
    ),
}


def _biases(setup: Setup) -> Convention:
    short, here = _POLICIES[setup.bias_policy]
    return Convention(
        "biases",
        short,
        "What training does to biases",
        f"{here} Libraries train one bias for each neuron. Textbook figures often draw a single "
        "bias unit a layer: read as one number its gradient is the sum over the layer, read as one "
        "weight for each neuron it is the same as a bias per neuron. A bias can also be written as "
        "a weight from a neuron that is always 1.",
    )


def _delta(setup: Setup) -> Convention:
    return Convention(
        "delta",
        "δ = ∂C/∂z",
        "What δ stands for",
        "δ is the derivative of the cost by the net input z, with its own sign, so that gradients "
        "are δ times what comes in and updates subtract. Some books define δ as its negative, "
        "(t − a) f′(z), and add; some use δ for ∂C/∂a, before the slope of the activation. Compare "
        "numbers only after checking which one is meant.",
    )


def _penalty(setup: Setup) -> Convention:
    penalty = setup.penalty
    parts = []
    if penalty.l1 > 0:
        parts.append("λ₁ Σ |w|")
    if penalty.l2 > 0:
        parts.append("½ λ₂ Σ w²")
    short = f"penalty {' + '.join(parts)}" if parts else "no penalty"
    return Convention(
        "penalty",
        short,
        "Penalty on weights",
        "A penalty λ₁ Σ |w| + ½ λ₂ Σ w² is part of the cost, over weights and not biases; it is "
        "not divided by the number of samples. PyTorch’s weight decay adds λ₂ w to the gradient, "
        "biases included. Without the half the slope is 2 λ₂ w, as in Keras. scikit-learn divides "
        "by the number of samples. AdamW leaves the gradient alone and shrinks the weight itself.",
    )


def _clipping(setup: Setup) -> Convention:
    short = "no clipping" if setup.clip is None else f"‖g‖ ≤ {setup.clip:g}"
    return Convention(
        "clipping",
        short,
        "Clipping",
        "Where a largest norm is set, the gradient of all trained parameters together is made "
        "shorter to that norm and keeps its direction; penalties are inside, locked parameters do "
        "not count. Others limit each number by itself, which changes the direction, or each "
        "layer by itself.",
    )


_ALL: Final[tuple[Callable[[Setup], Convention], ...]] = (
    _orientation,
    _cost,
    _batch,
    _simultaneous,
    _biases,
    _delta,
    _penalty,
    _clipping,
)
