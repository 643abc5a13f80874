"""What people type for a sweep, examples of sweeps, and results over two settings."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from bp_gui.session.examples import load_named
from bp_gui.session.project_file import dumps
from bp_gui.session.sweep.examples import SWEEPS
from bp_gui.session.sweep.factors import FACTORS, Kind
from bp_gui.session.sweep.pivot import MOST_NUMBERS, pivot
from bp_gui.session.sweep.run import Result, begin
from bp_gui.session.sweep.spec import (
    Bounds,
    Sample,
    Specification,
    Sweep,
    SweepError,
    decode,
    encode,
    request_of,
)
from bp_gui.session.sweep.written import read_values, settings_in_words, spread, words


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("eta", "0.1, 0.5,1", [0.1, 0.5, 1.0]),
        ("eta", "0,1; 1e-3", [0.1, 0.001]),
        ("eta", " 0.3 , ", [0.3]),
        ("hidden", "none, 2, 4-4, 8×3×2", [[], [2], [4, 4], [8, 3, 2]]),
        ("batch_size", "1, 10, all", [1, 10, None]),
        ("initial_seed", "7, 1..4", [7, 1, 2, 3, 4]),
        ("optimizer", "Gradient descent, adam", ["gradient_descent", "adam"]),
        ("bias_policy", "per neuron", ["per_neuron"]),
    ],
)
def test_values_are_read_as_a_specification_holds_them(
    name: str, text: str, values: list[Any]
) -> None:
    assert read_values(name, text) == values


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("eta", "", "no value yet; type for instance 0.1, 0.5, 1"),
        ("eta", "0.1, -2", "-2.0 is not accepted: use a number from 0 on"),
        ("eta", "0.1, fast", "“fast” is not a number"),
        ("eta", "0.1, 0.10", "0.1 stands there twice"),
        ("hidden", "4-0", "[4, 0] is not accepted"),
        ("hidden", "four", "“four” is not accepted"),
        ("batch_size", "0", "0 is not accepted"),
        ("initial_seed", "1.5", "“1.5” is not accepted"),
        ("initial_seed", "9..3", "9..3 is no span"),
        ("initial_seed", "1..99999999999999999999999", "is no span"),
        ("optimizer", "sgd", "'sgd' is unknown; known: gradient_descent"),
    ],
)
def test_what_is_not_accepted_is_named(name: str, text: str, said: str) -> None:
    with pytest.raises(SweepError) as refusal:
        read_values(name, text)
    assert said in str(refusal.value)


@pytest.mark.parametrize("name", FACTORS)
def test_values_are_read_back_as_they_are_written(name: str) -> None:
    factor = FACTORS[name]
    values: dict[Kind, list[Any]] = {
        Kind.NUMBER: [0.1, 1e-300, 1 / 3, 0.0],
        Kind.WHOLE: [1, 300],
        Kind.SIZES: [(), (3,), (4, 4)],
        Kind.NAME: list(factor.choices),
    }
    chosen = values[factor.kind]
    assert [factor.read(v) for v in read_values(name, words(name, chosen))] == chosen


def test_ranges_are_even_and_keep_their_ends() -> None:
    assert spread(0.0, 1.0, 5, logarithmic=False) == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert spread(0.001, 1.0, 4, logarithmic=True) == pytest.approx([0.001, 0.01, 0.1, 1.0])
    # 10^(1/3) and 10^(2/3), to three digits
    assert spread(0.12345, 1.2345, 4, logarithmic=True) == [0.12345, 0.266, 0.573, 1.2345]
    close = spread(1.0, 1.0001, 4, logarithmic=False)
    assert sorted(set(close)) == close


@pytest.mark.parametrize(
    ("low", "high", "logarithmic", "said"),
    [(2.0, 1.0, False, "2 is not below 1"), (0.0, 1.0, True, "must be above 0")],
)
def test_ranges_that_are_none_are_refused(
    low: float, high: float, logarithmic: bool, said: str
) -> None:
    with pytest.raises(SweepError, match=said):
        spread(low, high, 5, logarithmic=logarithmic)


@pytest.mark.parametrize("spec", SWEEPS.values(), ids=SWEEPS.keys())
def test_every_example_can_be_run_and_written(spec: Specification) -> None:
    request = request_of(spec)
    assert 20 <= len(request.runs) <= 100
    base = dumps(load_named("example:xor"))
    for settings in request.runs:
        begin(base, settings)
    assert decode(encode(spec)) == spec


def test_a_run_is_told_by_its_settings() -> None:
    settings = (("hidden", (4, 4)), ("eta", 0.30000001), ("batch_size", None), ("initial_seed", 4))
    assert settings_in_words(settings) == "hidden layers 4-4, η 0.3, batch all, seed 4"


def sweep_of(spec: Specification) -> Sweep:
    return request_of(spec).starting_from(dumps(load_named("example:worked")))


def result(run: int, cost: float, error: str = "") -> Result:
    return Result(run, 10, cost, math.nan, cost, 10, error)


def test_a_cell_is_the_mean_of_the_runs_that_went_well() -> None:
    sweep = sweep_of(Specification(repeats=2, grid={"eta": [0.5, 0.1], "hidden": [[3], []]}))
    settings = [dict(each) for each in sweep.runs]
    costs = [1.0, 3.0, 5.0, 7.0, 2.0, 4.0, 6.0, 1e9]
    made = [result(k, cost) for k, cost in enumerate(costs)]
    made[7] = result(7, 1e9, "diverged")
    found = pivot(sweep, made, "hidden", "eta")
    assert (found.rows, found.columns) == (("none", "3"), ("0.1", "0.5"))

    def expected(hidden: tuple[int, ...], eta: float) -> float:
        here = [
            costs[k]
            for k in range(8)
            if settings[k]["hidden"] == hidden and settings[k]["eta"] == eta and k != 7
        ]
        return float(np.mean(here))

    cells = [[expected(hidden, eta) for eta in (0.1, 0.5)] for hidden in ((), (3,))]
    np.testing.assert_allclose(found.means, cells)
    assert sum(map(sum, found.failed)) == 1
    last = next(cell for row in found.runs for cell in row if 7 in cell)
    assert last[-1] == 7


def test_a_cell_without_a_good_run_has_no_mean() -> None:
    sweep = sweep_of(Specification(grid={"eta": [0.1, 0.5]}))
    found = pivot(sweep, [result(0, math.nan, "refused")], "eta", "eta")
    assert np.isnan(found.means).all()
    assert found.failed == ((1, 0), (0, 0))


def test_many_numbers_are_put_together_evenly_on_a_log_scale() -> None:
    sample = Sample(
        runs=200,
        ranges={"eta": Bounds(low=0.001, high=1.0, scale="log")},
        choices={"batch_size": [None, 1]},
    )
    sweep = sweep_of(Specification(random=sample))
    made = [result(k, 1.0) for k in range(200)]
    found = pivot(sweep, made, "eta", "batch_size")
    assert found.columns == ("1", "all")
    assert len(found.rows) < MOST_NUMBERS
    assert sum(len(cell) for row in found.runs for cell in row) == 200
    # Drawn evenly by their logarithms, so each of ten parts has about 20 runs.
    assert all(5 <= sum(map(len, row)) <= 40 for row in found.runs)
