"""Reads numbers in any form that people have them: text to labelled blocks.

Understood are the repr and the print of NumPy arrays and of tensors, nested lists, JSON, CSV and
TSV, numbers between spaces, and labels before any of them (``W1 = …``, ``dW2: …``, ``w5 0.36``).
What a label means is settled in `bp_gui.diagnose.labels`, which quantity a block without one is in
`bp_gui.diagnose.matching`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bp_gui.diagnose.written import NUMBER, Written, with_zeros_sharpened, written
from bp_gui.explain.numbers import MINUS

MAX_CHARACTERS = 2_000_000
MAX_NUMBERS = 200_000
MAX_DEPTH = 16

Nested = Any  # Written, or a list of Nested


class ReadingError(ValueError):
    """A text in which no numbers can be found; the message says why in one sentence."""


@dataclass(frozen=True)
class Block:
    """Numbers that belong together.

    Attributes
    ----------
    label
        What stood before them; may be empty.
    numbers
        In the order in which they stood.
    shape
        Of the array they make: (), (n,) or (rows, columns).
    is_single
        Whether the text says that they are 32-bit floats.
    """

    label: str
    numbers: tuple[Written, ...]
    shape: tuple[int, ...]
    is_single: bool = False


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
_COMMA_DECIMAL = re.compile(r"(?<![\d.,])([+-]?\d+),(\d{2,}(?:[eE][+-]?\d+)?)(?![\d,])")


def _plain(text: str) -> str:
    """Return the text without what programs print around numbers."""
    plain = text.replace("\ufeff", "").replace(MINUS, "-").replace("\r\n", "\n")
    plain = plain.replace("\r", "\n")
    plain = _PROMPT.sub("", plain)
    plain = re.sub(r"[-=]>", "→", plain)
    plain = _CONTINUED.sub("", plain)
    plain = _ARGUMENTS.sub("", plain)
    if _has_decimal_commas(plain):
        plain = _COMMA_DECIMAL.sub(r"\1.\2", plain)
    return plain


def _has_decimal_commas(text: str) -> bool:
    """Whether the comma is the decimal mark: no point anywhere, and no comma that separates."""
    if "." in text or "[" in text or "{" in text:
        return False
    commas = text.count(",")
    return commas > 0 and len(_COMMA_DECIMAL.findall(text)) == commas


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
            yield from _arrays_of(value, label, single)


def _arrays_of(value: Nested, label: str, single: bool, depth: int = 0) -> Iterator[Block]:
    """Yield a nested list as one block if it is an array of at most two axes, else its parts."""
    if depth > MAX_DEPTH:
        raise ValueError("brackets are nested too deeply")
    if isinstance(value, Written):
        yield Block(label, (value,), (), single)
        return
    if not isinstance(value, list):
        return
    shape = _shape(value)
    if shape is not None and len(shape) <= 2:
        numbers = with_zeros_sharpened(_leaves(value))
        if numbers:
            yield Block(label, tuple(numbers), shape, single)
        return
    if len(value) == 1:
        yield from _arrays_of(value[0], label, single, depth + 1)
        return
    for position, inner in enumerate(value, start=1):
        yield from _arrays_of(inner, f"{label} {position}" if label else "", single, depth + 1)


def _shape(value: Nested) -> tuple[int, ...] | None:
    """Return the shape of a nested list, None if it is ragged."""
    if isinstance(value, Written):
        return ()
    if not isinstance(value, list) or not value:
        return None
    shapes = {_shape(inner) for inner in value}
    if len(shapes) != 1:
        return None
    (inner,) = shapes
    return None if inner is None else (len(value), *inner)


def _leaves(value: Nested) -> Iterator[Written]:
    if isinstance(value, Written):
        yield value
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)


# Any other text

_INDEX = r"(?:\[\s*\d+\s*(?:,\s*\d+\s*)*\](?!\s*[\]\[]))"
_COUNTED = frozenset({"update", "step", "iteration", "epoch", "iter"})
_TOKEN = re.compile(
    rf"""
    (?P<word>(?:[^\W\d]|[∂∇])(?:[\w/∂.'′⁺ᵀ^+*{{}}\\]*[\w'′⁺ᵀ+*}}])?{_INDEX}?)
  | (?P<number>{NUMBER.pattern})(?![A-Za-z_\d])
  | (?P<open>\[)
  | (?P<close>\])
  | (?P<line>\n)
  | (?P<separator>[,;\t|])
  | (?P<mark>[=:→])
  | (?P<space>[ ]+)
  | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE,
)


def _from_text(plain: str, single: bool) -> Iterator[Block]:
    return _Scanner(single).blocks(_WRAPPERS.sub(" ", plain))


