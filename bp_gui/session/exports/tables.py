"""Numbers as tables: parameters, everything of one sample, and the cost history."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from bp_gui.engine.names import COST, ETA, Kind, Ref
from bp_gui.session.snapshot import Snapshot

Row = Sequence[str | int | float]
_ROWS_A_PIECE = 5_000  # some 50 ms


@dataclass(frozen=True)
class Rows:
    """The rows of a table, its headings first.

    Attributes
    ----------
    count
        How many there are.
    each
        Yields them.
    """

    count: int
    each: Iterator[Row]


@dataclass(frozen=True)
class Piece:
    """The next bytes of a file.

    Attributes
    ----------
    content
        What follows what was there before.
    done
        How much of the whole file there is then, 0 to 1.
    """

    content: bytes
    done: float


def parameter_table(snapshot: Snapshot) -> Rows:
    """Return every weight and bias: its name, value, gradient and next value, and its lock."""
    return Rows(1 + snapshot.experiment.architecture.n_parameters, _parameter_rows(snapshot))


def _parameter_rows(snapshot: Snapshot) -> Iterator[Row]:
    experiment = snapshot.experiment
    yield ("name", "value", "gradient", "next", "locked")
    columns = (experiment.parameters.theta, snapshot.gradient, snapshot.next_theta)
    numbers = zip(*(column.tolist() for column in columns), strict=True)
    for ref, values in zip(experiment.architecture.refs(), numbers, strict=True):
        yield (ref.name, *values, int(ref in experiment.locked))


def trace_table(snapshot: Snapshot) -> Rows:
    """Return every number of the shown sample and of the next update, by its name.

    ``g:W1[1,2]`` is the gradient that the next update uses before any clipping, ``new:W1[1,2]``
    what it leads to; the other names are those of `bp_gui.engine.names`.
    """
    architecture = snapshot.experiment.architecture
    neurons = architecture.n_inputs + 3 * sum(architecture.sizes[1:])  # x, then z, a and δ
    outputs = 2 * architecture.n_outputs  # t and C
    heading, cost_and_eta, parameters = 1, 2, 3 * architecture.n_parameters  # now, g: and new:
    return Rows(heading + neurons + outputs + cost_and_eta + parameters, _trace_rows(snapshot))


def _trace_rows(snapshot: Snapshot) -> Iterator[Row]:
    architecture = snapshot.experiment.architecture
    yield ("name", "value")
    outputs = range(architecture.n_outputs)
    refs = [Ref(Kind.INPUT, to=i) for i in range(architecture.n_inputs)]
    for layer, size in enumerate(architecture.sizes[1:]):
        for kind in (Kind.NET_INPUT, Kind.ACTIVATION):
            refs += [Ref(kind, layer, to) for to in range(size)]
    refs += [Ref(kind, to=k) for kind in (Kind.TARGET, Kind.OUTPUT_COST) for k in outputs]
    for layer, size in reversed(list(enumerate(architecture.sizes[1:]))):
        refs += [Ref(Kind.DELTA, layer, to) for to in range(size)]
    for ref in (*refs, COST, ETA, *architecture.refs()):
        yield (ref.name, snapshot.value(ref))
    for prefix, vector in (("g", snapshot.gradient), ("new", snapshot.next_theta)):
        for ref, value in zip(architecture.refs(), vector.tolist(), strict=True):
            yield (f"{prefix}:{ref.name}", value)


def history_table(snapshot: Snapshot) -> Rows:
    """Return the cost at every recorded update and now.

    Each update is recorded, or one an epoch where batches are smaller than the training set. The
    test cost is empty without test samples.
    """
    return Rows(2 + len(snapshot.experiment.history), _history_rows(snapshot))


def _history_rows(snapshot: Snapshot) -> Iterator[Row]:
    experiment = snapshot.experiment
    history = experiment.history
    yield ("update", "cost", "test cost")
    columns = (history.updates, history.costs, history.test_costs)
    for update, cost, test in zip(*(column.tolist() for column in columns), strict=True):
        yield (update, cost, _present(test))
    yield (experiment.updates, snapshot.cost, _present(snapshot.test_cost))


def _present(value: float) -> float | str:
    return value if value == value else ""  # not a number: there are no test samples


def written(rows: Rows, separator: str) -> Iterator[Piece]:
    """Yield rows as text; floats have as many digits as it takes to read them back bit for bit."""
    count = 0
    while taken := list(islice(rows.each, _ROWS_A_PIECE)):
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=separator, lineterminator="\n").writerows(taken)
        count += len(taken)
        yield Piece(text.getvalue().encode(), count / rows.count)
