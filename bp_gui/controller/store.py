"""The one place that holds the present moment; every view follows its one signal."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from bp_gui.controller.commands import EditCommand
from bp_gui.session.edits import Edit, EditError
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import Snapshot, evaluate


class Store(QObject):
    """Holds the present snapshot and the undo stack.

    Signals
    -------
    snapshot_changed(new, old)
        The present moment is another one; ``old`` is None for the first and after opening a file.
    edit_refused(sentence)
        An edit could not be made; nothing has changed.
    edited(label, merged)
        An edit has been made and shown; ``merged`` says whether undo takes it for one with the
        edit before.
    moved(count)
        So many edits are made now that are not undone.
    settling()
        An edit is about to be made: whoever has unrecorded changes records them now.
    """

    snapshot_changed = Signal(object, object)
    edit_refused = Signal(str)
    edited = Signal(str, bool)
    moved = Signal(int)
    settling = Signal()

    def __init__(self, experiment: Experiment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        # The stack tells of its own end too; this object's signal is cut by then.
        self.undo_stack.indexChanged.connect(self.moved)
        self._snapshot = evaluate(experiment)
        self._is_submitting = False

    @property
    def is_submitting(self) -> bool:
        """Whether the snapshot that changes now does so because of an edit."""
        return self._is_submitting

    @property
    def snapshot(self) -> Snapshot:
        """The present snapshot."""
        return self._snapshot

    @property
    def experiment(self) -> Experiment:
        """The present experiment."""
        return self._snapshot.experiment

    def submit(self, edit: Edit) -> bool:
        """Make an edit, undoable; return whether it was accepted."""
        self.settling.emit()
        before = self.experiment
        try:
            after = edit.apply(before)
        except EditError as error:
            self.edit_refused.emit(str(error))
            return False
        if after is not before:
            stack, position = self.undo_stack, self.undo_stack.index()
            self._is_submitting = True
            stack.push(EditCommand(self.show, before, after, edit.label, edit.merge_key))
            self._is_submitting = False
            self.edited.emit(edit.label, stack.index() == position)
        return True

    def show(self, experiment: Experiment) -> None:
        """Make an experiment the present one without recording it."""
        if experiment is not self.experiment:
            self._evaluate(experiment, self._snapshot.sample)

    def show_sample(self, sample: int) -> None:
        """Show the passes of another training sample, counted from 0."""
        if sample != self._snapshot.sample:
            self._evaluate(self.experiment, sample)

    def _evaluate(self, experiment: Experiment, sample: int) -> None:
        old = self._snapshot
        self._snapshot = evaluate(experiment, min(max(sample, 0), len(experiment.t) - 1))
        self.snapshot_changed.emit(self._snapshot, old)

    def record(self, before: Experiment, label: str) -> None:
        """Make all that happened since ``before`` one undoable step."""
        if before is not self.experiment:
            self.undo_stack.push(EditCommand(self.show, before, self.experiment, label))

    def start_over(self, experiment: Experiment) -> None:
        """Hold another project: nothing of the one before can be undone."""
        self.undo_stack.clear()
        self._snapshot = evaluate(experiment)
        self.snapshot_changed.emit(self._snapshot, None)
