"""The window: composes the views, and turns menus, buttons and drops into intents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from bp_gui.controller.settings import Motion, ThemeChoice
from bp_gui.engine.names import Ref
from bp_gui.explain.name_choice import NameChoice
from bp_gui.explain.targets import Target
from bp_gui.session.frames import Frame
from bp_gui.session.lab import Comparison
from bp_gui.session.snapshot import Snapshot
from bp_gui.session.timeline import Timeline
from bp_gui.views.actions import Actions
from bp_gui.views.conventions import ConventionLine
from bp_gui.views.cost_row import CostRow
from bp_gui.views.film_bar import FilmBar
from bp_gui.views.integer_box import IntegerBox
from bp_gui.views.menus import Menus
from bp_gui.views.message_bar import MessageBar
from bp_gui.views.mistake_notice import MistakeNotice
from bp_gui.views.network.view import NetworkView
from bp_gui.views.number_box import NumberBox
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.panels.cost import CostPanel
from bp_gui.views.panels.curve import CurvePanel
from bp_gui.views.plot.curves import branch_curve
from bp_gui.views.questions import TITLE, AskingWindow
from bp_gui.views.space_key import is_for_focus
from bp_gui.views.theme import LIGHT, Theme
from bp_gui.views.timeline_bar import TimelineBar
from bp_gui.views.tool_bar import ToolBar
from bp_gui.views.workspaces import Workspaces

_ACROSS = (62, 38)  # the graph with the curve below it, and the pages
_DOWN = (68, 32)  # the graph, and the curve
_NOTE_MS = 8000


class MainWindow(AskingWindow):
    """The only top-level window.

    Signals
    -------
    edit_requested(Edit), selected(ref), hovered(ref)
        From any view.
    rejected(sentence)
        What was typed somewhere is not a number.
    open_requested(Path)
        A file was dropped or chosen among the recent ones.
    theme_chosen(ThemeChoice), motion_chosen(Motion), digits_chosen(int), rate_chosen(int)
        Display settings.
    closing()
        The window is about to close; whoever objects sets ``may_close`` to False.
    shown()
        The window has been painted for the first time.
    """

    edit_requested = Signal(object)
    selected = Signal(object)
    hovered = Signal(object)
    rejected = Signal(str)
    open_requested = Signal(object)
    theme_chosen = Signal(object)
    motion_chosen = Signal(object)
    digits_chosen = Signal(int)
    rate_chosen = Signal(int)
    closing = Signal()
    shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.may_close = True
        self._was_shown = False
        self._theme: Theme | None = None
        self._is_running = False
        self.setAcceptDrops(True)
        self.actions_ = Actions.made_for(self)
        self.tool_bar = ToolBar(self.actions_)
        self.addToolBar(self.tool_bar)
        self.message_bar, self.mistake_notice = MessageBar(), MistakeNotice()
        self.network = NetworkView()
        self.network.setAcceptDrops(False)
        self.cost, self.curve = CostPanel(), CurvePanel()
        self.timeline_bar = TimelineBar()
        self.curve.body.addWidget(self.timeline_bar)
        self.film_bar = FilmBar()
        self.workspaces = Workspaces()
        self._conventions = ConventionLine()
        # Not a permanent widget: a sentence for the person takes the whole line while it stands.
        self.statusBar().addWidget(self._conventions, 1)
        self.statusBar().setSizeGripEnabled(False)
        self.setCentralWidget(self._central())
        self._menus = self._made_menus()
        self._leave_copying_to_tables()
        self._make_menus_of_views()
        self._connect_views()
        for key in ("lock", "mistakes_off"):
            self.actions_[key].setEnabled(False)
        self.network.setFocus()

    # What the program tells the window

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show a moment in every view."""
        for view in (
            self.network,
            self.tool_bar,
            self.cost,
            self.curve,
            self.workspaces,
            self._conventions,
        ):
            view.show_snapshot(new, old)
        self.actions_["reset"].setEnabled(new.experiment.updates > 0)

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Show numbers with mistakes beside the right ones; None for no mistakes."""
        self.actions_["mistakes_off"].setEnabled(comparison is not None)
        for view in (self.mistake_notice, self.network, self.cost, self.workspaces):
            view.show_comparison(comparison)

    def show_selected(self, ref: Ref | None) -> None:
        """Mark a quantity in every view."""
        self.actions_["lock"].setEnabled(ref is not None and ref.is_parameter)
        self.network.show_selected(ref)
        self.workspaces.show_selected(ref)

    def show_hovered(self, ref: Ref | None) -> None:
        """Mark a quantity faintly in every view."""
        self.network.show_hovered(ref)
        self.workspaces.show_hovered(ref)

    def show_branches(self, timeline: Timeline, theme: Theme | None = None) -> None:
        """Draw the cost curves of all branches, each in its own colour of a theme."""
        theme = theme or self.theme
        others = [
            branch_curve(branch, theme.branch_colour(branch.number))
            for branch in timeline.branches
            if branch.last > branch.first and not (branch is timeline.branch and timeline.is_at_tip)
        ]
        self.curve.show_branches(theme.branch_colour(timeline.branch.number), others)

    @property
    def theme(self) -> Theme:
        """The colours in use."""
        return self._theme or LIGHT

    def set_theme(self, theme: Theme, choice: ThemeChoice) -> None:
        """Use other colours."""
        self._theme = theme
        self.actions_.recolour(theme, running=self._is_running)
        self.network.set_theme(theme)
        for view in (
            self.curve,
            self.timeline_bar,
            self.film_bar,
            self.tool_bar,
            self.workspaces,
            self._conventions,
        ):
            view.set_theme(theme)
        self._menus.show_theme(choice)

    def hide_values(self, refs: frozenset[Ref]) -> None:
        """Keep some quantities from view while somebody is asked for them."""
        self.network.hide_values(refs)

    def set_names(self, names: NameChoice) -> None:
        """Call things everywhere as the reader likes."""
        for view in (self.network, self.cost, self.workspaces):
            view.set_names(names)

    def show_motion(self, choice: Motion) -> None:
        """Show whether things may move."""
        self._menus.show_motion(choice)

    def show_frame(self, frame: Frame | None, progress: float, index: int, count: int) -> None:
        """Show a moment of the film when so much of it is over, 0 to 1; None ends the film."""
        self.network.show_frame(frame, progress)
        self.film_bar.show_frame(frame, index, count)

    def show_target(self, target: Target) -> None:
        """Explain what the film is at, where explanations can be seen."""
        self.workspaces.show_target(target)

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits everywhere."""
        with QSignalBlocker(self.tool_bar.digits):  # to be told is not to choose
            self.tool_bar.digits.setValue(digits)
        self.tool_bar.eta.set_digits(digits)
        for view in (self.network, self.cost, self.curve, self.workspaces):
            view.set_digits(digits)

    def set_running(self, running: bool) -> None:
        """Show whether a run is under way."""
        self._is_running = running
        run = self.actions_["run"]
        run.setText("&Pause" if running else "&Run")
        self.tool_bar.set_running(running)
        if self._theme is not None:
            self.actions_.recolour(self._theme, running=running)

    def set_undo_texts(self, undo: str, redo: str) -> None:
        """Name what undo and redo would do; empty where there is nothing."""
        for key, verb, text in (("undo", "Undo", undo), ("redo", "Redo", redo)):
            action = self.actions_[key]
            action.setEnabled(bool(text))
            action.setText(f"&{verb} {text}".strip().replace("&&", "&"))
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{verb}: {text} ({keys})" if text else f"Nothing to {verb.lower()}")

    def set_title(self, name: str, *, modified: bool) -> None:
        """Name the project and show whether it is saved."""
        self.setWindowTitle(f"{name}[*] – {TITLE}")
        self.setWindowModified(modified)

    def set_recent_files(self, paths: Sequence[Path]) -> None:
        """List the files opened last."""
        self._menus.set_recent_files(paths)

    def note(self, sentence: str) -> None:
        """Say something in the status line for a while."""
        self.statusBar().showMessage(sentence, _NOTE_MS)

    def commit_pending(self) -> bool:
        """Take over what is half typed in the focused box; return whether it was acceptable."""
        box = QApplication.focusWidget()
        if isinstance(box, IntegerBox):
            box.interpretText()
        return not isinstance(box, NumberBox) or box.commit()

    # Building

    def _central(self) -> QWidget:
        self._below = CostRow(self.cost, self.curve)
        graph = QWidget()
        column = QVBoxLayout(graph)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.network, 1)
        column.addWidget(self.film_bar)
        left = _split(Qt.Orientation.Vertical, (graph, self._below), _DOWN)
        self._split = _split(Qt.Orientation.Horizontal, (left, self.workspaces), _ACROSS)
        central = QWidget()
        layout = QVBoxLayout(central)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.message_bar)
        layout.addWidget(self.mistake_notice)
        layout.addWidget(self._split, 1)
        return central

    def _made_menus(self) -> Menus:
        switches = (
            (self.cost.accessibleName(), self._below.want_cost),
            (self.curve.accessibleName(), self._below.want_curve),
        )
        menus = Menus(self.menuBar(), self.actions_, switches)
        menus.theme_chosen.connect(self.theme_chosen)
        menus.motion_chosen.connect(self.motion_chosen)
        menus.file_chosen.connect(self.open_requested)
        menus.page_chosen.connect(self.workspaces.choose)
        return menus

    def _leave_copying_to_tables(self) -> None:
        """Let Ctrl+C mean the selected number on the graph only: tables have their own."""
        copy = self.actions_["copy_value"]
        copy.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.removeAction(copy)
        self.network.addAction(copy)

    def _make_menus_of_views(self) -> None:
        """Offer what can be done with the graph and the curve where they are."""
        self.network.addActions([self.actions_[key] for key in ("copy_picture", "picture")])
        self.curve.addActions([self.actions_[key] for key in ("copy_costs", "picture")])
        self.curve.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _connect_views(self) -> None:
        for source in (self.network, self.tool_bar):
            source.edit_requested.connect(self.edit_requested)
            source.rejected.connect(self.rejected)
        self.network.selected.connect(self.selected)
        self.network.hovered.connect(self.hovered)
        self.workspaces.panel_made.connect(self._connect_panel)
        self.tool_bar.digits_chosen.connect(self.digits_chosen)
        self.tool_bar.rate_chosen.connect(self.rate_chosen)
        connect = {
            "quit": self.close,
            "zoom_in": lambda: self.network.zoom(1),
            "zoom_out": lambda: self.network.zoom(-1),
            "zoom_all": lambda: self.network.zoom(0),
            "next_pane": self._go_to_next_pane,
            "full_screen": self._toggle_full_screen,
            "shortcuts": lambda: self.show_shortcuts(self.actions_),
            "about": self.show_about,
        }
        for key, slot in connect.items():
            self.actions_[key].triggered.connect(slot)

    def _connect_panel(self, key: str, panel: CardFrame) -> None:
        panel.edit_requested.connect(self.edit_requested)
        panel.rejected.connect(self.rejected)
        panel.selected.connect(self.selected)
        panel.hovered.connect(self.hovered)

    def _go_to_next_pane(self) -> None:
        panes = [
            self.network,
            *self.film_bar.panes(),
            *self.curve.panes(),
            *self.timeline_bar.panes(),
            *self.workspaces.panes(),
            *self.mistake_notice.panes(),
        ]
        # One that cannot have the focus, such as a timeline of one moment, would end the round.
        panes = [pane for pane in panes if pane.isVisible() and pane.isEnabled()]
        focus = QApplication.focusWidget()
        inside = [pane is focus or (focus and pane.isAncestorOf(focus)) for pane in panes]
        following = (inside.index(True) + 1) % len(panes) if True in inside else 0
        panes[following].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    # Events

    def event(self, event: QEvent) -> bool:
        """Leave Space to a button or a tick that has the focus."""
        if is_for_focus(event):
            event.accept()
            return True
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Say once that the window is there."""
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            QTimer.singleShot(0, self.shown.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close unless somebody objects."""
        self.may_close = True
        self.closing.emit()
        event.setAccepted(self.may_close)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls() and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the dropped file."""
        event.acceptProposedAction()
        self.open_requested.emit(Path(event.mimeData().urls()[0].toLocalFile()))


def _split(
    orientation: Qt.Orientation, widgets: tuple[QWidget, ...], shares: tuple[int, ...]
) -> QSplitter:
    """Return a splitter that gives each widget its share of the room, now and when resized.

    The first always stays; the others can be pushed out of the window.
    """
    splitter = QSplitter(orientation)
    splitter.setHandleWidth(8)
    for position, (widget, share) in enumerate(zip(widgets, shares, strict=True)):
        splitter.addWidget(widget)
        splitter.setCollapsible(position, position > 0)
        splitter.setStretchFactor(position, share)
    splitter.setSizes([share * 20 for share in shares])
    return splitter
