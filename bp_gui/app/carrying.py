"""The part of the composition root that carries more than the experiment in a project file."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSignalBlocker

from bp_gui.controller.document import Document
from bp_gui.controller.selection import Selection
from bp_gui.controller.store import Store
from bp_gui.controller.timeline import TimelineController
from bp_gui.explain.name_choice import NameChoice
from bp_gui.session.experiment import Experiment
from bp_gui.session.project import Layout, Project
from bp_gui.views.dialogs.notes import ask_for_notes
from bp_gui.views.main_window import MainWindow

_MOST_OF_NOTES = 80  # characters of them in the status line


class Carrier(QObject):
    """Gathers timeline, notes and layout for a file, and shows those that one held.

    What a file says of digits and names holds for this window; it is not what the person likes
    elsewhere, so it is not remembered.

    Parameters
    ----------
    store, selection, timeline, document, window
        Where the present, the selected quantity, the past, the file and the layout are.
    show_digits, show_names
        Write numbers with so many digits, behind the point or not; call things so.
    """

    def __init__(
        self,
        store: Store,
        selection: Selection,
        timeline: TimelineController,
        document: Document,
        window: MainWindow,
        *,
        show_digits: Callable[[int, bool], None],
        show_names: Callable[[NameChoice], None],
    ) -> None:
        super().__init__(window)
        self._store, self._selection, self._timeline = store, selection, timeline
        self._document, self._window = document, window
        self._show_digits, self._show_names = show_digits, show_names
        document.gather_by(self._gathered)
        document.opened.connect(self._take_over)
        timeline.rearranged.connect(document.touch)

    def slots(self) -> dict[str, Callable[[], None]]:
        """Return what each action does."""
        return {"notes": self.ask_for_notes}

    def ask_for_notes(self) -> None:
        """Let the person write something about the project."""
        notes = ask_for_notes(self._document.name, self._document.notes, self._window)
        if notes is not None:
            self._document.set_notes(notes)

    def _gathered(self, experiment: Experiment) -> Project:
        timeline = self._timeline.timeline
        known = timeline if timeline.present is experiment else None
        return Project(experiment, known, layout=self._layout())

    def _layout(self) -> Layout:
        """Return how the window shows the project now."""
        window = self._window
        return Layout(
            page=window.workspaces.place,
            selected=self._selection.ref,
            sample=self._store.snapshot.sample,
            digits=window.tool_bar.digits.value(),
            decimals=window.actions_["decimals"].isChecked(),
            names=window.workspaces.names,
            zoom=window.network.zoom_factor,
            logarithmic=window.curve.is_logarithmic,
        )

    def _take_over(self, project: Project) -> None:
        """Show what a file held beside the experiment."""
        if project.timeline is not None:
            self._timeline.adopt(project.timeline)
        self._arrange(project.layout)
        if project.notes.strip():
            first = project.notes.strip().splitlines()[0]
            self._window.note(f"Notes (File, Notes): {first[:_MOST_OF_NOTES]}")

    def _arrange(self, layout: Layout) -> None:
        """Show the project as the layout says; what it leaves open stays as it is."""
        window = self._window
        if layout.sample is not None:
            self._store.show_sample(layout.sample)
        if layout.decimals is not None:
            with QSignalBlocker(window.actions_["decimals"]):
                window.actions_["decimals"].setChecked(layout.decimals)
        if layout.digits is not None:
            self._show_digits(layout.digits, window.actions_["decimals"].isChecked())
        if layout.names is not None:
            self._show_names(layout.names)
        if layout.logarithmic is not None:
            with QSignalBlocker(window.curve):
                window.curve.set_logarithmic(layout.logarithmic)
        if layout.page is not None and not window.workspaces.choose(layout.page):
            window.note(f"This program has no page “{layout.page}”, which the file was saved with.")
        if layout.zoom is not None:
            window.network.set_zoom(layout.zoom)
        self._selection.select(layout.selected)
