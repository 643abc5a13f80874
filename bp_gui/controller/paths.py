"""Tells where training has been, first as far as it is kept, then with what lay between."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from bp_gui.controller.calculator import Calculator
from bp_gui.controller.timeline import TimelineController
from bp_gui.session.experiment import Experiment
from bp_gui.session.paths import Gap, Paths, between

SECONDS = 3.0  # of training once more, at most
OFTEN = 0.3  # seconds after which what is known so far is told
PAUSE = 0.06  # seconds from one telling to the next

Filled = tuple[Gap, Sequence[Experiment]]


class PathsController(QObject):
    """Finds the way of every branch, that of the present one last.

    Signals
    -------
    found(paths)
        A list of `Path`.
    """

    found = Signal(object)

    def __init__(self, timeline: TimelineController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timeline = timeline
        self._paths = Paths()
        self._told_at = 0.0
        self._calculator = Calculator(self)
        self._calculator.found.connect(self._take)

    @Slot()
    def request(self) -> None:
        """Tell what is known, unless that was done a moment ago: training asks at every picture."""
        if time.monotonic() - self._told_at > PAUSE:
            self._tell()

    def _tell(self) -> None:
        timeline = self._timeline.timeline
        shape = timeline.present.architecture
        others = [branch for branch in timeline.branches if branch is not timeline.branch]
        self._told_at = time.monotonic()
        self.found.emit([self._paths.path(each, shape) for each in (*others, timeline.branch)])

    @Slot()
    def refine(self) -> None:
        """Tell what is known, and train through what is not kept, beside the window."""
        self._tell()
        timeline = self._timeline.timeline
        shape = timeline.present.architecture
        gaps = [gap for branch in timeline.branches for gap in self._paths.gaps(branch, shape)]
        if gaps:
            self._calculator.ask(lambda: _filled(gaps), quick=False)

    @Slot(object)
    def _take(self, filled: Sequence[Filled]) -> None:
        for gap, states in filled:
            self._paths.fill(gap, states)
        self._tell()


def _filled(gaps: Sequence[Gap]) -> Iterator[list[Filled] | None]:
    """Yield what lies in the gaps, some at a time; None in between, to be stopped at."""
    began = told_at = time.perf_counter()
    done: list[Filled] = []
    for gap in gaps:
        states: list[Experiment] = []
        for state in between(gap):
            states.append(state)
            yield None
            if time.perf_counter() > began + SECONDS:
                yield [*done, (gap, states)]
                return
        done.append((gap, states))
        if time.perf_counter() > told_at + OFTEN:
            yield done
            done, told_at = [], time.perf_counter()
    yield done
