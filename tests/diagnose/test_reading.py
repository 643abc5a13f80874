"""Numbers are read in any form that people have them."""

from __future__ import annotations

import json
import re
import time

import numpy as np
import pytest

from bp_gui.diagnose.blocks import Block
from bp_gui.diagnose.reading import ReadingError, read_numbers
from bp_gui.diagnose.written import written

MATRIX = [[0.14976095, 0.1995219], [0.24969829, 0.29939658]]


def values(block: Block) -> list[float]:
    return [n.value for n in block.numbers]


@pytest.mark.parametrize(
    "text",
    [
        "[[0.14976095, 0.1995219], [0.24969829, 0.29939658]]",
        "array([[0.14976095, 0.1995219 ],\n       [0.24969829, 0.29939658]])",
        "np.array([[0.14976095, 0.1995219], [0.24969829, 0.29939658]], dtype=np.float64)",
        "[[0.14976095 0.1995219 ]\n [0.24969829 0.29939658]]",
        "((0.14976095, 0.1995219), (0.24969829, 0.29939658))".replace("(", "[").replace(")", "]"),
        "0.14976095 0.1995219\n0.24969829 0.29939658\n",
        "0.14976095\t0.1995219\r\n0.24969829\t0.29939658",
        "0.14976095,0.1995219\n0.24969829,0.29939658",
        "0.14976095;0.1995219\n0.24969829;0.29939658",
        "0,14976095;0,1995219\n0,24969829;0,29939658",
        "tensor([[0.14976095, 0.1995219],\n        [0.24969829, 0.29939658]], requires_grad=True)",
        ">>> W1\narray([[0.14976095, 0.1995219 ],\n       [0.24969829, 0.29939658]])",
        "W = [0.14976095 0.1995219; 0.24969829 0.29939658]",
        "          0         1\n0  0.14976095  0.1995219\n1  0.24969829  0.29939658",
        r"\begin{pmatrix} 0.14976095 & 0.1995219 \\ 0.24969829 & 0.29939658 \end{pmatrix}",
        "Out[3]:\narray([[1.4976095e-01, 1.995219e-01],\n       [0.24969829, 0.29939658]])",
    ],
)
def test_a_matrix_is_read_whatever_wrote_it(text: str) -> None:
    (block,) = read_numbers(text)
    assert block.shape in ((2, 2), (4,))
    assert values(block) == [0.14976095, 0.1995219, 0.24969829, 0.29939658]


def test_the_repr_of_an_array_comes_back_with_its_shape() -> None:
    generator = np.random.default_rng(0)
    for shape in ((3,), (3, 1), (1, 4), (4, 3)):
        array = generator.normal(size=shape)
        for text in (repr(array), str(array), json.dumps(array.tolist())):
            (block,) = read_numbers(f"x = {text}")
            assert (block.label, block.shape) == ("x", shape)
            np.testing.assert_allclose(values(block), array.ravel(), atol=1e-7)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("W1 = [[1, 2], [3, 4]]\nb1: [5, 6]", ["W1", "b1"]),
        ("w1 = 0.1\nw2=0.2, w3 = 0.3; w4 0.4", ["w1", "w2", "w3", "w4"]),
        ("W1\n1 2\n3 4\n\n5 6\n7 8", ["W1", ""]),
        ("W1[1,1],W1[1,2]\n0.1,0.2", ["W1[1,1]", "W1[1,2]"]),
        ("# dW1\n0.1 0.2\n0.3 0.4", ["dW1"]),
        ("Gradients:\nW1 = [[1, 2], [3, 4]]", ["Gradients W1"]),
        ("cost after 1 update: 0.291", ["cost after 1 update"]),
        ("∂C/∂W1 = [[1, 2], [3, 4]]", ["∂C/∂W1"]),
        (
            '{"next": {"W": [[[1, 2], [3, 4]], [[5, 6]]], "cost": 0.3}}',
            ["next W 1", "next W 2", "next cost"],
        ),
        ("fc1.weight.grad tensor([[1., 2.], [3., 4.]])", ["fc1.weight.grad"]),
    ],
)
def test_labels_stay_with_their_numbers(text: str, labels: list[str]) -> None:
    assert [block.label for block in read_numbers(text)] == labels


@pytest.mark.parametrize(
    ("text", "digits", "unit"),
    [
        ("0.2910", 4, 1e-4),
        ("-0.00123", 3, 1e-5),
        ("1.50e-3", 3, 1e-5),
        ("12", 2, 1.0),
        ("4440.0", 5, 10.0),
        ("444.0", 4, 1.0),
        ("0.", 0, 0.01),
        ("0.29102777369359933", 17, 1e-17),
    ],
)
def test_a_number_knows_how_exactly_it_was_written(text: str, digits: int, unit: float) -> None:
    number = written(text)
    assert number.digits == digits
    assert number.unit == pytest.approx(unit)


def test_of_an_old_and_a_new_value_the_new_one_is_meant() -> None:
    (block,) = read_numbers("w1: 0.15 -> 0.1498")
    assert (block.label, values(block)) == ("w1", [0.1498])


