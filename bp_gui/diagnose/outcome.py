"""Computes one update step by step, right or with mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bp_gui.diagnose.algorithm import RIGHT, Algorithm, Layer
from bp_gui.diagnose.problem import Problem
from bp_gui.engine.arrays import Array
from bp_gui.engine.network import BiasPolicy, Parameters
from bp_gui.engine.objective import NO_PENALTY
from bp_gui.engine.propagation import BackwardTrace, ForwardTrace
from bp_gui.engine.update import norm_shares, policy_gradient, trainable


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
    def used_gradient(self) -> Array:
        """What the optimizer is given, (P,): the gradient as it is clipped, kept or mixed up."""
        with np.errstate(all="ignore"):
            return _used(self.problem, self.algorithm, self.gradient)

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

    @cached_property
    def of_sample(self) -> Outcome:
        """The outcome for the problem's sample by itself: its cost alone, every bias its own."""
        problem = self.problem
        here = slice(problem.sample, problem.sample + 1)
        objective = replace(
            problem.objective, penalty=NO_PENALTY, bias_policy=BiasPolicy.PER_NEURON
        )
        alone = replace(
            problem, x=problem.x[here], t=problem.t[here], objective=objective, batch=None, sample=0
        )
        return run(alone, self.algorithm)

    def _cost(self, theta: Array, terms: Array) -> float:
        penalty = self.problem.objective.penalty.value(self.problem.architecture, theta)
        return float(terms.sum() / len(terms)) + float(penalty)


def run(problem: Problem, algorithm: Algorithm = RIGHT) -> Outcome:
    """Return what an algorithm makes of a problem.

    Numbers that are not finite are no error here: they compare as different.
    """
    with np.errstate(all="ignore"):
        if algorithm.is_right_forward:
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
    used = _used(problem, algorithm, gradient)
    change = algorithm.rule(problem, used, algorithm.eta(problem.eta))
    return np.where(mask, algorithm.step(theta, change), theta)


def _used(problem: Problem, algorithm: Algorithm, gradient: Array) -> Array:
    """Return what the optimizer is given of a gradient."""
    used = algorithm.used_gradient(problem, gradient)
    if problem.clip is None:
        return used
    architecture, policy = problem.architecture, algorithm.policy(problem.objective.bias_policy)
    mask = trainable(architecture, policy, problem.locked)
    return algorithm.clip(used, norm_shares(architecture, policy, mask), problem.clip)


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
