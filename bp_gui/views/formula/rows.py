"""Parts side by side, and parts between fences.

Source: Knuth, The TeXbook (1984), appendix G, rules 5, 6 and 20.
"""

from __future__ import annotations

from collections.abc import Sequence

from bp_gui.explain.mathematics import Node, Words
from bp_gui.views.formula.box import Box, Placed
from bp_gui.views.formula.style import THICK, Atom, Style, is_sign, room_between


def row_places(
    boxes: Sequence[Box], style: Style, scale: float, before: Atom | None = None
) -> tuple[list[float], float]:
    """Return where the parts of a row begin, and how wide it is.

    An operator without an operand at one side is a sign and stands close.
    """
    x = 0.0
    places = []
    for position, box in enumerate(boxes):
        following = boxes[position + 1].left if position + 1 < len(boxes) else None
        left = box.left
        if left is Atom.BIN and is_sign(before, following):
            left = Atom.ORD
        if before is not None and position:
            x += scale * _room(boxes[position - 1], box, before, left, style)
        places.append(x)
        x += box.width
        before = left if box.left is box.right else box.right
    return places, x


def _room(one: Box, two: Box, left: Atom, right: Atom, style: Style) -> float:
    if isinstance(one.node, Words) or isinstance(two.node, Words):
        return 0.0 if Atom.PUNCT in (left, right) else THICK
    return room_between(left, right, small=style.is_small)


def row_of(
    node: Node | None,
    style: Style,
    scale: float,
    parts: tuple[Box, ...],
    before: Atom | None = None,
) -> Box:
    """Return parts side by side.

    Parameters
    ----------
    node, style, scale
        What they show, and their size.
    parts
        The boxes.
    before
        The class of what stands before them on another line, if they continue it.
    """
    if not parts:
        return Box(node, style, 0.0, 0.0, 0.0)
    places, width = row_places(parts, style, scale, before)
    return Box(
        node,
        style,
        width,
        max(part.height for part in parts),
        max(part.depth for part in parts),
        parts,
        tuple(map(Placed, parts, places, (0.0,) * len(parts))),
        left=parts[0].left,
        right=parts[-1].right,
    )


def enclosed(
    node: Node, style: Style, inner: Box, left: Box, right: Box | None, parts: tuple[Box, ...]
) -> Box:
    """Return a part between two fences, or behind one."""
    closing = () if right is None else (Placed(right, left.width + inner.width, 0.0),)
    fences = (left,) if right is None else (left, right)
    return Box(
        node,
        style,
        inner.width + sum(fence.width for fence in fences),
        max(inner.height, *(fence.height for fence in fences)),
        max(inner.depth, *(fence.depth for fence in fences)),
        parts,
        (Placed(left, 0.0, 0.0), Placed(inner, left.width, 0.0), *closing),
        left=Atom.OPEN,
        right=Atom.INNER if right is None else Atom.CLOSE,
    )
