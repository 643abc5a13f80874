"""Arrays of a project file: few numbers as lists that people can read, many as one word.

Text takes 19 characters for a float64 and a microsecond to read; base64 takes 11 and next to none.
While a file is read each array is made as soon as its text is, so that never more than one of them
takes the room of Python's numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from itertools import chain
from typing import Any, Final, Self

import msgspec
import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.session.project_error import ProjectFileError

MOST_LISTED: Final = 4096  # numbers of an array; beyond, nobody reads them one by one
_LITTLE_ENDIAN: Final = np.dtype("<f8")
_KINDS: Final = frozenset({int, float})


class Form(Enum):
    """How numbers stand in a file."""

    LIST = auto()
    TABLE = auto()  # a list of rows
    WORD = auto()


class Numbers:
    """Numbers as they stand in a file, their count not yet compared with anything.

    No dataclass, because msgspec would take one for an object of the file.

    Attributes
    ----------
    flat
        All of them, row by row.
    form
        How they stand there.
    lengths
        Of a table: how long each row is.
    """

    __slots__ = ("flat", "form", "lengths")

    def __init__(self, flat: Array, form: Form, lengths: Sequence[int] = ()) -> None:
        self.flat, self.form, self.lengths = flat, form, lengths

    @classmethod
    def of_vector(cls, vector: Array) -> Self:
        """Return how a vector stands in a file."""
        return cls(frozen(vector), Form.LIST if vector.size <= MOST_LISTED else Form.WORD)

    @classmethod
    def of_matrix(cls, matrix: Array) -> Numbers:
        """Return how a matrix stands in a file; one without rows is `NOTHING`."""
        if len(matrix) == 0:
            return NOTHING
        flat = frozen(matrix.ravel())
        if matrix.size > MOST_LISTED:
            return cls(flat, Form.WORD)
        return cls(flat, Form.TABLE, [matrix.shape[1]] * len(matrix))

    @classmethod
    def read(cls, found: Any) -> Self:
        """Return what a list or a word of the file holds.

        Raises
        ------
        ValueError
            If it is neither, or holds anything but numbers; the message begins with the place.
        """
        if isinstance(found, dict):
            return cls(array_of(_converted(found, _Word).float64), Form.WORD)
        if isinstance(found, list) and found and isinstance(found[0], list):
            return cls._from_rows(found)
        if not isinstance(found, list) or not cls.kinds().issuperset(map(type, found)):
            _converted(found, cls.listed())
        return cls(_listed(found), Form.LIST)

    @classmethod
    def _from_rows(cls, rows: list[Any]) -> Self:
        are_lists = {list}.issuperset(map(type, rows))
        if not are_lists or not _KINDS.issuperset(map(type, chain.from_iterable(rows))):
            _converted(rows, list[list[float]])
        lengths = list(map(len, rows))
        return cls(_listed(chain.from_iterable(rows), sum(lengths)), Form.TABLE, lengths)

    @classmethod
    def kinds(cls) -> frozenset[type]:
        """Return what JSON may hold in a list of them."""
        return _KINDS

    @classmethod
    def listed(cls) -> Any:
        """Return the type of a list of them."""
        return list[float]

    def written(self) -> list[Any] | dict[str, str]:
        """Return what stands in the file, of Python's own types."""
        if self.form is Form.WORD:
            word: dict[str, str] = msgspec.to_builtins(_Word(word_of(self.flat)))
            return word
        if self.form is Form.TABLE:
            found: list[Any] = self.flat.reshape(len(self.lengths), -1).tolist()
            return found
        return self._in_a_list()

    def _in_a_list(self) -> list[Any]:
        found: list[Any] = self.flat.tolist()
        return found


class Memory(Numbers):
    """What an optimizer remembers: a sum that has left float64 is infinite, null in a list."""

    __slots__ = ()

    @classmethod
    def kinds(cls) -> frozenset[type]:
        """See `Numbers.kinds`."""
        return _KINDS | {type(None)}

    @classmethod
    def listed(cls) -> Any:
        """See `Numbers.listed`."""
        return list[float | None]

    def _in_a_list(self) -> list[Any]:
        return [each if np.isfinite(each) else None for each in self.flat.tolist()]


class _Word(msgspec.Struct, forbid_unknown_fields=True):
    """How a word stands in a file."""

    float64: bytes


