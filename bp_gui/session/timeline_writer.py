"""A timeline to its section of a project file, and never more than there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bp_gui.session.history import CostHistory
from bp_gui.session.project_schema import (
    MAX_BRANCHES,
    BranchSection,
    MomentSection,
    PresentSection,
    TimelineSection,
)
from bp_gui.session.timeline import FIRST_NAME, Branch, Moment, Timeline, needed_moments
from bp_gui.session.timeline_choice import chosen_moments
from bp_gui.session.timeline_pools import Histories, Pools

BUDGET_BYTES: Final = 2_000_000  # of text, beside the histories
MOST_BETWEEN: Final = 200  # moments of a branch beside those that others need


def timeline_section(timeline: Timeline) -> TimelineSection | None:
    """Return how a timeline stands in a file; None where it holds no more than the present.

    The present branch comes first, then the newest of the others, each with its share of the room
    that is left. A branch that is too large loses its beginning, at worst all but its end; where
    that hides the present, what lies beyond the present goes first.
    """
    return _Writer(timeline).section()


@dataclass(frozen=True)
class _Kept:
    """A moment that is written, and where it stood in its branch."""

    position: int
    history: CostHistory
    section: MomentSection


class _Writer:
    """What has been chosen so far."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline, self._present = timeline, timeline.present
        self._pools = Pools(self._present)
        self._room = BUDGET_BYTES
        self._place, self._is_kept = 0, False
        self._branches: list[BranchSection] = []
        self._histories: list[list[CostHistory]] = []

    def section(self) -> TimelineSection | None:
        """See `timeline_section`."""
        here = self._timeline.branch
        others = [each for each in reversed(self._timeline.branches) if each is not here]
        others = others[: MAX_BRANCHES - 1]
        self._add(here, self._around_present(self._room // (2 if others else 1)))
        for position, branch in enumerate(others):
            room = self._room // (len(others) - position)
            self._add(branch, self._kept(branch.moments, room))
        section = self._written()
        (first, *more) = section.branches
        is_alone = not more and len(first.moments) == 1 and first.name == FIRST_NAME
        return None if is_alone else section

    def _around_present(self, room: int) -> list[_Kept]:
        """Return the moments to keep of the present branch, and find the present in them."""
        moments, place = self._timeline.branch.moments, self._timeline.place.moment
        self._is_kept = moments[place].experiment is self._present
        kept = self._kept(moments, room, place)
        if not kept or kept[0].position > place:
            self._pools, self._room, self._is_kept = Pools(self._present), BUDGET_BYTES, True
            until = moments[: place + 1]
            if until[-1].experiment is not self._present:
                until = [Moment(self._present)]
            kept = self._kept(until, room) or self._kept([Moment(self._present)], BUDGET_BYTES)
        self._place = sum(each.position <= place for each in kept) - 1
        return kept

    def _kept(self, moments: Sequence[Moment], room: int, also: int = 0) -> list[_Kept]:
        """Return what fits into so many bytes, and take it in."""
        kept: dict[Moment, MomentSection] = {}
        left = room

        def takes(moment: Moment) -> bool:
            nonlocal left
            left -= self._pools.room(moment)
            if left >= 0:
                kept[moment] = self._pools.section(moment)
            return left >= 0

        needed = needed_moments(moments) | {also}
        between = room // self._pools.largest(moments[-1].experiment) - len(needed) - 1
        chosen = chosen_moments(moments, needed, min(max(between, 1), MOST_BETWEEN), takes)
        self._room -= room - max(left, 0)
        return [_Kept(k, moments[k].experiment.history, kept[moments[k]]) for k in chosen]

    def _add(self, branch: Branch, kept: Sequence[_Kept]) -> None:
        if kept:
            sections = [each.section for each in kept]
            self._branches.append(BranchSection(branch.number, branch.name, None, sections))
            self._histories.append([each.history for each in kept])

    def _written(self) -> TimelineSection:
        histories = Histories(self._present.history, self._histories)
        numbers = {branch.number for branch in self._branches}
        for position, branch in enumerate(self._branches):
            branch.parent = self._parent(branch.number, numbers)
            for moment, place in zip(branch.moments, histories.places(position), strict=True):
                moment.history = place
        return TimelineSection(
            present=PresentSection(self._timeline.branch.number, self._place, self._is_kept),
            branches=sorted(self._branches, key=lambda branch: branch.number),
            vectors=self._pools.words,
            settings=self._pools.settings,
            data=self._pools.data,
            histories=histories.sections(),
        )

    def _parent(self, number: int, known: set[int]) -> int | None:
        """Return the nearest branch that this one came from and that is written too."""
        parents = {branch.number: branch.parent for branch in self._timeline.branches}
        parent = parents[number]
        while parent is not None and parent not in known:
            parent = parents[parent]
        return parent
