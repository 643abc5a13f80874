"""How weights, activations and errors are distributed in each layer, and how steep it still is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.network import Parameters
from bp_gui.engine.propagation import BackwardTrace, ForwardTrace

_FLAT = 1e-300  # a slope or an error that is smaller than this is none


@dataclass(frozen=True, eq=False)
class Histogram:
    """How many values fall into each of some intervals of equal width.

    Attributes
    ----------
    edges
        Ascending, (bins + 1,).
    counts
        (bins,); values that are not finite are in none.
    """

    edges: Array
    counts: Array


@dataclass(frozen=True, eq=False)
class LayerState:
    """How one layer stands, over all samples.

    Attributes
    ----------
    slope
        Mean of |f′| over neurons and samples.
    steepest
        |f′| at z = 0, which for most functions is the largest there is or half of it.
    flat
        Which neurons have f′ = 0 for every sample: nothing that they do can be learnt from.
    error_size
        Root mean square of δ over neurons and samples.
    """

    slope: float
    steepest: float
    flat: tuple[int, ...]
    error_size: float


def histogram(values: Array, bins: int, low: float, high: float) -> Histogram:
    """Return how values are distributed between two bounds; beyond them they are left out."""
    finite = values[np.isfinite(values)]
    counts, edges = np.histogram(finite, bins=bins, range=(low, high))
    return Histogram(frozen(edges), frozen(counts))


def slopes(name: str, z: Array, a: Array) -> Array:
    """Return ∂a_k/∂z_k of every neuron and sample, (m, n), for an activation by its name."""
    activation = ACTIVATIONS[name]
    if not activation.output_only:
        return frozen(activation.pull_back(z, a, np.ones_like(z)))
    # Outputs depend on each other: only the diagonal of the Jacobian is a neuron's own slope.
    each = np.eye(z.shape[1])[:, np.newaxis, :]
    return frozen(np.diagonal(activation.pull_back(z, a, each), axis1=0, axis2=2))


def layer_states(
    parameters: Parameters, trace: ForwardTrace, passed_back: BackwardTrace
) -> tuple[LayerState, ...]:
    """Return how every layer stands, from the passes of all samples."""
    states = []
    with np.errstate(all="ignore"):
        for name, z, a, delta in zip(
            parameters.architecture.activations, trace.z, trace.a, passed_back.delta, strict=True
        ):
            steep = np.abs(slopes(name, z, a))
            middle = np.zeros((1, max(z.shape[1], 2)))
            at_zero = slopes(name, middle, ACTIVATIONS[name].value(middle))
            states.append(
                LayerState(
                    slope=float(steep.mean()),
                    steepest=float(np.abs(at_zero).max()) or 1.0,
                    flat=tuple(np.flatnonzero((steep < _FLAT).all(axis=0)).tolist()),
                    error_size=float(np.sqrt((delta * delta).mean())),
                )
            )
    return tuple(states)
