"""The cost now, what each output adds to it, and what one more update would make of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from bp_gui.engine.names import Kind, Ref, neuron_name
from bp_gui.explain.numbers import format_exact, format_number
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.panels.card import CardFrame

MOST_OUTPUTS = 6
_LARGE = 1.9
_LESS_LARGE = 1.25


class CostPanel(CardFrame):
    """Shows the cost in large digits with its parts beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Cost", parent)
        self._snapshot: Snapshot | None = None
        self._digits = 6
        self._cost = QLabel()
        self._cost.setAccessibleName("Cost now")
        self._cost.setFont(self._cost_font())
        self._next = QLabel()
        self._next.setObjectName("quiet")
        self._count = QLabel()
        self._count.setObjectName("title")
        self.add_to_head(self._count)
        self._parts = QGridLayout()
        self._parts.setHorizontalSpacing(10)
        self._parts.setVerticalSpacing(2)
        self._labels: list[tuple[QLabel, QLabel]] = []
        grid = QGridLayout()
        grid.setContentsMargins(4, 0, 0, 0)
        grid.addWidget(self._cost, 0, 0)
        grid.addWidget(self._next, 1, 0)
        grid.addLayout(self._parts, 0, 1, 2, 1, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 1)
        self.body.addLayout(grid)

    def _cost_font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * (_LARGE if self._digits <= 9 else _LESS_LARGE))
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits
        self._cost.setFont(self._cost_font())
        if self._snapshot is not None:
            self.show_snapshot(self._snapshot, None)

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show a moment."""
        self._snapshot = new
        self._cost.setText(f"C = {format_number(new.cost, self._digits)}")
        self._cost.setToolTip(f"C = {format_exact(new.cost)}")
        self._next.setText(f"{format_number(new.next_cost, self._digits)} after the next update")
        self._next.setToolTip(f"{format_exact(new.next_cost)} after the next update")
        updates = new.experiment.updates
        self._count.setText(f"after {updates:,} update{'' if updates == 1 else 's'}")
        self.setAccessibleDescription(f"{self._cost.text()} {self._count.text()}")
        self._show_parts(new)

    def _show_parts(self, snapshot: Snapshot) -> None:
        architecture = snapshot.experiment.architecture
        shown = min(architecture.n_outputs, MOST_OUTPUTS)
        self._have_labels(shown)
        for k, (name, value) in enumerate(self._labels):
            ref = Ref(Kind.OUTPUT_COST, to=k)
            output = neuron_name(architecture.n_layers, k, architecture.n_layers)
            name.setText(f"{ref}")
            value.setText(format_number(float(snapshot.cost_terms[k]), self._digits))
            tip = f"{ref} = {format_exact(float(snapshot.cost_terms[k]))}: what {output} adds"
            for label in (name, value):
                label.setToolTip(tip)

    def _have_labels(self, count: int) -> None:
        while len(self._labels) > count:
            for label in self._labels.pop():
                self._parts.removeWidget(label)
                label.deleteLater()
        while len(self._labels) < count:
            name, value = QLabel(), QLabel()
            name.setObjectName("quiet")
            row = len(self._labels)
            self._parts.addWidget(name, row % 3, 2 * (row // 3))
            self._parts.addWidget(value, row % 3, 2 * (row // 3) + 1)
            self._labels.append((name, value))
