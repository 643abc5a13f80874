"""Tables as text between tabs: what is copied to a spreadsheet, and what is pasted from one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bp_gui.explain.numbers import NumberError, parse_number

Cell = str | float | None
_FORMS: Final = "a column of values, or names such as W2[1,2] and their values"


class PasteError(ValueError):
    """A text that holds no values; the message is one sentence that can be shown as it is."""


@dataclass(frozen=True)
class PastedValue:
    """One line of a pasted table.

    Attributes
    ----------
    name
        What the value is for; None where the table has only values.
    value
        A finite number.
    """

    name: str | None
    value: float


def to_tsv(rows: Iterable[Sequence[Cell]]) -> str:
    """Return a table as text, cells between tabs and rows between line ends.

    Numbers are written with all digits that a float64 needs, in ASCII, so that a spreadsheet and
    Python read them; None is an empty cell.
    """
    return "".join("\t".join(map(_cell, row)) + "\n" for row in rows)


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else repr(float(cell))


def read_values(text: str) -> tuple[PastedValue, ...]:
    """Read what was copied from this program, a spreadsheet or a text editor.

    Parameters
    ----------
    text
        Lines with a value, or with a name, a tab, a value, and anything after it. A first line
        without any digit is a heading.

    Raises
    ------
    PasteError
        If a line holds no value, if some lines have names and others not, or if there are none.
    """
    lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if lines and _is_heading(lines[0][1]):
        del lines[0]
    values = tuple(_read_line(number, line) for number, line in lines)
    if not values:
        raise PasteError(f"there are no values to paste; accepted are {_FORMS}")
    if len({value.name is None for value in values}) > 1:
        raise PasteError(f"some of the pasted lines have names and others not; accepted: {_FORMS}")
    return values


def _is_heading(line: str) -> bool:
    return not any(character.isdigit() for character in line)


def _number(cell: str) -> float | None:
    try:
        return parse_number(cell)
    except NumberError:
        return None


def _read_line(number: int, line: str) -> PastedValue:
    name, tab, rest = line.partition("\t")
    if not tab or _number(name) is not None:
        name, rest = "", name
    try:
        value = parse_number(rest.split("\t")[0])
    except NumberError as error:
        raise PasteError(f"line {number} of what was pasted: {error}") from error
    return PastedValue(name.strip() or None, value)
