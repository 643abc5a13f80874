"""The lines of text on the graph: names above weights, and what kind of layer a column is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF

from bp_gui.engine.names import Ref
from bp_gui.explain.numbers import format_number
from bp_gui.views.network.layout import Layout
from bp_gui.views.network.picture import Beside, Label


def weight_labels(
    layout: Layout, name: Callable[[Ref], str], beside: Beside, digits: int, font: QFontMetricsF
) -> list[Label]:
    """Return what stands above the boxes of weights: names, and next values that are mistaken."""
    if not layout.labelled:
        return []
    labels = []
    for ref, box in layout.weight_boxes.items():
        above = QPointF(box.center().x(), box.top() + 1)
        following = _following(ref, beside, digits, font, above)
        if following:
            above -= QPointF(0.0, font.height())
        text = name(ref)
        labels.append(Label(_standing(above, font.horizontalAdvance(text) + 6, font), text))
        labels += following
    return labels


def captions(layout: Layout, activations: Sequence[str], font: QFontMetricsF) -> list[Label]:
    """Return what stands above each column: what kind of layer it is."""
    centres = [column[0].rect.center().x() for column in layout.cards]
    pitch = centres[1] - centres[0]
    found = []
    for centre, kind in zip(centres, ("input", *activations), strict=True):
        text = font.elidedText(kind, Qt.TextElideMode.ElideRight, pitch - 2.0)
        rect = QRectF(0, 2, font.horizontalAdvance(text) + 2, font.height())
        rightmost = layout.size.width() - rect.width() - 2.0
        rect.moveLeft(min(max(centre - rect.width() / 2, 2.0), rightmost))
        found.append(Label(rect, text))
    return found


def _following(
    ref: Ref, beside: Beside, digits: int, font: QFontMetricsF, above: QPointF
) -> list[Label]:
    """Return a weight after the update, right and with mistakes; nothing where they agree."""
    other = beside.other(ref, digits)
    if not other:
        return []
    text = f"→ {format_number(beside.others[ref].right, digits)}"
    widths = [font.horizontalAdvance(each) + 6 for each in (text, other)]
    whole = _standing(above, sum(widths), font)
    first, second = whole.adjusted(0, 0, -widths[1], 0), whole.adjusted(widths[0], 0, 0, 0)
    return [Label(first, text), Label(second, other, is_wrong=True)]


def _standing(foot: QPointF, width: float, font: QFontMetricsF) -> QRectF:
    """Return the place of a line of text whose lower edge is centred on a point."""
    return QRectF(foot.x() - width / 2, foot.y() - font.height(), width, font.height())
