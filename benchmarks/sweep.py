"""A sweep of many short runs, one by one and together, in this process and as a command."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.tables import table, three_digits
from bp_gui.engine import compiled
from bp_gui.session.examples import load_named
from bp_gui.session.project_file import dumps
from bp_gui.session.sweep.executors import HERE, PROCESSES, results
from bp_gui.session.sweep.run import Result, begin, compute, with_loops
from bp_gui.session.sweep.spec import Sweep, read_request
from bp_gui.session.together import advance_together
from bp_gui.session.training import advance

RUNS, UPDATES = 200, 2000
SPEC = {"updates": UPDATES, "grid": {"eta": [0.1, 0.2, 0.5, 1.0]}, "repeats": RUNS // 4}
REPEATS = 5
_LOOPED_RUNS = 5  # of those that NumPy makes one by one; their time is multiplied up
_COMMAND = "import sys; {before}from bp_gui.cli import main; sys.exit(main())"
_IN_LOOPS = "from bp_gui.session.sweep import ways; ways._WORTH_LOADING = 0; "


def report() -> list[str]:
    """Return the chapter of RESULTS.md."""
    rows, loop = [], 0.0
    for what, seconds in measure():
        loop = loop or seconds
        print(f"{what}: {three_digits(seconds)} s", flush=True)
        rows.append((what, three_digits(seconds), three_digits(loop / seconds)))
    return [
        "## Sweeps",
        "",
        f"Seconds for {RUNS} runs of {UPDATES:,} updates at 2-2-2, plain gradient descent, and how "
        f"many times as fast that is as NumPy one by one ({_LOOPED_RUNS} of them, multiplied up). "
        f"Medians of {REPEATS}; compiling once.",
        "",
        *table(("how", "s", "times as fast"), rows, numbers=True),
    ]


def measure() -> list[tuple[str, float]]:
    """Return (how, seconds), the slowest way first."""
    request = read_request(json.dumps(SPEC))
    sweep = request.starting_from(dumps(load_named(request.base)))
    starts = [begin(sweep.base, settings) for settings in sweep.runs]
    compiled.load()
    return [
        (
            "training alone, NumPy one by one",
            RUNS
            / _LOOPED_RUNS
            * _seconds(
                lambda: [advance(s, UPDATES, with_compiled=False) for s in starts[:_LOOPED_RUNS]], 3
            ),
        ),
        (
            "training alone, NumPy in stacks",
            _seconds(lambda: advance_together(starts, UPDATES), REPEATS),
        ),
        (
            "training alone, compiled loops",
            _seconds(lambda: [advance(s, UPDATES) for s in starts], REPEATS),
        ),
        ("`results`, in stacks as it chooses", _seconds(lambda: _all(sweep, HERE), REPEATS)),
        (
            "`results`, if by compiled loops",
            _seconds(lambda: compute(sweep, range(RUNS), train=with_loops), REPEATS),
        ),
        ("`results` in processes", _seconds(lambda: _all(sweep, PROCESSES), REPEATS)),
        *_commands(),
    ]


def _all(sweep: Sweep, where: str) -> list[Result]:
    return list(results(sweep, range(RUNS), where))


def _commands() -> list[tuple[str, float]]:
    """Return how long the command takes from the start of Python to its end."""
    with tempfile.TemporaryDirectory() as folder:
        spec, out = Path(folder, "spec.json"), Path(folder, "out.csv")
        spec.write_text(json.dumps(SPEC), encoding="utf-8")

        def run(before: str = "", **environment: str) -> None:
            out.unlink(missing_ok=True)
            subprocess.run(
                [sys.executable, "-c", _COMMAND.format(before=before), "sweep", spec, "-o", out],
                env={**os.environ, **environment},
                capture_output=True,
                check=True,
            )

        run(_IN_LOOPS)  # so that the loops lie on disk
        return [
            ("the whole command, in stacks as it chooses", _seconds(run, REPEATS)),
            (
                "the whole command, if by loops from disk",
                _seconds(partial(run, _IN_LOOPS), REPEATS),
            ),
            (
                "the whole command, if by loops that it compiles first",
                _seconds(partial(run, _IN_LOOPS, NUMBA_CACHE_DIR=str(Path(folder, "loops"))), 1),
            ),
        ]


def _seconds(call: Callable[[], object], repeats: int) -> float:
    """Return the median time of some calls."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


if __name__ == "__main__":
    print("\n".join(report()))
