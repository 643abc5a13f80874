"""Formulas are set by TeX's rules; the expected lengths are what fontTools reads from the font."""

from __future__ import annotations

from itertools import pairwise

import pytest
from pytestqt.qtbot import QtBot

from bp_gui.engine.names import parse_name
from bp_gui.explain.mathematics import (
    ADD,
    EQUALS,
    JUXTAPOSED,
    NEGATIVE,
    PRIME,
    SUBTRACT,
    Accent,
    Cases,
    Fence,
    Fenced,
    Fraction,
    Linked,
    Matrix,
    Node,
    Number,
    Root,
    Row,
    Scripts,
    Sum,
    Symbol,
    Under,
    Words,
    function,
    row,
)
from bp_gui.views.formula.box import Box
from bp_gui.views.formula.letters import italic
from bp_gui.views.formula.picture import Picture
from bp_gui.views.formula.style import DISPLAY
from bp_gui.views.formula.typesetter import Typesetter

# From fontTools: STIX Two Math 2.11, in em.
AXIS = 0.258
RULE = 0.068
DIGIT = 0.495
PLUS = 0.720
ITALIC_X = 0.559 + 0.010  # advance and italic correction of U+1D465
MEDIUM, THICK, THIN = 4 / 18, 5 / 18, 3 / 18  # The TeXbook, chapter 18

x, y = Symbol("x"), Symbol("y")


@pytest.fixture
def typesetter(qtbot: QtBot) -> Typesetter:
    return Typesetter(6)


def place(box: Box, node: Node) -> tuple[float, float]:
    """Return where a node was put, as x to the right and y downwards."""
    for placed in box.placed:
        if placed.box.node is node:
            return placed.x, placed.y
        try:
            dx, dy = place(placed.box, node)
        except LookupError:
            continue
        return placed.x + dx, placed.y + dy
    raise LookupError(node)


def test_variables_are_italic_and_digits_and_capital_greek_are_not() -> None:
    assert italic("xhΔσ5C∂") == "\U0001d465\N{PLANCK CONSTANT}Δ\U0001d70e5\U0001d436\U0001d715"


def test_an_operator_has_medium_spaces_and_a_relation_thick_ones(typesetter: Typesetter) -> None:
    assert typesetter.set(row(x, ADD, x)).width == pytest.approx(
        2 * ITALIC_X + PLUS + 2 * MEDIUM, abs=1e-3
    )
    assert typesetter.set(row(x, EQUALS, x)).width == pytest.approx(
        2 * ITALIC_X + PLUS + 2 * THICK, abs=1e-3
    )


def test_a_minus_sign_stands_close_to_what_it_negates(typesetter: Typesetter) -> None:
    alone = typesetter.set(row(NEGATIVE, x)).width
    assert typesetter.set(row(SUBTRACT, x)).width == pytest.approx(alone)
    assert typesetter.set(row(x, EQUALS, SUBTRACT, x)).width == pytest.approx(
        typesetter.set(row(x, EQUALS)).width + THICK + alone
    )


def test_scripts_are_closer_than_text(typesetter: Typesetter) -> None:
    small = Scripts(x, sub=row(x, ADD, x))
    sub = typesetter.set(small).parts[1]
    assert sub.width == pytest.approx(0.7 * (2 * ITALIC_X + PLUS), abs=2e-3)


def test_a_function_keeps_off_its_argument_but_not_off_a_fence(typesetter: Typesetter) -> None:
    tanh = function("tanh")
    name = typesetter.set(tanh).width
    assert typesetter.set(row(tanh, x)).width == pytest.approx(name + THIN + ITALIC_X, abs=1e-3)
    fenced = typesetter.set(Fenced(x)).width
    assert typesetter.set(row(tanh, Fenced(x))).width == pytest.approx(name + fenced)


def test_words_and_the_invisible_product_have_room(typesetter: Typesetter) -> None:
    assert typesetter.set(row(x, JUXTAPOSED, x)).width == pytest.approx(
        2 * ITALIC_X + THIN, abs=1e-3
    )
    words = Words("if")
    bare = typesetter.set(words).width
    assert typesetter.set(row(x, words, x)).width == pytest.approx(
        2 * ITALIC_X + bare + 2 * THICK, abs=1e-3
    )


def test_the_line_of_a_fraction_lies_on_the_axis(typesetter: Typesetter) -> None:
    box = typesetter.set(Fraction(x, y))
    (rule,) = box.rules
    assert rule.height == pytest.approx(RULE)
    assert -(rule.y + rule.height / 2) == pytest.approx(AXIS)
    assert place(box, x)[1] == pytest.approx(-0.640)  # FractionNumeratorDisplayStyleShiftUp
    assert place(box, y)[1] == pytest.approx(0.640)


