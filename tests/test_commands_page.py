"""What docs/commands.md shows is typed into a shell, and must print what stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bp_gui.cli import main

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
_MARK = "\x1e"
_LEFT_OUT = "…"


@dataclass
class Example:
    """A command as it is typed, and what it prints, some of it left out."""

    command: str
    shown: list[str] = field(default_factory=list)


def examples(page: str) -> list[list[Example]]:
    """Return the examples of every block of a page."""
    blocks = re.findall(r"^```console\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    return [_in_block(block) for block in blocks]


def _in_block(block: str) -> list[Example]:
    found: list[Example] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append(Example(line[2:]))
        elif line.startswith("> "):
            found[-1].command += f"\n{line[2:]}"
        else:
            found[-1].shown.append(line)
    return found


def pattern(shown: list[str]) -> str:
    """Return what matches an output of which a line, or a part of one, is left out."""
    lines = [
        r"(?:.*\n)*?" if line == _LEFT_OUT else re.escape(line).replace(_LEFT_OUT, ".*") + r"\n"
        for line in shown
    ]
    return "".join(lines)


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like that of the program, in which files may be made."""
    folder = tmp_path_factory.mktemp("shell")
    (folder / "main.py").symlink_to(ROOT / "main.py")
    (folder / "bin").mkdir()
    (folder / "bin" / "python").symlink_to(sys.executable)
    return folder


def type_in(block: list[Example], folder: Path) -> list[tuple[str, int]]:
    """Type the commands of a block; return what each prints and its exit code."""
    script = "code=0\n"
    for example in block:
        script += f"printf '%s' '{_MARK}'\n(exit $code)\n{example.command}\ncode=$?\n"
        script += f"printf '%s' \"{_MARK}$code\"\n"
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "QT_QPA_PLATFORM")}
    environment["PATH"] = f"{folder / 'bin'}:{environment['PATH']}"
    # The interpreter behind the link finds its packages by its own folder.
    environment["PYTHONPATH"] = os.pathsep.join((str(ROOT), *filter(None, sys.path)))
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=100,
        check=False,
    )
    pieces = done.stdout.decode().split(_MARK)[1:]
    return [(pieces[k], int(pieces[k + 1])) for k in range(0, len(pieces), 2)]


# In one go and in order: later ones use files of earlier ones.
def test_the_examples_print_what_the_page_shows(shell: Path) -> None:
    for block in examples(PAGE):
        results = type_in(block, shell)
        for position, (example, (printed, code)) in enumerate(zip(block, results, strict=True)):
            assert re.fullmatch(pattern(example.shown), printed), f"{example.command}\n{printed}"
            following = block[position + 1].command if position + 1 < len(block) else ""
            assert code == 0 or following == "echo $?", f"{example.command} ends with {code}"


def test_every_command_has_an_example_and_every_option_is_described(
    capsys: pytest.CaptureFixture[str],
) -> None:
    typed = "\n".join(each.command for block in examples(PAGE) for each in block)
    sections = dict(re.findall(r"^## ([\w -]+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
    for command, section in sections.items():
        if command == "The window":
            continue
        assert f"python -m bp_gui {command}" in typed
        with pytest.raises(SystemExit):
            main([command, "--help"])
        text = capsys.readouterr().out
        for option in set(re.findall(r"--[a-z]+", text)) - {
            "--help",
            "--output",
        }:  # -o is its name there
            assert option in section, f"{command} {option}"
