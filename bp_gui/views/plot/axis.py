"""Axes with few, round ticks, linear and logarithmic."""

from __future__ import annotations

import math
from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import QRectF

from bp_gui.explain.numbers import MINUS, format_number

_TICK_EVERY: Final = (62.0, 36.0)  # pixels, horizontally and vertically
_MOST_PLACES: Final = 4  # decimals of a tick, before it is written with an exponent
_PLAIN_UNTIL: Final = 1e6


class Axis(pg.AxisItem):  # type: ignore[misc]
    """An axis with few, round ticks in the notation of the rest of the window."""

    logarithmic = False

    def __init__(self, orientation: str, view: pg.ViewBox) -> None:
        super().__init__(orientation, linkView=view, maxTickLength=0)
        self._is_vertical = orientation == "left"
        self._counts = not self._is_vertical
        self.enableAutoSIPrefix(False)
        self.setStyle(tickAlpha=255, autoExpandTextSpace=False, tickTextOffset=6)
        self.setGrid(255)
        self.setZValue(-1000)  # below the curve

    def boundingRect(self) -> QRectF:
        """Return the area of axis and grid, with room for labels at the very ends."""
        beyond = (20, 12) if self._is_vertical else (40, 0)
        rect: QRectF = super().boundingRect()
        return rect.adjusted(-beyond[0], -beyond[1], beyond[0], beyond[1])

    def tickValues(
        self, minVal: float, maxVal: float, size: float
    ) -> list[tuple[float | None, list[float]]]:
        """Return one level of ticks, in the coordinates of the axis."""
        most = max(size / _TICK_EVERY[self._is_vertical], 2.0)
        if self.logarithmic:
            return [_logarithmic_ticks(minVal, maxVal, most)]
        return [_linear_ticks(minVal, maxVal, most, 1.0 if self._counts else 0.0)]

    def tickStrings(self, values: list[float], scale: float, spacing: float | None) -> list[str]:
        """Return the labels of ticks."""
        if self._counts:
            return [f"{value:.0f}" for value in values]
        numbers = [10.0**value for value in values] if self.logarithmic else values
        if spacing is None:
            return [format_number(number, 3) for number in numbers]
        return _evenly_written(numbers, spacing)


class NumberAxis(Axis):
    """An axis of numbers, not of update counts, in either direction."""

    def __init__(self, orientation: str, view: pg.ViewBox) -> None:
        super().__init__(orientation, view)
        self._counts = False


def ticks(low: float, high: float, size: float, logarithmic: bool) -> list[tuple[float, str]]:
    """Return the numbers to write beside a vertical scale of so many pixels, and their texts."""
    most = max(size / _TICK_EVERY[True], 2.0)
    if not high > low:
        return [(low, format_number(low, 3))]
    if not logarithmic:
        step, numbers = _linear_ticks(low, high, most, 0.0)
        return list(zip(numbers, _evenly_written(numbers, step), strict=True))
    spacing, places = _logarithmic_ticks(math.log10(low), math.log10(high), most)
    numbers = [10.0**place for place in places]
    texts = (
        [format_number(number, 3) for number in numbers]
        if spacing is None
        else _evenly_written(numbers, spacing)
    )
    return list(zip(numbers, texts, strict=True))


def _linear_ticks(
    low: float, high: float, most: float, least_step: float
) -> tuple[float, list[float]]:
    """Return step and places of at most ``most`` ticks at multiples of 1, 2 or 5 times 10ⁿ."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1.0, 2.0, 5.0, 10.0, 20.0) if factor * power >= rough)
    step = max(step, least_step)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return step, [index * step for index in range(first, last + 1)]


def _logarithmic_ticks(low: float, high: float, most: float) -> tuple[float | None, list[float]]:
    """Return ticks at powers of ten, and at 2 and 5 times these if there is room.

    Over less than a decade they are evenly spaced numbers, and the step is returned too.
    """
    decades = range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
    fine = [
        exponent + math.log10(factor)
        for exponent in range(math.floor(low), math.floor(high) + 1)
        for factor in (1.0, 2.0, 5.0)
    ]
    fine = [place for place in fine if low - 1e-9 <= place <= high + 1e-9]
    if len(fine) < 3:
        step, numbers = _linear_ticks(10.0**low, 10.0**high, most, 0.0)
        return step, [math.log10(number) for number in numbers if number > 0]
    if len(fine) <= most:
        return None, fine
    every = math.ceil(len(decades) / most)
    return None, [float(exponent) for exponent in decades if exponent % every == 0]


def _evenly_written(numbers: list[float], step: float) -> list[str]:
    """Return numbers with as many decimals each as their common step needs.

    Where that takes too much room they share an exponent: ``0.5e−6``, ``1.0e−6``.
    """
    largest = max((abs(number) for number in numbers), default=0.0)
    finest = math.floor(math.log10(step) + 1e-9)
    if largest < _PLAIN_UNTIL and -finest <= _MOST_PLACES:
        return [_typeset(f"{number:.{max(-finest, 0)}f}") for number in numbers]
    exponent = math.floor(math.log10(max(largest, step)) + 1e-9)
    places = max(exponent - finest, 0)
    return [
        _typeset(f"{number / 10.0**exponent:.{places}f}e{exponent}") if number else "0"
        for number in numbers
    ]


def _typeset(number: str) -> str:
    return number.replace("-", MINUS)
