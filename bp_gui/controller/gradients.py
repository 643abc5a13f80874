"""Holds every gradient against the costs themselves as things move, while somebody wants it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from bp_gui.controller.calculator import Calculator
from bp_gui.controller.store import Store
from bp_gui.engine.gradient_check import check_gradient
from bp_gui.engine.names import Ref
from bp_gui.session.experiment import Experiment

REST = 0.15  # seconds between two checks that take longer than a fraction of a frame
QUICK_WORK = 300  # samples × parameters that take a fraction of a frame


def takes_long(experiment: Experiment) -> bool:
    """Whether a check would hold up the window."""
    return len(experiment.t) * experiment.architecture.n_parameters > QUICK_WORK


class GradientWatch(QObject):
    """Checks each moment when it is on; when it is off it costs nothing.

    Signals
    -------
    checked(refs)
        The parameters whose gradient is wrong, a frozenset of `Ref`; None when it is off.
    """

    checked = Signal(object)

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._is_on = False
        self._calculator = Calculator(self, rest=REST)
        self._calculator.found.connect(self.checked)

    @property
    def is_on(self) -> bool:
        """Whether moments are checked."""
        return self._is_on

    @Slot(bool)
    def set_on(self, on: bool) -> None:
        """Begin to check, or stop."""
        if on == self._is_on:
            return
        self._is_on = on
        if on:
            self._store.snapshot_changed.connect(self._check)
            self._check()
        else:
            self._store.snapshot_changed.disconnect(self._check)
            self._calculator.forget()
            self.checked.emit(None)

    @Slot()
    def _check(self) -> None:
        experiment = self._store.experiment
        quick = not takes_long(experiment)
        self._calculator.ask(lambda: _wrong(experiment), quick=quick)


def _wrong(experiment: Experiment) -> Iterator[frozenset[Ref]]:
    with np.errstate(all="ignore"):
        check = check_gradient(
            experiment.objective, experiment.parameters, experiment.x, experiment.t
        )
    refs = list(experiment.architecture.refs())
    yield frozenset(refs[k] for k in np.flatnonzero(~check.agrees).tolist())
