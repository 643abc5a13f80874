"""A recovery file: a project as text, behind one line that says what it is and from when.

The line can be read without the project, so a list of many large files costs nothing. A checksum
tells a file that something has damaged from one that is whole.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from bp_gui.session.project import Project
from bp_gui.session.project_file import ProjectFileError, dumps_project, loads_project
from bp_gui.session.project_schema import MAX_BYTES_OF_LISTS

_MAX_LINE = 20_000


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    """The first line."""

    format: Literal["backprop-explorer-recovery"]
    version: Literal[1]
    name: str
    path: str | None
    saved: datetime
    updates: int
    cost: float | None
    sha256: str


@dataclass(frozen=True)
class Recovered:
    """What a recovery file holds.

    Attributes
    ----------
    name
        What the project was called.
    path
        The file it was opened from or saved to, if any.
    saved
        When the recovery file was written.
    updates
        How many updates lie behind the state.
    cost
        Of the state; None if it was no finite number.
    text
        The project, as a project file holds it.
    """

    name: str
    path: Path | None
    saved: datetime
    updates: int
    cost: float | None
    text: bytes

    def project(self) -> Project:
        """Return the project.

        Raises
        ------
        ProjectFileError
            If it is none.
        """
        return loads_project(self.text, f"recovered “{self.name}”")


def written(project: Project, name: str, path: Path | None, now: datetime) -> bytes:
    """Return the bytes of a recovery file for a project."""
    experiment = project.experiment
    text, cost = dumps_project(project).encode(), experiment.batch_cost()
    line = _Line(
        format="backprop-explorer-recovery",
        version=1,
        name=name,
        path=None if path is None else str(path),
        saved=now,
        updates=experiment.updates,
        cost=float(cost) if math.isfinite(cost) else None,
        sha256=hashlib.sha256(text).hexdigest(),
    )
    return msgspec.json.encode(line) + b"\n" + text


def read(path: Path) -> Recovered:
    """Return what a recovery file holds.

    Raises
    ------
    ProjectFileError
        If it cannot be read, or is damaged.
    """
    try:
        with path.open("rb") as file:
            first, text = file.readline(_MAX_LINE), file.read(MAX_BYTES_OF_LISTS + 1)
    except OSError as error:
        raise ProjectFileError(path.name, error.strerror or str(error)) from error
    try:
        line = msgspec.json.decode(first, type=_Line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise ProjectFileError(path.name, "does not begin as a recovery file does") from None
    if hashlib.sha256(text).hexdigest() != line.sha256:
        raise ProjectFileError(path.name, "is damaged: it is not what was written")
    source = None if line.path is None else Path(line.path)
    return Recovered(line.name, source, line.saved, line.updates, line.cost, text)
