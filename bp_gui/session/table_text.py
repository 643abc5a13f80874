"""Text to a table of cells: CSV, TSV and what a spreadsheet puts on the clipboard.

How the text is to be cut (`Layout`) is guessed by `sniff` and can be chosen otherwise. Every row
remembers the line that it began on, so that an error can say where it stands.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

MAX_BYTES = 5_000_000
MAX_NUMBERS = 1_000_000
_SNIFFED_ROWS = 200
_MAX_QUOTED = 40
_HINT = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


class TableError(ValueError):
    """A table that cannot be read; the message says where it stands and what is accepted."""


class Separator(Enum):
    """What stands between two cells; the value is the character."""

    TAB = "\t"
    SEMICOLON = ";"
    COMMA = ","
    BAR = "|"
    SPACE = " "

    @property
    def label(self) -> str:
        """What a person reads."""
        return {
            Separator.TAB: "Tab",
            Separator.SEMICOLON: "Semicolon ;",
            Separator.COMMA: "Comma ,",
            Separator.BAR: "Bar |",
            Separator.SPACE: "Spaces",
        }[self]


class Decimal(Enum):
    """What stands before the decimals; the value is the character."""

    POINT = "."
    COMMA = ","

    @property
    def label(self) -> str:
        """What a person reads."""
        return "Point 0.5" if self is Decimal.POINT else "Comma 0,5"


NUMBER = {
    mark: re.compile(
        rf"[+\-\u2212]?(?:[0-9]+(?:{re.escape(mark.value)}[0-9]*)?|{re.escape(mark.value)}[0-9]+)"
        r"(?:[eE][+\-\u2212]?[0-9]+)?"
    )
    for mark in Decimal
}


@dataclass(frozen=True)
class Layout:
    """How a text is cut into cells and its numbers are read.

    Attributes
    ----------
    separator, decimal
        What stands between cells, and before decimals.
    has_header
        Whether the first row names the columns.
    """

    separator: Separator = Separator.COMMA
    decimal: Decimal = Decimal.POINT
    has_header: bool = False


@dataclass(frozen=True)
class Table:
    """Cells as text, every row as long as the first.

    Attributes
    ----------
    names
        A name for every column, each another one.
    rows
        The cells, without white space around them.
    lines
        For every row the line that it begins on, counted from 1.
    notes
        What was left out or changed, a sentence each.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    notes: tuple[str, ...] = ()

    def column(self, position: int) -> list[str]:
        """Return the cells of a column, by its 0-based position."""
        return [row[position] for row in self.rows]

    def place(self, row: int, column: int) -> str:
        """Return what a person calls a cell: its line and its column, counted from 1."""
        return f"line {self.lines[row]}, column {column + 1} ({quoted(self.names[column])})"


def quoted(text: str) -> str:
    """Return a text in quotation marks, on one line and not too long for a status bar."""
    line = "".join(c if c.isprintable() else " " for c in text)
    return f"“{line[:_MAX_QUOTED]}…”" if len(line) > _MAX_QUOTED else f"“{line}”"


def decoded(content: bytes) -> tuple[str, str]:
    """Return a file's text and the name of its encoding.

    A byte order mark decides; without one it is UTF-8 if it can be, else Latin-1, which any bytes
    can be.

    Raises
    ------
    TableError
        If there are too many bytes, or they are no text.
    """
    if len(content) > MAX_BYTES:
        most = MAX_BYTES // 1_000_000
        raise TableError(f"{len(content) / 1e6:.1f} MB are too much: at most {most} MB are read")
    if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise TableError("this is a spreadsheet file: save it as CSV there, or copy the cells")
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)), None)
    encoding = marked or "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if marked is not None:
            raise TableError(f"byte {error.start + 1} is not {encoding.upper()}") from None
        encoding = "latin-1"
        text = content.decode(encoding)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise TableError(f"line {line} holds a zero byte: this is not a text file")
    return text, {"utf-8-sig": "UTF-8", "latin-1": "Latin-1"}.get(encoding, encoding.upper())


def sniff(text: str) -> Layout:
    """Return the layout that fits the first rows of a text best.

    A separator fits when most rows are cut into the same number of cells, more than one, and most
    of those are numbers. A first row is a header when a cell of it is no number but most of those
    below are.
    """
    hint = _HINT.match(text)
    named = [each for each in Separator if hint is not None and each.value == hint[1]]
    best = max(named or Separator, key=lambda separator: _fitness(text, separator))
    rows = _head(text, best)
    decimal = _decimal(rows)
    return Layout(best, decimal, _has_header(rows, decimal))


