"""Long formulas on several lines: broken before operators, aligned at equals signs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from bp_gui.explain.mathematics import (
    EQUALS,
    HADAMARD,
    TIMES,
    Fenced,
    Linked,
    Number,
    Row,
    Symbol,
    Under,
)
from bp_gui.views.formula.blocks import Equation
from bp_gui.views.formula.box import Box, Placed
from bp_gui.views.formula.rows import row_of
from bp_gui.views.formula.style import DISPLAY, THICK, Atom, is_sign
from bp_gui.views.formula.typesetter import Typesetter

_LEADING = 0.42  # between the lines of an equation, in em
_LEAST_LINE = 1.5  # from base line to base line
_INDENT = 1.2  # of a line that continues another
_WIDEST_LEFT = 0.42  # of the room: a longer left side gets a line of its own
_NUMBERS_GROW = 1.1  # so that a line is not broken anew with every digit
_LONG_NUMBER = Number(-math.pi * 1e-2)
_PRODUCTS = frozenset({TIMES.text, HADAMARD.text, "×"})


class _Piece(NamedTuple):
    """A box of a broken row, and the link that it is a part of."""

    box: Box
    link: Linked | None


class EquationSetter:
    """Sets equations into a column; keeps what it set, to set only what differs.

    Parameters
    ----------
    typesetter
        Sets the parts.
    """

    def __init__(self, typesetter: Typesetter) -> None:
        self._typesetter = typesetter

    def set(self, equation: Equation, width: float, old: Box | None = None) -> Box:
        """Return an equation in a box of at most ``width`` em, if it can be broken so far.

        Parameters
        ----------
        equation
            What is set.
        width
            The room.
        old
            What this returned for an earlier equation in its place, in the same room and with the
            same relation. If nothing differs, it comes back.
        """
        nodes = (*((equation.left,) if equation.left else ()), *equation.steps)
        before: tuple[Box | None, ...] = (None,) * len(nodes)
        if old is not None and len(old.parts) == len(nodes):
            before = old.parts
        parts = tuple(map(self._typesetter.set, nodes, (DISPLAY,) * len(nodes), before))
        if old is not None and parts == before:
            return old
        if equation.left is None:
            return self._stacked(
                [line for part in parts for line in self._alone(part, width)], parts
            )
        return self._stacked(self._aligned(equation, parts, width), parts)

    def _alone(self, box: Box, width: float) -> Iterator[Placed]:
        for number, line in enumerate(broken(box, width, width - _INDENT)):
            yield Placed(line, _INDENT if number else 0.0, 0.0)

    def _aligned(self, equation: Equation, parts: tuple[Box, ...], width: float) -> list[Placed]:
        """Return the lines with their places from the left; a negative place continues a line."""
        left, *steps = parts
        own_line = left.width > _WIDEST_LEFT * width and len(steps) > 0
        lines = [Placed(left, 0.0, 0.0)] if own_line else []
        x = _INDENT if own_line else left.width + THICK
        joined = len(steps) > 1 and self._fits_beside(steps[-2], steps[-1], width - x)
        for number, step in enumerate(steps):
            sign = self._typesetter.set(equation.relation if number == 0 else EQUALS)
            start = x + sign.width + THICK
            if joined and number == len(steps) - 1:
                above = lines.pop()
                place = above.box.width + THICK
                head = [(above.box, 0.0), (sign, place), (step, place + sign.width + THICK)]
                lines.append(Placed(_beside(head), 0.0, 0.0))
                continue
            room = width - start
            for line_number, line in enumerate(broken(step, room, room - _INDENT)):
                if line_number:
                    lines.append(Placed(line, start + _INDENT, 0.0))
                    continue
                head = [(sign, x), (line, start)]
                if number == 0 and not own_line:
                    head.insert(0, (left, 0.0))
                lines.append(Placed(_beside(head), 0.0, 0.0))
        return lines

    def _fits_beside(self, before: Box, value: Box, room: float) -> bool:
        """Return whether a result has room in the line before it, however long it becomes."""
        if isinstance(_opened(value).node, Number):
            longest = max(self._typesetter.set(_LONG_NUMBER).width, value.width)
        elif isinstance(value.node, Under):
            longest = value.width * _NUMBERS_GROW
        else:
            return False
        signs = 2 * (self._typesetter.set(EQUALS).width + THICK) + THICK
        return signs + before.width + longest <= room

    @staticmethod
    def _stacked(lines: list[Placed], parts: tuple[Box, ...]) -> Box:
        """Put lines below each other; the box's base line is that of the first."""
        y = 0.0
        placed = []
        for number, (box, x, _) in enumerate(lines):
            if number:
                above = lines[number - 1].box
                y += max(above.depth + box.height + _LEADING, _LEAST_LINE)
            placed.append(Placed(box, x, y))
        width = max(line.box.width + line.x for line in lines)
        depth = y + lines[-1].box.depth
        return Box(None, DISPLAY, width, lines[0].box.height, depth, parts, tuple(placed))


