"""Backpropagation taken apart into named steps, so that a mistake can replace one of them.

`RIGHT` is the algorithm of `bp_gui.engine`, step by step; a test holds the two against each other.
A mistake makes a new `Algorithm` from another by wrapping the steps that it gets wrong. Since it
wraps what it finds, mistakes combine by being applied one after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from bp_gui.diagnose.problem import Problem
from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array
from bp_gui.engine.network import BiasPolicy
from bp_gui.engine.update import clipped

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer while the backward pass is in it.

    Attributes
    ----------
    activation
        Registry key of its activation.
    is_last
        Whether it is the output layer.
    W, b
        Its parameters, (n_l, n_{l-1}) and (n_l,).
    source, source_z
        What feeds it, (m, n_{l-1}), and the net inputs behind that; of the inputs, themselves.
    z, a
        Its net inputs and activations, (m, n_l).
    """

    activation: str
    is_last: bool
    W: Array
    b: Array
    source: Array
    source_z: Array
    z: Array
    a: Array

    def at(self, z: Array) -> Layer:
        """Return the layer with other net inputs and the activations that follow from them."""
        return replace(self, z=z, a=ACTIVATIONS[self.activation].value(z))


def _net_input(a: Array, W: Array, b: Array) -> Array:
    return a @ W.T + b


def _activate(layer: Layer, z: Array) -> Array:
    return ACTIVATIONS[layer.activation].value(z)


def _output_error(problem: Problem, layer: Layer) -> Array:
    return problem.objective.cost.gradient(problem.t, layer.a)


def _output_delta(problem: Problem, layer: Layer, pull_back: Callable[..., Array]) -> Array:
    fused = problem.objective.cost.fused.get(layer.activation)
    if fused is not None:
        return fused.delta(problem.t, layer.a)
    return pull_back(layer, _output_error(problem, layer))


def _pull_back(layer: Layer, v: Array) -> Array:
    return ACTIVATIONS[layer.activation].pull_back(layer.z, layer.a, v)


def _passed_back(delta: Array, error: Array | None) -> Array:
    return delta


def _weights_back(W: Array, updated: Callable[[], Array]) -> Array:
    return W


def _upstream(signal: Array, W: Array) -> Array:
    return signal @ W


def _weight_gradient(delta: Array, layer: Layer, rows: Rows) -> Array:
    return delta[rows].T @ layer.source[rows] / len(rows)


def _bias_gradient(delta: Array, layer: Layer, rows: Rows) -> Array:
    return np.asarray(delta[rows].sum(axis=0) / len(rows))


def _penalty_gradient(problem: Problem) -> Array | float:
    penalty = problem.objective.penalty
    if not penalty:
        return 0.0
    return penalty.gradient(problem.architecture, problem.parameters.theta)


def _used_gradient(problem: Problem, gradient: Array) -> Array:
    return gradient


def _clip(gradient: Array, shares: Array, largest: float) -> Array:
    return clipped(gradient, shares, largest)


def _rule(problem: Problem, gradient: Array, eta: float) -> Array:
    change, _ = problem.optimizer.change(gradient, eta, problem.settings, problem.optimizer_state)
    return change


def _step(theta: Array, change: Array) -> Array:
    return theta + change


def _as_is(value: float) -> float:
    return value


def _no_scaling(problem: Problem) -> float:
    return 1.0


def _as_agreed(policy: BiasPolicy) -> BiasPolicy:
    return policy


@dataclass(frozen=True)
class Algorithm:
    """The steps of one update; a mistake replaces some of them by others.

    Attributes
    ----------
    net_input
        ``(a_{l-1}, W, b) -> z_l``.
    activate
        ``(layer, z) -> a``.
    error_factor
        What the derivative of the cost is multiplied by; 1 is right.
    output_error
        ``e = ∂C/∂a_L`` of each sample, (m, n_L).
    output_delta
        ``δ_L`` from the last layer and from how derivatives are taken.
    pull_back
        ``(layer, v) -> f'(z)ᵀ v``.
    passed_back
        ``(δ_{l+1}, e or None) -> s``: what is sent back; e is there below the output layer.
    weights_back
        ``(W_{l+1}, its updated value when called) ->`` the matrix that s is sent through.
    upstream
        ``(s, W) -> Wᵀ s`` of each sample, (m, n_l).
    weight_gradient, bias_gradient
        ``(δ_l, layer, rows) -> ∂C/∂W_l, ∂C/∂b_l`` over the samples of the update.
    policy
        The bias policy that is followed, from the agreed one.
    penalty_gradient
        ``∂P/∂θ``.
    used_gradient
        What the optimizer is given, from the gradient.
    clip
        ``(g, shares, c) -> g`` when a largest norm is set.
    eta
        The learning rate that is used, from the agreed one.
    rule
        ``(problem, g, η) -> Δθ``.
    step
        ``(θ, Δθ) -> new θ``.
    cost_factor
        What a reported cost is multiplied by; 1 is right.
    delta_factor
        What a reported δ is multiplied by; 1 is right.
    updates
        How many updates are made where one was agreed.
    """

    net_input: Callable[[Array, Array, Array], Array] = _net_input
    activate: Callable[[Layer, Array], Array] = _activate
    error_factor: Callable[[Problem], float] = _no_scaling
    output_error: Callable[[Problem, Layer], Array] = _output_error
    output_delta: Callable[[Problem, Layer, Callable[..., Array]], Array] = _output_delta
    pull_back: Callable[[Layer, Array], Array] = _pull_back
    passed_back: Callable[[Array, Array | None], Array] = _passed_back
    weights_back: Callable[[Array, Callable[[], Array]], Array] = _weights_back
    upstream: Callable[[Array, Array], Array] = _upstream
    weight_gradient: Callable[[Array, Layer, Rows], Array] = _weight_gradient
    bias_gradient: Callable[[Array, Layer, Rows], Array] = _bias_gradient
    policy: Callable[[BiasPolicy], BiasPolicy] = _as_agreed
    penalty_gradient: Callable[[Problem], Array | float] = _penalty_gradient
    used_gradient: Callable[[Problem, Array], Array] = _used_gradient
    clip: Callable[[Array, Array, float], Array] = _clip
    eta: Callable[[float], float] = _as_is
    rule: Callable[[Problem, Array, float], Array] = _rule
    step: Callable[[Array, Array], Array] = _step
    cost_factor: Callable[[Problem], float] = _no_scaling
    delta_factor: Callable[[Problem], float] = _no_scaling
    updates: int = 1

    @property
    def is_right_forward(self) -> bool:
        """Whether the forward pass is as it should be."""
        return self.net_input is _net_input and self.activate is _activate

    def steps_changed(self) -> frozenset[str]:
        """Return the names of the steps that are not those of `RIGHT`."""
        return frozenset(f.name for f in fields(self) if getattr(self, f.name) != f.default)


RIGHT = Algorithm()
