"""Vectors and matrices as they stand in R's source: ``c(0.15, 0.2)``, ``matrix(c(…), nrow = 2)``.

They become lists in brackets. R fills a matrix column by column unless ``byrow`` is true, and
``dput`` writes one as ``structure(c(…), dim = c(2L, 2L))``.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

# As `NUMBER`, but of bounded length: a row of digits is not to be divided in every way.
_ITEM = r"\s*[-+]?(?:\.?\d[\d.]{0,40}(?:e[-+]?\d{1,4})?L?|inf|nan)\s*"
_VECTOR = rf"\b(?-i:c)\s*\((?P<numbers>{_ITEM}(?:,{_ITEM})*)\)(?!\s*=)"
_VECTORS = re.compile(_VECTOR, re.IGNORECASE)
_MATRICES = re.compile(
    r"(?P<turned>\b(?-i:t)\s*\(\s*)?\b(?:matrix|array|structure)\s*\(\s*(?:\.?data\s*=\s*)?"
    rf"{_VECTOR}(?P<arguments>[^()]*(?:\bc\s*\([^()]*\)[^()]*)?)\)(?(turned)\s*\))",
    re.IGNORECASE,
)
_OPENED = re.compile(r"(?:matrix|array|structure)\s*\(\s*(?:[.\w]+\s*=\s*)?\Z")
_DIMENSIONS = re.compile(r",\s*(?:\.?[Dd]im\s*=\s*)?c\s*\(\s*(\d+)L?\s*,\s*(\d+)L?\s*\)\s*")
_CONSECUTIVE = re.compile(r"\b(\d+):(\d+)\b")  # dput writes the shape 2 × 3 so
_NAMES = re.compile(
    r",\s*dimnames\s*=\s*(?:NULL|list\s*\((?:[^()]|\([^()]*\))*\))|,\s*names\s*=\s*c\s*\([^()]*\)"
)
_ASSIGNED = re.compile(r"(?<=[\w\]])[ \t]*<-")
_COUNT = re.compile(r"[1-9]\d{0,5}")
_MOST_CHARACTERS = 60  # of what is quoted
_POSITIONS = ("nrow", "ncol", "byrow")


def without_r(text: str) -> str:
    """Return a text with R's vectors and matrices as ``[…]`` and ``[[…], […]]``.

    Raises
    ------
    ValueError
        If a matrix has no shape in numbers, so that it could be filled in several ways.
    """
    plain = _ASSIGNED.sub(" =", text)
    if "(" not in plain:
        return plain
    plain = _MATRICES.sub(_matrix, _NAMES.sub("", plain))
    return _VECTORS.sub(_vector, plain)


def _items(match: re.Match[str]) -> list[str]:
    return [item.strip().removesuffix("L") for item in match["numbers"].split(",")]


def _vector(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 40) : match.start()]
    opened = _OPENED.search(before)
    if opened is not None:
        raise _unclear(opened[0] + match[0])
    return _listed(_items(match))


def _matrix(match: re.Match[str]) -> str:
    items = _items(match)
    layout = _layout(match["arguments"], len(items))
    if layout is None:
        raise _unclear(match[0])
    n_rows, n_columns, by_row = layout
    if by_row:
        rows = [items[row * n_columns : (row + 1) * n_columns] for row in range(n_rows)]
    else:
        rows = [items[row::n_rows] for row in range(n_rows)]
    if match["turned"]:
        rows = [list(column) for column in zip(*rows, strict=True)]
    return _listed(map(_listed, rows))


def _listed(items: Iterable[str]) -> str:
    return f"[{', '.join(items)}]"


def _unclear(text: str) -> ValueError:
    short = textwrap.shorten(text, _MOST_CHARACTERS, placeholder=" …")
    return ValueError(
        f"the shape of {short} is not clear: give it as nrow = 2 or dim = c(2, 3) that fits"
    )


def _layout(arguments: str, count: int) -> tuple[int, int, bool] | None:
    """Return rows, columns and whether they are filled row by row; None if that is not clear."""
    given: dict[str, str] = {}
    arguments = _CONSECUTIVE.sub(r"c(\1, \2)", arguments)
    dimensions = _DIMENSIONS.search(arguments)
    if dimensions is not None:
        given = {"nrow": dimensions[1], "ncol": dimensions[2]}
        arguments = _DIMENSIONS.sub("", arguments)
    for argument in filter(None, (part.strip() for part in arguments.split(","))):
        name, _, value = (part.strip() for part in argument.rpartition("="))
        free = next((each for each in _POSITIONS if each not in given), "")
        name = next((each for each in _POSITIONS if name and each.startswith(name)), name or free)
        if name not in _POSITIONS or name in given:
            return None
        given[name] = value.removesuffix("L")
    by_row = given.pop("byrow", "FALSE")
    if by_row not in ("TRUE", "T", "FALSE", "F") or not all(map(_COUNT.fullmatch, given.values())):
        return None
    n_rows = int(given["nrow"]) if "nrow" in given else 0
    n_columns = int(given["ncol"]) if "ncol" in given else 0
    n_columns = n_columns or (count // n_rows if n_rows else 1)
    n_rows = n_rows or count // n_columns
    return (n_rows, n_columns, by_row[0] == "T") if n_rows * n_columns == count else None
