"""The derivation as a document: the matrices, then why the cost and every parameter change."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from bp_gui.engine.names import COST, Kind, Ref
from bp_gui.explain.documents import as_latex, as_markdown
from bp_gui.explain.explanation import Explanation
from bp_gui.explain.matrix_equations import matrix_view
from bp_gui.explain.matrix_exports import matrices_as_latex
from bp_gui.explain.why import explain
from bp_gui.explain.written import to_latex
from bp_gui.session.exports.literals import MAX_WRITTEN, numbers_of
from bp_gui.session.exports.problem import ExportError
from bp_gui.session.snapshot import Snapshot

_DIGITS = 6
_MOST_PARAMETERS = 60  # some 30 pages
_MOST_CELLS = 8
_MOST_UNITS = 40  # more make matrices that no page holds
_ROW = re.compile(r"(.*?)&(.*?)( \\\\(?:\[1ex\])?)?")  # left side, right side, end

_PREAMBLE = r"""\documentclass[a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{amsmath,amssymb,graphicx}
\usepackage[margin=2cm]{geometry}
\setcounter{MaxMatrixCols}{16}
\allowdisplaybreaks
\raggedright
% What is wider than the page is made smaller.
\newsavebox{\fitbox}
\newcommand{\fit}[1]{\sbox{\fitbox}{$\displaystyle #1$}%
  \ifdim\wd\fitbox>0.8\linewidth\resizebox{0.8\linewidth}{!}{\usebox{\fitbox}}%
  \else\usebox{\fitbox}\fi}
\begin{document}
"""


def latex_document(snapshot: Snapshot) -> bytes:
    """Return a LaTeX document; it compiles with amsmath, graphicx and geometry.

    Raises
    ------
    ExportError
        If the network is too large for a page.
    """
    explained = _explanations(snapshot, as_latex)
    matrices = matrices_as_latex(matrix_view(snapshot), _DIGITS)
    heading = rf"\section*{{The passes of sample {snapshot.sample + 1}, and one update}}"
    body = _fitted("\n".join((heading, matrices, *explained)))
    return f"{_PREAMBLE}{body}\n\\end{{document}}\n".encode()


def _fitted(text: str) -> str:
    r"""Return a text with the right side of every row of its alignments put into ``\fit``."""
    lines, is_aligned = [], False
    for line in text.splitlines():
        is_aligned = line == r"\begin{align*}" or (is_aligned and line != r"\end{align*}")
        row = _ROW.fullmatch(line) if is_aligned else None
        lines.append(line if row is None else rf"{row[1]}&\fit{{{{}}{row[2]}}}{row[3] or ''}")
    return "\n".join(lines)


def markdown_document(snapshot: Snapshot) -> bytes:
    """Return the same as Markdown, with mathematics as GitHub, Jupyter and Pandoc read it.

    Raises
    ------
    ExportError
        If the network is too large for a page.
    """
    explained = _explanations(snapshot, as_markdown)
    lines = [f"# The passes of sample {snapshot.sample + 1}, and one update", ""]
    for equation in matrix_view(snapshot).equations:
        names = to_latex(equation.in_names, _DIGITS)
        numbers = to_latex(equation.in_numbers(_MOST_CELLS), _DIGITS)
        lines += [f"{equation.title}, layer {equation.layer + 1}:", ""]
        lines += ["$$", names, "$$", "", "$$", numbers, "$$", ""]
    return "\n".join((*lines, *explained)).encode()


def _explanations(
    snapshot: Snapshot, written: Callable[[Explanation, int], str]
) -> tuple[str, ...]:
    """Return why the cost is what it is, then every output error and the first parameters."""
    architecture = snapshot.experiment.architecture
    if max(architecture.sizes) > _MOST_UNITS:
        is_program = numbers_of(snapshot) <= MAX_WRITTEN
        instead = "the notebook or the NumPy script" if is_program else "NPZ or safetensors"
        raise ExportError(
            f"a layer of {max(architecture.sizes)} neurons does not fit a page, "
            f"{_MOST_UNITS} is the limit: take {instead}"
        )
    last = architecture.n_layers - 1
    errors = [Ref(Kind.DELTA, last, k) for k in range(architecture.n_outputs)]
    targets = (COST, *errors, *islice(architecture.refs(), _MOST_PARAMETERS))
    return tuple(written(explain(snapshot, target), _DIGITS) for target in targets)
