"""The whole update against an independent differentiation and rules written out number by number.

The forward pass here is written from the definitions with autograd's NumPy and differentiated by
autograd; the optimizers are the papers' algorithms for one number at a time. Nothing of the engine
but its registries' names is used on this side.
"""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as onp
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # autograd speaks of its future at import
    import autograd.numpy as np
    from autograd import grad

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.costs import COSTS
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.objective import Objective, Penalty
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.engine.propagation import forward
from bp_gui.session.edits import restarted
from bp_gui.session.examples import load_named
from bp_gui.session.training import advance

PENALTIES = [Penalty(), Penalty(l1=0.03), Penalty(l2=0.05), Penalty(0.02, 0.04)]
HIDDEN = [name for name, each in ACTIVATIONS.items() if not each.output_only]

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "linear": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "elu": lambda z: np.where(z > 0, z, np.exp(z) - 1),
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "gelu": lambda z: 0.5 * z * (1 + np.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))),
    "silu": lambda z: z / (1 + np.exp(-z)),
    "softmax": lambda z: np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True),
}
OUTPUT_COSTS: dict[str, Callable[[Any, Any], Any]] = {
    "half_squared_error": lambda t, y: np.sum((t - y) ** 2, axis=1) / 2,
    "mean_squared_error": lambda t, y: np.mean((t - y) ** 2, axis=1),
    "binary_cross_entropy": lambda t, y: -np.sum(t * np.log(y) + (1 - t) * np.log(1 - y), axis=1),
    "categorical_cross_entropy": lambda t, y: -np.sum(t * np.log(y), axis=1),
    "huber": lambda t, y: np.sum(
        np.where(np.abs(t - y) <= 1, 0.5 * (t - y) ** 2, np.abs(t - y) - 0.5), axis=1
    ),
}


def case(sizes, activations, seed):
    generator = onp.random.default_rng(seed)
    architecture = Architecture(sizes, activations)
    theta = generator.normal(scale=0.7, size=architecture.n_parameters)
    x = generator.normal(size=(4, sizes[0]))
    t = generator.uniform(0.05, 0.95, size=(4, sizes[-1]))
    return Parameters(architecture, theta), x, t


def objective_of(architecture, cost, penalty, x, t):
    """Return θ ↦ mean cost plus penalty, from the definitions."""

    def value(theta):
        a, at, size = x, 0, 0.0
        for n_from, n_to, name in zip(
            architecture.sizes, architecture.sizes[1:], architecture.activations, strict=False
        ):
            W = np.reshape(theta[at : at + n_to * n_from], (n_to, n_from))
            b = theta[at + n_to * n_from : at + n_to * n_from + n_to]
            at += n_to * n_from + n_to
            a = FUNCTIONS[name](np.dot(a, W.T) + b)
            size = size + penalty.l1 * np.sum(np.abs(W)) + penalty.l2 * np.sum(W**2) / 2
        return np.mean(OUTPUT_COSTS[cost](t, a)) + size

    return value


@pytest.mark.parametrize("penalty", PENALTIES, ids=["none", "l1", "l2", "both"])
@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("last", ACTIVATIONS)
def test_cost_and_gradient_equal_autograds(last, cost, penalty):
    if not COSTS[cost].is_defined_for(last):
        return
    for hidden, sizes in itertools.product(HIDDEN, ((2, 3, 2), (3, 4, 2, 2))):
        activations = (hidden,) * (len(sizes) - 2) + (last,)
        parameters, x, t = case(sizes, activations, seed=len(hidden))
        objective = Objective(COSTS[cost], penalty, BiasPolicy.PER_NEURON)
        reference = objective_of(parameters.architecture, cost, penalty, x, t)
        trace = forward(parameters, x)
        assert objective.value(parameters, trace, t) == pytest.approx(
            reference(parameters.theta), rel=1e-12
        )
        found, expected = (
            objective.gradient(parameters, trace, t),
            grad(reference)(onp.array(parameters.theta)),
        )
        scale = max(onp.abs(expected).max(), 1e-3)
        assert onp.abs(found - expected).max() / scale < 1e-12, hidden


def one_by_one(name: str, gradients, theta: float, eta: float) -> float:
    """Return one number after its gradients, by the algorithm in the optimizer's paper."""
    m = v = 0.0
    for n, gradient in enumerate(gradients, start=1):
        g = gradient(theta)
        match name:
            case "gradient_descent":
                theta -= eta * g
            case "momentum":
                v = 0.9 * v - eta * g
                theta += v
            case "nesterov":
                v = 0.9 * v - eta * g
                theta += 0.9 * v - eta * g
            case "adagrad":
                v += g * g
                theta -= eta * g / (math.sqrt(v) + 1e-10)
            case "rmsprop":
                v = 0.9 * v + 0.1 * g * g
                theta -= eta * g / (math.sqrt(v) + 1e-8)
            case "adam":
                m = 0.9 * m + 0.1 * g
                v = 0.999 * v + 0.001 * g * g
                step = (m / (1 - 0.9**n)) / (math.sqrt(v / (1 - 0.999**n)) + 1e-8)
                theta -= eta * step
            case _:
                raise AssertionError(f"{name} has no reference: add its algorithm here")
    return theta


@pytest.mark.parametrize("penalty", PENALTIES, ids=["none", "l1", "l2", "both"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_training_a_single_weight_follows_the_papers(name, penalty):
    """One linear neuron with a fixed bias of 0: C = ½ (w x − t)² + λ₁ |w| + ½ λ₂ w²."""
    x, t, w, eta = 1.5, 0.4, 1.2, 0.02
    optimizer = OPTIMIZERS[name]
    parameters = Parameters(Architecture((1, 1), ("linear",)), onp.array([w, 0.0]))
    start = restarted(load_named("example:worked"), parameters)
    start = replace(
        start.with_samples(onp.array([[x]]), onp.array([[t]])),
        optimizer_name=name,
        optimizer_settings=optimizer.defaults,
        optimizer_state=optimizer.initial_state(2),
        penalty=penalty,
        eta=eta,
    )

    def gradient(w: float) -> float:
        return (w * x - t) * x + penalty.l1 * math.copysign(1.0, w) + penalty.l2 * w

    expected = one_by_one(name, [gradient] * 40, w, eta)
    assert advance(start, 40).experiment.parameters.theta[0] == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize(
    ("last", "cost"),
    [
        (last, cost)
        for last, cost in itertools.product(ACTIVATIONS, COSTS)
        if COSTS[cost].is_defined_for(last)
        # Outputs of exactly 0 or 1 cost infinitely much where the two are not taken as one.
        and (not COSTS[cost].unit_interval or last in COSTS[cost].fused)
    ],
)
@pytest.mark.parametrize("size", [1e3, -1e3, 0.0])
def test_extreme_net_inputs_cost_a_finite_number_and_have_a_finite_gradient(last, cost, size):
    hidden = "sigmoid"
    architecture = Architecture((2, 3, 2), (hidden, last))
    theta = onp.full(architecture.n_parameters, size)
    x, t = onp.array([[1.0, 1.0], [0.0, 0.0]]), onp.array([[1.0, 0.0], [0.0, 1.0]])
    parameters = Parameters(architecture, theta)
    objective = Objective(COSTS[cost], Penalty(0.1, 0.1), BiasPolicy.PER_NEURON)
    trace = forward(parameters, x)
    assert math.isfinite(objective.value(parameters, trace, t))
    assert onp.isfinite(objective.gradient(parameters, trace, t)).all()
