"""Tables of every kind of file and clipboard, and what is said about bad ones."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bp_gui.engine.coding import Coding
from bp_gui.session.table_columns import BadRows, Choice, Repeats, Role, suggest
from bp_gui.session.table_import import TableSamples, pasted_rows, to_samples
from bp_gui.session.table_text import (
    MAX_BYTES,
    MAX_NUMBERS,
    Decimal,
    Layout,
    Separator,
    Table,
    TableError,
    decoded,
    read_table,
    sniff,
)

IRIS = Path(__file__).parents[2] / "resources" / "data" / "iris.csv"
X, T, C, NONE = Role.INPUT, Role.TARGET, Role.CLASS, Role.IGNORED


def read(text: str) -> Table:
    return read_table(text, sniff(text))


def samples_of(text: str, choice: Choice | None = None) -> TableSamples:
    layout = sniff(text)
    table = read_table(text, layout)
    return to_samples(table, choice or suggest(table, layout.decimal), layout.decimal)


# Guessing the layout ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        ("a,b\n1,2\n3,4\n", Layout(Separator.COMMA, Decimal.POINT, True)),
        ("1,2\n3,4\n", Layout(Separator.COMMA, Decimal.POINT, False)),
        ("1.5;2.5\n3;4\n", Layout(Separator.SEMICOLON, Decimal.POINT, False)),
        ("a;b\n1,5;2,5\n3;4\n", Layout(Separator.SEMICOLON, Decimal.COMMA, True)),
        ("0,5\t1,5\n2\t3\n", Layout(Separator.TAB, Decimal.COMMA, False)),
        ("0.5|1\n1|2\n", Layout(Separator.BAR, Decimal.POINT, False)),
        ("  0.5   1\n10.25 2\n", Layout(Separator.SPACE, Decimal.POINT, False)),
        ("5,1 3,5 rot\n4,9 3,0 blau\n", Layout(Separator.SPACE, Decimal.COMMA, False)),
        ('"0,5","1,5"\n"2,5","3"\n', Layout(Separator.COMMA, Decimal.COMMA, False)),
        ("sep=;\na;b\n1;2\n", Layout(Separator.SEMICOLON, Decimal.POINT, True)),
        ("5.1,3.5,Iris-setosa\n4.9,3.0,Iris-setosa\n", Layout(Separator.COMMA)),
        ("x\t\u2212y\n\u22121.5e\u22123\t2\n", Layout(Separator.TAB, Decimal.POINT, True)),
    ],
)
def test_the_layout_is_guessed_from_the_first_rows(text: str, layout: Layout) -> None:
    assert sniff(text) == layout


@pytest.mark.parametrize("text", ["", "\n\n", "word", "a b c", '"', "\0", "1", '"a"b,c'])
def test_guessing_never_fails(text: str) -> None:
    assert isinstance(sniff(text), Layout)


@given(st.text(max_size=200))
def test_any_text_is_a_table_or_a_table_error(text: str) -> None:
    layout = sniff(text)
    try:
        table = read_table(text, layout)
        to_samples(table, suggest(table, layout.decimal), layout.decimal)
    except TableError as error:
        assert "\n" not in str(error)  # noqa: PT017


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_a_table_error(content: bytes) -> None:
    try:
        assert "\0" not in decoded(content)[0]
    except TableError as error:
        assert str(error)  # noqa: PT017


# Encodings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("latin-1", "Latin-1"),
        ("utf-16", "UTF-16"),
    ],
)
def test_the_encoding_is_found(codec: str, name: str) -> None:
    assert decoded("größe;t\n1;2\n".encode(codec)) == ("größe;t\n1;2\n", name)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04rest", "this is a spreadsheet file"),
        (b"1,2\n3,\x004\n", "line 2 holds a zero byte"),
        (b"\xff\xfe1", "byte 3 is not UTF-16"),
        (b"1" * (MAX_BYTES + 1), "5.0 MB are too much: at most 5 MB"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(TableError, match=sentence):
        decoded(content)


# Cutting ------------------------------------------------------------------------------------------


def test_cells_may_hold_separators_quotes_and_line_breaks_inside_quotation_marks() -> None:
    table = read('"a,""b""",c\n1,2\n"3\n",4\n5,6\n')
    assert table.names == ('a,"b"', "c")
    assert table.rows == (("1", "2"), ("3", "4"), ("5", "6"))
    assert table.lines == (2, 3, 5)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_one(end: str) -> None:
    table = read(end.join(["a,b", "1,2", "", "3,4", ""]))
    assert table.rows == (("1", "2"), ("3", "4"))
    assert table.lines == (2, 4)


