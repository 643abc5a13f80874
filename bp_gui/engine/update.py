"""Which parameters an update may move, and by which gradient."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.network import Architecture, BiasPolicy
from bp_gui.engine.propagation import BackwardTrace

Mask = NDArray[np.bool_]


def trainable(architecture: Architecture, policy: BiasPolicy, locked: frozenset[int]) -> Mask:
    """Return which entries of θ an update may change.

    Parameters
    ----------
    policy
        ``FIXED`` keeps every bias.
    locked
        Positions in θ that stay put under any policy. Under ``SHARED`` a locked bias holds its
        whole layer, since the layer has only one.
    """
    mask = np.ones(architecture.n_parameters, dtype=bool)
    if policy is BiasPolicy.FIXED:
        mask &= ~architecture.bias_mask
    mask[list(locked)] = False
    if policy is BiasPolicy.SHARED:
        for layer, (_, start) in enumerate(architecture.offsets):
            biases = slice(start, start + architecture.sizes[layer + 1])
            mask[biases] = mask[biases].all()
    mask.flags.writeable = False
    return mask


def policy_gradient(
    architecture: Architecture, backward: BackwardTrace, policy: BiasPolicy
) -> Array:
    """Return the gradient by every entry of θ, flat.

    Under ``SHARED`` each bias of a layer stands for the layer's one bias, whose gradient is the
    sum of δ over the layer. Under ``FIXED`` the biases' derivatives are given all the same: they
    exist, an update only does not use them.
    """
    gradient = backward.flat()
    if policy is BiasPolicy.SHARED:
        for layer, (_, start) in enumerate(architecture.offsets):
            biases = slice(start, start + architecture.sizes[layer + 1])
            gradient[biases] = gradient[biases].sum()
    return frozen(gradient)
