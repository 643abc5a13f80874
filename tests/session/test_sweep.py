"""Sweeps: what is run, the same numbers everywhere, and tables that survive a break."""

from __future__ import annotations

import csv
import json
import math
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bp_gui.engine.compiled import loading
from bp_gui.engine.costs import COSTS
from bp_gui.engine.names import ETA
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.session.edits import RandomWeights, SetValue
from bp_gui.session.edits_structure import SetActivation
from bp_gui.session.examples import load_named
from bp_gui.session.project_file import dumps
from bp_gui.session.sweep import ways
from bp_gui.session.sweep.executors import results
from bp_gui.session.sweep.run import begin, compute, with_loops
from bp_gui.session.sweep.spec import Sweep, SweepError, read_request, run_seed
from bp_gui.session.sweep.table import ResultFile, columns, row
from bp_gui.session.together import advance_together
from bp_gui.session.training import advance

GRID = {"eta": [0.1, 0.5], "hidden": [[2], [3, 2]], "optimizer": ["gradient_descent", "adam"]}


def sweep_of(**spec: Any) -> Sweep:
    request = read_request(json.dumps({"updates": 20, **spec}))
    return request.starting_from(dumps(load_named(request.base)))


def test_a_grid_runs_every_combination_and_repeats_with_weights_of_their_own() -> None:
    sweep = sweep_of(grid=GRID, repeats=3)
    assert len(sweep.runs) == 2 * 2 * 2 * 3
    assert sweep.factors == ("hidden", "optimizer", "eta", "initial_seed")
    seeds = [dict(settings)["initial_seed"] for settings in sweep.runs]
    assert len(set(seeds)) == len(seeds)


def test_seeds_are_numpys_own_and_do_not_depend_on_the_other_runs() -> None:
    """SeedSequence(seed, spawn_key=(run,)) is what NumPy gives the run-th child."""
    child = np.random.SeedSequence(7).spawn(4)[3]
    assert run_seed(7, 3) == int(child.generate_state(1)[0]) & (2**31 - 1)
    few, many = (sweep_of(grid={"hidden": [[2]]}, repeats=n, seed=7) for n in (4, 9))
    assert few.runs == many.runs[:4]


def test_random_runs_lie_within_their_bounds_and_come_again() -> None:
    random = {
        "runs": 50,
        "ranges": {"eta": {"low": 0.01, "high": 1.0, "scale": "log"}},
        "choices": {"activation": ["tanh", "sigmoid"]},
    }
    one, other = sweep_of(random=random), sweep_of(random=random)
    assert one.runs == other.runs
    etas = [dict(settings)["eta"] for settings in one.runs]
    assert all(isinstance(eta, float) and 0.01 <= eta <= 1.0 for eta in etas)
    assert {dict(settings)["activation"] for settings in one.runs} == {"tanh", "sigmoid"}


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("{", "not valid JSON"),
        ("[1]", "Expected `object`"),
        ('{"grid": {"eta": [0.1]}, "runs": 3}', "runs"),
        ("{}", "either grid or random"),
        ('{"grid": {"colour": [1]}}', "grid.colour: unknown"),
        ('{"grid": {}}', "names no setting"),
        ('{"grid": {"eta": []}}', "grid.eta: has no value"),
        ('{"grid": {"eta": [-1]}}', "grid.eta: -1 is not accepted"),
        ('{"grid": {"eta": [true]}}', "grid.eta: True is not accepted"),
        ('{"grid": {"hidden": [[0]]}}', "grid.hidden: [0] is not accepted"),
        ('{"grid": {"optimizer": ["sgd"]}}', "'sgd' is unknown; known: gradient_descent"),
        ('{"grid": {"initial_seed": [1.5]}}', "grid.initial_seed: 1.5 is not accepted"),
        ('{"updates": -1, "grid": {"eta": [1]}}', "updates"),
        ('{"repeats": 100000, "grid": {"eta": [1, 2]}}', "200,000 runs are more than 100,000"),
        (
            '{"random": {"runs": 2, "ranges": {"cost": {"low": 0, "high": 1}}}}',
            "random.ranges.cost: cannot be drawn between bounds",
        ),
        (
            '{"random": {"runs": 2, "ranges": {"eta": {"low": 2, "high": 1}}}}',
            "low 2.0 is above high 1.0",
        ),
        (
            '{"random": {"runs": 2, "ranges": {"eta": {"low": 0, "high": 1, "scale": "log"}}}}',
            "must be above 0",
        ),
    ],
)
def test_a_specification_that_cannot_be_used_says_where_and_why(spec: str, said: str) -> None:
    with pytest.raises(SweepError) as refusal:
        read_request(spec)
    assert said in str(refusal.value)


