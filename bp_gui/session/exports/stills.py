"""What a still picture shows and how it is saved; the views draw it, nothing here does."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

SMALLEST: Final = (200, 150)
LARGEST: Final = (7680, 4320)
SCALES: Final = (0.5, 8.0)
MOST_PIXELS: Final = 100_000_000  # of a PNG; 400 MB while it is drawn


class StillFormat(Enum):
    """How a still picture is saved; the value is how the file's name ends."""

    SVG = ".svg"
    PDF = ".pdf"
    PNG = ".png"

    @property
    def key(self) -> str:
        """What commands call it."""
        return self.value[1:]

    @property
    def text(self) -> str:
        """What it is for."""
        return {
            StillFormat.SVG: "A drawing for the web",
            StillFormat.PDF: "A drawing for print",
            StillFormat.PNG: "Pixels",
        }[self]


class Subject(Enum):
    """What is in the picture; the value is what commands call it."""

    GRAPH = "graph"
    CURVE = "curve"
    BOTH = "both"

    @property
    def label(self) -> str:
        """What a person reads."""
        return {Subject.GRAPH: "The graph", Subject.CURVE: "The cost curve"}.get(self, "Both")


class Ground(Enum):
    """What a picture is drawn on; the value is what commands call it."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Still:
    """A still picture that is asked for.

    Attributes
    ----------
    format, subject, ground
        How it is saved, what is in it, and in whose colours.
    scale
        How many times as large as its room, within `SCALES`; of drawings too.
    room
        Width and height for the graph before scaling, in pixels, `SMALLEST` to `LARGEST`. The
        curve below it is as wide. A network that does not fit makes a larger picture.
    """

    format: StillFormat
    subject: Subject = Subject.GRAPH
    ground: Ground = Ground.LIGHT
    scale: float = 1.0
    room: tuple[int, int] = (960, 600)
