"""Run every measurement, print it, and write RESULTS.md.

With the name of a part only that part is measured, and nothing is written.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from benchmarks import (
    cost_curve,
    edit_to_paint,
    film,
    full_speed,
    landscape,
    machine,
    memory,
    side_by_side,
    start_up,
    sweep,
    timeline,
)
from benchmarks.tables import table, three_digits

RESULTS = Path(__file__).with_name("RESULTS.md")
IN_THE_WINDOW = (start_up, edit_to_paint, film, timeline, full_speed, cost_curve)


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("part", nargs="?", choices=CHAPTERS, help="measure this alone")
    chosen = parser.parse_args().part
    lines = ["# Measured", "", "Written by `make bench`.", "", *machine.report()]
    for part in [chosen] if chosen else CHAPTERS:
        lines += ["", *CHAPTERS[part]()]
    if chosen:
        print("\n".join(lines))
    else:
        RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _beside_peers() -> list[str]:
    return side_by_side.report(side_by_side.measure())


def _in_the_window() -> list[str]:
    """Return the chapter on times and memory of the program by itself."""
    rows = []
    for measured in IN_THE_WINDOW:
        for what, milliseconds in measured.measure():
            print(f"{what.strip()}: {three_digits(milliseconds)} ms", flush=True)
            rows.append((what.strip(), three_digits(milliseconds)))
    parts = (*memory.measure(), *timeline.memory())
    held = [(what, f"{all_of_it:.0f}", f"{more:.0f}") for what, all_of_it, more in parts]
    return [
        "## The window",
        "",
        "Medians in milliseconds, painted offscreen at 1280x800.",
        "",
        *table(("what", "ms"), rows, numbers=True),
        "",
        "## Memory",
        "",
        "Resident, in MiB, step after step in one process; the timeline in one of its own.",
        "",
        *table(("after", "held", "more"), held, numbers=True),
    ]


CHAPTERS: dict[str, Callable[[], list[str]]] = {
    "peers": _beside_peers,
    "sweep": sweep.report,
    "landscape": landscape.report,
    "window": _in_the_window,
}


if __name__ == "__main__":
    main()
