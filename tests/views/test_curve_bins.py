"""The polyline that stands for a long curve shows all that the curve shows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bp_gui.views.plot.curve_bins import min_max_bins, nearest_index

VALUES = st.floats(-1e6, 1e6) | st.sampled_from([np.nan, np.inf, -np.inf])


@st.composite
def curves(draw, values=VALUES):
    """Return a curve with uneven, possibly repeated positions, and a part of it."""
    y = np.array(draw(st.lists(values, min_size=1, max_size=200)))
    steps = draw(st.lists(st.integers(0, 9), min_size=len(y), max_size=len(y)))
    x = np.cumsum(steps)
    if draw(st.booleans()):
        x = x / 7.0
    low, high = sorted(draw(st.tuples(*[st.floats(-5, float(x[-1]) + 5)] * 2)))
    return x, y, low, high


@given(curves(), st.integers(1, 30))
def test_every_extreme_of_the_part_is_kept(curve, bins):
    x, y, low, high = curve
    shown_x, shown_y = min_max_bins(x, y, low, high, bins)
    inside = y[(x >= low) & (x <= high) & np.isfinite(y)]
    drawn = shown_y[(shown_x >= low) & (shown_x <= high) & np.isfinite(shown_y)]
    if len(inside):
        assert drawn.min() == inside.min()
        assert drawn.max() == inside.max()
    else:
        assert not len(drawn)


@given(curves(), st.integers(1, 30))
def test_every_extreme_of_each_bin_is_drawn_within_a_bin_of_its_place(curve, bins):
    x, y, low, high = curve
    shown_x, shown_y = min_max_bins(x, y, low, high, bins)
    width = (min(high, x[-1]) - max(low, x[0])) / bins
    for position, value in zip(x, y, strict=True):
        if low <= position <= high and np.isfinite(value):
            near = np.abs(shown_x - position) <= width + 1e-9
            assert np.nanmin(shown_y[near]) <= value <= np.nanmax(shown_y[near])


@given(curves(), st.integers(1, 30))
def test_the_polyline_is_short_ascending_and_made_of_the_curve_s_numbers(curve, bins):
    x, y, low, high = curve
    shown_x, shown_y = min_max_bins(x, y, low, high, bins)
    assert len(shown_x) == len(shown_y) <= 3 * bins + 2
    assert (np.diff(shown_x) >= 0).all()
    assert np.isin(shown_x, x).all()
    assert np.isin(shown_y[~np.isnan(shown_y)], y).all()
    assert not np.isinf(shown_y).any()


@given(curves(values=st.floats(-1e6, 1e6)), st.integers(1, 30))
def test_the_ends_are_the_neighbours_of_the_part(curve, bins):
    x, y, low, high = curve
    shown_x, shown_y = min_max_bins(x, y, low, high, bins)
    if len(shown_x):
        first = max(np.searchsorted(x, low) - 1, 0)
        last = min(np.searchsorted(x, high, side="right"), len(x) - 1)
        assert (shown_x[0], shown_y[0]) == (x[first], y[first])
        assert (shown_x[-1], shown_y[-1]) == (x[last], y[last])


def test_few_points_are_returned_without_a_copy():
    x, y = np.arange(10), np.linspace(1, 0, 10)
    shown_x, shown_y = min_max_bins(x, y, 0, 9, 5)
    assert np.shares_memory(shown_x, x)
    assert np.shares_memory(shown_y, y)
    assert len(shown_x) == 10


def test_a_part_between_two_points_keeps_both():
    x, y = np.array([0, 10, 20, 30]), np.array([3.0, 2.0, 1.0, 0.0])
    shown_x, shown_y = min_max_bins(x, y, 12.5, 17.5, 100)
    assert shown_x.tolist() == [10, 20]
    assert shown_y.tolist() == [2.0, 1.0]


def test_a_monotonic_curve_keeps_its_own_points():
    x = np.arange(10_000)
    y = 1.0 / (1.0 + x)
    shown_x, shown_y = min_max_bins(x, y, 0, 9_999, 100)
    assert (shown_y == y[shown_x]).all()


def test_a_gap_interrupts_the_polyline():
    y = np.ones(10_000)
    y[4_000:6_000] = np.nan
    y[8_000] = np.inf
    shown_x, shown_y = min_max_bins(np.arange(10_000), y, 0, 9_999, 100)
    gaps = shown_x[np.isnan(shown_y)]
    assert ((gaps >= 3_990) & (gaps <= 6_010) | (np.abs(gaps - 8_000) <= 101)).all()
    assert (np.abs(gaps - 8_000) <= 101).any()
    assert not np.isfinite(shown_y[(shown_x >= 4_100) & (shown_x < 5_900)]).any()


@pytest.mark.parametrize("length", [0, 1])
def test_an_empty_curve_and_a_single_point_are_returned_as_they_are(length):
    shown_x, shown_y = min_max_bins(np.arange(length), np.zeros(length), 0, 10, 5)
    assert len(shown_x) == len(shown_y) == length


def test_a_part_beyond_the_curve_keeps_the_neighbour():
    x, y = np.arange(1000), np.arange(1000.0)
    assert min_max_bins(x, y, 2000, 3000, 4)[0].tolist() == [999]
    assert min_max_bins(x, y, -20, -10, 4)[0].tolist() == [0]


def test_no_bins_and_lengths_that_differ_are_refused():
    with pytest.raises(ValueError, match="bins is 0"):
        min_max_bins(np.arange(3), np.zeros(3), 0, 2, 0)
    with pytest.raises(ValueError, match=r"\(3,\) positions do not fit \(2,\) values"):
        min_max_bins(np.arange(3), np.zeros(2), 0, 2, 1)


@given(curves(), st.floats(-20, 2000))
def test_the_nearest_entry_is_the_nearest(curve, position):
    x = curve[0]
    distances = np.abs(x - position)
    assert distances[nearest_index(x, position)] == distances.min()
