"""Tables with a heading over every column and a name before every row, as this project writes them.

A cell becomes a block of its own, labelled by its heading and its row: ``gradient W1[1,1]``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bp_gui.diagnose.blocks import Block
from bp_gui.diagnose.written import NUMBER, written

_SIDES = {
    "old": ("now", "before", "old", "old value", "current", "initial"),
    "new": ("next", "after", "new", "new value", "next value", "updated"),
    "gradient": ("gradient", "gradient g", "grad", "g", "derivative"),
}
_SIDE_OF = {heading: side for side, headings in _SIDES.items() for heading in headings}
_VALUE = ("value", "values", "parameter value")  # the old one beside what an update makes of it
_LEFT_OUT = ("locked", "last", "δ", "change", "mistaken")  # Δ is δ in lower case
_DELIMITERS = ("\t", ";", "|", ",", "")
_RULE = re.compile(r"[\s|:+-]*-[\s|:+-]*")  # below the headings of a table in Markdown


@dataclass(frozen=True)
class Table:
    """A table that was found in lines of text.

    Attributes
    ----------
    blocks
        One for each number in a column whose heading is known, row by row.
    lines
        How many lines it takes.
    """

    blocks: tuple[Block, ...]
    lines: int


def without_tables(text: str, single: bool) -> Iterator[Table | str]:
    """Yield the tables in a text, and the text before, between and behind them, in its order."""
    lines = text.split("\n")
    start = position = 0
    while position < len(lines):
        table = _table_at(lines, position, single)
        if table is None:
            position += 1
            continue
        if start < position:
            yield "\n".join(lines[start:position])
        yield table
        start = position = position + table.lines
    if start < len(lines):
        yield "\n".join(lines[start:])


def _table_at(lines: list[str], position: int, single: bool) -> Table | None:
    """Return the table whose headings stand in a line; None if there are none."""
    for delimiter in _DELIMITERS:
        headings = [cell.lower() for cell in _cells(lines[position], delimiter)]
        if not any(heading in _SIDE_OF for heading in headings):
            continue
        rows, end = [], position + 1
        while end < len(lines):
            cells = _cells(lines[end], delimiter)
            if _is_row(cells):
                rows.append(cells)
            elif not (end == position + 1 and _RULE.fullmatch(lines[end])):
                break
            end += 1
        if rows and not delimiter and len(rows[0]) == len(headings) + 1 > 2:
            headings.insert(0, "")  # pandas has none over the names
        sides = _sides(headings)
        if sides is not None and rows and all(len(row) == len(headings) for row in rows):
            blocks = tuple(_blocks(rows, sides, single))
            return Table(blocks, end - position) if blocks else None
    return None


def _cells(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line; without a delimiter they stand between spaces."""
    if not delimiter:
        return line.split()
    if delimiter == "|":
        line = line.strip().strip("|")
    if delimiter not in line:
        return []
    try:
        (cells,) = csv.reader([line], delimiter=delimiter)
    except (csv.Error, ValueError):
        return []
    return [cell.strip() for cell in cells]


def _is_row(cells: list[str]) -> bool:
    return (
        len(cells) > 1
        and re.match(r"[^\W\d]|∂", cells[0]) is not None
        and NUMBER.fullmatch(cells[0]) is None
        and any(NUMBER.fullmatch(cell) for cell in cells[1:])
    )


def _sides(headings: list[str]) -> list[str] | None:
    """Return what each heading says of its column, "" to leave it out; None if one is unknown."""
    sides = [""]
    for heading in headings[1:]:
        if heading in _VALUE:
            sides.append("old")
        elif heading == "now" and "after" in headings:
            sides.append("")  # where the last update is shown, it is neither side of it
        elif heading in _SIDE_OF:
            sides.append(_SIDE_OF[heading])
        elif heading in _LEFT_OUT:
            sides.append("")
        else:
            return None
    return sides if any(sides) else None


def _blocks(rows: list[list[str]], sides: list[str], single: bool) -> Iterator[Block]:
    for name, *cells in rows:
        for side, cell in zip(sides[1:], cells, strict=True):
            if side and NUMBER.fullmatch(cell):
                yield Block(f"{side} {name.replace(':', ' ')}", (written(cell),), (), single)
