"""The project file ``NAME.backprop.json``: text to experiment and back, bit for bit.

The format is described in docs/project-file.md. Reading never trusts the text: every key, type,
shape and limit is checked before an experiment is made, and there is one kind of error.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import msgspec

from bp_gui.session.experiment import Experiment
from bp_gui.session.project import Layout, Project
from bp_gui.session.project_layout import layout_of, layout_section
from bp_gui.session.project_reader import experiment_of
from bp_gui.session.project_schema import (
    FORMAT,
    LISTS_VERSION,
    MAX_BYTES,
    MAX_BYTES_OF_LISTS,
    MAX_LISTS_OF_PARAMETERS,
    MAX_NUMBERS,
    MAX_OTHERS,
    PACKED_VERSION,
    Header,
    Outline,
    ProjectFileError,
    ProjectSection,
)
from bp_gui.session.project_writer import experiment_section
from bp_gui.session.timeline_reader import timeline_of
from bp_gui.session.timeline_writer import timeline_section
from bp_gui.session.whole_file import write_whole

__all__ = [
    "ProjectFileError",
    "dumps",
    "dumps_project",
    "load",
    "load_project",
    "loads",
    "loads_project",
    "save",
]

# What keys stand in, and texts: one before a colon is a key. Numbers are passed over.
_OUTLINE = re.compile(rb'[{}]|("(?:[^"\\]++|\\.)*+")(\s*:)?')
_PACKED = b'"float64"'


def loads(text: bytes | str, source: str = "project") -> Experiment:
    """Return the experiment that a project file's text describes.

    Raises
    ------
    ProjectFileError
        For anything that is not a valid project; the message begins with ``source``.
    """
    return loads_project(text, source).experiment


def load(path: Path) -> Experiment:
    """Return the experiment in a file.

    Raises
    ------
    ProjectFileError
        If the file is missing, a folder, unreadable, too large, or not a valid project.
    """
    return load_project(path).experiment


def loads_project(text: bytes | str, source: str = "project") -> Project:
    """Return all that a project file's text holds.

    Raises
    ------
    ProjectFileError
        For anything that is not a valid project; the message begins with ``source``.
    """
    try:
        sections = _decode(text.encode() if isinstance(text, str) else text)
        del text  # perhaps many megabytes, and all that is needed of them is known now
        return _project_of(sections)
    except ProjectFileError as error:
        raise ProjectFileError(source, str(error)) from None


def load_project(path: Path) -> Project:
    """Return all that a file holds.

    Raises
    ------
    ProjectFileError
        If the file is missing, a folder, unreadable, too large, or not a valid project.
    """
    return loads_project(_content(path), path.name)


def _project_of(sections: ProjectSection) -> Project:
    experiment = experiment_of(sections)
    timeline, layout = sections.timeline, sections.layout
    return Project(
        experiment=experiment,
        timeline=None if timeline is None else timeline_of(timeline, experiment),
        notes=sections.notes or "",
        layout=Layout() if layout is None else layout_of(layout, experiment),
    )


def _content(path: Path) -> bytes:
    """Return the bytes of a file, or enough of them to show that it is too large."""
    try:
        if path.is_dir():
            raise ProjectFileError(str(path), "is a folder, not a project file")
        with path.open("rb") as file:
            return file.read(MAX_BYTES_OF_LISTS + 1)
    except OSError as error:
        raise ProjectFileError(str(path), error.strerror or str(error)) from error


def dumps(experiment: Experiment) -> str:
    """Return the text of an experiment's project file; reading it back gives every bit again."""
    return dumps_project(Project(experiment))


def dumps_project(project: Project) -> str:
    """Return the text of a project file; what a project does not have is not mentioned."""
    sections = experiment_section(project.experiment)
    if project.timeline is not None:
        sections.timeline = timeline_section(project.timeline)
    sections.notes = project.notes or None
    sections.layout = layout_section(project.layout)
    lines = []
    for key, value in msgspec.to_builtins(sections).items():
        if isinstance(value, dict):
            inside = ",\n".join(f"    {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items())
            lines.append(f"  {json.dumps(key)}: {{\n{inside}\n  }}")
        elif value is not None:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def save(project: Experiment | Project, path: Path) -> None:
    """Write a project file so that at every moment either the old or the new one is whole.

    Raises
    ------
    OSError
        If it cannot be written; the old file is untouched.
    """
    whole = project if isinstance(project, Project) else Project(project)
    write_whole(path, dumps_project(whole).encode())


def _decode(raw: bytes) -> ProjectSection:
    """Return the file's sections, with every key and type checked."""
    try:
        _check_size(raw)
        header = msgspec.json.decode(raw, type=Header)
        if header.format == FORMAT and header.version > PACKED_VERSION:
            raise ProjectFileError(
                "version", f"{header.version} is newer than {PACKED_VERSION}, the newest known here"
            )
        _check_amount(raw)
        project = msgspec.json.decode(raw, type=ProjectSection)
        if not LISTS_VERSION <= project.version <= PACKED_VERSION:
            known = f"use {LISTS_VERSION} or {PACKED_VERSION}"
            raise ProjectFileError("version", f"{project.version} is not known; {known}")
        _refuse_duplicates(raw)
    except msgspec.ValidationError as error:
        reason, _, place = str(error).partition(" - at `$")
        raise ProjectFileError(place.strip(".`"), _lower_first(reason)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProjectFileError("", f"not valid JSON: {_lower_first(str(error))}") from None
    except RecursionError:
        raise ProjectFileError("", "not a project: brackets are nested too deeply") from None
    return project


def _check_size(raw: bytes) -> None:
    """Refuse a file that is larger than any project; lists take more room than packed numbers."""
    most = MAX_BYTES if _PACKED in raw else MAX_BYTES_OF_LISTS
    if len(raw) > most:
        raise ProjectFileError("", f"{len(raw):,} bytes is over the limit of {most:,}")


def _check_amount(raw: bytes) -> None:
    """Refuse a file that lists more than its network can use, before it takes the memory."""
    sizes = msgspec.json.decode(raw, type=Outline).network.sizes
    n_parameters = sum((before + 1) * after for before, after in pairwise(sizes))
    most = MAX_NUMBERS + MAX_LISTS_OF_PARAMETERS * n_parameters + MAX_OTHERS
    found = raw.count(b",")
    if found > most:
        raise ProjectFileError(
            "", f"lists {found:,} values; a network of {n_parameters:,} parameters has at most "
            f"{most:,}, of which {MAX_NUMBERS:,} are data"
        )  # fmt: skip


def _lower_first(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _refuse_duplicates(raw: bytes) -> None:
    """Refuse a key that stands twice in an object; the text is known to be valid JSON."""
    objects: list[set[str]] = []
    for found in _OUTLINE.finditer(raw):
        if found[0] == b"{":
            objects.append(set())
        elif found[0] == b"}":
            objects.pop()
        elif found[2]:
            key = msgspec.json.decode(found[1], type=str)
            if key in objects[-1]:
                raise ProjectFileError(key, "this key stands twice in the same object")
            objects[-1].add(key)
