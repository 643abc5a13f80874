"""The blocks of a sheet, set and painted: each knows its height and what lies where in it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QStaticText, QTextOption

from bp_gui.views.formula.blocks import Block, Equation, Heading, Prose
from bp_gui.views.formula.box import Box
from bp_gui.views.formula.lines import EquationSetter
from bp_gui.views.formula.picture import Picture, Region
from bp_gui.views.formula.typesetter import Typesetter
from bp_gui.views.theme import Theme

_MATH_SCALE = 1.28  # of the interface type: Inter's letters are larger than those of STIX
_TITLE_SCALE = 1.25
_LINK_MARGIN = 0.12  # em around a link that can be clicked
_DEPTH_INDENT = 1.0  # em
_SELECTED_ALPHA, _HOVERED_ALPHA, _WRONG_ALPHA = 0.24, 0.12, 0.16


@dataclass(frozen=True)
class SheetColours:
    """The colours of a sheet."""

    ink: QColor
    quiet: QColor
    accent: QColor
    selected: QColor
    hovered: QColor
    wrong: QColor
    warning: QColor

    @classmethod
    def of(cls, theme: Theme) -> SheetColours:
        """Return the colours of a theme."""
        return cls(
            ink=QColor(theme.text),
            quiet=QColor(theme.muted),
            accent=QColor(theme.accent),
            selected=_tint(theme.accent, _SELECTED_ALPHA),
            hovered=_tint(theme.accent, _HOVERED_ALPHA),
            wrong=_tint(theme.warning, _WRONG_ALPHA),
            warning=QColor(theme.warning),
        )


def _tint(colour: str, alpha: float) -> QColor:
    tint = QColor(colour)
    tint.setAlphaF(alpha)
    return tint


class Measures:
    """Sizes that all blocks of a sheet share.

    Parameters
    ----------
    font
        The type of the words.
    pixels
        Its size in pixels.
    typesetter
        Sets the formulas.
    width
        The room for every block, in pixels.
    """

    def __init__(self, font: QFont, pixels: float, typesetter: Typesetter, width: float) -> None:
        self.font = font
        self.heading_font = QFont(font)
        self.heading_font.setWeight(QFont.Weight.DemiBold)
        self.title_font = QFont(self.heading_font)
        self.title_font.setPointSizeF(font.pointSizeF() * _TITLE_SCALE)
        self.math_pixels = pixels * _MATH_SCALE
        self.typesetter = typesetter
        self.equations = EquationSetter(typesetter)
        self.width = width

    def indent(self, depth: int) -> float:
        """Return how far a block that is unfolded so deep stands to the right."""
        return depth * _DEPTH_INDENT * self.math_pixels


class TextItem:
    """A heading or a paragraph."""

    def __init__(self, block: Heading | Prose, measures: Measures) -> None:
        self.block = block
        self.regions: list[Region] = []
        self.x = measures.indent(block.depth)
        self._measures = measures
        self._is_heading = isinstance(block, Heading)
        self._quiet = isinstance(block, Prose) and block.quiet
        font = measures.heading_font if self._is_heading else measures.font
        if isinstance(block, Heading) and block.large:
            font = measures.title_font
        self._font = font
        self._text = QStaticText(block.text)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._text.setTextOption(option)
        self._text.setTextWidth(max(measures.width - self.x, 1.0))
        self._text.prepare(font=font)
        self.width = self._text.size().width() + self.x
        self.height = self._text.size().height()

    def updated(self, block: Block) -> TextItem | None:
        """Return the item for another block in this place, if this one serves."""
        return self if block == self.block else None

    @property
    def space_before(self) -> float:
        """The room above it, in pixels."""
        line = QFontMetricsF(self._font).height()
        return line * (1.0 if self._is_heading else 0.7)

    def paint(self, painter: QPainter, top: float, colours: SheetColours) -> None:
        """Paint it below ``top``."""
        painter.setFont(self._font)
        painter.setPen(colours.quiet if self._quiet else colours.ink)
        painter.drawStaticText(QPointF(self.x, top), self._text)


class EquationItem:
    """An equation, whose parts can be clicked."""

    def __init__(
        self, block: Equation, measures: Measures, old: EquationItem | None = None
    ) -> None:
        self.block = block
        self._measures = measures
        self.x = measures.indent(block.depth)
        room = (measures.width - self.x) / measures.math_pixels
        self.box: Box = measures.equations.set(block, room, None if old is None else old.box)
        same = old is not None and old.box is self.box
        font = measures.typesetter.font
        self.picture: Picture = old.picture if old and same else Picture(self.box, font)

    def updated(self, block: Block) -> EquationItem | None:
        """Return the item for another block in this place, if this one is a start."""
        mine = self.block
        if block is mine:
            return self
        if not isinstance(block, Equation) or block.depth != mine.depth:
            return None
        same_signs = block.relation == mine.relation and (block.left is None) == (mine.left is None)
        return EquationItem(block, self._measures, self) if same_signs else None

    @property
    def regions(self) -> list[Region]:
        """What can be clicked or highlighted."""
        return self.picture.regions

    @property
    def width(self) -> float:
        """How wide it is, in pixels."""
        return self.x + self.box.width * self._measures.math_pixels

    @property
    def height(self) -> float:
        """How high it is, in pixels."""
        return (self.box.height + self.box.depth) * self._measures.math_pixels

    @property
    def space_before(self) -> float:
        """The room above it, in pixels."""
        return 0.5 * self._measures.math_pixels

    def paint(self, painter: QPainter, top: float, colours: SheetColours) -> None:
        """Paint it below ``top``."""
        origin = QPointF(self.x, self._base_line(top))
        self.picture.paint(painter, origin, self._measures.math_pixels, colours.ink, colours.quiet)

    def place_of(self, region: Region, top: float) -> QRectF:
        """Return where a part is, with a little room around it."""
        pixels = self._measures.math_pixels
        origin = QPointF(self.x, self._base_line(top))
        rect = region.rect
        place = QRectF(
            origin.x() + rect.x() * pixels,
            origin.y() + rect.y() * pixels,
            rect.width() * pixels,
            rect.height() * pixels,
        )
        margin = _LINK_MARGIN * pixels
        return place.adjusted(-margin, -margin, margin, margin)

    def region_at(self, x: float, y: float, top: float) -> Region | None:
        """Return the part at a place of the sheet."""
        pixels = self._measures.math_pixels
        return self.picture.region_at((x - self.x) / pixels, (y - self._base_line(top)) / pixels)

    def _base_line(self, top: float) -> float:
        """Return where its first base line is, on a whole pixel so that it is sharp."""
        return round(top + self.box.height * self._measures.math_pixels)


Item = TextItem | EquationItem


def made_for(block: Block, measures: Measures) -> Item:
    """Return a block, set."""
    if isinstance(block, Equation):
        return EquationItem(block, measures)
    return TextItem(block, measures)
