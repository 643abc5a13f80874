"""``python -m bp_gui`` from outside, as scripts use it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bp_gui.cli import main
from bp_gui.engine import compiled
from bp_gui.engine.names import ETA
from bp_gui.session import examples
from bp_gui.session.edits import SetValue
from bp_gui.session.examples import load_named
from bp_gui.session.experiment import Experiment
from bp_gui.session.project import Layout, Project
from bp_gui.session.project_file import dumps, dumps_project, load_project, save
from bp_gui.session.timeline import Timeline
from bp_gui.session.training import Chunk, advance

ROOT = Path(__file__).parents[1]
REFERENCE = json.loads((ROOT / "tests" / "reference" / "worked_example.json").read_text())


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "bp_gui", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def answer(*arguments: str) -> dict:
    done = run(*arguments, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_trace_has_just_the_documented_keys_and_the_reference_numbers() -> None:
    found = answer("trace", "example:worked")
    assert list(found) == ["updates", "cost", "forward", "backward", "gradient", "next"]
    assert list(found["forward"]) == ["z", "a"]
    assert list(found["backward"]) == ["delta", "dW", "db"]
    assert list(found["gradient"]) == ["dW", "db"]
    assert list(found["next"]) == ["W", "b", "cost"]
    after = REFERENCE["after_updates_by_bias_policy"]["fixed"]["1"]
    for ours, theirs in (
        (found["forward"]["z"], REFERENCE["forward"]["z"]),
        (found["forward"]["a"], REFERENCE["forward"]["a"]),
        (found["backward"]["delta"], REFERENCE["backward"]["delta"]),
        (found["backward"]["dW"], REFERENCE["backward"]["dW"]),
        (found["gradient"]["db"], REFERENCE["backward"]["db"]),
        (found["next"]["W"], after["W"]),
        (found["next"]["cost"], after["cost"]),
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-13)


def test_ten_thousand_updates_reach_the_reference_cost() -> None:
    found = answer("train", "example:worked", "--updates", "10000")
    assert list(found) == ["updates", "cost", "W", "b", "output"]
    assert found["updates"] == 10_000
    assert found["cost"] == pytest.approx(3.510187782978859e-05, rel=1e-12)
    assert "cost 3.5101877829788" in run("train", "example:worked", "--updates", "10000").stdout


@pytest.mark.parametrize("bad", ["folder", "no/such/place"])
@pytest.mark.parametrize("options", [("--csv", "--save"), ("--save", "--csv")])
def test_of_two_files_none_is_written_if_one_cannot_be(
    tmp_path: Path, bad: str, options: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    old = tmp_path / "old"
    old.write_bytes(b"old")
    ways = [options[0], str(old), options[1], str(tmp_path / bad)]
    assert main(["train", "example:worked", "--updates", "1", *ways]) == 2
    assert str(tmp_path / bad) in capsys.readouterr().err
    assert old.read_bytes() == b"old"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder", "old"]


def test_one_file_cannot_hold_both_costs_and_project(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    ways = ["--csv", str(out), "--save", f"{tmp_path}/../{tmp_path.name}/out"]
    assert main(["train", "example:worked", "--updates", "1", *ways]) == 2
    assert "--csv and --save name the same file" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_device_keeps_the_other_file_from_being_replaced(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(b"old")
    ways = ["--csv", str(old), "--save", "/dev/full"]
    assert main(["train", "example:worked", "--updates", "1", *ways]) == 2
    assert old.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [old]


def test_training_can_go_on_from_a_saved_file_bit_for_bit(tmp_path: Path) -> None:
    saved, table = tmp_path / "s.backprop.json", tmp_path / "costs.csv"
    answer("train", "example:worked", "--updates", "60", "--save", str(saved))
    on = answer("train", str(saved), "--updates", "40", "--csv", str(table))
    assert on == answer("train", "example:worked", "--updates", "100")
    rows = list(csv.reader(table.read_text().splitlines()))
    assert rows[0] == ["update", "cost"]
    assert [row[0] for row in rows[1:]] == [str(n) for n in range(101)]
    assert float(rows[-1][1]) == on["cost"]


def test_the_examples_are_listed() -> None:
    assert "example:worked" in run("examples").stdout
    assert "worked" in answer("examples")


def test_the_self_test_passes_in_a_few_lines() -> None:
    done = run("self-test")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert 4 <= len(lines) <= 12
    assert all(line.startswith("ok") for line in lines)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["trace", "missing.json"], "missing.json"),
        (["trace", "tests"], "folder"),
        (["trace", "example:nothing"], "nothing"),
        (["trace", "pyproject.toml"], "pyproject.toml"),
        (["trace", "example:worked", "--sample", "0"], "sample 0"),
        (["check", "example:worked", "missing.txt"], "missing.txt"),
        (["check", "example:worked", "tests"], "tests"),
        (["check", "example:worked", "-", "--sample", "2"], "sample 2"),
        (["trace", "example:worked", "--sample", "99"], "sample 99"),
        (["train", "example:worked", "--updates", "1", "--save", "no/such/folder/x"], "no/such"),
        (["train", "example:worked", "--updates", "1", "--csv", "no/such/folder/x"], "no/such"),
    ],
)
def test_bad_input_is_2_and_one_line_that_says_where(arguments: list[str], named: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert named in done.stderr


@pytest.mark.parametrize("count", ["-1", "1.5", "x", "9" * 13, "9" * 30])
def test_an_impossible_number_of_updates_is_2(count: str) -> None:
    done = run("train", "example:worked", "--updates", count)
    assert done.returncode == 2
    assert count in done.stderr.splitlines()[-1]


def test_divergence_ends_with_1_and_says_what_and_when(tmp_path: Path) -> None:
    project = json.loads((ROOT / "resources" / "examples" / "worked.json").read_text())
    project["network"]["activations"] = ["linear", "linear"]
    project["training"]["eta"] = 1e6
    path = tmp_path / "diverging.json"
    path.write_text(json.dumps(project))
    done = run("train", str(path), "--updates", "1000", "--json")
    assert done.returncode == 1
    assert "diverged" in done.stderr
    assert np.isfinite(json.loads(done.stdout)["cost"])


def test_a_reader_that_stops_early_is_no_error() -> None:
    done = subprocess.run(
        f"{sys.executable} -m bp_gui trace example:worked | true",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


def test_only_pictures_import_qt() -> None:
    script = (
        "import sys, bp_gui.cli\n"
        "from bp_gui.__main__ import draw\n"
        "for a in (['trace','example:worked'], ['train','example:worked','--updates','2'],\n"
        "          ['export','example:worked','--to','numpy','-o','-'],\n"
        "          ['examples'], ['self-test']):\n"
        "    assert bp_gui.cli.main(a, draw) == 0\n"
        "qt = ('PySide6', 'shiboken6', 'pyqtgraph')\n"
        "bad = [m for m in sys.modules if m.split('.')[0] in qt]\n"
        "sys.exit(str(bad) if bad else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


COMMANDS = ("trace", "train", "explain", "check", "export", "sweep", "examples", "self-test")


def help_of(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_the_help_names_every_command_and_each_explains_itself(
    capsys: pytest.CaptureFixture[str],
) -> None:
    overview = help_of(capsys)
    for command in COMMANDS:
        assert f"\n    {command} " in overview
        text = help_of(capsys, command)
        assert text.startswith(f"usage: python -m bp_gui {command}")
        assert all(len(line) <= 100 for line in text.splitlines())


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["train", "example:worked"], ["check"]])
def test_what_cannot_be_a_command_is_refused_in_one_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "--help" in printed.err
    assert printed.err.count("\n") == 1


def check(numbers: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "bp_gui", "check", "example:worked", "-", *arguments],
        cwd=ROOT,
        input=numbers,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_check_agrees_with_what_trace_prints() -> None:
    done = check(run("trace", "example:worked", "--json").stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert "agree" in done.stdout


@pytest.mark.parametrize("form", [(), ("--json",)])
@pytest.mark.parametrize("name", examples.names())
def test_check_agrees_with_the_trace_of_every_sample_of_every_example(
    name: str, form: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    traced, example = tmp_path / "trace", f"example:{name}"
    for sample in {1, len(load_named(example).t)}:
        place = ("--sample", str(sample))
        assert main(["trace", example, *place, *form]) == 0
        traced.write_text(capsys.readouterr().out)
        assert main(["check", example, str(traced), *place]) == 0
        assert capsys.readouterr().out.startswith("All ")


def test_check_names_the_mistakes_of_a_published_matrix() -> None:
    done = check("[[0.14976095, 0.1995219], [0.24969829, 0.29939658]]", "--json")
    assert (done.returncode, done.stderr) == (1, "")
    found = json.loads(done.stdout)
    assert found["verdict"] == "mistake"
    assert found["explanations"][0]["mistakes"] == [
        "missing_transpose",
        "bias_omitted_in_derivative",
    ]
    assert found["first_difference"]["name"] == "W1[1,1]"


def test_check_reads_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("w1,w2\n0.1498,0.1996\n", encoding="utf-8")
    done = run("check", "example:worked", str(path))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("numbers", "named"),
    [("", "no numbers"), ("hello", "no numbers"), ("[[1, 2, 3]]", "no quantity")],
)
def test_check_refuses_what_it_cannot_read(numbers: str, named: str) -> None:
    done = check(numbers)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert named in done.stderr


def test_training_a_file_that_carries_more_carries_it_on(tmp_path: Path) -> None:
    path, out = tmp_path / "mine.json", tmp_path / "out.json"
    timeline = Timeline(load_named("example:xor"))
    timeline.record(advance(timeline.present, 300, with_compiled=False).experiment)
    edit = SetValue(ETA, 0.25)
    timeline.record(edit.apply(timeline.present), edit.label)
    layout = Layout(page="data", sample=3)
    save(Project(timeline.present, timeline, "Watch this.", layout), path)
    answer("train", str(path), "--updates", "500", "--save", str(out))
    found = load_project(out)
    assert (found.notes, found.layout) == ("Watch this.", layout)
    assert found.timeline is not None
    assert (found.timeline.branch.first, found.timeline.branch.last) == (0, 800)
    assert [moment.label for moment in found.timeline.branch.edits()] == [edit.label]
    last = found.experiment.last_update
    assert last is not None
    # By the code that the command has trained with, which other tests may have loaded or not.
    expected = advance(
        timeline.present, 123, with_compiled=last.compiled
    ).experiment.parameters.theta
    assert found.timeline.state(0, 423).parameters.theta.tobytes() == expected.tobytes()


@pytest.mark.parametrize("example", ["example:xor", "example:iris"])
def test_telling_how_far_a_training_is_changes_no_number(
    example: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = load_named(example)
    plain, often = (Project(begin, Timeline(begin)) for _ in range(2))
    expected = advance(begin, 1234, with_compiled=compiled.is_ready()).experiment
    monkeypatch.setattr("bp_gui.session.project._TELLING_SECONDS", 1e-9)  # after every update
    told: list[int] = []
    done, divergence = often.trained(1234, told.append)
    assert divergence is None
    assert told == list(range(6, 1235))  # the first piece is a guess
    monkeypatch.setattr("bp_gui.session.project._TELLING_SECONDS", 1e9)
    at_once, _ = plain.trained(1234)
    assert dumps(done.experiment) == dumps(expected)
    assert dumps_project(done) == dumps_project(at_once)
    assert done.timeline is not None
    moments = done.timeline.branch.moments
    assert [moment.update for moment in moments] == [*range(0, 1234, 6), 1234]


def test_a_training_at_a_terminal_says_how_far_it_is_and_wipes_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["train", "example:worked", "--updates", "2000"]) == 0
    shown = capsys.readouterr().err.split("\r")
    assert shown[:2] == ["", "0 of 2,000 updates"]
    assert shown[-3:] == ["2,000 of 2,000 updates", " " * 24, ""]


def test_too_many_updates_are_refused_with_the_limit(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["train", "example:worked", "--updates", "1000000000000"])
    assert "'1000000000000' is over the limit of 999,999,999,999" in capsys.readouterr().err
    assert main(["train", "example:worked", "--updates", "0000000000000002"]) == 0


@pytest.mark.parametrize("is_terminal", [True, False])
def test_ctrl_c_in_the_middle_of_a_training_writes_nothing(
    is_terminal: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    calls: list[int] = []

    def interrupted(experiment: Experiment, updates: int) -> Chunk:
        calls.append(updates)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return advance(experiment, updates)

    monkeypatch.setattr("bp_gui.session.project.advance", interrupted)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal)
    out = tmp_path / "out"
    ways = ["--save", str(out), "--csv", str(tmp_path / "costs")]
    assert main(["train", "example:worked", "--updates", "1000000", *ways]) == 130
    err = capsys.readouterr().err
    assert err.rpartition("\r")[2] == "bp_gui: stopped; nothing was written\n"
    assert ("\r" in err) == is_terminal
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_while_training_says_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bp_gui.cli.prepare", interrupted)
    assert main(["train", "example:worked", "--updates", "9"]) == 130
    assert capsys.readouterr().err == "bp_gui: stopped; nothing was written\n"
