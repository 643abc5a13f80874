"""Samples drawn, dealt out and put into one table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.datasets import DATASETS
from bp_gui.session.data import Data, Origin
from bp_gui.session.edits import MAX_SEED


def drawn(origin: Origin) -> Data:
    """Return the samples that an origin describes.

    Raises
    ------
    ValueError
        If the data set is unknown, or a number is out of its range.
    """
    dataset = DATASETS.get(origin.name)
    if dataset is None:
        raise ValueError(f"data set {origin.name!r} is unknown; known: {', '.join(DATASETS)}")
    _check_seed(origin.seed)
    x, t = dataset.samples(origin.seed, origin.samples, origin.noise)
    if dataset.is_fixed:
        origin = replace(origin, samples=dataset.size, noise=0.0)
    whole = replace(Data.of(x, t), input_names=dataset.inputs, target_names=dataset.outputs)
    return replace(split(whole, origin.test_share, origin.seed), origin=origin)


def split(whole: Data, test_share: float, seed: int) -> Data:
    """Return training samples dealt out to train and to test on, each part in its old order.

    Parameters
    ----------
    whole
        Data without test samples.
    test_share
        The test samples are ``round(share · m)`` of m, but at least one is left to train on.
    seed
        What decides which.

    Raises
    ------
    ValueError
        If the share or the seed is out of its range.
    """
    if not 0.0 <= test_share < 1.0:
        raise ValueError(f"test share {test_share} is not accepted: use 0 to below 1")
    _check_seed(seed)
    m = len(whole.t)
    count = min(round(test_share * m), m - 1)
    is_test = np.zeros(m, dtype=bool)
    # A stream of its own, so that the choice has nothing to do with how samples were drawn.
    generator = np.random.default_rng((seed, 1))
    is_test[generator.permutation(m)[:count]] = True
    return replace(
        whole,
        raw_x=whole.raw_x[~is_test],
        t=whole.t[~is_test],
        raw_x_test=whole.raw_x[is_test],
        t_test=whole.t[is_test],
        origin=None,
    )


def all_samples(data: Data) -> Array:
    """Return all samples in the units of the data, training before test, inputs before targets."""
    x, t = np.vstack([data.raw_x, data.raw_x_test]), np.vstack([data.t, data.t_test])
    return frozen(np.hstack([x, t]))


def with_table(data: Data, table: Array, n_training: int) -> Data:
    """Return data with other samples, which are no longer as they came."""
    x, t = table[:, : data.n_inputs], table[:, data.n_inputs :]
    return replace(
        data,
        raw_x=frozen(x[:n_training]),
        t=frozen(t[:n_training]),
        raw_x_test=frozen(x[n_training:]),
        t_test=frozen(t[n_training:]),
        origin=None,
    )


def _check_seed(seed: int) -> None:
    if not 0 <= seed <= MAX_SEED:
        raise ValueError(f"seed {seed} is not accepted: use 0 to {MAX_SEED}")
