"""The project file ``NAME.backprop.json``: text to experiment and back, bit for bit.

The format is described in docs/project-file.md. Reading never trusts the text: every key, type,
shape and limit is checked before an experiment is made, and there is one kind of error.
"""

from __future__ import annotations

import gc
import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from bp_gui.session.experiment import Experiment
from bp_gui.session.project import Layout, Project
from bp_gui.session.project_bounds import check_amount, check_size, check_texts
from bp_gui.session.project_error import ProjectFileError
from bp_gui.session.project_layout import layout_of, layout_section
from bp_gui.session.project_numbers import decoded, encoded
from bp_gui.session.project_reader import experiment_of
from bp_gui.session.project_schema import (
    FORMAT,
    LISTS_VERSION,
    MAX_BYTES_OF_LISTS,
    MAX_LAYERS,
    MAX_UNITS,
    PACKED_VERSION,
    Header,
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

_NO_PROJECT = "not a project file of this program"
_AT_BYTE = re.compile(r" \(byte (\d+)\)$")
_LIMITS_OF_SIZES = {
    f"Expected `array` of length <= {MAX_LAYERS + 1}": (
        f"more than {MAX_LAYERS + 1} sizes: {MAX_LAYERS} layers of weights are the limit"
    ),
    "Expected `array` of length >= 2": "fewer than 2 sizes: there is no layer of weights",
    f"Expected `int` <= {MAX_UNITS}": f"more than {MAX_UNITS} neurons, the limit of a layer",
    "Expected `int` >= 1": "a layer has at least 1 neuron",
}
_INSIDE = re.compile(r"([.\[][^:]*): ")


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
        raw = text.encode() if isinstance(text, str) else text
        sections = _decode(raw.removeprefix(BOM_UTF8))
        del text, raw  # perhaps many megabytes, and all that is needed of them is known now
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
    for key, value in msgspec.to_builtins(sections, enc_hook=encoded).items():
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
        check_size(raw)
        version = _declared_version(raw)
        if version > PACKED_VERSION:
            raise ProjectFileError(
                "version", f"{version} is newer than {PACKED_VERSION}, the newest known here"
            )
        check_amount(raw)
        check_texts(raw)
        with _uncollected():
            project = msgspec.json.decode(raw, type=ProjectSection, dec_hook=decoded)
        if not LISTS_VERSION <= project.version <= PACKED_VERSION:
            known = f"use {LISTS_VERSION} or {PACKED_VERSION}"
            raise ProjectFileError("version", f"{project.version} is not known; {known}")
    except msgspec.ValidationError as error:
        reason, _, place = str(error).partition(" - at `$")
        inside = _INSIDE.match(reason)
        if inside:  # of an array, which knows only where in itself something is wrong
            reason, place = reason[inside.end() :], place.strip("`") + inside[1]
        reason = _LIMITS_OF_SIZES.get(reason, reason) if "sizes" in place else reason
        raise ProjectFileError(place.strip(".`"), _lower_first(reason)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProjectFileError("", f"not valid JSON: {_malformed(raw, str(error))}") from None
    except RecursionError:
        raise ProjectFileError("", "not a project: brackets are nested too deeply") from None
    return project


def _declared_version(raw: bytes) -> int:
    """Return the version of the format, once it is known to be this program's."""
    try:
        header = msgspec.json.decode(raw, type=Header)
    except msgspec.ValidationError as error:
        raise ProjectFileError("", f"{_NO_PROJECT}: {_lower_first(str(error))}") from None
    if not header.format:
        raise ProjectFileError("", f'{_NO_PROJECT}: it has no "format"')
    if bytes(header.format) != json.dumps(FORMAT).encode():
        raise ProjectFileError("", f'{_NO_PROJECT}: its "format" is not "{FORMAT}"')
    if not header.version:
        return 0
    try:
        return msgspec.json.decode(header.version, type=int)
    except msgspec.ValidationError as error:
        raise ProjectFileError("version", _lower_first(str(error))) from None


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from looking through a million lists that all stay."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _malformed(raw: bytes, said: str) -> str:
    """Return what the decoder said, with a byte's number as line and column for an editor."""
    if not raw.strip():
        return "it is empty"
    reason = _lower_first(said.removeprefix("JSON is malformed: "))
    found = _AT_BYTE.search(reason)
    if found is None:
        return reason
    at = int(found[1])
    line, column = raw.count(b"\n", 0, at) + 1, at - raw.rfind(b"\n", 0, at)
    near = raw[max(at - 8, 0) : at + 8].decode(errors="replace")
    return f"{reason[: found.start()]} in line {line}, column {column}, near “{near}”"


def _lower_first(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
