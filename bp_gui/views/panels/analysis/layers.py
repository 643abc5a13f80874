"""How weights, activations and errors are distributed in every layer, and what that means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QWidget

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array
from bp_gui.engine.distributions import Histogram, histogram
from bp_gui.explain.numbers import format_number
from bp_gui.session.health import Health
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.theme import LIGHT, Theme

BINS = 31
_COLUMNS = ("weights W", "activations a", "errors δ", "gradients g")
_WELL = "No layer is saturated or dead, and errors reach all of them."
_ROW, _TALLEST_ROW = 118, 190
_HEAD = 22
_TITLE = 18.0  # of a row, above its histograms
_GAP = 14.0
_FOOT = 18.0


@dataclass(frozen=True, eq=False)
class _Cell:
    """One histogram from −reach to reach."""

    bars: Histogram
    reach: float


@dataclass(frozen=True, eq=False)
class _Row:
    """One layer: what it is, how it stands, and its histograms."""

    name: str
    state: str
    cells: tuple[_Cell, ...]


class LayersPanel(CardFrame):
    """A row for every layer: four histograms; above them plain sentences where one is ill."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Layers", parent)
        self.findings = QLabel()
        self.findings.setWordWrap(True)
        self.findings.setAccessibleName("How the layers are")
        self.findings.setContentsMargins(4, 0, 4, 4)
        self.picture = _Histograms()
        scroll = QScrollArea()
        scroll.setWidget(self.picture)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.viewport().setAutoFillBackground(False)
        self.picture.setAutoFillBackground(False)
        self.scroller = scroll
        self.body.addWidget(self.findings)
        self.body.addWidget(scroll, 1)

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show a moment, over all training samples."""
        health = Health(new.experiment)
        sentences = health.sentences
        text = "\n".join(sentences) or _WELL
        if text != self.findings.text():
            self.findings.setObjectName("warning" if sentences else "quiet")
            self.findings.style().polish(self.findings)
            self.findings.setText(text)
        self.picture.show_rows([_row(health, layer) for layer in range(len(health.states))])

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self.picture.set_theme(theme)

    def panes(self) -> list[QWidget]:
        """Return the scrolling picture."""
        return [self.scroller]


class _Histograms(QWidget):
    """Paints all histograms; what they hold is computed before."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Distributions by layer")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._rows: list[_Row] = []
        self._theme = LIGHT

    def show_rows(self, rows: list[_Row]) -> None:
        """Take over new histograms."""
        if len(rows) != len(self._rows):
            self.setMinimumHeight(_HEAD + _ROW * len(rows))
        self._rows = rows
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for every row."""
        return QSize(300, _HEAD + _ROW * max(len(self._rows), 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the heads, then a row a layer."""
        painter = QPainter(self)
        try:
            width = (self.width() - (len(_COLUMNS) - 1) * _GAP) / len(_COLUMNS)
            painter.setPen(QColor(self._theme.muted))
            for column, text in enumerate(_COLUMNS):
                head = QRectF(column * (width + _GAP), 0, width + _GAP, _HEAD)
                painter.drawText(head, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, text)
            tall = (self.height() - _HEAD) / max(len(self._rows), 1)
            tall = min(max(tall, _ROW), _TALLEST_ROW)
            for number, row in enumerate(self._rows):
                top = _HEAD + number * tall
                self._paint_title(painter, row, QRectF(0, top, self.width(), _TITLE))
                for column, cell in enumerate(row.cells):
                    height = tall - _TITLE - _GAP
                    left = column * (width + _GAP)
                    self._paint(painter, cell, QRectF(left, top + _TITLE, width, height))
        finally:
            painter.end()

    def _paint_title(self, painter: QPainter, row: _Row, place: QRectF) -> None:
        top = Qt.AlignmentFlag.AlignTop
        painter.setPen(QColor(self._theme.text))
        painter.drawText(place, top | Qt.AlignmentFlag.AlignLeft, row.name)
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(place, top | Qt.AlignmentFlag.AlignRight, row.state)

    def _paint(self, painter: QPainter, cell: _Cell, place: QRectF) -> None:
        theme = self._theme
        area = place.adjusted(0, 4, 0, -_FOOT)
        counts = cell.bars.counts
        most = float(counts.max()) or 1.0
        bar = area.width() / len(counts)
        middles = (cell.bars.edges[:-1] + cell.bars.edges[1:]) / 2
        for k, (count, middle) in enumerate(zip(counts.tolist(), middles.tolist(), strict=True)):
            height = area.height() * count / most
            colour = theme.negative if middle < 0 else theme.positive
            rect = QRectF(area.left() + k * bar, area.bottom() - height, max(bar - 1, 1), height)
            painter.fillRect(rect, QColor(colour))
        painter.setPen(QColor(theme.border))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setPen(QColor(theme.muted))
        foot = QRectF(place.left(), area.bottom() + 4, place.width(), _FOOT)
        middle = QPointF(area.center().x(), area.bottom())
        painter.drawLine(middle, middle + QPointF(0, 3))  # zero
        reach = f"±{format_number(cell.reach, 3)}"
        painter.drawText(foot, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter, reach)


def _row(health: Health, layer: int) -> _Row:
    architecture = health.experiment.architecture
    activation = ACTIVATIONS[architecture.activations[layer]]
    state, last = health.states[layer], health.states[-1]
    neurons = architecture.sizes[layer + 1]
    name = f"Layer {layer + 1}: {neurons} × {activation.name}"
    words = f"f′ is {_percent(state.slope / state.steepest)} of f′(0)"
    if layer < architecture.n_layers - 1 and last.error_size > 0:
        words += f", δ {format_number(state.error_size / last.error_size, 3)} of the last layer's"
    low, high = activation.reach
    reach = max(-low, high)
    return _Row(
        name,
        words,
        (
            _cell(health.experiment.parameters.W[layer]),
            _cell(health.forward.a[layer], reach if np.isfinite(reach) else None),
            _cell(health.backward.delta[layer]),
            _cell(health.backward.dW[layer]),
        ),
    )


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.01 or share == 0 else f"{format_number(100 * share, 3)}%"


def _cell(values: Array, reach: float | None = None) -> _Cell:
    """Return the histogram of an array over a range that holds zero in its middle."""
    finite = values[np.isfinite(values)]
    if reach is None:
        reach = float(np.abs(finite).max()) if len(finite) else 1.0
    reach = reach or 1.0
    return _Cell(histogram(finite, BINS, -reach, reach), reach)
