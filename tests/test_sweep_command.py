"""``python -m bp_gui sweep``: a table, a summary, and exit codes."""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bp_gui import cli_sweep
from bp_gui.cli import main
from bp_gui.session.sweep.executors import results
from bp_gui.session.sweep.run import Result


def write(folder: Path, **spec: object) -> Path:
    path = folder / "spec.json"
    path.write_text(json.dumps(spec))
    return path


def test_a_sweep_writes_a_row_a_run_and_computes_nothing_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = write(tmp_path, updates=30, grid={"eta": [0.1, 0.5]})
    out = tmp_path / "out.csv"
    assert main(["sweep", str(spec), "-o", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"runs": 2, "computed": 2, "failed": 0}
    with out.open(newline="") as file:
        assert len(list(csv.reader(file))) == 3
    before = out.read_bytes()
    assert main(["sweep", str(spec), "-o", str(out)]) == 0
    assert "0 of 2 runs computed" in capsys.readouterr().out
    assert out.read_bytes() == before


@pytest.mark.parametrize(
    ("spec", "arguments", "said"),
    [
        ({"grid": {"eta": [-1]}}, [], "grid.eta: -1 is not accepted"),
        ({"grid": {"eta": [1]}, "base": "nowhere.json"}, [], "nowhere.json"),
        ({"grid": {"eta": [1]}}, ["--executor", "cloud"], "'cloud' is not known"),
    ],
)
def test_bad_input_ends_with_2_and_one_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    spec: dict[str, object],
    arguments: list[str],
    said: str,
) -> None:
    path = write(tmp_path, **spec)
    assert main(["sweep", str(path), "-o", str(tmp_path / "out.csv"), *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1


def test_an_interrupted_sweep_leaves_whole_rows_and_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = write(tmp_path, updates=30, repeats=3, grid={"eta": [0.1, 0.5]})
    out, whole = tmp_path / "out.csv", tmp_path / "whole.csv"
    assert main(["sweep", str(spec), "-o", str(whole)]) == 0

    def interrupted(*arguments: Any) -> Iterator[Result]:
        yield from itertools.islice(results(*arguments), 2)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(cli_sweep, "results", interrupted)
        assert main(["sweep", str(spec), "-o", str(out)]) == 130
    assert "stopped after 2 of 6 runs" in capsys.readouterr().err
    assert whole.read_bytes().startswith(out.read_bytes())
    assert out.read_bytes().endswith(b"\n")
    assert main(["sweep", str(spec), "-o", str(out)]) == 0
    assert out.read_bytes() == whole.read_bytes()