NOTHING: Final = Numbers(frozen(np.empty(0)), Form.LIST)


def decoded(kind: type, found: Any) -> Any:
    """Make an array of what msgspec has read, as its ``dec_hook``."""
    if issubclass(kind, Numbers):
        return kind.read(found)
    raise NotImplementedError(kind)


def encoded(value: Any) -> Any:
    """Make of an array what msgspec can write, as its ``enc_hook``."""
    if isinstance(value, Numbers):
        return value.written()
    raise NotImplementedError(type(value))


def word_of(array: Array) -> bytes:
    """Return the bytes of a word, row by row; the file has them in base64."""
    return array.astype(_LITTLE_ENDIAN, copy=False).tobytes()


def array_of(word: bytes) -> Array:
    """Return the numbers of a word, (n,), without copying them.

    Raises
    ------
    ValueError
        If it does not hold whole numbers.
    """
    if len(word) % _LITTLE_ENDIAN.itemsize:
        raise ValueError(f"holds {len(word):,} bytes, which is no multiple of 8")
    return frozen(np.frombuffer(word, _LITTLE_ENDIAN))


def vector_of(place: str, numbers: Numbers, expected: int) -> Array:
    """Return so many finite numbers, (expected,).

    Raises
    ------
    ProjectFileError
        If there are more or fewer, or one is not finite.
    """
    if numbers.form is Form.TABLE:
        raise ProjectFileError(f"{place}[0]", "expected a number, got a list")
    check_length(place, numbers.flat, expected)
    wrong = np.flatnonzero(~np.isfinite(numbers.flat))
    if len(wrong):
        first = int(wrong[0])
        raise ProjectFileError(f"{place}[{first}]", f"is {numbers.flat[first]}, expected a number")
    return numbers.flat


def memory_of(place: str, numbers: Numbers, expected: int) -> Array:
    """Return what an optimizer remembers, (expected,): a number, or +∞.

    Raises
    ------
    ProjectFileError
        If there are more or fewer, or one is neither.
    """
    if numbers.form is Form.TABLE:
        raise ProjectFileError(f"{place}[0]", "expected a number, got a list")
    check_length(place, numbers.flat, expected)
    flat = numbers.flat
    if numbers.form is Form.LIST:
        flat = frozen(np.where(np.isnan(flat), np.inf, flat))
    if not (flat > -np.inf).all():
        raise ProjectFileError(place, "holds what is neither a number nor infinity")
    return flat


def matrix_of(place: str, numbers: Numbers, n_rows: int, n_columns: int) -> Array:
    """Return finite numbers in rows, (n_rows, n_columns).

    Raises
    ------
    ProjectFileError
        If there are more or fewer rows or columns, or a number is not finite.
    """
    if numbers.form is not Form.WORD:
        if numbers.form is Form.LIST and len(numbers.flat):
            raise ProjectFileError(f"{place}[0]", "expected a list, got a number")
        check_length(place, numbers.lengths, n_rows, "rows")
        for position, length in enumerate(numbers.lengths):
            if length != n_columns:
                raise ProjectFileError(
                    f"{place}[{position}]", f"has {length} numbers, expected {n_columns}"
                )
        return frozen(numbers.flat.reshape(n_rows, n_columns))
    return frozen(vector_of(place, numbers, n_rows * n_columns).reshape(n_rows, n_columns))


def count_rows(place: str, numbers: Numbers, n_columns: int) -> int:
    """Return how many rows there are.

    Raises
    ------
    ProjectFileError
        If the numbers of a word do not fill their last row.
    """
    if numbers.form is not Form.WORD:
        return len(numbers.lengths)
    count = len(numbers.flat)
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


def _listed(numbers: Any, count: int = -1) -> Array:
    """Return numbers of Python as an array; None becomes NaN."""
    try:
        if isinstance(numbers, list):
            array = np.array(numbers, dtype=np.float64)
        else:
            array = np.fromiter(numbers, np.float64, count)
    except OverflowError:
        raise ValueError("holds a number that is too large") from None
    array.flags.writeable = False
    return array


def _converted(found: Any, kind: Any) -> Any:
    """Return what msgspec makes of a value, or raise what is wrong in its words, place first."""
    try:
        return msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        reason, _, place = str(error).partition(" - at `$")
        raise ValueError(f"{place.strip('`')}: {reason}" if place else reason) from None
