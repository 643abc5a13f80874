"""The derivation as a Jupyter notebook: an equation, its numbers, and the code that checks them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from bp_gui.explain.matrices import Block, Equation, MatrixView
from bp_gui.explain.matrix_equations import matrix_view
from bp_gui.explain.numpy_code import array_code
from bp_gui.explain.written import to_latex
from bp_gui.session.exports.numpy_script import Part, numpy_parts
from bp_gui.session.snapshot import Snapshot

_DIGITS = 6
_MOST_CELLS = 8


def notebook(snapshot: Snapshot) -> bytes:
    """Return a notebook whose code cells reproduce the numbers on screen.

    First the shown sample, one equation after the other, as textbooks write them: a sample is a
    column. Then all samples at once and the update, as programs do it: a sample is a row.

    Raises
    ------
    ExportError
        If there are too many numbers to write into a source.
    """
    parts = numpy_parts(snapshot)
    view = matrix_view(snapshot)
    cells = [*_derivation(view, snapshot.sample), *_program(parts)]
    for position, cell in enumerate(cells):
        cell["id"] = f"cell-{position}"  # the same notebook for the same moment
    written = new_notebook(cells=cells, metadata=_METADATA)
    nbformat.validate(written)
    return f"{nbformat.writes(written)}\n".encode()


_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def _derivation(view: MatrixView, sample: int) -> Iterator[Any]:
    yield new_markdown_cell(
        "# Backpropagation, step by step\n\n"
        f"The numbers are those of sample {sample + 1}. One sample is one column; "
        "rows of a weight matrix belong to the neurons that it leads to."
    )
    yield new_code_cell(
        "import numpy as np\n\n"
        'np.seterr(all="ignore")  # numbers that are not finite are a state as well\n\n\n'
        "def check(found, shown):\n"
        '    """Compare with what was shown, where the plain formula gives a finite number."""\n'
        "    finite = np.isfinite(found)\n"
        "    np.testing.assert_allclose(found[finite], shown[finite], rtol=1e-8, atol=1e-12)\n"
        "    return found"
    )
    yield new_markdown_cell("## What is given")
    yield new_code_cell(
        "\n".join(f"{block.code} = {array_code(block.values)}" for block in view.given)
    )
    for title, equations in (("Forward pass", view.forward), ("Backward pass", view.backward)):
        yield new_markdown_cell(f"## {title}")
        for equation in equations:
            yield new_markdown_cell(_in_words(equation))
            yield new_code_cell(_in_code(equation.result, equation.code))


def _in_words(equation: Equation) -> str:
    lines = [f"**{equation.title}**, layer {equation.layer + 1}", ""]
    lines += [equation.caption, ""] if equation.caption else []
    lines += [f"$$\n{to_latex(equation.in_names, _DIGITS)}\n$$", ""]
    lines += [f"$$\n{to_latex(equation.in_numbers(_MOST_CELLS), _DIGITS)}\n$$"]
    return "\n".join(lines)


def _in_code(result: Block, code: str) -> str:
    return f"{result.code} = {code}\ncheck({result.code}, {array_code(result.values)})"


def _program(parts: tuple[Part, ...]) -> Iterator[Any]:
    yield new_markdown_cell("# All samples, and the update\n\nFrom here on one sample is one row.")
    for part in parts:
        yield new_markdown_cell("\n\n".join((f"## {part.title}", *part.text.splitlines())))
        yield new_code_cell(part.code.strip())
