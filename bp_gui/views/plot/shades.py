"""The shades of fields: one hue from low to high, or two that part in the middle."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bp_gui.views.theme import Theme

# Low values look like paper, so that lines drawn over a valley stand out from it.
_LIGHT = ("#f8fafd", "#dfeaf5", "#bfd6ec", "#97bcdf", "#6b9ccd", "#467ab3", "#2c5991", "#1b3a68")
_DARK = ("#171c24", "#1d2c40", "#25415f", "#305b83", "#4279a6", "#6199c4", "#8fbadb", "#c5def0")
_COUNT = 256
_FADE = 0.62  # how far a map stands back behind the points on it

Shades = NDArray[np.uint8]


def shades(theme: Theme) -> Shades:
    """Return red, green and blue from the lowest value to the highest, (256, 3)."""
    return _between(_DARK if theme.dark else _LIGHT, 1.0, theme)


def parting_shades(theme: Theme) -> Shades:
    """Return red, green and blue from the most negative value to the most positive, (256, 3)."""
    return _between((theme.negative, theme.surface, theme.positive), _FADE, theme)


def class_colour(theme: Theme, number: int) -> str:
    """Return the colour of a class, counted from 0."""
    first = (theme.positive, theme.negative)
    colours = (*first, *theme.branches)
    return colours[number % len(colours)]


def region_pixels(
    theme: Theme, winner: NDArray[np.intp], strength: NDArray[np.float64]
) -> NDArray[np.uint32]:
    """Return 0xffRRGGBB of regions in their classes' colours, paler where less strong (0 to 1)."""
    count = max(int(winner.max(initial=0)) + 1, 1)
    ground = np.array(_rgb(theme.surface), dtype=np.float64)
    colours = np.array([_rgb(class_colour(theme, k)) for k in range(count)])
    share = (np.nan_to_num(strength) * _FADE)[..., np.newaxis]
    share = np.where(winner[..., np.newaxis] < 0, 0.0, share)
    rgb = (ground + (colours[winner] - ground) * share).astype(np.uint32)
    return (0xFF000000 | rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2]).astype(np.uint32)


def _between(colours: tuple[str, ...], fade: float, theme: Theme) -> Shades:
    ground = np.array(_rgb(theme.surface))
    stops = ground + (np.array([_rgb(colour) for colour in colours]) - ground) * fade
    at, known = np.linspace(0.0, 1.0, _COUNT), np.linspace(0.0, 1.0, len(stops))
    return np.stack([np.interp(at, known, channel) for channel in stops.T], axis=1).astype(np.uint8)


def _rgb(colour: str) -> tuple[int, int, int]:
    number = int(colour[1:], 16)
    return number >> 16, number >> 8 & 255, number & 255
