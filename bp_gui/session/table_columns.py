"""What the columns of a table may become, and a choice to begin with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from bp_gui.engine.arrays import Array
from bp_gui.engine.coding import Coding
from bp_gui.session.table_text import NUMBER, Decimal, Table

_MOST_CLASSES_OF_NUMBERS = 10
_FEWEST_ROWS_A_CLASS = 3
_SUGGESTED_CODING = {0: Coding.NUMBERS, 2: Coding.ZERO_ONE}
_NUMBER_CHARACTERS = frozenset("0123456789+-.eE")
_TARGET_NAME = re.compile(r"[ty]\d*|targets?\b.*|outputs?\b.*|class|label|species", re.IGNORECASE)
_NUMBERING_NAME = re.compile(r"#|id|no\.?|nr\.?|row|index|number|unnamed.*|column 1", re.IGNORECASE)


class Role(Enum):
    """What becomes of a column."""

    INPUT = "input"
    TARGET = "target"
    CLASS = "class"
    IGNORED = "ignored"


class BadRows(Enum):
    """What becomes of rows in which a number or a class is missing, unreadable or not finite."""

    REFUSE = "refuse"
    SKIP = "skip"


class Repeats(Enum):
    """What becomes of rows that were there before."""

    KEEP = "keep"
    SKIP = "skip"


@dataclass(frozen=True)
class Choice:
    """What is made of a table.

    Attributes
    ----------
    roles
        One for every column. Targets are numbers, or there is one column of classes.
    coding
        How classes are coded; with targets that are numbers it counts as ``NUMBERS``.
    bad_rows, repeats
        What becomes of rows that cannot be read, and of repeated ones.
    """

    roles: tuple[Role, ...]
    coding: Coding = Coding.ONE_HOT
    bad_rows: BadRows = BadRows.REFUSE
    repeats: Repeats = Repeats.KEEP

    def positions(self, role: Role) -> list[int]:
        """Return the 0-based columns with a role."""
        return [column for column, each in enumerate(self.roles) if each is role]


def suggest(table: Table, decimal: Decimal) -> Choice:
    """Return a choice to begin with.

    The targets are the columns that are called so, else the last column of words, else the last
    column. Other words, and a first column that only counts the rows, are ignored.
    """
    words = [_holds_words(table, column, decimal) for column in range(len(table.names))]
    targets = _target_columns(table, words)
    roles = [Role.IGNORED if is_word else Role.INPUT for is_word in words]
    if _counts_rows(table, decimal) and len(roles) > len(targets) + 1:
        roles[0] = Role.IGNORED
    classes = 0
    if len(targets) == 1:
        classes = _classes(table, targets[0], decimal, is_word=words[targets[0]])
    for column in targets:
        roles[column] = Role.CLASS if classes else Role.TARGET
    return Choice(tuple(roles), _SUGGESTED_CODING.get(classes, Coding.ONE_HOT))


def column_numbers(table: Table, column: int, decimal: Decimal) -> Array:
    """Return a column's numbers; NaN where a cell is no number, infinite where it is too large."""
    cells = table.column(column)
    plain = [plain_number(cell, decimal) for cell in cells] if decimal is Decimal.COMMA else cells
    if _NUMBER_CHARACTERS.issuperset("".join(plain)):
        try:
            return np.array([float(cell) for cell in plain])
        except ValueError:
            pass  # a cell is empty or malformed: find out which
    is_number = NUMBER[decimal].fullmatch
    return np.array(
        [float(plain_number(cell, decimal)) if is_number(cell) else np.nan for cell in cells]
    )


def plain_number(cell: str, decimal: Decimal) -> str:
    """Return a cell as `float` reads it; a point that is no decimal mark becomes unreadable."""
    if decimal is Decimal.COMMA:
        cell = cell.replace(".", "?").replace(",", ".")
    return cell.replace("\N{MINUS SIGN}", "-")


def _target_columns(table: Table, words: Sequence[bool]) -> list[int]:
    """Return the columns that look like targets: never all of them, unless there is but one."""
    named = [c for c, name in enumerate(table.names) if _TARGET_NAME.fullmatch(name)]
    others = [c for c in named if not _is_coordinate(table.names, c)]
    named = others or named
    if named and len(named) < len(table.names):
        word = [column for column in named if words[column]]
        return word[-1:] or named
    return [column for column, is_word in enumerate(words) if is_word][-1:] or [len(words) - 1]


def _is_coordinate(names: Sequence[str], column: int) -> bool:
    """Whether a column called y stands behind one called x, as the coordinates of points do."""
    before = names[column - 1].lower() if column else ""
    name = names[column].lower()
    return name[0] == "y" and before == "x" + name[1:]


def _classes(table: Table, column: int, decimal: Decimal, *, is_word: bool) -> int:
    """Return how many classes a target column holds; 0 if it holds numbers to learn."""
    distinct = len({cell for cell in table.column(column) if cell})
    if is_word:
        return distinct
    numbers = column_numbers(table, column, decimal)
    numbers = numbers[np.isfinite(numbers)]
    are_few = 2 <= distinct <= min(_MOST_CLASSES_OF_NUMBERS, len(numbers) // _FEWEST_ROWS_A_CLASS)
    return distinct if are_few and bool(np.all(numbers == np.round(numbers))) else 0


def _counts_rows(table: Table, decimal: Decimal) -> bool:
    """Whether the first column only numbers the rows."""
    if not _NUMBERING_NAME.fullmatch(table.names[0]) or len(table.rows) < 3:
        return False
    return bool(np.all(np.diff(column_numbers(table, 0, decimal)) == 1.0))


def _holds_words(table: Table, column: int, decimal: Decimal) -> bool:
    """Whether most of a column's cells are no numbers."""
    filled = sum(map(bool, table.column(column)))
    return 2 * int(np.sum(~np.isnan(column_numbers(table, column, decimal)))) < filled
