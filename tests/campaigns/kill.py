"""Kill a program that saves, again and again: the file must always be whole.

``python -m tests.campaigns.kill [NUMBER]`` starts programs that save one project in turn with
another, kills each at a random moment and reads the file; ``make kills`` does so 1,000 times.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from bp_gui.controller.document import why_not_written
from bp_gui.session.examples import load_named
from bp_gui.session.project import Project
from bp_gui.session.project_file import ProjectFileError, dumps_project, load_project
from bp_gui.session.timeline import Timeline
from bp_gui.session.training import advance

LONGEST_WAIT = 0.02  # seconds; a save takes less than a millisecond, so that is many of them


def kills(count: int, folder: Path, seed: int = 0) -> Iterator[str]:
    """Kill so many saving programs and yield what was wrong with the file afterwards."""
    generator = random.Random(seed)
    path = folder / "project.backprop.json"
    timeline = Timeline(load_named("example:iris"))
    for _ in range(20):
        timeline.record(advance(timeline.present, 5).experiment)
    projects = Project(load_named("example:worked")), Project(timeline.present, timeline, "Notes")
    texts = [dumps_project(project).encode() for project in projects]
    why_not_written(path, texts[0])
    for number in range(count):
        child = os.fork()  # a hundred times faster than to start Python anew
        if child == 0:
            _save_forever(path, texts)
        time.sleep(generator.uniform(0, LONGEST_WAIT))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        try:
            load_project(path)
        except ProjectFileError as error:
            yield f"kill {number}: {error}"


def _save_forever(path: Path, texts: Sequence[bytes]) -> NoReturn:
    while True:
        for text in texts:
            if why_not_written(path, text):
                os._exit(1)


def main() -> int:
    """Run the campaign; the exit code is 1 if a file was torn."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.kill", description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torn = 0
    with tempfile.TemporaryDirectory() as folder:
        for problem in kills(options.count, Path(folder), options.seed):
            torn += 1
            print(problem)
    print(f"{options.count:,} kills, {torn} torn files")
    return 1 if torn else 0


if __name__ == "__main__":
    sys.exit(main())
