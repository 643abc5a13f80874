"""``advance`` gives the same experiment by the compiled loops as by NumPy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("numba")

from bp_gui.engine import compiled
from bp_gui.engine.batches import FULL_BATCHES, Batches
from bp_gui.engine.compiled import is_recorded, loading
from bp_gui.engine.names import Kind
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.objective import Penalty
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.session import training
from bp_gui.session.data import Data
from bp_gui.session.experiment import Experiment
from bp_gui.session.training import Chunk, advance, prepare


@pytest.fixture
def by_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_loops", loading._Loops())


@pytest.fixture
def by_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_loops", loading._Loops())
    assert compiled.load()


def both(
    experiment: Experiment, updates: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[Chunk, Chunk]:
    with monkeypatch.context() as patch:
        patch.setattr(loading, "_loops", loading._Loops())
        expected = advance(experiment, updates)
        assert compiled.load()
        return advance(experiment, updates), expected


def larger(worked: Experiment, batches: Batches = FULL_BATCHES) -> Experiment:
    random = np.random.default_rng(3)
    x, t = random.normal(size=(23, 2)), random.uniform(size=(23, 2))
    return replace(
        worked,
        data=Data(x[:17], t[:17], x[17:], t[17:]),
        batches=batches,
        optimizer_name="adam",
        optimizer_settings=(0.9, 0.999, 1e-3),
        optimizer_state=OPTIMIZERS["adam"].initial_state(12),
        eta=0.01,
        penalty=Penalty(l1=0.01, l2=0.01),
        clip=0.1,
        bias_policy=BiasPolicy.PER_NEURON,
    )


@pytest.mark.parametrize(
    "batches",
    [FULL_BATCHES, Batches(5), Batches(5, shuffle=True)],
    ids=["full", "mini", "shuffled"],
)
def test_both_paths_give_the_same_experiment(
    worked: Experiment, batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunk, expected_chunk = both(larger(worked, batches), 61, monkeypatch)
    found, expected = chunk.experiment, expected_chunk.experiment
    assert found.updates == expected.updates == 61
    close = {"rtol": 1e-12, "atol": 1e-15}
    np.testing.assert_allclose(found.parameters.theta, expected.parameters.theta, **close)
    state, expected_state = found.optimizer_state, expected.optimizer_state
    assert state.updates == expected_state.updates == 61
    np.testing.assert_allclose(state.slots, expected_state.slots, **close)
    np.testing.assert_array_equal(found.history.updates, expected.history.updates)
    np.testing.assert_allclose(found.history.costs, expected.history.costs, **close)
    np.testing.assert_allclose(found.history.test_costs, expected.history.test_costs, **close)
    assert found.last_update is not None
    assert expected.last_update is not None
    for name in ("before", "gradient", "after"):
        np.testing.assert_allclose(
            getattr(found.last_update, name), getattr(expected.last_update, name), **close
        )


@pytest.mark.usefixtures("by_loops")
def test_pieces_give_the_same_bits_as_one_call(worked: Experiment) -> None:
    begin = larger(worked, Batches(5, shuffle=True))
    whole = advance(begin, 500).experiment
    pieces = begin
    for updates in (1, 0, 9, 300, 190):
        pieces = advance(pieces, updates).experiment
    np.testing.assert_array_equal(pieces.parameters.theta, whole.parameters.theta)
    np.testing.assert_array_equal(pieces.history.costs, whole.history.costs)


def linear(worked: Experiment, eta: float) -> Experiment:
    architecture = Architecture((2, 2, 2), ("linear", "linear"))
    parameters = Parameters(architecture, worked.parameters.theta)
    return replace(worked, parameters=parameters, eta=eta)


@pytest.mark.parametrize("batches", [FULL_BATCHES, Batches(2)], ids=["full", "mini"])
def test_both_paths_stop_at_the_same_divergence(
    worked: Experiment, batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = replace(
        linear(worked, 5.0), batches=batches, data=Data.of(np.eye(2)[[0, 1, 1, 0]], np.ones((4, 2)))
    )
    chunk, expected = both(begin, 10_000, monkeypatch)
    assert expected.divergence is not None
    assert chunk.divergence is not None
    assert chunk.divergence.quantity == expected.divergence.quantity
    assert chunk.divergence.update == expected.divergence.update
    np.testing.assert_allclose(
        chunk.experiment.parameters.theta, expected.experiment.parameters.theta, rtol=1e-9
    )
    assert np.isfinite(chunk.experiment.history.costs).all()
    assert len(chunk.experiment.history) == len(expected.experiment.history)


@pytest.mark.usefixtures("by_loops")
def test_a_divergence_names_the_quantity(worked: Experiment) -> None:
    chunk = advance(linear(worked, 1e200), 100)
    assert chunk.divergence is not None
    assert chunk.divergence.quantity.kind in (Kind.DELTA, Kind.WEIGHT, Kind.NET_INPUT, Kind.COST)
    assert not np.isfinite(chunk.divergence.value)


@pytest.mark.usefixtures("by_loops")
def test_a_request_to_stop_is_heard(worked: Experiment) -> None:
    answers = iter([False, False, False])
    chunk = advance(worked, 10**12, stopped=lambda: next(answers, True))
    assert 0 < chunk.experiment.updates < 10**8


@pytest.mark.usefixtures("by_loops")
def test_time_is_kept(worked: Experiment) -> None:
    chunk = advance(worked, 10**12, seconds=0.05)
    assert 1000 < chunk.experiment.updates < 10**8
    assert advance(worked, 10, seconds=0.0).experiment is worked


@pytest.mark.usefixtures("by_numpy")
def test_only_long_training_waits_for_the_compiler(
    worked: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(training.compiled, "load", lambda: asked.append(True))
    prepare(worked, 1000)
    assert not asked
    prepare(worked, 10**7)
    assert asked


def test_records_get_sparser_by_powers_of_two() -> None:
    recorded = [u for u in range(2**21 - 6, 2**21 + 9) if is_recorded(u, 1)]
    assert recorded == [2**21 - 6, 2**21 - 4, 2**21 - 2, 2**21, 2**21 + 4, 2**21 + 8]
    assert [u for u in range(10) if is_recorded(u, 4)] == [0, 4, 8]
