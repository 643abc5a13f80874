"""Writes a moment into a file or onto the clipboard, without holding the window up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal, Slot
from PySide6.QtGui import QGuiApplication

from bp_gui.controller.document import why_not_written
from bp_gui.session.exports.problem import ExportError
from bp_gui.session.snapshot import Snapshot

if TYPE_CHECKING:
    from bp_gui.session.exports.registry import Export


class _Writing(QThread):
    """Makes the bytes of one export; its signals say which one it is."""

    progressed = Signal(object, float)
    made = Signal(object, object)
    refused = Signal(object, str)

    def __init__(self, entry: Export, snapshot: Snapshot, parent: QObject) -> None:
        super().__init__(parent)
        self._entry, self._snapshot = entry, snapshot

    def run(self) -> None:
        """Compute until it is whole, or no longer wanted; called in the thread."""
        content = bytearray()
        try:
            for piece in self._entry.pieces(self._snapshot):
                if self.isInterruptionRequested():
                    return
                content += piece.content
                self.progressed.emit(self, piece.done)
        except ExportError as error:
            self.refused.emit(self, str(error))
        except MemoryError:
            self.refused.emit(self, "there is not enough memory for this export")
        except Exception as error:  # whatever it is: the window must learn that this has ended
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            self.refused.emit(self, f"the export could not be made: {reason}".rstrip("."))
        else:
            self.made.emit(self, bytes(content))


class Exporter(QObject):
    """Makes one export at a time; a cancelled one leaves nothing behind.

    Signals
    -------
    running_changed(bool)
        An export has begun or ended.
    progressed(share)
        So much of it is made, 0 to 1.
    finished(sentence)
        It is done: where it is.
    failed(sentence)
        It is not, and why; an old file is as it was.
    """

    running_changed = Signal(bool)
    progressed = Signal(float)
    finished = Signal(str)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work: _Writing | None = None
        self._ending: list[_Writing] = []
        self._path: Path | None = None

    @property
    def is_running(self) -> bool:
        """Whether an export is under way."""
        return self._work is not None

    def save(self, entry: Export, snapshot: Snapshot, path: Path) -> None:
        """Write a moment into a file; what was under way is cancelled."""
        self._begin(entry, snapshot, path)

    def copy(self, entry: Export, snapshot: Snapshot) -> None:
        """Put a moment onto the clipboard as text; what was under way is cancelled."""
        self._begin(entry, snapshot, None)

    @Slot()
    def cancel(self) -> None:
        """Drop what is under way: nothing is written."""
        work, self._work = self._work, None
        if work is not None:
            work.requestInterruption()
            self._ending = [each for each in self._ending if not each.isFinished()]
            self._ending.append(work)
            self.running_changed.emit(False)

    def shut_down(self) -> None:
        """Cancel, and wait until no thread is left."""
        self.cancel()
        for work in self._ending:
            work.wait()
        self._ending.clear()

    def _begin(self, entry: Export, snapshot: Snapshot, path: Path | None) -> None:
        self.cancel()
        self._path = path
        self._work = _Writing(entry, snapshot, self)
        self._work.progressed.connect(self._show_progress)
        self._work.made.connect(self._made)
        self._work.refused.connect(self._refused)
        self._work.start()
        self.running_changed.emit(True)

    @Slot(object, float)
    def _show_progress(self, work: _Writing, share: float) -> None:
        if work is self._work:
            self.progressed.emit(share)

    @Slot(object, object)
    def _made(self, work: _Writing, content: bytes) -> None:
        if work is not self._work:
            return  # cancelled while its signal was on the way
        self._end()
        if self._path is None:
            QGuiApplication.clipboard().setText(content.decode())
            self.finished.emit("Copied to the clipboard.")
            return
        reason = why_not_written(self._path, content)
        if reason:
            self.failed.emit(f"{self._path}: {reason}")
        else:
            self.finished.emit(f"Written: {self._path}")

    @Slot(object, str)
    def _refused(self, work: _Writing, sentence: str) -> None:
        if work is not self._work:
            return
        self._end()
        self.failed.emit(f"{sentence[:1].upper()}{sentence[1:]}.")

    def _end(self) -> None:
        work, self._work = self._work, None
        if work is not None:
            work.wait()
            work.deleteLater()
        self.running_changed.emit(False)
