"""``advance``: many updates, in one call or in pieces, and what happens when numbers blow up."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from bp_gui.engine.names import Kind, parse_name
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.session.experiment import Experiment
from bp_gui.session.training import advance


def linear(worked: Experiment, eta: float) -> Experiment:
    architecture = Architecture((2, 2, 2), ("linear", "linear"))
    parameters = Parameters(architecture, worked.parameters.theta)
    return replace(worked, parameters=parameters, eta=eta)


@pytest.mark.parametrize("policy", list(BiasPolicy))
def test_pieces_give_the_same_as_one_call_bit_for_bit(
    worked: Experiment, policy: BiasPolicy
) -> None:
    start = replace(worked, bias_policy=policy)
    whole = advance(start, 100).experiment
    pieces = start
    for updates in (1, 0, 9, 50, 40):
        pieces = advance(pieces, updates).experiment
    np.testing.assert_array_equal(pieces.parameters.theta, whole.parameters.theta)
    np.testing.assert_array_equal(pieces.history.costs, whole.history.costs)
    np.testing.assert_array_equal(pieces.history.updates, np.arange(100))
    assert pieces.updates == whole.updates == 100


def test_the_history_holds_the_cost_before_each_update(worked: Experiment) -> None:
    trained = advance(worked, 3).experiment
    np.testing.assert_allclose(
        trained.history.costs,
        [0.2983711087600027, 0.29102777369359933, 0.28354713312241997],
        rtol=1e-13,
    )


def test_the_last_update_is_before_minus_eta_g(worked: Experiment) -> None:
    trained = advance(worked, 7).experiment
    last = trained.last_update
    assert last is not None
    np.testing.assert_array_equal(last.after, trained.parameters.theta)
    moved = trained.trainable
    np.testing.assert_array_equal(last.after[moved], (last.before - 0.5 * last.gradient)[moved])
    np.testing.assert_array_equal(last.after[~moved], last.before[~moved])


def test_the_experiment_given_is_not_changed(worked: Experiment) -> None:
    theta = worked.parameters.theta.copy()
    advance(worked, 10)
    np.testing.assert_array_equal(worked.parameters.theta, theta)
    assert worked.updates == 0
    assert len(worked.history) == 0


def test_a_locked_weight_stays_put_while_the_others_learn(worked: Experiment) -> None:
    ref = parse_name("W1[2,1]")
    trained = advance(replace(worked, locked=frozenset({ref})), 20).experiment
    assert trained.parameters[ref] == 0.25
    assert trained.parameters[parse_name("W1[1,1]")] != 0.15


def test_divergence_keeps_the_last_finite_state_and_names_quantity_and_update(
    worked: Experiment,
) -> None:
    chunk = advance(linear(worked, 1e6), 1000)
    assert chunk.divergence is not None
    assert chunk.divergence.update == chunk.experiment.updates + 1
    assert not math.isfinite(chunk.divergence.value)
    assert np.isfinite(chunk.experiment.parameters.theta).all()
    assert math.isfinite(chunk.experiment.batch_cost())
    assert len(chunk.experiment.history) == chunk.experiment.updates
    again = advance(chunk.experiment, 10)
    assert again.divergence == chunk.divergence
    assert again.experiment is chunk.experiment


def test_divergence_in_the_first_update_leaves_the_experiment_as_it_was(
    worked: Experiment,
) -> None:
    start = linear(worked, 1.7e308)
    start = start.with_samples(np.full((1, 2), 1e300), start.t)
    chunk = advance(start, 5)
    assert chunk.experiment is start
    assert chunk.divergence is not None
    assert chunk.divergence.update == 1
    assert chunk.divergence.quantity.kind in Kind


def test_stopping_is_asked_before_every_update(worked: Experiment) -> None:
    answers = iter([False, False, True])
    made = advance(worked, 100, stopped=lambda: next(answers), with_compiled=False)
    assert made.experiment.updates == 2