def test_empty_lines_and_columns_are_skipped_and_noted() -> None:
    table = read("a;;b;\n1;;2;\n\n;;;\n3;;4;\n")
    assert table.names == ("a", "b")
    assert table.rows == (("1", "2"), ("3", "4"))
    assert "2 empty lines were skipped" in table.notes
    assert "2 empty columns were skipped" in table.notes


def test_columns_without_a_name_of_their_own_get_one() -> None:
    table = read("a,,a,a\n1,2,3,4\n")
    assert table.names == ("a", "column 2", "a (3)", "a (4)")
    assert table.notes == ("columns without a name of their own were numbered",)
    assert read("1,2\n").names == ("column 1", "column 2")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1,2\n3,4,5\n", "line 2 has 3 cells, but the first row has 2"),
        ("1,2\n\n3\n", "line 3 has 1 cell, but the first row has 2"),
        ('1,2\n3,"4\n5,6\n', "line 2: a quotation mark is opened here and not closed"),
        ('1,2\n"3"4,5\n', "line 2: after a closing quotation mark there must be a separator"),
        ("\n \n", "there is nothing to read"),
    ],
)
def test_a_row_that_cannot_be_cut_is_named_by_its_line(text: str, sentence: str) -> None:
    with pytest.raises(TableError, match=sentence):
        read_table(text, Layout(Separator.COMMA))


def test_a_header_alone_is_no_table() -> None:
    with pytest.raises(TableError, match="no row below"):
        read_table("a,b\n", Layout(Separator.COMMA, has_header=True))


def test_a_layout_can_be_chosen_against_the_guess() -> None:
    table = read_table("1,5;2\n3,4\n", Layout(Separator.COMMA))
    assert table.rows[0] == ("1", "5;2")


# Roles --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "roles", "coding"),
    [
        ("u,v\n0.5,1.5\n2.5,3.5\n", (X, T), Coding.NUMBERS),
        ("a,b,kind\n1,2,x\n3,4,y\n5,6,z\n", (X, X, C), Coding.ONE_HOT),
        ("kind,a,b\nx,1,2\ny,3,4\n", (C, X, X), Coding.ZERO_ONE),
        ("a,b,c\n1,2,0\n2,4,1\n4,5,0\n7,8,1\n9,0,1\n3,2,0\n", (X, X, C), Coding.ZERO_ONE),
        ("x1,x2,t1,t2\n1,2,3,4\n", (X, X, T, T), Coding.NUMBERS),
        ("t1,x1,t2\n1,2,3\n", (T, X, T), Coding.NUMBERS),
        ("id,u,v\n1,.5,.1\n2,.3,.7\n3,.2,.4\n", (NONE, X, T), Coding.NUMBERS),
        ("town,u,v,kind\nA,1,2,p\nB,2,3,q\n", (NONE, X, X, C), Coding.ZERO_ONE),
        ("u,v\n1,\n2,\n3,\n4,5\n", (X, T), Coding.NUMBERS),
    ],
)
def test_roles_are_suggested_from_names_and_contents(
    text: str, roles: tuple[Role, ...], coding: Coding
) -> None:
    choice = suggest(read(text), Decimal.POINT)
    assert choice.roles == roles
    assert choice.coding is coding


@pytest.mark.parametrize(
    ("roles", "sentence"),
    [
        ((T, T, T), "no column is an input"),
        ((X, X, NONE), "no column is a target"),
        ((X, C, C), "a column of classes must be the only target"),
        ((X, T, C), "a column of classes must be the only target"),
    ],
)
def test_roles_that_make_no_samples_are_refused(roles: tuple[Role, ...], sentence: str) -> None:
    with pytest.raises(TableError, match=sentence):
        samples_of("1,2,3\n4,5,6\n", Choice(roles))


@pytest.mark.parametrize(
    ("header", "roles"),
    [("x,y,t", (X, X, T)), ("x1,y1,label", (X, X, T)), ("x,y", (X, T)), ("a,y,t", (X, T, T))],
)
def test_the_second_coordinate_of_a_point_is_no_target(
    header: str, roles: tuple[Role, ...]
) -> None:
    row = ",".join(["0.5"] * len(roles))
    assert (
        suggest(
            read_table(f"{header}\n{row}\n", Layout(Separator.COMMA, Decimal.POINT, True)),
            Decimal.POINT,
        ).roles
        == roles
    )


def test_an_input_that_never_changes_is_mentioned() -> None:
    samples = samples_of("u,k,t\n1,7,0\n2,7,1\n", Choice((X, X, T)))
    assert samples.notes == ("“k” is 7 in every row",)


def test_targets_may_stand_anywhere() -> None:
    samples = samples_of("t,u,v\n1,2,3\n4,5,6\n", Choice((T, X, X)))
    assert samples.x.tolist() == [[2.0, 3.0], [5.0, 6.0]]
    assert samples.t.tolist() == [[1.0], [4.0]]
    assert samples.x_names == ("u", "v")
    assert samples.t_names == ("t",)
    assert not samples.x.flags.writeable
    assert not samples.t.flags.writeable


