"""Which moments of a branch a file keeps: few, and all that lie between can be had again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Final

from bp_gui.session.experiment import Experiment
from bp_gui.session.timeline import Moment

_MOST_WORK: Final = 1e9  # multiplications; either code makes them in about a second
# Multiplications in the time that an update takes besides them, by NumPy and by compiled loops. A
# window that trains at full speed keeps a moment every 14 ms, so what it kept is never too far.
_WORK_OF_AN_UPDATE: Final = 20_000
_WORK_OF_A_COMPILED_UPDATE: Final = 4_000


def longest_gap(experiment: Experiment, following: Moment) -> int:
    """Return how many updates from a state can be computed again while somebody waits.

    Parameters
    ----------
    experiment
        The state.
    following
        The moment that they lead to, which knows what code made them.
    """
    rows = 2 * len(experiment.t) / experiment.updates_per_epoch  # once more for the cost
    besides = _WORK_OF_A_COMPILED_UPDATE if following.is_compiled else _WORK_OF_AN_UPDATE
    return max(1, int(_MOST_WORK / (besides + rows * experiment.architecture.n_parameters)))


def chosen_moments(
    moments: Sequence[Moment], needed: set[int], between: int, takes: Callable[[Moment], bool]
) -> list[int]:
    """Return the positions of the moments that are kept, ascending, always up to the last.

    From the last moment it goes back step by step. What the moments before the first that is kept
    held is lost; between those that are kept nothing is.

    Parameters
    ----------
    moments
        Of a branch.
    needed
        The positions of those that others need, the first and the last among them.
    between
        About how many to keep besides, evenly.
    takes
        Asked for each moment in turn whether there is room for it; the first no ends the walk.
    """
    stops = sorted(needed)
    step = -(-(moments[-1].update - moments[0].update) // between)
    kept: list[int] = []
    position = len(moments) - 1
    while position >= 0 and takes(moments[position]):
        kept.append(position)
        position = _before(moments, position, stops, step)
    return kept[::-1]


def _before(moments: Sequence[Moment], position: int, stops: Sequence[int], step: int) -> int:
    """Return the earliest moment from which one can be had in a step; −1 if there is none."""
    if position == 0:
        return -1
    end, longest = (
        moments[position].update,
        longest_gap(moments[position - 1].experiment, moments[position]),
    )
    if end - moments[position - 1].update > longest:
        return -1
    reached = bisect_left(moments, end - min(step, longest), key=lambda moment: moment.update)
    return max(stops[bisect_left(stops, position) - 1], min(reached, position - 1))
