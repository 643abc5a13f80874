"""Contours against shapes whose lines are known: planes, circles and saddles."""

import math

import numpy as np
import pytest

from bp_gui.views.plot.contours import (
    colours_of,
    contour_lines,
    linear_levels,
    logarithmic_levels,
    shares_between,
)

X, Y = np.linspace(-3, 3, 61), np.linspace(-2, 2, 41)


def test_the_line_of_a_tilted_plane_is_straight_and_complete():
    """x + 2y = 0.3 over the window is a line of length √1.25 · 4 between y = −2 and y = 2 at most:
    here x runs from −3 to 3, so it is 6 long across and √(6² + 3²) in all.
    """
    x, y = contour_lines(X[np.newaxis] + 2 * Y[:, np.newaxis], X, Y, 0.3)
    np.testing.assert_allclose(x + 2 * y, 0.3, atol=1e-12)
    length = np.hypot(x[1::2] - x[0::2], y[1::2] - y[0::2]).sum()
    assert length == pytest.approx(math.hypot(6, 3), rel=1e-12)


def test_the_line_of_a_cone_is_a_circle():
    field = np.hypot(X[np.newaxis], Y[:, np.newaxis])
    x, y = contour_lines(field, X, Y, 1.5)
    assert len(x) % 2 == 0
    np.testing.assert_allclose(np.hypot(x, y), 1.5, atol=2e-3)
    length = np.hypot(x[1::2] - x[0::2], y[1::2] - y[0::2]).sum()
    assert length == pytest.approx(2 * math.pi * 1.5, rel=1e-2)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_saddle_within_one_cell_has_two_pieces(sign):
    field = sign * np.array([[1.0, -1.0], [-1.0, 1.0]])
    x, y = contour_lines(field, np.array([0.0, 1.0]), np.array([0.0, 1.0]), 0.0)
    assert len(x) == len(y) == 4


def test_cells_that_are_not_finite_have_no_line():
    field = np.tile(X, (len(Y), 1))
    field[10:20] = np.nan
    field[30, 0] = np.inf
    x, y = contour_lines(field, X, Y, 0.05)
    np.testing.assert_allclose(x, 0.05)
    assert not ((y > Y[9]) & (y < Y[20])).any()


def test_a_level_that_is_not_reached_has_no_line():
    x, y = contour_lines(np.ones((4, 5)), np.arange(5.0), np.arange(4.0), 2.0)
    assert len(x) == len(y) == 0


def test_levels_are_round_few_and_within_the_bounds():
    assert linear_levels(0.01, 0.93, 10) == pytest.approx([0.1 * k for k in range(1, 10)])
    assert linear_levels(1.0, 1.0, 10) == linear_levels(0.0, math.inf, 10) == []
    assert logarithmic_levels(1e-3, 1.0, 14) == pytest.approx(
        [2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5]
    )
    assert len(logarithmic_levels(1e-40, 1.0, 14)) <= 14
    assert logarithmic_levels(0.0, 1.0, 14) == []


def test_colours_follow_the_share_and_what_is_missing_has_its_own():
    shares = shares_between(np.array([-1.0, 0.0, 1.0, 9.0, np.nan]), 0.0, 2.0, False)
    np.testing.assert_array_equal(shares, [0.0, 0.0, 0.5, 1.0, np.nan])
    table = np.array([[0, 0, 0], [1, 2, 3], [255, 255, 255]], dtype=np.uint8)
    found = colours_of(shares, table, 0xFF808080)
    assert [hex(int(each)) for each in found[1:]] == [
        "0xff000000",
        "0xff010203",
        "0xffffffff",
        "0xff808080",
    ]
    assert shares_between(np.array([0.1]), 0.01, 1.0, True)[0] == pytest.approx(0.5)
