"""What the graph's items paint: texts, pens and colours, prepared before any painting."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import product, starmap

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPen

from bp_gui.diagnose.answers import Pair
from bp_gui.engine.names import Kind, Ref
from bp_gui.explain.numbers import format_number
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.network.layout import Card, Detail, Layout, Row
from bp_gui.views.theme import Theme

WIDTH_STEPS = 6
MOST_MARKED, MOST_WRONG = 400, 100
ALL_EDGES = 3_000  # up to so many all are drawn
MOST_EDGES = 1_500  # and of more than that, these
# WORKAROUND(PySide6 6.9 to 6.11): a pen of width 1 is drawn pixel by pixel, ten times slower than
# one a little wider, which looks the same without antialiasing.
_HAIR = 1.01
_DASH = (9.0, 6.0)
_STRENGTH = {Detail.DOTS: 0.7, Detail.NAMES: 0.6, Detail.VALUES: 0.85, Detail.BOXES: 0.85}


@dataclass(frozen=True)
class Stroke:
    """Edges that share one pen; rough ones are drawn without antialiasing, five times as fast."""

    pen: QPen
    lines: list[QLineF]
    rough: bool = False


@dataclass(frozen=True)
class Label:
    """A line of text beside the edges; a wrong one has the colour of what went wrong."""

    place: QRectF
    text: str
    is_wrong: bool = False


@dataclass(frozen=True)
class Face:
    """What one neuron shows.

    Attributes
    ----------
    name
        On the badge.
    kind
        Beside the badge: the activation, or what an input is.
    tint
        Fill of the badge: hue for the sign of the activation, strength for its size.
    values
        The text of each row, in the rows' order.
    others
        What each row would say if things went wrong; empty where it would say the same, None for
        a row that has no room for it.
    """

    name: str
    kind: str
    tint: QColor
    values: tuple[str, ...]
    others: tuple[str | None, ...] = ()


@lru_cache(maxsize=1024)
def mixed(one: str, other: str, share: float) -> QColor:
    """Return a colour that is ``share`` (0 … 1) of ``other`` and the rest of ``one``."""
    a, b = QColor(one), QColor(other)
    channels = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    return QColor(*(round(x + (y - x) * share) for x, y in channels))


def strokes(
    snapshot: Snapshot, layout: Layout, theme: Theme, focus: tuple[int, int] | None
) -> list[Stroke]:
    """Return the edges, grouped by pen: sign by hue and dash, size by width.

    Of more than `ALL_EDGES` only `MOST_EDGES` are drawn, the largest weights of each layer: the
    others could not be told apart, and would take a second to paint.

    Parameters
    ----------
    focus
        (layer, neuron) whose edges stand out; the others fade.
    """
    W = snapshot.experiment.parameters.W
    largest = max((float(np.nanmax(np.abs(w), initial=0.0)) for w in W), default=0.0)
    total = sum(w.size for w in W)
    most = total if total <= ALL_EDGES else MOST_EDGES // len(W)
    result = []
    for layer, (weights, ends) in enumerate(zip(W, layout.edges, strict=True)):
        share = np.nan_to_num(np.abs(weights) / largest if largest else np.zeros_like(weights))
        levels = np.minimum((share * WIDTH_STEPS).astype(int), WIDTH_STEPS - 1)
        near = _touching(weights.shape, layer, focus)
        drawn = near | _largest(share, most)
        # Strong edges lie over faint ones, whatever their sign.
        for level, negative, touching in product(range(WIDTH_STEPS), (False, True), (False, True)):
            chosen = (levels == level) & ((weights < 0) == negative) & (near == touching) & drawn
            if chosen.any():
                stands_out = None if focus is None else touching
                pen, rough = _pen(theme, layout.detail, level, negative, stands_out)
                lines = list(starmap(QLineF, ends[chosen].tolist()))
                result.append(Stroke(pen, lines, rough))
    return result


def _largest(sizes: NDArray[np.float64], most: int) -> NDArray[np.bool_]:
    """Return which entries are among the largest, exactly ``most`` of them or all."""
    chosen = np.ones(sizes.shape, dtype=bool)
    if sizes.size > most:
        chosen.flat[np.argpartition(sizes, -most, axis=None)[:-most]] = False
    return chosen


def _touching(
    shape: tuple[int, ...], layer: int, focus: tuple[int, int] | None
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    near = np.zeros(shape, dtype=bool)
    if focus is not None and focus[0] == layer:
        near[:, focus[1]] = True
    if focus is not None and focus[0] == layer + 1:
        near[focus[1], :] = True
    return near


def _pen(
    theme: Theme, detail: Detail, level: int, negative: bool, stands_out: bool | None
) -> tuple[QPen, bool]:
    """Return the pen of a level of size and a sign, and whether it may draw roughly.

    In a crowded picture small weights are faint, solid and rough: they are a ground for the rest.
    """
    crowded = detail is Detail.DOTS
    thin, thick = (_HAIR, 2.5) if crowded else (1.0, 4.5)
    width = thin + (thick - thin) * level / (WIDTH_STEPS - 1)
    strength = _STRENGTH[detail]
    if stands_out is not None:
        strength = 0.95 if stands_out else 0.12
    elif crowded:
        strength *= ((level + 0.5) / WIDTH_STEPS) ** 1.5
    ground = crowded and not stands_out and level < WIDTH_STEPS // 2
    pen = QPen(mixed(theme.background, theme.negative if negative else theme.positive, strength))
    pen.setWidthF(width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if negative and not ground:
        pen.setDashPattern([length / width for length in _DASH])
    return pen, ground


@dataclass(frozen=True)
class Beside:
    """What stands beside or instead of the numbers of a moment.

    Attributes
    ----------
    others
        Quantities that would be others if things went wrong, right and wrong; parameters after
        the update.
    hidden
        Quantities that nobody is to see: somebody is asked for them.
    """

    others: Mapping[Ref, Pair] = field(default_factory=dict)
    hidden: frozenset[Ref] = frozenset()

    @cached_property
    def kinds(self) -> frozenset[tuple[Kind, int]]:
        """Which kinds of quantities have others, and in which layers."""
        return frozenset((ref.kind, ref.layer) for ref in self.others)

    def other(self, ref: Ref, digits: int) -> str:
        """Return what a quantity would be, as text.

        Nothing where that says the same with so many digits, or where nobody is to see it.
        """
        pair = None if ref in self.hidden else self.others.get(ref)
        if pair is None:
            return ""
        right, mistaken = (format_number(number, digits) for number in (pair.right, pair.mistaken))
        return "" if right == mistaken else mistaken

    def below(self, row: Row, digits: int) -> str | None:
        """Return what a row of a neuron would say, below what it says; None if it is one line."""
        if row.boxed or (row.ref.kind, row.ref.layer) not in self.kinds:
            return None
        other = self.other(row.ref, digits)
        return f"→ {other}" if other and row.ref.is_parameter else signed(other) if other else ""


NOTHING_BESIDE = Beside()


def face(
    snapshot: Snapshot, card: Card, name: str, theme: Theme, digits: int, beside: Beside
) -> Face:
    """Return what a neuron of this name shows at this moment."""
    architecture = snapshot.experiment.architecture
    if card.layer == 0:
        size = float(snapshot.x[card.neuron])
    else:
        size = snapshot.value(Ref(Kind.ACTIVATION, card.layer - 1, card.neuron))
    hue = theme.negative if size < 0 else theme.positive
    # In steps of a hundredth, which nobody sees and which can be remembered.
    share = round(0.10 + 0.45 * min(abs(size), 1.0), 2) if math.isfinite(size) else 0.0
    return Face(
        name=name,
        kind="input" if card.layer == 0 else architecture.activations[card.layer - 1],
        tint=mixed(theme.surface, hue, share),
        values=tuple(
            _value(snapshot, row, digits, hidden=row.ref in beside.hidden) for row, _ in card.rows
        ),
        others=tuple(beside.below(row, digits) for row, _ in card.rows) if beside.others else (),
    )


def _value(snapshot: Snapshot, row: Row, digits: int, *, hidden: bool) -> str:
    if row.boxed:
        return ""
    return signed("?" if hidden else format_number(snapshot.value(row.ref), digits))


def signed(text: str) -> str:
    """Return the text with room for a minus sign, so that digits stand below digits."""
    return text if text.startswith("−") else f"\u2007{text}"


def marks(layout: Layout, selected: Ref | None, hovered: Ref | None, theme: Theme) -> list[Stroke]:
    """Return the broad lines that lie under edges.

    Under the edge of the selected and of the hovered weight, and, more faintly, under all edges
    that the gradient of what is selected flows back along: those that lead from its neuron on to
    the outputs.
    """
    result = []
    if selected is not None:
        flow = [ends.reshape(-1, 4) for ends in _flow(layout, selected)]
        if flow:
            lines = np.concatenate(flow)
            result.append(_mark(theme, 0.28, 7.0, lines[:MOST_MARKED]))
    for ref, strength in ((hovered, 0.4), (selected, 0.55)):
        if ref is not None and ref.kind is Kind.WEIGHT and _exists(layout, ref):
            edge = layout.edges[ref.layer][ref.to, ref.source]
            result.append(_mark(theme, strength, 9.0, edge[np.newaxis]))
    return result


def wrong_marks(layout: Layout, others: Mapping[Ref, Pair], theme: Theme) -> list[Stroke]:
    """Return the broad lines under the edges whose weight an update with mistakes gets wrong.

    Where numbers stand above their boxes, these say it; marks under very many would say nothing.
    """
    has_numbers = layout.detail is Detail.BOXES and layout.labelled
    if not others or has_numbers:
        return []
    wrong = [ref for ref in others if ref.kind is Kind.WEIGHT]
    if not 0 < len(wrong) <= MOST_WRONG:
        return []
    ends = [layout.edges[ref.layer][ref.to, ref.source] for ref in wrong]
    return [_mark(theme, 0.3, 6.0, np.array(ends), theme.warning)]


def _flow(layout: Layout, ref: Ref) -> Iterator[NDArray[np.float64]]:
    """Yield the ends of the edges behind a quantity, layer by layer up to the outputs."""
    if not (ref.is_parameter or ref.kind in (Kind.NET_INPUT, Kind.ACTIVATION, Kind.DELTA)):
        return
    following = layout.edges[ref.layer + 1 :]
    for step, ends in enumerate(following):
        yield ends[:, ref.to] if step == 0 else ends


def _exists(layout: Layout, ref: Ref) -> bool:
    return ref.layer < len(layout.edges) and (
        ref.to < layout.edges[ref.layer].shape[0] and ref.source < layout.edges[ref.layer].shape[1]
    )


def _mark(
    theme: Theme, strength: float, width: float, ends: NDArray[np.float64], colour: str = ""
) -> Stroke:
    pen = QPen(mixed(theme.background, colour or theme.accent, strength), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return Stroke(pen, list(starmap(QLineF, ends.tolist())))
