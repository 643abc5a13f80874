"""The formats that a moment can be written in: a registry of frozen entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bp_gui.session.exports.arrays import npz, safetensors
from bp_gui.session.exports.derivation import latex_document, markdown_document
from bp_gui.session.exports.numpy_script import numpy_script
from bp_gui.session.exports.onnx_model import onnx
from bp_gui.session.exports.tables import (
    Piece,
    Rows,
    history_table,
    parameter_table,
    trace_table,
    written,
)
from bp_gui.session.exports.torch_script import torch_script
from bp_gui.session.snapshot import Snapshot


@dataclass(frozen=True)
class Export:
    """One format.

    Attributes
    ----------
    key
        What commands call it; lower case, never changed.
    label
        What a person reads.
    suffix
        What names of its files end with, a point first.
    text
        What it holds, in one sentence.
    pieces
        Yields the bytes of a file with the moment in it, one after the other; raises
        `ExportError`. Whoever wants no more stops asking.
    is_text
        Whether the bytes are UTF-8 text, which can also be copied.
    """

    key: str
    label: str
    suffix: str
    text: str
    pieces: Callable[[Snapshot], Iterator[Piece]]
    is_text: bool = True

    def write(self, snapshot: Snapshot) -> bytes:
        """Return the moment as the bytes of a file.

        Raises
        ------
        ExportError
            If it cannot be written in this format.
        """
        return b"".join(piece.content for piece in self.pieces(snapshot))


Pieces = Callable[[Snapshot], Iterator[Piece]]


def _table(rows: Callable[[Snapshot], Rows], separator: str) -> Pieces:
    return lambda snapshot: written(rows(snapshot), separator)


def _at_once(write: Callable[[Snapshot], bytes]) -> Pieces:
    """Return what takes no time worth speaking of as a single piece."""

    def pieces(snapshot: Snapshot) -> Iterator[Piece]:
        yield Piece(write(snapshot), 1.0)

    return pieces


def _tables(
    key: str, label: str, rows: Callable[[Snapshot], Rows], text: str
) -> tuple[Export, Export]:
    return (
        Export(f"{key}-csv", f"{label} (CSV)", ".csv", text, _table(rows, ",")),
        Export(f"{key}-tsv", f"{label} (TSV)", ".tsv", text, _table(rows, "\t")),
    )


def _notebook(snapshot: Snapshot) -> bytes:
    """Write a notebook; nbformat takes a tenth of a second to import, so not before."""
    from bp_gui.session.exports.notebook import notebook

    return notebook(snapshot)


EXPORTS: Mapping[str, Export] = MappingProxyType(
    {
        entry.key: entry
        for entry in (
            *_tables(
                "parameters",
                "Parameters",
                parameter_table,
                "Every weight and bias with its gradient and what the next update makes of it.",
            ),
            *_tables(
                "trace",
                "All numbers of the shown sample",
                trace_table,
                "Every x, z, a, δ, cost, gradient and next value by its name.",
            ),
            *_tables(
                "history",
                "Cost history",
                history_table,
                "The cost, and any test cost, of each update; with smaller batches, one an epoch.",
            ),
            Export(
                "npz",
                "Arrays (NPZ)",
                ".npz",
                "All arrays for NumPy: parameters, passes, gradients, samples and cost history.",
                _at_once(npz),
                is_text=False,
            ),
            Export(
                "safetensors",
                "Weights (safetensors)",
                ".safetensors",
                "W1, b1, W2 and so on; rows of W are the neurons it leads to, as in PyTorch.",
                _at_once(safetensors),
                is_text=False,
            ),
            Export(
                "numpy",
                "NumPy script",
                ".py",
                "A program that computes every number with NumPy alone and checks them.",
                _at_once(numpy_script),
            ),
            Export(
                "pytorch",
                "PyTorch script",
                ".py",
                "A program whose gradients are found by autograd and checked.",
                _at_once(torch_script),
            ),
            Export(
                "notebook",
                "Jupyter notebook",
                ".ipynb",
                "The derivation step by step: equations, numbers, and code that checks them.",
                _at_once(_notebook),
            ),
            Export(
                "latex",
                "Derivation (LaTeX)",
                ".tex",
                "A document that compiles: the matrices, and why each parameter changes.",
                _at_once(latex_document),
            ),
            Export(
                "markdown",
                "Derivation (Markdown)",
                ".md",
                "The same as Markdown with mathematics.",
                _at_once(markdown_document),
            ),
            Export(
                "onnx",
                "Network (ONNX)",
                ".onnx",
                "The network for other programs to run; needs the package onnx.",
                _at_once(onnx),
                is_text=False,
            ),
        )
    }
)
