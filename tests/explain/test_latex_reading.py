"""Lines of LaTeX read as mathematics."""

from __future__ import annotations

import re

import pytest

from bp_gui.diagnose.catalogue import MISTAKES
from bp_gui.explain.latex_reading import LatexError, read_latex
from bp_gui.explain.written import to_text

OF_HIDDEN_LAYER = {"l": "1", "l+1": "2", "l-1": "0", "L": "2"}


@pytest.mark.parametrize("line", ["right", "wrong"])
@pytest.mark.parametrize("name", MISTAKES)
def test_the_lines_of_every_mistake_are_read(name: str, line: str) -> None:
    latex = getattr(MISTAKES[name], line).latex
    read = to_text(read_latex(latex), 6)
    # Nothing may be lost: every Greek letter and sign of the line stands in what was read.
    for command, sign in (("delta", "δ"), ("eta", "η"), ("odot", "⊙"), ("sum", "∑"), ("=", "=")):
        assert read.count(sign) == len(re.findall(rf"(?<![A-Za-z]){command}(?![A-Za-z])", latex))


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\delta^{l} = W^{l+1} \delta^{l+1} \odot f'(z^{l})", "δ1 = W2δ2 ⊙ f′(z1)"),
        (r"\delta^{l} = (W^{l+1})^{\mathsf T} \delta^{l+1}", "δ1 = W2ᵀδ2"),
        (r"z^{l} = W^{l} a^{l-1} + 2 b^{l}", "z1 = W1x + 2b1"),
        (r"C = \sum \tfrac12 (t - y)^2", "C = ∑ ½(t − y)²"),
        (r"\partial C / \partial y = -\frac{t}{y}", "∂C/∂y = −t/y"),
        (r"\Delta w = -\eta\, \hat m / (\sqrt{\hat v} + \varepsilon)", "Δw = −η m̂/(√v̂ + ε)"),
        (r"\Delta w\ \text{by the optimizer}", "Δw by the optimizer"),
        (r"g \leftarrow g \min(1, c/\lVert g \rVert)", "g ← gmin(1, c/‖g‖)"),
    ],
)
def test_a_line_is_named_after_the_layer_that_it_is_about(latex: str, text: str) -> None:
    assert to_text(read_latex(latex, OF_HIDDEN_LAYER), 6) == text


@pytest.mark.parametrize(
    ("latex", "named"),
    [
        (r"\oint x", "oint"),
        (r"(x", r"\)"),
        (r"\frac{1", "}"),
        ("x & y", "&"),
        ("x_", "script|brace"),
    ],
)
def test_what_is_not_read_is_named(latex: str, named: str) -> None:
    with pytest.raises(LatexError, match=named):
        read_latex(latex)
