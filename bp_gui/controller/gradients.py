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
from bp_gui.session.lab import Comparison

REST = 0.15  # seconds between two checks that take longer than a fraction of a frame
QUICK_WORK = 300  # samples × parameters that take a fraction of a frame


def takes_long(experiment: Experiment) -> bool:
    """Whether a check would hold up the window."""
    return len(experiment.t) * experiment.architecture.n_parameters > QUICK_WORK


class GradientWatch(QObject):
    """Checks each moment when it is on; when it is off it costs nothing.

    Where mistakes are on it is their gradients that are checked, against the costs that they give.

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
        self._comparison: Comparison | None = None
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
            self._store.snapshot_changed.connect(self._follow)
            self._check()
        else:
            self._store.snapshot_changed.disconnect(self._follow)
            self._calculator.forget()
            self.checked.emit(None)

    @Slot(object)
    def take_comparison(self, comparison: Comparison | None) -> None:
        """Check the update with mistakes instead; None for the right one."""
        self._comparison = comparison
        if self._is_on:
            self._check()

    @Slot()
    def _follow(self) -> None:
        """Check another moment; with mistakes on, its comparison comes by itself."""
        if self._comparison is None:
            self._check()

    def _check(self) -> None:
        experiment, comparison = self._store.experiment, self._comparison
        quick = not takes_long(experiment)
        self._calculator.ask(lambda: _wrong(experiment, comparison), quick=quick)


def _wrong(experiment: Experiment, comparison: Comparison | None) -> Iterator[frozenset[Ref]]:
    with np.errstate(all="ignore"):
        check = (
            check_gradient(experiment.objective, experiment.parameters, experiment.x, experiment.t)
            if comparison is None
            else comparison.check
        )
    refs = list(experiment.architecture.refs())
    yield frozenset(refs[k] for k in np.flatnonzero(~check.agrees).tolist())
