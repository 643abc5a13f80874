"""The part of the composition root that runs sweeps and opens their runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Qt

from bp_gui.controller.document import SUFFIX, why_not_written
from bp_gui.controller.settings import DEFAULT_DIGITS, Settings
from bp_gui.controller.store import Store
from bp_gui.controller.timeline import TimelineController
from bp_gui.session import examples
from bp_gui.session.project_file import ProjectFileError, dumps
from bp_gui.views.main_window import MainWindow
from bp_gui.views.theme import LIGHT, Theme

if TYPE_CHECKING:
    from bp_gui.controller.sweep import SweepController
    from bp_gui.session.sweep.spec import Specification, Sweep
    from bp_gui.views.sweep.window import SweepWindow


class Sweeps(QObject):
    """Makes the window for sweeps when it is first asked for, and does what it asks for.

    Parameters
    ----------
    store, timeline
        Where runs start from, and where they are shown.
    settings, window
        What is remembered, and beside which window.
    """

    def __init__(
        self,
        store: Store,
        timeline: TimelineController,
        settings: Settings,
        window: MainWindow,
    ) -> None:
        super().__init__(window)
        self._store, self._settings, self._timeline = store, settings, timeline
        self._main = window
        self._theme, self._digits = LIGHT, DEFAULT_DIGITS
        self._base: str | None = None
        self._from_base = False
        self.window: SweepWindow | None = None

    @cached_property
    def controller(self) -> SweepController:
        """What runs sweeps; imported when it is first asked for, as the window is."""
        from bp_gui.controller.sweep import SweepController

        return SweepController(self._store, self._timeline, self)

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return what each action does."""
        return {"sweep": self.show}

    def show(self) -> SweepWindow:
        """Show the window."""
        window = self.window
        if window is None:
            window = self.window = self._made()
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.activateWindow()
        return window

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        if self.window is not None:
            self.window.set_theme(theme)

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits
        if self.window is not None:
            self.window.set_digits(digits)

    def shut_down(self) -> None:
        """End all work in the background, and close the window."""
        if "controller" in vars(self):
            self.controller.shut_down()
        if self.window is not None:
            self.window.close()

    def _made(self) -> SweepWindow:
        from bp_gui.views.sweep.window import SweepWindow

        window, controller = SweepWindow(self._main), self.controller
        controller.begun.connect(window.begin)
        controller.came.connect(window.add)
        controller.progressed.connect(window.show_progress)
        controller.ended.connect(window.end)
        controller.opening_changed.connect(window.show_opening)
        controller.opened.connect(window.show_opened)
        controller.refused.connect(lambda sentence: window.say(sentence, wrong=True))
        window.run_requested.connect(self.run)
        window.cancel_requested.connect(controller.cancel)
        window.open_requested.connect(controller.open_run)
        window.load_requested.connect(self.load)
        window.save_requested.connect(self.save)
        window.export_requested.connect(self.export)
        window.base_chosen.connect(self._choose_base)
        window.closed.connect(self._close)
        window.restore(self._settings.sweep_geometry)
        window.set_theme(self._theme)
        window.set_digits(self._digits)
        return window

    def _choose_base(self, from_file: bool) -> None:
        self._from_base = from_file

    def _close(self) -> None:
        assert self.window is not None
        self._settings.sweep_geometry = self.window.saveGeometry()
        self.controller.cancel()
        self.controller.drop_opening()

    # What the window asks for

    def run(self, spec: Specification) -> None:
        """Begin a sweep."""
        self.controller.run(self._sweep(spec))

    def _sweep(self, spec: Specification) -> Sweep:
        from bp_gui.session.sweep.spec import request_of

        return request_of(spec).starting_from(self._base_text())

    def _base_text(self) -> str:
        """Return the project that runs start from, as the text of its file."""
        if self._from_base and self._base is not None:
            return self._base
        self._store.settling.emit()
        return dumps(self._store.experiment)

    def load(self, path: Path) -> None:
        """Show what a specification asks for; say so where it cannot be read."""
        from bp_gui.session.sweep.spec import SweepError, decode, request_of

        assert self.window is not None
        try:
            spec = decode(path.read_bytes())
            request_of(spec)
            base = spec.base
            named = base if base.startswith(examples.PREFIX) else str(path.parent / base)
            self._base = dumps(examples.load_named(named))
        except (SweepError, ProjectFileError) as error:
            self.window.say(f"{path.name}: {error}.", wrong=True)
            return
        except OSError as error:
            self.window.say(f"{path.name}: {error.strerror}.", wrong=True)
            return
        self.window.form.show_specification(spec)
        self.window.form.show_base(base)
        self.window.say(f"Loaded {path.name}.")

    def save(self, spec: Specification, path: Path) -> None:
        """Write a specification, and beside it the project that it starts from."""
        from bp_gui.session.sweep.spec import encode

        assert self.window is not None
        base = path.with_name(path.name.removesuffix(".json") + SUFFIX)
        whole = msgspec.structs.replace(spec, base=base.name)
        for place, data in ((base, self._base_text().encode()), (path, encode(whole))):
            reason = why_not_written(place, data)
            if reason:
                self.window.say(f"{place.name} could not be written: {reason}.", wrong=True)
                return
        self.window.say(
            f"Written: {path.name} and {base.name}. Run it without a window by: "
            f"python -m bp_gui sweep {path.name} -o out.csv"
        )

    def export(self, path: Path) -> None:
        """Write the results as the command does, in the order of the runs."""
        from bp_gui.session.sweep.table import table

        assert self.window is not None
        sweep = self.controller.sweep
        assert sweep is not None
        finished = self.window.model.finished
        results = sorted((each.result for each in finished), key=lambda each: each.run)
        reason = why_not_written(path, table(sweep, results).encode())
        if reason:
            self.window.say(f"{path.name} could not be written: {reason}.", wrong=True)
        else:
            self.window.say(f"Written: {path.name}, {len(results):,} runs.")
