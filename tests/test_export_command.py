"""``python -m bp_gui export`` from outside, as scripts use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bp_gui.cli import main
from bp_gui.session.experiment import Experiment
from bp_gui.session.exports.registry import EXPORTS
from bp_gui.session.snapshot import evaluate
from bp_gui.session.whole_file import write_whole


def test_a_file_is_what_the_format_writes(worked: Experiment, tmp_path: Path) -> None:
    out = tmp_path / "weights.csv"
    assert main(["export", "example:worked", "--to", "parameters-csv", "-o", str(out)]) == 0
    assert out.read_bytes() == EXPORTS["parameters-csv"].write(evaluate(worked))
    assert list(tmp_path.iterdir()) == [out]


def test_the_output_can_be_a_pipe(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["export", "example:xor", "--to", "numpy", "-o", "-", "--sample", "2"]) == 0
    assert b"sample = 1  # the one shown" in capfdbinary.readouterr().out


def test_the_list_names_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--list", "--json"]) == 0
    assert [each["format"] for each in json.loads(capsys.readouterr().out)] == list(EXPORTS)
    assert main(["export", "--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(EXPORTS)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "FILE and --to FORMAT and -o OUT"),
        (["example:worked", "--to", "word", "-o", "x"], "'word' is not a format"),
        (["example:worked", "--to", "svg", "-o", "x"], "from the window"),
        (["example:nothing", "--to", "numpy", "-o", "x"], "nothing"),
        (["example:worked", "--to", "numpy", "-o", "x", "--sample", "9"], "sample 9"),
        (["example:worked", "--to", "numpy", "-o", "/nowhere/x"], "/nowhere/x"),
    ],
)
def test_what_cannot_be_exported_is_said_in_one_line(
    arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", *arguments]) == 2
    printed = capsys.readouterr().err
    assert named in printed
    assert printed.count("\n") == 1


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "old.csv"
    out.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(out, b"new")
    assert out.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [out]
