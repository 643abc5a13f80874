"""The shown moment as a PyTorch program: autograd finds the gradient, and must find the same."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bp_gui.engine import optimizers
from bp_gui.engine.network import BiasPolicy
from bp_gui.session.experiment import Experiment
from bp_gui.session.exports.engine_code import entry_code, for_torch
from bp_gui.session.exports.literals import check_size, list_literal
from bp_gui.session.exports.numpy_script import (
    CHECK_TEXT,
    Part,
    as_comment,
    definitions,
    expected_code,
    gradient_text,
    numbers_code,
)
from bp_gui.session.exports.problem import ExportError
from bp_gui.session.snapshot import Snapshot

_MAKER: Final = "torch.tensor"
ACTIVATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sigmoid": "torch.sigmoid",
        "tanh": "torch.tanh",
        "linear": "lambda z: z",
        "relu": "torch.relu",
        "leaky_relu": "lambda z: F.leaky_relu(z, 0.01)",
        "elu": "F.elu",
        "softplus": "lambda z: torch.logaddexp(z, torch.zeros_like(z))",
        "gelu": 'lambda z: F.gelu(z, approximate="tanh")',
        "silu": "F.silu",
        "softmax": "lambda z: torch.softmax(z, dim=-1)",
    }
)
# Of (t, z, a): the mean over the samples of the sum over the outputs is taken elsewhere.
COSTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "half_squared_error": "0.5 * (t - a) ** 2",
        "mean_squared_error": "(t - a) ** 2 / t.shape[-1]",
        "binary_cross_entropy": "-torch.xlogy(t, a) - torch.xlogy(1 - t, 1 - a)",
        "categorical_cross_entropy": "-torch.xlogy(t, a)",
        "huber": 'F.huber_loss(a, t, reduction="none")',
    }
)
_FUSED: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        (
            "binary_cross_entropy",
            "sigmoid",
        ): 'F.binary_cross_entropy_with_logits(z, t, reduction="none")',
        ("categorical_cross_entropy", "softmax"): "-t * F.log_softmax(z, dim=-1)",
    }
)


def torch_script(snapshot: Snapshot) -> bytes:
    """Return a script that needs PyTorch alone.

    Raises
    ------
    ExportError
        If there are too many numbers to write into a source, or PyTorch has no such function.
    """
    check_size(snapshot)
    experiment = snapshot.experiment
    numbers = numbers_code(snapshot, _MAKER)
    parts = (
        Part("Numbers", _NUMBERS, f"{_IMPORTS}\n\n{numbers}\n{_LEAVES}"),
        Part("Network", "", _network(experiment)),
        Part("Gradient of the update", gradient_text(experiment), _gradient(experiment)),
        Part("Update", "", _update(experiment)),
        Part("Everything", "One sample in full, then all of them.", _RUN),
        Part("Check", CHECK_TEXT, f"{expected_code(snapshot, _MAKER)}\n{_COMPARE}"),
    )
    head = '"""One update by backpropagation, with PyTorch; it checks its own numbers."""\n'
    return (head + "".join(map(as_comment, parts))).encode()


_NUMBERS = (
    "W[l] has a row for every neuron it leads to and a column for every neuron it comes from,\n"
    "as torch.nn.Linear has. Samples are rows. They stand as the network sees them."
)
_IMPORTS = """import torch
import torch.nn.functional as F