# Classes ------------------------------------------------------------------------------------------

COLOURS = "u,colour\n1,red\n2,blue\n3,red\n4,green\n"


def test_classes_become_one_output_each_in_the_order_of_the_alphabet() -> None:
    samples = samples_of(COLOURS)
    assert samples.t_names == ("blue", "green", "red")
    assert samples.t.tolist() == [[0, 0, 1], [1, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert samples.coding is Coding.ONE_HOT


def test_classes_that_are_numbers_count_up() -> None:
    assert samples_of("1;10\n2;9\n3;2\n", Choice((X, C))).t_names == ("2", "9", "10")


@pytest.mark.parametrize(
    ("coding", "targets", "name"),
    [
        (Coding.ZERO_ONE, [[1], [0], [1]], "yes (0 = no)"),
        (Coding.PLUS_MINUS, [[1], [-1], [1]], "yes (\u22121 = no)"),
        (Coding.ONE_HOT, [[0, 1], [1, 0], [0, 1]], "no"),
    ],
)
def test_two_classes_can_be_one_output(coding: Coding, targets: list[object], name: str) -> None:
    samples = samples_of("1,yes\n2,no\n3,yes\n", Choice((X, C), coding))
    assert samples.t.tolist() == targets
    assert samples.t_names[0] == name
    assert samples.coding is coding


def test_three_classes_do_not_fit_one_output() -> None:
    with pytest.raises(TableError, match="“colour” holds 3 classes: one output tells only two"):
        samples_of(COLOURS, Choice((X, C), Coding.ZERO_ONE))


def test_one_class_is_nothing_to_learn() -> None:
    with pytest.raises(TableError, match="“kind” holds one class only, “a”"):
        samples_of("u,kind\n1,a\n2,a\n", Choice((X, C)))


# Bad cells ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("", r"^line 4, column 2 \(“v”\) is empty; one such row can be skipped$"),
        ("abc", r"^line 4, column 2 \(“v”\): “abc” is not a finite number such as 0\.41; one"),
        ("nan", "“nan” is not a finite number"),
        ("-inf", "“-inf” is not a finite number"),
        ("1_000", "“1_000” is not a finite number"),
        ("1 000", "“1 000” is not a finite number"),
        ("0x10", "“0x10” is not a finite number"),
        ("\u0661", "is not a finite number"),
        ("--5", "“--5” is not a finite number"),
        ("1e999", "“1e999” is too large for a 64-bit float"),
    ],
)
def test_a_bad_cell_is_named_by_line_and_column(cell: str, sentence: str) -> None:
    with pytest.raises(TableError, match=sentence):
        samples_of(f"u;v;t\n1;2;3\n\n4;{cell};6\n7;8;9\n", Choice((X, X, T)))


def test_digits_in_groups_are_refused_whatever_the_decimal_mark() -> None:
    for text, decimal in (("1,234.5;1\n", Decimal.POINT), ("1.234,5;1\n", Decimal.COMMA)):
        table = read_table(text, Layout(Separator.SEMICOLON, decimal))
        with pytest.raises(TableError, match="line 1, column 1"):
            to_samples(table, Choice((X, T)), decimal)


def test_bad_rows_can_be_skipped_and_are_counted() -> None:
    text = "u,v,kind\n1,2,a\n,3,b\n4,5,\n6,?,a\n8,9,b\n"
    samples = samples_of(text, Choice((X, X, C), bad_rows=BadRows.SKIP))
    assert samples.x.tolist() == [[1.0, 2.0], [8.0, 9.0]]
    assert samples.t_names == ("a", "b")
    assert samples.notes == (
        "3 unreadable rows were skipped; the first: line 3, column 1 (“u”) is empty",
    )


def test_skipping_every_row_is_an_error() -> None:
    with pytest.raises(TableError, match="no row can be read; the first: line 1, column 2"):
        samples_of("1,a\n2,b\n", Choice((X, T), bad_rows=BadRows.SKIP))


def test_a_bad_cell_in_an_ignored_column_does_no_harm() -> None:
    assert len(samples_of("u,v,t\n1,?,3\n4,,6\n", Choice((X, NONE, T))).x) == 2


def test_repeated_and_contradicting_rows_are_noted_and_kept() -> None:
    samples = samples_of("1,2\n1,2.0\n1,3\n-0,1\n0,1\n", Choice((X, T)))
    assert len(samples.x) == 5
    assert samples.notes == (
        "2 repeated rows were kept",
        "rows with the inputs of another row but other targets: 1",
    )


def test_repeated_rows_can_be_skipped() -> None:
    samples = samples_of("1,2\n3,4\n1,2\n", Choice((X, T), repeats=Repeats.SKIP))
    assert samples.x.tolist() == [[1.0], [3.0]]
    assert samples.notes == ("1 repeated row was skipped",)


