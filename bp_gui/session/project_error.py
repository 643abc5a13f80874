"""The one error of all project files."""

from __future__ import annotations

from typing import Final

_MAX_PLACE: Final = 80
_MAX_REASON: Final = 300


class ProjectFileError(ValueError):
    """A project that cannot be read; the message says where and why in one sentence."""

    def __init__(self, place: str, reason: str) -> None:
        place, reason = _shortened(place, _MAX_PLACE), _shortened(reason, _MAX_REASON)
        super().__init__(f"{place}: {reason}" if place else reason)


def _shortened(text: str, most: int) -> str:
    """Return a text on one line: what it quotes of a file may be long, and hold anything."""
    line = "".join(c if c.isprintable() else "�" for c in text[: most + 1])
    return line if len(line) <= most else f"{line[:most]}…"
