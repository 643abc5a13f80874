"""The quantities that somebody's numbers can be, in the order in which they are computed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from bp_gui.diagnose.outcome import Outcome
from bp_gui.engine.arrays import Array
from bp_gui.engine.network import Architecture


class What(Enum):
    """What sort of quantity it is; the value is how its name begins."""

    OLD_WEIGHTS = "old W"
    OLD_BIASES = "old b"
    NET_INPUT = "z"
    ACTIVATION = "a"
    TERMS = "cost terms"
    COST = "cost"
    DELTA = "delta"
    WEIGHT_GRADIENT = "dW"
    BIAS_GRADIENT = "db"
    SAMPLE_WEIGHT_GRADIENT = "dW of the sample"
    SAMPLE_BIAS_GRADIENT = "db of the sample"
    WEIGHTS = "W"
    BIASES = "b"
    NEXT_OUTPUT = "output after the update"
    NEXT_COST = "cost after the update"


OF_LAYERS = frozenset(
    {
        What.OLD_WEIGHTS,
        What.OLD_BIASES,
        What.NET_INPUT,
        What.ACTIVATION,
        What.DELTA,
        What.WEIGHT_GRADIENT,
        What.BIAS_GRADIENT,
        What.SAMPLE_WEIGHT_GRADIENT,
        What.SAMPLE_BIAS_GRADIENT,
        What.WEIGHTS,
        What.BIASES,
    }
)
MATRICES = frozenset(
    {What.OLD_WEIGHTS, What.WEIGHT_GRADIENT, What.SAMPLE_WEIGHT_GRADIENT, What.WEIGHTS}
)
OF_SAMPLES = frozenset({What.NET_INPUT, What.ACTIVATION, What.TERMS, What.DELTA, What.NEXT_OUTPUT})
SCALARS = frozenset({What.COST, What.NEXT_COST})
OF_SAMPLE_ALONE = {
    What.WEIGHT_GRADIENT: What.SAMPLE_WEIGHT_GRADIENT,
    What.BIAS_GRADIENT: What.SAMPLE_BIAS_GRADIENT,
}
"""What one sample by itself has of a gradient of the batch."""


@dataclass(frozen=True)
class Quantity:
    """One array of numbers of an update.

    Attributes
    ----------
    what
        Its sort.
    layer
        0-based, where it belongs to a layer.
    """

    what: What
    layer: int = 0

    @property
    def name(self) -> str:
        """The 1-based name, for instance ``dW2`` or ``dW2 of the sample``."""
        return self._with_index("")

    def shape(self, architecture: Architecture, samples: int) -> tuple[int, ...]:
        """Return the shape of its array."""
        sizes = architecture.sizes
        if self.what in SCALARS:
            return ()
        if self.what in MATRICES:
            return sizes[self.layer + 1], sizes[self.layer]
        if self.what in (What.TERMS, What.NEXT_OUTPUT):
            return samples, architecture.n_outputs
        if self.what in OF_SAMPLES:
            return samples, sizes[self.layer + 1]
        return (sizes[self.layer + 1],)

    def element(self, position: int, shape: tuple[int, ...]) -> str:
        """Return the 1-based name of one number, for instance ``dW2[1,2]``."""
        place = [int(i) + 1 for i in np.unravel_index(position, shape)] if shape else []
        if self.what in OF_SAMPLES and shape[0] == 1:
            place = place[1:]
        index = f"[{','.join(map(str, place))}]" if place else ""
        if self.what is What.TERMS:
            return f"C{index}"
        if self.what is What.NEXT_OUTPUT:
            return f"output{index} after the update"
        return self._with_index(index)

    def _with_index(self, index: str) -> str:
        if self.what not in OF_LAYERS:
            return f"{self.what.value}{index}"
        letters, of, which = self.what.value.partition(" of ")
        return f"{letters}{self.layer + 1}{index}{of}{which}"

    @property
    def of_sample_alone(self) -> Quantity | None:
        """The same gradient of one sample by itself; None of what is no gradient."""
        what = OF_SAMPLE_ALONE.get(self.what)
        return None if what is None else Quantity(what, self.layer)


def in_order(architecture: Architecture) -> tuple[Quantity, ...]:
    """Return every quantity of an update in the order of computation.

    The gradients of one sample alone are no part of an update of several, and not among them.
    """
    layers = range(architecture.n_layers)
    order = [
        Quantity(what, layer) for layer in layers for what in (What.OLD_WEIGHTS, What.OLD_BIASES)
    ]
    order += [
        Quantity(what, layer) for layer in layers for what in (What.NET_INPUT, What.ACTIVATION)
    ]
    order += [Quantity(What.TERMS), Quantity(What.COST)]
    for layer in reversed(layers):
        order.append(Quantity(What.DELTA, layer))
        order.append(Quantity(What.WEIGHT_GRADIENT, layer))
        order.append(Quantity(What.BIAS_GRADIENT, layer))
    order += [Quantity(what, layer) for layer in layers for what in (What.WEIGHTS, What.BIASES)]
    order += [Quantity(What.NEXT_OUTPUT), Quantity(What.NEXT_COST)]
    return tuple(order)


def values(outcome: Outcome, quantity: Quantity) -> Array:
    """Return the numbers of a quantity as an outcome has them, of the quantity's shape."""
    views, layer = outcome.problem.architecture.views, quantity.layer
    match quantity.what:
        case What.OLD_WEIGHTS:
            return outcome.problem.parameters.W[layer]
        case What.OLD_BIASES:
            return outcome.problem.parameters.b[layer]
        case What.NET_INPUT:
            return outcome.forward.z[layer]
        case What.ACTIVATION:
            return outcome.forward.a[layer]
        case What.TERMS:
            return outcome.terms
        case What.COST:
            return np.asarray(outcome.cost)
        case What.DELTA:
            return outcome.delta[layer]
        case What.WEIGHT_GRADIENT:
            return views(outcome.gradient)[0][layer]
        case What.BIAS_GRADIENT:
            return views(outcome.gradient)[1][layer]
        case What.SAMPLE_WEIGHT_GRADIENT:
            return views(outcome.of_sample.gradient)[0][layer]
        case What.SAMPLE_BIAS_GRADIENT:
            return views(outcome.of_sample.gradient)[1][layer]
        case What.WEIGHTS:
            return views(outcome.theta)[0][layer]
        case What.BIASES:
            return views(outcome.theta)[1][layer]
        case What.NEXT_OUTPUT:
            return outcome.next_forward.output
        case What.NEXT_COST:
            return np.asarray(outcome.next_cost)
