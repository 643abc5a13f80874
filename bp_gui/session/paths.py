"""Where training has been: the states of a branch, as close together as a drawing needs.

A branch keeps a state for each time that the window was told of one, and a fast run tells it after
many thousands of updates. What lay between comes again by training once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.network import Architecture
from bp_gui.session.experiment import Experiment
from bp_gui.session.timeline import Branch, Moment
from bp_gui.session.training import advance

MOST_PLACES = 400
_MOST_MOMENTS = 2000
_PIECES = 150  # that the whole way is to be made of, at least


@dataclass(frozen=True, eq=False)
class Path:
    """States that a branch went through, in their order.

    Attributes
    ----------
    branch
        Number of the branch.
    updates
        How many updates lie behind each, (n,), not descending.
    theta
        The parameters of each, (n, P).
    """

    branch: int
    updates: Array
    theta: Array

    def thinned(self, most: int) -> Path:
        """Return at most so many of the states, evenly along the way, with both ends."""
        if len(self.theta) <= most:
            return self
        moved = np.linalg.norm(np.diff(self.theta, axis=0), axis=1)
        way = np.concatenate(([0.0], np.cumsum(moved)))
        kept = np.searchsorted(way, np.linspace(0.0, way[-1], most))
        kept = np.unique(np.append(np.minimum(kept, len(way) - 1), [0, len(way) - 1]))
        return Path(self.branch, frozen(self.updates[kept]), frozen(self.theta[kept]))


@dataclass(frozen=True, eq=False)
class Gap:
    """Two kept states that training led from one to the other, with others in between.

    Attributes
    ----------
    first, last
        The two.
    reach
        How far apart, by the norm of θ, those in between should be.
    """

    first: Experiment
    last: Experiment
    reach: float


@dataclass(frozen=True, eq=False)
class _Piece:
    """What lies in a gap, and where the gap begins."""

    first: Experiment
    updates: Array
    theta: Array


class Paths:
    """The way of every branch, finer where gaps have been filled.

    What is filled is remembered as long as the state at its end is kept.
    """

    def __init__(self) -> None:
        self._pieces: WeakKeyDictionary[Experiment, _Piece] = WeakKeyDictionary()

    def path(self, branch: Branch, architecture: Architecture) -> Path:
        """Return the way of a branch through networks of this architecture."""
        updates: list[float] = []
        theta: list[Array] = []
        before: Experiment | None = None
        for moment in _moments(branch, architecture):
            after = moment.experiment
            piece = self._pieces.get(after)
            if piece is not None and piece.first is before:
                updates += piece.updates.tolist()
                theta += list(piece.theta)
            updates.append(float(after.updates))
            theta.append(after.parameters.theta)
            before = after
        states = np.array(theta).reshape(len(theta), architecture.n_parameters)
        return Path(branch.number, frozen(np.array(updates)), frozen(states)).thinned(MOST_PLACES)

    def gaps(self, branch: Branch, architecture: Architecture) -> list[Gap]:
        """Return what is to be filled, the earliest first."""
        moments = _moments(branch, architecture)
        if len(moments) < 2:
            return []
        theta = np.array([moment.experiment.parameters.theta for moment in moments])
        reach = float(np.linalg.norm(np.ptp(theta, axis=0))) / _PIECES
        moved = np.linalg.norm(np.diff(theta, axis=0), axis=1)
        return [
            Gap(first.experiment, last.experiment, reach)
            for first, last, far in zip(moments, moments[1:], moved.tolist(), strict=False)
            if far > reach and self._is_gap(first, last)
        ]

    def fill(self, gap: Gap, states: Sequence[Experiment]) -> None:
        """Take over what lies in a gap."""
        updates = np.array([float(state.updates) for state in states])
        theta = np.array([state.parameters.theta for state in states])
        self._pieces[gap.last] = _Piece(gap.first, frozen(updates), frozen(theta))

    def _is_gap(self, first: Moment, last: Moment) -> bool:
        piece = self._pieces.get(last.experiment)
        known = piece is not None and piece.first is first.experiment
        return not last.label and last.update > first.update + 1 and not known


def between(gap: Gap) -> Iterator[Experiment]:
    """Yield the states inside a gap, about as far apart as it asks for, by training again.

    The stride follows from how far the last one went, so that fast parts are followed closely
    and slow ones are not counted out.
    """
    now, stride = gap.first, 1
    while now.updates + stride < gap.last.updates:
        ahead = advance(now, stride).experiment
        if ahead.updates == now.updates:
            return
        moved = float(np.linalg.norm(ahead.parameters.theta - now.parameters.theta))
        yield ahead
        now = ahead
        if moved < gap.reach / 2:
            stride *= 2
        elif moved > gap.reach:
            stride = max(stride // 2, 1)


def _moments(branch: Branch, architecture: Architecture) -> list[Moment]:
    """Return the kept moments of this architecture, not too many, with the last."""
    moments = branch.moments
    if len(moments) > _MOST_MOMENTS:
        every = -(-len(moments) // _MOST_MOMENTS)
        moments = [*moments[:-1:every], moments[-1]]
    return [moment for moment in moments if moment.experiment.architecture == architecture]
