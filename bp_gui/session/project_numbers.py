"""Arrays of a project file: few numbers as lists that people can read, many as one word.

Text takes 19 characters for a float64 and a microsecond to read; base64 takes 11 and next to none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.session.project_schema import Numbers, Packed, ProjectFileError, Rows

MOST_LISTED = 4096  # numbers of an array; beyond, nobody reads them one by one
_LITTLE_ENDIAN = np.dtype("<f8")


def numbers_of(vector: Array) -> Numbers:
    """Return a vector as it stands in a file."""
    return vector.tolist() if vector.size <= MOST_LISTED else packed(vector)


def rows_of(matrix: Array) -> Rows:
    """Return a matrix as it stands in a file, row by row."""
    return matrix.tolist() if matrix.size <= MOST_LISTED else packed(matrix)


def packed(array: Array) -> Packed:
    """Return an array as one word, row by row."""
    return Packed(array.astype(_LITTLE_ENDIAN, copy=False).tobytes())


def unpacked(place: str, word: Packed) -> Array:
    """Return the numbers of a word, (n,), without copying them.

    Raises
    ------
    ProjectFileError
        If it does not hold whole numbers.
    """
    n_bytes = len(word.float64)
    if n_bytes % _LITTLE_ENDIAN.itemsize:
        raise ProjectFileError(place, f"holds {n_bytes:,} bytes, which is no multiple of 8")
    return frozen(np.frombuffer(word.float64, _LITTLE_ENDIAN))


def vector_of(place: str, numbers: Numbers, expected: int) -> Array:
    """Return so many finite numbers, (expected,).

    Raises
    ------
    ProjectFileError
        If there are more or fewer, or one is not finite.
    """
    if isinstance(numbers, Packed):
        array = unpacked(place, numbers)
        check_length(place, array, expected)
        _check_finite(place, array)
        return array
    check_length(place, numbers, expected)
    return frozen(numbers)


def matrix_of(place: str, rows: Rows, n_rows: int, n_columns: int) -> Array:
    """Return finite numbers in rows, (n_rows, n_columns).

    Raises
    ------
    ProjectFileError
        If there are more or fewer rows or columns, or a number is not finite.
    """
    if isinstance(rows, Packed):
        return frozen(vector_of(place, rows, n_rows * n_columns).reshape(n_rows, n_columns))
    check_length(place, rows, n_rows, "rows")
    for position, row in enumerate(rows):
        check_length(f"{place}[{position}]", row, n_columns)
    return frozen(np.array(rows, dtype=np.float64).reshape(n_rows, n_columns))


def count_rows(place: str, rows: Rows, n_columns: int) -> int:
    """Return how many rows there are.

    Raises
    ------
    ProjectFileError
        If packed numbers do not fill their last row.
    """
    if not isinstance(rows, Packed):
        return len(rows)
    count = len(unpacked(place, rows))
    if count % n_columns:
        raise ProjectFileError(
            place, f"has {count:,} numbers, which make no whole rows of {n_columns}"
        )
    return count // n_columns


def check_length(
    place: str, values: Sequence[Any] | Array, expected: int, of: str = "numbers"
) -> None:
    """Refuse a list of another length.

    Raises
    ------
    ProjectFileError
        If it has one; the message names both.
    """
    if len(values) != expected:
        raise ProjectFileError(place, f"has {len(values)} {of}, expected {expected}")


def _check_finite(place: str, array: Array) -> None:
    """Refuse what JSON has no word for and base64 can hold."""
    wrong = np.flatnonzero(~np.isfinite(array))
    if len(wrong):
        position = int(wrong[0])
        raise ProjectFileError(f"{place}[{position}]", f"is {array[position]}, expected a number")
