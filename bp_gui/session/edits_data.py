"""Edits of the samples: other data, single cells and rows, the split, standardising.

Samples are counted through: first those to train on, then those to test on. Their numbers are in
the units of the data, whether inputs are standardised or not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array
from bp_gui.engine.coding import Coding
from bp_gui.engine.costs import COSTS
from bp_gui.engine.datasets import DATASETS
from bp_gui.engine.network import Architecture, Parameters
from bp_gui.explain.numbers import format_exact
from bp_gui.session.data import Data, Origin, Scaling
from bp_gui.session.edits import EditError, LoneEdit, restarted, with_parameters
from bp_gui.session.experiment import Experiment
from bp_gui.session.samples import all_samples, drawn, split, with_table
from bp_gui.session.structure import layers_of, rebuilt
from bp_gui.session.table_import import MAX_COLUMNS, TableSamples
from bp_gui.session.table_text import MAX_NUMBERS


@dataclass(frozen=True)
class UseDataset:
    """Draw the samples of a registered data set; see `with_new_data` for what else changes."""

    origin: Origin

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        dataset = DATASETS.get(self.origin.name)
        return f"Use data: {self.origin.name if dataset is None else dataset.label}"

    @property
    def merge_key(self) -> str | None:
        """See `Edit.merge_key`."""
        return f"dataset/{self.origin.name}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        with _refusing():
            data = drawn(self.origin)
        return with_new_data(experiment, data)


@dataclass(frozen=True, eq=False)
class ReplaceData(LoneEdit):
    """Take the samples of a table; see `with_new_data` for what else changes.

    Attributes
    ----------
    samples
        What was read.
    title
        Where from, for instance the name of the file.
    test_share
        How much of them is kept for testing, from 0 to below 1.
    seed
        What decides which: 0 … 2³¹ − 1.
    """

    samples: TableSamples
    title: str
    test_share: float = 0.0
    seed: int = 0

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Use data: {self.title}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        given = self.samples
        whole = replace(
            Data.of(given.x, given.t), input_names=given.x_names, target_names=given.t_names
        )
        with _refusing():
            data = split(whole, self.test_share, self.seed)
        return with_new_data(experiment, data)


@dataclass(frozen=True)
class SetCell:
    """Give one number of one sample another value.

    Attributes
    ----------
    row
        0-based, counted through training and test samples.
    column
        0-based, counted through inputs and targets.
    value
        A finite float64 in the units of the data.
    """

    row: int
    column: int
    value: float

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Set a number of sample {self.row + 1} to {format_exact(self.value)}"

    @property
    def merge_key(self) -> str | None:
        """See `Edit.merge_key`."""
        return f"cell/{self.row}/{self.column}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        data = experiment.data
        table = all_samples(data).copy()
        if not (0 <= self.row < table.shape[0] and 0 <= self.column < table.shape[1]):
            raise EditError(
                f"there is no row {self.row + 1}, column {self.column + 1}: the data have "
                f"{table.shape[0]:,} rows and {table.shape[1]} columns"
            )
        if not math.isfinite(self.value):
            raise EditError(f"sample {self.row + 1} cannot have {self.value}: use a finite number")
        table[self.row, self.column] = self.value
        return replace(experiment, data=with_table(data, table, len(data.t)))


@dataclass(frozen=True, eq=False)
class AddSamples(LoneEdit):
    """Add training samples behind the others: rows of inputs and targets, (k, n_0 + n_L)."""

    rows: Array

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Add {_samples(len(self.rows))}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        data = experiment.data
        rows, table, m = np.asarray(self.rows, dtype=np.float64), all_samples(data), len(data.t)
        if rows.ndim != 2 or rows.shape[1] != table.shape[1]:
            raise EditError(f"rows of shape {rows.shape} do not fit {table.shape[1]} columns")
        if not np.isfinite(rows).all():
            raise EditError("a row to add holds a number that is not finite")
        if table.size + rows.size > MAX_NUMBERS:
            raise EditError(f"that would be more than {MAX_NUMBERS:,} numbers")
        if len(rows) == 0:
            return experiment
        longer = np.vstack([table[:m], rows, table[m:]])
        return replace(experiment, data=with_table(data, longer, m + len(rows)))


@dataclass(frozen=True)
class DeleteSamples(LoneEdit):
    """Delete samples by their 0-based rows, counted through; one to train on must be left."""

    rows: tuple[int, ...]

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Delete {_samples(len(set(self.rows)))}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        data = experiment.data
        table, m = all_samples(data), len(data.t)
        kept = np.ones(len(table), dtype=bool)
        for row in self.rows:
            if not 0 <= row < len(table):
                raise EditError(f"there is no sample {row + 1}: there are {len(table):,}")
            kept[row] = False
        left = int(kept[:m].sum())
        if left == 0:
            raise EditError("at least one training sample must be left")
        if kept.all():
            return experiment
        return replace(experiment, data=with_table(data, table[kept], left))


@dataclass(frozen=True)
class SplitData:
    """Deal all samples out anew, to train on and to test on.

    Attributes
    ----------
    test_share
        How much of them is kept for testing, from 0 to below 1.
    seed
        What decides which: 0 … 2³¹ − 1.
    """

    test_share: float
    seed: int

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Keep {self.test_share:.0%} for testing"

    @property
    def merge_key(self) -> str | None:
        """See `Edit.merge_key`."""
        return "split"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        data = experiment.data
        whole = with_table(data, all_samples(data), len(data.t) + len(data.t_test))
        with _refusing():
            data = split(whole, self.test_share, self.seed)
        return replace(experiment, data=_scaled(data, on=data.scaling is not None))


@dataclass(frozen=True)
class SetStandardised(LoneEdit):
    """Standardise the inputs by the means and deviations of the training samples, or do not."""

    on: bool

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return "Standardise inputs" if self.on else "Use inputs as they are"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        data = experiment.data
        if self.on == (data.scaling is not None):
            return experiment
        return replace(experiment, data=_scaled(data, on=self.on))


@dataclass(frozen=True)
class SuitOutputs(LoneEdit):
    """Choose the output activation and the cost that suit how targets are coded."""

    coding: Coding

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Outputs: {self.coding.activation}, {COSTS[self.coding.cost].label.lower()}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        old = experiment.parameters
        if suits(experiment, self.coding):
            return experiment
        activations = (*old.architecture.activations[:-1], self.coding.activation)
        parameters = Parameters(Architecture(old.architecture.sizes, activations), old.theta)
        return replace(with_parameters(experiment, parameters), cost_name=self.coding.cost)


def suits(experiment: Experiment, coding: Coding) -> bool:
    """Whether output activation and cost are those that suit a coding."""
    last = experiment.architecture.activations[-1]
    return last == coding.activation and experiment.cost_name == coding.cost


def can_be_reached(experiment: Experiment) -> bool:
    """Whether outputs can come as close to all targets as one likes, and the cost is defined."""
    lowest, highest = ACTIVATIONS[experiment.architecture.activations[-1]].reach
    takes_logarithms = bool(experiment.cost.fused)  # of outputs, which must be from 0 to 1
    if takes_logarithms and not (lowest >= 0.0 and highest <= 1.0):
        return False
    t = experiment.t
    return bool(t.min() >= lowest and t.max() <= highest)


def with_new_data(experiment: Experiment, data: Data) -> Experiment:
    """Return the experiment on other data.

    - The first and the last layer take the sizes of the data; surviving weights stay.
    - Training begins anew from the present weights, because the old costs say nothing of the new.
    - Inputs stay standardised if they were, by the means and deviations of the new ones.

    Raises
    ------
    EditError
        If the data have too many columns or numbers.
    """
    for count, what in ((data.n_inputs, "inputs"), (data.n_targets, "targets")):
        if not 1 <= count <= MAX_COLUMNS:
            raise EditError(f"{count} {what} are not accepted: use 1 to {MAX_COLUMNS}")
    if all_samples(data).size > MAX_NUMBERS:
        raise EditError(f"the data have more than {MAX_NUMBERS:,} numbers")
    data = _scaled(data, on=experiment.data.scaling is not None)
    fitting = _fitted(experiment, data.n_inputs, data.n_targets)
    return replace(restarted(fitting, fitting.parameters), data=data)


def _fitted(experiment: Experiment, n_inputs: int, n_targets: int) -> Experiment:
    sizes = experiment.architecture.sizes
    if (sizes[0], sizes[-1]) == (n_inputs, n_targets):
        return experiment
    first, *hidden, last = layers_of(experiment.architecture)
    return rebuilt(experiment, (first.resized(n_inputs), *hidden, last.resized(n_targets)))


def _scaled(data: Data, *, on: bool) -> Data:
    """Return data with inputs standardised by their own means and deviations, or as they are."""
    with _refusing():
        return replace(data, scaling=Scaling.of(data.raw_x) if on else None)


@contextmanager
def _refusing() -> Iterator[None]:
    """Make an edit's error of what is out of its range."""
    try:
        yield
    except ValueError as error:
        raise EditError(str(error)) from error


def _samples(count: int) -> str:
    return "1 sample" if count == 1 else f"{count:,} samples"
