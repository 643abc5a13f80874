"""A whole experiment as text to send to somebody, and back bit for bit.

``backprop1.PAYLOAD.CHECKSUM``: the project file, compressed, in URL-safe base64, and the first
half of its SHA-256, so that a text which was cut or changed on its way is noticed. The present
alone is in it: timeline, notes and layout are left to the project file.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import Final

from bp_gui.session.edits import LoneEdit
from bp_gui.session.experiment import Experiment
from bp_gui.session.exports.problem import ExportError
from bp_gui.session.imports.problem import MAX_TEXT, ImportProblem
from bp_gui.session.project_file import ProjectFileError, dumps, loads

PREFIX: Final = "backprop1"
_ALPHABET: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
_SUM_DIGITS: Final = 16


@dataclass(frozen=True, eq=False)
class UseShared(LoneEdit):
    """Put an experiment from elsewhere in the place of the present one."""

    experiment: Experiment

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return "Use shared text"

    @property
    def title(self) -> str:
        """What the project is called that comes by it."""
        return "Shared project"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        return self.experiment


def to_share_text(experiment: Experiment) -> str:
    """Return an experiment as one word of letters, digits, points, ``-`` and ``_``.

    Raises
    ------
    ExportError
        If its project file is longer than what can be read back.
    """
    compact = json.dumps(json.loads(dumps(experiment)), separators=(",", ":")).encode()
    if len(compact) > MAX_TEXT:
        most = MAX_TEXT // 1_000_000
        raise ExportError(f"{len(compact) / 1e6:.1f} MB are over {most} MB: send the project file")
    payload = base64.urlsafe_b64encode(zlib.compress(compact, 9)).decode().rstrip("=")
    return f"{PREFIX}.{payload}.{_checksum(payload)}"


def from_share_text(text: str) -> Experiment:
    """Return the experiment that a text describes.

    White space is left out first, because mail breaks long lines.

    Raises
    ------
    ImportProblem
        If it is no such text, was changed or cut on its way, or is too long.
    """
    if len(text) > 2 * MAX_TEXT:
        most = 2 * MAX_TEXT // 1_000_000
        raise ImportProblem("shared text", f"{len(text):,} characters are over {most} million")
    word = "".join(text.split())
    strange = next((c for c in word if c not in _ALPHABET), None)
    prefix, *rest = word.split(".")
    if not word.startswith("backprop") or len(rest) != 2 or strange is not None:
        raise ImportProblem(
            "shared text", f"this is no shared text: it begins with {PREFIX} and has two points"
        )
    if prefix != PREFIX:
        raise ImportProblem("shared text", f"version {prefix[:20]!r} is not known, only {PREFIX}")
    payload, checksum = rest
    if _checksum(payload) != checksum:
        raise ImportProblem(
            "shared text", "the checksum differs: it was cut or changed on its way, copy it again"
        )
    try:
        return loads(_unpacked(payload), "shared text")
    except ProjectFileError as error:
        raise ImportProblem("", str(error)) from None


def repacked(text: str) -> str:
    """Return a text with the checksum that belongs to its payload; any text without two points."""
    parts = text.split(".")
    return f"{parts[0]}.{parts[1]}.{_checksum(parts[1])}" if len(parts) == 3 else text


def _unpacked(payload: str) -> bytes:
    """Return what is packed, and never more than the limit."""
    try:
        packed = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        unpacker = zlib.decompressobj()
        raw = unpacker.decompress(packed, MAX_TEXT)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise ImportProblem("shared text", f"it cannot be unpacked: {error}") from None
    if unpacker.unconsumed_tail or (not unpacker.eof and len(raw) == MAX_TEXT):
        most = MAX_TEXT // 1_000_000
        raise ImportProblem("shared text", f"unpacked it is longer than {most} MB")
    if not unpacker.eof:
        raise ImportProblem("shared text", "it is cut")
    return raw


def _checksum(payload: str) -> str:
    return hashlib.sha256(payload.encode()).hexdigest()[:_SUM_DIGITS]
