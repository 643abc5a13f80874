"""Forward and backward pass: the readable truth that every faster path is held against.

Source of the equations: M. Nielsen, Neural Networks and Deep Learning, chapter 2, BP1 to BP4,
with the output error taken through the activation's Jacobian so that any activation fits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array
from bp_gui.engine.costs import Cost
from bp_gui.engine.network import Parameters


@dataclass(frozen=True, eq=False)
class ForwardTrace:
    """What the forward pass computes.

    Attributes
    ----------
    x
        Inputs (m, n_0).
    z, a
        Net inputs and activations of the layers 1 … L, each (m, n_l).
    """

    x: Array
    z: tuple[Array, ...]
    a: tuple[Array, ...]

    @property
    def output(self) -> Array:
        """The last activation, (m, n_L)."""
        return self.a[-1]

    def source_of(self, layer: int) -> Array:
        """Return what feeds ``W[layer]``: the inputs or the activation of the layer before."""
        return self.x if layer == 0 else self.a[layer - 1]


@dataclass(frozen=True, eq=False)
class BackwardTrace:
    """What the backward pass computes.

    Attributes
    ----------
    delta
        ``dC_m/dz_l`` of each sample by itself, (m, n_l) for each layer 1 … L.
    dW, db
        Gradient of the batch cost (mean over the samples), shaped as W and b.
    """

    delta: tuple[Array, ...]
    dW: tuple[Array, ...]
    db: tuple[Array, ...]

    def flat(self) -> Array:
        """Return dW and db as one vector in the order of θ."""
        return np.concatenate(
            [part.ravel() for layer in zip(self.dW, self.db, strict=True) for part in layer]
        )


def forward(parameters: Parameters, x: Array) -> ForwardTrace:
    """Return all net inputs and activations.

    ``z_l = W_l a_{l-1} + b_l`` and ``a_l = f_l(z_l)``.

    Parameters
    ----------
    parameters
        Weights and biases.
    x
        Inputs (m, n_0), one sample a row.

    Raises
    ------
    ValueError
        If ``x`` does not have n_0 columns.
    """
    a, zs, activations = x, [], []
    for W, b, name in zip(
        parameters.W, parameters.b, parameters.architecture.activations, strict=True
    ):
        z = a @ W.T + b
        a = ACTIVATIONS[name].value(z)
        z.flags.writeable = a.flags.writeable = False
        zs.append(z)
        activations.append(a)
    return ForwardTrace(x, tuple(zs), tuple(activations))


def backward(parameters: Parameters, cost: Cost, trace: ForwardTrace, t: Array) -> BackwardTrace:
    """Return the error of every neuron and the gradient of every weight and bias.

    ``δ_L = f'_L(z_L)ᵀ ∂C/∂a_L``, ``δ_l = W_{l+1}ᵀ δ_{l+1} ⊙ f'_l(z_l)``,
    ``∂C/∂W_l = δ_l a_{l-1}ᵀ``, ``∂C/∂b_l = δ_l``; gradients are the mean over the m samples.

    Parameters
    ----------
    parameters, trace
        The parameters, and the forward pass made with them.
    cost
        The cost function.
    t
        Targets (m, n_L).
    """
    architecture = parameters.architecture
    m = len(trace.x)
    deltas: list[Array] = []
    names = architecture.activations
    delta = cost.delta_through(names[-1], t, trace.z[-1], trace.output)
    deltas.append(delta)
    for layer in reversed(range(architecture.n_layers - 1)):
        upstream = delta @ parameters.W[layer + 1]
        delta = ACTIVATIONS[names[layer]].pull_back(trace.z[layer], trace.a[layer], upstream)
        deltas.append(delta)
    deltas.reverse()
    dW = tuple(d.T @ trace.source_of(layer) / m for layer, d in enumerate(deltas))
    db = tuple(d.sum(axis=0) / m for d in deltas)
    for array in (*deltas, *dW, *db):
        array.flags.writeable = False
    return BackwardTrace(tuple(deltas), dW, db)
