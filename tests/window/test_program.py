"""``python main.py`` from outside: screenshots, bad input, exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "main.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_screenshot_has_the_asked_size_and_needs_no_display(tmp_path: Path, theme: str) -> None:
    out = tmp_path / "shot.png"
    done = run(
        "--screenshot", str(out), "--size", "1280x800", "--theme", theme,
        "--select", "W2[1,2]", "--updates", "3", DISPLAY="", QT_QPA_PLATFORM="",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    from PySide6.QtGui import QImage

    image = QImage(str(out))
    assert (image.width(), image.height()) == (1280, 800)
    assert (image.pixelColor(300, 780).lightness() > 128) == (theme == "light")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["missing.json"], "missing.json"),
        (["."], "folder"),
        (["example:nothing"], "nothing"),
        (["--select", "W9[1,1]"], "W9[1,1]"),
        (["--select", "nonsense"], "nonsense"),
        (["--size", "12"], "12"),
        (["--updates", "-1"], "-1"),
        (["--page", "nonsense"], "analysis"),
        (["--mistakes", "no_half,nonsense"], "nonsense"),
    ],
)
def test_bad_input_is_refused_with_one_line(
    tmp_path: Path, arguments: list[str], named: str
) -> None:
    done = run("--screenshot", str(tmp_path / "shot.png"), *arguments)
    assert done.returncode == 2
    assert named in done.stderr.splitlines()[-1]


def test_without_a_display_it_says_so_instead_of_aborting() -> None:
    done = run(DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    if sys.platform.startswith("linux"):
        assert done.returncode == 2
        assert "no display" in done.stderr


def test_closing_during_a_run_ends_with_exit_code_0(tmp_path: Path) -> None:
    script = (
        "import sys; from PySide6.QtCore import QTimer; from pathlib import Path\n"
        "from bp_gui import app\n"
        "from bp_gui.views.questions import Answer\n"
        "from bp_gui.controller.settings import Settings\n"
        "from bp_gui.session.examples import load_named\n"
        "a = app.make_application(['x'])\n"
        f"p = app.Program(load_named('example:worked'), Settings(Path({str(tmp_path / 's')!r})))\n"
        "p.window.ask_about_changes = lambda name: Answer.DISCARD\n"
        "p.window.show(); p.training.run()\n"
        "QTimer.singleShot(700, p.window.close)\n"
        "sys.exit(a.exec())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
