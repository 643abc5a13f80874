"""Numbers as arrays: NPZ, safetensors and ONNX. None of them holds anything that runs."""

from __future__ import annotations

import importlib
import io
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from bp_gui.session.exports.problem import ExportError
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
    return save(_layers(snapshot), _metadata(snapshot))


def _layers(snapshot: Snapshot) -> dict[str, NDArray[np.float64]]:
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


# Operators and their attributes; SiLU is made of two.
ONNX_ACTIVATIONS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = MappingProxyType(
    {
        "sigmoid": ("Sigmoid", {}),
        "tanh": ("Tanh", {}),
        "linear": ("Identity", {}),
        "relu": ("Relu", {}),
        "leaky_relu": ("LeakyRelu", {"alpha": 0.01}),
        "elu": ("Elu", {"alpha": 1.0}),
        "softplus": ("Softplus", {}),
        "gelu": ("Gelu", {"approximate": "tanh"}),
        "silu": ("Sigmoid", {}),
        "softmax": ("Softmax", {"axis": -1}),
    }
)
_OPSET = 20  # the first with Gelu


def onnx(snapshot: Snapshot) -> bytes:
    """Return the network as an ONNX model: inputs as the network sees them, float64.

    Raises
    ------
    ExportError
        If the package onnx is not installed, or ONNX has no such activation.
    """
    try:
        helper = importlib.import_module("onnx.helper")
        kind = importlib.import_module("onnx").TensorProto.DOUBLE
    except ImportError:
        raise ExportError(
            "ONNX needs the package onnx, which is not installed: pip install onnx"
        ) from None
    architecture = snapshot.experiment.architecture
    tensors = [
        helper.make_tensor(name, kind, array.shape, array.tobytes(), raw=True)
        for name, array in _layers(snapshot).items()
    ]
    nodes, source = [], "x"
    for layer, name in enumerate(architecture.activations, start=1):
        if name not in ONNX_ACTIVATIONS:
            raise ExportError(f"ONNX has no activation {name}")
        operator, attributes = ONNX_ACTIVATIONS[name]
        z, a = f"z{layer}", f"a{layer}"
        inputs = [source, f"W{layer}", f"b{layer}"]
        nodes.append(helper.make_node("Gemm", inputs, [z], transB=1))
        if name == "silu":
            nodes.append(helper.make_node(operator, [z], [f"s{layer}"]))
            nodes.append(helper.make_node("Mul", [z, f"s{layer}"], [a]))
        else:
            nodes.append(helper.make_node(operator, [z], [a], **attributes))
        source = a
    given = helper.make_tensor_value_info("x", kind, ["samples", architecture.n_inputs])
    result = helper.make_tensor_value_info(source, kind, ["samples", architecture.n_outputs])
    graph = helper.make_graph(nodes, "network", [given], [result], tensors)
    opset = [helper.make_opsetid("", _OPSET)]
    model = helper.make_model(graph, opset_imports=opset, producer_name="backprop-explorer")
    model.ir_version = 9  # what opset 20 came with, so that older readers take it
    content: bytes = model.SerializeToString()
    return content
