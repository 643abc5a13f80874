"""Does this machine compute the right numbers? A few checks that anybody can run."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bp_gui.engine.gradient_check import complex_step
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.session.examples import load_named
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import evaluate
from bp_gui.session.training import advance

TOLERANCE = 1e-12
_DEEP_SIZES = (3, 5, 4, 2)


@dataclass(frozen=True)
class Finding:
    """The outcome of one check.

    Attributes
    ----------
    check
        What was checked.
    good
        Whether it came out right.
    detail
        The numbers behind the verdict.
    """

    check: str
    good: bool
    detail: str


def run_self_test() -> list[Finding]:
    """Return what each check found.

    The expected numbers of the worked example come from an independent pure-Python computation
    that was itself held against central differences.
    """
    worked = load_named("example:worked")
    return [
        _number("cost of the worked example", evaluate(worked).cost, 0.2983711087600027),
        _number("cost after one update", evaluate(worked).next_cost, 0.29102777369359933),
        _number(
            "cost after 10,000 updates, fixed biases", _trained_cost(worked), 3.510187782978859e-05
        ),
        _number(
            "cost after 10,000 updates, one bias per neuron",
            _trained_cost(replace(worked, bias_policy=BiasPolicy.PER_NEURON)),
            2.4475622359322627e-06,
        ),
        _gradient("gradient of the worked example", worked),
        _gradient("gradient of a random 3-5-4-2 network", _deep(worked)),
    ]


def _trained_cost(experiment: Experiment) -> float:
    return advance(experiment, 10_000).experiment.batch_cost()


def _number(check: str, found: float, expected: float) -> Finding:
    error = abs(found - expected) / abs(expected)
    return Finding(check, error <= TOLERANCE, f"{found!r}, relative error {error:.1e}")


def _gradient(check: str, experiment: Experiment) -> Finding:
    reference = complex_step(experiment.parameters, experiment.cost, experiment.x, experiment.t)
    ours = replace(experiment, bias_policy=BiasPolicy.PER_NEURON).gradient()
    error = float(np.max(np.abs(ours - reference)) / np.max(np.abs(reference)))
    return Finding(check, error <= TOLERANCE, f"against complex step, relative error {error:.1e}")


def _deep(template: Experiment) -> Experiment:
    generator = np.random.default_rng(1)
    architecture = Architecture(_DEEP_SIZES, ("tanh", "sigmoid", "linear"))
    theta = generator.normal(size=architecture.n_parameters)
    x, t = (generator.normal(size=(4, n)) for n in (_DEEP_SIZES[0], _DEEP_SIZES[-1]))
    return replace(template, parameters=Parameters(architecture, theta)).with_samples(x, t)
