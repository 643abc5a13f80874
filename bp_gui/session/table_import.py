"""A table of cells to samples: numbers read, classes coded, bad and repeated rows dealt with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.coding import Coding, target_names
from bp_gui.session.table_columns import (
    BadRows,
    Choice,
    Repeats,
    Role,
    column_numbers,
    plain_number,
)
from bp_gui.session.table_text import (
    MAX_NUMBERS,
    NUMBER,
    Decimal,
    Layout,
    Separator,
    Table,
    TableError,
    counted,
    quoted,
    read_table,
    sniff,
)

MAX_COLUMNS = 256
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class TableSamples:
    """Samples made of a table.

    Attributes
    ----------
    x, t
        Inputs (m, n_0) and targets (m, n_L).
    x_names, t_names
        What the columns are called.
    coding
        What the targets mean.
    notes
        What was skipped or is worth knowing, a sentence each.
    """

    x: Array
    t: Array
    x_names: tuple[str, ...]
    t_names: tuple[str, ...]
    coding: Coding
    notes: tuple[str, ...]


def to_samples(table: Table, choice: Choice, decimal: Decimal) -> TableSamples:
    """Return the samples of a table.

    Raises
    ------
    TableError
        If inputs or targets are missing or too many, if classes cannot be coded as chosen, or, with
        the line and the column, if a cell cannot be read and such rows are not to be skipped.
    """
    _check_roles(choice)
    inputs, targets = choice.positions(Role.INPUT), choice.positions(Role.TARGET)
    numbers = np.column_stack([column_numbers(table, c, decimal) for c in (*inputs, *targets)])
    labels = [table.column(column) for column in choice.positions(Role.CLASS)]
    good: Flags = np.logical_and.reduce(np.isfinite(numbers), axis=1)
    for column in labels:
        good &= np.array([bool(label) for label in column])
    notes = list(table.notes)
    if not good.all():
        notes.append(_about_bad_rows(table, choice, decimal, good))
    x, t = numbers[good, : len(inputs)], numbers[good, len(inputs) :]
    names, coding = tuple(table.names[column] for column in targets), Coding.NUMBERS
    if labels:
        kept = [label for label, is_good in zip(labels[0], good, strict=True) if is_good]
        title = table.names[choice.positions(Role.CLASS)[0]]
        t, names, coding = *_coded(kept, title, choice.coding, decimal), choice.coding
    x, t = _without_repeats(x, t, choice.repeats, notes)
    notes += _about_constants(x, [table.names[column] for column in inputs])
    if x.size + t.size > MAX_NUMBERS:
        raise TableError(f"{x.size + t.size:,} numbers are too many: at most {MAX_NUMBERS:,}")
    x_names = tuple(table.names[column] for column in inputs)
    return TableSamples(frozen(x), frozen(t), x_names, names, coding, tuple(notes))


def pasted_rows(text: str, n_columns: int) -> Array:
    """Return rows of numbers from the clipboard, (rows, n_columns); a header is left out.

    Raises
    ------
    TableError
        If there are more or fewer columns, or a cell is no finite number; the message says where.
    """
    layout = sniff(text)
    if "\t" in text:  # what every spreadsheet puts between cells
        layout = Layout(Separator.TAB, layout.decimal, layout.has_header)
    table = read_table(text, layout)
    if len(table.names) != n_columns:
        raise TableError(f"{len(table.names)} columns were pasted, the table has {n_columns}")
    rows = np.column_stack([column_numbers(table, c, layout.decimal) for c in range(n_columns)])
    good = np.isfinite(rows).all(axis=1)
    if not good.all():
        choice = Choice((Role.INPUT,) * n_columns)
        raise TableError(_first_bad_cell(table, choice, layout.decimal, int(np.argmin(good))))
    return frozen(rows)


def _check_roles(choice: Choice) -> None:
    inputs, targets = len(choice.positions(Role.INPUT)), len(choice.positions(Role.TARGET))
    classes = len(choice.positions(Role.CLASS))
    if inputs == 0:
        raise TableError("no column is an input: choose at least one")
    if targets + classes == 0:
        raise TableError("no column is a target: choose numbers to learn, or one column of classes")
    if classes > 1 or (classes and targets):
        raise TableError("a column of classes must be the only target")
    for count, what in ((inputs, "inputs"), (targets, "targets")):
        if count > MAX_COLUMNS:
            raise TableError(f"{count} {what} are too many: at most {MAX_COLUMNS}")


def _about_bad_rows(table: Table, choice: Choice, decimal: Decimal, good: Flags) -> str:
    """Return a note on the rows that are skipped, or raise if none may be or none is left."""
    first = _first_bad_cell(table, choice, decimal, int(np.argmin(good)))
    if not good.any():
        raise TableError(f"no row can be read; the first: {first}")
    bad = len(good) - int(good.sum())
    if choice.bad_rows is BadRows.REFUSE:
        rows = "one such row" if bad == 1 else f"{bad:,} such rows"
        raise TableError(f"{first}; {rows} can be skipped")
    return f"{counted(bad, 'unreadable row', 'skipped')}; the first: {first}"


def _first_bad_cell(table: Table, choice: Choice, decimal: Decimal, row: int) -> str:
    """Return what is wrong in a row, and where."""
    for column, cell in enumerate(table.rows[row]):
        role = choice.roles[column]
        if role is Role.IGNORED or (role is Role.CLASS and cell):
            continue
        if not cell:
            return f"{table.place(row, column)} is empty"
        if not NUMBER[decimal].fullmatch(cell):
            example = "0.41" if decimal is Decimal.POINT else "0,41"
            return (
                f"{table.place(row, column)}: {quoted(cell)} is not a finite number such as "
                f"{example}"
            )
        if not np.isfinite(float(plain_number(cell, decimal))):
            return f"{table.place(row, column)}: {quoted(cell)} is too large for a 64-bit float"
    raise AssertionError("the row has a bad cell")


def _coded(
    labels: Sequence[str], title: str, coding: Coding, decimal: Decimal
) -> tuple[Array, tuple[str, ...]]:
    """Return the targets (m, n_L) and their names; classes count up, or go by the alphabet."""
    classes = sorted(set(labels))
    if all(NUMBER[decimal].fullmatch(label) for label in classes):
        classes.sort(key=lambda label: float(plain_number(label, decimal)))
    if len(classes) < 2:
        raise TableError(f"{quoted(title)} holds one class only, {quoted(classes[0])}")
    if len(classes) > MAX_COLUMNS:
        raise TableError(f"{quoted(title)} holds {len(classes)} classes: at most {MAX_COLUMNS}")
    position = {label: number for number, label in enumerate(classes)}
    numbers = np.array([position[label] for label in labels])
    if coding is Coding.ONE_HOT:
        if len(labels) * len(classes) > MAX_NUMBERS:
            raise TableError(
                f"{len(labels):,} rows of {len(classes)} classes are too many: at most "
                f"{MAX_NUMBERS:,} numbers"
            )
        return np.eye(len(classes))[numbers], tuple(classes)
    if len(classes) > 2:
        raise TableError(f"{quoted(title)} holds {len(classes)} classes: one output tells only two")
    if coding is Coding.NUMBERS:
        raise TableError("classes are not numbers to learn: choose how they are coded")
    low = 0.0 if coding is Coding.ZERO_ONE else -1.0
    return np.where(numbers == 1, 1.0, low)[:, np.newaxis], target_names(coding, classes)


def _about_constants(x: Array, names: Sequence[str]) -> list[str]:
    """Return a note on each input that tells no sample from another."""
    if len(x) < 2:
        return []
    same = np.flatnonzero(np.all(x == x[0], axis=0)).tolist()
    return [f"{quoted(names[column])} is {x[0, column]:g} in every row" for column in same]


def _without_repeats(x: Array, t: Array, repeats: Repeats, notes: list[str]) -> tuple[Array, Array]:
    """Return the samples that are kept, and note the repeated and the contradicting ones."""
    inputs, rows = _keys(x), _keys(np.hstack([x, t]))
    first = {key: row for row, key in reversed(list(enumerate(rows)))}
    repeated = len(rows) - len(first)
    if repeated:
        done = "skipped" if repeats is Repeats.SKIP else "kept"
        notes.append(counted(repeated, "repeated row", done))
    contradicting = len(first) - len(set(inputs))
    if contradicting:
        notes.append(f"rows with the inputs of another row but other targets: {contradicting:,}")
    if repeats is Repeats.SKIP and repeated:
        kept = sorted(first.values())
        return x[kept], t[kept]
    return x, t


def _keys(rows: Array) -> list[bytes]:
    """Return what two rows have in common exactly if they are equal; −0 counts as 0."""
    return [row.tobytes() for row in rows + 0.0]