def test_rounding_and_cutting_off_both_count() -> None:
    for text in ("0.2498", "0.2497"):  # of 0.24975114
        assert written(text).low <= 0.24975114 <= written(text).high
    assert not written("0.2496").low <= 0.24975114 <= written("0.2496").high
    assert written("-0.0226").low <= -0.02260254 <= written("-0.0226").high


def test_a_zero_in_an_array_is_as_exact_as_its_neighbours() -> None:
    (block,) = read_numbers("array([0.        , 0.12345678])")
    assert block.numbers[0].unit == pytest.approx(1e-8)


def test_single_precision_is_recognised() -> None:
    (block,) = read_numbers("array([0.1, 0.2], dtype=float32)")
    assert block.is_single
    assert written(repr(float(np.float32(0.1)))).is_single
    assert not written("0.1497807161327628").is_single


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no numbers"),
        ("hello world", "no numbers"),
        ("[[1, 2], [3", "not closed"),
        ("W = 1e999", "too large"),
        ("[" * 5000 + "1", "nested|not closed"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(ReadingError, match=reason):
        read_numbers(text)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("w₅ = 0.3589", "w_5"),
        ("w²₁₂ = 0.4087", "w2[1,2]"),
        ("δ¹₁ = 0.0088", "δ1[1]"),
        ("Cₒ₁ 0.2748", "C_o1"),
        ("w^2_{12} = 0.4087", "w2[1,2]"),
        ("W_{12}^{(2)} = 0.4087", "W2[1,2]"),
        ("W2[0][1] = 0.4087", "W2[1,2]"),
    ],
)
def test_names_are_read_as_textbooks_and_programs_write_them(text: str, label: str) -> None:
    (block,) = read_numbers(text)
    assert block.label == label
    assert len(block.numbers) == 1


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("w5^+ = w5 - eta * dE/dw5 = 0.4 - 0.5 * 0.082167041 = 0.35891648", "w5^+"),
        ("net_h1 = 0.15 * 0.05 + 0.2 * 0.1 + 0.35 * 1 = 0.3775", "net_h1"),
        ("E_total = E_o1 + E_o2 = 0.274811083 + 0.023560026 = 0.298371109", "E_total"),
    ],
)
def test_of_a_line_that_works_a_number_out_the_result_is_read(text: str, label: str) -> None:
    (block,) = read_numbers(text)
    assert block.label == label
    assert values(block) == [float(text.rpartition("=")[2])]


def test_equations_beside_each_other_are_no_working() -> None:
    blocks = read_numbers("w5+ = 0.3589 w6+ = 0.4087")
    assert [block.label for block in blocks] == ["w5+", "w6+"]


def test_a_latex_matrix_needs_no_spaces() -> None:
    (block,) = read_numbers(r"\begin{pmatrix}0.15&0.2\\0.25&0.3\end{pmatrix}")
    assert values(block) == [0.15, 0.2, 0.25, 0.3]


@pytest.mark.parametrize(
    "text",
    [
        'name,value,gradient,next,locked\n"W1[1,2]",0.2,-8e-4,0.1996,0\nb1[1],0.35,0.1,0.3,1\n',
        "Name\tNow\tGradient g\tΔ\tNext\tLast\tLocked\n"
        "W1[1,2]\t0.2\t-8e-4\t4e-4\t0.1996\t0.1\t\nb1[1]\t0.35\t0.1\t-0.05\t0.3\t\tlocked\n",
        "Name;Before;Gradient g;Δ;After;Now\n"
        "W1[1,2];0.2;-8e-4;4e-4;0.1996;0.1\nb1[1];0.35;0.1;-0.05;0.3;7\n",
        "| name | value | gradient | next |\n|---|---:|---|---|\n"
        "| W1[1,2] | 0.2 | -8e-4 | 0.1996 |\n| b1[1] | 0.35 | 0.1 | 0.3 |\n",
        "         value  gradient  next\nW1[1,2]  0.2    -8e-4     0.1996\nb1[1] 0.35 0.1 0.3",
    ],
)
def test_a_table_is_read_by_its_headings_and_rows(text: str) -> None:
    blocks = read_numbers(text)
    labels = [f"{side} {n}" for n in ("W1[1,2]", "b1[1]") for side in ("old", "gradient", "new")]
    assert [block.label for block in blocks] == labels
    assert [n for block in blocks for n in values(block)] == [0.2, -8e-4, 0.1996, 0.35, 0.1, 0.3]


def test_a_table_stands_between_other_numbers() -> None:
    text = "cost = 0.3\n\nname,gradient,next\nb1[1],0.1,\n\na1: [1, 2]"
    assert [block.label for block in read_numbers(text)] == ["cost", "gradient b1[1]", "a1"]


