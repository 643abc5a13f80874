"""Keeps mistakes beside the right numbers, and computes what the lab and the check ask for."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bp_gui.controller.store import Store
from bp_gui.diagnose.diagnosis import diagnose
from bp_gui.diagnose.reading import ReadingError
from bp_gui.diagnose.search import Search
from bp_gui.session.experiment import Experiment
from bp_gui.session.lab import Comparison, CurveRun, compare
from bp_gui.session.problem import problem_of

SLICE_SECONDS = 0.004
SHOWN_EVERY = 0.1


class MistakeController(QObject):
    """Holds which mistakes are on, and the present moment with and without them.

    While none is on nothing is computed. It follows the store before any view does, if it is made
    first: then views have both numbers of a moment when they show it.

    Signals
    -------
    compared(Comparison)
        There are other numbers to put beside the right ones; None where no mistake is on.
    """

    compared = Signal(object)

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._names: frozenset[str] = frozenset()
        self._comparison: Comparison | None = None
        store.snapshot_changed.connect(self._follow)

    @property
    def names(self) -> frozenset[str]:
        """Registry keys of the mistakes that are on."""
        return self._names

    @property
    def comparison(self) -> Comparison | None:
        """The present moment with and without the mistakes."""
        return self._comparison

    @Slot(object)
    def choose(self, names: frozenset[str]) -> None:
        """Switch on these mistakes and no others."""
        if names != self._names:
            self._names = names
            self._compare()

    @Slot()
    def switch_off(self) -> None:
        """Switch all mistakes off."""
        self.choose(frozenset())

    @Slot()
    def _follow(self) -> None:
        if self._names:
            self._compare()

    def _compare(self) -> None:
        snapshot = self._store.snapshot
        self._comparison = (
            compare(snapshot.experiment, self._names, snapshot.sample) if self._names else None
        )
        self.compared.emit(self._comparison)


class LabController(QObject):
    """Trains right and wrong side by side, in slices of a few milliseconds between other events.

    Python code in a thread of its own would hold the interpreter longer than that.

    Signals
    -------
    curves_changed(Curves)
        The training has come further.
    """

    curves_changed = Signal(object)

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._run: CurveRun | None = None
        self._shown_at = 0.0
        self._clock = QTimer(self, interval=0)
        self._clock.timeout.connect(self._go_on)

    @property
    def is_busy(self) -> bool:
        """Whether training is under way."""
        return self._run is not None

    @Slot(object, int)
    def begin(self, names: frozenset[str], updates: int) -> None:
        """Train on from the present, with and without mistakes; what was under way is dropped."""
        self._run = CurveRun(self._store.experiment, names, updates)
        self._shown_at = time.perf_counter()
        self._clock.start()

    @Slot()
    def stop(self) -> None:
        """Drop what is under way."""
        self._run = None
        self._clock.stop()

    @Slot()
    def _go_on(self) -> None:
        run = self._run
        if run is None:
            return
        now = time.perf_counter()
        end = now + SLICE_SECONDS
        while not run.is_finished and now < end:
            run.advance()
            now = time.perf_counter()
        if run.is_finished:
            self.stop()
        if run.is_finished or now - self._shown_at > SHOWN_EVERY:
            self._shown_at = now
            self.curves_changed.emit(run.curves())


class CheckController(QObject):
    """Diagnoses numbers against the present moment.

    Signals
    -------
    diagnosed(Diagnosis, Experiment)
        What has been found, and for which moment.
    unreadable(sentence)
        There is nothing in the text that can be compared.
    """

    diagnosed = Signal(object, object)
    unreadable = Signal(str)

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._search: tuple[Experiment, int, Search] | None = None

    @Slot(str)
    def check(self, text: str) -> None:
        """Compare a text with the next update of the present moment."""
        snapshot = self._store.snapshot
        try:
            found = diagnose(self._search_of(snapshot.experiment, snapshot.sample), text)
        except ReadingError as error:
            self.unreadable.emit(str(error))
            return
        self.diagnosed.emit(found, snapshot.experiment)

    def _search_of(self, experiment: Experiment, sample: int) -> Search:
        """Return the search for a moment; one is kept, since people check again and again."""
        kept = self._search
        if kept is None or kept[0] is not experiment or kept[1] != sample:
            kept = experiment, sample, Search(problem_of(experiment, sample))
            self._search = kept
        return kept[2]
