"""The live cost curve: the cost of every recorded update, up to the present one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QPalette,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bp_gui.engine.arrays import Array
from bp_gui.explain.numbers import format_number
from bp_gui.session.history import CostHistory
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.plot.curve_bins import Numbers, min_max_bins, nearest_index
from bp_gui.views.plot.curves import OtherCurve
from bp_gui.views.plot.readout import Readout
from bp_gui.views.plot.scales import axis_coordinates, cost_range

if TYPE_CHECKING:
    from bp_gui.views.theme import Theme

from bp_gui.views.plot.canvas import PAGES, STEPS, Canvas, Line, Move

DEFAULT_DIGITS: Final = 6
_FEWEST_UPDATES: Final = 10  # the horizontal axis never shows less, or it would show fractions
_SPARE: Final = 0.03  # of the axis, beyond the last update


class CostPlot(QWidget):
    """The cost over the updates, with a readout under the cursor.

    The curve follows the data until a person zooms or pans, and again from `fit` on. Nothing is
    computed while the widget is hidden.

    Parameters
    ----------
    parent : QWidget, optional
        The parent widget.

    Attributes
    ----------
    logarithmic_changed : Signal(bool)
        The cost axis became logarithmic, or linear again.
    update_chosen : Signal(int)
        A moment of the curve was clicked.
    """

    logarithmic_changed = Signal(bool)
    update_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = CostHistory()
        self._updates = 0
        self._cost = math.nan
        self._test_cost = math.nan
        self._others: Sequence[OtherCurve] = ()
        self._colour = ""
        self._quiet_colour = ""
        self._digits = DEFAULT_DIGITS
        self._following = True
        self._is_stale = True
        self._pointer: QPointF | None = None  # where the mouse is, in the canvas
        self._held: int | None = None  # the update that the keyboard has chosen
        self._canvas = Canvas(self)
        self._title = QLabel(self.tr("Cost <i>C</i>"), self)
        self._readout = Readout(self)
        self._fit_button = _button(self, self.tr("Fit"), self.tr("Show the whole curve"))
        self._log_button = _button(self, self.tr("Log"), self.tr("Logarithmic cost axis"))
        self._log_button.setCheckable(True)
        self._build()
        self._connect()

    # State ------------------------------------------------------------------------------------

    def show_snapshot(self, new: Snapshot, old: Snapshot | None = None) -> None:
        """Show the curve that leads to a snapshot.

        Parameters
        ----------
        new : Snapshot
            The present.
        old : Snapshot, optional
            What was shown before; the plot compares with what it has drawn itself.
        """
        experiment = new.experiment
        if (
            experiment.history is self._history
            and experiment.updates == self._updates
            and (new.cost == self._cost or (math.isnan(new.cost) and math.isnan(self._cost)))
        ):
            return
        self._history, self._updates, self._cost = experiment.history, experiment.updates, new.cost
        self._test_cost = new.test_cost
        self._refresh()

    def show_branches(self, colour: str, others: Sequence[OtherCurve]) -> None:
        """Draw the curves of other branches too, and the present one in its own colour."""
        self._others = others
        if colour != self._colour:
            self._colour = colour
            self._recolour_canvas()
        self._refresh()

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Make the cost axis logarithmic or linear."""
        self._log_button.setChecked(logarithmic)

    def is_logarithmic(self) -> bool:
        """Return whether the cost axis is logarithmic."""
        return self._log_button.isChecked()

    def set_digits(self, digits: int) -> None:
        """Set how many significant digits the readout shows, 3 to 17."""
        self._digits = digits
        self._refresh()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._quiet_colour = theme.muted
        self._recolour(theme.text, theme.muted, theme.grid, theme.accent, theme.surface)

    def fit(self) -> None:
        """Show the whole curve, and follow it from now on."""
        if self._fit_button.hasFocus():
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self._following = True
        self._fit_button.hide()
        self._refresh()

    def readout(self) -> str:
        """Return the text of the readout."""
        return self._readout.text()

    # Qt ---------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what was missed while hidden."""
        super().showEvent(event)
        self._canvas.update_pens()
        if self._is_stale:
            self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Take over a new font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._canvas.set_fonts(self.font())

    # Building ---------------------------------------------------------------------------------

    def _build(self) -> None:
        policy = self._fit_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._fit_button.setSizePolicy(policy)
        self._fit_button.hide()
        self._title.setBuddy(self._canvas)
        header = QHBoxLayout()
        header.setContentsMargins(8, 0, 2, 0)
        header.setSpacing(4)
        header.addWidget(self._title)
        header.addSpacing(12)
        header.addWidget(self._readout, 1)
        header.addWidget(self._fit_button)
        header.addWidget(self._log_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(header)
        layout.addWidget(self._canvas, 1)
        self.setFocusProxy(self._canvas)
        self._canvas.setAccessibleName(self.tr("Cost curve"))
        self._canvas.set_updates_label(self.tr("Updates <i>n</i>"))
        self._canvas.set_fonts(self.font())
        colours, role = self.palette(), QPalette.ColorRole
        roles = (role.WindowText, role.PlaceholderText, role.Mid, role.Highlight, role.Window)
        self._recolour(*(colours.color(each).name() for each in roles))

    def _connect(self) -> None:
        self._fit_button.clicked.connect(self.fit)
        self._log_button.toggled.connect(self._on_log_toggled)
        self._canvas.fit_asked.connect(self.fit)
        self._canvas.moved_by_hand.connect(self._on_moved_by_hand)
        self._canvas.area_changed.connect(self._refresh)
        self._canvas.pointed.connect(self._on_pointed)
        self._canvas.key_pressed.connect(self._on_key_pressed)
        self._canvas.update_clicked.connect(self.update_chosen)

    def _recolour(self, text: str, muted: str, grid: str, accent: str, surface: str) -> None:
        for label, colour in ((self._title, muted), (self._readout, text)):
            colours = label.palette()
            colours.setColor(QPalette.ColorRole.WindowText, QColor(colour))
            label.setPalette(colours)
        self._canvas_colours = (muted, grid, accent, surface)
        self._recolour_canvas()

    def _recolour_canvas(self) -> None:
        muted, grid, accent, surface = self._canvas_colours
        self._canvas.set_colours(muted, grid, self._colour or accent, surface)

    # Drawing ----------------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Draw now if it can be seen, otherwise when it is shown."""
        if self.isVisible():
            self._draw()
        else:
            self._is_stale = True

    def _draw(self) -> None:
        self._is_stale = False
        canvas = self._canvas
        if self._following:
            last = max([self._updates, *(int(other.updates[-1]) for other in self._others)])
            low, high = 0.0, max(last, _FEWEST_UPDATES) * (1 + _SPARE)
            x, y = self._polyline(low, high)
            known = [y, *(line.y for line in self._companions(low, high))]
            canvas.set_area((low, high), cost_range(np.concatenate(known), self.is_logarithmic()))
        else:
            x, y = self._polyline(*canvas.updates_shown())
        canvas.draw_curve(x, y)
        canvas.draw_companions(self._companions(*canvas.updates_shown()))
        self._show_readout()

    def _companions(self, low: float, high: float) -> list[Line]:
        """Return the other branches' curves, and the cost of the test samples."""
        bins, logarithmic = self._canvas.bins(), self.is_logarithmic()
        lines = []
        for other in self._others:
            x, y = min_max_bins(other.updates, other.costs, low, high, bins)
            lines.append(Line(other.colour, False, x, axis_coordinates(y, logarithmic)))
        tests = self._history.test_costs
        if math.isfinite(self._test_cost):
            x, y = min_max_bins(self._history.updates, tests, low, high, bins)
            x, y = np.append(x, self._updates), np.append(y, self._test_cost)
            lines.append(Line(self._quiet_colour, True, x, axis_coordinates(y, logarithmic)))
        return lines

    def _polyline(self, low: float, high: float) -> tuple[Numbers, Array]:
        """Return what to draw between two update counts, in the coordinates of the axes."""
        updates = self._history.updates
        x, y = min_max_bins(updates, self._history.costs, low, high, self._canvas.bins())
        if not len(updates) or high >= updates[-1]:
            x, y = np.append(x, self._updates), np.append(y, self._cost)
        return x, axis_coordinates(y, self.is_logarithmic())

    # Intents ----------------------------------------------------------------------------------

    def _on_log_toggled(self, logarithmic: bool) -> None:
        self._canvas.set_logarithmic(logarithmic)
        if not self._following:
            _, y = self._polyline(*self._canvas.updates_shown())
            self._canvas.set_area(
                self._canvas.updates_shown(), cost_range(y, self.is_logarithmic())
            )
        self._refresh()
        self.logarithmic_changed.emit(logarithmic)

    def _on_moved_by_hand(self) -> None:
        self._following = False
        self._fit_button.show()

    def _on_pointed(self, place: QPointF | None) -> None:
        self._pointer = place
        if place is not None:
            self._held = None
        self._show_readout()

    def _on_key_pressed(self, move: Move) -> None:
        chosen, last = self._chosen(), len(self._history)
        index = last if chosen is None else chosen
        self._pointer = None
        if move is Move.LET_GO:
            self._held = None
        else:
            if move in PAGES:
                index += round(PAGES[move] * self._points_shown()) or _sign(PAGES[move])
            index = {Move.FIRST: 0, Move.LAST: last}.get(move, index + STEPS.get(move, 0))
            self._held = self._point(min(max(index, 0), last))[0]
            self._canvas.make_visible(self._held)
        self._show_readout()

    # Readout ----------------------------------------------------------------------------------

    def _chosen(self) -> int | None:
        """Return the index of the point under the cursor; the present is the last one."""
        if self._pointer is not None:
            update = self._canvas.update_at(self._pointer)
        elif self._held is not None:
            update = float(self._held)
        else:
            return None
        last = len(self._history)
        if not last or update >= self._updates:
            return last
        index = nearest_index(self._history.updates, update)
        is_present = self._updates - update < abs(update - float(self._history.updates[index]))
        return last if is_present else index

    def _point(self, index: int) -> tuple[int, float]:
        """Return update count and cost of a point."""
        if index >= len(self._history):
            return self._updates, self._cost
        return int(self._history.updates[index]), float(self._history.costs[index])

    def _points_shown(self) -> int:
        low, high = self._canvas.updates_shown()
        updates = self._history.updates
        return int(np.count_nonzero((updates >= low) & (updates <= high)))

    def _show_readout(self) -> None:
        chosen = self._chosen()
        update, cost = self._point(len(self._history) if chosen is None else chosen)
        self._readout.setText(
            self.tr("update {update}   C = {cost}").format(
                update=update, cost=format_number(cost, self._digits)
            )
        )
        self._canvas.place_marker(self._place(self._updates, self._cost))
        self._canvas.place_cursor(
            None if chosen is None else float(update), self._place(update, cost)
        )
        self._canvas.setAccessibleDescription(self._in_words(update, cost, chosen is None))

    def _place(self, update: int, cost: float) -> QPointF | None:
        """Return where a point lies in the coordinates of the axes, None if nowhere."""
        y = float(axis_coordinates(np.array([cost]), self.is_logarithmic())[0])
        return QPointF(update, y) if math.isfinite(y) else None

    def _in_words(self, update: int, cost: float, is_present: bool) -> str:
        number = format_number(cost, self._digits)
        if not is_present:
            return self.tr("At update {update} the cost is {cost}.").format(
                update=update, cost=number
            )
        words = self.tr("After {update} updates the cost is {cost}.").format(
            update=update, cost=number
        )
        if len(self._history):
            first, start = self._point(0)
            words += " " + self.tr("At update {update} it was {cost}.").format(
                update=first, cost=format_number(start, self._digits)
            )
        return words


def _button(parent: QWidget, text: str, purpose: str) -> QToolButton:
    """Return a small flat button."""
    button = QToolButton(parent)
    button.setText(text)
    button.setToolTip(purpose)
    button.setAccessibleName(purpose)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def _sign(number: float) -> int:
    return 1 if number > 0 else -1
