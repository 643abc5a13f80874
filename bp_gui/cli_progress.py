"""How far a command is, for somebody who waits at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_ECHO = "^C"  # what a terminal shows behind the line when a command is stopped


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Yield what shows a text on a line of its own, which is wiped when the command goes on.

    Where standard error is no terminal nothing is shown.
    """
    width = 0

    def show(text: str) -> None:
        nonlocal width
        if sys.stderr.isatty():
            print(f"\r{text:{width}}", end="", file=sys.stderr, flush=True)
            width = max(width, len(text))

    try:
        yield show
    finally:
        if width:
            blank = " " * (width + len(_ECHO))
            print(f"\r{blank}\r", end="", file=sys.stderr, flush=True)
