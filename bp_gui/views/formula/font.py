"""The mathematics font: glyphs and their measures in em, loaded when the first formula is set.

STIX Two Math, SIL Open Font License, see resources/fonts. Measures are unhinted and independent of
any size on a screen, so that a formula is laid out once and painted at every scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

from PySide6.QtGui import QFont, QRawFont

from bp_gui.views.formula.math_table import Growth, MathTable
from bp_gui.views.theme import RESOURCES

FONT_FILE = RESOURCES / "fonts" / "STIXTwoMath-Regular.ttf"
_REPLACEMENT = "\N{WHITE SQUARE}"


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph, measured in em from its origin on the base line.

    Attributes
    ----------
    index
        Its number in the font.
    advance
        How far the pen moves.
    height, depth
        How far its ink rises above the base line, and how far it falls below.
    left, right
        Where its ink begins and ends.
    lean
        Italic correction: by how much it leans over its advance at the top.
    accent
        Where along it an accent belongs.
    """

    index: int
    advance: float
    height: float
    depth: float
    left: float
    right: float
    lean: float
    accent: float


class MathFont:
    """Glyphs of the font with their measures, each looked up once."""

    def __init__(self) -> None:
        # At one pixel a design unit Qt reports measures without rounding.
        probe = QRawFont(str(FONT_FILE), 1000.0, QFont.HintingPreference.PreferNoHinting)
        if not probe.isValid():
            raise FileNotFoundError(f"{FONT_FILE} is not there or is no font")
        self._units = probe.unitsPerEm()
        probe.setPixelSize(self._units)
        self._probe = probe
        self._table = MathTable(bytes(probe.fontTable("MATH").data()))
        self._glyphs: dict[int, Glyph] = {}
        self._characters: dict[str, Glyph] = {}
        self._sizes: dict[float, QRawFont] = {}

    def constant(self, name: str) -> float:
        """Return a length of the MATH table in em."""
        return self._constants[name]

    @cached_property
    def _constants(self) -> dict[str, float]:
        return {name: value / self._units for name, value in self._table.constants.items()}

    @property
    def script_scales(self) -> tuple[float, float]:
        """Size of scripts, and of scripts of scripts, in parts of the text size."""
        return self._table.script_scales

    @property
    def least_overlap(self) -> float:
        """How far the pieces of an assembled sign lie over each other, in em."""
        return self._table.least_overlap / self._units

    def glyph(self, character: str) -> Glyph:
        """Return the glyph of a character; a square for one that the font lacks."""
        found = self._characters.get(character)
        if found is None:
            indices = self._probe.glyphIndexesForString(character)
            if not indices[0]:
                indices = self._probe.glyphIndexesForString(_REPLACEMENT)
            found = self._characters[character] = self.glyph_at(indices[0])
        return found

    def glyph_at(self, index: int) -> Glyph:
        """Return the glyph with a number."""
        found = self._glyphs.get(index)
        if found is None:
            found = self._glyphs[index] = self._measured(index)
        return found

    def growth(self, character: str) -> Growth:
        """Return how a sign grows upwards, in design units."""
        return self._table.growth(self.glyph(character).index)

    def in_em(self, units: float) -> float:
        """Return design units as em."""
        return units / self._units

    def at_size(self, pixels: float) -> QRawFont:
        """Return the font to paint with."""
        found = self._sizes.get(pixels)
        if found is None:
            found = QRawFont(self._probe)
            found.setPixelSize(pixels)
            self._sizes[pixels] = found
        return found

    def _measured(self, index: int) -> Glyph:
        units = self._units
        ink = self._probe.boundingRect(index)
        advance = self._probe.advancesForGlyphIndexes([index])[0].x()
        lean = self._table.italic_corrections.get(index, 0)
        accent = self._table.accent_positions.get(index, (advance + lean) / 2)
        return Glyph(
            index,
            advance / units,
            -ink.top() / units,
            ink.bottom() / units,
            ink.left() / units,
            ink.right() / units,
            lean / units,
            accent / units,
        )


@cache
def math_font() -> MathFont:
    """Return the font, loading it the first time."""
    return MathFont()
