"""The runs of a sweep in threads of this process, which can be broken off at any moment."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

from bp_gui.engine import compiled
from bp_gui.session.sweep.executors import HERE, results
from bp_gui.session.sweep.run import Result, compute
from bp_gui.session.sweep.spec import Sweep

THREADS = "sweep"  # how the names of the threads begin
_STACKED = 60


def results_in_threads(
    sweep: Sweep, runs: Sequence[int], stopped: Callable[[], bool]
) -> Iterator[Result]:
    """Yield the results of some runs as they come, computed beside a window.

    The compiled loops let go of the interpreter, so threads share the cores as processes do, with
    nothing to start and nothing to copy; one core is left to the window. Where the loops cannot be
    had, runs are stacked as `executors.results` does it, some at a time so that there is progress.

    Parameters
    ----------
    sweep
        The sweep.
    runs
        Which of its runs, from 0.
    stopped
        Asked every now and then, within runs too; the ones under way have no result then.
    """
    if not compiled.is_ready():
        for at in range(0, len(runs), _STACKED):
            yield from results(sweep, runs[at : at + _STACKED], HERE, stopped)
        return
    workers = max((os.cpu_count() or 1) - 1, 1)
    with ThreadPoolExecutor(workers, thread_name_prefix=THREADS) as pool:
        waiting: list[Future[list[Result]]] = [
            pool.submit(compute, sweep, [run], stopped) for run in runs
        ]
        try:
            for done in as_completed(waiting):
                yield from done.result()
                if stopped():
                    return
        finally:  # also where whoever asked has had enough
            for future in waiting:
                future.cancel()
