"""Colours from low to high, told apart by colour-blind readers and in print without colours."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor

# Ten places of viridis by van der Walt and Smith (2015).
VIRIDIS = (
    "#440154", "#482878", "#3e4a89", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58",
    "#b5de2b", "#fde725",
)  # fmt: skip
_FAINT = 0.18  # the share of the ramp at one end that is hard to see on the background


def ramp(count: int, low: float = 0.0, high: float = 1.0) -> npt.NDArray[np.uint32]:
    """Return colours as ``0xAARRGGBB``, evenly spaced on a part of the ramp, (count,)."""
    colours = [QColor(colour) for colour in VIRIDIS]
    anchors = np.array([(each.red(), each.green(), each.blue()) for each in colours])
    at = np.linspace(low, high, count) * (len(VIRIDIS) - 1)
    channels = [np.interp(at, np.arange(len(VIRIDIS)), anchors[:, k]) for k in range(3)]
    red, green, blue = (np.rint(channel).astype(np.uint32) for channel in channels)
    packed: npt.NDArray[np.uint32] = np.uint32(0xFF000000) | red << 16 | green << 8 | blue
    return packed


def shades(count: int, *, dark: bool) -> list[str]:
    """Return colours for lines, as ``#rrggbb``, that can be seen on a dark or light panel."""
    ends = (_FAINT, 1.0) if dark else (0.0, 1.0 - _FAINT)
    return [QColor(int(colour)).name() for colour in ramp(count, *ends)]
