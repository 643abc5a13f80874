"""Backpropagation taken apart into named steps, so that a mistake can replace one of them.

`RIGHT` is the algorithm of `bp_gui.engine`, step by step; a test holds the two against each other.
A mistake makes a new `Algorithm` from another by wrapping the steps that it gets wrong. Since it
wraps what it finds, mistakes combine by being applied one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bp_gui.diagnose.problem import Problem
from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array
from bp_gui.engine.network import BiasPolicy, Parameters
from bp_gui.engine.propagation import BackwardTrace, ForwardTrace
from bp_gui.engine.update import clipped, norm_shares, policy_gradient, trainable

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

    def steps_changed(self) -> frozenset[str]:
        """Return the names of the steps that are not those of `RIGHT`."""
        return frozenset(f.name for f in fields(self) if getattr(self, f.name) != f.default)


RIGHT = Algorithm()


@dataclass(frozen=True, eq=False)
class Outcome:
    """All numbers of one update as an algorithm computes them.

    Attributes
    ----------
    problem, algorithm
        What was computed, and how.
    forward
        z and a of all samples.
    delta
        δ of all samples, (m, n_l) for each layer, as they would be reported.
    gradient
        ∂C/∂θ, (P,), with the penalty and under the bias policy.
    theta
        θ after the update, (P,).
    """

    problem: Problem
    algorithm: Algorithm
    forward: ForwardTrace
    delta: tuple[Array, ...]
    gradient: Array
    theta: Array

    @cached_property
    def terms(self) -> Array:
        """What each output of each sample adds to the cost, (m, n_L), as reported."""
        return terms_of(self.problem, self.forward) * self.algorithm.cost_factor(self.problem)

    @cached_property
    def cost(self) -> float:
        """Cost before the update, as reported."""
        return self._cost(self.problem.parameters.theta, self.terms)

    @cached_property
    def next_forward(self) -> ForwardTrace:
        """The forward pass after the update."""
        parameters = Parameters(self.problem.architecture, self.theta)
        with np.errstate(all="ignore"):
            return pass_forward(self.problem, self.algorithm, parameters.W, parameters.b)

    @cached_property
    def next_cost(self) -> float:
        """Cost after the update, as reported."""
        factor = self.algorithm.cost_factor(self.problem)
        return self._cost(self.theta, terms_of(self.problem, self.next_forward) * factor)

    def _cost(self, theta: Array, terms: Array) -> float:
        penalty = self.problem.objective.penalty.value(self.problem.architecture, theta)
        return float(terms.sum() / len(terms)) + float(penalty)


def run(problem: Problem, algorithm: Algorithm = RIGHT) -> Outcome:
    """Return what an algorithm makes of a problem.

    Numbers that are not finite are no error here: they compare as different.
    """
    with np.errstate(all="ignore"):
        if algorithm.net_input is _net_input and algorithm.activate is _activate:
            trace = problem.trace
        else:
            parameters = problem.parameters
            trace = pass_forward(problem, algorithm, parameters.W, parameters.b)
        delta, gradient = _pass_back(problem, algorithm, trace)
        theta = problem.parameters.theta
        if algorithm.updates:
            theta = _updated(problem, algorithm, gradient)
        shown = algorithm.delta_factor(problem)
        if shown != 1.0:
            delta = tuple(d * shown for d in delta)
    if algorithm.updates > 1 and problem.batch is None:
        theta = _followed(problem, algorithm, theta, gradient)
    return Outcome(problem, algorithm, trace, delta, gradient, theta)


def _followed(problem: Problem, algorithm: Algorithm, theta: Array, gradient: Array) -> Array:
    """Return θ after the updates that follow a first one."""
    eta = algorithm.eta(problem.eta)
    for _ in range(1, algorithm.updates):
        _, state = problem.optimizer.change(
            gradient, eta, problem.settings, problem.optimizer_state
        )
        parameters = Parameters(problem.architecture, theta)
        problem = replace(problem, parameters=parameters, state=state)
        following = run(problem, replace(algorithm, updates=1))
        theta, gradient = following.theta, following.gradient
    return theta


def pass_forward(
    problem: Problem, algorithm: Algorithm, W: Sequence[Array], b: Sequence[Array]
) -> ForwardTrace:
    """Return z and a of all samples as an algorithm computes them; W and b may be complex."""
    a, zs, activations = problem.x, [], []
    for layer in range(problem.architecture.n_layers):
        z = algorithm.net_input(a, W[layer], b[layer])
        a = algorithm.activate(_layer(problem, layer, a, a, z, z), z)
        zs.append(z)
        activations.append(a)
    return ForwardTrace(problem.x, tuple(zs), tuple(activations))


def _pass_back(
    problem: Problem, algorithm: Algorithm, trace: ForwardTrace
) -> tuple[tuple[Array, ...], Array]:
    """Return δ of every layer and the gradient by θ."""
    architecture, parameters, rows = problem.architecture, problem.parameters, problem.rows
    gradient = np.zeros(architecture.n_parameters)
    grad_W, grad_b = architecture.views(gradient)
    policy = algorithm.policy(problem.objective.bias_policy)

    def by_theta() -> Array:
        passed = BackwardTrace((), grad_W, grad_b)
        return policy_gradient(architecture, passed, policy) + algorithm.penalty_gradient(problem)

    deltas: list[Array] = []
    delta = error = np.zeros(0)
    for index in reversed(range(architecture.n_layers)):
        layer = _traced(problem, trace, index)
        if layer.is_last:
            factor = algorithm.error_factor(problem)
            error = algorithm.output_error(problem, layer) * factor
            delta = algorithm.output_delta(problem, layer, algorithm.pull_back) * factor
        else:
            beneath_output = index == architecture.n_layers - 2
            signal = algorithm.passed_back(delta, error if beneath_output else None)

            def updated(above: int = index + 1) -> Array:
                return architecture.views(_updated(problem, algorithm, by_theta()))[0][above]

            W = algorithm.weights_back(parameters.W[index + 1], updated)
            delta = algorithm.pull_back(layer, algorithm.upstream(signal, W))
        deltas.insert(0, delta)
        grad_W[index][...] = algorithm.weight_gradient(delta, layer, rows)
        grad_b[index][...] = algorithm.bias_gradient(delta, layer, rows)
    return tuple(deltas), by_theta()


def _updated(problem: Problem, algorithm: Algorithm, gradient: Array) -> Array:
    """Return θ after one update by a gradient."""
    architecture, theta = problem.architecture, problem.parameters.theta
    policy = algorithm.policy(problem.objective.bias_policy)
    mask = trainable(architecture, policy, problem.locked)
    used = algorithm.used_gradient(problem, gradient)
    if problem.clip is not None:
        used = algorithm.clip(used, norm_shares(architecture, policy, mask), problem.clip)
    change = algorithm.rule(problem, used, algorithm.eta(problem.eta))
    return np.where(mask, algorithm.step(theta, change), theta)


def _traced(problem: Problem, trace: ForwardTrace, index: int) -> Layer:
    source_z = trace.x if index == 0 else trace.z[index - 1]
    source = trace.source_of(index)
    return _layer(problem, index, source, source_z, trace.z[index], trace.a[index])


def _layer(
    problem: Problem, index: int, source: Array, source_z: Array, z: Array, a: Array
) -> Layer:
    architecture, parameters = problem.architecture, problem.parameters
    return Layer(
        activation=architecture.activations[index],
        is_last=index == architecture.n_layers - 1,
        W=parameters.W[index],
        b=parameters.b[index],
        source=source,
        source_z=source_z,
        z=z,
        a=a,
    )


def terms_of(problem: Problem, trace: ForwardTrace) -> Array:
    """Return what each output of each sample adds to the cost, (m, n_L)."""
    last = problem.architecture.activations[-1]
    with np.errstate(all="ignore"):
        return problem.objective.cost.terms_through(last, problem.t, trace.z[-1], trace.output)
