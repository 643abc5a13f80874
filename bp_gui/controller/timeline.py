"""Keeps the timeline in step with the store, and takes the window to other moments."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from bp_gui.controller.store import Store
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import Snapshot
from bp_gui.session.timeline import Branch, Timeline, TimelineError


class TimelineController(QObject):
    """Records what happens, and shows what has happened.

    Looking at another moment changes nothing: it is no entry of the undo stack, and only an edit
    made there is one.

    Signals
    -------
    changed()
        The branches, or the place of the present in them, are others.
    refused(sentence)
        A branch cannot be renamed or deleted.
    leaving()
        Another moment is about to be shown: a run under way must end.
    rearranged()
        A branch was renamed or deleted by a person.
    """

    changed = Signal()
    refused = Signal(str)
    leaving = Signal()
    rearranged = Signal()

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._is_travelling = False
        self._timeline = Timeline(store.experiment)
        store.snapshot_changed.connect(self._follow)
        store.edited.connect(self._record_edit)

    @property
    def timeline(self) -> Timeline:
        """The branches; read only."""
        return self._timeline

    @property
    def branch(self) -> Branch:
        """The branch that the present is on."""
        return self._timeline.branch

    def adopt(self, timeline: Timeline) -> None:
        """Go on with a timeline that a file held; its present is the one that is shown.

        Raises
        ------
        ValueError
            If it is another.
        """
        if timeline.present is not self._store.experiment:
            raise ValueError("the present of the timeline is not what is shown")
        self._timeline = timeline
        self.changed.emit()

    def go_to(self, branch: int, update: int) -> None:
        """Show a state of a branch."""
        self.leaving.emit()
        try:
            experiment = self._timeline.go_to(branch, update)
        except TimelineError as error:
            self.refused.emit(str(error))
            return
        self._is_travelling = True
        self._store.show(experiment)
        self._is_travelling = False
        self.changed.emit()

    def go_to_update(self, update: int) -> None:
        """Show a state of the present branch."""
        self.go_to(self.branch.number, update)

    def go_to_tip(self, branch: int) -> None:
        """Show the last state of a branch."""
        lasts = {each.number: each.last for each in self._timeline.branches}
        self.go_to(branch, lasts.get(branch, 0))

    def go_to_lowest(self) -> None:
        """Show the state of the present branch whose cost was lowest."""
        self.go_to_update(self.branch.lowest())

    def begin_branch(self, started: Experiment, ended: Experiment, name: str) -> None:
        """Show the end of a training that was made elsewhere, on a branch of its own."""
        self.leaving.emit()
        self._timeline.begin_branch(started, ended, name)
        self._store.show(ended)
        self.changed.emit()

    def rename(self, branch: int, name: str) -> None:
        """Call a branch something else."""
        self._change(lambda: self._timeline.rename(branch, name))

    def delete(self, branch: int) -> None:
        """Forget a branch."""
        self._change(lambda: self._timeline.delete(branch))

    def _change(self, change: object) -> None:
        assert callable(change)
        try:
            change()
        except TimelineError as error:
            self.refused.emit(str(error))
        else:
            self.rearranged.emit()
        self.changed.emit()

    @Slot(object, object)
    def _follow(self, new: Snapshot, old: Snapshot | None) -> None:
        """Take over what did not come from an edit: training, undo and redo, another project."""
        experiment = new.experiment
        if old is None:
            self._timeline = Timeline(experiment)
        elif (
            self._is_travelling or self._store.is_submitting or experiment is self._timeline.present
        ):
            return
        elif not self._timeline.visit(experiment):
            self._timeline.record(experiment)
        self.changed.emit()

    @Slot(str, bool)
    def _record_edit(self, label: str, merged: bool) -> None:
        self._timeline.record(self._store.experiment, label, merged=merged)
        self.changed.emit()
