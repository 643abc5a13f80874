"""What a known mistake is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from bp_gui.diagnose.algorithm import Algorithm


class Check(Enum):
    """A check that a person can make; the value says how."""

    GRADIENT_CHECK = "Compare every gradient with a numerical derivative of the cost."
    ONE_UPDATE = "Compare the weights after one update with numbers that are known to be right."
    OWN_COST = "Compute the cost again from the updated weights as they were printed."
    UNEQUAL_LAYERS = "Use layers of different size: then a matrix the wrong way round does not fit."
    LARGE_BIASES = "Give the biases large and different values before comparing."
    REPEATED_SAMPLE = "Repeat the only sample: a mean stays what it is, a sum doubles."
    HAND_FORWARD = "Compute one neuron's net input and activation by hand."
    COST_FALLS = "Watch the cost: with a small learning rate it must fall with every update."
    TWO_UPDATES = "Compare after two or more updates: the first alone does not show it."


@dataclass(frozen=True)
class Line:
    """One line of the algorithm.

    Attributes
    ----------
    text, latex
        In mathematics, as plain text and as LaTeX.
    numpy
        In code; samples are rows.
    """

    text: str
    latex: str
    numpy: str


@dataclass(frozen=True)
class Mistake:
    """A way to compute something else than the agreed algorithm does.

    Attributes
    ----------
    name
        Registry key, lower case; never changed.
    label
        What a person reads in a list.
    clause
        What goes wrong, to follow the word "when". ``{W}`` stands for the weights of the layer
        above, which a network with one hidden layer calls W2.
    cause
        One sentence that says how it comes about.
    right, wrong
        The line as it should be and as it is.
    change
        ``algorithm -> algorithm`` with the mistake in it.
    caught_by
        Which checks show it.
    is_convention
        Whether it is as good as the agreed way, only not the same.
    parts
        Of a mistake that is several others at once, their names.
    """

    name: str
    label: str
    clause: str
    cause: str
    right: Line
    wrong: Line
    change: Callable[[Algorithm], Algorithm]
    caught_by: frozenset[Check]
    is_convention: bool = False
    parts: tuple[str, ...] = ()


def checks(*which: Check) -> frozenset[Check]:
    """Return a set of checks."""
    return frozenset(which)
