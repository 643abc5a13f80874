"""The panel of the cost curve; the plot itself is loaded after the window is on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from bp_gui.session.snapshot import Snapshot
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.plot.curves import OtherCurve
from bp_gui.views.theme import Theme

if TYPE_CHECKING:
    from bp_gui.views.plot.cost_plot import CostPlot

_LEAST_HEIGHT = 150


class CurvePanel(CardFrame):
    """Holds the place of the plot until it is loaded, and passes on what it must show.

    pyqtgraph takes half a second to import, so the window comes first.

    Signals
    -------
    logarithmic_changed(bool)
        The cost axis became logarithmic, or linear again.
    update_chosen(int)
        A moment of the curve was clicked.
    """

    logarithmic_changed = Signal(bool)
    update_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Cost curve", parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self._plot: CostPlot | None = None
        self._snapshot: Snapshot | None = None
        self._theme: Theme | None = None
        self._digits = 6
        self._logarithmic = False
        self._branches: tuple[str, Sequence[OtherCurve]] = ("", ())

    @property
    def plot(self) -> CostPlot | None:
        """The plot, once it is loaded."""
        return self._plot

    @property
    def is_logarithmic(self) -> bool:
        """Whether the cost axis is logarithmic."""
        return self._logarithmic if self._plot is None else self._plot.is_logarithmic()

    def panes(self) -> list[QWidget]:
        """Return what the keyboard can go to."""
        return [] if self._plot is None else [self._plot]

    def load_plot(self) -> None:
        """Import pyqtgraph and show the curve."""
        if self._plot is not None:
            return
        from bp_gui.views.plot.cost_plot import CostPlot

        self._plot = CostPlot()
        self.hide_heading()
        self.body.insertWidget(1, self._plot, 1)
        self._plot.set_digits(self._digits)
        self._plot.set_logarithmic(self._logarithmic)
        self._plot.logarithmic_changed.connect(self.logarithmic_changed)
        self._plot.update_chosen.connect(self.update_chosen)
        self._plot.show_branches(*self._branches)
        if self._theme is not None:
            self._plot.set_theme(self._theme)
        if self._snapshot is not None:
            self._plot.show_snapshot(self._snapshot, None)

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show a moment."""
        self._snapshot = new
        if self._plot is not None:
            self._plot.show_snapshot(new, old)

    def show_branches(self, colour: str, others: Sequence[OtherCurve]) -> None:
        """Draw the curves of other branches too, and the present one in its own colour."""
        self._branches = colour, others
        if self._plot is not None:
            self._plot.show_branches(colour, others)

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Make the cost axis logarithmic, or linear."""
        self._logarithmic = logarithmic
        if self._plot is not None:
            self._plot.set_logarithmic(logarithmic)

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        if self._plot is not None:
            self._plot.set_theme(theme)

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits
        if self._plot is not None:
            self._plot.set_digits(digits)
