"""A thread that computes beside the window, and hands over what it has through a queue.

The window's clock takes it from there, so no Qt object is touched by another thread than its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue

Stopped = Callable[[], bool]


@dataclass(frozen=True)
class Broken:
    """Why a thread could not go on: a clause without a full stop."""

    reason: str


class Over:
    """The last that a thread hands over."""


class Work:
    """Something computed in a thread of its own, as far as nobody stops it.

    Parameters
    ----------
    name
        Of the thread.
    produce
        Yields what comes of it, and may raise `ValueError` with a clause for people. Its argument
        tells whether to stop.
    """

    def __init__(self, name: str, produce: Callable[[Stopped], Iterator[object]]) -> None:
        self._stop = threading.Event()
        self._made: SimpleQueue[object] = SimpleQueue()
        self._produce = produce
        # Waited for; daemonic so that a program that is torn down ends all the same.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether its thread is still there."""
        return self._thread.is_alive()

    def taken(self) -> list[object]:
        """Return what has come since the last time: results, perhaps `Broken`, at last `Over`."""
        found: list[object] = []
        try:
            while True:
                found.append(self._made.get_nowait())
        except Empty:
            return found

    def stop(self) -> None:
        """Let it end soon."""
        self._stop.set()

    def wait(self) -> None:
        """Wait until its thread has ended."""
        self._thread.join()

    def _run(self) -> None:
        try:
            for each in self._produce(self._stop.is_set):
                self._made.put(each)
        except ValueError as problem:
            self._made.put(Broken(str(problem)))
        except MemoryError:
            self._made.put(Broken("there is not enough memory"))
        except Exception as problem:  # nobody would hear of it: the window would wait for ever
            self._made.put(Broken(f"{type(problem).__name__}: {problem}"))
        finally:
            self._made.put(Over())
