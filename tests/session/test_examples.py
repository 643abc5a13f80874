"""The examples train well as they come."""

from __future__ import annotations

import math

import pytest

from bp_gui.session.classification import assess
from bp_gui.session.examples import load_named, names
from bp_gui.session.project_file import dumps, loads
from bp_gui.session.samples import drawn
from bp_gui.session.snapshot import evaluate
from bp_gui.session.training import advance

LEARNT = {"xor": 0.02, "circle": 0.05, "sine": 0.01, "spiral": 0.1, "iris": 0.15}


@pytest.mark.parametrize("name", sorted(LEARNT))
def test_an_example_reaches_a_good_cost_on_training_and_test_samples(name: str) -> None:
    begun = load_named(f"example:{name}")
    assert begun.updates == 0
    trained = evaluate(advance(begun, 3000).experiment)
    assert trained.cost < LEARNT[name]
    assert math.isnan(trained.test_cost) or trained.test_cost < LEARNT[name]
    found = assess(trained)
    if found is not None:
        assert found.training.accuracy > 0.97
        assert found.test is None or found.test.accuracy > 0.95


@pytest.mark.parametrize("name", names())
def test_an_example_is_saved_as_it_was_read(name: str) -> None:
    experiment = load_named(f"example:{name}")
    assert dumps(loads(dumps(experiment))) == dumps(experiment)


@pytest.mark.parametrize("name", names())
def test_the_samples_of_an_example_are_those_of_its_origin(name: str) -> None:
    data = load_named(f"example:{name}").data
    if data.origin is not None:
        again = drawn(data.origin)
        assert again.raw_x.tolist() == data.raw_x.tolist()
        assert again.t_test.tolist() == data.t_test.tolist()
