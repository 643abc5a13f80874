"""Toy data against their definitions, written out here once more by other means."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.coding import Coding, Task
from bp_gui.engine.costs import COSTS
from bp_gui.engine.datasets import DATASETS, MOST_SAMPLES

EVERY = pytest.mark.parametrize("name", DATASETS)
DRAWN = pytest.mark.parametrize("name", [n for n, d in DATASETS.items() if not d.is_fixed])


@EVERY
def test_samples_are_read_only_finite_and_of_the_named_shape(name: str) -> None:
    dataset = DATASETS[name]
    x, t = dataset.samples(seed=1)
    assert x.shape == (dataset.size, len(dataset.inputs))
    assert t.shape == (dataset.size, len(dataset.outputs))
    assert np.isfinite(x).all()
    assert np.isfinite(t).all()
    assert not x.flags.writeable
    assert not t.flags.writeable


@EVERY
def test_the_key_of_an_entry_is_its_name(name: str) -> None:
    assert DATASETS[name].name == name == name.lower()


@DRAWN
def test_the_seed_alone_decides_what_is_drawn(name: str) -> None:
    dataset = DATASETS[name]
    x, t = dataset.samples(5, 30, 0.1)
    again_x, again_t = dataset.samples(5, 30, 0.1)
    other_x, other_t = dataset.samples(6, 30, 0.1)
    assert np.array_equal(x, again_x)
    assert np.array_equal(t, again_t)
    assert not np.array_equal(x, other_x)
    if dataset.task is Task.CLASSIFICATION:
        assert np.array_equal(t, other_t)


@DRAWN
def test_any_number_of_samples_can_be_drawn(name: str) -> None:
    for n in (1, 2, 3, 7, 1000):
        x, t = DATASETS[name].samples(0, n)
        assert len(x) == len(t) == n
        assert np.isfinite(x).all()


@DRAWN
@pytest.mark.parametrize("n", [0, -1, MOST_SAMPLES + 1])
def test_too_few_or_too_many_samples_are_refused_by_number(name: str, n: int) -> None:
    with pytest.raises(ValueError, match=rf"^{n} samples are not accepted: use 1 to 100000$"):
        DATASETS[name].samples(0, n)


@DRAWN
@pytest.mark.parametrize("noise", [-0.1, 1.5, math.nan, math.inf])
def test_noise_out_of_range_is_refused_by_value(name: str, noise: float) -> None:
    with pytest.raises(ValueError, match=f"noise {noise} is not accepted"):
        DATASETS[name].samples(0, 10, noise)


@EVERY
def test_classes_are_balanced_to_within_one_sample_per_class(name: str) -> None:
    dataset = DATASETS[name]
    if dataset.task is Task.REGRESSION or name in ("and", "or", "xor"):
        pytest.skip("has no balanced classes")
    for n in (7, 100):
        t = dataset.samples(0, n)[1]
        counts = t.sum(axis=0) if dataset.coding is Coding.ONE_HOT else [t.sum(), n - t.sum()]
        assert max(counts) - min(counts) <= 1


@EVERY
def test_the_coding_of_an_entry_describes_its_targets(name: str) -> None:
    dataset = DATASETS[name]
    t = dataset.samples(0)[1]
    if dataset.coding is Coding.ZERO_ONE:
        assert t.shape[1] == 1
        assert set(np.unique(t)) == {0.0, 1.0}
    if dataset.coding is Coding.ONE_HOT:
        assert set(np.unique(t)) == {0.0, 1.0}
        assert (t.sum(axis=1) == 1.0).all()


@pytest.mark.parametrize("coding", Coding)
def test_a_coding_suggests_entries_of_the_registries(coding: Coding) -> None:
    assert coding.activation in ACTIVATIONS
    assert coding.cost in COSTS


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("and", {(0, 0): 0, (0, 1): 0, (1, 0): 0, (1, 1): 1}),
        ("or", {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 1}),
        ("xor", {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 0}),
    ],
)
def test_truth_tables_hold_their_four_rows_and_repeat_them(
    name: str, table: dict[tuple[int, int], int]
) -> None:
    x, t = DATASETS[name].samples(0)
    assert {tuple(map(int, row)): int(answer) for row, (answer,) in zip(x, t, strict=True)} == table
    x, t = DATASETS[name].samples(0, 8, 0.0)
    assert np.array_equal(x[:4], x[4:])
    assert np.array_equal(t[:4], t[4:])


def test_circle_without_noise_leaves_a_gap_between_the_classes() -> None:
    x, t = DATASETS["circle"].samples(3, 500, 0.0)
    radius = np.hypot(x[:, 0], x[:, 1])
    inside = t[:, 0] == 1.0
    assert radius[inside].max() <= 0.5
    assert radius[~inside].min() >= 0.7
    assert radius.max() <= 1.0


def test_moons_without_noise_lie_on_the_half_circles_of_scikit_learn() -> None:
    # make_moons draws the upper moon about (0, 0), the lower one about (1, ½); centred here.
    x, t = DATASETS["moons"].samples(3, 500, 0.0)
    x = x + np.array([0.5, 0.25])
    upper, lower = x[t[:, 0] == 0.0], x[t[:, 0] == 1.0]
    assert np.allclose(np.hypot(*upper.T), 1.0)
    assert np.allclose(np.hypot(*(lower - (1.0, 0.5)).T), 1.0)
    assert upper[:, 1].min() >= 0.0
    assert lower[:, 1].max() <= 0.5


@pytest.mark.parametrize("name", ["gauss", "blobs"])
def test_blobs_have_the_named_mean_and_deviation(name: str) -> None:
    x, t = DATASETS[name].samples(7, 30_000, 0.2)
    centres = {
        "gauss": {0: (-0.5, -0.5), 1: (0.5, 0.5)},
        "blobs": {
            0: (0.0, 0.7),
            1: (-0.35 * math.sqrt(3), -0.35),
            2: (0.35 * math.sqrt(3), -0.35),
        },
    }[name]
    labels = t[:, 0] if name == "gauss" else t.argmax(axis=1)
    for label, centre in centres.items():
        cloud = x[labels == label]
        assert np.allclose(cloud.mean(axis=0), centre, atol=0.01)  # five standard errors
        assert np.allclose(cloud.std(axis=0), 0.2, atol=0.006)


def test_spiral_arms_mirror_each_other_and_never_meet() -> None:
    x, t = DATASETS["spiral"].samples(0, 200, 0.0)
    first, second = x[t[:, 0] == 0.0], x[t[:, 0] == 1.0]
    assert np.allclose(first, -second)
    distances = np.linalg.norm(first[:, np.newaxis] - second, axis=2)
    assert distances.min() > 0.09
    radius = np.hypot(*first.T)
    assert radius[0] == pytest.approx(0.05)
    assert radius[-1] == pytest.approx(1.0)
    turned = np.unwrap(np.arctan2(first[:, 0], first[:, 1]))
    assert turned[-1] - turned[0] == pytest.approx(2.0 * math.pi * 1.75)


def test_sine_without_noise_is_the_sine() -> None:
    x, t = DATASETS["sine"].samples(0, 50, 0.0)
    assert t[:, 0].tolist() == pytest.approx([math.sin(math.pi * v) for v in x[:, 0]])
    assert np.abs(x).max() <= 1.0


def test_noise_moves_the_targets_of_the_sine_by_its_deviation() -> None:
    x, t = DATASETS["sine"].samples(0, 20_000, 0.3)
    assert (t - np.sin(np.pi * x)).std() == pytest.approx(0.3, abs=0.006)


def test_the_worked_example_is_the_same_whatever_is_asked() -> None:
    # Mazur (2015): the numbers as printed there.
    x, t = DATASETS["worked"].samples(9, 50, 0.7)
    assert x.tolist() == [[0.05, 0.10]]
    assert t.tolist() == [[0.01, 0.99]]
