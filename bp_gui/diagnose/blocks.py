"""Blocks of numbers, and how nested lists become them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bp_gui.diagnose.written import Written, with_zeros_sharpened

MAX_DEPTH = 16

Nested = Any  # Written, or a list of Nested


@dataclass(frozen=True)
class Block:
    """Numbers that belong together.

    Attributes
    ----------
    label
        What stood before them; may be empty.
    numbers
        In the order in which they stood.
    shape
        Of the array they make: (), (n,) or (rows, columns).
    is_single
        Whether the text says that they are 32-bit floats.
    is_last_first
        Whether they stood in a row of all layers that begins with the output layer.
    """

    label: str
    numbers: tuple[Written, ...]
    shape: tuple[int, ...]
    is_single: bool = False
    is_last_first: bool = False


def arrays_of(value: Nested, label: str, single: bool, depth: int = 0) -> Iterator[Block]:
    """Yield a nested list as one block if it is an array of at most two axes, else its parts."""
    if depth > MAX_DEPTH:
        raise ValueError("brackets are nested too deeply")
    if isinstance(value, Written):
        yield Block(label, (value,), (), single)
        return
    if not isinstance(value, list):
        return
    shape = _shape(value)
    if shape is not None and len(shape) <= 2:
        numbers = with_zeros_sharpened(_leaves(value))
        if numbers:
            yield Block(label, tuple(numbers), shape, single)
        return
    if len(value) == 1:
        yield from arrays_of(value[0], label, single, depth + 1)
        return
    for position, inner in enumerate(value, start=1):
        yield from arrays_of(inner, f"{label} {position}" if label else "", single, depth + 1)


def _shape(value: Nested) -> tuple[int, ...] | None:
    """Return the shape of a nested list, None if it is ragged."""
    if isinstance(value, Written):
        return ()
    if not isinstance(value, list) or not value:
        return None
    shapes = {_shape(inner) for inner in value}
    if len(shapes) != 1:
        return None
    (inner,) = shapes
    return None if inner is None else (len(value), *inner)


def _leaves(value: Nested) -> Iterator[Written]:
    if isinstance(value, Written):
        yield value
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
