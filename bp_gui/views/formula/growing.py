"""Signs that grow with what they enclose: brackets, braces, bars, the radical and the large ∑."""

from __future__ import annotations

from math import ceil

from bp_gui.views.formula.box import Box, Ink, Rule
from bp_gui.views.formula.font import MathFont
from bp_gui.views.formula.math_table import Part
from bp_gui.views.formula.style import Atom, Style

# The TeXbook, page 152: a fence covers nine tenths of what it encloses, or all but half an em.
_DELIMITER_FACTOR = 0.901
_DELIMITER_SHORTFALL = 0.5
# Books let plain parentheses enclose subscripts; only from here on does a larger size look right.
_PLAIN_COVERS = 1.3
_STRAIGHT = "[]|‖"


class Growing:
    """Chooses a size of a sign, or assembles one.

    Parameters
    ----------
    font
        The font.
    scales
        The size of each level, in em of the text.
    """

    def __init__(self, font: MathFont, scales: tuple[float, ...]) -> None:
        self._font = font
        self._scales = scales
        self._made: dict[tuple[str, Style, float], Box] = {}

    def fence(self, sign: str, style: Style, height: float, depth: float, atom: Atom) -> Box:
        """Return a fence for something so high and deep, centred on the axis."""
        scale = self._scales[style.level]
        axis = self._font.constant("axis_height") * scale
        full = 2 * max(height - axis, depth + axis)
        wanted = max(_DELIMITER_FACTOR * full, full - _DELIMITER_SHORTFALL * scale)
        plain = self._font.glyph(sign)
        is_plain = wanted <= _PLAIN_COVERS * (plain.height + plain.depth) * scale
        if not is_plain and sign in _STRAIGHT:
            return self._with_class(self._ruled(sign, style, full), atom)
        return self._with_class(self.sign(sign, style, 0.0 if is_plain else wanted), atom)

    def sign(self, sign: str, style: Style, wanted: float) -> Box:
        """Return a sign at least so high, centred on the axis."""
        key = (sign, style, round(wanted, 3))
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._grown(sign, style, wanted)
        return found

    def _grown(self, sign: str, style: Style, wanted: float) -> Box:
        scale = self._scales[style.level]
        growth = self._font.growth(sign)
        for glyph, size in growth.sizes:
            if self._font.in_em(size) * scale >= wanted:
                return self._one_glyph(glyph, style)
        if not growth.parts:
            return self._one_glyph(growth.sizes[-1][0], style)
        return self._assembled(growth.parts, style, wanted)

    def _ruled(self, sign: str, style: Style, full: float) -> Box:
        """Return a straight fence of lines, which are sharp where pieces of type have seams."""
        scale = self._scales[style.level]
        glyph = self._font.glyph(sign)
        half, axis = full / 2, self._font.constant("axis_height") * scale
        height, depth = half + axis, half - axis
        thick = self._font.constant("fraction_rule_thickness") * scale
        left, right = glyph.left * scale, glyph.right * scale
        stem = right - thick if sign == "]" else left
        rules = [Rule(stem, -height, thick, full)]
        if sign in "[]":
            foot = right - left
            rules += [Rule(left, -height, foot, thick), Rule(left, depth - thick, foot, thick)]
        elif sign == "‖":
            rules.append(Rule(right - thick, -height, thick, full))
        return Box(None, style, glyph.advance * scale, height, depth, rules=tuple(rules))

    def _one_glyph(self, index: int, style: Style) -> Box:
        scale = self._scales[style.level]
        glyph = self._font.glyph_at(index)
        axis = self._font.constant("axis_height")
        half = (glyph.height + glyph.depth) / 2
        down = (glyph.height - half - axis) * scale
        ink = Ink(scale, (index,), ((0.0, down),))
        height, depth = (axis + half) * scale, (half - axis) * scale
        return Box(None, style, glyph.advance * scale, height, depth, ink=(ink,))

    def _assembled(self, parts: tuple[Part, ...], style: Style, wanted: float) -> Box:
        """Put pieces on each other from below, as many and as far apart as the height needs.

        Source: OpenType, MATH table, "Glyph assembly".
        """
        scale = self._scales[style.level]
        least = self._font.least_overlap
        ends = sum(self._length(part) for part in parts if not part.repeats)
        repeated = sum(self._length(part) - least for part in parts if part.repeats)
        ends -= least * (sum(not part.repeats for part in parts) - 1)
        times = max(ceil((wanted / scale - ends) / repeated), 0)
        pieces = [part for part in parts for _ in range(times if part.repeats else 1)]
        joints = max(len(pieces) - 1, 1)
        surplus = ends + times * repeated - wanted / scale
        overlap = least + max(surplus, 0.0) / joints
        total = sum(map(self._length, pieces)) - overlap * (len(pieces) - 1)
        axis = self._font.constant("axis_height")
        y = total / 2 - axis  # the lower edge, downwards from the base line
        places = []
        for piece in pieces:
            places.append((0.0, (y - self._font.glyph_at(piece.glyph).depth) * scale))
            y -= self._length(piece) - overlap
        ink = Ink(scale, tuple(piece.glyph for piece in pieces), tuple(places))
        width = max(self._font.glyph_at(piece.glyph).advance for piece in pieces) * scale
        height, depth = (total / 2 + axis) * scale, (total / 2 - axis) * scale
        return Box(None, style, width, height, depth, ink=(ink,))

    def _length(self, part: Part) -> float:
        return self._font.in_em(part.length)

    @staticmethod
    def _with_class(box: Box, atom: Atom) -> Box:
        return Box(
            None,
            box.style,
            box.width,
            box.height,
            box.depth,
            ink=box.ink,
            rules=box.rules,
            left=atom,
            right=atom,
        )
