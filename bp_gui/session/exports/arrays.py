"""Numbers as arrays: NPZ and safetensors. Neither holds anything that runs."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from bp_gui.session.snapshot import Snapshot

ORIENTATION = "W[to, from]"


def npz(snapshot: Snapshot) -> bytes:
    """Return every array of the moment by its name: W1, b1, z1, a1, delta1, dW1, x, t and so on."""
    experiment = snapshot.experiment
    gradient_W, gradient_b = experiment.architecture.views(snapshot.gradient)
    arrays: dict[str, NDArray[Any]] = {
        "x": experiment.x,
        "t": experiment.t,
        "x_test": experiment.x_test,
        "t_test": experiment.t_test,
        "updates": experiment.history.updates,
        "costs": experiment.history.costs,
        "test_costs": experiment.history.test_costs,
        "metadata": np.array(json.dumps(_metadata(snapshot))),
    }
    for letter, layers in (
        ("W", experiment.parameters.W),
        ("b", experiment.parameters.b),
        ("z", [z[0] for z in snapshot.forward.z]),
        ("a", [a[0] for a in snapshot.forward.a]),
        ("delta", [delta[0] for delta in snapshot.backward.delta]),
        ("dW", gradient_W),
        ("db", gradient_b),
    ):
        arrays |= {f"{letter}{layer}": array for layer, array in enumerate(layers, start=1)}
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def safetensors(snapshot: Snapshot) -> bytes:
    """Return W1, b1, W2, … with what they belong to as metadata."""
    return save(layer_arrays(snapshot), _metadata(snapshot))


def layer_arrays(snapshot: Snapshot) -> dict[str, NDArray[np.float64]]:
    """Return the weights and biases of every layer by their names, W1, b1, W2 and so on."""
    parameters = snapshot.experiment.parameters
    pairs = enumerate(zip(parameters.W, parameters.b, strict=True), start=1)
    return {
        f"{letter}{layer}": np.ascontiguousarray(array)
        for layer, pair in pairs
        for letter, array in zip("Wb", pair, strict=True)
    }


def _metadata(snapshot: Snapshot) -> dict[str, str]:
    experiment = snapshot.experiment
    return {
        "format": "backprop-explorer",
        "orientation": ORIENTATION,
        "sizes": "-".join(map(str, experiment.architecture.sizes)),
        "activations": " ".join(experiment.architecture.activations),
        "cost": experiment.cost_name,
        "updates": str(experiment.updates),
    }
