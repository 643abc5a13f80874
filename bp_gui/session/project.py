"""What a project file carries: an experiment, and what a person made of it besides."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from bp_gui.engine.names import Ref
from bp_gui.explain.name_choice import NameChoice
from bp_gui.session.experiment import Experiment
from bp_gui.session.timeline import Timeline
from bp_gui.session.training import Chunk, Divergence, Pace, advance

MAX_NOTES: Final = 100_000  # characters
MAX_ZOOM: Final = 100.0
_PIECES: Final = 200
_TELLING_SECONDS: Final = 0.2


@dataclass(frozen=True)
class Layout:
    """How a person looked at the question at hand; None where the file leaves it open.

    Attributes
    ----------
    page
        Key of the page, or of the panel on it, that was in front.
    selected
        The selected quantity.
    sample
        The training sample whose passes were shown, 0-based.
    digits
        How many digits numbers had, 3 to 17.
    decimals
        Whether they were counted behind the point.
    names
        What things were called.
    zoom
        How much larger than its room the graph was drawn, from 1.
    logarithmic
        Whether the axis of the cost was.
    """

    page: str | None = None
    selected: Ref | None = None
    sample: int | None = None
    digits: int | None = None
    decimals: bool | None = None
    names: NameChoice | None = None
    zoom: float | None = None
    logarithmic: bool | None = None


@dataclass(frozen=True, eq=False)
class Project:
    """All that a project file holds.

    Attributes
    ----------
    experiment
        The present state.
    timeline
        The moments before and beside it; its present is the experiment. None where there are none.
    notes
        What a person wrote about the project.
    layout
        How it was looked at.

    Raises
    ------
    ValueError
        If the present of the timeline is another experiment.
    """

    experiment: Experiment
    timeline: Timeline | None = None
    notes: str = ""
    layout: Layout = field(default_factory=Layout)

    def __post_init__(self) -> None:
        if self.timeline is not None and self.timeline.present is not self.experiment:
            raise ValueError("the present of the timeline is another experiment")

    def trained(
        self, updates: int, made: Callable[[int], None] = lambda _: None
    ) -> tuple[Project, Divergence | None]:
        """Return the project after so many updates, and why it came to fewer if it did.

        A timeline goes on in pieces, so that what lies between can be had again soon.

        Parameters
        ----------
        updates
            How many at most.
        made
            Told several times a second how many there have been; that changes no number.
        """
        begin, end = self.experiment.updates, self.experiment.updates + updates
        piece = updates if self.timeline is None else max(1, updates // _PIECES)
        pace = Pace(self.experiment, _TELLING_SECONDS)
        chunk, kept = Chunk(self.experiment), self.experiment
        while chunk.experiment.updates < end and chunk.divergence is None:
            began, now = time.perf_counter(), chunk.experiment
            left = min(kept.updates + piece, end) - now.updates
            chunk = advance(now, pace.updates(left, math.inf))
            done = chunk.experiment.updates - now.updates
            pace.took(done, time.perf_counter() - began)
            made(chunk.experiment.updates - begin)
            is_whole = done == left or chunk.divergence is not None
            if is_whole and chunk.experiment is not kept:
                kept = chunk.experiment
                if self.timeline is not None:
                    self.timeline.record(kept)
        return replace(self, experiment=chunk.experiment), chunk.divergence
