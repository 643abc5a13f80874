"""The sizes of the graph that follow from its type."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetricsF

from bp_gui.engine.names import Kind
from bp_gui.views.network.layout import Metrics
from bp_gui.views.number_box import NumberBox

LABEL_SHRINK = 0.86
Tall = frozenset[tuple[Kind, int]]


def scaled(font: QFont, scale: float) -> QFont:
    """Return a font so much larger."""
    larger = QFont(font)
    larger.setPointSizeF(larger.pointSizeF() * scale)
    return larger


class Measures:
    """Measures type once for each scale, count of digits and longest name."""

    def __init__(self) -> None:
        self._probe = NumberBox()
        self._known: dict[tuple[object, ...], Metrics] = {}

    def at(self, font: QFont, digits: int, longest_name: str, tall: Tall) -> Metrics:
        """Return the sizes that follow from a font.

        Parameters
        ----------
        digits
            Significant digits, or `Decimals`.
        longest_name
            The widest name of a neuron: badges are all of one size.
        tall
            Rows that show a second number, by kind and layer.
        """
        key = font.toString(), digits, longest_name, tall
        if key not in self._known:
            self._known[key] = self._measured(font, digits, longest_name, tall)
        return self._known[key]

    def _measured(self, font: QFont, digits: int, longest_name: str, tall: Tall) -> Metrics:
        metrics = QFontMetricsF(font)
        # The box knows how wide its own widest text is.
        self._probe.setFont(font)
        self._probe.set_digits(digits)
        hint = self._probe.minimumSizeHint()
        lines = 2 if any(kind is Kind.WEIGHT for kind, _ in tall) else 1
        return Metrics(
            text_row=metrics.height() + 2.0,
            tall_row=metrics.height() * 2 + 2.0,
            box_row=max(metrics.height() + 10.0, hint.height() + 4.0),
            box_width=float(hint.width()),
            value_width=metrics.horizontalAdvance("0") * (digits + 6),
            symbol_width=metrics.horizontalAdvance("M") + 3.0,
            label_height=metrics.height() * LABEL_SHRINK * lines + 1.0,
            header=metrics.height() + 10.0,
            badge=metrics.horizontalAdvance(longest_name) + 14.0,
            tall=tall,
        )