def read_table(text: str, layout: Layout) -> Table:
    """Return the cells of a text.

    Empty lines are skipped, and so are columns without any content. A column without a name gets
    one, and so does a column whose name was there before.

    Raises
    ------
    TableError
        If a row is longer or shorter than the first, a quotation mark is not closed, there is
        no row, or there are more than `MAX_NUMBERS` cells.
    """
    found = list(_records(text, layout.separator))
    filled = [(line, cells) for line, cells in found if any(cells)]
    notes = []
    if len(filled) < len(found):
        notes.append(counted(len(found) - len(filled), "empty line", "skipped"))
    if not filled:
        raise TableError("there is nothing to read: no line has any content")
    header = filled.pop(0)[1] if layout.has_header else None
    if not filled:
        raise TableError("there is a header but no row below it")
    kept = _columns_with_content(header, filled)
    given = [header[column] if header else "" for column in kept]
    names = _distinct_names(given)
    if header is not None and names != given:
        notes.append("columns without a name of their own were numbered")
    if len(names) < len(filled[0][1]):
        notes.append(counted(len(filled[0][1]) - len(names), "empty column", "skipped"))
    return Table(
        tuple(names),
        tuple(tuple(cells[column] for column in kept) for _, cells in filled),
        tuple(line for line, _ in filled),
        tuple(notes),
    )


def counted(count: int, noun: str, done: str) -> str:
    """Return a sentence such as ``2 empty lines were skipped``."""
    return f"{count:,} {noun} was {done}" if count == 1 else f"{count:,} {noun}s were {done}"


def _records(text: str, separator: Separator) -> Iterator[tuple[int, list[str]]]:
    """Yield the line and the cells of every row, all of one length."""
    expected, total = None, 0
    for line, cells in _cut(text, separator):
        total += len(cells)
        if total > MAX_NUMBERS:
            raise TableError(f"line {line}: more than {MAX_NUMBERS:,} cells are not read")
        if any(cells):
            expected = len(cells) if expected is None else expected
            if len(cells) != expected:
                count = f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"
                raise TableError(f"line {line} has {count}, but the first row has {expected}")
        yield line, cells


def _cut(text: str, separator: Separator) -> Iterator[tuple[int, list[str]]]:
    """Yield the line and the cells of every row, whatever its length."""
    hint = _HINT.match(text)
    lines = io.StringIO(text[hint.end() :] if hint else text, newline="")
    first = 2 if hint else 1
    if separator is Separator.SPACE:
        yield from ((number, line.split()) for number, line in enumerate(lines, first))
        return
    reader = csv.reader(lines, delimiter=separator.value, strict=True, skipinitialspace=True)
    line = first
    try:
        for cells in reader:
            yield line, [cell.strip() for cell in cells]
            line = first + reader.line_num
    except csv.Error as error:
        raise TableError(f"line {line}: {_explained(str(error))}") from None


def _explained(problem: str) -> str:
    """Return what the csv module says in words that a person can act on."""
    if "end of data" in problem:
        return "a quotation mark is opened here and not closed"
    if "expected after" in problem:
        return "after a closing quotation mark there must be a separator"
    if "field limit" in problem:
        return "a cell is too long; perhaps a quotation mark is not closed"
    return problem


def _head(text: str, separator: Separator) -> list[list[str]]:
    """Return the first rows with any content, as far as they can be cut."""
    rows: list[list[str]] = []
    try:
        for _, cells in _cut(text, separator):
            if any(cells):
                rows.append(cells)
            if len(rows) == _SNIFFED_ROWS:
                break
    except TableError:
        pass  # what is wrong is said when the table is read
    return rows


def _fitness(text: str, separator: Separator) -> tuple[float, float]:
    """Return how well a separator fits: the share of rows alike, then the share of numbers."""
    rows = _head(text, separator)
    counts = Counter(len(row) for row in rows if len(row) > 1)
    if not counts:
        return 0.0, 0.0
    width, alike = counts.most_common(1)[0]
    cells = [cell for row in rows if len(row) == width for cell in row]
    numbers = sum(any(form.fullmatch(cell) for form in NUMBER.values()) for cell in cells)
    return alike / len(rows), numbers / len(cells)


def _decimal(rows: Sequence[Sequence[str]]) -> Decimal:
    """Return the decimal mark that reads more of the cells as numbers; the point if both do."""
    read = {
        mark: sum(bool(form.fullmatch(cell)) for row in rows for cell in row)
        for mark, form in NUMBER.items()
    }
    return Decimal.COMMA if read[Decimal.COMMA] > read[Decimal.POINT] else Decimal.POINT


def _has_header(rows: Sequence[Sequence[str]], decimal: Decimal) -> bool:
    if len(rows) < 2:
        return False
    is_number = NUMBER[decimal].fullmatch
    for column, name in enumerate(rows[0]):
        below = [row[column] for row in rows[1:] if column < len(row)]
        numbers = sum(bool(is_number(cell)) for cell in below)
        if name and not is_number(name) and 2 * numbers > len(below):
            return True
    return False


def _columns_with_content(
    header: list[str] | None, rows: Sequence[tuple[int, list[str]]]
) -> list[int]:
    """Return the positions of the columns that hold anything, a name or a cell."""
    width = len(rows[0][1])
    return [
        column
        for column in range(width)
        if (header and header[column]) or any(cells[column] for _, cells in rows)
    ]


def _distinct_names(given: Sequence[str]) -> list[str]:
    """Return a name for every column: its own, or one with its number."""
    names: dict[str, None] = {}
    for position, name in enumerate(given, start=1):
        candidate = name or f"column {position}"
        while candidate in names:
            candidate = f"{candidate} ({position})"
        names[candidate] = None
    return list(names)
