"""Computes what takes long beside the window, coarse before fine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Qt, Signal, Slot

_NAP = 0.02
Stages = Callable[[], Iterator[object]]


class Calculator(QObject):
    """Runs one computation at a time; a newer one takes over between two stages.

    A computation yields results, each better than the one before; None is a place to stop at. What
    is quick is done at once. The thread lives no longer than there is something to compute.

    Parameters
    ----------
    rest
        Seconds from the end of one computation to the next: something that is asked for with every
        picture of a training need not be computed as often, and leaves the processor to the window.

    Signals
    -------
    found(result)
        A computation has got that far. Results never go back behind one that was shown.
    """

    found = Signal(object)
    _arrived = Signal(int, object)

    def __init__(self, parent: QObject | None = None, *, rest: float = 0.0) -> None:
        super().__init__(parent)
        self._rest, self._rests_until = rest, 0.0
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._waiting: tuple[int, Stages] | None = None
        self._generation = 0
        self._oldest = 0
        self._is_busy = False
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self.destroyed.connect(self.forget)

    @property
    def is_busy(self) -> bool:
        """Whether something is being computed."""
        with self._lock:
            return self._is_busy

    def ask(self, stages: Stages, *, quick: bool) -> None:
        """Compute something; ``quick`` says that it is done within a fraction of a frame."""
        self._generation += 1
        if quick:
            self.forget()
            for result in stages():
                if result is not None:
                    self.found.emit(result)
            return
        with self._lock:
            self._waiting = self._generation, stages
            starts, self._is_busy = not self._is_busy, True
        if starts:
            self._thread = threading.Thread(target=self._work, name="calculator", daemon=True)
            self._thread.start()

    @Slot()
    def forget(self) -> None:
        """Drop whatever has not been shown yet."""
        with self._lock:
            self._waiting = None
            self._oldest = self._generation = self._generation + 1

    def shut_down(self) -> None:
        """Drop everything, and wait for the thread."""
        self.forget()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while True:
            with self._lock:
                if self._waiting is None:
                    self._is_busy = False
                    return
                rests = time.monotonic() < self._rests_until
                if not rests:
                    (generation, stages), self._waiting = self._waiting, None
            if rests:
                time.sleep(_NAP)
                continue
            if not self._compute(generation, stages):
                return
            self._rests_until = time.monotonic() + self._rest

    def _compute(self, generation: int, stages: Stages) -> bool:
        """Post the stages until a newer computation waits; return whether there is a window."""
        for result in stages():
            try:
                if result is not None:
                    self._arrived.emit(generation, result)
            except RuntimeError:  # the window has gone
                return False
            with self._lock:
                if self._waiting is not None or generation < self._oldest:
                    break
        return True

    @Slot(int, object)
    def _take(self, generation: int, result: object) -> None:
        if generation >= self._oldest:
            self._oldest = generation
            self.found.emit(result)
