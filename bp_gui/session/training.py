"""Many training updates in one go."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from bp_gui.engine import compiled
from bp_gui.engine.compiled import Result, Task
from bp_gui.session.experiment import Experiment, LastUpdate
from bp_gui.session.stepwise import Divergence, StepwiseRun

__all__ = ["Chunk", "Divergence", "Pace", "advance", "moved_on", "prepare", "stepwise", "task_of"]

_PIECE_SECONDS = 0.05  # how long a call of the compiled loops may take at most
_WORTH_COMPILING = 3.0  # seconds of training with NumPy
_FIRST_MULTIPLICATIONS = 100_000


@dataclass(frozen=True, eq=False)
class Chunk:
    """The result of `advance`.

    Attributes
    ----------
    experiment
        The last state whose numbers are all finite.
    divergence
        Why the chunk ended early, if it did.
    """

    experiment: Experiment
    divergence: Divergence | None = None


def advance(
    experiment: Experiment,
    updates: int,
    *,
    seconds: float = math.inf,
    stopped: Callable[[], bool] = lambda: False,
    with_compiled: bool = True,
) -> Chunk:
    """Return the experiment after ``updates`` updates, or fewer.

    Every update takes all gradients at the old parameters and changes all parameters at once. A
    state is only taken over when it is finite and its cost is, over the samples that the next
    update uses, so that what is kept can be shown.

    The compiled loops make the updates where they are loaded, NumPy where they are not: the numbers
    agree to twelve digits. Either path gives the same bits however it is cut into calls.

    Parameters
    ----------
    experiment
        Where to begin.
    updates
        How many updates at most.
    seconds
        Stop after about this time.
    stopped
        Asked every now and then; stop when it says so.
    with_compiled
        Whether the compiled loops may make the updates.
    """
    deadline = time.perf_counter() + seconds
    can_run = with_compiled and compiled.is_ready()
    program = compiled.program_for(task_of(experiment)) if can_run else None
    if program is None:
        return stepwise(experiment, updates, deadline, stopped)
    pace = Pace(experiment, min(_PIECE_SECONDS, seconds / 4))
    chunk, end = Chunk(experiment), experiment.updates + updates
    while chunk.divergence is None and chunk.experiment.updates < end and not stopped():
        began = time.perf_counter()
        if began >= deadline:
            break
        now = chunk.experiment
        asked = pace.updates(end - now.updates, deadline - began)
        result = program.run(now.parameters.theta, now.optimizer_state, now.updates, asked)
        pace.took(result.made, time.perf_counter() - began)
        chunk = Chunk(moved_on(now, result))
        if not result.is_finite:
            # NumPy makes the update that failed once more, and says which quantity it was.
            chunk = stepwise(chunk.experiment, 1, math.inf, stopped)
    return chunk


def prepare(experiment: Experiment, updates: int) -> None:
    """Load the compiled loops now, if so many updates would take NumPy long."""
    if updates < 100:
        return
    began = time.perf_counter()
    made = StepwiseRun(experiment)
    with np.errstate(all="ignore"):
        made.update()
    if (time.perf_counter() - began) * updates > _WORTH_COMPILING:
        compiled.load()


def stepwise(
    experiment: Experiment, updates: int, deadline: float, stopped: Callable[[], bool]
) -> Chunk:
    """Return what `advance` does, by NumPy; `deadline` is a time of `time.perf_counter`."""
    with np.errstate(all="ignore"):
        run = StepwiseRun(experiment)
        while (
            run.made < updates
            and run.divergence is None
            and not stopped()
            and time.perf_counter() < deadline
        ):
            run.update()
    return Chunk(run.experiment(), run.divergence)


class Pace:
    """How many updates to ask for, so that a call takes about the time it should.

    Parameters
    ----------
    experiment
        What is trained.
    seconds
        How long a call should take.
    """

    def __init__(self, experiment: Experiment, seconds: float) -> None:
        rows = len(experiment.t) / experiment.updates_per_epoch
        work = rows * experiment.architecture.n_parameters
        self._seconds = seconds
        self._updates = max(1.0, _FIRST_MULTIPLICATIONS / work)
        self._rate = 0.0

    def updates(self, most: int, seconds_left: float) -> int:
        """Return how many updates to make next, at least 1."""
        wanted = self._updates
        if self._rate:
            wanted = min(wanted, self._rate * seconds_left)
        return max(1, int(min(wanted, most)))

    def took(self, updates: int, seconds: float) -> None:
        """Learn from a call that is over."""
        self._rate = max(updates, 1) / max(seconds, 1e-7)
        self._updates = min(self._rate * self._seconds, 8.0 * max(updates, 1))


def task_of(experiment: Experiment) -> Task:
    """Return what training the experiment asks of the engine."""
    return Task(
        architecture=experiment.architecture,
        objective=experiment.objective,
        optimizer_name=experiment.optimizer_name,
        optimizer_settings=experiment.optimizer_settings,
        eta=experiment.eta,
        clip=experiment.clip,
        trainable=experiment.trainable,
        norm_shares=experiment.norm_shares,
        x=experiment.x,
        t=experiment.t,
        x_test=experiment.x_test,
        t_test=experiment.t_test,
        batches=experiment.batches,
        shuffle_seed=experiment.shuffle_seed,
    )


def moved_on(experiment: Experiment, result: Result, *, by_loops: bool = True) -> Experiment:
    """Return the experiment moved on by what the engine did, by its compiled loops or without."""
    if result.made == 0:
        return experiment
    return replace(
        experiment,
        parameters=replace(experiment.parameters, theta=result.theta),
        optimizer_state=result.optimizer_state,
        updates=experiment.updates + result.made,
        last_update=LastUpdate(result.before, result.gradient, result.theta, compiled=by_loops),
        history=experiment.history.extended(result.updates, result.costs, result.test_costs),
    )
