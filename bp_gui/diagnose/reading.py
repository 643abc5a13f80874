"""Reads numbers in any form that people have them: text to labelled blocks.

Understood are the repr and the print of NumPy arrays and of tensors, nested lists, JSON, CSV and
TSV, tables with headings, numbers between spaces, and labels before any of them (``W1 = …``,
``dW2: …``, ``w5 0.36``). What a label means is settled in `bp_gui.diagnose.labels`, which quantity
a block without one is in `bp_gui.diagnose.matching`.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from bp_gui.diagnose.blocks import Block, arrays_of
from bp_gui.diagnose.commas import with_points
from bp_gui.diagnose.notation import plain_names
from bp_gui.diagnose.r_source import without_r
from bp_gui.diagnose.scanner import Scanner
from bp_gui.diagnose.tables import without_tables
from bp_gui.diagnose.written import NUMBER, Written, written
from bp_gui.explain.numbers import MINUS

MAX_CHARACTERS = 2_000_000
MAX_NUMBERS = 200_000


class ReadingError(ValueError):
    """A text in which no numbers can be found; the message says why in one sentence."""


def read_numbers(text: str) -> tuple[Block, ...]:
    """Return the blocks of numbers in a text, in its order.

    Raises
    ------
    ReadingError
        If there are none, or far too many.
    """
    if len(text) > MAX_CHARACTERS:
        raise ReadingError(f"{len(text):,} characters are over the limit of {MAX_CHARACTERS:,}")
    plain = _plain(text)
    single = _SINGLE.search(text) is not None
    try:
        found = _from_json(plain, single)
        blocks = tuple(_from_text(plain, single) if found is None else found)
    except ValueError as error:
        raise ReadingError(str(error)) from None
    except RecursionError:
        raise ReadingError("brackets are nested too deeply") from None
    count = sum(len(block.numbers) for block in blocks)
    if count == 0:
        raise ReadingError("there are no numbers in it")
    if count > MAX_NUMBERS:
        raise ReadingError(f"{count:,} numbers are over the limit of {MAX_NUMBERS:,}")
    return blocks


def decoded(data: bytes) -> str:
    """Return a file's text: UTF-8, or UTF-16 with a mark, as spreadsheets save "Unicode text".

    Raises
    ------
    ReadingError
        If it is no text.
    """
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError:
        raise ReadingError("is not text") from None


_WRAPPERS = re.compile(
    r"(?:\b(?:np|numpy|torch|jnp|jax|tf)\s*\.\s*)?"
    r"\b(?:array|asarray|matrix|tensor|Tensor|Parameter|DeviceArray|Array|float64|float32)\s*\("
)
_ARGUMENTS = re.compile(
    r",?\s*\b(dtype|device|grad_fn|requires_grad|shape|numpy)\s*=\s*"
    r"(?:<[^>\n]*>|'[^'\n]*'|\([^)\n]*\)|[\w.:]+)"
)
_SINGLE = re.compile(r"float32")
_CONTINUED = re.compile(r"Parameter containing:\s*")
_PROMPT = re.compile(r"^\s*(?:>>>|\.\.\.|(?:In|Out)\s*\[\d*\]:)", re.MULTILINE)
_DASH = re.compile(r"(?<![\w.)\]])[\N{EN DASH}\N{EM DASH}\N{NON-BREAKING HYPHEN}](?=[.\d])")
_GROUPED = re.compile("(?<=\\d)(?:\\\\,|[\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}])(?=\\d)")
_NAMED = re.compile(r"'([A-Za-z_][\w/]*):\d+'")  # TensorFlow's 'W1:0'
_COUNTING = re.compile(  # R's [1,] and [,1] and [1], Julia's 2×2 Matrix{Float64}:
    r"\[,\s*\d+\]|\[\d+,\s*\]|^\s*\[\d+\](?=\s+[-+.\d])"
    r"|^\s*\d+(?:\s*[×x]\s*\d+|-element)\s+[A-Z]\w*\{.*:[ \t]*$",
    re.MULTILINE,
)
_DECLARED = re.compile(r"\b(?:double|float)\s+(\w+)\s*(?:\[\s*\d*\s*\]\s*)+=")  # in C
_BRACED = re.compile(r"\{\s*\{|=\s*\{\s*[-+.\d]")  # {{0.1, 0.2}, …} of Mathematica and C


def _plain(text: str) -> str:
    """Return the text without what programs print around numbers."""
    plain = text.replace("\ufeff", "").replace(MINUS, "-").replace("\r\n", "\n")
    plain = plain.replace("\r", "\n")
    plain = _DASH.sub("-", _GROUPED.sub("", plain))
    plain = _PROMPT.sub("", plain)
    plain = plain_names(_DECLARED.sub(r"\1 =", plain))
    plain = _COUNTING.sub(" ", _NAMED.sub(r"\1", plain))
    plain = re.sub(r"[-=]>", "→", plain)
    plain = _CONTINUED.sub("", plain)
    return with_points(_ARGUMENTS.sub("", plain))


# JSON


def _from_json(plain: str, single: bool) -> list[Block] | None:
    """Return the blocks of a JSON document; None if it is none."""
    stripped = plain.strip()
    if not stripped.startswith(("{", "[")):
        return None
    try:
        document = json.loads(
            stripped, parse_float=written, parse_int=written, parse_constant=written
        )
    except json.JSONDecodeError:
        return None
    return list(_blocks_of(document, "", single))


def _blocks_of(value: Any, label: str, single: bool) -> Iterator[Block]:
    """Yield the blocks in a JSON value; keys on the way are the label."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _blocks_of(inner, f"{label} {key}".strip(), single)
    elif isinstance(value, Written):
        yield Block(label, (value,), (), single)
    elif isinstance(value, str):
        if NUMBER.fullmatch(value.strip()):
            yield Block(label, (written(value.strip()),), (), single)
    elif isinstance(value, list):
        if any(isinstance(inner, dict) for inner in value):
            for position, inner in enumerate(value, start=1):
                yield from _blocks_of(inner, f"{label} {position}".strip(), single)
        else:
            yield from arrays_of(value, label, single)


def _from_text(plain: str, single: bool) -> Iterator[Block]:
    if _BRACED.search(plain):
        plain = plain.replace("{", "[").replace("}", "]")
    for part in without_tables(without_r(plain), single):
        if isinstance(part, str):
            yield from Scanner(single).blocks(_WRAPPERS.sub(" ", part))
        else:
            yield from part.blocks