@pytest.mark.parametrize("text", ["new,W2\n0.1,0.2\n0.3,0.4", "W1 next\n0.1 0.2\n0.3 0.4"])
def test_rows_without_names_are_no_table_of_names(text: str) -> None:
    assert [len(block.numbers) for block in read_numbers(text)] in ([2, 2], [4])


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("w5 = 0,3589, w6 = 0,4087", [0.3589, 0.4087]),
        ("w5: 0,3589\tw6: 0,4087", [0.3589, 0.4087]),
        ("W2[1,2] = 0,4087", [0.4087]),
        ("W1[1,12];0,4087", [0.4087]),
        ("[0,3589; 0,4087]", [0.3589, 0.4087]),
        ("[0,3589, -0,4087]", [0.3589, -0.4087]),
        ("{1,3589; 4,0e-2}", [1.3589, 0.04]),
        ("W1 = [0,15 0,2; 0,25 0,3]", [0.15, 0.2, 0.25, 0.3]),
        ("[[0,3589; 0,4087], [0,5113; 1]]", [0.3589, 0.4087, 0.5113, 1.0]),
        ("name;now;gradient;next\nW1[1,2];0,2;0,00088;0,1996", [0.2, 0.00088, 0.1996]),
    ],
)
def test_a_comma_is_the_decimal_mark_where_a_list_makes_no_sense(
    text: str, numbers: list[float]
) -> None:
    assert [n for block in read_numbers(text) for n in values(block)] == numbers


@pytest.mark.parametrize(
    "text",
    [
        "[1,2]",
        "[0,1; 1,0]",
        "0,1 1,0",
        "[0,100]",
        "[10,20;30,40]",
        "[100,200; 300,400]",
        "[[0,15],[0,25]]",
        "[[0,1500], [0,2500]]",
        "0,1000,2",
        "W = [0,1000,2]\nb = [0,3589]",
        '{"W": [0,3589]}',
        "[0,2.0]",
    ],
)
def test_a_comma_between_whole_numbers_of_a_list_separates(text: str) -> None:
    numbers = [n for block in read_numbers(text) for n in values(block)]
    assert numbers == [float(whole) for whole in re.findall(r"\d+", text.replace(".0", ""))]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        # What R makes of each, row by row: it fills columns first unless told otherwise.
        ("W1 <- matrix(c(1, 2, 3, 4), 2)", [[1, 3], [2, 4]]),
        ("W1 = matrix(c(1, 2, 3,\n 4, 5, 6), nrow=2)", [[1, 3, 5], [2, 4, 6]]),
        ("W1 = matrix(c(1, 2, 3, 4, 5, 6), ncol = 3, byrow = TRUE)", [[1, 2, 3], [4, 5, 6]]),
        ("W1 = matrix(data = c(1, 2, 3, 4, 5, 6), 2, 3, T)", [[1, 2, 3], [4, 5, 6]]),
        ("W1 <- matrix(c(1, 2, 3))", [[1], [2], [3]]),
        ("W1 <- t(matrix(c(1, 2, 3, 4, 5, 6), 2))", [[1, 2], [3, 4], [5, 6]]),
        ("W1 <- array(c(1L, 2L, 3L, -4e-1), dim = c(2, 2))", [[1, 3], [2, -0.4]]),
        ("W1 <- structure(c(1, 2, 3, 4, 5, 6), dim = 2:3)", [[1, 3, 5], [2, 4, 6]]),
        (
            'W1 <- matrix(c(1, 2, 3, 4), 2, dimnames = list(c("a", "b"), NULL))',
            [[1, 3], [2, 4]],
        ),
    ],
)
def test_a_matrix_of_r_is_filled_as_r_fills_it(text: str, rows: list[list[float]]) -> None:
    (block,) = read_numbers(text)
    assert (block.label, block.shape) == ("W1", (len(rows), len(rows[0])))
    assert values(block) == [number for row in rows for number in row]


@pytest.mark.parametrize(
    ("text", "label", "numbers"),
    [
        ("c(0.1498, 0.1996)", "", [0.1498, 0.1996]),
        ("b1 <- c(0.35, -3.5e-1)", "b1", [0.35, -0.35]),
        ("b1 <-0.35", "b1", [0.35]),
        ('b1 <- structure(c(0.35, 1), names = c("h1", "h2"))', "b1", [0.35, 1.0]),
    ],
)
def test_vectors_of_r_are_read(text: str, label: str, numbers: list[float]) -> None:
    (block,) = read_numbers(text)
    assert (block.label, values(block)) == (label, numbers)


@pytest.mark.parametrize(
    "arguments", ["n, m", "nrow = 3", "nrow = length(x)", "2, 2, 2, 2", "dim = c(2, 1, 2)", "0"]
)
def test_a_matrix_of_r_whose_shape_is_not_clear_is_refused(arguments: str) -> None:
    with pytest.raises(ReadingError, match="shape of matrix"):
        read_numbers(f"W1 <- matrix(c(1, 2, 3, 4), {arguments})")


def test_a_long_row_of_digits_is_not_divided_in_every_way() -> None:
    start = time.perf_counter()
    read_numbers(f"0.5 {'1' * 2000}x")
    assert time.perf_counter() - start < 5.0  # it took a minute and a half
