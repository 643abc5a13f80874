"""The project as a file: where it lives, whether it is saved, opening and saving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand

from bp_gui.controller.settings import Settings
from bp_gui.controller.store import Store
from bp_gui.session.examples import load_named
from bp_gui.session.experiment import Experiment
from bp_gui.session.project import MAX_NOTES, Project
from bp_gui.session.project_file import ProjectFileError, dumps_project, load_project
from bp_gui.session.whole_file import write_whole

SUFFIX = ".backprop.json"
WORKED_EXAMPLE = "example:worked"
WORKED_TITLE = "Worked example"


class Document(QObject):
    """Opens and saves projects; a failure leaves both the file and the open project untouched.

    Signals
    -------
    changed()
        Another file, or saved, or no longer saved.
    opened(Project)
        Another project is held: whoever keeps something of it besides takes that over now.
    settled()
        The project is as its file has it: it was opened or saved.
    failed(sentence)
        Opening did not work.
    not_saved(sentence)
        Saving did not work; the old file is whole.
    """

    changed = Signal()
    opened = Signal(object)
    settled = Signal()
    failed = Signal(str)
    not_saved = Signal(str)

    def __init__(self, store: Store, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._settings = settings
        self._own = _Identity(None, WORKED_TITLE, None)
        self._arrivals: list[_Arrival] = []
        self._notes, self._revision, self._saved_revision = "", 0, 0
        self._gather: Callable[[Experiment], Project] = Project
        store.undo_stack.cleanChanged.connect(self.changed)
        store.moved.connect(self._follow_undo)

    @property
    def path(self) -> Path | None:
        """The file that Save writes, or None for a project that was never saved."""
        return self._identity.path

    @property
    def name(self) -> str:
        """What the title bar calls the project."""
        path = self._identity.path
        return self._identity.title if path is None else path.name.removesuffix(SUFFIX)

    def call(self, title: str) -> None:
        """Say what a project without a file is called."""
        self._own = self._own._replace(title=title)
        self.changed.emit()

    def call_newcomer(self, title: str) -> None:
        """Say what the project is called that the last edit put in the place of another.

        It has no file, so that saving asks for one and leaves that of the other alone. Undoing the
        edit brings back the other with its name and its file.
        """
        stack = self._store.undo_stack
        command = stack.command(stack.index() - 1)
        self._arrivals.append(_Arrival(stack.index(), command, _Identity(None, title, None)))
        self.changed.emit()

    @property
    def _identity(self) -> _Identity:
        """What the present project is called and where it lives, as far as edits are not undone."""
        made = self._store.undo_stack.index()
        identities = (each.identity for each in reversed(self._arrivals) if each.position <= made)
        return next(identities, self._own)

    @Slot()
    def _follow_undo(self) -> None:
        """Take the name of what is undone or redone, and forget what cannot be redone."""
        if self._arrivals:
            command = self._store.undo_stack.command
            self._arrivals = [
                each for each in self._arrivals if command(each.position - 1) is each.command
            ]
            self.changed.emit()

    def _be(self, identity: _Identity) -> None:
        """Be another project, or this one in another file."""
        self._own = identity
        self._arrivals.clear()

    @property
    def is_modified(self) -> bool:
        """Whether there are changes that no file holds."""
        return self._revision != self._saved_revision or not self._store.undo_stack.isClean()

    @property
    def is_changed_elsewhere(self) -> bool:
        """Whether another window or program has written the file since it was read or saved."""
        path, _, stamp = self._identity
        if path is None or stamp is None:
            return False
        return _stamp(path) not in (None, stamp)

    @property
    def revision(self) -> int:
        """A number that grows with every change beside the experiment."""
        return self._revision

    @property
    def notes(self) -> str:
        """What a person wrote about the project."""
        return self._notes

    def set_notes(self, notes: str) -> None:
        """Write something about the project, at most `MAX_NOTES` characters."""
        if notes[:MAX_NOTES] != self._notes:
            self._notes = notes[:MAX_NOTES]
            self.touch()

    def touch(self) -> None:
        """Say that something beside the experiment has changed."""
        self._revision += 1
        self.changed.emit()

    def gather_by(self, gather: Callable[[Experiment], Project]) -> None:
        """Say what makes a whole project of the present experiment when it is written."""
        self._gather = gather

    def project(self) -> Project:
        """Return all that a file of the project holds now."""
        return replace(self._gather(self._store.experiment), notes=self._notes)

    def open(self, path: Path) -> bool:
        """Open a project file; return whether it worked."""
        project = self.read(path)
        if project is not None:
            self.take(path, project)
        return project is not None

    def read(self, path: Path) -> Project | None:
        """Return the project in a file, without opening it; say it where that cannot be done."""
        try:
            return load_project(path)
        except ProjectFileError as error:
            self._settings.forget_recent_file(path.absolute())
            self.changed.emit()
            self.failed.emit(str(error))
            return None

    def take(self, path: Path, project: Project) -> None:
        """Hold the project that was read from a file."""
        path = path.absolute()
        self._be(_Identity(path, WORKED_TITLE, _stamp(path)))
        self._settings.add_recent_file(path)
        self._hold(project)
        self._settle()

    def open_worked_example(self) -> None:
        """Open the worked example, unsaved."""
        self._be(_Identity(None, WORKED_TITLE, None))
        self._hold(Project(load_named(WORKED_EXAMPLE)))
        self._settle()

    def restore(self, project: Project, path: Path | None, name: str) -> None:
        """Hold a project that no file has as it is now: Save writes it to ``path``, if any."""
        self._be(_Identity(path, name or WORKED_TITLE, None))
        self._hold(project)
        self._store.undo_stack.resetClean()
        self.changed.emit()

    def _hold(self, project: Project) -> None:
        self._notes = project.notes
        self._store.start_over(project.experiment)
        self.opened.emit(project)

    def _settle(self) -> None:
        self._saved_revision = self._revision
        self.settled.emit()
        self.changed.emit()

    def save(self, path: Path) -> bool:
        """Write the project; return whether it worked.

        It is written beside the old file and renamed, so that the old one is whole until the new
        one is.
        """
        self._store.settling.emit()
        reason = why_not_written(path, dumps_project(self.project()).encode())
        if reason:
            self.not_saved.emit(f"{path} cannot be written: {reason}")
            return False
        path = path.absolute()
        self._be(_Identity(path, WORKED_TITLE, _stamp(path)))
        self._settings.add_recent_file(path)
        self._store.undo_stack.setClean()
        self._settle()
        return True


_Stamp = tuple[int, int, int]


class _Identity(NamedTuple):
    """Where a project lives, what it is called without a file, and its file when last seen."""

    path: Path | None
    title: str
    stamp: _Stamp | None


class _Arrival(NamedTuple):
    """A project that came by an edit: the count of edits up to it, the edit, and its name."""

    position: int
    command: QUndoCommand
    identity: _Identity


def _stamp(path: Path) -> _Stamp | None:
    """Return what tells a file from what another writes in its place; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def why_not_written(path: Path, data: bytes) -> str:
    """Write a file so that at every moment the old or the new one is whole; see `write_whole`.

    It never falls back to writing into the old file itself, as one could where renaming fails:
    that would risk the only good copy.

    Returns
    -------
    str
        Why it could not be written; empty if it was.
    """
    try:
        write_whole(path, data)
    except OSError as error:
        return error.strerror or str(error) or "it failed, and the system does not say why"
    return ""
