"""Results as CSV: written row by row as they come, and taken up again after a break."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from bp_gui.session.sweep.run import Result
from bp_gui.session.sweep.spec import Sweep, SweepError

_RESULT_COLUMNS = (
    "updates",
    "cost",
    "test_cost",
    "accuracy",
    "test_accuracy",
    "lowest_cost",
    "lowest_at",
    "error",
    "base",
)
_ERROR = -2  # where the error stands in a row
_DIGITS = 12


def columns(sweep: Sweep) -> list[str]:
    """Return the heads of the columns."""
    return ["run", *sweep.factors, *_RESULT_COLUMNS]


def row(sweep: Sweep, result: Result) -> list[str]:
    """Return a result as the cells of its row; runs count from 1."""
    settings = [_cell(value) for _, value in sweep.runs[result.run]]
    numbers = (
        result.updates,
        result.cost,
        result.test_cost,
        result.accuracy,
        result.test_accuracy,
        result.lowest_cost,
        result.lowest_at,
    )
    cells = [_cell(number) for number in numbers]
    return [str(result.run + 1), *settings, *cells, result.error, base_mark(sweep)]


def base_mark(sweep: Sweep) -> str:
    """Return what tells the base and the length of a sweep from others, in twelve letters.

    It stands in every row: what else a run depends on are its settings, which are there in words.
    """
    return _mark(sweep.updates, sweep.base)


@lru_cache(maxsize=4)
def _mark(updates: int, base: str) -> str:
    return hashlib.sha256(f"{updates} {base}".encode()).hexdigest()[:_DIGITS]


def table(sweep: Sweep, results: Iterable[Result]) -> str:
    """Return the whole table of some results as text, as `ResultFile` writes it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns(sweep))
    writer.writerows(row(sweep, result) for result in results)
    return text.getvalue()


class ResultFile:
    """A CSV file that results are added to, each flushed at once.

    Parameters
    ----------
    path
        Where; a file that is there is continued, and a row broken off in it is dropped.
    sweep
        Whose results.

    Raises
    ------
    SweepError
        If the file that is there belongs to another sweep.
    OSError
        If it cannot be read or written.
    """

    def __init__(self, path: Path, sweep: Sweep) -> None:
        self._sweep = sweep
        self._done: set[int] = set()
        whole = self._take_up(path)
        self._file: TextIO = path.open("a" if whole else "w", newline="", encoding="utf-8")
        self._writer = csv.writer(self._file)
        if not whole:
            self._write(columns(sweep))

    @property
    def missing(self) -> list[int]:
        """The runs without a row, from 0."""
        return [run for run in range(len(self._sweep.runs)) if run not in self._done]

    def add(self, result: Result) -> None:
        """Write the row of a result."""
        self._write(row(self._sweep, result))
        self._done.add(result.run)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, cells: list[str]) -> None:
        self._writer.writerow(cells)
        self._file.flush()

    def _take_up(self, path: Path) -> bool:
        """Note which rows are there, and return whether there is anything to continue."""
        if not path.exists() or path.stat().st_size == 0:
            return False
        text = path.read_bytes()
        whole = text[: text.rfind(b"\n") + 1]
        if not whole and _head(self._sweep).startswith(text):
            return False  # broken off within its first line
        rows = list(csv.reader(io.StringIO(whole.decode("utf-8", "replace"), newline="")))
        if not rows or rows[0] != columns(self._sweep):
            raise SweepError(f"{path} holds other columns: it is not a table of this sweep")
        for position, cells in enumerate(rows[1:], start=2):
            self._note(path, position, cells)
        if len(whole) < len(text):
            with path.open("r+b") as file:
                file.truncate(len(whole))
        return True

    def _note(self, path: Path, line: int, cells: list[str]) -> None:
        run = int(cells[0]) - 1 if cells and cells[0].isdigit() else -1
        if not 0 <= run < len(self._sweep.runs):
            raise SweepError(f"{path}, line {line}: {cells[:1]} is not a run of this sweep")
        settings = [_cell(value) for _, value in self._sweep.runs[run]]
        if len(cells) != len(columns(self._sweep)) or cells[1 : 1 + len(settings)] != settings:
            raise SweepError(f"{path}, line {line}: run {run + 1} has other settings")
        if cells[_ERROR] == "" and cells[1 + len(settings)] != str(self._sweep.updates):
            raise SweepError(f"{path}, line {line}: run {run + 1} has another number of updates")
        if cells[-1] != base_mark(self._sweep):
            raise SweepError(
                f"{path}, line {line}: run {run + 1} started from another base, or from one that "
                "has been changed since; write into another file"
            )
        self._done.add(run)


def _head(sweep: Sweep) -> bytes:
    """Return the first line of a table."""
    return table(sweep, ()).encode("utf-8")


def _cell(value: object) -> str:
    """Return a value so that it reads back exactly; nothing for NaN and for no limit."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, tuple):
        return json.dumps(list(value))
    return repr(value) if isinstance(value, float) else str(value)
