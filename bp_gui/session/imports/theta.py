"""Whether numbers can be the parameters of a network."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np

from bp_gui.engine.arrays import Array
from bp_gui.engine.names import Kind, Ref
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.session.edits import EditError


def check_theta(theta: Array, architecture: Architecture, policy: BiasPolicy) -> None:
    """Refuse numbers that cannot be the parameters of a network.

    Raises
    ------
    EditError
        If there are too many or too few, one is not finite, or biases of a layer differ where they
        are one number.
    """
    if theta.shape != (architecture.n_parameters,):
        raise EditError(
            f"{theta.size:,} numbers do not fit {architecture.n_parameters:,} parameters"
        )
    if not np.isfinite(theta).all():
        at = int(np.flatnonzero(~np.isfinite(theta))[0])
        name = parameter_at(architecture, at).name
        raise EditError(f"{name} cannot be {theta[at]}: use finite ones")
    if policy is not BiasPolicy.SHARED:
        return
    for layer, biases in enumerate(Parameters(architecture, theta).b, start=1):
        if np.any(biases != biases[0]):
            raise EditError(
                f"the biases of layer {layer} are one number here, and the file has "
                "several: choose biases per neuron first"
            )


def parameter_at(architecture: Architecture, index: int) -> Ref:
    """Return the parameter at a place in θ, 0 … P − 1."""
    starts = [start for start, _ in architecture.offsets]
    layer = bisect_right(starts, index) - 1
    w_start, b_start = architecture.offsets[layer]
    if index >= b_start:
        return Ref(Kind.BIAS, layer, index - b_start)
    to, source = divmod(index - w_start, architecture.sizes[layer])
    return Ref(Kind.WEIGHT, layer, to, source)
