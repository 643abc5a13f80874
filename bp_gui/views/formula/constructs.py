"""Fractions, fences, roots, accents and labels.

Source: Knuth, The TeXbook (1984), appendix G, whose rules are named below; lengths are those of
the font's MATH table.
"""

from __future__ import annotations

from bp_gui.explain.mathematics import Accent, Fenced, Fraction, Mark, Root, Under
from bp_gui.views.formula.box import Box, Ink, Placed, Rule
from bp_gui.views.formula.font import MathFont
from bp_gui.views.formula.growing import Growing
from bp_gui.views.formula.rows import enclosed
from bp_gui.views.formula.style import Atom, Level, Style

_SIDES = 0.12  # \nulldelimiterspace: room at both sides of a fraction
_MARKS = {Mark.HAT: "\N{COMBINING CIRCUMFLEX ACCENT}", Mark.BAR: "\N{COMBINING MACRON}"}


class Constructs:
    """Puts boxes beside, above and below each other.

    Parameters
    ----------
    font
        The font.
    scales
        The size of each level, in em of the text.
    growing
        Makes fences and radicals.
    """

    def __init__(self, font: MathFont, scales: tuple[float, ...], growing: Growing) -> None:
        self._font = font
        self._scales = scales
        self._growing = growing

    def _length(self, name: str, style: Style) -> float:
        return self._font.constant(name) * self._scales[style.level]

    def fraction(self, node: Fraction, style: Style, parts: tuple[Box, ...]) -> Box:
        """Return one part over the other (rule 15)."""
        top, bottom = parts
        size = "_display" if style.level is Level.DISPLAY else ""
        axis = self._length("axis_height", style)
        thickness = self._length("fraction_rule_thickness", style)
        clear = axis + thickness / 2 + self._length(f"fraction_numerator{size}_gap_min", style)
        up = max(self._length(f"fraction_numerator{size}_shift_up", style), clear + top.depth)
        clear = thickness / 2 - axis + self._length(f"fraction_denominator{size}_gap_min", style)
        down = max(
            self._length(f"fraction_denominator{size}_shift_down", style), clear + bottom.height
        )
        inner = max(top.width, bottom.width)
        side = _SIDES * self._scales[style.level]
        return Box(
            node,
            style,
            inner + 2 * side,
            up + top.height,
            down + bottom.depth,
            parts,
            (
                Placed(top, side + (inner - top.width) / 2, -up),
                Placed(bottom, side + (inner - bottom.width) / 2, down),
            ),
            rules=(Rule(side, -axis - thickness / 2, inner, thickness),),
            left=Atom.INNER,
            right=Atom.INNER,
        )

    def fenced(self, node: Fenced, style: Style, parts: tuple[Box, ...]) -> Box:
        """Return a part between fences as high as it is (rule 19)."""
        (inner,) = parts
        opening, closing = node.fence.value
        fence = self._growing.fence
        left = fence(opening, style, inner.height, inner.depth, Atom.OPEN)
        right = fence(closing, style, inner.height, inner.depth, Atom.CLOSE)
        return enclosed(node, style, inner, left, right, parts)

    def root(self, node: Root, style: Style, parts: tuple[Box, ...]) -> Box:
        """Return the square root of a part (rule 11)."""
        (inner,) = parts
        display = "display_" if style.level is Level.DISPLAY else ""
        gap = self._length(f"radical_{display}vertical_gap", style)
        thickness = self._length("radical_rule_thickness", style)
        wanted = inner.height + inner.depth + gap + thickness
        sign = self._growing.sign("√", style, wanted)
        gap += max(sign.height + sign.depth - wanted, 0.0) / 2
        top = inner.height + gap + thickness
        return Box(
            node,
            style,
            sign.width + inner.width,
            top + self._length("radical_extra_ascender", style),
            max(inner.depth, sign.height + sign.depth - top),
            parts,
            (Placed(sign, 0.0, sign.height - top), Placed(inner, sign.width, 0.0)),
            rules=(Rule(sign.width, -top, inner.width, thickness),),
        )

    def accent(self, node: Accent, style: Style, parts: tuple[Box, ...]) -> Box:
        """Return a part with a mark over it (rule 12)."""
        (inner,) = parts
        scale = self._scales[style.level]
        mark = self._font.glyph(_MARKS[node.mark])
        rise = max(inner.height - self._length("accent_base_height", style), 0.0)
        x = self._accent_place(inner) - mark.accent * scale
        ink = Ink(scale, (mark.index,), ((x, -rise),))
        height = max(inner.height, rise + mark.height * scale)
        return Box(
            node,
            style,
            inner.width,
            height,
            inner.depth,
            parts,
            (Placed(inner, 0.0, 0.0),),
            (ink,),
            left=inner.left,
            right=inner.right,
            lean=inner.lean,
        )

    def _accent_place(self, inner: Box) -> float:
        if len(inner.ink) == 1 and len(inner.ink[0].indices) == 1:
            return self._font.glyph_at(inner.ink[0].indices[0]).accent * inner.ink[0].scale
        return inner.width / 2

    def under(self, node: Under, style: Style, parts: tuple[Box, ...]) -> Box:
        """Return a part with a small label centred below it."""
        inner, label = parts
        gap = self._length("lower_limit_gap_min", style)
        down = inner.depth + gap + label.height
        width = max(inner.width, label.width)
        return Box(
            node,
            style,
            width,
            inner.height,
            down + label.depth,
            parts,
            (
                Placed(inner, (width - inner.width) / 2, 0.0),
                Placed(label, (width - label.width) / 2, down),
            ),
            left=inner.left,
            right=inner.right,
        )
