"""What this program's own files say of a network besides its numbers.

It is only ever a suggestion: a file that says nothing, or says it badly, is read all the same.
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any, Final

import numpy as np
from numpy.lib import format as npy

from bp_gui.engine.activations import ACTIVATIONS

_MOST_BYTES: Final = 10_000
_MEMBER: Final = "metadata.npy"


def activations_of(content: bytes) -> tuple[str, ...] | None:
    """Return the activations that an NPZ or safetensors file of this program names, else None."""
    try:
        said = _npz_metadata(content) if content[:2] == b"PK" else _safetensors_metadata(content)
        names = tuple(said["activations"].split())
    except Exception:  # a damaged suggestion is none, in whatever way it is damaged
        return None
    return names if names and all(name in ACTIVATIONS for name in names) else None


def _safetensors_metadata(content: bytes) -> Any:
    size = int.from_bytes(content[:8], "little")
    return json.loads(content[8 : 8 + size])["__metadata__"] if size <= len(content) else {}


def _npz_metadata(content: bytes) -> Any:
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(_MEMBER) as file:
        if archive.getinfo(_MEMBER).file_size > _MOST_BYTES:
            return {}
        npy.read_magic(file)
        shape, _, dtype = npy.read_array_header_1_0(file, max_header_size=_MOST_BYTES)
        if dtype.kind != "U" or shape != ():
            return {}
        return json.loads(str(np.frombuffer(file.read(_MOST_BYTES), dtype)[0]))
