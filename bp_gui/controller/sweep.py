"""Runs a sweep beside the window, and opens any of its runs in it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bp_gui.controller.store import Store
from bp_gui.controller.timeline import TimelineController
from bp_gui.controller.training import LOADER
from bp_gui.controller.work import Broken, Over, Stopped, Work
from bp_gui.engine import compiled
from bp_gui.engine.arrays import Array, frozen
from bp_gui.session.experiment import Experiment
from bp_gui.session.sweep.run import Result, begin
from bp_gui.session.sweep.spec import Sweep
from bp_gui.session.sweep.threads import THREADS, results_in_threads
from bp_gui.session.sweep.written import settings_in_words
from bp_gui.session.training import advance

MOST_RUNS = 10_000  # that a window shows; more belong to the command
CLOCK_MS = 40
_LOOK_SECONDS = 0.05  # between two looks whether a thread is to stop
_FEWEST_FOR_PACE = 0.3  # seconds of a sweep, before the time left is estimated


@dataclass(frozen=True, eq=False)
class Finished:
    """What came of a run.

    Attributes
    ----------
    result
        Its numbers, without the curve.
    updates, costs
        The curve, (n,) each; empty for a run that could not be made.
    """

    result: Result
    updates: Array
    costs: Array


@dataclass(frozen=True)
class Progress:
    """How far a sweep has come.

    Attributes
    ----------
    done, total
        Runs.
    seconds_left
        At the pace so far; None while there is none to tell.
    """

    done: int
    total: int
    seconds_left: float | None


@dataclass(frozen=True)
class Ending:
    """How a sweep ended.

    Attributes
    ----------
    done, failed, total
        Runs.
    cancelled
        Whether somebody broke it off.
    error
        Why it could not go on, in a sentence; empty otherwise.
    """

    done: int
    failed: int
    total: int
    cancelled: bool
    error: str


@dataclass(frozen=True, eq=False)
class _Opened:
    """A run as it is shown: where it began, where it ended, and what it is called."""

    started: Experiment
    ended: Experiment
    label: str


class _Ready:
    """The loops are loaded: from here on the pace is measured."""


class SweepController(QObject):
    """Runs one sweep at a time, and opens runs of it.

    An opened run is a branch of the timeline and one step of the undo stack: nothing is lost by
    looking at it.

    Parameters
    ----------
    store, timeline
        Where an opened run is shown.

    Signals
    -------
    begun(Sweep)
        A sweep has begun; all that follows is about it.
    came(tuple of Finished)
        Runs have ended.
    progressed(Progress)
        How far it has come.
    ended(Ending)
        It is over; the runs that came are all there are.
    opening_changed(run)
        A run, from 0, is being trained to be shown; None for none.
    opened(run)
        It is shown.
    refused(sentence)
        It cannot be shown, and why.
    """

    begun = Signal(object)
    came = Signal(object)
    progressed = Signal(object)
    ended = Signal(object)
    opening_changed = Signal(object)
    opened = Signal(int)
    refused = Signal(str)

    def __init__(
        self, store: Store, timeline: TimelineController, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store, self._timeline = store, timeline
        self._sweep: Sweep | None = None
        self._work: Work | None = None
        self._opening: tuple[int, Work] | None = None
        self._ending: list[Work] = []
        self._done = self._failed = 0
        self._began: float | None = None
        self._clock = QTimer(self, interval=CLOCK_MS)
        self._clock.timeout.connect(self._tick)

    @property
    def is_running(self) -> bool:
        """Whether a sweep is under way."""
        return self._work is not None

    @property
    def sweep(self) -> Sweep | None:
        """The sweep that is under way or was last."""
        return self._sweep

    def run(self, sweep: Sweep) -> None:
        """Begin a sweep; one under way is broken off."""
        self.cancel()
        self._sweep = sweep
        self._done = self._failed = 0
        self._began = None
        self.begun.emit(sweep)
        self.progressed.emit(Progress(0, len(sweep.runs), None))
        self._work = Work(THREADS, lambda stopped: _sweeping(sweep, stopped))
        self._clock.start()

    @Slot()
    def cancel(self) -> None:
        """Break the sweep off; the runs that came stay."""
        if self._work is None:
            return
        self._work.stop()
        found = self._work.taken()
        is_over = any(isinstance(each, Over) for each in found)
        self._take(found)
        if not is_over:
            self._end(cancelled=True)

    def open_run(self, run: int) -> None:
        """Train a run of the sweep again, and show it; one under way is dropped."""
        assert self._sweep is not None
        self.drop_opening()
        sweep = self._sweep
        self._opening = run, Work("sweep run", lambda stopped: _opening(sweep, run, stopped))
        self.opening_changed.emit(run)
        self._clock.start()

    @Slot()
    def drop_opening(self) -> None:
        """Open no run after all."""
        if self._opening is not None:
            self._leave(self._opening[1])
            self._opening = None
            self.opening_changed.emit(None)

    def shut_down(self) -> None:
        """End everything, and wait until no thread is left."""
        self.cancel()
        self.drop_opening()
        self._clock.stop()
        for work in self._ending:
            work.wait()
        self._ending.clear()

    @Slot()
    def _tick(self) -> None:
        if self._work is not None:
            self._take(self._work.taken())
        if self._opening is not None:
            self._take_opened(*self._opening)
        if self._work is None and self._opening is None:
            self._clock.stop()

    def _take(self, found: list[object]) -> None:
        """Tell of the runs that have ended, and how far the sweep has come."""
        assert self._sweep is not None
        if any(isinstance(each, _Ready) for each in found):
            self._began = time.perf_counter()
        runs = tuple(each for each in found if isinstance(each, Finished))
        if runs:
            self._done += len(runs)
            self._failed += sum(bool(each.result.error) for each in runs)
            self.came.emit(runs)
            self.progressed.emit(Progress(self._done, len(self._sweep.runs), self._seconds_left()))
        broken = next((each.reason for each in found if isinstance(each, Broken)), "")
        if any(isinstance(each, Over) for each in found):
            self._end(error=broken)

    def _seconds_left(self) -> float | None:
        assert self._sweep is not None
        spent = 0.0 if self._began is None else time.perf_counter() - self._began
        if spent < _FEWEST_FOR_PACE:
            return None
        return spent / self._done * (len(self._sweep.runs) - self._done)

    def _end(self, *, cancelled: bool = False, error: str = "") -> None:
        assert self._sweep is not None
        work, self._work = self._work, None
        if work is None:  # whoever was told of the last runs has broken the sweep off
            return
        self._leave(work)
        total = len(self._sweep.runs)
        self.ended.emit(Ending(self._done, self._failed, total, cancelled, error))

    def _leave(self, work: Work) -> None:
        """Let a thread end by itself; it is waited for when the program ends."""
        work.stop()
        self._ending = [each for each in self._ending if each.is_alive]
        self._ending.append(work)

    def _take_opened(self, run: int, work: Work) -> None:
        for each in work.taken():
            if isinstance(each, _Opened):
                self.drop_opening()
                self._show(each)
                self.opened.emit(run)
            elif isinstance(each, Broken):
                self.drop_opening()
                self.refused.emit(f"Run {run + 1} cannot be opened: {each.reason}.")

    def _show(self, found: _Opened) -> None:
        """Show a run as a branch of its own, and as one step that can be undone."""
        self._store.settling.emit()
        before = self._store.experiment
        self._timeline.begin_branch(found.started, found.ended, found.label)
        self._store.record(before, found.label)


def _loaded(stopped: Stopped) -> None:
    """Wait until the compiled loops are there, or cannot be had.

    The thread that loads them is not waited for at the end of the program: it cannot be stopped.
    """
    if not compiled.is_ready():
        loader = threading.Thread(target=compiled.load, name=LOADER, daemon=True)
        loader.start()
        while loader.is_alive() and not stopped():
            loader.join(_LOOK_SECONDS)


def _sweeping(sweep: Sweep, stopped: Stopped) -> Iterator[object]:
    _loaded(stopped)
    if stopped():
        return
    yield _Ready()
    for result in results_in_threads(sweep, range(len(sweep.runs)), stopped):
        updates, costs = np.array(result.curve, dtype=np.float64).reshape(-1, 2).T
        yield Finished(replace(result, curve=()), frozen(updates.copy()), frozen(costs.copy()))


def _opening(sweep: Sweep, run: int, stopped: Stopped) -> Iterator[object]:
    _loaded(stopped)
    settings = sweep.runs[run]
    started = begin(sweep.base, settings)
    ended = advance(started, sweep.updates, stopped=stopped).experiment
    if not stopped():
        yield _Opened(started, ended, f"Sweep run {run + 1}: {settings_in_words(settings)}")
