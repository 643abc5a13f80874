"""The blocks of a sheet one below the other: set as far as they are looked at, and where they lie.

Places are in pixels from the upper left corner of the first block's column.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from bp_gui.views.formula.blocks import Block
from bp_gui.views.formula.items import EquationItem, Item, Measures, made_for
from bp_gui.views.formula.picture import Region

MARGIN = 6
_GUESSED_LINES = 3.0  # the height of a block that was never set


class Spot(NamedTuple):
    """A part of an equation on the page, which is the block at ``position``."""

    position: int
    item: EquationItem
    region: Region


class Page:
    """Blocks with their places.

    Attributes
    ----------
    blocks
        All of them.
    items
        The first ones, set; the others wait until they are looked at.
    tops
        Where each of those begins.
    """

    def __init__(self) -> None:
        self.blocks: tuple[Block, ...] = ()
        self.items: list[Item] = []
        self.tops: list[float] = []
        self._before: list[Item] = []

    @property
    def is_complete(self) -> bool:
        """Whether all blocks are set."""
        return len(self.items) == len(self.blocks)

    def show(self, blocks: Sequence[Block], measures: Measures, bottom: float) -> None:
        """Take other blocks; those that are equal to the ones before are not set again."""
        self.blocks = tuple(blocks)
        self._before = self.items + self._before[len(self.items) :]
        self.items, self.tops = [], []
        self.set_until(bottom, measures)

    def forget(self) -> None:
        """Set everything anew the next time: sizes or digits have changed."""
        self.items, self.tops, self._before = [], [], []

    def set_until(self, bottom: float, measures: Measures) -> None:
        """Set blocks from above until the page is full down to a place."""
        y = self._end()
        for block in self.blocks[len(self.items) :]:
            if y > bottom:
                return
            position = len(self.items)
            known = self._before[position] if position < len(self._before) else None
            item = (None if known is None else known.updated(block)) or made_for(block, measures)
            y += item.space_before if position else 0.0
            self.items.append(item)
            self.tops.append(y)
            y += item.height
        self._before = []

    def set_more(self, height: float, measures: Measures) -> None:
        """Set the next block, and those that fit below it into a height."""
        self.set_until(self._end() + height, measures)

    def set_all(self, measures: Measures) -> None:
        """Set every block."""
        self.set_until(math.inf, measures)

    def _end(self) -> float:
        return self.tops[-1] + self.items[-1].height if self.items else float(MARGIN)

    @property
    def width(self) -> float:
        """The width of the widest block that is set, or was and waits to be set again."""
        waiting = self._before[len(self.items) : len(self.blocks)]
        return max((item.width for item in (*self.items, *waiting)), default=0.0)

    def height(self, measures: Measures) -> float:
        """Return the height of all blocks, guessed for those that are not set yet."""
        waiting = range(len(self.items), len(self.blocks))
        known = [self._before[n] for n in waiting if n < len(self._before)]
        guess = _GUESSED_LINES * QFontMetricsF(measures.font).height()
        rest = (len(waiting) - len(known)) * guess
        return self._end() + rest + sum(item.space_before + item.height for item in known)

    def spot_at(self, place: QPointF) -> Spot | None:
        """Return the link or quantity at a place."""
        position = self.position_at(place.y())
        item = None if position is None else self.items[position]
        if position is None or not isinstance(item, EquationItem):
            return None
        region = item.region_at(place.x(), place.y(), self.tops[position])
        return None if region is None else Spot(position, item, region)

    def position_at(self, y: float) -> int | None:
        """Return which block is at a height."""
        for position, (item, top) in enumerate(zip(self.items, self.tops, strict=True)):
            if top <= y <= top + item.height:
                return position
        return None

    def place_of(self, target: Hashable) -> QRectF | None:
        """Return where a target is first seen."""
        return next(self.places_of(target), None)

    def places_of(self, target: Hashable) -> Iterator[QRectF]:
        """Yield every place of a target, from top to bottom."""
        for position, item in enumerate(self.items):
            for region in item.regions:
                if region.target == target and isinstance(item, EquationItem):
                    yield self.place(Spot(position, item, region))

    def place(self, spot: Spot) -> QRectF:
        """Return where a part is, with a little room around it."""
        return spot.item.place_of(spot.region, self.tops[spot.position])

    def links(self, position: int) -> list[Region]:
        """Return what the keyboard can reach in a block: its links, or else its quantities."""
        regions = self.items[position].regions
        links = [region for region in regions if region.is_link]
        return links or regions

    def spot(self, position: int, number: int) -> Spot | None:
        """Return the link of that number in a block, or its last one."""
        item = self.items[position] if position < len(self.items) else None
        if not isinstance(item, EquationItem) or not self.links(position):
            return None
        links = self.links(position)
        return Spot(position, item, links[min(number, len(links) - 1)])
