"""How much room a number needs, whatever its value, so that nothing moves while it changes."""

from __future__ import annotations

import functools

from PySide6.QtGui import QFont, QFontMetrics

from bp_gui.explain.numbers import MINUS


def widest_number(font: QFont, digits: int, before: str = "", behind: str = "") -> int:
    """Return the width in pixels of the widest number, with words before and behind it.

    Parameters
    ----------
    digits
        Significant digits, or `Decimals`.
    before, behind
        What stands on the same line.
    """
    return _widest(font.toString(), digits, before, behind)


@functools.lru_cache(maxsize=64)
def _widest(font: str, digits: int, before: str, behind: str) -> int:
    """Return the width; remembered, for Qt asks every box after every change of a text."""
    named = QFont()
    named.fromString(font)
    metrics = QFontMetrics(with_tabular_digits(named))
    eight = max("0123456789", key=metrics.horizontalAdvance)
    texts = (f"{MINUS}0.000{eight * digits}", f"{MINUS}8.{eight * (digits - 1)}e{MINUS}{eight * 3}")
    return max(metrics.horizontalAdvance(f"{before}{text}{behind}") for text in texts)


def with_tabular_digits(font: QFont) -> QFont:
    """Return a font whose digits are all of one width, where it has such digits."""
    tabular = QFont(font)
    tabular.setFeature(QFont.Tag("tnum"), 1)
    return tabular
