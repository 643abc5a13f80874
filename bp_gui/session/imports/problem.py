"""The one error of all imports, and the limits that it speaks of."""

from __future__ import annotations

from typing import Final

from bp_gui.session.project_schema import MAX_LAYERS, MAX_NUMBERS, MAX_UNITS
from bp_gui.session.table_text import MAX_BYTES

MAX_TEXT: Final = MAX_BYTES
MAX_ARCHIVE: Final = 50_000_000
MAX_MEMBERS: Final = 1_000
LIMITS: Final = (
    f"at most {MAX_TEXT // 1_000_000} MB of text, {MAX_NUMBERS:,} numbers, {MAX_LAYERS} layers "
    f"and {MAX_UNITS} units in a layer are read"
)


class ImportProblem(ValueError):  # noqa: N818 - it is what a person is shown, not a fault
    """Something that cannot be read.

    Attributes
    ----------
    place
        Where it stands: a line, or the name of an array; empty for the whole.
    reason
        Why, and what is accepted.
    """

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}" if place else reason)
        self.place = place
        self.reason = reason
