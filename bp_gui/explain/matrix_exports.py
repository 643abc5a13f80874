"""The matrices of a moment to take elsewhere: as LaTeX, as a NumPy script, as a table."""

from __future__ import annotations

from bp_gui.explain.matrices import Block, MatrixView
from bp_gui.explain.numpy_code import array_code
from bp_gui.explain.written import Digits, to_latex

_LATEX_CELLS = 10  # rows and columns that fit a page


def matrices_as_latex(view: MatrixView, digits: Digits) -> str:
    """Return every equation in names and in numbers, in an ``align*`` of amsmath."""
    lines = []
    for equation in view.equations:
        left, sign, right = (
            to_latex(part, digits)
            for part in (equation.result.name, equation.sign, equation.symbolic)
        )
        lines.append(rf"{left} &{sign} {right} \\")
        numbers = [to_latex(part, digits) for part in equation.right_side(_LATEX_CELLS)]
        lines.append(rf"&{sign} {' '.join(numbers)}")
        lines[-1] += rf" = {to_latex(equation.result.node(_LATEX_CELLS), digits)} \\"
    return "\n".join((r"\begin{align*}", *lines, r"\end{align*}", ""))


def matrices_as_numpy(view: MatrixView) -> str:
    """Return a NumPy script that computes every matrix from x, t and the parameters.

    One sample is a column, so the script reads like the equations.
    """
    lines = ["import numpy as np", ""]
    lines += [f"{block.code} = {array_code(block.values)}" for block in view.given]
    for equations in (view.forward, view.backward, view.update):
        lines.append("")
        lines += [f"{equation.result.code} = {equation.code}" for equation in equations]
    return "\n".join((*lines, ""))


def matrices_as_tsv(view: MatrixView) -> str:
    """Return every matrix as a block of tab-separated numbers below its name."""
    blocks = (*view.given, *(equation.result for equation in view.equations))
    return "\n".join(map(_table, blocks))


def _table(block: Block) -> str:
    rows = ("\t".join(map(repr, numbers)) for numbers in block.values.tolist())
    return "\n".join((block.code, *rows, ""))
