"""The one undo command that serves every edit and every training run."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from bp_gui.session.experiment import Experiment

MERGE_SECONDS = 1.0
_MERGEABLE, _SINGLE = 1, -1


class EditCommand(QUndoCommand):
    """Going from one experiment to another, and back.

    Both experiments exist before the command does, so redo and undo only say which is shown and
    cannot fail.

    Parameters
    ----------
    show
        Makes an experiment the present one.
    before, after
        The two experiments.
    label
        What the undo menu calls it.
    merge_key
        Commands with the same key that follow each other within a second become one, so that
        holding the arrow key of a number box is one entry.
    """

    def __init__(
        self,
        show: Callable[[Experiment], None],
        before: Experiment,
        after: Experiment,
        label: str,
        merge_key: str | None = None,
    ) -> None:
        super().__init__(label)
        self._show = show
        self._before = before
        self._after = after
        self._merge_key = merge_key
        self._made_at = time.monotonic()

    def id(self) -> int:
        """Tell Qt whether this command may be merged at all."""
        return _SINGLE if self._merge_key is None else _MERGEABLE

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over a later command of the same burst."""
        if not isinstance(other, EditCommand) or other._merge_key != self._merge_key:
            return False
        if other._made_at - self._made_at > MERGE_SECONDS:
            return False
        self._after, self._made_at = other._after, other._made_at
        self.setText(other.text())
        return True

    def redo(self) -> None:
        """Show the later experiment."""
        self._show(self._after)

    def undo(self) -> None:
        """Show the earlier experiment."""
        self._show(self._before)
