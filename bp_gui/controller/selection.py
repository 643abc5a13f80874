"""Which quantity is selected, and which one the pointer is on: one for the whole window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from bp_gui.engine.names import Ref


class Selection(QObject):
    """Holds the selected quantity.

    Signals
    -------
    changed(ref)
        Another quantity is selected, or None.
    hover_changed(ref)
        The pointer is on another quantity, or None.
    """

    changed = Signal(object)
    hover_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ref: Ref | None = None
        self._hovered: Ref | None = None

    @property
    def ref(self) -> Ref | None:
        """The selected quantity."""
        return self._ref

    def select(self, ref: Ref | None) -> None:
        """Select a quantity, or nothing."""
        if ref != self._ref:
            self._ref = ref
            self.changed.emit(ref)

    def hover(self, ref: Ref | None) -> None:
        """Say what the pointer is on, or nothing."""
        if ref != self._hovered:
            self._hovered = ref
            self.hover_changed.emit(ref)
