"""Passes through layers for many variations at once: arrays with leading axes.

What varies has axes in front of (m, n_l); what does not has none, or ones of length 1, and is
computed once. Weights are never varied as matrices: a variation of θ along a direction is a
variation of z that is linear in the step, so every product is one large matrix product.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array
from bp_gui.engine.network import Parameters

Values = NDArray[Any]

# Numbers that one block may hold in one layer. Its temporaries then fit into the cache of a core,
# which is faster than larger blocks, and memory stays bounded whatever is asked for.
BLOCK = 1 << 15


def weighted(a: Values, W: Array) -> Values:
    """Return ``W a`` for every sample of every variation, ``(…, m, n_from) -> (…, m, n_to)``."""
    rows = math.prod(a.shape[:-1])
    return np.asarray((a.reshape(rows, W.shape[1]) @ W.T).reshape(*a.shape[:-1], W.shape[0]))


def onward(parameters: Parameters, layer: int, z: Values) -> tuple[Values, Values]:
    """Return (z_L, a_L) from the net inputs of a layer, ``(…, m, n_l)``.

    Parameters
    ----------
    layer
        0-based index of the layer that ``z`` belongs to.
    """
    names = parameters.architecture.activations
    a = ACTIVATIONS[names[layer]].value(z)
    for above in range(layer + 1, len(names)):
        z = weighted(a, parameters.W[above]) + parameters.b[above]
        a = ACTIVATIONS[names[above]].value(z)
    return z, a
