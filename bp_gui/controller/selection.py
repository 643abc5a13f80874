"""Which quantity is selected: one for the whole window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from bp_gui.engine.names import Ref


class Selection(QObject):
    """Holds the selected quantity.

    Signals
    -------
    changed(ref)
        Another quantity is selected, or None.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ref: Ref | None = None

    @property
    def ref(self) -> Ref | None:
        """The selected quantity."""
        return self._ref

    def select(self, ref: Ref | None) -> None:
        """Select a quantity, or nothing."""
        if ref != self._ref:
            self._ref = ref
            self.changed.emit(ref)
