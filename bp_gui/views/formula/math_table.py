"""What a font's MATH table says about setting mathematics.

Source: the OpenType specification 1.9, chapter "MATH - The mathematical typesetting table". All
lengths are in the font's design units.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

_RECORDS_START = 8  # four plain numbers come before the MathValueRecords
_RECORD = struct.Struct(">hH")  # a value and where its device table is, which scaling needs not
# Positions among the MathValueRecords, in the order of the specification.
_RECORDS = {
    "axis_height": 1,
    "accent_base_height": 2,
    "subscript_shift_down": 4,
    "subscript_top_max": 5,
    "subscript_baseline_drop_min": 6,
    "superscript_shift_up": 7,
    "superscript_shift_up_cramped": 8,
    "superscript_bottom_min": 9,
    "superscript_baseline_drop_max": 10,
    "sub_superscript_gap_min": 11,
    "superscript_bottom_max_with_subscript": 12,
    "space_after_script": 13,
    "upper_limit_gap_min": 14,
    "upper_limit_baseline_rise_min": 15,
    "lower_limit_gap_min": 16,
    "lower_limit_baseline_drop_min": 17,
    "fraction_numerator_shift_up": 28,
    "fraction_numerator_display_shift_up": 29,
    "fraction_denominator_shift_down": 30,
    "fraction_denominator_display_shift_down": 31,
    "fraction_numerator_gap_min": 32,
    "fraction_numerator_display_gap_min": 33,
    "fraction_rule_thickness": 34,
    "fraction_denominator_gap_min": 35,
    "fraction_denominator_display_gap_min": 36,
    "overbar_vertical_gap": 39,
    "overbar_rule_thickness": 40,
    "radical_vertical_gap": 45,
    "radical_display_vertical_gap": 46,
    "radical_rule_thickness": 47,
    "radical_extra_ascender": 48,
}


@dataclass(frozen=True)
class Part:
    """A piece of a sign that grows without bound.

    Attributes
    ----------
    glyph
        Its number in the font.
    start, end
        How much of either end may lie over the neighbouring piece.
    length
        Its whole length.
    repeats
        Whether it may be left out or used many times.
    """

    glyph: int
    start: int
    end: int
    length: int
    repeats: bool


@dataclass(frozen=True)
class Growth:
    """How a sign grows upwards: ready-made sizes first, then an assembly of pieces.

    Attributes
    ----------
    sizes
        Glyph and height of every ready-made size, the smallest first.
    parts
        The pieces from the bottom to the top; empty where the sign cannot be assembled.
    """

    sizes: tuple[tuple[int, int], ...]
    parts: tuple[Part, ...]


class MathTable:
    """The MATH table of one font, read where it is needed.

    Parameters
    ----------
    data
        The bytes of the table.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._constants, self._glyph_info, self._variants = self._numbers(">HHH", 4)

    @cached_property
    def constants(self) -> dict[str, int]:
        """The named lengths, in snake case: ``axis_height``, ``fraction_rule_thickness`` …."""
        start = self._constants + _RECORDS_START
        return {
            name: _RECORD.unpack_from(self._data, start + _RECORD.size * position)[0]
            for name, position in _RECORDS.items()
        }

    @cached_property
    def script_scales(self) -> tuple[float, float]:
        """How large scripts are, and scripts of scripts, as parts of the text size."""
        script, script_script = self._numbers(">hh", self._constants)
        return script / 100, script_script / 100

    @cached_property
    def italic_corrections(self) -> dict[int, int]:
        """By how much a slanted glyph leans over its advance."""
        return self._values(0)

    @cached_property
    def accent_positions(self) -> dict[int, int]:
        """Where along a glyph an accent belongs."""
        return self._values(2)

    @cached_property
    def least_overlap(self) -> int:
        """How far the pieces of an assembly must at least lie over each other."""
        return int(self._numbers(">H", self._variants)[0])

    def growth(self, glyph: int) -> Growth:
        """Return how a glyph grows upwards; a glyph that does not grow has one size of height 0."""
        offset = self._growing.get(glyph)
        if offset is None:
            return Growth(((glyph, 0),), ())
        assembly, count = self._numbers(">HH", offset)
        sizes = tuple(self._pairs(">HH", offset + 4, count))
        return Growth(sizes, self._parts(offset + assembly) if assembly else ())

    @cached_property
    def _growing(self) -> dict[int, int]:
        start = self._variants
        coverage, _, count, _ = self._numbers(">HHHH", start + 2)
        offsets = self._numbers(f">{count}H", start + 10)
        glyphs = self._covered(start + coverage)
        return {glyph: start + offset for glyph, offset in zip(glyphs, offsets, strict=True)}

    def _parts(self, start: int) -> tuple[Part, ...]:
        (count,) = self._numbers(">H", start + 4)
        size = struct.calcsize(">5H")
        rows = struct.iter_unpack(">5H", self._data[start + 6 : start + 6 + size * count])
        return tuple(
            Part(g, first, end, full, bool(flags & 1)) for g, first, end, full, flags in rows
        )

    def _values(self, field: int) -> dict[int, int]:
        """Read a table that gives some glyphs one number each."""
        (offset,) = self._numbers(">H", self._glyph_info + field)
        start = self._glyph_info + offset
        coverage, count = self._numbers(">HH", start)
        values = (value for value, _ in self._pairs(">hH", start + 4, count))
        return dict(zip(self._covered(start + coverage), values, strict=True))

    def _covered(self, start: int) -> Iterator[int]:
        """Return the glyphs that a coverage table lists."""
        form, count = self._numbers(">HH", start)
        if form == 1:
            yield from self._numbers(f">{count}H", start + 4)
            return
        for first, last, _ in struct.iter_unpack(
            ">3H", self._data[start + 4 : start + 4 + 6 * count]
        ):
            yield from range(first, last + 1)

    def _pairs(self, form: str, start: int, count: int) -> Iterator[tuple[int, int]]:
        size = struct.calcsize(form)
        return iter(struct.iter_unpack(form, self._data[start : start + size * count]))

    def _numbers(self, form: str, start: int) -> tuple[int, ...]:
        return struct.unpack_from(form, self._data, start)
