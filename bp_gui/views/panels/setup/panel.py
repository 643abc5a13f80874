"""The page's one panel: its sections below each other, in a scroll area."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from bp_gui.engine.names import Ref
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.panels.setup.batches import BatchesSection
from bp_gui.views.panels.setup.cost import CostSection
from bp_gui.views.panels.setup.initializer import InitializerSection
from bp_gui.views.panels.setup.layers import LayersSection
from bp_gui.views.panels.setup.optimizer import LimitsSection, OptimizerSection
from bp_gui.views.panels.setup.section import Section


class SetupPanel(CardFrame):
    """Layers, cost, optimizer, limits, batches and starting weights."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Network", parent)
        self.layers = LayersSection()
        self.cost = CostSection()
        self.optimizer = OptimizerSection()
        self.limits = LimitsSection()
        self.batches = BatchesSection()
        self.initializer = InitializerSection()
        page = QWidget()
        page.setObjectName("page")
        column = QVBoxLayout(page)
        column.setContentsMargins(4, 2, 10, 6)
        column.setSpacing(12)
        for position, section in enumerate(self._sections()):
            if position:
                column.addWidget(_line())
            column.addWidget(section)
            section.edit_requested.connect(self.edit_requested)
            section.rejected.connect(self.rejected)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setObjectName("page")
        self.area.setWidget(page)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(self.area)

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show the settings of a moment."""
        for section in self._sections():
            section.show_experiment(new.experiment)

    def show_selected(self, ref: Ref | None) -> None:
        """Offer to remove the neuron that a quantity belongs to."""
        self.layers.show_selected(ref)

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        for section in self._sections():
            section.set_digits(digits)

    def panes(self) -> list[QWidget]:
        """Return the first field."""
        return [self.layers.rows[0].size] if self.layers.rows else []

    def _sections(self) -> tuple[Section, ...]:
        return (
            self.layers,
            self.cost,
            self.optimizer,
            self.limits,
            self.batches,
            self.initializer,
        )


def _line() -> QFrame:
    line = QFrame()
    line.setObjectName("line")
    line.setFixedHeight(1)
    return line
