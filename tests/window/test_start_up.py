"""What the window needs before it is seen, and nothing else."""

from __future__ import annotations

import subprocess
import sys

LATER = (
    "multiprocessing",
    "numba",
    "pyqtgraph",
    "bp_gui.controller.sweep",
    "bp_gui.session.exports.registry",
    "bp_gui.session.imports",
    "bp_gui.session.sweep",
    "bp_gui.views.dialogs.compare",
    "bp_gui.views.dialogs.csv_import",
    "bp_gui.views.dialogs.export",
    "bp_gui.views.dialogs.record",
    "bp_gui.views.panels.analysis",
    "bp_gui.views.panels.setup",
    "bp_gui.views.sweep",
)


def test_what_few_ask_for_is_not_imported_before_they_do() -> None:
    script = "import sys; from bp_gui import app; print(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    imported = set(done.stdout.split())
    assert "bp_gui.app.program" in imported
    assert sorted(imported & set(LATER)) == []