def test_the_parts_of_a_fraction_are_centred(typesetter: Typesetter) -> None:
    long = row(x, ADD, y)
    box = typesetter.set(Fraction(x, long))
    middle = place(box, x)[0] + box.parts[0].width / 2
    assert middle == pytest.approx(place(box, long)[0] + box.parts[1].width / 2)


def test_scripts_are_raised_and_lowered_as_the_font_says(typesetter: Typesetter) -> None:
    two, one = Symbol("2"), Symbol("1")
    raised = typesetter.set(Scripts(x, sup=two))
    assert place(raised, two) == pytest.approx((ITALIC_X, -0.360), abs=1e-3)
    lowered = typesetter.set(Scripts(x, sub=one))
    # Below the letter itself, not below its overhang.
    assert place(lowered, one) == pytest.approx((ITALIC_X - 0.010, 0.210), abs=1e-3)


def test_scripts_above_each_other_keep_their_distance(typesetter: Typesetter) -> None:
    one, two = Symbol("1"), Symbol("2")
    box = typesetter.set(Scripts(x, sub=one, sup=two))
    gap = place(box, one)[1] - box.parts[1].height - place(box, two)[1] - box.parts[2].depth
    assert gap >= 0.150 - 1e-9  # SubSuperscriptGapMin


def test_a_prime_is_not_raised_twice(typesetter: Typesetter) -> None:
    box = typesetter.set(Scripts(Symbol("f"), sup=PRIME))
    assert place(box, PRIME)[1] == 0.0
    assert box.parts[1].style is DISPLAY


def test_fences_grow_with_what_they_enclose_and_are_centred_on_the_axis(
    typesetter: Typesetter,
) -> None:
    plain = typesetter.set(Fenced(x))
    tall = typesetter.set(Fenced(Fraction(x, y)))
    assert plain.height + plain.depth == pytest.approx(0.932, abs=2e-3)
    fence = tall.placed[0].box
    inner = tall.parts[0]
    assert fence.height + fence.depth > 0.9 * (inner.height + inner.depth)
    assert (fence.height - fence.depth) / 2 == pytest.approx(AXIS)


def test_very_high_parentheses_are_assembled_without_gaps(typesetter: Typesetter) -> None:
    column = Matrix(tuple((Number(float(k)),) for k in range(12)), (12, 1))
    box = typesetter.set(Fenced(column))
    sign = box.placed[0].box
    assert sign.height + sign.depth >= 0.9 * (box.parts[0].height + box.parts[0].depth)
    pieces = [typesetter.font.glyph_at(index) for index in sign.ink[0].indices]
    assert len(pieces) > 1
    covered = sorted(
        (y - piece.height, y + piece.depth)
        for (_, y), piece in zip(sign.ink[0].places, pieces, strict=True)
    )
    for (_, end), (start, _) in pairwise(covered):
        assert start <= end


@pytest.mark.parametrize(("fence", "lines"), [(Fence.SQUARE, 3), (Fence.BARS, 1), (Fence.NORM, 2)])
def test_straight_fences_are_lines_as_high_as_what_they_enclose(
    typesetter: Typesetter, fence: Fence, lines: int
) -> None:
    box = typesetter.set(Fenced(Fraction(x, y), fence))
    sign, inner = box.placed[0].box, box.parts[0]
    assert len(sign.rules) == lines
    assert not sign.ink
    assert sign.rules[0].height >= inner.height + inner.depth
    assert -sign.rules[0].y == pytest.approx(sign.height)


def test_numbers_in_a_column_stand_point_under_point(typesetter: Typesetter) -> None:
    numbers = tuple(Number(v) for v in (1.5, -22.25, 0.125))
    box = typesetter.set(Matrix(tuple((n,) for n in numbers), (3, 1)))
    points = []
    for number, part in zip(numbers, box.parts, strict=True):
        assert part.point is not None
        points.append(place(box, number)[0] + part.point)
    assert points == pytest.approx([points[0]] * 3)


def test_every_digit_is_equally_wide(typesetter: Typesetter) -> None:
    for digit in range(10):
        assert typesetter.set(Number(float(digit))).width == pytest.approx(DIGIT)


def test_an_exponent_becomes_a_power_of_ten(typesetter: Typesetter) -> None:
    box = typesetter.set(Number(1.5e-7))
    glyph = typesetter.font.glyph
    shown = [index for ink in box.ink for index in ink.indices]
    assert shown == [glyph(c).index for c in "1.5×10−7"]
    assert box.ink[-1].scale == pytest.approx(0.7)


