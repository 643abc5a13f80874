"""``python -m bp_gui export`` from outside, as scripts use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

from bp_gui import cli_export
from bp_gui.app.drawing import draw
from bp_gui.cli import main
from bp_gui.explain.numbers import format_number
from bp_gui.session.examples import load_named
from bp_gui.session.experiment import Experiment
from bp_gui.session.exports.problem import ExportError
from bp_gui.session.exports.registry import EXPORTS
from bp_gui.session.exports.stills import Still, StillFormat
from bp_gui.session.exports.tables import Piece
from bp_gui.session.snapshot import evaluate
from bp_gui.session.whole_file import write_whole

ROOT = Path(__file__).parents[1]


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
    named = [*EXPORTS, "svg", "pdf", "png"]
    assert [each["format"] for each in json.loads(capsys.readouterr().out)] == named
    assert main(["export", "--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == named


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "FILE and --to FORMAT and -o OUT"),
        (["example:worked", "--to", "word", "-o", "x"], "'word' is not a format"),
        (["example:worked", "--to", "svg", "-o", "x"], "nothing here can draw"),
        (["example:worked", "--to", "numpy", "--scale", "2", "-o", "x"], "--scale is for pictures"),
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


@pytest.mark.parametrize("given", [["--scale", "9"], ["--scale", "x"], ["--size", "9x9"], ["--of"]])
def test_an_option_that_cannot_be_is_refused_in_one_line(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["export", "example:worked", "--to", "svg", "-o", "x", *given])
    assert ended.value.code == 2
    printed = capsys.readouterr().err
    assert given[-1] in printed
    assert printed.count("\n") == 1


def export_picture(folder: Path, kind: str, *options: str) -> Path:
    """Export a picture in a process of its own, as a shell does: without a display."""
    out = folder / f"picture.{kind}"
    command = ["export", "example:xor", "--to", kind, "-o", str(out), *options]
    environment = {k: v for k, v in os.environ.items() if k not in ("QT_QPA_PLATFORM", "DISPLAY")}
    done = subprocess.run(
        [sys.executable, "-m", "bp_gui", *command],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(folder.iterdir()) == [out]
    return out


def test_a_drawing_holds_the_numbers_as_text(tmp_path: Path) -> None:
    root = ElementTree.parse(export_picture(tmp_path, "svg")).getroot()
    texts = {"".join(each.itertext()).strip() for each in root.iter() if each.tag.endswith("text")}
    snapshot = evaluate(load_named("example:xor"))
    assert {"h3", "o1", format_number(snapshot.experiment.parameters.W[0][2, 1], 6)} <= texts
    assert root.get("viewBox") == "0 0 960 600"


def test_pixels_are_as_many_as_asked_for_on_white_or_dark_ground(tmp_path: Path) -> None:
    room = ("--scale", "1.5", "--picture")
    with Image.open(export_picture(tmp_path, "png", *room, "graph")) as light:
        assert light.size == (1440, 900)
        assert light.getpixel((0, 0)) == (255, 255, 255)
    with Image.open(export_picture(tmp_path, "png", *room, "both", "--theme", "dark")) as dark:
        assert dark.width == 1440
        assert dark.height > 900
        assert max(dark.getpixel((0, 0))) < 64


def test_a_picture_for_print_is_a_pdf(tmp_path: Path) -> None:
    assert export_picture(tmp_path, "pdf", "--picture", "curve").read_bytes().startswith(b"%PDF")


def test_a_picture_with_too_many_pixels_is_refused(worked: Experiment, qapp: QApplication) -> None:
    wish = Still(StillFormat.PNG, scale=8.0, room=(7680, 4320))
    with pytest.raises(ExportError, match="100,000,000 pixels"):
        draw(evaluate(worked), wish, "worked")


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        write_whole(pipe, b"numbers")
        assert reader.stdout is not None
        assert reader.stdout.read() == b"numbers"
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


def test_ctrl_c_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def pieces(snapshot: object) -> Iterator[Piece]:
        yield Piece(b"half", 0.5)
        raise KeyboardInterrupt

    entry = replace(EXPORTS["trace-csv"], pieces=pieces)
    monkeypatch.setattr(cli_export, "EXPORTS", {"trace-csv": entry})
    out = tmp_path / "trace.csv"
    assert main(["export", "example:worked", "--to", "trace-csv", "-o", str(out)]) == 130
    assert capsys.readouterr().err == "bp_gui: stopped; nothing was written\n"
    assert list(tmp_path.iterdir()) == []


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


def test_a_new_file_is_open_to_those_that_the_old_one_was_open_to(tmp_path: Path) -> None:
    out = tmp_path / "private.csv"
    out.write_bytes(b"old")
    out.chmod(0o600)
    write_whole(out, b"new")
    assert out.read_bytes() == b"new"
    assert out.stat().st_mode & 0o777 == 0o600


def test_a_read_only_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "old.csv"
    out.write_bytes(b"old")
    monkeypatch.setattr("os.access", lambda *_: False)  # whoever is root may write everything
    with pytest.raises(PermissionError, match=str(out)):
        write_whole(out, b"new")
    assert out.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_device_that_is_full_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "example:worked", "--to", "trace-csv", "-o", "/dev/full"]) == 2
    assert capsys.readouterr().err == "bp_gui: /dev/full: No space left on device\n"
