"""Numbers as text. Expected values come from float(), repr(), Fraction and NumPy."""

import math
import struct
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bp_gui.explain.numbers import (
    Decimals,
    NumberError,
    format_exact,
    format_number,
    parse_number,
    step_number,
)

finite = st.floats(allow_nan=False, allow_infinity=False)
digit_counts = st.integers(min_value=3, max_value=17)


def bits(value: float) -> bytes:
    return struct.pack(">d", value)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.35, 3, "0.35"),
        (0.593269992, 5, "0.59327"),
        (1.2e-5, 6, "1.2e−5"),
        (-1.23456e-5, 6, "−1.23456e−5"),
        (1e20, 6, "1e20"),
        (100.0, 3, "100"),
        (1234.5, 3, "1.23e3"),
        (-0.35, 6, "−0.35"),
        (0.0, 6, "0"),
        (-0.0, 6, "−0"),
        (5e-324, 3, "4.94e−324"),
        (0.1, 17, "0.1"),
        (0.1 + 0.2, 17, "0.30000000000000004"),
        (100.0, 17, "100"),
        (math.nan, 3, "NaN"),
        (math.inf, 6, "∞"),
        (-math.inf, 17, "−∞"),
    ],
)
def test_a_number_is_written_in_the_typography_of_the_window(
    value: float, digits: int, text: str
) -> None:
    assert format_number(value, digits) == text


@pytest.mark.parametrize("digits", [-1, 0, 2, 18])
def test_digits_outside_3_to_17_are_refused(digits: int) -> None:
    with pytest.raises(ValueError, match=f"digits is {digits}"):
        format_number(0.5, digits)


@given(finite, digit_counts)
def test_a_written_number_is_rounded_as_numpy_rounds(value: float, digits: int) -> None:
    expected = (
        value if digits == 17 else float(np.format_float_scientific(value, digits - 1, False))
    )
    if math.isinf(expected):
        with pytest.raises(NumberError):
            parse_number(format_number(value, digits))
    else:
        assert bits(parse_number(format_number(value, digits))) == bits(expected)


@given(finite)
def test_an_exact_text_reads_back_bit_for_bit_and_is_the_shortest(value: float) -> None:
    text = format_exact(value)
    assert bits(parse_number(text)) == bits(value)
    assert len(text) <= len(repr(value))


def test_numpy_scalars_are_written_like_floats() -> None:
    assert format_exact(np.float64(0.1)) == "0.1"
    assert format_number(np.float64(-1e-7), 4) == "−1e−7"
    assert step_number(np.float64(0.1), 2, "0.1") == 0.3


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.41", 0.41),
        ("0,41", 0.41),
        ("  0,41\n", 0.41),
        ("\t-3 ", -3.0),
        ("−0.35", -0.35),
        ("+2", 2.0),
        (".5", 0.5),
        (",5", 0.5),
        ("5.", 5.0),
        ("5,", 5.0),
        ("1e-3", 1e-3),
        ("1E3", 1e3),
        ("1e−3", 1e-3),
        ("1,5e+2", 150.0),
        ("1,234", 1.234),
        ("-0", -0.0),
        ("1e-400", 0.0),
        ("1.7976931348623157e308", 1.7976931348623157e308),
    ],
)
def test_what_people_write_is_read(text: str, value: float) -> None:
    assert bits(parse_number(text)) == bits(value)


@pytest.mark.parametrize(
    "text", ["1,234.5", "1.234,5", "1,234,567", "1.234.567", "1 234.5", "1_000", "1'000", "0..5"]
)
def test_digits_in_groups_are_refused_and_never_guessed_at(text: str) -> None:
    with pytest.raises(NumberError, match="thousands separators are not accepted") as caught:
        parse_number(text)
    assert f"“{text}”" in str(caught.value)


@pytest.mark.parametrize("text", ["1e999", "-1e999", "1.8e308", "9" * 400, "1" * 5000])
def test_numbers_beyond_float64_are_refused(text: str) -> None:
    with pytest.raises(NumberError, match="too large for a 64-bit float"):
        parse_number(text)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(NumberError, match="is empty"):
        parse_number(text)


