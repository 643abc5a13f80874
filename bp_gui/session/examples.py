"""The examples that come with the program."""

from __future__ import annotations

from pathlib import Path

from bp_gui.session.experiment import Experiment
from bp_gui.session.project import Project
from bp_gui.session.project_file import ProjectFileError, load_project

PREFIX = "example:"
_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "examples"


def names() -> list[str]:
    """Return the names of all examples, sorted."""
    return sorted(path.stem for path in _FOLDER.glob("*.json"))


def load_named(source: str) -> Experiment:
    """Return the experiment of ``example:NAME`` or of a file's path.

    Raises
    ------
    ProjectFileError
        If there is no such example, or the file cannot be read.
    """
    return project_named(source).experiment


def project_named(source: str) -> Project:
    """Return all that ``example:NAME`` or a file holds.

    Raises
    ------
    ProjectFileError
        If there is no such example, or the file cannot be read.
    """
    if not source.startswith(PREFIX):
        return load_project(Path(source))
    name = source.removeprefix(PREFIX)
    if name not in names():
        raise ProjectFileError(source, f"no such example; there are: {', '.join(names())}")
    return load_project(_FOLDER / f"{name}.json")
