"""Numbers as Python source that reads back bit for bit."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bp_gui.session.exports.problem import ExportError
from bp_gui.session.snapshot import Snapshot

MAX_WRITTEN = 200_000  # numbers; Python needs a second to read a source with so many


def array_literal(values: NDArray[Any], maker: str = "np.array") -> str:
    """Return an array as a call that makes it, a row a line.

    Parameters
    ----------
    values
        Of one or two dimensions.
    maker
        What makes an array of nested lists.
    """
    if values.ndim == 1:
        return f"{maker}({_row(values.tolist())})"
    if values.size == 0:
        return f"{maker}([]).reshape({values.shape})"
    rows = ",\n".join(f"    {_row(row)}" for row in values.tolist())
    return f"{maker}([\n{rows},\n])"


def list_literal(items: Iterable[str]) -> str:
    """Return expressions as a list, one an indented block."""
    inner = "".join(textwrap.indent(f"{item},\n", "    ") for item in items)
    return f"[\n{inner}]"


def number_literal(value: float) -> str:
    """Return a float as Python source, whether finite or not."""
    text = repr(float(value))
    return text if np.isfinite(value) else f'float("{text}")'


def _row(values: Sequence[float | bool | int]) -> str:
    return f"[{', '.join(_literal(value) for value in values)}]"


def _literal(value: float | bool | int) -> str:
    return number_literal(value) if isinstance(value, float) else repr(value)


def numbers_of(snapshot: Snapshot) -> int:
    """Return how many numbers a program of a moment holds."""
    experiment = snapshot.experiment
    data = experiment.data
    samples = sum(part.size for part in (data.raw_x, data.t, data.raw_x_test, data.t_test))
    slots = len(experiment.optimizer_state.slots)
    return samples + (4 + slots) * experiment.architecture.n_parameters


def check_size(snapshot: Snapshot) -> None:
    """Refuse a moment whose numbers would make a source that nobody can open.

    Raises
    ------
    ExportError
        If there are more than `MAX_WRITTEN` numbers.
    """
    count = numbers_of(snapshot)
    if count > MAX_WRITTEN:
        raise ExportError(
            f"a program with {count:,} numbers in it is too long, {MAX_WRITTEN:,} is the limit: "
            "take NPZ or safetensors, which hold any number of them"
        )