# Numbers ------------------------------------------------------------------------------------------


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=20))
@pytest.mark.parametrize("decimal", Decimal)
def test_written_numbers_read_back_bit_for_bit(decimal: Decimal, numbers: list[float]) -> None:
    text = "".join(f"{value!r};0\n" for value in numbers).replace(".", decimal.value)
    table = read_table(text, Layout(Separator.SEMICOLON, decimal))
    x = to_samples(table, Choice((X, T)), decimal).x
    assert x.tobytes() == np.array(numbers).tobytes()


def test_a_minus_sign_of_typography_is_a_minus_sign() -> None:
    assert samples_of("\u22121.5\t1e\u22123\n", Choice((X, T))).x.tolist() == [[-1.5]]


# Limits -------------------------------------------------------------------------------------------


def test_more_than_256_columns_on_a_side_are_refused() -> None:
    text = ",".join("1" * 258) + "\n"
    with pytest.raises(TableError, match="257 inputs are too many: at most 256"):
        samples_of(text, Choice((*(X,) * 257, T)))
    with pytest.raises(TableError, match="257 targets are too many: at most 256"):
        samples_of(text, Choice((X, *(T,) * 257)))


def test_more_than_256_classes_are_refused() -> None:
    text = "".join(f"{n},c{n}\n" for n in range(257))
    with pytest.raises(TableError, match="holds 257 classes: at most 256"):
        samples_of(text, Choice((X, C)))


def test_more_than_a_million_cells_are_refused() -> None:
    with pytest.raises(TableError, match=f"line {MAX_NUMBERS // 4 + 1}: more than 1,000,000"):
        read_table("1,2,3,4\n" * (MAX_NUMBERS // 4 + 1), Layout(Separator.COMMA))


def test_classes_that_would_need_more_than_a_million_numbers_are_refused() -> None:
    text = "".join(f"{n},c{n % 256}\n" for n in range(4000))
    with pytest.raises(TableError, match="4,000 rows of 256 classes are too many"):
        samples_of(text, Choice((X, C)))


def test_a_million_cells_are_read() -> None:
    row = "0.5,1.5,2.5,3.5,1\n"
    text = row * (MAX_NUMBERS // 5)
    samples = samples_of(text, Choice((X, X, X, X, T)))
    assert samples.x.shape == (200_000, 4)


# Pasting ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["1\t2\t3\n4\t5\t6\n", "u\tv\tt\n1\t2\t3\n4\t5\t6", "1;2;3\n4;5;6", "1,0\t2,0\t3\n4\t5\t6"],
)
def test_rows_are_pasted_with_or_without_a_header(text: str) -> None:
    assert pasted_rows(text, 3).tolist() == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1\t2\n", "2 columns were pasted, the table has 3"),
        ("1\t2\tx\n3\t4\t5\n6\t7\ty\n", r"line 1, column 3 \(“column 3”\): “x” is not a finite"),
        ("", "there is nothing to read"),
    ],
)
def test_a_paste_that_does_not_fit_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(TableError, match=sentence):
        pasted_rows(text, 3)


# Iris ---------------------------------------------------------------------------------------------


def test_iris_is_as_in_fishers_paper_and_free_of_the_errors_of_the_uci_copy() -> None:
    # UCI's iris.names: samples 35 and 38 should read as below; means and deviations from there too.
    text, encoding = decoded(IRIS.read_bytes())
    assert encoding == "UTF-8"
    samples = samples_of(text)
    assert samples.x.shape == (150, 4)
    assert samples.x[34].tolist() == [4.9, 3.1, 1.5, 0.2]
    assert samples.x[37].tolist() == [4.9, 3.6, 1.4, 0.1]
    assert samples.t_names == ("setosa", "versicolor", "virginica")
    assert samples.t.sum(axis=0).tolist() == [50.0, 50.0, 50.0]
    assert samples.x.min(axis=0).tolist() == [4.3, 2.0, 1.0, 0.1]
    assert samples.x.max(axis=0).tolist() == [7.9, 4.4, 6.9, 2.5]
    assert np.allclose(samples.x.mean(axis=0), [5.84, 3.05, 3.76, 1.20], atol=0.01)
    assert np.allclose(samples.x.std(axis=0), [0.83, 0.43, 1.76, 0.76], atol=0.01)


def test_iris_reads_the_same_as_by_the_csv_module() -> None:
    with IRIS.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    samples = samples_of(IRIS.read_text(encoding="utf-8"))
    assert samples.x.tolist() == [[float(cell) for cell in row[:4]] for row in rows]
    assert [samples.t_names[k] for k in samples.t.argmax(axis=1)] == [row[4] for row in rows]
