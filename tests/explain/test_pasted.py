"""Tables as text between tabs, as spreadsheets write and read them."""

from __future__ import annotations

import pytest

from bp_gui.explain.pasted import PastedValue, PasteError, read_values, to_tsv


def test_a_table_is_written_with_tabs_and_numbers_in_ascii() -> None:
    text = to_tsv([["Name", "Now"], ["W1[1,1]", -0.1], ["b1[1]", None]])
    assert text == "Name\tNow\nW1[1,1]\t-0.1\nb1[1]\t\n"


def test_what_is_written_reads_back_bit_for_bit() -> None:
    values = (0.1, -1 / 3, 5e-324, 1.7976931348623157e308)
    text = to_tsv([["Name", "Now"], *([f"b1[{k}]", v] for k, v in enumerate(values, 1))])
    assert tuple(v.value for v in read_values(text)) == values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.5\n−1,25\n", [PastedValue(None, 0.5), PastedValue(None, -1.25)]),
        ("W2[1,2]\t0.41\tmore\n", [PastedValue("W2[1,2]", 0.41)]),
        ("0.5\t0.6\n", [PastedValue(None, 0.5)]),
        ("Value\n3\n\n4\n", [PastedValue(None, 3.0), PastedValue(None, 4.0)]),
    ],
)
def test_columns_and_named_lines_are_read(text: str, expected: list[PastedValue]) -> None:
    assert list(read_values(text)) == expected


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no values"),
        ("Name\tNow\n", "no values"),
        ("0.5\nabc\n", "line 2"),
        ("w1\t0.5\n0.6\n", "some of the pasted lines have names"),
        ("w1\tinf\nw2\t1", "line 1"),
    ],
)
def test_what_holds_no_values_is_refused_with_its_line(text: str, complaint: str) -> None:
    with pytest.raises(PasteError, match=complaint):
        read_values(text)
