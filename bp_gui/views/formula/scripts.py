"""What stands small beside a letter, and the large ∑ with its bounds.

Source: Knuth, The TeXbook (1984), appendix G, whose rules are named below; lengths are those of
the font's MATH table.
"""

from __future__ import annotations

from bp_gui.explain.mathematics import Node
from bp_gui.views.formula.box import Box, Placed
from bp_gui.views.formula.font import MathFont
from bp_gui.views.formula.growing import Growing
from bp_gui.views.formula.style import THIN, Atom, Level, Style


class Scripting:
    """Puts boxes at the upper and lower right of others, or above and below a ∑.

    Parameters
    ----------
    font
        The font.
    scales
        The size of each level, in em of the text.
    growing
        Makes the ∑.
    """

    def __init__(self, font: MathFont, scales: tuple[float, ...], growing: Growing) -> None:
        self._font = font
        self._scales = scales
        self._growing = growing

    def _length(self, name: str, style: Style) -> float:
        return self._font.constant(name) * self._scales[style.level]

    def scripts(
        self,
        node: Node,
        style: Style,
        base: Box,
        sub: Box | None,
        sup: Box | None,
        parts: tuple[Box, ...],
    ) -> Box:
        """Return a base with scripts at its right (rule 18)."""
        up, down = self._script_shifts(style, base, sub, sup)
        after = self._length("space_after_script", style)
        placed = [Placed(base, 0.0, 0.0)]
        width, height, depth = base.width, base.height, base.depth
        if sup is not None:
            placed.append(Placed(sup, base.width, -up))
            width = max(width, base.width + sup.width + after)
            height = max(height, up + sup.height)
        if sub is not None:
            x = base.width - base.lean
            placed.append(Placed(sub, x, down))
            width = max(width, x + sub.width + after)
            depth = max(depth, down + sub.depth)
        return Box(
            node,
            style,
            width,
            height,
            depth,
            parts,
            tuple(placed),
            left=base.left,
            right=base.right,
        )

    def prime(self, node: Node, style: Style, base: Box, sub: Box | None, prime: Box) -> Box:
        """Return a base with a prime, whose glyph is raised by itself, and perhaps a subscript."""
        parts = (base, prime) if sub is None else (base, sub, prime)
        _, down = self._script_shifts(style, base, sub, None)
        after = self._length("space_after_script", style)
        placed = [Placed(base, 0.0, 0.0), Placed(prime, base.width, 0.0)]
        width, depth = base.width + prime.width, base.depth
        if sub is not None:
            x = base.width - base.lean
            placed.append(Placed(sub, x, down))
            width, depth = max(width, x + sub.width + after), max(depth, down + sub.depth)
        height = max(base.height, prime.height)
        return Box(
            node,
            style,
            width,
            height,
            depth,
            parts,
            tuple(placed),
            left=base.left,
            right=base.right,
        )

    def _script_shifts(
        self, style: Style, base: Box, sub: Box | None, sup: Box | None
    ) -> tuple[float, float]:
        """Return how far a superscript goes up and a subscript down."""
        up = down = 0.0
        if not base.ink:  # not a single letter: measured from its edges
            up = base.height - self._length("superscript_baseline_drop_max", style)
            down = base.depth + self._length("subscript_baseline_drop_min", style)
        if sup is not None:
            shift = "superscript_shift_up_cramped" if style.cramped else "superscript_shift_up"
            lowest = self._length("superscript_bottom_min", style)
            up = max(up, self._length(shift, style), sup.depth + lowest)
        if sub is None:
            return up, down
        down = max(down, self._length("subscript_shift_down", style))
        if sup is None:
            return up, max(down, sub.height - self._length("subscript_top_max", style))
        least = self._length("sub_superscript_gap_min", style)
        gap = (up - sup.depth) - (sub.height - down)
        if gap < least:
            down += least - gap
            bottom = self._length("superscript_bottom_max_with_subscript", style)
            lift = bottom - (up - sup.depth)
            if lift > 0:
                up, down = up + lift, down - lift
        return up, down

    def sum(
        self,
        node: Node,
        style: Style,
        body: Box,
        under: Box | None,
        over: Box | None,
        parts: tuple[Box, ...],
    ) -> Box:
        """Return a large ∑ with its bounds, and the term after it (rule 13)."""
        scale = self._scales[style.level]
        is_display = style.level is Level.DISPLAY
        sizes = self._font.growth("∑").sizes
        wanted = self._font.in_em(sizes[-1][1]) * scale if is_display else 0.0
        sign = self._growing.sign("∑", style, wanted)
        if is_display:
            head = self._limits(style, sign, under, over)
        else:
            head = self.scripts(node, style, sign, under, over, ())
        x = head.width + THIN * scale
        return Box(
            node,
            style,
            x + body.width,
            max(head.height, body.height),
            max(head.depth, body.depth),
            parts,
            (*head.placed, Placed(body, x, 0.0)),
            left=Atom.OP,
            right=body.right,
        )

    def _limits(self, style: Style, sign: Box, under: Box | None, over: Box | None) -> Box:
        """Return a sign with its bounds above and below (rule 13a)."""
        width = max(box.width for box in (sign, under, over) if box is not None)
        placed = [Placed(sign, (width - sign.width) / 2, 0.0)]
        height, depth = sign.height, sign.depth
        if over is not None:
            gap = self._length("upper_limit_gap_min", style)
            rise = self._length("upper_limit_baseline_rise_min", style)
            up = sign.height + max(gap + over.depth, rise)
            placed.append(Placed(over, (width - over.width) / 2, -up))
            height = up + over.height
        if under is not None:
            gap = self._length("lower_limit_gap_min", style)
            drop = self._length("lower_limit_baseline_drop_min", style)
            down = sign.depth + max(gap + under.height, drop)
            placed.append(Placed(under, (width - under.width) / 2, down))
            depth = down + under.depth
        return Box(None, style, width, height, depth, placed=tuple(placed))
