"""What a network makes of every input in a window: the response of its neurons on a grid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.batched import BLOCK, weighted
from bp_gui.engine.network import Parameters


def response(
    parameters: Parameters,
    base: Array,
    varied: Sequence[int],
    values: Sequence[Array],
    layer: int,
    neuron: int,
) -> Array:
    """Return one neuron's activation on a grid over one or two inputs, as long as the values.

    Parameters are those of `responses`, and the neuron, 0-based.
    """
    return frozen(responses(parameters, base, varied, values, layer)[..., neuron])


def responses(
    parameters: Parameters, base: Array, varied: Sequence[int], values: Sequence[Array], layer: int
) -> Array:
    """Return all activations of a layer on a grid over one or two inputs, (…, n_l).

    ``z_1 = W_1 x + b_1`` is linear, so an input adds its column of W₁ times its value.

    Parameters
    ----------
    base
        All inputs (n_0,); what is not varied keeps its number.
    varied
        0-based positions of the inputs that are varied.
    values
        The values of each of them, ascending or not.
    layer
        0-based: layer 0 is the first hidden layer.
    """
    widest = max(parameters.architecture.sizes[1 : layer + 2])
    first, *others = values
    rows = max(BLOCK // (widest * max(int(np.prod([len(v) for v in others])), 1)), 1)
    with np.errstate(all="ignore"):
        parts = [
            _activation(parameters, base, varied, [first[at : at + rows], *others], layer)
            for at in range(0, len(first), rows)
        ]
    return frozen(np.concatenate(parts))


def _activation(
    parameters: Parameters, base: Array, varied: Sequence[int], values: Sequence[Array], layer: int
) -> Array:
    """Return all activations of a layer on a grid, (…, n_l)."""
    W, names = parameters.W, parameters.architecture.activations
    z = W[0] @ np.where(np.isin(np.arange(len(base)), varied), 0.0, base) + parameters.b[0]
    for column, each in zip(varied, np.ix_(*values), strict=True):
        z = z + each[..., np.newaxis] * W[0][:, column]
    a = ACTIVATIONS[names[0]].value(z)
    for above in range(1, layer + 1):
        a = ACTIVATIONS[names[above]].value(weighted(a, W[above]) + parameters.b[above])
    return np.asarray(a)
