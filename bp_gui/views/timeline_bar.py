"""The bar under the cost curve: through all moments, and from branch to branch."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QMenu,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QToolButton,
    QWidget,
)

from bp_gui.session.timeline import MAX_NAME, Branch, Timeline
from bp_gui.views.icons import icon
from bp_gui.views.integer_box import IntegerBox
from bp_gui.views.theme import LIGHT, Theme

_MOST_UPDATES = 2**31 - 1  # what a Qt slider can count
_DOT = 12


class TimelineBar(QWidget):
    """Moves through the present branch and lists the others.

    Signals
    -------
    update_chosen(int)
        A moment of the present branch is wanted.
    lowest_chosen()
        The moment with the lowest cost is wanted.
    branch_chosen(int)
        The last moment of another branch is wanted.
    rename_requested(int, str), delete_requested(int)
        A branch should be called something else, or be forgotten.
    compare_requested()
        Two moments should be laid side by side.
    """

    update_chosen = Signal(int)
    lowest_chosen = Signal()
    branch_chosen = Signal(int)
    rename_requested = Signal(int, str)
    delete_requested = Signal(int)
    compare_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Timeline")
        self._timeline: Timeline | None = None
        self._theme = LIGHT
        self._branch_button = self._make_branch_button()
        self._buttons = {
            name: self._button(name, tip)
            for name, tip in (
                ("first", "Go to the first moment of the branch"),
                ("lowest", "Go to the moment with the lowest cost"),
                ("last", "Go to the last moment of the branch"),
            )
        }
        self._slider = _MomentSlider()
        self._box = IntegerBox(0, _MOST_UPDATES)
        self._box.setAccessibleName("Go to update")
        self._box.setToolTip("Type the number of an update to see the window at that moment")
        self._box.setFixedWidth(self._box.fontMetrics().horizontalAdvance("0,000,000") + 12)
        self._last = QLabel()
        # What stands to its left must not move with every digit more.
        self._last.setMinimumWidth(self._last.fontMetrics().horizontalAdvance("of 1,000"))
        self._last.setObjectName("quiet")
        self._arrange()
        self._buttons["first"].clicked.connect(lambda: self._choose(self._slider.minimum()))
        self._buttons["last"].clicked.connect(lambda: self._choose(self._slider.maximum()))
        self._buttons["lowest"].clicked.connect(self.lowest_chosen)
        self._slider.valueChanged.connect(self._choose)
        self._box.valueChanged.connect(self._choose)

    def show_timeline(self, timeline: Timeline) -> None:
        """Show the branches and the place of the present."""
        self._timeline = timeline
        branch, present = timeline.branch, timeline.present.updates
        last = min(branch.last, _MOST_UPDATES)
        for widget in (self._slider, self._box):
            widget.blockSignals(True)
            widget.setRange(branch.first, last)
            widget.setValue(min(present, last))
            widget.blockSignals(False)
        self._slider.set_edits(tuple(moment.update for moment in branch.edits()))
        self._slider.setPageStep(max((last - branch.first) // 20, 1))
        self._slider.setEnabled(last > branch.first)
        self._last.setText(f"of {branch.last:,}")
        if self._branch_button.text() != branch.name:
            self._branch_button.setText(branch.name)
        self._show_colours()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        for name, button in self._buttons.items():
            button.setIcon(icon(name, theme.text))
        self._slider.set_theme(theme)
        self._show_colours()

    def panes(self) -> list[QWidget]:
        """Return what the keyboard goes to."""
        return [self._slider]

    def _choose(self, update: int) -> None:
        if self._timeline is not None and update != self._timeline.present.updates:
            self.update_chosen.emit(update)

    def _show_colours(self) -> None:
        if self._timeline is not None:
            colour = self._theme.branch_colour(self._timeline.branch.number)
            self._slider.set_colour(colour)
            self._branch_button.setIcon(_dot(colour))

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 2, 0)
        row.setSpacing(4)
        row.addWidget(self._branch_button)
        row.addWidget(self._buttons["first"])
        row.addWidget(self._slider, 1)
        row.addWidget(self._buttons["last"])
        row.addWidget(self._buttons["lowest"])
        row.addWidget(self._box)
        row.addWidget(self._last)

    def _button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setIconSize(QSize(14, 14))
        return button

    def _make_branch_button(self) -> QToolButton:
        button = QToolButton()
        button.setToolTip("Branches: go to another, rename, delete, compare")
        button.setAccessibleName("Branch")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMaximumWidth(170)
        menu = QMenu(button)
        menu.aboutToShow.connect(lambda: self._fill_menu(menu))
        button.setMenu(menu)
        return button

    def _fill_menu(self, menu: QMenu) -> None:
        menu.clear()
        if self._timeline is None:
            return
        present = self._timeline.branch
        for branch in self._timeline.branches:
            text = f"{branch.name}   {branch.first:,} – {branch.last:,}".replace("&", "&&")
            action = menu.addAction(_dot(self._theme.branch_colour(branch.number)), text)
            action.setCheckable(True)
            action.setChecked(branch is present)
            action.triggered.connect(
                lambda _=False, number=branch.number: self.branch_chosen.emit(number)
            )
        menu.addSeparator()
        rename = menu.addAction("&Rename this branch…")
        rename.triggered.connect(lambda: self._ask_name(present))
        others = [branch for branch in self._timeline.branches if branch is not present]
        delete = menu.addMenu("&Delete")
        delete.setEnabled(bool(others))
        for branch in others:
            action = delete.addAction(branch.name.replace("&", "&&"))
            action.triggered.connect(
                lambda _=False, number=branch.number: self.delete_requested.emit(number)
            )
        compare = menu.addAction("&Compare two moments…")
        compare.triggered.connect(self.compare_requested)

    def _ask_name(self, branch: Branch) -> None:
        name, accepted = QInputDialog.getText(
            self, "Rename the branch", f"Name (1 to {MAX_NAME} characters):", text=branch.name
        )
        if accepted:
            self.rename_requested.emit(branch.number, name)


class _MomentSlider(QSlider):
    """A slider over the updates of a branch, with a mark at every edit."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setAccessibleName("Moment")
        self.setToolTip("Drag to see the window at any update; marks are edits")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._edits: tuple[int, ...] = ()
        self._theme = LIGHT
        self._colour = LIGHT.accent

    def set_edits(self, edits: tuple[int, ...]) -> None:
        """Mark these updates."""
        if edits != self._edits:
            self._edits = edits
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        self.update()

    def set_colour(self, colour: str) -> None:
        """Draw in the branch's colour."""
        if colour != self._colour:
            self._colour = colour
            self.update()

    def sizeHint(self) -> QSize:
        """Return a slim line."""
        return QSize(120, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line, the part that lies behind, the marks and the handle."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            middle, present = self.height() / 2, self._place(self.value())
            begin, end = self._place(self.minimum()), self._place(self.maximum())
            painter.setPen(QPen(QColor(self._theme.border), 3, c=Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(begin, middle), QPointF(end, middle))
            colour = QColor(self._colour if self.isEnabled() else self._theme.border)
            painter.setPen(QPen(colour, 3, c=Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(begin, middle), QPointF(present, middle))
            painter.setPen(QPen(QColor(self._theme.muted), 1.5))
            for x in {round(self._place(update)) for update in self._edits}:
                painter.drawLine(QPointF(x, middle - 7), QPointF(x, middle - 3))
            ring = QColor(self._theme.accent) if self.hasFocus() else QColor(self._theme.surface)
            painter.setPen(QPen(ring, 2))
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(present, middle), 6, 6)
        finally:
            painter.end()

    def _place(self, update: int) -> float:
        """Return where an update stands, in step with where Qt believes the handle to be."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        handle = self.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength, option, self)
        room = self.width() - handle
        at = QStyle.sliderPositionFromValue(self.minimum(), self.maximum(), update, room)
        return handle / 2 + at


def _dot(colour: str) -> QIcon:
    pixmap = QPixmap(_DOT * 2, _DOT * 2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(QPointF(_DOT, _DOT), _DOT * 0.7, _DOT * 0.7)
    painter.end()
    return QIcon(pixmap)
