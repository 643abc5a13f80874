"""The network as an ONNX model, which other programs run; it holds no code."""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from bp_gui.engine.network import Architecture
from bp_gui.session.exports.arrays import layer_arrays
from bp_gui.session.exports.problem import ExportError
from bp_gui.session.snapshot import Snapshot


@dataclass(frozen=True)
class _Step:
    """One operator between a layer's ``z`` and its ``a``.

    Attributes
    ----------
    operator
        What ONNX calls it.
    inputs
        Names of this layer's numbers, or of `_CONSTANTS`.
    output
        The name of what it gives; the last step of a layer gives ``a``.
    attributes
        What the operator is told besides.
    """

    operator: str
    inputs: tuple[str, ...] = ("z",)
    output: str = "a"
    attributes: Mapping[str, Any] = field(default_factory=dict)


_CONSTANTS: Final = MappingProxyType(
    {
        "zero": 0.0,
        "half": 0.5,
        "one": 1.0,
        "slope": 0.01,
        "cubic": 0.044715,
        "root": math.sqrt(2.0 / math.pi),
    }
)
# LeakyRelu, Elu, Softplus and Gelu exist in ONNX, but runtimes compute them for 32 bits only, or
# with constants of 32: here they are made of simpler operators.
ONNX_ACTIVATIONS: Final[Mapping[str, tuple[_Step, ...]]] = MappingProxyType(
    {
        "sigmoid": (_Step("Sigmoid"),),
        "tanh": (_Step("Tanh"),),
        "linear": (_Step("Identity"),),
        "relu": (_Step("Relu"),),
        "leaky_relu": (
            _Step("Mul", ("z", "slope"), "part"),
            _Step("Max", ("z", "part")),
        ),
        "elu": (
            _Step("Min", ("z", "zero"), "negative"),
            _Step("Exp", ("negative",), "power"),
            _Step("Sub", ("power", "one"), "below"),
            _Step("Relu", ("z",), "above"),
            _Step("Add", ("above", "below")),
        ),
        "softplus": (
            _Step("Abs", ("z",), "size"),
            _Step("Neg", ("size",), "negative"),
            _Step("Exp", ("negative",), "power"),
            _Step("Add", ("one", "power"), "more"),
            _Step("Log", ("more",), "bend"),
            _Step("Relu", ("z",), "above"),
            _Step("Add", ("above", "bend")),
        ),
        "gelu": (
            _Step("Mul", ("z", "z"), "square"),
            _Step("Mul", ("z", "square"), "cube"),
            _Step("Mul", ("cubic", "cube"), "bent"),
            _Step("Add", ("z", "bent"), "sum"),
            _Step("Mul", ("root", "sum"), "inside"),
            _Step("Tanh", ("inside",), "sign"),
            _Step("Add", ("one", "sign"), "twice"),
            _Step("Mul", ("half", "twice"), "share"),
            _Step("Mul", ("z", "share")),
        ),
        "silu": (_Step("Sigmoid", output="share"), _Step("Mul", ("z", "share"))),
        "softmax": (_Step("Softmax", attributes={"axis": -1}),),
    }
)
_OPSET, _IR_VERSION = 17, 8  # of 2022, so that older readers take them


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
    steps = tuple(_steps(architecture))
    used = {name for step in steps for name in step.inputs}
    constants = {name: np.array(_CONSTANTS[name]) for name in _CONSTANTS if name in used}
    tensors = [
        helper.make_tensor(name, kind, array.shape, array.tobytes(), raw=True)
        for name, array in (layer_arrays(snapshot) | constants).items()
    ]
    nodes = [
        helper.make_node(step.operator, step.inputs, [step.output], **step.attributes)
        for step in steps
    ]
    given = helper.make_tensor_value_info("x", kind, ["samples", architecture.n_inputs])
    result = helper.make_tensor_value_info(
        steps[-1].output, kind, ["samples", architecture.n_outputs]
    )
    graph = helper.make_graph(nodes, "network", [given], [result], tensors)
    opset = [helper.make_opsetid("", _OPSET)]
    model = helper.make_model(graph, opset_imports=opset, producer_name="backprop-explorer")
    model.ir_version = _IR_VERSION
    content: bytes = model.SerializeToString()
    return content


def _in_layer(step: _Step, layer: int) -> _Step:
    """Return a step with the names that its numbers have in a layer; constants have one name."""
    inputs = tuple(name if name in _CONSTANTS else f"{name}{layer}" for name in step.inputs)
    return replace(step, inputs=inputs, output=f"{step.output}{layer}")


def _steps(architecture: Architecture) -> Iterator[_Step]:
    """Yield every operator of a network, from ``x`` to the last ``a``."""
    source = "x"
    for layer, name in enumerate(architecture.activations, start=1):
        if name not in ONNX_ACTIVATIONS:
            raise ExportError(f"ONNX has no activation {name}")
        yield _Step("Gemm", (source, f"W{layer}", f"b{layer}"), f"z{layer}", {"transB": 1})
        yield from (_in_layer(step, layer) for step in ONNX_ACTIVATIONS[name])
        source = f"a{layer}"
