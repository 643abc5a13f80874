"""Toy data: a registry of frozen entries, seeded and reproducible.

Inputs stay near −1 … 1, so that a network can learn from them as they are. Samples of the classes
take turns: any number of samples holds as many of one class as of another, give or take one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.coding import Coding, Task
from bp_gui.engine.settings import Setting

MOST_SAMPLES = 100_000

_TURNS = 1.75
_INNERMOST = 0.05
_CORNERS = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
_GAP = (0.5, 0.7)
_BLOB_RADIUS = 0.7

Labels = NDArray[np.int64]
Samples = tuple[Array, Array]
Make = Callable[[np.random.Generator, int, float], Samples]


@dataclass(frozen=True)
class Dataset:
    """One kind of toy data.

    Attributes
    ----------
    name
        Registry key, lower case; saved in files and never changed.
    label
        What a person reads.
    coding
        How the targets are coded; it suggests an output activation and a cost.
    inputs, outputs
        Names of the columns of x and t.
    size
        How many samples there are until somebody chooses.
    noise
        Standard deviation of the Gaussian noise; None where these samples are the only ones.
    make
        ``(generator, n, noise) -> x (n, n_0), t (n, n_L)``.
    formula, source
        What is drawn, as text, and where it comes from.
    """

    name: str
    label: str
    coding: Coding
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    size: int
    noise: Setting | None
    make: Make
    formula: str
    source: str

    @property
    def task(self) -> Task:
        """What a network is asked for."""
        return self.coding.task

    @property
    def is_fixed(self) -> bool:
        """Whether neither size, noise nor seed changes the samples."""
        return self.noise is None

    def samples(self, seed: int, n: int | None = None, noise: float | None = None) -> Samples:
        """Return n samples, the same for the same seed.

        Parameters
        ----------
        seed
            0 or more.
        n
            1 to `MOST_SAMPLES`; the usual size by default.
        noise
            In the range of its setting; the usual noise by default.

        Raises
        ------
        ValueError
            If a number is out of its range; the message says which is accepted.
        """
        generator = np.random.default_rng(seed)
        if self.noise is None:
            x, t = self.make(generator, self.size, 0.0)
            return frozen(x), frozen(t)
        n = self.size if n is None else n
        if not 1 <= n <= MOST_SAMPLES:
            raise ValueError(f"{n} samples are not accepted: use 1 to {MOST_SAMPLES}")
        noise = self.noise.default if noise is None else noise
        if not self.noise.accepts(noise):
            raise ValueError(f"noise {noise} is not accepted: use {self.noise.accepted}")
        x, t = self.make(generator, n, noise)
        return frozen(x), frozen(t)


def _turns(n: int, classes: int) -> Labels:
    """Return the class of each sample: 0, 1, … in turn."""
    return np.arange(n, dtype=np.int64) % classes


def _column(labels: Labels) -> Array:
    return labels.astype(np.float64)[:, np.newaxis]


def _one_hot(labels: Labels, classes: int) -> Array:
    coded: Array = np.eye(classes)[labels]
    return coded


def _truth_table(*answers: int) -> Make:
    """Return what draws the four rows of a truth table in turn, each moved by noise."""

    def make(generator: np.random.Generator, n: int, noise: float) -> Samples:
        rows = _turns(n, len(_CORNERS))
        x = np.array(_CORNERS)[rows] + generator.normal(0.0, noise, (n, 2))
        return x, _column(np.array(answers, dtype=np.int64)[rows])

    return make


def _circle(generator: np.random.Generator, n: int, noise: float) -> Samples:
    inside = 1 - _turns(n, 2)
    lowest = np.where(inside, 0.0, _GAP[1])
    highest = np.where(inside, _GAP[0], 1.0)
    radius = generator.uniform(lowest, highest)
    angle = generator.uniform(0.0, 2.0 * np.pi, n)
    x = np.column_stack((radius * np.cos(angle), radius * np.sin(angle)))
    return x + generator.normal(0.0, noise, (n, 2)), _column(inside)


def _moons(generator: np.random.Generator, n: int, noise: float) -> Samples:
    lower = _turns(n, 2)
    angle = generator.uniform(0.0, np.pi, n)
    side = 1.0 - 2.0 * lower
    x = np.column_stack((side * (np.cos(angle) - 0.5), side * (np.sin(angle) - 0.25)))
    return x + generator.normal(0.0, noise, (n, 2)), _column(lower)


def _gauss(generator: np.random.Generator, n: int, noise: float) -> Samples:
    labels = _turns(n, 2)
    centre = np.where(labels, 0.5, -0.5)[:, np.newaxis]
    return centre + generator.normal(0.0, noise, (n, 2)), _column(labels)


def _blobs(generator: np.random.Generator, n: int, noise: float) -> Samples:
    labels = _turns(n, 3)
    angle = np.pi / 2.0 + labels * (2.0 * np.pi / 3.0)
    centre = _BLOB_RADIUS * np.column_stack((np.cos(angle), np.sin(angle)))
    return centre + generator.normal(0.0, noise, (n, 2)), _one_hot(labels, 3)


def _spiral(generator: np.random.Generator, n: int, noise: float) -> Samples:
    labels = _turns(n, 2)
    # Evenly along each arm; the first point is not at the centre, where the arms would meet.
    along = (np.arange(n) // 2) / max((n - 1) // 2, 1)
    radius = _INNERMOST + (1.0 - _INNERMOST) * along
    angle = 2.0 * np.pi * _TURNS * along + np.pi * labels
    x = np.column_stack((radius * np.sin(angle), radius * np.cos(angle)))
    return x + generator.normal(0.0, noise, (n, 2)), _column(labels)


def _sine(generator: np.random.Generator, n: int, noise: float) -> Samples:
    x = generator.uniform(-1.0, 1.0, (n, 1))
    return x, np.sin(np.pi * x) + generator.normal(0.0, noise, (n, 1))


def _worked(generator: np.random.Generator, n: int, noise: float) -> Samples:
    return np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])


def _noise(default: float, where: str = "inputs") -> Setting:
    return Setting("noise", "σ", f"Noise σ of the {where}", default, 0.0, math.nextafter(1.0, 2.0))


_PLANE = ("x1", "x2")
_TRUTH = "Boole, The Mathematical Analysis of Logic (1847)"
_PLAYGROUND = "Smilkov, Carter, Sculley, Viégas, Wattenberg, Direct-manipulation (2017)"

DATASETS: Mapping[str, Dataset] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Dataset(
                name="and",
                label="AND",
                coding=Coding.ZERO_ONE,
                inputs=_PLANE,
                outputs=("and",),
                size=4,
                noise=_noise(0.0),
                make=_truth_table(0, 0, 0, 1),
                formula="t = 1 where both inputs are 1, else 0",
                source=_TRUTH,
            ),
            Dataset(
                name="or",
                label="OR",
                coding=Coding.ZERO_ONE,
                inputs=_PLANE,
                outputs=("or",),
                size=4,
                noise=_noise(0.0),
                make=_truth_table(0, 1, 1, 1),
                formula="t = 1 where an input is 1, else 0",
                source=_TRUTH,
            ),
            Dataset(
                name="xor",
                label="XOR",
                coding=Coding.ZERO_ONE,
                inputs=_PLANE,
                outputs=("xor",),
                size=4,
                noise=_noise(0.0),
                make=_truth_table(0, 1, 1, 0),
                formula="t = 1 where one input is 1 and the other 0, else 0",
                source="Minsky, Papert, Perceptrons (1969); Rumelhart, Hinton, Williams (1986)",
            ),
            Dataset(
                name="circle",
                label="Circle",
                coding=Coding.ZERO_ONE,
                inputs=_PLANE,
                outputs=("inside",),
                size=200,
                noise=_noise(0.05),
                make=_circle,
                formula="t = 1 at radius 0 … 0.5, t = 0 at radius 0.7 … 1",
                source=_PLAYGROUND,
            ),
            Dataset(
                name="moons",
                label="Moons",
                coding=Coding.ZERO_ONE,
                inputs=_PLANE,
                outputs=("lower",),
                size=200,
                noise=_noise(0.1),
                make=_moons,
                formula="two half circles of radius 1, each reaching into the other",
                source="Pedregosa et al., Scikit-learn, JMLR 12 (2011): make_moons, centred",
            ),
            Dataset(
                name="gauss",
                label="2 blobs",
                coding=Coding.ZERO_ONE,
                inputs=_PLANE,
                outputs=("upper",),
                size=200,
                noise=_noise(0.2),
                make=_gauss,
                formula="N(μ, σ²) about μ = (−½, −½) for t = 0 and (½, ½) for t = 1",
                source=_PLAYGROUND,
            ),
            Dataset(
                name="blobs",
                label="3 blobs",
                coding=Coding.ONE_HOT,
                inputs=_PLANE,
                outputs=("top", "left", "right"),
                size=150,
                noise=_noise(0.2),
                make=_blobs,
                formula="N(μ, σ²) about three corners at radius 0.7; one output a class",
                source="the normal distribution",
            ),
            Dataset(
                name="spiral",
                label="Spiral",
                coding=Coding.ZERO_ONE,
                inputs=_PLANE,
                outputs=("arm",),
                size=200,
                noise=_noise(0.02),
                make=_spiral,
                formula="two arms of 1¾ turns, radius 0.05 … 1",
                source="Lang, Witbrock, Learning to tell two spirals apart (1988); " + _PLAYGROUND,
            ),
            Dataset(
                name="sine",
                label="Sine",
                coding=Coding.NUMBERS,
                inputs=("x",),
                outputs=("sin πx",),
                size=100,
                noise=_noise(0.05, "targets"),
                make=_sine,
                formula="t = sin(π x) + N(0, σ²), x from −1 to 1",
                source="the sine function",
            ),
            Dataset(
                name="worked",
                label="Example",
                coding=Coding.NUMBERS,
                inputs=_PLANE,
                outputs=("t1", "t2"),
                size=1,
                noise=None,
                make=_worked,
                formula="x = (0.05, 0.1), t = (0.01, 0.99)",
                source="Mazur, A step by step backpropagation example (2015)",
            ),
        )
    }
)