def test_a_run_is_what_the_edits_and_training_give() -> None:
    sweep = sweep_of(grid={"eta": [0.1, 0.7], "initial_seed": [3]}, updates=50)
    (result,) = compute(sweep, [1])
    start = RandomWeights(3).apply(SetValue(ETA, 0.7).apply(load_named("example:worked")))
    expected = advance(start, 50).experiment
    assert result.cost == pytest.approx(expected.batch_cost(), rel=1e-12)
    costs = [*expected.history.costs, expected.batch_cost()]
    assert result.lowest_cost == pytest.approx(min(costs), rel=1e-12)
    assert result.curve[-1] == (50, result.cost)
    assert math.isnan(result.test_cost)
    assert begin(sweep.base, sweep.runs[1]).eta == 0.7


def test_a_run_that_fails_says_why_and_the_others_go_on() -> None:
    linear = SetActivation(2, "linear").apply(load_named("example:worked"))
    sweep = sweep_of(grid={"activation": ["softmax", "linear"], "eta": [1e300]}, updates=50)
    sweep = replace(sweep, base=dumps(linear))
    refused, diverged = compute(sweep, [0, 1])
    assert "last layer only" in refused.error
    assert math.isnan(refused.cost)
    assert diverged.error.startswith("diverged: ")
    assert math.isfinite(diverged.cost)


def cells(sweep: Sweep, where: str) -> list[list[str]]:
    found = results(sweep, range(len(sweep.runs)), where)
    return sorted(row(sweep, result) for result in found)


def no_loops() -> loading._Loops:
    """Return what stands where Numba is missing."""
    loops = loading._Loops()
    loops.tried = True
    return loops


@pytest.fixture
def without_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_loops", no_loops())


