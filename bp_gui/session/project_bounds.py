"""How much a project file may hold, asked before it takes time and memory.

A file is bounded by what it declares: no list may be longer than the network, the limits of data
and the limit of the history allow. The texts of all lists are found by one fast pass that reads
none of them, and their commas and brackets counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import msgspec

from bp_gui.session.project_error import ProjectFileError
from bp_gui.session.project_schema import (
    MAX_BYTES,
    MAX_BYTES_OF_LISTS,
    MAX_HISTORY,
    MAX_NUMBERS,
    MAX_TEXT,
    MAX_TIMELINE_BYTES,
    Outline,
    OutlineData,
    OutlineNetwork,
    OutlineProgress,
)

_WORD: Final = b'"float64"'
# What keys stand in, and texts: one before a colon is a key. Numbers are passed over. The second
# pattern is five times as fast on long words, and right where no backslash is escaped.
_KEYS: Final = re.compile(rb'[{}]|("(?:[^"\\]++|\\.)*+")(\s*:)?')
_SIMPLE_KEYS: Final = re.compile(rb'[{}]|("[^"]*+(?:(?<=\\)"[^"]*+)*+")(\s*:)?')
_MOST_KEYS: Final = 100  # of an object
_PIECE: Final = 1_000_000  # bytes
_SOME: Final = 10_000  # values where a file has few


def check_size(raw: bytes) -> None:
    """Refuse a file that is larger than any project; lists take more room than words.

    Raises
    ------
    ProjectFileError
        If it is.
    """
    most = MAX_BYTES if _WORD in raw else MAX_BYTES_OF_LISTS
    if len(raw) > most:
        raise ProjectFileError("", f"{len(raw):,} bytes is over the limit of {most:,}")


def check_amount(raw: bytes) -> None:
    """Refuse a file that lists more than its network can use; it is known to be valid JSON.

    Raises
    ------
    ProjectFileError
        If it does; the message names the list.
    msgspec.ValidationError
        If it has no sizes, or a section is no object.
    """
    outline = msgspec.json.decode(raw, type=Outline)
    texts = (*_of_network(outline.network), *_of_data(outline), *_of_progress(outline))
    for place, text, commas, brackets in texts:
        if _count(text, b",") > commas:
            raise ProjectFileError(place, f"lists more than the {commas:,} values it may have")
        if _count(text, b"[") > brackets:
            raise ProjectFileError(place, f"has more than the {brackets:,} rows it may have")
    size = memoryview(outline.timeline).nbytes
    if size > MAX_TIMELINE_BYTES:
        raise ProjectFileError("timeline", f"{size:,} bytes is over {MAX_TIMELINE_BYTES:,}")


def _count(text: msgspec.Raw, mark: bytes) -> int:
    """Return how often a character stands in a text, without a copy of all of it."""
    view = memoryview(text)
    pieces = (bytes(view[at : at + _PIECE]) for at in range(0, view.nbytes, _PIECE))
    return sum(piece.count(mark) for piece in pieces)


def check_texts(raw: bytes) -> None:
    """Refuse a key that stands twice in an object, and a text longer than any word.

    Raises
    ------
    ProjectFileError
        If there is one; the text is known to be valid JSON.
    """
    objects: list[set[str]] = []
    pattern = _KEYS if b"\\\\" in raw else _SIMPLE_KEYS
    for found in pattern.finditer(raw):
        if found[0] == b"{":
            objects.append(set())
        elif found[0] == b"}":
            objects.pop()
        elif found.end() - found.start() > MAX_TEXT:
            raise ProjectFileError("", f"a text of more than {MAX_TEXT:,} characters")
        elif found[2]:
            key = msgspec.json.decode(found[1], type=str)
            if key in objects[-1]:
                raise ProjectFileError(key, "this key stands twice in the same object")
            objects[-1].add(key)
            if len(objects[-1]) > _MOST_KEYS:
                raise ProjectFileError(key, f"no object has more than {_MOST_KEYS} keys")


_Text = tuple[str, msgspec.Raw, int, int]  # place, text, and how many commas and brackets at most


def _of_network(network: OutlineNetwork) -> Iterator[_Text]:
    sizes = network.sizes
    n_parameters, n_rows = _parameters(sizes), sum(sizes) + len(sizes)
    yield "network.W", network.W, n_parameters + n_rows, n_rows
    yield "network.b", network.b, n_rows, n_rows
    yield "network.activations", network.activations, _SOME, _SOME
    yield "network.locked", network.locked, 2 * n_parameters, n_parameters + 1


def _of_data(outline: Outline) -> Iterator[_Text]:
    data: OutlineData = outline.data
    sizes = outline.network.sizes
    n_rows = MAX_NUMBERS // (sizes[0] + sizes[-1]) + 2
    for key in ("x", "t", "x_test", "t_test"):
        yield f"data.{key}", getattr(data, key), MAX_NUMBERS, n_rows
    for key in ("input_names", "target_names", "scaling"):
        yield f"data.{key}", getattr(data, key), _SOME, _SOME


def _of_progress(outline: Outline) -> Iterator[_Text]:
    if outline.progress is None:
        return
    progress: OutlineProgress = outline.progress
    n = _parameters(outline.network.sizes)
    yield "progress.start", progress.start, n, 1
    yield "progress.optimizer_state", progress.optimizer_state, 8 * n, 10
    yield "progress.last_update", progress.last_update, 3 * n + 10, 3
    yield "progress.history", progress.history, 3 * MAX_HISTORY + 10, 3


def _parameters(sizes: list[int]) -> int:
    return sum((before + 1) * after for before, after in pairwise(sizes))
