"""How weights, activations and errors are distributed in every layer, and what that means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QWidget

from bp_gui.engine.arrays import Array
from bp_gui.engine.distributions import Histogram, histogram
from bp_gui.explain.numbers import format_number
from bp_gui.session.health import Health
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.theme import LIGHT, Theme

BINS = 31
_COLUMNS = ("weights", "activations", "errors δ")
_ROW = 118
_HEAD = 22
_GAP = 14.0
_FOOT = 18.0


@dataclass(frozen=True, eq=False)
class _Cell:
    """One histogram with the range that it spans and how many values lie at either end."""

    bars: Histogram
    low: float
    high: float


class LayersPanel(CardFrame):
    """A row for every layer: three histograms; above them plain sentences where one is ill."""

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
        self.findings.setObjectName("warning" if sentences else "quiet")
        self.findings.style().polish(self.findings)
        self.findings.setText(
            "\n".join(sentences) or "No layer is saturated or dead, and errors reach all of them."
        )
        rows = [
            (f"Layer {layer + 1}", tuple(_cell(part) for part in parts))
            for layer, parts in enumerate(
                zip(
                    new.experiment.parameters.W,
                    health.forward.a,
                    health.backward.delta,
                    strict=True,
                )
            )
        ]
        self.picture.show_rows(rows)

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
        self._rows: list[tuple[str, tuple[_Cell, ...]]] = []
        self._theme = LIGHT

    def show_rows(self, rows: list[tuple[str, tuple[_Cell, ...]]]) -> None:
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
            width = (self.width() - 2 * _GAP) / len(_COLUMNS)
            painter.setPen(QColor(self._theme.muted))
            for column, text in enumerate(_COLUMNS):
                head = QRectF(column * (width + _GAP), 0, width, _HEAD)
                painter.drawText(head, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, text)
            for row, (name, cells) in enumerate(self._rows):
                top = _HEAD + row * _ROW
                for column, cell in enumerate(cells):
                    place = QRectF(column * (width + _GAP), top, width, _ROW - _GAP)
                    self._paint(painter, cell, place, name if column == 0 else "")
        finally:
            painter.end()

    def _paint(self, painter: QPainter, cell: _Cell, place: QRectF, name: str) -> None:
        theme = self._theme
        area = place.adjusted(0, 16, 0, -_FOOT)
        painter.setPen(QColor(theme.text))
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, name)
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
        foot = QRectF(place.left(), area.bottom() + 2, place.width(), _FOOT)
        for flag, value in (
            (Qt.AlignmentFlag.AlignLeft, cell.low),
            (Qt.AlignmentFlag.AlignRight, cell.high),
        ):
            painter.drawText(foot, flag | Qt.AlignmentFlag.AlignTop, format_number(value, 3))


def _cell(values: Array) -> _Cell:
    """Return the histogram of an array over a range that holds zero in its middle."""
    finite = values[np.isfinite(values)]
    reach = float(np.abs(finite).max()) if len(finite) else 1.0
    reach = reach or 1.0
    return _Cell(histogram(finite, BINS, -reach, reach), -reach, reach)
