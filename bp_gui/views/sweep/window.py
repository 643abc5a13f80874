"""The window for sweeps: composes its parts, and turns buttons into intents."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from bp_gui.controller.sweep import Ending, Finished, Progress
from bp_gui.session.sweep.spec import Specification, Sweep, SweepError
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.panels.setup.section import button, wrapped
from bp_gui.views.sweep.curves import RunCurves
from bp_gui.views.sweep.form import SweepForm
from bp_gui.views.sweep.map_view import MapView
from bp_gui.views.sweep.model import ResultModel
from bp_gui.views.sweep.table import ResultTable
from bp_gui.views.sweep.words import ending_in_words, progress_in_words
from bp_gui.views.theme import Theme
from bp_gui.views.whole_name import with_ending

TITLE = "Sweep"
_SIZE = (1240, 800)
_FORM_WIDTH = 372
_REFRESH_MS, _RAREST_MS = 150, 2000  # between two looks of curves and map while runs come
_SPARING = 8  # times as long as drawing takes
_SPECIFICATIONS = "Sweeps (*.json)"
_TABLES = "Tables (*.csv)"
_EMPTY = (
    "A sweep trains the network many times, with other settings each time, and shows "
    "which of them learn best. Press Run to try the settings on the left."
)


class SweepWindow(QWidget):
    """A window of its own; the main window stays in use beside it.

    Signals
    -------
    run_requested(Specification)
        A sweep is wanted.
    cancel_requested()
        It is to be broken off.
    open_requested(run)
        A run is to be shown in the main window.
    load_requested(Path), save_requested(Specification, Path), export_requested(Path)
        A specification is to be read or written, the results are to be written.
    base_chosen(bool)
        See `SweepForm`.
    closed()
        Nobody looks at it any more.
    """

    run_requested = Signal(object)
    cancel_requested = Signal()
    open_requested = Signal(int)
    load_requested = Signal(object)
    save_requested = Signal(object, object)
    export_requested = Signal(object)
    base_chosen = Signal(bool)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(TITLE)
        self._selected: int | None = None
        self._is_running = False
        self.form = SweepForm()
        self.model = ResultModel()
        self.model.setParent(self)
        self.table = ResultTable(self.model)
        self.curves, self.map = RunCurves(), MapView()
        self.run = QPushButton("&Run")
        self.cancel = QPushButton("&Cancel")
        self.load = button("&Load…", "Load a specification", "Read what to vary from a file")
        self.save = button("&Save…", "Save the specification", "Write a file that the command runs")
        self.open = button("&Open run", "Open the selected run", "Show the selected run (Return)")
        self.export = button("&Export…", "Export the results", "Write the results as CSV")
        self.progress = QProgressBar()
        self.message = wrapped("quiet")
        self._pages = QStackedWidget()
        self._clock = QTimer(self, interval=_REFRESH_MS, singleShot=True)
        self._clock.timeout.connect(self._show_finished)
        self._build()
        self._connect()
        self._show_state()
        self.resize(*_SIZE)

    # What it is told

    def begin(self, sweep: Sweep) -> None:
        """Show a sweep that has begun."""
        self._is_running = True
        self._selected = None
        self.model.begin(sweep)
        self.table.fit_columns()
        self.curves.begin(sweep)
        self.map.begin(sweep)
        self._pages.setCurrentIndex(1)
        self.say("")
        self._show_state()

    def add(self, finished: Sequence[Finished]) -> None:
        """Show runs that have ended."""
        is_first = not self.model.finished
        self.model.add(finished)
        if is_first:
            self.table.fit_columns()
        if not self._clock.isActive():
            self._clock.start()

    def show_progress(self, progress: Progress) -> None:
        """Show how far the sweep has come."""
        self.progress.setRange(0, max(progress.total, 1))
        self.progress.setValue(progress.done)
        self.progress.setFormat(progress_in_words(progress))

    def end(self, ending: Ending) -> None:
        """Show that the sweep is over."""
        self._is_running = False
        self._clock.stop()
        self._show_finished()
        self.table.fit_columns()
        if self._selected is None and self.curves.drawn:
            self.select(self.curves.drawn[0])
        self.say(ending_in_words(ending), wrong=bool(ending.error))
        self._show_state()

    def select(self, run: int) -> None:
        """Select a run everywhere."""
        self._selected = run
        self.table.show_selected(run)
        self.curves.show_selected(run)
        self.map.show_selected(run)
        self._show_state()

    def show_opening(self, run: int | None) -> None:
        """Say that a run is being trained to be shown."""
        self.setCursor(Qt.CursorShape.ArrowCursor if run is None else Qt.CursorShape.BusyCursor)
        if run is not None:
            self.say(f"Training run {run + 1:,} again, to show it…")

    def show_opened(self, run: int) -> None:
        """Say that a run is shown."""
        self.say(f"Run {run + 1:,} is open, on a branch of its own. Undo takes it back.")

    def say(self, sentence: str, *, wrong: bool = False) -> None:
        """Say something below the buttons."""
        self.message.setObjectName("warning" if wrong else "quiet")
        self.message.style().polish(self.message)
        self.message.setText(sentence)

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        for view in (self.model, self.curves, self.map):
            view.set_theme(theme)
        self.run.setStyleSheet(
            f"QPushButton:enabled {{ background: {theme.accent}; color: {theme.on_accent}; "
            "border: 0; border-radius: 5px; padding: 6px 14px; font-weight: 600; }"
        )

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        for view in (self.form, self.model, self.curves, self.map):
            view.set_digits(digits)
        self.table.fit_columns()

    def restore(self, geometry: QByteArray | None) -> None:
        """Stand where the window stood before, if it did."""
        if geometry is not None:
            self.restoreGeometry(geometry)

    # Building

    def _build(self) -> None:
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setChildrenCollapsible(False)
        halves.setHandleWidth(8)
        halves.addWidget(self._left())
        halves.addWidget(self._right())
        halves.setStretchFactor(0, 0)
        halves.setStretchFactor(1, 1)
        halves.setSizes([_FORM_WIDTH, _SIZE[0] - _FORM_WIDTH])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(halves)

    def _left(self) -> CardFrame:
        card = _card("What to run", self.form)
        self.progress.setAccessibleName("Progress of the sweep")
        self.progress.setTextVisible(True)
        self.run.setToolTip("Run the sweep (Ctrl+Return)")
        self.cancel.setToolTip("Stop now and keep the runs that have ended (Escape)")
        files = QHBoxLayout()
        files.addWidget(self.load)
        files.addWidget(self.save)
        files.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.run, 1)
        buttons.addWidget(self.cancel)
        card.body.addLayout(files)
        card.body.addLayout(buttons)
        card.body.addWidget(self.progress)
        card.body.addWidget(self.message)
        return card

    def _right(self) -> QStackedWidget:
        empty = QLabel(_EMPTY)
        empty.setObjectName("quiet")
        empty.setWordWrap(True)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setContentsMargins(60, 0, 60, 0)
        runs = _card("Runs", self.table, self.open, self.export)
        curves = _card("Curves", self.curves, *self.curves.controls)
        costs = _card("Map", self.map)
        below = QSplitter(Qt.Orientation.Horizontal)
        for part in (curves, costs):
            below.addWidget(part)
        below.setSizes([520, 420])
        whole = QSplitter(Qt.Orientation.Vertical)
        for widget in (runs, below):
            whole.addWidget(widget)
        whole.setSizes([320, 400])
        for splitter in (below, whole):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(8)
        self._pages.addWidget(_card("Runs", empty))
        self._pages.addWidget(whole)
        return self._pages

    def _connect(self) -> None:
        self.form.changed.connect(self._show_state)
        self.form.base_chosen.connect(self.base_chosen)
        self.run.clicked.connect(self._ask_to_run)
        self.cancel.clicked.connect(self.cancel_requested)
        self.open.clicked.connect(self._ask_to_open)
        self.table.open_requested.connect(self.open_requested)
        for view in (self.table, self.curves, self.map):
            view.run_chosen.connect(self.select)
        self.load.clicked.connect(self._ask_what_to_load)
        self.save.clicked.connect(self._ask_where_to_save)
        self.export.clicked.connect(self._ask_where_to_export)
        for keys, slot in (
            ("Ctrl+Return", self.run.click),
            ("Ctrl+Enter", self.run.click),
            ("Esc", self.cancel.click),
            (QKeySequence.StandardKey.Close, self.close),
        ):
            QShortcut(QKeySequence(keys), self, slot)

    # What it asks for

    def _ask_to_run(self) -> None:
        spec = self._specification()
        if spec is not None:
            self.run_requested.emit(spec)

    def _ask_to_open(self) -> None:
        if self._selected is not None:
            self.open_requested.emit(self._selected)

    def _ask_what_to_load(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Load a sweep", "", _SPECIFICATIONS)
        if name:
            self.load_requested.emit(Path(name))

    def _ask_where_to_save(self) -> None:
        spec = self._specification()
        if spec is None:
            return
        name, _ = QFileDialog.getSaveFileName(self, "Save the sweep", "sweep.json", _SPECIFICATIONS)
        path = _whole(self, name, ".json")
        if path is not None:
            self.save_requested.emit(spec, path)

    def _ask_where_to_export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Export the results", "sweep.csv", _TABLES)
        path = _whole(self, name, ".csv")
        if path is not None:
            self.export_requested.emit(path)

    def _specification(self) -> Specification | None:
        """Return what is wanted; say what is wrong with it if something is."""
        try:
            return self.form.specification()
        except SweepError as error:
            self.say(f"{error}.", wrong=True)
            return None

    # State

    def _show_finished(self) -> None:
        """Draw what has come; of many runs more rarely, so that drawing does not hold them up."""
        began = time.perf_counter()
        self.curves.show_finished(self.model.finished)
        self.map.show_finished(self.model.finished)
        spent = 1000 * (time.perf_counter() - began)
        self._clock.setInterval(round(min(max(_REFRESH_MS, _SPARING * spent), _RAREST_MS)))
        self._show_state()

    def _show_state(self) -> None:
        running, there = self._is_running, bool(self.model.finished)
        self.run.setEnabled(not running and self.form.n_runs > 0)
        self.cancel.setEnabled(running)
        self.progress.setVisible(running)
        self.form.set_running(running)
        self.load.setEnabled(not running)
        self.open.setEnabled(self._selected is not None)
        self.export.setEnabled(there and not running)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Break off what nobody looks at; what came stays until the next sweep."""
        super().closeEvent(event)
        self.closed.emit()


def _card(title: str, content: QWidget, *controls: QWidget) -> CardFrame:
    """Return a card that holds something, with controls at the right of its title."""
    card = CardFrame(title)
    for control in controls:
        card.add_to_head(control)
    card.body.addWidget(content, 1)
    return card


def _whole(parent: QWidget, name: str, suffix: str) -> Path | None:
    """Return the file that a person named, if they did and it may be written."""
    path = Path(name)
    if not name or path.suffix.lower() == suffix:
        return path if name else None
    return with_ending(parent, path, suffix)
