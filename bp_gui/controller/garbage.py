"""Python's garbage collection, kept in the thread of the window."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

from bp_gui.engine import compiled

_EVERY_MS = 500


class GarbageCollection(QObject):
    """Collects garbage in the thread that it lives in, and nowhere else, until it is stopped.

    Python collects in whatever thread happens to allocate. Reference cycles hold widgets, and a
    widget that is deleted in another thread takes the program down with it: so automatic
    collection is off while threads compute beside a window, and a timer collects instead.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._collect)
        self._was_enabled = gc.isenabled()
        self._has_window = self._has_loops = False
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Leave collection to Python again."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()

    @Slot()
    def _collect(self) -> None:
        is_ready = compiled.is_ready()
        if not self._has_window or (is_ready and not self._has_loops):
            gc.freeze()
        self._has_window, self._has_loops = True, is_ready
        collect_what_is_due()


def collect_what_is_due() -> None:
    """Collect in this thread, as deeply as Python would have by now."""
    counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
    due = [generation for generation, (count, threshold) in enumerate(counts) if count > threshold]
    if due:
        gc.collect(max(due))
