"""Weights from text: a table by name, or a block of numbers below the name of each matrix."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.names import Kind, Ref, UnknownNameError, parse_name
from bp_gui.engine.network import Architecture
from bp_gui.explain.numbers import NumberError, parse_number
from bp_gui.session.imports.layers import FoundLayers, Orientation
from bp_gui.session.imports.problem import LIMITS, ImportProblem
from bp_gui.session.project_schema import MAX_LAYERS, MAX_NUMBERS, MAX_UNITS
from bp_gui.session.table_text import TableError, decoded, quoted

_LABEL: Final = re.compile(r"[A-Za-z][\w.\-/ ]*[=:]?")
_CELLS: Final = re.compile(r"[,;\t]| +")


@dataclass(frozen=True)
class NamedValues:
    """A table by name: each number is one weight or bias; they need not be all."""

    values: Mapping[Ref, float]


@dataclass
class _Block:
    """The rows below a name."""

    line: int
    rows: list[list[float]] = field(default_factory=list)


def read_text(content: bytes) -> NamedValues | Mapping[str, Array]:
    """Return what a text holds: values by name, or matrices by name.

    Accepted are ``W1[1,2]`` and its value on each line, between commas, semicolons or tabs, with
    anything after them; or the name of a matrix on a line and its rows below.

    Raises
    ------
    ImportProblem
        If it is neither; the message says in which line.
    """
    try:
        text, _ = decoded(content)
    except TableError as error:
        raise ImportProblem("", str(error)) from None
    lines = [(n, line.strip()) for n, line in enumerate(text.splitlines(), start=1)]
    filled = [(n, line) for n, line in lines if line]
    if any(_name_and_rest(line) is not None for _, line in filled[:2]):
        return _by_name(filled)
    return _blocks(filled)


def _name_and_rest(line: str) -> tuple[Ref, str] | None:
    """Return the parameter that a line begins with and what follows, if it begins with one."""
    end = line.find("]") + 1
    name = line[:end].strip().strip('"')
    try:
        ref = parse_name(name)
    except UnknownNameError:
        return None
    return (ref, line[end:].lstrip('"')) if ref.is_parameter else None


def _by_name(lines: list[tuple[int, str]]) -> NamedValues:
    values: dict[Ref, float] = {}
    for position, (number, line) in enumerate(lines):
        found = _name_and_rest(line)
        if found is None:
            if position == 0:
                continue  # a heading
            raise ImportProblem(
                f"line {number}", f"{quoted(line)} does not begin with a name such as W1[1,2]"
            )
        ref, rest = found
        cells = _CELLS.split(rest.strip().lstrip("=:,;\t ").strip())
        value = _number(cells[0], number)
        if ref in values:
            raise ImportProblem(f"line {number}", f"{ref} was there before")
        values[ref] = value
        if len(values) > MAX_NUMBERS:
            raise ImportProblem(f"line {number}", f"there are too many numbers: {LIMITS}")
    return NamedValues(values)


def _blocks(lines: list[tuple[int, str]]) -> Mapping[str, Array]:
    blocks: dict[str, _Block] = {}
    current: _Block | None = None
    count = 0
    for number, line in lines:
        if _LABEL.fullmatch(line) and line.lower() not in ("nan", "inf", "infinity"):
            name = line.rstrip("=: ")
            if name in blocks:
                raise ImportProblem(f"line {number}", f"{quoted(name)} was there before")
            current = blocks[name] = _Block(number)
            continue
        if current is None:
            raise ImportProblem(
                f"line {number}",
                f"{quoted(line)} stands below no name; accepted are lines such as W1[1,2] and a "
                "value, or the name of a matrix and its rows below",
            )
        row = [_number(cell, number) for cell in _CELLS.split(line) if cell]
        if current.rows and len(row) != len(current.rows[0]):
            expected = len(current.rows[0])
            raise ImportProblem(
                f"line {number}", f"has {len(row)} numbers, but the row above has {expected}"
            )
        current.rows.append(row)
        count += len(row)
        if count > MAX_NUMBERS:
            raise ImportProblem(f"line {number}", f"there are too many numbers: {LIMITS}")
    if not blocks:
        raise ImportProblem("", "there is nothing to read: no line has any content")
    return {name: frozen(np.array(block.rows)) for name, block in blocks.items()}


def _number(cell: str, line: int) -> float:
    try:
        return float(cell) if cell.isascii() and "_" not in cell else parse_number(cell)
    except (NumberError, ValueError):
        raise ImportProblem(f"line {line}", f"{quoted(cell)} is not a number") from None


def missing_layers(table: NamedValues, here: Architecture) -> FoundLayers | None:
    """Return the network that a table holds, if it is another one and the table holds all of it.

    Parameters
    ----------
    table
        Values by name.
    here
        The network that they would otherwise go into.
    """
    if all(_exists(ref, here) for ref in table.values):
        return None
    layers: dict[tuple[Kind, int], dict[Ref, float]] = {}
    for ref, value in table.values.items():
        layers.setdefault((ref.kind, ref.layer), {})[ref] = value
    count = 1 + max(layer for _, layer in layers)
    if count > MAX_LAYERS:
        return None
    W = [_whole(layers.get((Kind.WEIGHT, layer), {})) for layer in range(count)]
    b = [_whole(layers.get((Kind.BIAS, layer), {})) for layer in range(count)]
    matrices = tuple(each for each in W if each is not None)
    if len(matrices) < count:
        return None
    vectors = tuple(None if each is None else frozen(each.ravel()) for each in b)
    found = FoundLayers(matrices, vectors, Orientation.TO_FROM)
    return found if found.sizes(Orientation.TO_FROM) is not None else None


def _exists(ref: Ref, here: Architecture) -> bool:
    try:
        here.index(ref)
    except IndexError:
        return False
    return True


def _whole(values: Mapping[Ref, float]) -> Array | None:
    """Return a matrix of which every cell is given; biases are its only column."""
    if not values:
        return None
    rows = 1 + max(ref.to for ref in values)
    columns = 1 + max(ref.source for ref in values)
    if max(rows, columns) > MAX_UNITS or rows * columns != len(values):
        return None
    matrix = np.empty((rows, columns))
    for ref, value in values.items():
        matrix[ref.to, ref.source] = value
    return frozen(matrix)
