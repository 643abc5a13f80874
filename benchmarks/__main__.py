"""Run every measurement, print it, and write RESULTS.md."""

from __future__ import annotations

import os
import platform
from datetime import date
from importlib.metadata import version
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from benchmarks import cost_curve, edit_to_paint, start_up, training_speed

RESULTS = Path(__file__).with_name("RESULTS.md")
PACKAGES = ("numpy", "PySide6-Essentials", "pyqtgraph", "msgspec")


def main() -> None:
    """Measure and report."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    lines = [
        "# Measured",
        "",
        "Written by `make bench`; medians in milliseconds, painted offscreen at 1280x800.",
        "",
        f"- {date.today()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}",
        f"- {packages}",
        "",
        "| what | ms |",
        "|---|---:|",
    ]
    for measured in (start_up, edit_to_paint, training_speed, cost_curve):
        for what, milliseconds in measured.measure():
            row = f"| {what.strip()} | {milliseconds:.3g} |"
            print(row, flush=True)
            lines.append(row)
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
