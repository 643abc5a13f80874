"""Two moments side by side: every parameter, its gradient, and the costs."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import numpy as np

from bp_gui.engine.names import COST, ETA, Ref
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import Snapshot, evaluate

HEADER = ("name", "A", "B", "B − A", "gradient A", "gradient B")


@dataclass(frozen=True)
class ComparedRow:
    """One quantity at two moments; None where a moment does not have it.

    Attributes
    ----------
    name
        What it is called, for instance ``W2[1,2]``.
    a, b
        Its value at the two moments.
    gradient_a, gradient_b
        The gradient of the next update there; None of what no gradient is taken by.
    """

    name: str
    a: float | None
    b: float | None
    gradient_a: float | None = None
    gradient_b: float | None = None

    @property
    def difference(self) -> float | None:
        """``b − a``, if both are there."""
        return None if self.a is None or self.b is None else self.b - self.a

    @property
    def numbers(self) -> tuple[float | None, ...]:
        """The cells behind the name, as `HEADER` names them."""
        return self.a, self.b, self.difference, self.gradient_a, self.gradient_b


def compare(a: Experiment, b: Experiment) -> tuple[ComparedRow, ...]:
    """Return costs, learning rate and every parameter of two states, in the order of names.

    Parameters that only one of two differing networks has stand in the table too.
    """
    snapshots = evaluate(a), evaluate(b)
    first, second = snapshots
    rows = [
        ComparedRow("updates", float(a.updates), float(b.updates)),
        ComparedRow(COST.name, first.cost, second.cost),
        ComparedRow("C after the next update", first.next_cost, second.next_cost),
    ]
    if len(a.t_test) or len(b.t_test):
        rows.append(ComparedRow("C of the test samples", _known(first), _known(second)))
    rows.append(ComparedRow(ETA.name, a.eta, b.eta))
    refs = dict.fromkeys((*a.architecture.refs(), *b.architecture.refs()))
    held = [set(state.architecture.refs()) for state in (a, b)]
    for ref in refs:
        pairs = [
            _at(s, ref) if ref in h else (None, None) for s, h in zip(snapshots, held, strict=True)
        ]
        (value_a, gradient_a), (value_b, gradient_b) = pairs
        rows.append(ComparedRow(ref.name, value_a, value_b, gradient_a, gradient_b))
    return tuple(rows)


def _at(snapshot: Snapshot, ref: Ref) -> tuple[float | None, float | None]:
    """Return a parameter and the gradient by it."""
    k = snapshot.experiment.architecture.index(ref)
    return float(snapshot.experiment.parameters.theta[k]), float(snapshot.gradient[k])


def _known(snapshot: Snapshot) -> float | None:
    return snapshot.test_cost if np.isfinite(snapshot.test_cost) else None


def as_table(rows: tuple[ComparedRow, ...], delimiter: str = ",") -> str:
    """Return the rows as text with a header: CSV, or TSV with a tab as delimiter.

    Numbers read back bit for bit; what is missing is an empty cell.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(HEADER)
    for row in rows:
        writer.writerow(
            [row.name, *("" if number is None else repr(number) for number in row.numbers)]
        )
    return text.getvalue()
