"""The part of the composition root that wires mistakes: the lab, the check and predictions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from bp_gui.controller.lab import CheckController, LabController, MistakeController
from bp_gui.controller.store import Store
from bp_gui.session.quiz import Question
from bp_gui.views.main_window import MainWindow
from bp_gui.views.worksheet import ask_where, save_worksheet


class Mistakes(QObject):
    """Connects what is about mistakes to the store and the window.

    Parameters
    ----------
    store, window
        Where the present moment is, and where it is shown.
    """

    def __init__(self, store: Store, window: MainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._store, self._window = store, window
        self.controller = MistakeController(store, self)
        self.curves, self.check = LabController(store, self), CheckController(store, self)
        self.controller.compared.connect(window.show_comparison)
        window.workspaces.panel_made.connect(self._connect_panel)
        window.mistake_notice.lab_requested.connect(self.open_lab)
        window.mistake_notice.off_requested.connect(self.controller.switch_off)

    def slots(self) -> dict[str, Callable[[], None]]:
        """Return what each action does."""
        return {"mistakes_off": self.controller.switch_off}

    def open_lab(self) -> None:
        """Bring the lab to the front."""
        self._window.workspaces.choose("lab")

    def see_in_lab(self, names: frozenset[str]) -> None:
        """Switch on these mistakes, and bring the lab to the front."""
        self.controller.choose(names)
        self.open_lab()

    def shut_down(self) -> None:
        """End all work in the background."""
        self.curves.stop()

    def _connect_panel(self, key: str, panel: Any) -> None:
        """Connect what only some panels ask for; their modules are not imported before."""
        match key:
            case "lab":
                panel.mistakes_chosen.connect(self.controller.choose)
                panel.curves_requested.connect(self.curves.begin)
                panel.curves_dropped.connect(self.curves.stop)
                self.curves.curves_changed.connect(panel.show_curves)
            case "check":
                panel.check_requested.connect(self.check.check)
                self.check.diagnosed.connect(panel.show_diagnosis)
                self.check.unreadable.connect(panel.show_unreadable)
                panel.lab_requested.connect(self.see_in_lab)
            case "predict":
                panel.hidden_changed.connect(self._window.hide_values)
                panel.worksheet_requested.connect(self._save_worksheet)

    def _save_worksheet(self, questions: tuple[Question, ...], seed: int) -> None:
        """Put questions on paper."""
        path = ask_where(self._window, seed)
        if path is None:
            return
        try:
            save_worksheet(path, self._store.experiment, questions, seed)
        except OSError as error:
            self._window.show_error(f"{path}: {error.strerror}")
