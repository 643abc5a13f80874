"""Every state that an experiment has been in, in branches, and the way back to each of them.

A branch is a list of kept moments. Between two of them lie only training updates, and training
from the earlier one gives what lay between, bit for bit: an experiment says all about what follows.
So old moments can be thinned out without losing any.

Going on from a moment in the past with a change opens a new branch. Going on without one follows
the branch that is there, since the same would happen again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from bp_gui.engine import compiled
from bp_gui.session.experiment import Experiment
from bp_gui.session.training import advance

RECENT = 4096  # of a branch's last moments, kept one by one
BUDGET_BYTES = 120_000_000  # for the moments of one branch
_BYTES_OF_OBJECTS = 2_000  # what a moment takes beside its arrays
MAX_NAME = 40
FIRST_NAME = "Run 1"


class TimelineError(ValueError):
    """What cannot be done with a branch; the message names it."""


@dataclass(frozen=True, eq=False)
class Moment:
    """A kept state.

    Attributes
    ----------
    experiment
        The state.
    label
        The edit that led to it; empty where it was training.
    """

    experiment: Experiment
    label: str = ""

    @property
    def update(self) -> int:
        """How many updates lie behind it."""
        return self.experiment.updates

    @property
    def is_compiled(self) -> bool:
        """Whether the compiled loops made the update that led to it."""
        last = self.experiment.last_update
        return last is not None and last.compiled


@dataclass
class Branch:
    """One line of moments, ascending by update.

    Attributes
    ----------
    number
        What the branch is known by; never used twice.
    name
        What a person calls it.
    parent
        Number of the branch that it left, None if it began by itself.
    moments
        The first is where it begins: for a fork, the state that it shares with its parent.
    """

    number: int
    name: str
    parent: int | None
    moments: list[Moment] = field(default_factory=list)

    @property
    def first(self) -> int:
        """The update where it begins."""
        return self.moments[0].update

    @property
    def last(self) -> int:
        """The update that it has come to."""
        return self.moments[-1].update

    @property
    def tip(self) -> Experiment:
        """Its last state."""
        return self.moments[-1].experiment

    def position_of(self, update: int) -> int:
        """Return the position of the last moment up to an update; −1 before the first."""
        return bisect_right(self.moments, update, key=lambda moment: moment.update) - 1

    def between(self, position: int, update: int) -> Experiment:
        """Return the state at an update that lies behind a moment and before the next."""
        kept = self.moments[position].experiment
        if update == kept.updates:
            return kept
        with_compiled = self.moments[position + 1].is_compiled
        if with_compiled:
            compiled.load()  # what a file holds may be older than this program's start
        return advance(kept, update - kept.updates, with_compiled=with_compiled).experiment

    def edits(self) -> Iterator[Moment]:
        """Yield the moments that an edit led to."""
        return (moment for moment in self.moments if moment.label)

    def lowest(self) -> int:
        """Return the update at which its recorded cost was lowest, the earliest of equals."""
        history, tip = self.tip.history, self.tip
        with np.errstate(all="ignore"):
            updates = np.append(history.updates, tip.updates)
            costs = np.append(history.costs, tip.batch_cost())
        known = np.isfinite(costs) & (updates >= self.first)
        if not known.any():
            return self.last
        return int(updates[known][np.argmin(costs[known])])


@dataclass(frozen=True)
class Place:
    """Where in the timeline the present is: on which branch, behind which of its moments."""

    branch: int
    moment: int


class Timeline:
    """The branches of one project and the place of the present in them.

    Parameters
    ----------
    experiment
        The first state.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._branches: dict[int, Branch] = {}
        self._next_number = 0
        self._present = experiment
        self._place = Place(self._open(FIRST_NAME, None, [Moment(experiment)]).number, 0)

    @classmethod
    def restored(cls, branches: Iterable[Branch], place: Place, present: Experiment) -> Timeline:
        """Return a timeline as it was: its branches and the place of the present in them.

        Raises
        ------
        TimelineError
            If the place is not in one of the branches.
        """
        timeline = cls(present)
        timeline._branches = {branch.number: branch for branch in branches}
        timeline._next_number = max(timeline._branches, default=-1) + 1
        if not 0 <= place.moment < len(timeline._known(place.branch).moments):
            raise TimelineError(f"branch {place.branch} has no moment {place.moment}")
        timeline._place = place
        return timeline

    @property
    def place(self) -> Place:
        """Where the present is."""
        return self._place

    @property
    def branches(self) -> list[Branch]:
        """All branches, oldest first."""
        return list(self._branches.values())

    @property
    def branch(self) -> Branch:
        """The branch that the present is on."""
        return self._branches[self._place.branch]

    @property
    def present(self) -> Experiment:
        """The present state."""
        return self._present

    @property
    def is_at_tip(self) -> bool:
        """Whether nothing on the branch lies beyond the present."""
        return self._present is self.branch.tip

    def record(self, experiment: Experiment, label: str = "", *, merged: bool = False) -> None:
        """Make an experiment that came out of the present one the present.

        Parameters
        ----------
        experiment
            The new state.
        label
            The edit that led to it; empty for training.
        merged
            Whether undo takes it for one with the edit before, as in a burst of steps.
        """
        moment = Moment(experiment, label)
        if not self.is_at_tip and self._only_edits_lie_beyond():
            del self.branch.moments[self._place.moment + 1 :]
        if experiment.updates < self._present.updates:
            self._start_anew(moment)
        elif self.is_at_tip:
            self._append(moment, merged)
        elif not label and self._meets(experiment):
            self._follow(moment)
        else:
            self._fork(moment)
        self._present = experiment

    def begin_branch(self, started: Experiment, ended: Experiment, name: str) -> None:
        """Make the end of a training that was made elsewhere the present, on a new branch.

        Parameters
        ----------
        started
            The first state of the branch.
        ended
            What training made of it.
        name
            What the branch is called, and the edit that it begins with.
        """
        branch = self._open(name[:MAX_NAME], None, [Moment(started, name)])
        if ended.updates > started.updates:
            branch.moments.append(Moment(ended))
        self._place, self._present = Place(branch.number, len(branch.moments) - 1), ended

    def visit(self, experiment: Experiment) -> bool:
        """Make a kept state the present, as undo does; return whether it is known."""
        for branch in (self.branch, *self._branches.values()):
            for position in range(len(branch.moments) - 1, -1, -1):
                if branch.moments[position].experiment is experiment:
                    self._place, self._present = Place(branch.number, position), experiment
                    return True
        return self._visit_thinned(experiment)

    def _visit_thinned(self, experiment: Experiment) -> bool:
        """Make a state the present that was kept once: training gives it again."""
        for branch in self._branches.values():
            position = branch.position_of(experiment.updates)
            kept = branch.moments[position].experiment
            inside = branch.first <= experiment.updates <= branch.last
            if not inside or kept.data is not experiment.data or kept.eta != experiment.eta:
                continue
            again = branch.between(position, experiment.updates)
            if np.array_equal(again.parameters.theta, experiment.parameters.theta):
                self._place, self._present = Place(branch.number, position), experiment
                return True
        return False

    def go_to(self, branch: int, update: int) -> Experiment:
        """Make a state of a branch the present and return it.

        Parameters
        ----------
        branch
            Its number.
        update
            How many updates lie behind the state; held within the branch. Of several states at
            the same update it is the last, after all edits.

        Raises
        ------
        TimelineError
            If there is no such branch.
        """
        line = self._known(branch)
        self._present = self.state(branch, update)
        self._place = Place(branch, line.position_of(min(max(update, line.first), line.last)))
        return self._present

    def state(self, branch: int, update: int) -> Experiment:
        """Return the state that `go_to` would go to, without going there.

        Raises
        ------
        TimelineError
            If there is no such branch.
        """
        line = self._known(branch)
        update = min(max(update, line.first), line.last)
        return line.between(line.position_of(update), update)

    def rename(self, branch: int, name: str) -> None:
        """Call a branch something else.

        Raises
        ------
        TimelineError
            If the name is empty, too long or taken.
        """
        line, name = self._known(branch), name.strip()
        if not 0 < len(name) <= MAX_NAME:
            raise TimelineError(f"a branch needs a name of 1 to {MAX_NAME} characters")
        if any(other.name == name for other in self.branches if other is not line):
            raise TimelineError(f"there is another branch called “{name}”")
        line.name = name

    def delete(self, branch: int) -> None:
        """Forget a branch; those that left it keep what they share with it.

        Raises
        ------
        TimelineError
            If it is the one that the present is on.
        """
        line = self._known(branch)
        if branch == self._place.branch:
            raise TimelineError(f"“{line.name}” is in use: go to another branch first")
        del self._branches[branch]
        for other in self.branches:
            if other.parent == branch:
                other.parent = line.parent

    def _known(self, branch: int) -> Branch:
        if branch not in self._branches:
            raise TimelineError(f"there is no branch number {branch}")
        return self._branches[branch]

    def _open(self, name: str, parent: int | None, moments: list[Moment]) -> Branch:
        taken = {branch.name for branch in self.branches}
        unique, count = name, 2
        while unique in taken:
            unique, count = f"{name} ({count})", count + 1
        branch = Branch(self._next_number, unique, parent, moments)
        self._branches[branch.number] = branch
        self._next_number += 1
        return branch

    def _only_edits_lie_beyond(self) -> bool:
        """Whether what is left behind by going on from here is nothing but undone edits."""
        is_parent = any(branch.parent == self.branch.number for branch in self.branches)
        return self.branch.last == self._present.updates and not is_parent

    def _append(self, moment: Moment, merged: bool) -> None:
        moments = self.branch.moments
        if merged and len(moments) > 1:
            moments[-1] = moment
        else:
            moments.append(moment)
            _thin(self.branch)
        self._place = replace(self._place, moment=len(moments) - 1)

    def _start_anew(self, moment: Moment) -> None:
        roots = sum(branch.parent is None for branch in self.branches)
        self._place = Place(self._open(f"Run {roots + 1}", None, [moment]).number, 0)

    def _fork(self, moment: Moment) -> None:
        shared = Moment(self._present)
        name = moment.label or f"From {self._present.updates:,}"
        branch = self._open(name[:MAX_NAME], self._place.branch, [shared, moment])
        self._place = Place(branch.number, 1)

    def _meets(self, experiment: Experiment) -> bool:
        """Whether training from the present leads along the branch as far as ``experiment``."""
        beyond = self.branch.moments[self._place.moment + 1 :]
        return not any(each.label and each.update <= experiment.updates for each in beyond)

    def _follow(self, moment: Moment) -> None:
        """Move along the branch, and on from its end."""
        moments = self.branch.moments
        if moment.update > self.branch.last:
            moments.append(moment)
            self._place = replace(self._place, moment=len(moments) - 1)
        else:
            position = self.branch.position_of(moment.update)
            self._place = replace(self._place, moment=position)


def _thin(branch: Branch) -> None:
    """Drop every second of the older training moments once there are too many."""
    tip = branch.tip
    arrays = 6 + len(tip.optimizer_state.slots)
    each = arrays * tip.architecture.n_parameters * 8 + _BYTES_OF_OBJECTS
    most = max(min(2 * RECENT, BUDGET_BYTES // each), 16)
    if len(branch.moments) <= most:
        return
    needed = needed_moments(branch.moments)
    older, recent = branch.moments[: -most // 2], branch.moments[-most // 2 :]
    kept = [each for position, each in enumerate(older) if position in needed or position % 2 == 0]
    branch.moments[:] = kept + recent


def needed_moments(moments: Sequence[Moment]) -> set[int]:
    """Return the positions of moments without which others could not be computed again.

    Those are the first and the last, edits, what an edit was made of, and where NumPy and the
    compiled loops took turns: what lies between two moments is made again by the code that made
    the later one.
    """
    needed = {0, len(moments) - 1}
    for position, (moment, following) in enumerate(pairwise(moments)):
        if following.label or moment.is_compiled != following.is_compiled:
            needed.add(position)
    needed.update(position for position, moment in enumerate(moments) if moment.label)
    return needed
