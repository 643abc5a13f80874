"""A timeline to its section of a project file, and never more than there is room for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from bp_gui.session.experiment import Experiment
from bp_gui.session.project_schema import (
    MAX_BRANCHES,
    BranchSection,
    PresentSection,
    TimelineSection,
)
from bp_gui.session.timeline import FIRST_NAME, Branch, Moment, Timeline, needed_moments
from bp_gui.session.timeline_choice import chosen_moments
from bp_gui.session.timeline_pools import Histories, Pools

BUDGET_BYTES: Final = 2_000_000  # of text, beside the histories
MOST_BETWEEN: Final = 256  # moments of a branch beside those that others need


def timeline_section(timeline: Timeline) -> TimelineSection | None:
    """Return how a timeline stands in a file; None where it holds no more than the present.

    The present branch comes first, then the newest of the others, each with its share of the room
    that is left. A branch that is too large loses its beginning, at worst all but its end; where
    that hides the present, what lies beyond the present goes first.
    """
    return _Writer(timeline).section()


class _Writer:
    """What has been chosen so far."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline, self._present = timeline, timeline.present
        self._pools = Pools(self._present)
        self._room = BUDGET_BYTES
        self._place, self._is_kept = 0, False
        self._sections: dict[int, BranchSection] = {}
        self._histories: list[list[Experiment]] = []

    def section(self) -> TimelineSection | None:
        """See `timeline_section`."""
        here = self._timeline.branch
        others = [each for each in reversed(self._timeline.branches) if each is not here]
        others = others[: MAX_BRANCHES - 1]
        self._add(here, self._around_present(self._room // (2 if others else 1)))
        for position, branch in enumerate(others):
            last = len(branch.moments) - 1
            kept = self._chosen(branch, last, last, self._room // (len(others) - position))
            self._add(branch, [branch.moments[k] for k in kept])
        section = self._written()
        (first, *more) = section.branches
        is_alone = not more and len(first.moments) == 1 and first.name == FIRST_NAME
        return None if is_alone else section

    def _around_present(self, room: int) -> list[Moment]:
        """Return the moments to keep of the present branch, and find the present in them."""
        branch, place = self._timeline.branch, self._timeline.place.moment
        self._is_kept = branch.moments[place].experiment is self._present
        kept = self._chosen(branch, len(branch.moments) - 1, place, room)
        if not kept or kept[0] > place:
            kept = self._chosen(branch, place, place, room)
            moments = [branch.moments[k] for k in kept]
            self._is_kept = True
            if not moments or moments[-1].experiment is not self._present:
                moments = [Moment(self._present)]
            self._place = len(moments) - 1
            return moments
        self._place = bisect_right(kept, place) - 1
        return [branch.moments[k] for k in kept]

    def _chosen(self, branch: Branch, last: int, also: int, room: int) -> list[int]:
        """Return which moments up to one fit into so many bytes."""
        used = 0

        def takes(moment: Moment) -> bool:
            nonlocal used
            used += self._pools.room(moment)
            return used <= room

        between = room // self._pools.largest(branch.tip) - len(needed_moments(branch.moments))
        between = min(max(between, 1), MOST_BETWEEN)
        return chosen_moments(branch.moments[: last + 1], between, also, takes)

    def _add(self, branch: Branch, moments: Sequence[Moment]) -> None:
        if not moments:
            return
        sections = []
        for moment in moments:
            self._room -= self._pools.room(moment)
            sections.append(self._pools.section(moment))
        self._sections[branch.number] = BranchSection(
            branch.number, branch.name, branch.parent, sections
        )
        self._histories.append([moment.experiment for moment in moments])

    def _written(self) -> TimelineSection:
        histories = Histories(
            self._present.history,
            [[each.history for each in experiments] for experiments in self._histories],
        )
        for position, branch in enumerate(self._sections.values()):
            branch.parent = self._parent(branch.number)
            for moment, place in zip(branch.moments, histories.places(position), strict=True):
                moment.history = place
        return TimelineSection(
            present=PresentSection(self._timeline.branch.number, self._place, self._is_kept),
            branches=[self._sections[number] for number in sorted(self._sections)],
            vectors=self._pools.words,
            settings=self._pools.settings,
            data=self._pools.data,
            histories=histories.sections(),
        )

    def _parent(self, number: int) -> int | None:
        """Return the nearest branch that this one came from and that is written too."""
        parents = {branch.number: branch.parent for branch in self._timeline.branches}
        parent = parents[number]
        while parent is not None and parent not in self._sections:
            parent = parents[parent]
        return parent
