"""Computes what takes long beside the window, coarse before fine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Qt, Signal, Slot

Stages = Callable[[], Iterator[object]]


class Calculator(QObject):
    """Runs one computation at a time; a newer one takes over between two stages.

    A computation yields results, each better than the one before; None is a place to stop at. What
    is quick is done at once. The thread lives no longer than there is something to compute.

    Signals
    -------
    found(result)
        A computation has got that far. Results never go back behind one that was shown.
    """

    found = Signal(object)
    _arrived = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
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
            threading.Thread(target=self._work, name="calculator", daemon=True).start()

    @Slot()
    def forget(self) -> None:
        """Drop whatever has not been shown yet."""
        with self._lock:
            self._waiting = None
            self._oldest = self._generation = self._generation + 1

    def _work(self) -> None:
        while True:
            with self._lock:
                if self._waiting is None:
                    self._is_busy = False
                    return
                (generation, stages), self._waiting = self._waiting, None
            for result in stages():
                try:
                    if result is not None:
                        self._arrived.emit(generation, result)
                except RuntimeError:  # the window has gone
                    return
                with self._lock:
                    if self._waiting is not None or generation < self._oldest:
                        break

    @Slot(int, object)
    def _take(self, generation: int, result: object) -> None:
        if generation >= self._oldest:
            self._oldest = generation
            self.found.emit(result)
