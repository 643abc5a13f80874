"""The part of the composition root that makes pictures: still ones, and recordings."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage

from bp_gui.controller.animation import FilmPlayer
from bp_gui.controller.document import Document
from bp_gui.controller.recording import FilmScript, Plan, Recorder, Script, TrainingScript
from bp_gui.controller.store import Store
from bp_gui.views.dialogs.export_picture import ExportPictureDialog, Subject
from bp_gui.views.dialogs.record import RecordChoice, RecordDialog
from bp_gui.views.main_window import MainWindow
from bp_gui.views.stills import (
    StillFormat,
    image_of,
    paint_both,
    paint_film,
    paint_graph,
    paint_widget,
    save_still,
)


class Pictures(QObject):
    """Records the film or the training, and saves the graph and the curve.

    Parameters
    ----------
    window, store, document, film
        What is drawn, what is trained, what it is called, and the film.
    """

    def __init__(
        self,
        window: MainWindow,
        store: Store,
        document: Document,
        film: FilmPlayer,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window, self._store, self._document, self._film = window, store, document, film
        self.recorder = Recorder(self)

    def record(self) -> RecordDialog:
        """Open the dialog that records the film or the training."""
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
        dialog = ExportPictureDialog(
            with_curve=self._window.curve.plot is not None, parent=self._window
        )
        if dialog.exec() and (path := dialog.ask_where()) is not None:
            self.export(dialog.subject, path, dialog.format, dialog.scale)
        dialog.deleteLater()

    def export(self, subject: Subject, path: Path, kind: StillFormat, scale: float = 1.0) -> bool:
        """Save a still picture; say so in a dialog if it cannot be written."""
        window = self._window
        painted = paint_graph(window.network)
        if subject is not Subject.GRAPH and window.curve.plot is not None:
            plot = window.curve.plot
            painted = (
                paint_widget(plot)
                if subject is Subject.CURVE
                else paint_both(window.network, plot, window.theme)
            )
        saved = save_still(*painted, path, kind, scale, self._document.name)
        if not saved:
            window.show_error(f"{path.name} could not be written")
        return saved
