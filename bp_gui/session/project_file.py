"""The project file ``NAME.backprop.json``: text to experiment and back, bit for bit.

The format is described in docs/project-file.md. Reading never trusts the text: every key, type,
shape and limit is checked before an experiment is made, and there is one kind of error.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import msgspec

from bp_gui.session.experiment import Experiment
from bp_gui.session.project_reader import experiment_of
from bp_gui.session.project_schema import (
    FORMAT,
    MAX_BYTES,
    VERSION,
    Header,
    Project,
    ProjectFileError,
)
from bp_gui.session.project_writer import project_of

__all__ = ["ProjectFileError", "dumps", "load", "loads", "save"]


def loads(text: bytes | str, source: str = "project") -> Experiment:
    """Return the experiment that a project file's text describes.

    Raises
    ------
    ProjectFileError
        For anything that is not a valid project; the message begins with ``source``.
    """
    raw = text.encode() if isinstance(text, str) else text
    try:
        if len(raw) > MAX_BYTES:
            raise ProjectFileError("", f"{len(raw):,} bytes is over the limit of {MAX_BYTES:,}")
        return experiment_of(_decode(raw))
    except ProjectFileError as error:
        raise ProjectFileError(source, str(error)) from None


def load(path: Path) -> Experiment:
    """Return the experiment in a file.

    Raises
    ------
    ProjectFileError
        If the file is missing, a folder, unreadable, too large, or not a valid project.
    """
    try:
        if path.is_dir():
            raise ProjectFileError(str(path), "is a folder, not a project file")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ProjectFileError(str(path), error.strerror or str(error)) from error
    return loads(raw, path.name)


def dumps(experiment: Experiment) -> str:
    """Return the text of an experiment's project file; reading it back gives every bit again."""
    document = msgspec.to_builtins(project_of(experiment))
    sections = []
    for key, value in document.items():
        if isinstance(value, dict):
            lines = ",\n".join(f"    {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items())
            sections.append(f"  {json.dumps(key)}: {{\n{lines}\n  }}")
        elif value is not None:
            sections.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(sections) + "\n}\n"


def save(experiment: Experiment, path: Path) -> None:
    """Write a project file so that at every moment either the old or the new one is whole.

    Raises
    ------
    OSError
        If it cannot be written; the old file is untouched.
    """
    target = path.resolve()  # a link stays a link
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(dumps(experiment))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _decode(raw: bytes) -> Project:
    """Return the file's sections, with every key and type checked."""
    try:
        header = msgspec.json.decode(raw, type=Header)
        if header.format == FORMAT and header.version > VERSION:
            raise ProjectFileError(
                "version", f"{header.version} is newer than {VERSION}, the newest known here"
            )
        project = msgspec.json.decode(raw, type=Project)
        if project.version != VERSION:
            raise ProjectFileError("version", f"{project.version} is not known; use {VERSION}")
        json.loads(raw, object_pairs_hook=_refuse_duplicates)
    except msgspec.ValidationError as error:
        reason, _, place = str(error).partition(" - at `$")
        raise ProjectFileError(place.strip(".`"), _lower_first(reason)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProjectFileError("", f"not valid JSON: {_lower_first(str(error))}") from None
    except RecursionError:
        raise ProjectFileError("", "not a project: brackets are nested too deeply") from None
    return project


def _lower_first(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ProjectFileError(twice, "this key stands twice in the same object")
    return found
