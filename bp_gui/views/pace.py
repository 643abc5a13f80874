"""When a page of formulas follows the numbers: after the graph, and not with every update."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

_EVERY = 0.1  # seconds


class Pace(QObject):
    """Asks for a refresh after something has changed.

    After a pause that is as soon as the window has nothing else to do: first the graph is painted,
    and keys are heard, before formulas are set. While changes come in a row some are left out.

    Signals
    -------
    due()
        It is time.
    """

    due = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._refreshed = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.due)

    @property
    def is_waiting(self) -> bool:
        """Whether something has changed that is not shown yet."""
        return self._timer.isActive()

    def ask(self) -> None:
        """Say that something has changed."""
        if not self.is_waiting:
            rest = _EVERY - (monotonic() - self._refreshed)
            self._timer.start(max(0, round(1000 * rest)))

    def begin(self) -> None:
        """Say that the refresh begins, for whatever reason."""
        self._timer.stop()
        self._refreshed = monotonic()

    def cancel(self) -> None:
        """Say that there is nothing to refresh."""
        self._timer.stop()
