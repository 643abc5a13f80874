"""How a sweep goes, in words."""

from __future__ import annotations

import math

from bp_gui.controller.sweep import Ending, Progress


def progress_in_words(progress: Progress) -> str:
    """Return how far a sweep has come, and how long it will take."""
    done = f"{progress.done:,} of {progress.total:,} runs"
    if progress.seconds_left is None:
        return done
    return f"{done}, {_duration(progress.seconds_left)} left"


def _duration(seconds: float) -> str:
    """Return a time as text, to the nearest second below a minute and rounded up above."""
    if seconds < 60:
        return f"about {max(round(seconds), 1)} s"
    minutes = math.ceil(seconds / 60)
    return f"about {minutes} min" if minutes < 120 else f"about {minutes / 60:.0f} h"


def ending_in_words(ending: Ending) -> str:
    """Return how a sweep ended."""
    of = f"{ending.done:,} of {ending.total:,} runs"
    failed = f", {ending.failed:,} failed" if ending.failed else ""
    if ending.error:
        return f"Stopped after {of}{failed}: {ending.error}."
    if ending.cancelled:
        return f"Cancelled after {of}{failed}{'; what came is kept' if ending.done else ''}."
    if ending.total == 1:
        return f"1 run{failed or ', complete'}."
    return f"{ending.total:,} runs{failed or ', all complete'}."
