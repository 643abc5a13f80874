"""The cost now, what each output adds to it, and what one more update would make of it."""

from __future__ import annotations

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from bp_gui.engine.names import Kind, Ref
from bp_gui.explain.name_choice import NameChoice
from bp_gui.explain.numbers import format_exact, format_number, told_apart
from bp_gui.session.lab import Comparison
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.number_width import widest_number
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.rich_text import with_subscripts

MOST_OUTPUTS = 4
_LARGE = 1.9
_LESS_LARGE = 1.25
_LEAST_WIDTH_IN_DIGITS = 25
_INDENT = 4
_NOW, _AFTER = "C = ", " after the next update"


class CostPanel(CardFrame):
    """Shows the cost in large digits with its parts beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Cost", parent)
        self._snapshot: Snapshot | None = None
        self._digits = 6
        self._names = NameChoice()
        self._comparison: Comparison | None = None
        self._cost = QLabel()
        self._cost.setAccessibleName("Cost now")
        self._cost.setFont(self._cost_font())
        self._next = QLabel()
        self._next.setObjectName("quiet")
        self._mistaken = QLabel()
        self._mistaken.setObjectName("warning")
        self._mistaken.hide()
        self._count = QLabel()
        self._count.setObjectName("title")
        self.add_to_head(self._count)
        self._parts = QGridLayout()
        self._parts.setHorizontalSpacing(10)
        self._parts.setVerticalSpacing(2)
        self._labels: list[tuple[QLabel, QLabel]] = []
        self._parts.setContentsMargins(_INDENT, 6, 0, 0)
        self._parts.setColumnStretch(1, 1)
        for label in (self._cost, self._next, self._mistaken):
            label.setContentsMargins(_INDENT, 0, 0, 0)
            self.body.addWidget(label)
        self.body.addLayout(self._parts)
        self.body.addStretch(1)
        self._fit()

    def _fit(self) -> None:
        """Take the room that the widest numbers need: the curve beside must not move."""
        inner = max(
            widest_number(self._cost.font(), self._digits, _NOW),
            widest_number(self._next.font(), self._digits, behind=_AFTER),
            self.fontMetrics().horizontalAdvance("0") * _LEAST_WIDTH_IN_DIGITS,
        )
        margins = self.body.contentsMargins()
        self.setFixedWidth(inner + margins.left() + margins.right() + 2 * _INDENT)

    def _cost_font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * (_LARGE if self._digits <= 9 else _LESS_LARGE))
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def set_names(self, names: NameChoice) -> None:
        """Call the outputs as the reader likes."""
        self._names = names
        if self._snapshot is not None:
            self._show_parts(self._snapshot)

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits
        self._cost.setFont(self._cost_font())
        self._fit()
        if self._snapshot is not None:
            self.show_snapshot(self._snapshot, None)
            self.show_comparison(self._comparison)

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show a moment."""
        self._snapshot = new
        self._cost.setText(f"{_NOW}{format_number(new.cost, self._digits)}")
        self._cost.setToolTip(f"C = {format_exact(new.cost)}")
        self._next.setText(f"{format_number(new.next_cost, self._digits)}{_AFTER}")
        self._next.setToolTip(f"{format_exact(new.next_cost)} after the next update")
        updates = new.experiment.updates
        self._count.setText(f"after {updates:,} update{'' if updates == 1 else 's'}")
        self.setAccessibleDescription(f"{self._cost.text()} {self._count.text()}")
        self._show_parts(new)

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Show the next cost with mistakes below the right one; None for no mistakes."""
        self._comparison = comparison
        self._mistaken.setVisible(comparison is not None and comparison.next_cost.differs)
        if comparison is not None:
            right, mistaken = told_apart(
                comparison.next_cost.right, comparison.next_cost.mistaken, self._digits
            )
            self._mistaken.setText(f"{mistaken} {comparison.phrase}")
            self._mistaken.setToolTip(f"The cost after the next update; right is {right}")

    def _show_parts(self, snapshot: Snapshot) -> None:
        experiment = snapshot.experiment
        architecture = experiment.architecture
        naming = self._names.naming(experiment.parameters, experiment.bias_policy)
        rows = []
        for k in range(min(architecture.n_outputs, MOST_OUTPUTS)):
            output = naming.neuron_text(architecture.n_layers, k)
            what = f"what {output} adds to the cost of sample {snapshot.sample + 1}"
            term = naming.text(Ref(Kind.OUTPUT_COST, to=k))
            rows.append((term, float(snapshot.cost_terms[k]), what))
        if snapshot.penalty:
            rows.append(("penalty", snapshot.penalty, "what the size of the weights adds"))
        if len(snapshot.experiment.t_test):
            tests = f"mean cost over {len(snapshot.experiment.t_test):,} test samples, no penalty"
            rows.append(("test", snapshot.test_cost, tests))
        self._have_labels(len(rows))
        for (name, value), (symbol, number, what) in zip(self._labels, rows, strict=True):
            name.setText(with_subscripts(symbol))
            value.setText(format_number(number, self._digits))
            for label in (name, value):
                label.setToolTip(f"{symbol} = {format_exact(number)}: {what}")

    def _have_labels(self, count: int) -> None:
        while len(self._labels) > count:
            for label in self._labels.pop():
                self._parts.removeWidget(label)
                label.deleteLater()
        while len(self._labels) < count:
            name, value = QLabel(), QLabel()
            name.setObjectName("quiet")
            row = len(self._labels)
            self._parts.addWidget(name, row, 0)
            self._parts.addWidget(value, row, 1)
            self._labels.append((name, value))