def _beside(items: list[tuple[Box, float]]) -> Box:
    last, x = items[-1]
    height = max(box.height for box, _ in items)
    depth = max(box.depth for box, _ in items)
    placed = tuple(Placed(box, at, 0.0) for box, at in items)
    return Box(None, DISPLAY, x + last.width, height, depth, placed=placed)


def broken(box: Box, first: float, others: float) -> list[Box]:
    """Return a formula in lines no wider than the room, where it can be broken.

    Parameters
    ----------
    box
        The formula.
    first, others
        The room of the first line and of those that continue it, in em.
    """
    if box.width <= first:
        return [box]
    lines: list[list[_Piece]] = [[]]
    for group in _groups(list(_loosened(box, None)), others):
        trial = lines[-1] + group
        room = first if len(lines) == 1 else others
        if lines[-1] and _line(trial, continues=len(lines) > 1).width > room:
            lines.append(group)
        else:
            lines[-1] = trial
    return [_line(line, continues=number > 0) for number, line in enumerate(lines)]


def _loosened(box: Box, link: Linked | None) -> Iterator[_Piece]:
    """Return the parts of a row, also of rows inside links and fences."""
    node = box.node
    if isinstance(node, Row):
        for part in box.parts:
            yield from _loosened(part, link)
    elif isinstance(node, Linked) and isinstance(_opened(box).node, Row | Fenced):
        yield from _loosened(box.parts[0], node)
    elif isinstance(node, Fenced) and isinstance(_opened(box.parts[0]).node, Row):
        opening, inner, closing = (placed.box for placed in box.placed)
        yield _Piece(opening, link)
        yield from _loosened(inner, link)
        yield _Piece(closing, link)
    else:
        yield _Piece(box, link)


def _opened(box: Box) -> Box:
    while isinstance(box.node, Linked):
        box = box.parts[0]
    return box


def _groups(pieces: list[_Piece], room: float) -> Iterator[list[_Piece]]:
    """Return the pieces in groups that may begin a line: terms, or factors of those too long."""
    for term in _split(pieces, of_products=False):
        if _line(term, continues=True).width > room:
            yield from _split(term, of_products=True)
        else:
            yield term


def _split(pieces: list[_Piece], *, of_products: bool) -> Iterator[list[_Piece]]:
    """Return the pieces in groups that begin with an operator or a relation."""
    group: list[_Piece] = []
    for position, piece in enumerate(pieces):
        before = pieces[position - 1].box.right if position else None
        is_break = piece.box.left in (Atom.BIN, Atom.REL) and not is_sign(before, Atom.ORD)
        if group and is_break and (of_products or not _is_product(piece.box)):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _is_product(box: Box) -> bool:
    return isinstance(box.node, Symbol) and box.node.text in _PRODUCTS


def _line(pieces: list[_Piece], *, continues: bool) -> Box:
    """Return pieces side by side; those of one link stay one that can be clicked."""
    parts: list[Box] = []
    position = 0
    while position < len(pieces):
        link, end = pieces[position].link, position + 1
        while end < len(pieces) and link is not None and pieces[end].link is link:
            end += 1
        boxes = tuple(piece.box for piece in pieces[position:end])
        if link is None:
            parts += boxes
        else:
            run = row_of(None, DISPLAY, 1.0, boxes, Atom.ORD if continues or parts else None)
            parts.append(replace(run, node=link))
        position = end
    return row_of(None, DISPLAY, 1.0, tuple(parts), Atom.ORD if continues else None)