def test_a_sum_carries_its_bounds_above_and_below_in_a_line_of_its_own(
    typesetter: Typesetter,
) -> None:
    under, over = row(Symbol("k"), EQUALS, Symbol("1")), Symbol("m")
    displayed = typesetter.set(Sum(x, under, over))
    assert place(displayed, under)[1] > 0.6
    assert place(displayed, over)[1] < -1.0
    beside = typesetter.set(Fraction(Sum(x, under, over), y)).parts[0]
    assert place(beside, under)[0] > 0.7


def test_roots_accents_cases_and_labels_contain_their_parts(typesetter: Typesetter) -> None:
    for node in (
        Root(x),
        Accent(x),
        Cases(((x, Words("if")), (y, Words("otherwise")))),
        Under(Matrix(((x, y),), (1, 2)), row(Symbol("1"), Symbol("×"), Symbol("2"))),
    ):
        box = typesetter.set(node)
        for part in box.parts:
            across, down = place(box, part.node) if part.node is not None else (0.0, 0.0)
            assert -1e-9 <= across <= box.width - part.width + 1e-9
            assert part.depth + down <= box.depth + 1e-9
            assert part.height - down <= box.height + 1e-9


def test_what_the_font_lacks_becomes_a_square(typesetter: Typesetter) -> None:
    box = typesetter.set(Symbol("\N{CJK UNIFIED IDEOGRAPH-6570}", upright=True))
    assert box.ink[0].indices == (typesetter.font.glyph("\N{WHITE SQUARE}").index,)


def test_an_equal_formula_is_not_set_again(typesetter: Typesetter) -> None:
    def line(value: float) -> Row:
        return Row((Fraction(x, Scripts(y, sub=Symbol("1"))), EQUALS, Number(value)))

    old = typesetter.set(line(0.25))
    assert typesetter.set(line(0.25), old=old) is old
    new = typesetter.set(line(0.5), old=old)
    assert new is not old
    assert new.parts[0] is old.parts[0]
    assert new.parts[2] is not old.parts[2]


def test_a_number_that_looks_the_same_is_not_set_again(typesetter: Typesetter) -> None:
    old = typesetter.set(row(x, EQUALS, Number(0.25)))
    assert typesetter.set(row(x, EQUALS, Number(0.25 + 1e-12)), old=old) is old


def test_what_differs_only_in_meaning_is_set_again(typesetter: Typesetter) -> None:
    old = typesetter.set(Linked(x, "one"))
    assert typesetter.set(Linked(x, "two"), old=old) is not old
    old = typesetter.set(Number(1.0, parse_name("x[1]")))
    assert typesetter.set(Number(1.0, parse_name("x[2]")), old=old) is not old
    old = typesetter.set(Scripts(x, sub=y))
    assert typesetter.set(Scripts(x, sup=y), old=old) is not old


def test_a_link_wins_over_the_quantities_inside_it(typesetter: Typesetter) -> None:
    ref = parse_name("a2[1]")
    name = Scripts(Symbol("o", ref), Symbol("1", ref))
    other = Symbol("t", parse_name("t[1]"))
    picture = Picture(
        typesetter.set(row(other, EQUALS, Linked(row(name, SUBTRACT, x), "factor"))),
        typesetter.font,
    )
    letters = {region.target: region for region in picture.regions}
    assert set(letters) == {ref, parse_name("t[1]"), "factor"}
    inside = letters[ref].rect.center()
    found = picture.region_at(inside.x(), inside.y())
    assert found is not None
    assert found.target == "factor"
    outside = letters[parse_name("t[1]")].rect.center()
    found = picture.region_at(outside.x(), outside.y())
    assert found is not None
    assert found.ref == parse_name("t[1]")
    assert picture.region_at(-5.0, 0.0) is None


def test_a_name_with_indices_is_one_region(typesetter: Typesetter) -> None:
    ref = parse_name("W2[1,2]")
    layer = Scripts(Symbol("W", ref), Symbol("2", ref))
    inner = Row((Symbol("1", ref), Symbol(","), Symbol("2", ref)))
    picture = Picture(
        typesetter.set(row(row(layer, Fenced(inner, Fence.SQUARE)), EQUALS, x)), typesetter.font
    )
    assert [region.ref for region in picture.regions] == [ref, ref]
    whole = Picture(typesetter.set(Row((layer, Fenced(inner, Fence.SQUARE)))), typesetter.font)
    assert [region.ref for region in whole.regions] == [ref]
