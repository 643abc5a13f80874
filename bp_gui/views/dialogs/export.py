"""The dialog that takes the shown moment out of the program, in a format of the registry."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bp_gui.session.exports.registry import EXPORTS, Export
from bp_gui.views.theme import Theme
from bp_gui.views.whole_name import with_ending

_Role = QDialogButtonBox.ButtonRole
_STEPS = 100  # of the progress bar


class ExportDialog(QDialog):
    """Lists the formats; saving and copying are asked for by signals.

    Signals
    -------
    save_requested(Export, Path), copy_requested(Export)
        What a person wants.
    cancelled()
        What is under way is no longer wanted.
    """

    save_requested = Signal(object, object)
    copy_requested = Signal(object)
    cancelled = Signal()

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._theme = name, theme
        self._is_running = False
        self.setWindowTitle("Export")
        self.formats = QListWidget()
        self.formats.setAccessibleName("Formats")
        self.formats.setSpacing(2)
        self.about = QLabel()
        self.about.setObjectName("quiet")
        self.verdict = QLabel()
        self.progress = QProgressBar()
        self.buttons = QDialogButtonBox()
        self.save = QPushButton("&Save…")
        self.copy = QPushButton("&Copy")
        self.close_button = QPushButton("Close")
        self._build()
        self.formats.currentItemChanged.connect(self._show_format)
        self.formats.itemActivated.connect(self._ask_and_save)
        self.save.clicked.connect(self._ask_and_save)
        self.copy.clicked.connect(lambda: self.copy_requested.emit(self.chosen))
        self.close_button.clicked.connect(self.reject)
        self.formats.setCurrentRow(0)
        self.resize(460, 470)

    @property
    def chosen(self) -> Export:
        """The format that is selected."""
        entry = EXPORTS[self.formats.currentItem().data(Qt.ItemDataRole.UserRole)]
        assert isinstance(entry, Export)
        return entry

    def show_running(self, running: bool) -> None:
        """Show that an export is under way, and let it be cancelled."""
        self._is_running = running
        self.progress.setRange(0, 0)  # on the way, until it is known how far
        self.progress.setVisible(running)
        self.close_button.setText("Cancel" if running else "Close")
        self.save.setEnabled(not running)
        self.formats.setEnabled(not running)
        self.copy.setEnabled(not running and self.chosen.is_text)
        if running:
            self.verdict.clear()

    def show_progress(self, share: float) -> None:
        """Show how much of an export is made, 0 to 1."""
        self.progress.setRange(0, _STEPS)
        self.progress.setValue(round(share * _STEPS))

    def show_finished(self, sentence: str) -> None:
        """Say that it is done."""
        self._say(sentence, self._theme.text)

    def show_failed(self, sentence: str) -> None:
        """Say why it is not."""
        self._say(sentence, self._theme.warning)

    def reject(self) -> None:
        """Cancel what is under way; close when nothing is."""
        if self._is_running:
            self.cancelled.emit()
            self._say("Cancelled: nothing was written.", self._theme.text)
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Cancel what is under way."""
        if self._is_running:
            self.cancelled.emit()
        super().closeEvent(event)

    def _say(self, sentence: str, colour: str) -> None:
        self.verdict.setStyleSheet(f"color: {colour};")
        self.verdict.setText(sentence)

    def _show_format(self) -> None:
        self.about.setText(self.chosen.text)
        self.copy.setEnabled(self.chosen.is_text)
        self.verdict.clear()

    def _ask_and_save(self) -> None:
        entry = self.chosen
        suggestion = f"{self._name}{entry.suffix}"
        kinds = f"{entry.label} (*{entry.suffix});;All files (*)"
        name, _ = QFileDialog.getSaveFileName(self, f"Export {entry.label}", suggestion, kinds)
        if not name:
            return
        path: Path | None = Path(name)
        if path is not None and not path.suffix:
            path = with_ending(self, path, entry.suffix)
        if path is not None:
            self.save_requested.emit(entry, path)

    def _build(self) -> None:
        for entry in EXPORTS.values():
            item = QListWidgetItem(entry.label)
            item.setData(Qt.ItemDataRole.UserRole, entry.key)
            item.setToolTip(entry.text)
            self.formats.addItem(item)
        for label in (self.about, self.verdict):
            label.setWordWrap(True)
        self.verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.verdict.setAccessibleName("What came of it")
        self.progress.setVisible(False)
        self.progress.setAccessibleName("Export under way")
        self.copy.setToolTip("Copy as text")
        self.save.setDefault(True)
        self.buttons.addButton(self.save, _Role.ActionRole)
        self.buttons.addButton(self.copy, _Role.ActionRole)
        self.buttons.addButton(self.close_button, _Role.RejectRole)
        body = QVBoxLayout(self)
        body.setSpacing(8)
        body.addWidget(self.formats, 1)
        for widget in (self.about, self.progress, self.verdict, self.buttons):
            body.addWidget(widget)
