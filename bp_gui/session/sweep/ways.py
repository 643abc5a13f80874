"""By which way the runs of a sweep are trained."""

from __future__ import annotations

from collections.abc import Hashable

from bp_gui.session.edits import EditError
from bp_gui.session.sweep.factors import FACTORS
from bp_gui.session.sweep.run import Train, begin, with_loops
from bp_gui.session.sweep.spec import SEED, Settings, Sweep
from bp_gui.session.together import advance_together, expected_seconds

# Loading the compiled loops takes half a second, and compiling them a dozen, once.
_WORTH_LOADING = 1.5


def way_of(sweep: Sweep) -> Train:
    """Return how the runs of a sweep are trained, wherever that is.

    A sweep that NumPy is quickly done with is not made to wait for the compiled loops. The choice
    follows from the whole sweep alone: not from the machine, from what is loaded or from how many
    runs are missing. So the numbers of a run do not depend on those.
    """
    seconds = 0.0
    kinds: dict[Hashable, list[int]] = {}
    for run, settings in enumerate(sweep.runs):
        kinds.setdefault(_shape(settings), []).append(run)
    for runs in kinds.values():
        try:
            start = begin(sweep.base, sweep.runs[runs[0]])
        except EditError:
            continue  # such runs take no time
        seconds += expected_seconds(start, len(runs), sweep.updates)
        if seconds > _WORTH_LOADING:
            return with_loops
    return advance_together


def _shape(settings: Settings) -> Hashable:
    """Return what of a run's settings may make it another shape: all that are no amounts."""
    return tuple(value for name, value in settings if not (FACTORS[name].numeric or name == SEED))
