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
    return under_policy(architecture, backward.flat(), policy)


def under_policy(architecture: Architecture, partial: Array, policy: BiasPolicy) -> Array:
    """Return the gradient under a bias policy, (P,), from each entry's own derivative (P,)."""
    gradient = partial.copy()
    if policy is BiasPolicy.SHARED:
        for layer, (_, start) in enumerate(architecture.offsets):
            biases = slice(start, start + architecture.sizes[layer + 1])
            gradient[biases] = gradient[biases].sum()
    return frozen(gradient)


def clipped(gradient: Array, shares: Array, largest: float) -> Array:
    """Return ``g · min(1, c / ‖g‖)``: the gradient, made shorter where its norm is above c.

    Parameters
    ----------
    gradient
        By every entry of θ, (P,).
    shares
        How much each entry counts in ``‖g‖² = Σ share · g²``, see `norm_shares`.
    largest
        c, the largest norm, above 0.

    Source: Pascanu, Mikolov, Bengio, ICML (2013), algorithm 1.
    """
    norm = np.sqrt((shares * gradient * gradient).sum())
    return gradient * (largest / norm) if norm > largest else gradient


def norm_shares(architecture: Architecture, policy: BiasPolicy, mask: Mask) -> Array:
    """Return how much each entry of θ counts in the norm of the gradient, (P,).

    An entry that no update may change counts 0; under ``SHARED`` the n biases of a layer are one
    number, so each counts 1/n.
    """
    shares = mask.astype(np.float64)
    if policy is BiasPolicy.SHARED:
        for layer, (_, start) in enumerate(architecture.offsets):
            n_to = architecture.sizes[layer + 1]
            shares[start : start + n_to] /= n_to
    return frozen(shares)
