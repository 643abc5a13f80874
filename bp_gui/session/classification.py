"""How often a network names the right class, and which classes it takes for which."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bp_gui.engine.arrays import Array
from bp_gui.engine.coding import Coding, class_names
from bp_gui.engine.propagation import forward
from bp_gui.session.data import Data
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import Snapshot

Counts = NDArray[np.int64]
Classes = NDArray[np.int64]
UNDECIDED = -1


@dataclass(frozen=True, eq=False)
class Confusion:
    """How many samples of each class were taken for each class.

    Attributes
    ----------
    counts
        (k, k): the row is the class of the target, the column that of the output.
    undecided
        (k,): samples of each class whose outputs are not all numbers, so that they name none.
    """

    counts: Counts
    undecided: Counts

    @cached_property
    def total(self) -> int:
        """How many samples there are."""
        return int(self.counts.sum() + self.undecided.sum())

    @cached_property
    def correct(self) -> int:
        """How many of them were given the right class."""
        return int(np.trace(self.counts))

    @property
    def accuracy(self) -> float:
        """``correct / total``, from 0 to 1; NaN where there is no sample."""
        return self.correct / self.total if self.total else float("nan")

    @cached_property
    def found(self) -> Array:
        """The share of each class that was recognised (recall), (k,); NaN for a class without any.

        ``found_i = counts_ii / Σ_j counts_ij``, undecided ones counted in.
        """
        of_class = self.counts.sum(axis=1) + self.undecided
        with np.errstate(invalid="ignore", divide="ignore"):
            share: Array = np.diagonal(self.counts) / of_class
        return share


@dataclass(frozen=True, eq=False)
class Assessment:
    """How well the classes of all samples are told.

    Attributes
    ----------
    coding
        How targets stand for classes.
    classes
        Their names, as many as there are.
    training, test
        What became of the samples; there is no test without test samples.
    """

    coding: Coding
    classes: tuple[str, ...]
    training: Confusion
    test: Confusion | None


def coding_of(t: Array) -> Coding:
    """Return what targets (m, n_L) mean, judged by their values alone.

    Several columns are one-hot if each row has a single 1 and else 0. A single column is a class if
    it holds nothing but 0 and 1, or nothing but −1 and 1. All else is numbers.
    """
    if t.shape[1] > 1:
        is_one_hot = np.all((t == 0) | (t == 1)) and np.all(t.sum(axis=1) == 1)
        return Coding.ONE_HOT if is_one_hot else Coding.NUMBERS
    if np.all((t == 0) | (t == 1)):
        return Coding.ZERO_ONE
    return Coding.PLUS_MINUS if np.all(np.abs(t) == 1) else Coding.NUMBERS


def classes_of(values: Array, coding: Coding) -> Classes:
    """Return the class that each row of outputs or targets (m, n_L) names, (m,).

    The largest of several outputs decides, the first of equal ones; a single output means class 1
    from 0.5 on, or from 0 on where targets are −1 and 1. A row that is not all numbers is
    `UNDECIDED`.

    Raises
    ------
    ValueError
        If the coding has no classes.
    """
    if coding is Coding.NUMBERS:
        raise ValueError("targets that are numbers have no classes")
    if coding is Coding.ONE_HOT:
        named: Classes = values.argmax(axis=1)
    else:
        threshold = 0.5 if coding is Coding.ZERO_ONE else 0.0
        named = (values[:, 0] >= threshold).astype(np.int64)
    return np.where(np.isnan(values).any(axis=1), UNDECIDED, named)


def confusion(outputs: Array, t: Array, coding: Coding) -> Confusion:
    """Return what became of each class.

    Parameters
    ----------
    outputs, t
        Outputs and targets, (m, n_L).
    coding
        One that has classes.

    Raises
    ------
    ValueError
        If the coding has no classes.

    Source: Kohavi, Provost, Glossary of terms, Machine Learning 30 (1998), "confusion matrix".
    """
    k = t.shape[1] if coding is Coding.ONE_HOT else 2
    right, named = classes_of(t, coding), classes_of(outputs, coding)
    is_named = named != UNDECIDED
    counts = np.bincount(right[is_named] * k + named[is_named], minlength=k * k).reshape(k, k)
    return Confusion(counts, np.bincount(right[~is_named], minlength=k))


def assess(snapshot: Snapshot) -> Assessment | None:
    """Return how well classes are told, on training and test samples; None where there are none."""
    data: Data = snapshot.experiment.data
    coding = coding_of(np.vstack([data.t, data.t_test]))
    if coding is Coding.NUMBERS:
        return None
    test = None
    if len(data.t_test):
        test = confusion(snapshot.test_outputs, data.t_test, coding)
    return Assessment(
        coding=coding,
        classes=class_names(coding, data.target_names, data.n_targets),
        training=confusion(snapshot.outputs, data.t, coding),
        test=test,
    )


def accuracies(experiment: Experiment) -> tuple[float, float]:
    """Return the share of training and of test samples that are given the right class.

    NaN where there are no such samples, and for both where targets are numbers.
    """
    data, parameters = experiment.data, experiment.parameters
    coding = coding_of(np.vstack([data.t, data.t_test]))
    if coding is Coding.NUMBERS:
        return float("nan"), float("nan")
    training, test = (
        confusion(forward(parameters, x).a[-1], t, coding).accuracy if len(t) else float("nan")
        for x, t in ((experiment.x, data.t), (experiment.x_test, data.t_test))
    )
    return training, test
