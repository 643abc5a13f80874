"""Which samples an update uses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]
_PER_COUNTER = 4  # Philox gives four numbers for each step of its counter


@dataclass(frozen=True)
class Batches:
    """How the samples are dealt out to updates.

    Attributes
    ----------
    size
        Samples in a batch; None for all of them. The last batch of an epoch may be smaller.
    shuffle
        Whether every epoch deals them out in another order. A full batch has no order.

    Raises
    ------
    ValueError
        If the size is below 1.
    """

    size: int | None = None
    shuffle: bool = False

    def __post_init__(self) -> None:
        if self.size is not None and self.size < 1:
            raise ValueError(f"batch size {self.size} is not accepted: use 1 or more")

    def is_full(self, n_samples: int) -> bool:
        """Whether every update uses all samples."""
        return self.size is None or self.size >= n_samples

    def per_epoch(self, n_samples: int) -> int:
        """Return how many updates use every sample once."""
        if self.size is None or self.size >= n_samples:
            return 1
        return -(-n_samples // self.size)

    def orders(self, n_samples: int, seed: int, first: int, epochs: int) -> Indices:
        """Return the order of the samples in some epochs, (epochs, n_samples).

        The order depends only on the seed and on the number of the epoch, so that training can
        go on from any state, and gives the same numbers however it is cut into pieces.

        Parameters
        ----------
        n_samples
            How many there are.
        seed
            0 or more.
        first, epochs
            The first epoch, counted from 0, and how many.

        Source of the numbers that are sorted: Salmon, Moraes, Dror, Shaw, Parallel random numbers:
        as easy as 1, 2, 3, SC11 (2011), Philox 4x64.
        """
        if not self.shuffle or self.is_full(n_samples):
            return np.tile(np.arange(n_samples, dtype=np.int64), (epochs, 1))
        steps = -(-n_samples // _PER_COUNTER)
        source = np.random.Philox(key=seed, counter=first * steps)
        numbers = source.random_raw(epochs * steps * _PER_COUNTER)
        keys = numbers.reshape(epochs, -1)[:, :n_samples]
        return np.argsort(keys, axis=1, kind="stable").astype(np.int64)


FULL_BATCHES = Batches()
