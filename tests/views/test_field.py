"""What a figure draws beside curves: arrows true on the screen, notes that keep clear, a scale."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QTransform
from pytestqt.qtbot import QtBot

from bp_gui.views.plot.axis import ticks
from bp_gui.views.plot.colour_bar import ColourBar
from bp_gui.views.plot.field import Arrow, Field, Note, Notes
from bp_gui.views.plot.figure import Figure
from bp_gui.views.plot.shades import parting_shades, region_pixels, shades
from bp_gui.views.theme import DARK, LIGHT

Painted = tuple[QImage, QPainter]


@pytest.fixture
def canvas(qapp: object) -> Painted:
    """Return 200 x 100 white pixels for x from 0 to 20 and y from 0 to 1, upwards."""
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setTransform(QTransform(10.0, 0.0, 0.0, -100.0, 0.0, 100.0))
    return image, painter


def test_an_arrow_leads_where_its_vector_does_on_the_screen(canvas: Painted) -> None:
    """One unit of x is 10 pixels and one of y is 100: (2, 0.2) leads up at 45 degrees."""
    _, painter = canvas
    arrow = Arrow(2.0, 40.0)
    arrow.set_arrow((5.0, 0.2), (2.0, 0.2))
    ends = arrow.ends(painter)
    assert ends is not None
    shaft = ends[1] - ends[0]
    assert (ends[0].x(), ends[0].y()) == pytest.approx((50.0, 80.0))
    assert math.hypot(shaft.x(), shaft.y()) == pytest.approx(40.0)
    assert shaft.x() == pytest.approx(-shaft.y())
    painter.end()


def test_an_arrow_of_its_own_length_ends_where_it_says_and_a_tiny_one_is_not_drawn(
    canvas: Painted,
) -> None:
    _, painter = canvas
    arrow = Arrow(2.0)
    arrow.set_arrow((5.0, 0.2), (3.0, -0.1))
    ends = arrow.ends(painter)
    assert ends is not None
    assert (ends[1].x(), ends[1].y()) == pytest.approx((80.0, 90.0))
    for vector in ((0.1, 0.0), (0.0, 0.0), (math.nan, 1.0)):
        arrow.set_arrow((5.0, 0.2), vector)
        assert arrow.ends(painter) is None
    painter.end()


def test_a_field_has_its_first_row_below(canvas: Painted) -> None:
    image, painter = canvas
    field = Field()
    pixels = np.array([[0xFFFF0000, 0xFF00FF00], [0xFF0000FF, 0xFF000000]], dtype=np.uint32)
    field.show_pixels(pixels, np.array([5.0, 15.0]), np.array([0.25, 0.75]))
    field.paint(painter)
    painter.end()
    corners = [image.pixelColor(*at).name() for at in ((2, 97), (197, 97), (2, 2), (197, 2))]
    assert corners == ["#ff0000", "#00ff00", "#0000ff", "#000000"]


def test_notes_keep_clear_of_points_and_of_each_other_and_stay_in_view(qtbot: QtBot) -> None:
    figure = Figure()
    qtbot.addWidget(figure)
    figure.resize(400, 300)
    figure.set_range((0.0, 10.0), (0.0, 10.0))
    notes = figure.add(Notes(), 1)
    notes.set_style(QFont(), "#000000", "#ffffff")
    written: list[tuple[str, QPointF]] = []
    notes._write = lambda painter, rect, text: written.append((text, rect.center()))
    middle, beside, edge = (5.0, 5.0), (5.0, 2.0), (10.0, 5.0)
    notes.set_notes(
        [Note("first", [middle]), Note("second", [middle, beside]), Note("third", [edge])],
        np.array([[5.0, 9.0]]),
    )
    figure.grab()
    assert [text for text, _ in written] == ["first", "second"]
    written.clear()
    notes.set_notes([Note("first", [middle])], np.array([[5.0, 5.0]]))
    figure.grab()
    assert written == []


def test_the_scale_is_written_with_minus_signs_and_round_numbers() -> None:
    assert [text for _, text in ticks(-1.0, 1.0, 200.0, False)] == [
        "−1.0", "−0.5", "0.0", "0.5", "1.0"
    ]  # fmt: skip
    assert [text for _, text in ticks(3e-5, 0.3, 200.0, True)] == [
        "0.0001", "0.001", "0.01", "0.1"
    ]  # fmt: skip
    assert ticks(2.0, 2.0, 200.0, False) == [(2.0, "2")]


def test_a_value_stands_on_the_scale_where_its_colour_is(qapp: object) -> None:
    bar = ColourBar()
    bar.set_scale(1.0, 3.0, logarithmic=False, title="C")
    assert [bar.share(value) for value in (1.0, 2.0, 3.0)] == [0.0, 0.5, 1.0]
    bar.set_scale(0.01, 1.0, logarithmic=True, title="C")
    assert bar.share(0.1) == pytest.approx(0.5)
    assert bar.share(0.0) == 0.0
    assert math.isnan(bar.share(math.nan))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_low_costs_look_like_the_ground_of_the_window_and_high_ones_do_not(theme: object) -> None:
    assert isinstance(theme, type(LIGHT))
    brightness = shades(theme).astype(float).mean(axis=1)
    ground = 23.0 if theme.dark else 250.0
    assert abs(brightness[0] - ground) < 12
    steps = np.diff(brightness)
    assert (steps >= -1).all() if theme.dark else (steps <= 1).all()
    middle = parting_shades(theme)[127:129].mean(axis=0)
    np.testing.assert_allclose(middle, _rgb(theme.surface), atol=4)


def test_a_region_without_a_winner_is_left_blank() -> None:
    pixels = region_pixels(LIGHT, np.array([[0, -1]]), np.array([[1.0, 1.0]]))
    assert pixels[0, 1] == 0xFF000000 | int(LIGHT.surface[1:], 16)
    assert pixels[0, 0] != pixels[0, 1]


def _rgb(colour: str) -> list[int]:
    return [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
