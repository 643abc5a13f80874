"""Drives training: single steps here, runs in a worker thread.

One chunk is under way at a time. A clock takes what the worker has done and asks for the next, so
that the window has its turn between two of them. While the window draws one chunk the worker
computes the next: the compiled loops leave the interpreter to the window meanwhile.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from bp_gui.controller.store import Store
from bp_gui.engine import compiled
from bp_gui.session.experiment import Experiment
from bp_gui.session.training import Chunk, advance

CLOCK_MS = 16
CHUNK_SECONDS = 0.014
NUMPY_CHUNK_SECONDS = 0.010  # computed while the window waits, for both need the interpreter
FULL_SPEED = 0
LOADER = "compiled loops"  # the name of the thread that loads them


@dataclass(frozen=True, eq=False)
class _Request:
    generation: int
    experiment: Experiment
    updates: int


@dataclass(frozen=True, eq=False)
class _Reply:
    generation: int
    chunk: Chunk


class _Worker(QObject):
    """Lives in the worker thread and computes one chunk a request."""

    replied = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.stop = threading.Event()

    @Slot(object)
    def compute(self, request: _Request) -> None:
        seconds = CHUNK_SECONDS if compiled.is_ready() else NUMPY_CHUNK_SECONDS
        chunk = advance(
            request.experiment, request.updates, seconds=seconds, stopped=self.stop.is_set
        )
        self.replied.emit(_Reply(request.generation, chunk))


class TrainingController(QObject):
    """Steps, runs, pauses; a whole run is one undo entry.

    Signals
    -------
    running_changed(bool)
        A run has begun or ended.
    diverged(Divergence)
        Training met a number that is not finite and stopped at the last finite state.
    """

    running_changed = Signal(bool)
    diverged = Signal(object)
    _requested = Signal(object)

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._running = False
        self._run_start: Experiment | None = None
        self._left: int | None = None
        self._generation = 0
        self._in_flight = False
        self._done: Chunk | None = None
        self._rate = FULL_SPEED
        self._allowance = 0.0
        self._ticked_at = 0.0
        self._thread = QThread(self)
        self._thread.setObjectName("training")
        self._worker = _Worker()
        self._worker.moveToThread(self._thread)
        self._requested.connect(self._worker.compute, Qt.ConnectionType.QueuedConnection)
        self._worker.replied.connect(self._take_reply, Qt.ConnectionType.QueuedConnection)
        self._clock = QTimer(self, interval=CLOCK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._tick)
        store.settling.connect(self._settle)

    @property
    def is_running(self) -> bool:
        """Whether a run is under way."""
        return self._running

    def load_compiled(self) -> None:
        """Load the compiled loops in the background; for when the window is up.

        The thread is not waited for at the end of the program.
        """
        threading.Thread(target=compiled.load, name=LOADER, daemon=True).start()

    def set_rate(self, updates_per_second: int) -> None:
        """Choose how fast a run goes; ``FULL_SPEED`` is as fast as it can."""
        self._rate = updates_per_second
        self._allowance = 0.0

    def step(self, updates: int = 1) -> None:
        """Make one update now, or some; they are one undo entry."""
        self.pause()
        before = self._store.experiment
        self._finish(before, advance(before, updates))

    def run(self, updates: int | None = None) -> None:
        """Train ``updates`` updates, or until paused; a run under way takes the new limit."""
        self._left = updates
        if self.is_running:
            return
        self._running = True
        self._allowance = 1.0
        self._ticked_at = time.perf_counter()
        if not self._thread.isRunning():
            self._thread.start()
        self.running_changed.emit(True)
        self._clock.start()
        self._tick()

    @Slot()
    def pause(self) -> None:
        """End the run under way; what has been shown of it is one undo entry."""
        if not self.is_running:
            return
        self._settle()
        self._running = False
        self._clock.stop()
        self.running_changed.emit(False)

    def shut_down(self) -> None:
        """End everything, cooperatively, and wait for the worker thread."""
        self.pause()
        self._worker.stop.set()
        self._thread.quit()
        self._thread.wait()

    @Slot()
    def _settle(self) -> None:
        """Record the run so far; what the worker is still computing no longer counts."""
        if not self._running:
            return
        self._generation += 1
        self._in_flight = False
        self._done = None
        before, self._run_start = self._run_start, None
        if before is not None:
            self._store.record(before, _label(self._store.experiment.updates - before.updates))

    @Slot()
    def _tick(self) -> None:
        """Show what the worker has done, and ask for the next chunk if its time has come."""
        if not self._running:
            return
        done, self._done = self._done, None
        latest = self._store.experiment if done is None else done.experiment
        self._count(latest.updates - self._store.experiment.updates)
        # A limit set during a run can be below what was already under way.
        is_done = self._left is not None and self._left <= 0
        is_last = is_done or (done is not None and done.divergence is not None)
        if not is_last and (done is None or compiled.is_ready()):
            self._ask(latest)
        if done is not None:
            self._show(done, is_last)

    def _count(self, done: int) -> None:
        """Add to what may be done by now, and take off what was done."""
        now = time.perf_counter()
        if self._rate != FULL_SPEED:
            self._allowance += (now - self._ticked_at) * self._rate
            self._allowance = min(max(self._allowance - done, 0.0), float(self._rate))
        self._ticked_at = now
        if self._left is not None:
            self._left -= done

    def _ask(self, latest: Experiment) -> None:
        """Have the worker go on from a state, as far as the run and its rate allow."""
        due = 10**9 if self._rate == FULL_SPEED else int(self._allowance)
        if self._left is not None:
            due = min(due, self._left)
        if due > 0 and not self._in_flight:
            self._in_flight = True
            self._requested.emit(_Request(self._generation, latest, due))

    def _show(self, done: Chunk, is_last: bool) -> None:
        if self._run_start is None:
            self._run_start = self._store.experiment
        self._store.show(done.experiment)
        if is_last:
            self.pause()
            if done.divergence is not None:
                self.diverged.emit(done.divergence)

    @Slot(object)
    def _take_reply(self, reply: _Reply) -> None:
        """Keep a chunk until the clock shows it."""
        if reply.generation == self._generation and self.is_running:
            self._in_flight = False
            self._done = reply.chunk

    def _finish(self, before: Experiment, chunk: Chunk) -> None:
        self._store.show(chunk.experiment)
        self._store.record(before, _label(chunk.experiment.updates - before.updates))
        if chunk.divergence is not None:
            self.diverged.emit(chunk.divergence)


def _label(updates: int) -> str:
    return "Train 1 update" if updates == 1 else f"Train {updates:,} updates"