class _Scanner:
    """Walks over the tokens of a text and collects labelled blocks."""

    def __init__(self, single: bool) -> None:
        self._single = single
        self._heading = ""
        self._words: list[str] = []  # of the present line, or of the lines just before
        self._fresh = False  # whether the words stand in the present line
        self._header: list[str] = []
        self._rows: list[list[Written]] = [[]]
        self._label = ""
        self._blank = 0

    def blocks(self, text: str) -> Iterator[Block]:
        """Yield the blocks."""
        tokens = [
            (match.lastgroup or "", match.group())
            for match in _TOKEN.finditer(text)
            if match.lastgroup not in ("space", "other")
        ]
        position = 0
        while position < len(tokens):
            kind, token = tokens[position]
            position += 1
            if kind == "open":
                yield from self._finish()
                value, position = _bracketed(tokens, position)
                label = self._take_label()
                yield from _arrays_of(value, label, self._single)
            elif kind == "number" and self._is_in_label(tokens[position : position + 1]):
                self._words.append(token)
            elif kind == "number":
                if not any(self._rows):
                    self._label = self._take_label()
                self._rows[-1].append(written(token))
                self._blank = 0
            elif kind == "word":
                yield from self._finish()
                self._add_word(token)
            elif kind == "line":
                yield from self._end_line()
            elif token == "→":
                self._rows = [[]]  # "0.15 → 0.1498": the new value is meant
            elif kind == "separator" and self._words and self._fresh:
                self._words.append("")  # a border between two labels
        yield from self._finish()

    def _is_in_label(self, following: list[tuple[str, str]]) -> bool:
        """Whether a number belongs to the words before it: "cost after 1 update = 0.29"."""
        if not (self._fresh and self._words and self._words[-1] and following):
            return False
        kind, token = following[0]
        return (kind == "mark" and token != "→") or (
            kind == "word" and token.lower().removesuffix("s") in _COUNTED
        )

    def _add_word(self, word: str) -> None:
        if not self._fresh:
            if any(self._words):
                self._heading = " ".join(w for w in self._words if w)
            self._words = []
        self._fresh = True
        self._words.append(word)

    def _take_label(self) -> str:
        """Return the label of the block that begins, and forget its words."""
        own = list(self._words)
        self._words, self._header = [], []
        if not self._fresh and "" in own:
            self._header = " ".join(w or "\n" for w in own).split("\n")
            return ""
        self._fresh = False
        # After a border only the last words belong to the number.
        while own and not own[-1]:
            own.pop()
        while "" in own:
            own = own[own.index("") + 1 :]
        return " ".join([self._heading, *own]).strip()

    def _end_line(self) -> Iterator[Block]:
        self._fresh = False
        self._blank += 1
        if any(self._rows):
            if self._blank > 1:
                yield from self._finish()
            elif self._rows[-1]:
                self._rows.append([])
        if self._blank > 1 and not self._words:
            self._heading = ""
        self._blank = max(self._blank, 1)

    def _finish(self) -> Iterator[Block]:
        """Yield what has been collected without brackets."""
        rows = [row for row in self._rows if row]
        self._rows = [[]]
        self._blank = 0
        if not rows:
            return
        rows = _without_counts(rows)
        columns = len(rows[0])
        header = [h.strip() for h in self._header if h.strip()]
        self._header = []
        if len(header) == columns and all(len(row) == columns for row in rows):
            for name, column in zip(header, zip(*rows, strict=True), strict=True):
                shape = () if len(column) == 1 else (len(column),)
                numbers = tuple(with_zeros_sharpened(column))
                yield Block(f"{self._heading} {name}".strip(), numbers, shape, self._single)
            return
        value: Nested = rows[0] if len(rows) == 1 else rows
        if len(rows) == 1 and columns == 1:
            value = rows[0][0]
        elif len({len(row) for row in rows}) != 1:
            value = [number for row in rows for number in row]
        yield from _arrays_of(value, self._label, self._single)


def _without_counts(rows: list[list[Written]]) -> list[list[Written]]:
    """Return a table without the row and the column that pandas counts 0, 1, 2, … in."""

    def counts(numbers: list[Written]) -> bool:
        return [n.text for n in numbers] == [str(n) for n in range(len(numbers))]

    head, *body = rows
    fits = all(len(row) == len(head) + 1 for row in body)
    if body and fits and counts(head) and counts([row[0] for row in body]):
        return [row[1:] for row in body]
    return rows


def _bracketed(tokens: list[tuple[str, str]], position: int) -> tuple[list[Nested], int]:
    """Return the list that was opened before ``position``, and where it ends."""
    top: list[Nested] = []
    stack = [top]
    while position < len(tokens) and stack:
        kind, token = tokens[position]
        position += 1
        if kind == "open":
            inner: list[Nested] = []
            stack[-1].append(inner)
            stack.append(inner)
        elif kind == "close":
            stack.pop()
        elif kind == "number":
            stack[-1].append(written(token))
    if stack:
        raise ValueError("a bracket is opened and not closed")
    return top, position
