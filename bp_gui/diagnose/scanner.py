"""Walks over text that is no JSON and collects labelled blocks of numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bp_gui.diagnose.blocks import Block, Nested, arrays_of
from bp_gui.diagnose.written import NUMBER, Written, with_zeros_sharpened, written

_INDEX = r"(?:\[\s*\d+\s*(?:,\s*\d+\s*)*\](?!\s*[\]\[]))"
_COUNTED = frozenset({"update", "step", "iteration", "epoch", "iter"})
_TOKEN = re.compile(
    rf"""
    (?P<word>(?!(?:nan|inf(?:inity)?)\b)(?:[^\W\d]|[∂∇])(?:[\w/∂.'′⁺ᵀ^+*{{}}\\]*[\w'′⁺ᵀ+*}}])?{_INDEX}?)
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


class Scanner:
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
                yield from arrays_of(value, label, self._single)
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
            elif token == "→" and self._rows[-1] and _is_number(tokens[position : position + 1]):
                self._rows[-1][-1] = written(tokens[position][1])  # of "0.15 → 0.1498", the new one
                position += 1
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
        elif columns == 1 or len({len(row) for row in rows}) != 1:
            # One number a line is a list, not a matrix of one column.
            value = [number for row in rows for number in row]
        yield from arrays_of(value, self._label, self._single)


def _is_number(following: list[tuple[str, str]]) -> bool:
    return bool(following) and following[0][0] == "number"


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
