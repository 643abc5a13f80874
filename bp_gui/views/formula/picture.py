"""A formula ready to be painted: glyphs gathered by size, and which part lies where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QGlyphRun, QPainter

from bp_gui.engine.names import Ref
from bp_gui.explain.mathematics import Linked, Node, Under
from bp_gui.views.formula.box import Box
from bp_gui.views.formula.font import MathFont


@dataclass(frozen=True)
class Region:
    """A part of a formula that means something.

    Attributes
    ----------
    rect
        Where it is, in em from the beginning of the formula's base line, y downwards.
    target
        Where a click on it leads.
    ref
        The quantity that it shows, if it is one.
    is_link
        Whether it was made to be clicked, or only names a quantity.
    node
        What it shows.
    """

    rect: QRectF
    target: Hashable
    ref: Ref | None
    is_link: bool
    node: Node


class _Glyphs:
    """Glyphs of one size and weight, with their origins."""

    def __init__(self) -> None:
        self.indices: list[int] = []
        self.places: list[tuple[float, float]] = []


class Picture:
    """A set formula with its glyphs gathered, so that painting it is a few calls.

    Parameters
    ----------
    box
        The formula.
    font
        The font it was set in.
    """

    def __init__(self, box: Box, font: MathFont) -> None:
        self.box = box
        self.regions: list[Region] = []
        self._font = font
        self._glyphs: dict[tuple[float, bool], _Glyphs] = defaultdict(_Glyphs)
        self._rules: list[QRectF] = []
        self._gather(box, 0.0, 0.0, quiet=False, within=None)
        self._runs: list[tuple[QGlyphRun, bool]] = []
        self._pixels = 0.0

    def _gather(self, box: Box, x: float, y: float, *, quiet: bool, within: Ref | None) -> None:
        """Collect what a box and the boxes inside it paint, its origin being at (x, y)."""
        is_link = isinstance(box.node, Linked)
        if is_link or (box.ref is not None and box.ref != within):
            self._note_region(box, x, y)
        for ink in box.ink:
            glyphs = self._glyphs[ink.scale, quiet]
            glyphs.indices += ink.indices
            glyphs.places += [(x + dx, y + dy) for dx, dy in ink.places]
        for rule in box.rules:
            self._rules.append(QRectF(x + rule.x, y + rule.y, rule.width, rule.height))
        for inner, dx, dy in box.placed:
            is_label = isinstance(box.node, Under) and inner is box.parts[1]
            self._gather(inner, x + dx, y + dy, quiet=quiet or is_label, within=box.ref)

    def _note_region(self, box: Box, x: float, y: float) -> None:
        rect = QRectF(x, y - box.height, box.width, box.height + box.depth)
        node = box.node
        if isinstance(node, Linked):
            self.regions.append(Region(rect, node.target, box.ref, is_link=True, node=node))
        elif node is not None:
            self.regions.append(Region(rect, box.ref, box.ref, is_link=False, node=node))

    def region_at(self, x: float, y: float) -> Region | None:
        """Return what is at a place, in em: the innermost link, or else the innermost quantity."""
        found = [region for region in self.regions if region.rect.contains(x, y)]
        chosen = [region for region in found if region.is_link] or found
        return chosen[-1] if chosen else None

    def paint(
        self, painter: QPainter, origin: QPointF, pixels: float, ink: QColor, quiet: QColor
    ) -> None:
        """Paint the formula.

        Parameters
        ----------
        painter
            Its unit is a pixel of the widget.
        origin
            Where the base line begins.
        pixels
            The size of the type.
        ink, quiet
            The colours of the formula and of labels under its parts.
        """
        if pixels != self._pixels:
            self._make_runs(pixels)
        for run, is_quiet in self._runs:
            painter.setPen(quiet if is_quiet else ink)
            painter.drawGlyphRun(origin, run)
        for rule in self._rules:
            painter.fillRect(self._on_pixels(rule, origin, pixels, painter), ink)

    def _make_runs(self, pixels: float) -> None:
        self._pixels = pixels
        self._runs = []
        for (scale, quiet), glyphs in self._glyphs.items():
            run = QGlyphRun()
            run.setRawFont(self._font.at_size(pixels * scale))
            run.setGlyphIndexes(glyphs.indices)
            run.setPositions([QPointF(x * pixels, y * pixels) for x, y in glyphs.places])
            self._runs.append((run, quiet))

    @staticmethod
    def _on_pixels(rule: QRectF, origin: QPointF, pixels: float, painter: QPainter) -> QRectF:
        """Return a rule whose edges lie between the pixels of the screen, so that it is sharp."""
        ratio = painter.device().devicePixelRatio()
        shift = painter.transform()

        def on_pixel(place: float, origin: float, shift: float) -> float:
            return round((origin + place * pixels) * ratio + shift) / ratio - shift / ratio

        def length(size: float) -> float:
            return max(round(size * pixels * ratio), 1) / ratio

        left = on_pixel(rule.x(), origin.x(), shift.dx())
        top = on_pixel(rule.y(), origin.y(), shift.dy())
        return QRectF(left, top, length(rule.width()), length(rule.height()))
