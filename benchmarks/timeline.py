"""What the timeline holds of a long run of a small network, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import lru_cache

UPDATES = 1_000_000
_SCRIPT = """
import json, os, resource, sys, time
from pathlib import Path

def held():
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)

from bp_gui.engine import compiled
from bp_gui.session.examples import load_named
from bp_gui.session.timeline import Timeline
from bp_gui.session.training import advance

updates, each = int(sys.argv[1]), int(sys.argv[2])
compiled.load()
experiment = load_named("example:worked")
timeline = Timeline(experiment)
experiment = advance(experiment, each).experiment
before = held()
timeline.record(experiment)
for _ in range(updates // each - 1):
    experiment = advance(experiment, each).experiment
    timeline.record(experiment)
after = held()
began = time.perf_counter()
timeline.go_to(timeline.branch.number, updates // 3 + 1)
print(json.dumps([before, after, (time.perf_counter() - began) * 1e3]))
"""


@lru_cache(maxsize=1)
def _measured() -> tuple[float, float, float]:
    """Return MiB before and after the run, and milliseconds to a moment in its middle.

    Ten updates lie between two recorded moments, about as many as a run makes in a chunk when it
    is watched; every moment is offered to the timeline, which thins them out.
    """
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(UPDATES), "10"],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    before, after, milliseconds = json.loads(done.stdout)
    return before, after, milliseconds


def measure() -> list[tuple[str, float]]:
    """Return (what, milliseconds)."""
    return [(f"timeline of {UPDATES:,} updates, 2-2-2: going to its middle", _measured()[2])]


def memory() -> list[tuple[str, float, float]]:
    """Return (after what, MiB held, MiB more than before)."""
    before, after, _ = _measured()
    what = f"a process of its own: {UPDATES:,} updates of 2-2-2 in a timeline"
    return [(what, after, after - before)]


if __name__ == "__main__":
    print(*measure(), *memory(), sep="\n")
