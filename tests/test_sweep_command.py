"""``python -m bp_gui sweep``: a table, a summary, and exit codes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from bp_gui.cli import main


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
