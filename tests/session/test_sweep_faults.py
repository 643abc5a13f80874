"""Sweeps that meet what they should not: other people's files, a trained base, a break."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from bp_gui.engine import compiled
from bp_gui.engine.names import ETA, parse_name
from bp_gui.session.classification import assess
from bp_gui.session.edits import SetValue
from bp_gui.session.edits_structure import SetActivation
from bp_gui.session.examples import load_named
from bp_gui.session.experiment import Experiment
from bp_gui.session.project_file import dumps
from bp_gui.session.snapshot import evaluate
from bp_gui.session.sweep import threads
from bp_gui.session.sweep.executors import results
from bp_gui.session.sweep.run import Result, begin, compute
from bp_gui.session.sweep.spec import Sweep, SweepError, read_request
from bp_gui.session.sweep.table import ResultFile, table
from bp_gui.session.sweep.threads import results_in_threads
from bp_gui.session.training import advance

GRID = {
    "updates": 50,
    "grid": {"eta": [0.1, 0.5, 2.0], "optimizer": ["gradient_descent", "adam"]},
    "repeats": 2,
}


def sweep_of(spec: object, base: Experiment | None = None) -> Sweep:
    experiment = load_named("example:worked") if base is None else base
    return read_request(json.dumps(spec)).starting_from(dumps(experiment))


def run_all(path: Path, sweep: Sweep) -> list[Result]:
    file = ResultFile(path, sweep)
    try:
        made = list(results(sweep, file.missing))
        for result in made:
            file.add(result)
        return made
    finally:
        file.close()


def test_numbers_too_large_for_float64_are_refused() -> None:
    with pytest.raises(SweepError):
        read_request('{"grid": {"eta": [1' + "0" * 400 + "]}}")


@pytest.mark.parametrize("text", [b"", b"\xff", b"[" * 100_000, b'{"grid": {"eta": [NaN]}}'])
def test_what_is_not_json_is_refused(text: bytes) -> None:
    with pytest.raises(SweepError):
        read_request(text)


def test_hidden_layers_of_other_sizes_make_networks_that_are_not_square() -> None:
    sweep = sweep_of({"updates": 3, "grid": {"hidden": [[3], [4, 2], []]}})
    sizes = [begin(sweep.base, settings).architecture.sizes for settings in sweep.runs]
    assert sizes == [(2, 3, 2), (2, 4, 2, 2), (2, 2)]
    assert all(not result.error for result in compute(sweep, range(3)))


def test_updates_behind_the_base_belong_to_no_run() -> None:
    base = advance(load_named("example:worked"), 30).experiment
    (found,) = compute(sweep_of({"updates": 20, "grid": {"eta": [0.5]}}, base), [0])
    assert found.updates == 20
    assert (found.curve[0][0], found.curve[-1][0]) == (0, 20)
    assert found.curve[0][1] == pytest.approx(base.batch_cost(), rel=1e-12)
    assert found.lowest_at == 20


def test_a_run_that_cannot_be_made_has_no_numbers() -> None:
    sweep = sweep_of({"updates": 5, "grid": {"activation": ["softmax"]}})
    (refused,) = compute(sweep, [0])
    assert (refused.updates, refused.curve) == (0, ())
    assert np.isnan(refused.lowest_cost)


def test_a_missing_distributed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SweepError, match="pip install distributed"):
        list(results(sweep_of(GRID), [0], "dask:tcp://127.0.0.1:1"))


def test_processes_end_when_the_reader_has_had_enough() -> None:
    coming = results(sweep_of(GRID), range(12), "process")
    next(coming)
    coming.close()  # a process left behind would fail the suite with a ResourceWarning


@pytest.mark.parametrize("torn", [1, 20, 60])
def test_a_broken_off_table_goes_on_and_ends_alike(tmp_path: Path, torn: int) -> None:
    sweep, path = sweep_of(GRID), tmp_path / "out.csv"
    run_all(path, sweep)
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:5]) + lines[5][:torn])
    assert len(run_all(path, sweep)) == 12 - 4
    assert path.read_bytes() == whole


def test_a_table_torn_in_its_first_line_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_bytes(b"run,opt")
    assert len(run_all(path, sweep_of(GRID))) == 12


@pytest.mark.parametrize("content", [b"{}", b"a,b\r\n1,2\r\n", b"\xff\xfe\n", b"\n"])
def test_a_file_that_is_no_table_of_the_sweep_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "project.json"
    path.write_bytes(content)
    with pytest.raises(SweepError, match="other columns"):
        ResultFile(path, sweep_of(GRID))
    assert path.read_bytes() == content


def test_a_table_of_other_updates_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    run_all(path, sweep_of(GRID))
    with pytest.raises(SweepError, match="another number of updates"):
        ResultFile(path, sweep_of({**GRID, "updates": 51}))


def test_a_table_from_another_base_is_refused(tmp_path: Path) -> None:
    path, base = tmp_path / "out.csv", load_named("example:worked")
    run_all(path, sweep_of(GRID, base))
    whole = path.read_bytes()
    changed = SetValue(parse_name("W1[1,2]"), 0.7).apply(base)
    with pytest.raises(SweepError, match="started from another base"):
        ResultFile(path, sweep_of(GRID, changed))
    assert path.read_bytes() == whole


def test_a_table_of_another_seed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    run_all(path, sweep_of(GRID))
    with pytest.raises(SweepError, match="run 1 has other settings"):
        ResultFile(path, sweep_of({**GRID, "seed": 1}))


def test_diverged_rows_of_other_lengths_are_refused(tmp_path: Path) -> None:
    spec = {"updates": 500, "grid": {"activation": ["relu"], "eta": [1e200]}}
    path, base = tmp_path / "out.csv", SetActivation(2, "linear").apply(load_named("example:xor"))
    (diverged,) = run_all(path, sweep_of(spec, base))
    assert diverged.error
    with pytest.raises(SweepError, match="another base"):
        ResultFile(path, sweep_of({**spec, "updates": 501}, base))


def test_more_random_runs_go_on_where_fewer_ended(tmp_path: Path) -> None:
    random = {"runs": 3, "ranges": {"eta": {"low": 0.1, "high": 1.0}}}
    path = tmp_path / "out.csv"
    run_all(path, sweep_of({"updates": 9, "random": random}))
    more = sweep_of({"updates": 9, "random": {**random, "runs": 5}})
    assert [result.run for result in run_all(path, more)] == [3, 4]


def test_a_run_that_is_broken_off_has_no_result() -> None:
    sweep = sweep_of({"updates": 10**9, "grid": {"eta": [0.1, 0.2]}})
    asked = iter([False] * 5)
    assert compute(sweep, [0, 1], lambda: next(asked, True)) == []


def test_accuracy_is_what_the_classification_panel_counts() -> None:
    xor = load_named("example:xor")
    (found,) = compute(sweep_of({"updates": 400, "grid": {"eta": [2.0]}}, xor), [0])
    end = advance(SetValue(ETA, 2.0).apply(xor), 400).experiment
    assessment = assess(evaluate(end))
    assert assessment is not None
    assert found.accuracy == assessment.training.accuracy
    assert np.isnan(found.test_accuracy)
    (numbers,) = compute(sweep_of({"updates": 2, "grid": {"eta": [0.5]}}), [0])
    assert np.isnan(numbers.accuracy)


def test_the_table_in_one_piece_is_what_is_written_row_by_row(tmp_path: Path) -> None:
    sweep, path = sweep_of(GRID), tmp_path / "out.csv"
    made = run_all(path, sweep)
    assert table(sweep, made).encode() == path.read_bytes()


def test_threads_give_the_numbers_of_this_process_and_stop_within_a_run() -> None:
    compiled.load()
    sweep = sweep_of(GRID)
    found = sorted(results_in_threads(sweep, range(12), lambda: False), key=lambda each: each.run)
    assert table(sweep, found) == table(sweep, compute(sweep, range(12)))
    endless = sweep_of({"updates": 10**9, "grid": {"eta": [0.1, 0.2, 0.3]}})
    asked = iter([False] * 3)
    assert list(results_in_threads(endless, range(3), lambda: next(asked, True))) == []


def test_without_compiled_loops_runs_come_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = sweep_of({"updates": 3, "grid": {"initial_seed": list(range(130))}})
    asked: list[int] = []

    def stacked(sweep: Sweep, runs: range, *_: object) -> list[Result]:
        asked.append(len(runs))
        return compute(sweep, runs)

    monkeypatch.setattr(threads.compiled, "is_ready", lambda: False)
    monkeypatch.setattr(threads, "results", stacked)
    found = list(results_in_threads(sweep, range(130), lambda: False))
    assert [each.run for each in found] == list(range(130))
    assert asked == [60, 60, 10]