@pytest.mark.parametrize("text", ["nan", "NaN", "inf", "-inf", "Infinity", "∞", "−∞"])
def test_non_finite_numbers_are_refused_by_name(text: str) -> None:
    with pytest.raises(NumberError, match="is not finite"):
        parse_number(text)


@pytest.mark.parametrize(
    "text",
    ["abc", "0x10", "1e", "e5", ".", ",", "-", "--1", "+-1", "1e5.5", "１２", "٣", "1j", "1/2"],
)
def test_other_texts_are_refused_with_the_text_and_what_is_accepted(text: str) -> None:
    with pytest.raises(NumberError, match=r"0\.41, 0,41 or 4\.1e-1") as caught:
        parse_number(text)
    assert f"“{text}”" in str(caught.value)


@pytest.mark.parametrize("text", ["x" * 32767, "1" * 32767 + "x", "1," * 16000, " 1\n2\x00" * 8000])
def test_the_refusal_of_a_long_text_is_one_short_line(text: str) -> None:
    with pytest.raises(NumberError) as caught:
        parse_number(text)
    assert len(str(caught.value)) < 200
    assert str(caught.value).isprintable()


@given(st.text(alphabet="0123456789.,eE+-− \n_xXnaif∞"))
def test_any_text_gives_a_finite_number_or_a_number_error(text: str) -> None:
    try:
        value = parse_number(text)
    except NumberError:
        return
    assert math.isfinite(value)
    assert bits(value) == bits(float(text.strip().replace(",", ".").replace("−", "-")))


@pytest.mark.parametrize(
    ("value", "steps", "step", "result"),
    [
        (0.1, 2, "0.1", 0.3),
        (0.3, -3, "0.1", 0.0),
        (0.7, 10, "0.01", 0.8),
        (0.149780716, 1, "0.01", 0.159780716),
        (1.0, 1, Decimal("0.001"), 1.001),
        (1e20, 1, "0.01", 1e20),
        (0.5, 0, "0.01", 0.5),
    ],
)
def test_steps_are_exact_in_decimal(
    value: float, steps: int, step: Decimal | str, result: float
) -> None:
    assert bits(step_number(value, steps, step)) == bits(result)


@given(finite, st.integers(-1000, 1000), st.sampled_from(["1e-300", "0.001", "0.01", "5", "1e300"]))
def test_a_step_equals_rational_arithmetic_and_stays_finite(
    value: float, steps: int, step: str
) -> None:
    try:
        expected = float(Fraction(repr(value)) + steps * Fraction(step))
    except OverflowError:
        expected = value
    assert step_number(value, steps, step) == expected


def test_a_step_never_leaves_float64() -> None:
    largest = math.nextafter(math.inf, 0.0)
    assert step_number(largest, 1, "1e308") == largest
    assert step_number(-largest, -1, "1e400") == -largest


def test_hundred_steps_up_and_down_return_to_the_same_bits() -> None:
    value = start = 0.149780716
    for steps in [1] * 100 + [-1] * 100:
        value = step_number(value, steps, "0.01")
    assert bits(value) == bits(start)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_there_is_no_step_from_a_non_finite_number(value: float) -> None:
    with pytest.raises(ValueError, match="cannot step from"):
        step_number(value, 1, "0.01")


@pytest.mark.parametrize("step", ["", "abc", "0", "-0.1", "nan", "Infinity"])
def test_a_step_that_is_none_is_refused(step: str) -> None:
    with pytest.raises(ValueError, match="step is"):
        step_number(0.5, 1, step)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1, "0.100000"), (-2.0, "−2.000000"), (1e-9, "0.000000"), (1e20, "1e20"), (0.5, "0.500000")],
)
def test_digits_behind_the_point_stand_below_each_other(value: float, text: str) -> None:
    assert format_number(value, Decimals(6)) == text
    assert Decimals(6) != 6
    assert Decimals(6) != 6
