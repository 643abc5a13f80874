"""Marks of right and wrong gradients stand at every parameter, however much is drawn."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF, QSizeF

from bp_gui.engine.names import parse_name
from bp_gui.engine.network import Architecture
from bp_gui.views.network.layout import Detail, Layout, Metrics, lay_out
from bp_gui.views.network.verdicts import verdicts

METRICS = Metrics(
    text_row=16.0,
    tall_row=32.0,
    box_row=24.0,
    box_width=100.0,
    value_width=80.0,
    symbol_width=16.0,
    label_height=14.0,
    header=24.0,
    badge=30.0,
)


def laid_out(sizes: tuple[int, ...], width: float, height: float) -> Layout:
    architecture = Architecture(sizes, ("sigmoid",) * (len(sizes) - 1))
    _, layout = lay_out(architecture, QSizeF(width, height), {1.0: METRICS})
    return layout


@pytest.mark.parametrize(
    ("sizes", "room", "detail"),
    [((2, 3, 1), (900, 700), Detail.BOXES), ((2, 12, 3), (500, 300), None)],
)
def test_every_parameter_has_one_mark(
    sizes: tuple[int, ...], room: tuple[float, float], detail: Detail | None
) -> None:
    layout = laid_out(sizes, *room)
    if detail is not None:
        assert layout.detail is detail
    count = sum(a * b + b for a, b in pairwise(sizes))
    marks = verdicts(layout, frozenset())
    assert len(marks.right) == len({(p.x(), p.y()) for p in marks.right}) == count
    assert marks.wrong == ()


def test_only_wrong_gradients_are_marked_as_wrong_beside_their_boxes() -> None:
    layout = laid_out((2, 3, 1), 900, 700)
    wrong = [parse_name("W1[3,2]"), parse_name("b2[1]")]
    marks = verdicts(layout, frozenset(wrong))
    assert len(marks.wrong) == 2
    assert len(marks.right) == 13 - 2
    box = layout.weight_boxes[wrong[0]]
    (weight, bias) = sorted(marks.wrong, key=QPointF.x)
    assert weight.x() > box.right()
    assert weight.y() == box.center().y()
    assert layout.cards[2][0].rect.contains(bias)
