"""The shades of a field: one hue, from the ground of the window to its contrary."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bp_gui.views.theme import Theme

# Low values look like paper, so that lines drawn over a valley stand out from it.
_LIGHT = ("#f8fafd", "#dfeaf5", "#bfd6ec", "#97bcdf", "#6b9ccd", "#467ab3", "#2c5991", "#1b3a68")
_DARK = ("#171c24", "#1d2c40", "#25415f", "#305b83", "#4279a6", "#6199c4", "#8fbadb", "#c5def0")
_COUNT = 256


def shades(theme: Theme) -> NDArray[np.uint8]:
    """Return red, green and blue from the lowest value to the highest, (256, 3)."""
    stops = np.array([_rgb(colour) for colour in (_DARK if theme.dark else _LIGHT)])
    at, known = np.linspace(0.0, 1.0, _COUNT), np.linspace(0.0, 1.0, len(stops))
    return np.stack([np.interp(at, known, channel) for channel in stops.T], axis=1).astype(np.uint8)


def _rgb(colour: str) -> tuple[int, int, int]:
    number = int(colour[1:], 16)
    return number >> 16, number >> 8 & 255, number & 255