torch.set_default_dtype(torch.float64)
"""
_LEAVES = "for parameter in (*W, *b):\n    parameter.requires_grad_()"


def _network(experiment: Experiment) -> str:
    names, cost = experiment.architecture.activations, experiment.cost_name
    term = _FUSED.get((cost, names[-1])) or COSTS.get(cost)
    missing = [name for name in names if name not in ACTIVATIONS]
    if term is None or missing:
        raise ExportError(f"there is no PyTorch for {', '.join(missing) or cost}")
    functions = list_literal(ACTIVATIONS[name] for name in names)
    return f'''f = {functions}


def forward(W, b, x):
    """Return the net inputs and the activations of every layer."""
    zs, activations = [], [x]
    for layer in range(len(W)):
        zs.append(activations[-1] @ W[layer].T + b[layer])
        activations.append(f[layer](zs[-1]))
    return zs, activations


def terms(t, z, a):
    """Return what each output adds to the cost of each sample."""
    return {term}


def data_cost(W, b, x, t):
    """Return the mean cost of some samples."""
    zs, activations = forward(W, b, x)
    return terms(t, zs[-1], activations[-1]).sum() / len(t)


def penalty(W):
    """Return what is added for the weights."""
    return sum((l1 * w.abs() + 0.5 * l2 * w**2).sum() for w in W) if l1 or l2 else 0.0
'''


def _gradient(experiment: Experiment) -> str:
    is_shared = experiment.bias_policy is BiasPolicy.SHARED
    share = "    db = [torch.full_like(d, d.sum().item()) for d in db]\n" if is_shared else ""
    code = f'''def flat(W, b):
    """Return all parameters in one vector: W1, b1, W2, b2, …"""
    return torch.cat([part.reshape(-1) for layer in zip(W, b) for part in layer])


def gradient(W, b, x, t):
    """Return the gradient by every parameter."""
    objective = data_cost(W, b, x, t) + penalty(W)
    found = torch.autograd.grad(objective, [*W, *b])
    dW, db = found[: len(W)], found[len(W) :]
{share}    return flat(dW, db)'''
    if experiment.clip is None:
        return code
    return f'''{code}


def clipped(g):
    """Return the gradient, no longer than allowed."""
    norm = (shares * g * g).sum().sqrt()
    return g * (longest / norm) if norm > longest else g'''


def _update(experiment: Experiment) -> str:
    rule = for_torch(entry_code(optimizers, "Optimizer", experiment.optimizer_name, "rule"))
    used = "g" if experiment.clip is None else "clipped(g)"
    return f'''{"".join(definitions([rule])).strip()}


def layers(theta):
    """Return W and b of a vector of all parameters."""
    new_W, new_b, at = [], [], 0
    for w in W:
        new_W.append(theta[at : at + w.numel()].reshape(w.shape))
        new_b.append(theta[at + w.numel() : at + w.numel() + len(w)])
        at += w.numel() + len(w)
    return new_W, new_b


def update(W, b, g):
    """Return the parameters after one update with the gradient g."""
    change, _ = {rule.expression}({used}, eta, settings, slots, n)
    theta = flat(W, b)
    return layers(torch.where(trainable, theta + change, theta))'''


_RUN = """zs, activations = forward(W, b, x[sample : sample + 1])
own_cost = terms(t[sample : sample + 1], zs[-1], activations[-1]).sum()
deltas = torch.autograd.grad(own_cost, zs)
g = gradient(W, b, x[batch], t[batch])
with torch.no_grad():
    new_W, new_b = update(W, b, g)
    found = {
        "z": zs,
        "a": activations[1:],
        "delta": deltas,
        "gradient": [g],
        "new W": new_W,
        "new b": new_b,
        "cost": [data_cost(W, b, x, t) + penalty(W)],
        "next cost": [data_cost(new_W, new_b, x, t) + penalty(new_W)],
        "test cost": [data_cost(W, b, x_test, t_test) if len(x_test) else torch.nan],
    }
for name, values in found.items():
    for layer, value in enumerate(values, start=1):
        shown = torch.as_tensor(value).tolist()
        print(name if len(values) == 1 else f"{name}{layer}", shown)"""
_COMPARE = """for name, values in expected.items():
    for value, shown in zip(found[name], values, strict=True):
        value, shown = (torch.as_tensor(v, dtype=torch.float64).detach() for v in (value, shown))
        torch.testing.assert_close(
            value, shown, rtol=1e-9, atol=1e-12, equal_nan=True, msg=f"{name} differs"
        )
print("All numbers agree with those shown.")"""
