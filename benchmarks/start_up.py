"""From starting Python to the first painted window, warm, by part."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys

REPEATS = 5
_SCRIPT = """
import json, time
began = time.perf_counter()
import PySide6.QtWidgets
qt = time.perf_counter()
import os
from pathlib import Path
from bp_gui import app
from bp_gui.controller.settings import Settings
from bp_gui.session.examples import load_named
imported = time.perf_counter()
application = app.make_application(["bench"])
made = time.perf_counter()
program = app.Program(load_named("example:worked"), Settings(Path(os.devnull)))
program.window.show()
for _ in range(1):
    program.window.shown.disconnect()
    application.processEvents()
painted = time.perf_counter()
program.window.curve.load_plot()
application.processEvents()
plots = time.perf_counter()
program.shut_down()
print(json.dumps({
    "importing Qt": qt - began,
    "importing the program": imported - qt,
    "application and fonts": made - imported,
    "building and painting the window": painted - made,
    "first painted window, in all": painted - began,
    "the cost curve (pyqtgraph) after it": plots - painted,
}))
"""


def measure() -> list[tuple[str, float]]:
    """Return (what, median milliseconds) without the interpreter's own start."""
    runs = []
    for _ in range(REPEATS + 1):
        done = subprocess.run(
            [sys.executable, "-c", _SCRIPT],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            text=True,
            check=True,
        )
        runs.append(json.loads(done.stdout))
    warm = runs[1:]
    return [
        (f"start-up: {part}", statistics.median(r[part] for r in warm) * 1e3) for part in warm[0]
    ]
