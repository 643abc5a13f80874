"""The project as a file: where it lives, whether it is saved, opening and saving."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QIODevice, QObject, QSaveFile, Signal

from bp_gui.controller.settings import Settings
from bp_gui.controller.store import Store
from bp_gui.session.examples import load_named
from bp_gui.session.project_file import ProjectFileError, dumps, load

SUFFIX = ".backprop.json"
WORKED_EXAMPLE = "example:worked"


class Document(QObject):
    """Opens and saves projects; a failure leaves both the file and the open project untouched.

    Signals
    -------
    changed()
        Another file, or saved, or no longer saved.
    failed(sentence)
        Opening or saving did not work.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, store: Store, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._settings = settings
        self._path: Path | None = None
        store.undo_stack.cleanChanged.connect(self.changed)

    @property
    def path(self) -> Path | None:
        """The file that Save writes, or None for a project that was never saved."""
        return self._path

    @property
    def name(self) -> str:
        """What the title bar calls the project."""
        return "Worked example" if self._path is None else self._path.name.removesuffix(SUFFIX)

    @property
    def is_modified(self) -> bool:
        """Whether there are changes that no file holds."""
        return not self._store.undo_stack.isClean()

    def open(self, path: Path) -> bool:
        """Open a project file; return whether it worked."""
        try:
            experiment = load(path)
        except ProjectFileError as error:
            self._settings.forget_recent_file(path.absolute())
            self.changed.emit()
            self.failed.emit(str(error))
            return False
        self._path = path.absolute()
        self._settings.add_recent_file(self._path)
        self._store.start_over(experiment)
        self.changed.emit()
        return True

    def open_worked_example(self) -> None:
        """Open the worked example, unsaved."""
        self._path = None
        self._store.start_over(load_named(WORKED_EXAMPLE))
        self.changed.emit()

    def save(self, path: Path) -> bool:
        """Write the project; return whether it worked.

        QSaveFile writes beside the file and renames, so that the old one is whole until the new
        one is.
        """
        self._store.settling.emit()
        file = QSaveFile(str(path))
        data = dumps(self._store.experiment).encode()
        written = file.open(QIODevice.OpenModeFlag.WriteOnly) and file.write(data) == len(data)
        if not (written and file.commit()):
            self.failed.emit(f"{path}: {file.errorString()}")
            return False
        self._path = path.absolute()
        self._settings.add_recent_file(self._path)
        self._store.undo_stack.setClean()
        self.changed.emit()
        return True
