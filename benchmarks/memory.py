"""How much memory the program holds, by part: resident, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

# `statm` counts pages; elsewhere than on Linux only the most that was ever held is known.
_SCRIPT = """
import json, os, resource, sys
from pathlib import Path

def held():
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)

parts = {"Python": held()}
from bp_gui import app
from bp_gui.controller.settings import Settings
from bp_gui.session.examples import load_named
parts["the program and Qt imported"] = held()
application = app.make_application(["bench"])
program = app.Program(load_named("example:worked"), Settings(Path(os.devnull)))
program.window.show()
application.processEvents()
parts["the window shown, with the cost curve"] = held()
from bp_gui.engine import compiled
assert compiled.load()
parts["the compiled loops loaded"] = held()
print(json.dumps(parts))
program.shut_down()
"""


def measure() -> list[tuple[str, float, float]]:
    """Return (after what, MiB held, MiB more than before)."""
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    parts: dict[str, float] = json.loads(done.stdout)
    results, before = [], 0.0
    for name, megabytes in parts.items():
        results.append((name, megabytes, megabytes - before))
        before = megabytes
    return results


if __name__ == "__main__":
    for name, held, more in measure():
        print(f"{name}: {held:.0f} MiB, {more:+.0f}")
