"""Where the runs of a sweep are computed: here, in processes, or on a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager

from bp_gui.engine import compiled
from bp_gui.session.sweep.run import Result, Train, compute, with_loops
from bp_gui.session.sweep.spec import Sweep, SweepError
from bp_gui.session.sweep.ways import way_of

HERE = "batch"
PROCESSES = "process"
DASK = "dask:"
_PARTS_PER_WORKER = 8  # so that one slow part does not keep the others waiting for long
_LARGEST_PART = 200
_STACKED_PART = 1000  # among so many runs there are enough of each shape to fill stacks


def results(
    sweep: Sweep,
    runs: Sequence[int],
    where: str = HERE,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Result]:
    """Yield the results of some runs as they come; every place gives the same bits.

    Parameters
    ----------
    sweep
        The sweep.
    runs
        Which of its runs, from 0.
    where
        ``batch`` for this process, ``process`` for one process a core, ``dask:ADDRESS`` for the
        Dask cluster with that scheduler.
    stopped
        Asked every now and then; stop when it says so.

    Raises
    ------
    SweepError
        If there is no such place, or the cluster cannot be reached.
    """
    train = way_of(sweep)
    if where == HERE:
        yield from _here(sweep, runs, stopped, train)
        return
    with _opened(where) as (executor, workers):
        parts = _parts(runs, workers, train)
        waiting: list[Future[list[Result]]] = [
            executor.submit(_compute_elsewhere, sweep, part, train) for part in parts
        ]
        try:
            for done in as_completed(waiting):
                yield from done.result()
                if stopped():
                    return
        finally:  # also where whoever asked has had enough
            for future in waiting:
                future.cancel()


def _here(
    sweep: Sweep, runs: Sequence[int], stopped: Callable[[], bool], train: Train
) -> Iterator[Result]:
    """Yield results one by one where compiled loops make them, else those of a stack at once."""
    size = 1 if train is with_loops and compiled.load() else _STACKED_PART
    for at in range(0, len(runs), size):
        if stopped():
            return
        yield from compute(sweep, runs[at : at + size], stopped, train)


def _parts(runs: Sequence[int], workers: int, train: Train) -> list[tuple[int, ...]]:
    """Return the runs in parts: small ones to share out evenly, but wide stacks."""
    if train is with_loops:
        size = min(len(runs) // (workers * _PARTS_PER_WORKER), _LARGEST_PART)
    else:
        size = min(-(-len(runs) // workers), _STACKED_PART)
    return [tuple(runs[at : at + max(size, 1)]) for at in range(0, len(runs), max(size, 1))]


def _compute_elsewhere(sweep: Sweep, runs: Sequence[int], train: Train) -> list[Result]:
    return compute(sweep, runs, train=train)


def _opened(where: str) -> AbstractContextManager[tuple[Executor, int]]:
    if where == PROCESSES:
        return _processes()
    if where.startswith(DASK):
        return _dask(where.removeprefix(DASK))
    raise SweepError(f"executor {where!r} is not known: use batch, process or dask:ADDRESS")


@contextmanager
def _processes() -> Iterator[tuple[Executor, int]]:
    workers = os.cpu_count() or 1
    # Spawned, not forked: a fork would copy threads and locks in whatever state they are.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_leave_interrupts) as pool:
        yield pool, workers


def _leave_interrupts() -> None:
    """Leave Ctrl+C, which reaches all processes of a terminal, to the one that writes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _dask(address: str) -> Iterator[tuple[Executor, int]]:
    try:
        from distributed import Client
    except ImportError:
        raise SweepError(
            "executor dask needs the package distributed: pip install distributed"
        ) from None
    try:
        client = Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise SweepError(f"no Dask scheduler answers at {address}: {error}") from None
    with client:
        yield client.get_executor(), max(len(client.scheduler_info()["workers"]), 1)
