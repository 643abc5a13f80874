"""The menus of the window: every action, and the choices that are made in menus only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from bp_gui.controller.settings import Motion, ThemeChoice
from bp_gui.views.actions import Actions
from bp_gui.views.workspaces import PAGES

Switch = tuple[str, Callable[[bool], None]]


class Menus(QObject):
    """Fills the menu bar, and shows what is chosen in it.

    Parameters
    ----------
    bar, actions
        What is filled, and what with.
    switches
        What can be shown or not: its name, and who is told.

    Signals
    -------
    theme_chosen(ThemeChoice), motion_chosen(Motion), page_chosen(key)
        A person chose something else.
    file_chosen(Path)
        One of the files opened last is wanted again.
    """

    theme_chosen = Signal(object)
    motion_chosen = Signal(object)
    page_chosen = Signal(str)
    file_chosen = Signal(object)

    def __init__(self, bar: QMenuBar, actions: Actions, switches: Sequence[Switch]) -> None:
        super().__init__(bar)
        self._recent = QMenu("Open &recent", bar)
        self._themes, self._motions = QActionGroup(self), QActionGroup(self)
        self._fill(bar, actions, switches)

    def show_theme(self, choice: ThemeChoice) -> None:
        """Mark the colours that are chosen."""
        _mark(self._themes, choice)

    def show_motion(self, choice: Motion) -> None:
        """Mark whether things may move."""
        _mark(self._motions, choice)

    def set_recent_files(self, paths: Sequence[Path]) -> None:
        """List the files opened last."""
        self._recent.clear()
        for number, path in enumerate(paths, start=1):
            action = self._recent.addAction(f"&{number} {path.name}")
            action.setToolTip(str(path))
            action.setStatusTip(str(path))
            action.triggered.connect(lambda _=False, path=path: self.file_chosen.emit(path))
        self._recent.setEnabled(bool(paths))

    def _fill(self, bar: QMenuBar, actions: Actions, switches: Sequence[Switch]) -> None:
        file = bar.addMenu("&File")
        file.addActions([actions[key] for key in ("worked", "open")])
        file.addMenu(self._recent)
        file.addActions([actions[key] for key in ("save", "save_as", "notes")])
        file.addSeparator()
        file.addActions([actions[key] for key in ("picture", "record")])
        file.addActions([actions[key] for key in ("export", "import_weights")])
        file.addActions([actions[key] for key in ("share_copy", "share_paste")])
        file.addSeparator()
        file.addAction(actions["quit"])
        edit = bar.addMenu("&Edit")
        edit.addActions([actions[key] for key in ("undo", "redo")])
        edit.addSeparator()
        edit.addActions([actions[key] for key in ("copy_value", "copy_picture", "copy_costs")])
        edit.addSeparator()
        edit.addAction(actions["lock"])
        training = bar.addMenu("&Training")
        training.addActions([actions[key] for key in ("step", "epoch", "train", "run")])
        training.addSeparator()
        training.addActions([actions[key] for key in ("reset", "random")])
        training.addSeparator()
        training.addActions([actions[key] for key in ("film", "film_play", "film_back", "film_on")])
        training.addSeparator()
        training.addActions([actions[key] for key in ("compare", "sweep", "mistakes_off")])
        view = bar.addMenu("&View")
        self._add_theme_menu(view)
        self._add_motion_menu(view)
        self._add_page_menu(view)
        for name, want in switches:
            self._add_switch(view, name, want)
        view.addSeparator()
        actions["decimals"].setCheckable(True)
        view.addAction(actions["decimals"])
        actions["check_gradients"].setCheckable(True)
        view.addAction(actions["check_gradients"])
        view.addActions([actions[key] for key in ("zoom_in", "zoom_out", "zoom_all")])
        view.addSeparator()
        view.addActions([actions[key] for key in ("next_pane", "full_screen")])
        bar.addMenu("&Help").addActions([actions[key] for key in ("shortcuts", "about")])

    def _add_theme_menu(self, view: QMenu) -> None:
        menu = view.addMenu("&Colours")
        for choice, text in (
            (ThemeChoice.SYSTEM, "As the &system"),
            (ThemeChoice.LIGHT, "&Light"),
            (ThemeChoice.DARK, "&Dark"),
        ):
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setData(choice)
            self._themes.addAction(action)
        self._themes.triggered.connect(lambda a: self.theme_chosen.emit(a.data()))

    def _add_motion_menu(self, view: QMenu) -> None:
        menu = view.addMenu("&Motion")
        for choice, text in (
            (Motion.SYSTEM, "As the &system"),
            (Motion.FULL, "Numbers &travel"),
            (Motion.REDUCED, "&Highlights only"),
        ):
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setData(choice)
            self._motions.addAction(action)
        self._motions.triggered.connect(lambda a: self.motion_chosen.emit(a.data()))

    def _add_page_menu(self, view: QMenu) -> None:
        menu = view.addMenu("&Pages")
        for number, page in enumerate(PAGES, start=1):
            action = menu.addAction(f"&{number} {page.title}")
            action.setShortcut(QKeySequence(f"Alt+{number}"))
            action.setStatusTip(page.tip)
            action.triggered.connect(lambda _=False, key=page.key: self.page_chosen.emit(key))

    def _add_switch(self, view: QMenu, name: str, want: Callable[[bool], None]) -> None:
        action = view.addAction(name)
        action.setCheckable(True)
        action.setChecked(True)
        action.toggled.connect(want)


def _mark(group: QActionGroup, choice: object) -> None:
    for action in group.actions():
        action.setChecked(action.data() is choice)
