"""The frame that every panel sits in, and what every panel understands."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bp_gui.engine.names import Ref
from bp_gui.explain.name_choice import NameChoice
from bp_gui.explain.targets import Target
from bp_gui.session.lab import Comparison
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.theme import Theme


class CardFrame(QFrame):
    """A titled surface with a view of the present moment.

    A panel shows what it is told and asks for what it wants; it may leave out what it has no use
    for. It is only told of a moment while it can be seen, so ``old`` is the moment that it showed
    last, not the one before.

    Signals
    -------
    edit_requested(Edit)
        A person wants a change.
    selected(ref), hovered(ref)
        A quantity was clicked, or the pointer is on it; None for none.
    rejected(sentence)
        What was typed is not acceptable.
    """

    edit_requested = Signal(object)
    selected = Signal(object)
    hovered = Signal(object)
    rejected = Signal(str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName(title)
        self._heading = QLabel(title)
        self._heading.setObjectName("title")
        self._head = QHBoxLayout()
        self._head.setContentsMargins(4, 0, 0, 0)
        self._head.addWidget(self._heading)
        self._head.addStretch(1)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(10, 8, 10, 10)
        self.body.setSpacing(6)
        self.body.addLayout(self._head)

    def add_to_head(self, widget: QWidget) -> None:
        """Put a control at the right of the title."""
        self._head.addWidget(widget)

    def hide_heading(self) -> None:
        """Leave the title out: what is shown has one of its own."""
        self._heading.hide()

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show a moment; ``old`` is the one shown last, None for another project."""

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Show numbers with mistakes beside the right ones; None for no mistakes.

        One of the moment to come may be told before that moment: see `Comparison.is_of`.
        """

    def show_selected(self, ref: Ref | None) -> None:
        """Mark a quantity."""

    def show_hovered(self, ref: Ref | None) -> None:
        """Mark a quantity faintly."""

    def show_target(self, target: Target) -> None:
        """Explain a part of a formula, as the film comes to it."""

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""

    def set_names(self, names: NameChoice) -> None:
        """Call things as the reader likes."""

    def panes(self) -> list[QWidget]:
        """Return what the keyboard goes to from pane to pane."""
        return []
