"""The samples of an experiment: what it trains on and what it is tested on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from bp_gui.engine.arrays import Array, frozen


@dataclass(frozen=True, eq=False)
class Scaling:
    """Standardised inputs: the network sees ``(x − mean) / deviation``, column by column.

    Attributes
    ----------
    mean, deviation
        Of each input column, (n_0,), in the units of the data; deviations are above 0.

    Raises
    ------
    ValueError
        If a deviation is not above 0.
    """

    mean: Array
    deviation: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "mean", frozen(self.mean))
        object.__setattr__(self, "deviation", frozen(self.deviation))
        if not (self.deviation > 0).all():
            raise ValueError(f"deviations {self.deviation.tolist()} must be above 0")

    @classmethod
    def of(cls, x: Array) -> Scaling:
        """Return the scaling of some inputs (m, n_0); a constant column keeps its unit.

        Raises
        ------
        ValueError
            If inputs are so large that a mean or a deviation is no finite number.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            mean, deviation = x.mean(axis=0), x.std(axis=0)
        if not (np.isfinite(mean).all() and np.isfinite(deviation).all()):
            raise ValueError("inputs are too large to be standardised")
        # Rounding gives a constant column a deviation of some 1e-17, so that is not asked.
        varies = (x != x[0]).any(axis=0) & (deviation > 0)
        return cls(mean, np.where(varies, deviation, 1.0))

    def apply(self, x: Array) -> Array:
        """Return inputs in the units of the data, (m, n_0), as the network sees them."""
        return frozen((x - self.mean) / self.deviation)

    def undo(self, x: Array) -> Array:
        """Return inputs that the network sees in the units of the data."""
        return frozen(x * self.deviation + self.mean)


@dataclass(frozen=True)
class Origin:
    """The registered data set that samples were drawn from, so that they can be drawn again.

    Attributes
    ----------
    name
        Registry key in `bp_gui.engine.datasets`.
    samples
        How many were asked for, training and test together.
    noise
        In the data set's own unit.
    seed
        0 or more.
    test_share
        How much of them is kept for testing, from 0 to below 1.
    """

    name: str
    samples: int
    noise: float
    seed: int
    test_share: float


@dataclass(frozen=True, eq=False)
class Data:
    """Training and test samples in the units of the data.

    Attributes
    ----------
    raw_x, t
        Inputs (m, n_0) and targets (m, n_L) to train on, at least one row.
    raw_x_test, t_test
        The same to test on, perhaps no row.
    scaling
        What is done to inputs before the network sees them, if anything.
    input_names, target_names
        What the columns are called, if they have names.
    origin
        Where the samples come from, while they still are as they came.

    Raises
    ------
    ValueError
        If there is no training sample, or rows or columns do not fit each other.
    """

    raw_x: Array
    t: Array
    raw_x_test: Array
    t_test: Array
    scaling: Scaling | None = None
    input_names: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    origin: Origin | None = None

    def __post_init__(self) -> None:
        for name in ("raw_x", "t", "raw_x_test", "t_test"):
            object.__setattr__(self, name, frozen(getattr(self, name)))
        if len(self.raw_x) == 0:
            raise ValueError("there must be at least one training sample")
        for x, t, what in (
            (self.raw_x, self.t, "training"),
            (self.raw_x_test, self.t_test, "test"),
        ):
            if x.ndim != 2 or t.ndim != 2 or len(x) != len(t):
                raise ValueError(f"{what} inputs {x.shape} do not fit targets {t.shape}")
        if self.raw_x.shape[1] != self.raw_x_test.shape[1] or (
            self.t.shape[1] != self.t_test.shape[1]
        ):
            raise ValueError(
                f"test samples with {self.raw_x_test.shape[1]} inputs and "
                f"{self.t_test.shape[1]} targets do not fit the training samples"
            )

    @classmethod
    def of(cls, x: ArrayLike, t: ArrayLike) -> Data:
        """Return plain training samples without a test set."""
        inputs, targets = frozen(x), frozen(t)
        return cls(inputs, targets, inputs[:0], targets[:0])

    @property
    def n_inputs(self) -> int:
        """Columns of x."""
        return int(self.raw_x.shape[1])

    @property
    def n_targets(self) -> int:
        """Columns of t."""
        return int(self.t.shape[1])

    @cached_property
    def x(self) -> Array:
        """Training inputs as the network sees them, (m, n_0)."""
        return self.raw_x if self.scaling is None else self.scaling.apply(self.raw_x)

    @cached_property
    def x_test(self) -> Array:
        """Test inputs as the network sees them."""
        return self.raw_x_test if self.scaling is None else self.scaling.apply(self.raw_x_test)
