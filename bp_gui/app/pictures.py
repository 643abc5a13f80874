"""The part of the composition root that makes pictures: still ones, and recordings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage

from bp_gui.controller.animation import FilmPlayer
from bp_gui.controller.document import Document
from bp_gui.controller.recording import FilmScript, Plan, Recorder, Script, TrainingScript
from bp_gui.controller.store import Store
from bp_gui.controller.timeline import TimelineController
from bp_gui.session.exports.stills import Ground, Still, StillFormat, Subject
from bp_gui.session.timeline import Timeline
from bp_gui.views.main_window import MainWindow
from bp_gui.views.stills import (
    GROUNDS,
    Paint,
    image_of,
    paint_both,
    paint_curve,
    paint_film,
    paint_graph,
    save_still,
)
from bp_gui.views.theme import Theme

if TYPE_CHECKING:
    from bp_gui.views.dialogs.record import RecordChoice, RecordDialog

_COPIED_SCALE = 2.0


class Pictures(QObject):
    """Records the film or the training, and saves the graph and the curve.

    Parameters
    ----------
    window, store, timeline, document, film
        What is drawn, what is trained, its past, what it is called, and the film.
    """

    def __init__(
        self,
        window: MainWindow,
        store: Store,
        timeline: TimelineController,
        document: Document,
        film: FilmPlayer,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window, self._store, self._document, self._film = window, store, document, film
        self._timeline = timeline
        self.recorder = Recorder(self)

    def record(self) -> RecordDialog:
        """Open the dialog that records the film or the training."""
        from bp_gui.views.dialogs.record import RecordDialog

        dialog = RecordDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setModal(True)
        dialog.start_requested.connect(self._start_recording)
        dialog.cancel_requested.connect(self.recorder.cancel)
        self.recorder.progressed.connect(dialog.show_progress)
        self.recorder.failed.connect(dialog.show_end)
        self.recorder.cancelled.connect(dialog.show_cancelled)
        self.recorder.finished.connect(dialog.show_finished)
        dialog.open()
        return dialog

    def _start_recording(self, choice: RecordChoice) -> None:
        window, theme = self._window, self._window.theme
        script: Script
        if choice.training:
            self._film.close()
            script = TrainingScript(self._store, choice.pictures, choice.updates)
        else:
            script = FilmScript(self._film, choice.rate)

        def take() -> QImage:
            if choice.training and window.curve.plot is not None:
                painted = paint_both(window.network, window.curve.plot, theme)
            else:
                painted = paint_film(window.network, self._film.frame, theme, window.font())
            return image_of(*painted, choice.scale)

        self.recorder.start(Plan(choice.target, choice.kind, choice.rate), script, take)

    def ask_and_export(self) -> None:
        """Ask which picture is wanted, and where."""
        from bp_gui.views.dialogs.export_picture import ExportPictureDialog

        dialog = ExportPictureDialog(
            with_curve=self._window.curve.plot is not None, parent=self._window
        )
        dialog.copy_requested.connect(self.copy)
        if dialog.exec() and (path := dialog.ask_where()) is not None:
            self.export(dialog.wish, path)
        dialog.deleteLater()

    def export(self, wish: Still, path: Path) -> bool:
        """Save a still picture; say why in a dialog if it cannot be written."""
        with self._drawn_in(GROUNDS[wish.ground]) as theme:
            painted = self._painted(wish.subject, theme)
            reason = save_still(*painted, path, wish.format, wish.scale, self._document.name)
        if reason:
            self._window.show_error(f"{path.name} could not be written: {reason}")
        return not reason

    def copy(self, wish: Still) -> None:
        """Put a still picture onto the clipboard, in pixels."""
        with self._drawn_in(GROUNDS[wish.ground]) as theme:
            image = image_of(*self._painted(wish.subject, theme), wish.scale)
        QGuiApplication.clipboard().setImage(image)
        self._window.note(f"Copied a picture of {image.width()} × {image.height()} pixels.")

    def copy_graph(self) -> None:
        """Put the graph onto the clipboard as it looks, at twice its size."""
        ground = Ground.DARK if self._window.theme.dark else Ground.LIGHT
        self.copy(Still(StillFormat.PNG, Subject.GRAPH, ground, _COPIED_SCALE))

    def _painted(self, subject: Subject, theme: Theme) -> tuple[Paint, QSize]:
        """Return what paints a subject, the graph while there is no curve yet, and its size."""
        network, plot = self._window.network, self._window.curve.plot
        if subject is Subject.GRAPH or plot is None:
            return paint_graph(network)
        return (
            paint_curve(plot, theme)
            if subject is Subject.CURVE
            else paint_both(network, plot, theme)
        )

    @contextmanager
    def _drawn_in(self, theme: Theme) -> Iterator[Theme]:
        """Give the graph and the curve other colours until a picture of them is made."""
        window, timeline = self._window, self._timeline.timeline
        try:
            self._recolour(theme, timeline)
            yield theme
        finally:
            self._recolour(window.theme, timeline)

    def _recolour(self, theme: Theme, timeline: Timeline) -> None:
        for view in (self._window.network, self._window.curve):
            view.set_theme(theme)
        self._window.show_branches(timeline, theme)
