"""Keeps what is not saved in a file of the window's own, and finds what other windows left.

Every window has one recovery file with a lock beside it. The lock of a window that crashed or was
killed can be had, that of a window that is still open cannot: so a file is offered once, and never
while its window lives. A file that another computer wrote into a shared folder is left alone, since
nobody here can know whether its window lives.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import (
    QLockFile,
    QObject,
    QStandardPaths,
    QTimer,
    Signal,
    Slot,
)

from bp_gui.controller.document import Document, why_not_written
from bp_gui.controller.store import Store
from bp_gui.controller.training import TrainingController
from bp_gui.session.experiment import Experiment
from bp_gui.session.project_file import ProjectFileError
from bp_gui.session.recovery_file import Recovered, read, written

INTERVAL_MS = 30_000
SUFFIX, LOCK, BROKEN, PROBE = ".recovery", ".lock", ".broken", ".probe"
_LOCK_BYTES = 4096  # a lock needs less, but a file takes up a whole block of the disk


def default_folder() -> Path:
    """Return the folder that this computer keeps for what the program remembers."""
    place = QStandardPaths.StandardLocation.AppDataLocation
    return Path(QStandardPaths.writableLocation(place)) / "recovery"


@dataclass(frozen=True, eq=False)
class Left:
    """A recovery file that its window has left, locked for as long as this value is held.

    Attributes
    ----------
    path
        The file.
    content
        What it holds.
    lock
        Keeps other windows from offering it too.
    """

    path: Path
    content: Recovered
    lock: QLockFile

    def delete(self) -> None:
        """Delete the file, as a person asked for, or because it is safe elsewhere."""
        self.path.unlink(missing_ok=True)
        self.lock.unlock()

    def keep(self) -> None:
        """Leave the file for a later start."""
        self.lock.unlock()


class Recovery(QObject):
    """Writes the window's recovery file, at the latest 30 s after a change.

    Parameters
    ----------
    folder
        Where all windows keep their recovery files.
    interval_ms
        How long to wait between two looks at whether something has changed.

    Signals
    -------
    failed(sentence)
        The file cannot be written; said once until it can again.
    """

    failed = Signal(str)

    def __init__(
        self,
        store: Store,
        document: Document,
        training: TrainingController,
        folder: Path,
        interval_ms: int = INTERVAL_MS,
    ) -> None:
        super().__init__(document)
        self._store, self._document, self._training = store, document, training
        self._folder = folder
        self._path = folder / f"{os.getpid()}-{secrets.token_hex(4)}{SUFFIX}"
        self._lock: QLockFile | None = None
        self._saved = store.experiment
        self._kept = self._state()
        self._has_failed = False
        document.settled.connect(self._settle)
        training.running_changed.connect(self._follow_run)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.keep)
        self._timer.start(interval_ms)

    @property
    def path(self) -> Path:
        """The window's own recovery file, which is there while something is not saved."""
        return self._path

    @Slot()
    def keep(self) -> bool:
        """Write what is not saved, if it has changed since; return whether all is safe."""
        experiment = self._store.experiment
        if experiment is self._saved and not self._document.is_modified:
            self._remove()
        elif self._state() != self._kept or not self._path.exists():
            name, path = self._document.name, self._document.path
            project = self._document.project()
            reason = self._write(written(project, name, path, datetime.now(UTC)))
            if reason:
                self._tell(f"Unsaved changes cannot be kept in {self._folder}: {reason}")
                return False
            self._kept = self._state()
        self._has_failed = False
        return True

    def close(self) -> None:
        """Stop, and remove the window's file: the person saved the project or gave it up."""
        self._timer.stop()
        self._training.running_changed.disconnect(self._follow_run)
        self._remove()

    def left_behind(self) -> tuple[list[Left], list[str]]:
        """Return what windows left that did not end well, newest first.

        Returns
        -------
        tuple
            The files that can be restored, and a sentence for each broken one, which has been
            renamed so that it is not in the way.
        """
        found, problems = [], []
        for path in sorted(self._folder.glob(f"*{SUFFIX}")):
            lock = _lock_for(path)
            if path == self._path or not lock.tryLock(0):
                continue
            try:
                found.append(Left(path, read(path), lock))
            except ProjectFileError as error:
                problems.append(set_aside(path, error))
                lock.unlock()
        return sorted(found, key=lambda left: left.content.saved, reverse=True), problems

    def restore(self, left: Left) -> str:
        """Open what a window left, unsaved; return a sentence if that cannot be done.

        The old file goes only when the window's own holds the same.
        """
        try:
            project = left.content.project()
        except ProjectFileError as error:
            sentence = set_aside(left.path, error)
            left.keep()
            return sentence
        self._document.restore(project, left.content.path, left.content.name)
        if self.keep():
            left.delete()
        else:
            left.keep()
        return ""

    @Slot()
    def _settle(self) -> None:
        """Take over that the project is as a file holds it."""
        self._saved = self._store.experiment
        self._kept = self._state()
        self._remove()

    def _state(self) -> tuple[Experiment, int]:
        """Return what tells the project as it is now from how it was; compared by identity."""
        return self._store.experiment, self._document.revision

    @Slot(bool)
    def _follow_run(self, is_running: bool) -> None:
        if not is_running:
            self.keep()

    def _write(self, data: bytes) -> str:
        """Write the file so that the one before stays whole until then; return what is wrong."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            return error.strerror or str(error)
        if self._lock is None:
            lock = _lock_for(self._path)
            if not lock.tryLock(0):
                return self._why_not_locked(lock)
            self._lock = lock
        return why_not_written(self._path, data)

    def _why_not_locked(self, lock: QLockFile) -> str:
        """Return why there is no lock; Qt does not tell a full disk from other failures."""
        if lock.error() is QLockFile.LockError.LockFailedError:
            return "another window has locked the file"
        probe = self._path.with_suffix(PROBE)
        reason = why_not_written(probe, bytes(_LOCK_BYTES))
        if not reason:
            probe.unlink(missing_ok=True)
        return reason or "the file cannot be locked there"

    def _remove(self) -> None:
        if self._lock is not None:
            self._path.unlink(missing_ok=True)
            self._lock.unlock()
            self._lock = None

    def _tell(self, sentence: str) -> None:
        if not self._has_failed:
            self._has_failed = True
            self.failed.emit(sentence)


def set_aside(path: Path, error: ProjectFileError) -> str:
    """Rename a broken recovery file; return a sentence that says so."""
    aside = path.with_name(path.name + BROKEN)
    try:
        path.replace(aside)
    except OSError:
        return f"A recovery file cannot be read. {error}"
    return f"A recovery file cannot be read and was set aside as {aside}. {error}"


def _lock_for(path: Path) -> QLockFile:
    lock = QLockFile(str(path.with_suffix(LOCK)))
    lock.setStaleLockTime(0)  # age says nothing; a lock is stale when its process is gone
    return lock
