"""``python -m bp_gui explain`` from outside, as scripts use it."""

from __future__ import annotations

import json

import pytest

from bp_gui.cli import main


def test_text_reads_as_in_a_textbook(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "example:worked", "w5"]) == 0
    printed = capsys.readouterr().out
    assert "∂C/∂w5 = ∂C/∂o1 · ∂o1/∂z_o1 · ∂z_o1/∂w5 = (o1 − t1) · σ′(z_o1) · h1" in printed
    assert "= 0.741365 · 0.186816 · 0.59327 = 0.082167" in printed


def test_a_textbooks_name_and_the_programs_own_mean_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["explain", "example:worked", "w2"])
    first = capsys.readouterr().out
    main(["explain", "example:worked", "W1[1,2]", "--text"])
    assert capsys.readouterr().out == first


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("W2[1,1]", 0.4),
        ("dC/dw5", 0.08216704056423078),
        ("do1/dz_o1", 0.18681560180895948),
        ("g:w1", 0.00043856773447434685),
        ("new:w5", 0.35891647971788465),
        ("delta_h1", 0.008771354689486937),
    ],
)
def test_json_holds_the_number(name: str, value: float, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "example:worked", name, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["value"] == pytest.approx(value, rel=1e-12)
    assert found["sections"]


def test_latex_is_balanced(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "example:worked", "w1", "--latex", "--digits", "17"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("{") == printed.count("}")
    assert printed.count(r"\begin{align*}") == printed.count(r"\end{align*}") == 4


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["w99"], "w99"),
        (["W9[1,1]"], "W9[1,1]"),
        (["w1", "--sample", "7"], "sample 7"),
        (["g:h1"], "h1"),
    ],
)
def test_what_is_not_there_is_2_and_one_line(
    arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "example:worked", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert named in captured.err
