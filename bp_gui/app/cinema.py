"""The part of the composition root that plays the film of an update."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from bp_gui.controller.animation import FilmPlayer
from bp_gui.controller.selection import Selection
from bp_gui.controller.training import TrainingController
from bp_gui.engine.names import COST
from bp_gui.session.frames import Frame
from bp_gui.views.main_window import MainWindow


class Cinema(QObject):
    """Connects the film to its bar, to the graph and to the selection.

    Parameters
    ----------
    window, selection
        Where the film is shown, and what it selects.
    training
        Makes the update that a looping film is about.
    """

    def __init__(
        self,
        window: MainWindow,
        selection: Selection,
        training: TrainingController,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window, self._selection, self._training = window, selection, training
        self._frame_shown: Frame | None = None
        self.film = FilmPlayer(self)
        self._connect()

    def slots(self) -> dict[str, Callable[[], None]]:
        """Return what each action does."""
        return {
            "film": self.toggle,
            "film_play": lambda: self._in_film(self.film.toggle),
            "film_back": lambda: self._in_film(self.film.step_back),
            "film_on": lambda: self._in_film(self.film.step_forward),
        }

    def _connect(self) -> None:
        film, bar = self.film, self._window.film_bar
        film.moved.connect(self._show_frame)
        film.told.connect(self._show_film)
        film.state_changed.connect(self._show_film)
        film.update_wanted.connect(self._training.step)
        self._training.running_changed.connect(film.suspend)
        bar.play_toggled.connect(film.toggle)
        bar.step_back_requested.connect(film.step_back)
        bar.step_forward_requested.connect(film.step_forward)
        bar.frame_chosen.connect(self._scrub)
        bar.speed_chosen.connect(film.set_speed)
        bar.granularity_chosen.connect(film.set_granularity)
        bar.phases_chosen.connect(film.set_phases)
        bar.loop_toggled.connect(film.set_looping)
        bar.close_requested.connect(self.toggle)

    def _show_frame(self) -> None:
        """Show the film's moment; what it is about is selected, unless updates rush by."""
        film = self.film
        frame = film.frame
        self._window.show_frame(frame, film.progress, film.index, len(film.frames))
        if frame is None or frame is self._frame_shown:
            return
        self._frame_shown = frame
        if not (film.is_looping and film.is_playing):
            self._selection.select(frame.focus)
            self._selection.hover(frame.weight)
            self._window.show_target(frame.target)

    def _show_film(self) -> None:
        film, bar = self.film, self._window.film_bar
        bar.setVisible(film.is_open)
        bar.show_state(
            playing=film.is_playing,
            looping=film.is_looping,
            speed=film.speed,
            granularity=film.granularity,
            possible=film.possible_granularities,
            phases=film.phases,
        )

    def toggle(self) -> None:
        """Open the film, or close it."""
        if self.film.is_open:
            self.film.close()
            self._selection.hover(None)
            self._window.show_target(self._selection.ref or COST)
        else:
            self._training.pause()
            self.film.open()

    def _in_film(self, move: Callable[[], None]) -> None:
        """Move through the film; opened first if nobody sees it."""
        if not self.film.is_open:
            self.toggle()
        move()

    def _scrub(self, index: int) -> None:
        self.film.pause()
        self.film.go_to(index)
