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
        self._calculator = Calculator(self)
        self._calculator.found.connect(self._take)

    @Slot()
    def request(self) -> None:
        """Tell what is known now."""
        timeline = self._timeline.timeline
        shape = timeline.present.architecture
        others = [branch for branch in timeline.branches if branch is not timeline.branch]
        self.found.emit([self._paths.path(each, shape) for each in (*others, timeline.branch)])

    @Slot()
    def refine(self) -> None:
        """Train through what is not kept, beside the window, and tell it when it is known."""
        timeline = self._timeline.timeline
        shape = timeline.present.architecture
        gaps = [gap for branch in timeline.branches for gap in self._paths.gaps(branch, shape)]
        if gaps:
            self._calculator.ask(lambda: _filled(gaps), quick=False)

    @Slot(object)
    def _take(self, result: tuple[Gap, Sequence[Experiment]]) -> None:
        self._paths.fill(*result)
        self.request()


def _filled(gaps: Sequence[Gap]) -> Iterator[tuple[Gap, list[Experiment]] | None]:
    """Yield what lies in each of the gaps; None every now and then, to be stopped at."""
    until = time.perf_counter() + SECONDS
    for gap in gaps:
        states: list[Experiment] = []
        for state in between(gap):
            states.append(state)
            yield None
            if time.perf_counter() > until:
                break
        yield gap, states
