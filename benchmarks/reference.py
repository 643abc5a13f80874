"""What a peer's parameters should be: the program's own NumPy path, under the rule of that peer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from benchmarks.workloads import Workload
from bp_gui.engine.arrays import Array
from bp_gui.engine.costs import COSTS
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.propagation import backward, forward
from bp_gui.engine.update import policy_gradient, trainable


class Order(Enum):
    """When the layers of a network change within one update."""

    AT_ONCE = "all layers at once"
    BACK_TO_FRONT = "the output layer first, and the error passes back through the new weights"


@dataclass(frozen=True)
class Rule:
    """How a peer trains.

    Attributes
    ----------
    output
        Activation of the last layer.
    cost
        Key of the cost in the engine's registry.
    sample_by_sample
        Whether there is an update after every sample instead of one a batch.
    order
        When the layers change.
    """

    output: str = "sigmoid"
    cost: str = "half_squared_error"
    sample_by_sample: bool = False
    order: Order = Order.AT_ONCE

    def differences(self, batch_size: int) -> tuple[str, ...]:
        """Return in words how it departs from this program's rule in batches of a size."""
        found = []
        if self.output != "sigmoid":
            found.append(f"{self.output} output")
        if self.cost != "half_squared_error":
            found.append(self.cost.replace("_", " "))
        if self.sample_by_sample and batch_size > 1:
            found.append("an update after every sample")
        if self.order is not Order.AT_ONCE:
            found.append(self.order.value)
        return tuple(found)


SAME = Rule()


def trained(workload: Workload, rule: Rule, updates: int) -> Parameters:
    """Return the parameters after some updates, each of one batch (or of its samples in turn)."""
    sizes = workload.sizes
    activations = ("sigmoid",) * (len(sizes) - 2) + (rule.output,)
    parameters = Parameters(Architecture(sizes, activations), workload.start.theta)
    step = _back_to_front if rule.order is Order.BACK_TO_FRONT else _at_once
    x, t = workload.samples
    size = 1 if rule.sample_by_sample else workload.batch_size
    for n in range(updates * workload.batch_size // size):
        first = n * size % len(x)
        batch = slice(first, first + size)
        parameters = step(workload, rule, parameters, x[batch], t[batch])
    return parameters


def _at_once(
    workload: Workload, rule: Rule, parameters: Parameters, x: Array, t: Array
) -> Parameters:
    architecture, policy = parameters.architecture, workload.bias_policy
    passed_back = backward(parameters, COSTS[rule.cost], forward(parameters, x), t)
    gradient = policy_gradient(architecture, passed_back, policy)
    mask = trainable(architecture, policy, frozenset())
    return Parameters(architecture, parameters.theta - workload.eta * np.where(mask, gradient, 0))


def _back_to_front(
    workload: Workload, rule: Rule, parameters: Parameters, x: Array, t: Array
) -> Parameters:
    """One update in which each layer passes its error back through weights already changed."""
    trace = forward(parameters, x)
    W, b = list(parameters.W), list(parameters.b)
    delta = backward(parameters, COSTS[rule.cost], trace, t).delta[-1]
    for layer in reversed(range(len(W))):
        W[layer] = W[layer] - workload.eta * (delta.T @ trace.source_of(layer)) / len(x)
        if workload.bias_policy is BiasPolicy.PER_NEURON:
            b[layer] = b[layer] - workload.eta * delta.sum(axis=0) / len(x)
        if layer > 0:
            a = trace.a[layer - 1]
            delta = (delta @ W[layer]) * a * (1 - a)
    return Parameters.from_layers(parameters.architecture, W, b)
