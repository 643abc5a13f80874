"""Snapshots: every quantity by name, of the chosen sample."""

from __future__ import annotations

import numpy as np
import pytest

from bp_gui.engine.names import parse_name
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import evaluate
from bp_gui.session.training import advance


def test_every_quantity_can_be_asked_for_by_name(worked: Experiment) -> None:
    snapshot = evaluate(worked)
    expected = {
        "W2[1,2]": 0.45,
        "b1[2]": 0.35,
        "x[2]": 0.1,
        "t[2]": 0.99,
        "eta": 0.5,
        "z1[1]": 0.3775,
        "a2[1]": 0.7513650695523157,
        "delta1[2]": 0.009954254705217202,
        "C[1]": 0.274811083176155,
        "C": 0.2983711087600027,
    }
    for name, value in expected.items():
        assert snapshot.value(parse_name(name)) == pytest.approx(value, rel=1e-13), name


@pytest.mark.parametrize("name", ["W9[1,1]", "a3[1]", "x[3]", "z1[3]", "C[3]"])
def test_what_the_network_does_not_have_is_an_index_error(worked: Experiment, name: str) -> None:
    with pytest.raises(IndexError):
        evaluate(worked).value(parse_name(name))


def test_the_passes_are_of_the_sample_and_cost_and_gradient_of_the_batch(
    worked: Experiment,
) -> None:
    batch = worked.with_samples(
        np.array([[0.05, 0.10], [0.9, -0.4]]), np.array([[0.01, 0.99], [0.5, 0.2]])
    )
    first, second = evaluate(batch, 0), evaluate(batch, 1)
    alone = evaluate(worked)
    np.testing.assert_allclose(first.forward.z[1], alone.forward.z[1], rtol=1e-15)
    assert first.sample_cost == pytest.approx(alone.cost, rel=1e-15)
    assert first.cost == second.cost
    assert first.cost == pytest.approx((first.sample_cost + second.sample_cost) / 2, rel=1e-14)
    mean = (first.backward.flat() + second.backward.flat()) / 2
    np.testing.assert_allclose(first.gradient, mean, rtol=1e-12)
    with pytest.raises(IndexError, match="sample 3"):
        evaluate(batch, 2)


def test_what_the_next_update_gives_is_what_it_gives(worked: Experiment) -> None:
    snapshot = evaluate(worked)
    trained = evaluate(advance(worked, 1).experiment)
    np.testing.assert_array_equal(snapshot.next_theta, trained.experiment.parameters.theta)
    assert snapshot.next_cost == trained.cost


def test_non_finite_numbers_are_shown_as_they_are(worked: Experiment) -> None:
    huge = worked.with_samples(worked.x, np.array([[1e200, -1e200]]))
    snapshot = evaluate(huge)
    assert snapshot.cost == np.inf
