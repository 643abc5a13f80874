"""The part of the composition root that wires what goes in and out: exports, imports, sharing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from bp_gui.controller.document import Document
from bp_gui.controller.exporting import Exporter
from bp_gui.controller.selection import Selection
from bp_gui.controller.store import Store
from bp_gui.session.exports.problem import ExportError
from bp_gui.views.main_window import MainWindow
from bp_gui.views.theme import Theme


class Interchange(QObject):
    """Takes the present moment out of the window, and brings others in.

    What it takes for that is imported when it is first asked for: a window that opens needs none
    of it.

    Parameters
    ----------
    store, selection, document, window
        Where the moment is, what is selected in it, what it is called, and where it is shown.
    theme
        Tells the present colours.
    """

    def __init__(
        self,
        store: Store,
        selection: Selection,
        document: Document,
        window: MainWindow,
        theme: Callable[[], Theme],
    ) -> None:
        super().__init__(window)
        self._store, self._selection, self._document = store, selection, document
        self._window, self._theme = window, theme
        self.exporter = Exporter(self)
        self.exporter.finished.connect(window.note)

    def slots(self) -> dict[str, Callable[[], None]]:
        """Return what each action does."""
        return {
            "export": self.export,
            "import_weights": self.import_weights,
            "share_copy": self.copy_share_text,
            "share_paste": self.paste_share_text,
            "copy_value": self.copy_value,
            "copy_costs": self.copy_costs,
        }

    def export(self) -> None:
        """Ask for a format, and write the present moment in it."""
        self._store.settling.emit()
        from bp_gui.views.dialogs.export import ExportDialog

        snapshot, exporter = self._store.snapshot, self.exporter
        dialog = ExportDialog(self._document.name, self._theme(), self._window)
        dialog.save_requested.connect(lambda entry, path: exporter.save(entry, snapshot, path))
        dialog.copy_requested.connect(lambda entry: exporter.copy(entry, snapshot))
        dialog.cancelled.connect(exporter.cancel)
        exporter.running_changed.connect(dialog.show_running)
        exporter.progressed.connect(dialog.show_progress)
        exporter.finished.connect(dialog.show_finished)
        exporter.failed.connect(dialog.show_failed)
        try:
            dialog.exec()
        finally:
            exporter.cancel()
            dialog.deleteLater()

    def import_weights(self) -> None:
        """Ask for a file, and take its weights."""
        from bp_gui.views.dialogs.weights_import import import_weights

        edit = import_weights(self._store.experiment, self._theme(), self._window)
        if edit is not None:
            self._store.submit(edit)

    def copy_share_text(self) -> None:
        """Put the whole state onto the clipboard."""
        from bp_gui.session.share import to_share_text

        self._store.settling.emit()
        try:
            text = to_share_text(self._store.experiment)
        except ExportError as error:
            self._window.note(str(error))
            return
        QGuiApplication.clipboard().setText(text)
        self._window.note(
            f"Copied {len(text):,} characters that hold the present state; "
            "timeline, notes and layout stay in the project file."
        )

    def paste_share_text(self) -> None:
        """Ask about the text on the clipboard, and use what it holds."""
        from bp_gui.views.dialogs.paste import paste_shared

        edit = paste_shared(QGuiApplication.clipboard().text(), self._theme(), self._window)
        if edit is not None and self._store.submit(edit):
            self._document.call_newcomer(edit.title)

    def copy_value(self) -> None:
        """Put the selected number onto the clipboard with all its digits."""
        ref = self._selection.ref
        if ref is None:
            self._window.note("Select a number first: its value is copied with all digits.")
            return
        text = repr(self._store.snapshot.value(ref))
        QGuiApplication.clipboard().setText(text)
        self._window.note(f"Copied {ref} = {text}")

    def copy_costs(self) -> None:
        """Put the cost history onto the clipboard, as a table."""
        from bp_gui.session.exports.registry import EXPORTS

        self._store.settling.emit()
        self.exporter.copy(EXPORTS["history-tsv"], self._store.snapshot)

    def shut_down(self) -> None:
        """End all work in the background."""
        self.exporter.shut_down()