@pytest.fixture(params=["in stacks", "in loops"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "in loops":
        pytest.importorskip("numba")
        monkeypatch.setattr(ways, "_WORTH_LOADING", 0.0)


def test_processes_give_the_bits_of_this_process(either_way: None) -> None:
    sweep = sweep_of(grid={"eta": [0.1, 0.2, 0.5], "hidden": [[2], [3]]})
    assert cells(sweep, "process") == cells(sweep, "batch")


def test_a_dask_cluster_gives_the_bits_of_this_process(either_way: None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the cluster says of this machine is not ours
        from distributed import LocalCluster

        sweep = sweep_of(grid={"eta": [0.1, 0.2, 0.5], "hidden": [[2], [3]]})
        with LocalCluster(
            n_workers=1,
            threads_per_worker=1,
            processes=False,
            protocol="tcp",
            host="127.0.0.1",
            dashboard_address=None,
        ) as cluster:
            found = cells(sweep, f"dask:{cluster.scheduler_address}")
    assert found == cells(sweep, "batch")


def test_without_compiled_loops_a_run_has_the_same_bits_in_any_part_of_a_sweep(
    without_loops: None,
) -> None:
    """Processes get other parts than this process, and a broken table leaves some runs only."""
    sweep = sweep_of(grid=GRID, repeats=3)
    everything = list(results(sweep, range(24)))
    assert [result.run for result in everything] == list(range(24))
    for part in ([5], [23, 0, 7], range(4, 15)):
        for result in compute(sweep, part):
            assert row(sweep, result) == row(sweep, everything[result.run])
            assert result.curve == everything[result.run].curve


def test_without_compiled_loops_the_numbers_agree_to_twelve_digits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("numba")
    sweep = sweep_of(grid=GRID, repeats=2)
    monkeypatch.setattr(ways, "_WORTH_LOADING", 0.0)
    compiled_loops = cells(sweep, "batch")
    monkeypatch.setattr(ways, "_WORTH_LOADING", math.inf)
    for left, right in zip(cells(sweep, "batch"), compiled_loops, strict=True):
        for a, b in zip(left, right, strict=True):
            assert a == b or float(a) == pytest.approx(float(b), rel=1e-12)


def test_without_compiled_loops_a_sweep_stops_within_a_stack(without_loops: None) -> None:
    asked = iter([False] * 30)
    sweep = sweep_of(grid=GRID, updates=10**8)
    assert not list(results(sweep, range(8), stopped=lambda: next(asked, True)))


@pytest.mark.parametrize(
    ("spec", "way"),
    [
        ({"grid": {"eta": [0.1, 0.2]}, "repeats": 100, "updates": 2000}, advance_together),
        ({"grid": {"eta": [0.1, 0.2]}, "repeats": 100, "updates": 20_000}, with_loops),
        ({"grid": {"optimizer": list(OPTIMIZERS), "cost": list(COSTS)}}, advance_together),
        ({"grid": {"hidden": [[8, n] for n in range(1, 40)]}, "updates": 2000}, with_loops),
        ({"grid": {"hidden": [[200, 200]]}, "updates": 10_000}, with_loops),
        ({"grid": {"activation": ["softmax"]}, "updates": 10**9}, advance_together),
    ],
    ids=str,
)
def test_short_sweeps_do_without_the_compiled_loops(spec: dict[str, Any], way: object) -> None:
    assert ways.way_of(sweep_of(**spec)) is way


def test_an_unknown_place_is_refused() -> None:
    with pytest.raises(SweepError, match="batch, process or dask:ADDRESS"):
        list(results(sweep_of(grid={"eta": [1]}), [0], "cloud"))


def test_rows_are_there_as_they_come_and_a_broken_table_is_continued(tmp_path: Path) -> None:
    sweep, path = sweep_of(grid={"eta": [0.1, 0.2, 0.5]}), tmp_path / "out.csv"
    file = ResultFile(path, sweep)
    first, second, third = compute(sweep, [0, 1, 2])
    file.add(first)
    assert len(path.read_text().splitlines()) == 2
    file.add(second)
    file.close()
    path.write_bytes(path.read_bytes()[:-7])  # as a kill leaves it
    again = ResultFile(path, sweep)
    assert again.missing == [1, 2]
    again.add(second)
    again.add(third)
    again.close()
    with path.open(newline="") as lines:
        table = list(csv.reader(lines))
    assert table[0] == columns(sweep)
    assert [cells[0] for cells in table[1:]] == ["1", "2", "3"]
    assert float(table[3][table[0].index("cost")]) == third.cost


def test_another_sweeps_table_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    ResultFile(path, sweep_of(grid={"eta": [0.1]})).close()
    before = path.read_bytes()
    with pytest.raises(SweepError, match="other columns"):
        ResultFile(path, sweep_of(grid={"l2": [0.1]}))
    file = ResultFile(path, sweep_of(grid={"eta": [0.1]}))
    file.add(compute(sweep_of(grid={"eta": [0.1]}), [0])[0])
    file.close()
    with pytest.raises(SweepError, match="other settings"):
        ResultFile(path, sweep_of(grid={"eta": [0.2]}))
    assert path.read_bytes().startswith(before)
