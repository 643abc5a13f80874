"""What a project file carries: an experiment, and what a person made of it besides."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from bp_gui.engine.names import Ref
from bp_gui.explain.name_choice import NameChoice
from bp_gui.session.experiment import Experiment
from bp_gui.session.timeline import Timeline
from bp_gui.session.training import Chunk, Divergence, advance

MAX_NOTES: Final = 100_000  # characters
MAX_ZOOM: Final = 100.0
_PIECES: Final = 200


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

    def trained(self, updates: int) -> tuple[Project, Divergence | None]:
        """Return the project after so many updates, and why it came to fewer if it did.

        A timeline goes on in pieces, so that what lies between can be had again soon.
        """
        timeline, end = self.timeline, self.experiment.updates + updates
        piece = updates if timeline is None else max(1, updates // _PIECES)
        chunk = Chunk(self.experiment)
        while chunk.experiment.updates < end and chunk.divergence is None:
            now = chunk.experiment
            chunk = advance(now, min(piece, end - now.updates))
            if timeline is not None and chunk.experiment is not now:
                timeline.record(chunk.experiment)
        return replace(self, experiment=chunk.experiment), chunk.divergence
