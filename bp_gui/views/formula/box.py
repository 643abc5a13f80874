"""A set formula: boxes inside boxes, measured in em, ready to be painted at any size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from bp_gui.engine.names import Ref
from bp_gui.explain.mathematics import Node
from bp_gui.views.formula.style import Atom, Style


class Ink(NamedTuple):
    """Glyphs of one size on a box's base line.

    Attributes
    ----------
    scale
        Their size in em of the text.
    indices
        Their numbers in the font.
    places
        The origin of each, x to the right and y downwards, from the box's origin.
    """

    scale: float
    indices: tuple[int, ...]
    places: tuple[tuple[float, float], ...]


class Rule(NamedTuple):
    """A filled rectangle, such as a fraction's line; x, y of its upper left corner."""

    x: float
    y: float
    width: float
    height: float


class Placed(NamedTuple):
    """A box inside another: where its origin lies, y downwards."""

    box: Box
    x: float
    y: float


@dataclass(slots=True, eq=False)
class Box:
    """A part of a formula with its place for everything inside.

    Attributes
    ----------
    node, style
        What it shows, and how.
    width, height, depth
        Its size: height above the base line, depth below.
    parts
        The boxes of the node's children, in the order of `mathematics.children`.
    placed
        Where those parts, and signs that the box adds, are painted.
    ink, rules
        What the box itself paints.
    left, right
        Its classes towards its neighbours.
    lean
        How much of the width is a slanted letter's overhang; a subscript goes below it.
    point
        Where the decimal point of a number stands, for columns.
    text
        What a number shows.
    ref
        The one quantity that everything inside stands for, if it is one.
    """

    node: Node | None
    style: Style
    width: float
    height: float
    depth: float
    parts: tuple[Box, ...] = ()
    placed: tuple[Placed, ...] = ()
    ink: tuple[Ink, ...] = ()
    rules: tuple[Rule, ...] = ()
    left: Atom = Atom.ORD
    right: Atom = Atom.ORD
    lean: float = 0.0
    point: float | None = None
    text: str = ""
    ref: Ref | None = None
