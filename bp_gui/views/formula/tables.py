"""Matrices and choices: cells in rows and columns.

Numbers in a column stand with their decimal points under each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from bp_gui.explain.mathematics import Cases, Linked, Matrix
from bp_gui.views.formula.box import Box, Placed
from bp_gui.views.formula.font import MathFont
from bp_gui.views.formula.growing import Growing
from bp_gui.views.formula.rows import enclosed
from bp_gui.views.formula.style import Atom, Style

# Of the text size; LaTeX has lines 1.2 em apart and columns 1 em.
_LINE = 1.26
_STRUT_HEIGHT = 0.86
_STRUT_DEPTH = 0.4
_LEAST_GAP = 0.12
_COLUMN_GAP = 0.95
_INSIDE = 0.16
_CONDITION_GAP = 1.0

_Aligner = Callable[[Sequence[Box]], tuple[list[float], float]]


class Tables:
    """Sets matrices and choices.

    Parameters
    ----------
    font
        The font.
    scales
        The size of each level, in em of the text.
    growing
        Makes the brackets.
    """

    def __init__(self, font: MathFont, scales: tuple[float, ...], growing: Growing) -> None:
        self._font = font
        self._scales = scales
        self._growing = growing

    def matrix(self, node: Matrix, style: Style, parts: tuple[Box, ...]) -> Box:
        """Return the cells between square brackets."""
        columns = len(node.rows[0])
        inner = self._grid(style, parts, (_aligned,) * columns, _COLUMN_GAP)
        fence = self._growing.fence
        left = fence("[", style, inner.height, inner.depth, Atom.OPEN)
        right = fence("]", style, inner.height, inner.depth, Atom.CLOSE)
        box = enclosed(node, style, self._padded(inner), left, right, parts)
        box.left = box.right = Atom.INNER
        return box

    def cases(self, node: Cases, style: Style, parts: tuple[Box, ...]) -> Box:
        """Return values and their conditions behind a brace."""
        inner = self._grid(style, parts, (_flush, _flush), _CONDITION_GAP)
        brace = self._growing.fence("{", style, inner.height, inner.depth, Atom.OPEN)
        return enclosed(node, style, self._padded(inner), brace, None, parts)

    def _padded(self, inner: Box) -> Box:
        side = _INSIDE * self._scales[inner.style.level]
        placed = tuple(Placed(box, x + side, y) for box, x, y in inner.placed)
        width = inner.width + 2 * side
        return Box(None, inner.style, width, inner.height, inner.depth, placed=placed)

    def _grid(
        self, style: Style, cells: tuple[Box, ...], aligners: Sequence[_Aligner], gap: float
    ) -> Box:
        scale = self._scales[style.level]
        n = len(aligners)
        rows = [cells[start : start + n] for start in range(0, len(cells), n)]
        base_lines = self._base_lines(rows, scale)
        top = max(_STRUT_HEIGHT * scale, *(cell.height for cell in rows[0]))
        bottom = max(_STRUT_DEPTH * scale, *(cell.depth for cell in rows[-1]))
        total = top + base_lines[-1] + bottom
        height = total / 2 + self._font.constant("axis_height") * scale
        placed: list[Placed] = []
        x = 0.0
        for column, align in enumerate(aligners):
            boxes = [row[column] for row in rows]
            offsets, width = align(boxes)
            for box, offset, y in zip(boxes, offsets, base_lines, strict=True):
                placed.append(Placed(box, x + offset, y + top - height))
            x += width + gap * scale
        width = x - gap * scale
        return Box(None, style, width, height, total - height, placed=tuple(placed))

    @staticmethod
    def _base_lines(rows: Sequence[Sequence[Box]], scale: float) -> list[float]:
        """Return how far each row's base line lies below the first one."""
        y = 0.0
        lines = [y]
        for above, below in pairwise(rows):
            depth = max(box.depth for box in above)
            height = max(box.height for box in below)
            y += max(_LINE * scale, depth + height + _LEAST_GAP * scale)
            lines.append(y)
        return lines


def _flush(boxes: Sequence[Box]) -> tuple[list[float], float]:
    return [0.0] * len(boxes), max(box.width for box in boxes)


def _aligned(boxes: Sequence[Box]) -> tuple[list[float], float]:
    """Align numbers at their points; centre everything else."""
    points = [_point(box) for box in boxes]
    numbers = [(box, point) for box, point in zip(boxes, points, strict=True) if point is not None]
    if not numbers:
        width = max(box.width for box in boxes)
        return [(width - box.width) / 2 for box in boxes], width
    before = max(point for _, point in numbers)
    after = max(box.width - point for box, point in numbers)
    width = max(before + after, *(box.width for box in boxes))
    middle = (width - before - after) / 2 + before
    offsets = [
        (width - box.width) / 2 if point is None else middle - point
        for box, point in zip(boxes, points, strict=True)
    ]
    return offsets, width


def _point(box: Box) -> float | None:
    """Return where a number's decimal point is, also of one inside a link."""
    while isinstance(box.node, Linked):
        box = box.parts[0]
    return box.point
