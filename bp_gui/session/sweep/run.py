"""One run of a sweep: settings to result."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bp_gui.engine import compiled
from bp_gui.session.classification import accuracies
from bp_gui.session.edits import EditError
from bp_gui.session.experiment import Experiment
from bp_gui.session.project_file import loads
from bp_gui.session.sweep.factors import FACTORS
from bp_gui.session.sweep.spec import Settings, Sweep
from bp_gui.session.together import advance_together
from bp_gui.session.training import Chunk, advance

CURVE_POINTS = 200

Stopped = Callable[[], bool]
Train = Callable[[Sequence[Experiment], int, Stopped], list[Chunk]]


@dataclass(frozen=True)
class Result:
    """What came of a run.

    Attributes
    ----------
    run
        Which run of the sweep, from 0.
    updates
        How many updates were made; those that lie behind the base do not count.
    cost, test_cost
        At the end; the test cost is NaN where there are no test samples.
    lowest_cost, lowest_at
        The lowest recorded cost, and the update it belongs to.
    error
        Why the run could not be made or ended early; empty where all went well.
    curve
        Recorded (update, cost), at most `CURVE_POINTS`, the last one included.
    accuracy, test_accuracy
        The share of samples given the right class at the end, 0 to 1; NaN where there are none, and
        where targets are no classes.
    """

    run: int
    updates: int
    cost: float
    test_cost: float
    lowest_cost: float
    lowest_at: int
    error: str = ""
    curve: tuple[tuple[int, float], ...] = ()
    accuracy: float = math.nan
    test_accuracy: float = math.nan


def begin(base: str, settings: Settings) -> Experiment:
    """Return the experiment that a run starts from.

    Raises
    ------
    EditError
        If a setting cannot be made; the message names the value.
    """
    experiment = _loaded(base)
    for name, value in settings:
        experiment = FACTORS[name].apply(experiment, value)
    return experiment


def with_loops(experiments: Sequence[Experiment], updates: int, stopped: Stopped) -> list[Chunk]:
    """Train each by itself in the compiled loops, or all together where those cannot be had."""
    if not compiled.load():
        return advance_together(experiments, updates, stopped)
    return [advance(experiment, updates, stopped=stopped) for experiment in experiments]


def compute(
    sweep: Sweep,
    runs: Sequence[int],
    stopped: Stopped = lambda: False,
    train: Train | None = None,
) -> list[Result]:
    """Return the results of some runs; a run that fails has a result that says why.

    Parameters
    ----------
    sweep
        The sweep.
    runs
        Which of its runs, from 0.
    stopped
        Asked every now and then; a run that it breaks off has no result.
    train
        How they are trained; if None, by the compiled loops where those are loaded.
    """
    if train is None:
        train = with_loops if compiled.is_ready() else advance_together
    starts: dict[int, Experiment] = {}
    results: dict[int, Result] = {}
    for run in runs:
        try:
            starts[run] = begin(sweep.base, sweep.runs[run])
        except EditError as error:
            results[run] = Result(run, 0, math.nan, math.nan, math.nan, 0, str(error))
    chunks = train(list(starts.values()), sweep.updates, stopped)
    for (run, start), chunk in zip(starts.items(), chunks, strict=True):
        if chunk.divergence or chunk.experiment.updates == start.updates + sweep.updates:
            results[run] = _result(run, start, chunk)
    return [results[run] for run in runs if run in results]


@lru_cache(maxsize=4)
def _loaded(base: str) -> Experiment:
    return loads(base)


def _result(run: int, start: Experiment, chunk: Chunk) -> Result:
    end, found = chunk.experiment, chunk.divergence
    with np.errstate(all="ignore"):
        cost, test_cost = end.batch_cost(), end.test_cost()
        accuracy, test_accuracy = accuracies(end)
    # What the base has behind it belongs to no run.
    own = end.history.updates >= start.updates
    updates = np.append(end.history.updates[own], end.updates) - start.updates
    costs = np.append(end.history.costs[own], cost)
    lowest = int(np.argmin(np.where(np.isnan(costs), np.inf, costs)))
    keep = np.unique(np.linspace(0, len(costs) - 1, CURVE_POINTS).round().astype(int))
    return Result(
        run=run,
        updates=end.updates - start.updates,
        cost=cost,
        test_cost=test_cost,
        lowest_cost=float(costs[lowest]),
        lowest_at=int(updates[lowest]),
        error=""
        if found is None
        else f"diverged: {found.quantity} became {found.value} in update {found.update}",
        curve=tuple(zip(updates[keep].tolist(), costs[keep].tolist(), strict=True)),
        accuracy=accuracy,
        test_accuracy=test_accuracy,
    )
