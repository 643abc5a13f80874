"""Every parameter in a table: before and after the next update, or the last one.

All parameters can be edited and locked here by keyboard, whatever the size of the network.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QToolButton, QWidget

from bp_gui.engine.names import Ref
from bp_gui.explain.name_choice import NameChoice, labels
from bp_gui.session.lab import Comparison
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.parameters.model import Column, ParameterModel
from bp_gui.views.parameters.table import ParameterTable
from bp_gui.views.theme import Theme

_FILTER_WIDTH = 96


class _FilterBox(QLineEdit):
    """The field that says which rows are seen; Escape empties it."""

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("Filter")
        self.setClearButtonEnabled(True)
        self.setFixedWidth(_FILTER_WIDTH)
        self.setAccessibleName("Filter")
        self.setToolTip(
            "Show only some rows: words such as W2, bias, locked or free (Ctrl+F in the table)"
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Empty the field on Escape."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class ParameterPanel(CardFrame):
    """The table with its filter and its switch between the next and the last update."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Parameters", parent)
        self._snapshot: Snapshot | None = None
        self._names: NameChoice | None = None
        self.model = ParameterModel()
        self.model.setParent(self)
        self.table = ParameterTable(self.model)
        self.filter = _FilterBox()
        self.add_to_head(self.filter)
        self._switch = QButtonGroup(self)
        for last, text, tip in (
            (False, "Next update", "What one more update would do to every parameter"),
            (True, "Last update", "What the last update did to every parameter"),
        ):
            self._switch.addButton(self._switch_button(text, tip, checked=not last), int(last))
        self.body.addWidget(self.table)
        self._connect()

    def _connect(self) -> None:
        self.model.edit_requested.connect(self.edit_requested)
        self.table.edit_requested.connect(self.edit_requested)
        self.table.rejected.connect(self.rejected)
        self.table.row_chosen.connect(self.selected)
        self.table.row_hovered.connect(self.hovered)
        self.table.filter_wanted.connect(self.filter.setFocus)
        self.filter.textChanged.connect(self.model.show_only)
        self.filter.returnPressed.connect(self.table.setFocus)
        self._switch.idToggled.connect(self._switch_columns)

    def panes(self) -> list[QWidget]:
        """Return the table."""
        return [self.table]

    def _switch_columns(self, last: int, on: bool) -> None:
        if on:
            self.model.show_last_update(bool(last))
            self._make_room()

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show a moment; the last update can be looked at once there is one."""
        self._snapshot = new
        self.model.show_snapshot(new, old)
        self._name(new)
        if old is None or old.experiment.architecture != new.experiment.architecture:
            self.table.fit_names()
        button = self._switch.button(1)
        there = new.experiment.last_update is not None
        button.setEnabled(there)
        if not there and button.isChecked():
            self._switch.button(0).setChecked(True)

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Show what mistakes make of the next update; None for no mistakes."""
        self.model.show_comparison(comparison)
        self._make_room()

    def _make_room(self) -> None:
        """Leave Δ out where a column with mistakes stands beside the next values."""
        self.table.setColumnHidden(Column.CHANGE, self.model.shows_mistakes)

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self.table.set_theme(theme)

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self.model.set_digits(digits)
        self.table.set_digits(digits)

    def set_names(self, names: NameChoice) -> None:
        """Call the parameters as the reader likes."""
        self._names = names
        if self._snapshot is not None:
            self._name(self._snapshot)
            self.table.fit_names()

    def _name(self, snapshot: Snapshot) -> None:
        experiment = snapshot.experiment
        shown = labels(self._names, experiment.parameters, experiment.bias_policy)
        self.model.set_labels(shown)
        self.table.set_naming(shown.naming)

    def show_selected(self, ref: Ref | None) -> None:
        """Go to a parameter's row."""
        self.table.show_selected(ref)

    def show_hovered(self, ref: Ref | None) -> None:
        """Mark a parameter's row faintly."""
        self.table.show_hovered(ref)

    def _switch_button(self, text: str, tip: str, *, checked: bool) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setCheckable(True)
        button.setChecked(checked)
        self.add_to_head(button)
        return button
