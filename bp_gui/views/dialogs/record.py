"""The dialog that records the film or the training as a moving picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QProgressBar,
    QWidget,
)

from bp_gui.session.moving_picture import PictureFormat
from bp_gui.views.integer_box import IntegerBox
from bp_gui.views.whole_name import with_ending


@dataclass(frozen=True)
class RecordChoice:
    """What a person wants recorded.

    Attributes
    ----------
    training
        The training rather than the film.
    kind
        How it is saved.
    rate
        Pictures a second.
    pictures, updates
        Of a training: how many pictures, and how many updates between two of them.
    scale
        How many times as large as on the screen.
    target
        The file or the folder.
    """

    training: bool
    kind: PictureFormat
    rate: int
    pictures: int
    updates: int
    scale: float
    target: Path


class RecordDialog(QDialog):
    """Asks what to record, then shows how far it has come.

    Signals
    -------
    start_requested(RecordChoice)
        A recording is wanted.
    cancel_requested()
        It is to be given up.
    """

    start_requested = Signal(object)
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Record")
        self._is_recording = False
        self._what, self._format = QComboBox(), QComboBox()
        self._what.addItem("The film of the next update", False)
        self._what.addItem("The training, graph and cost curve", True)
        for kind in PictureFormat:
            self._format.addItem(kind.label, kind)
        self._rate, self._pictures = IntegerBox(1, 50), IntegerBox(2, 10_000)
        self._updates = IntegerBox(1, 1_000_000)
        self._rate.setValue(10)
        self._pictures.setValue(100)
        self._updates.setValue(10)
        self._scale = QDoubleSpinBox()
        self._scale.setRange(0.5, 4.0)
        self._scale.setSingleStep(0.5)
        self._scale.setDecimals(1)
        self._scale.setValue(1.0)
        self._scale.setSuffix(" ×")
        self._progress = QProgressBar()
        self._progress.setAccessibleName("Recording")
        self._message = QLabel()
        self._message.setObjectName("quiet")
        self._message.setWordWrap(True)
        self._arrange()
        self._what.currentIndexChanged.connect(self._show_rows)
        self._show_rows()

    def choice(self, target: Path) -> RecordChoice:
        """Return what is chosen."""
        return RecordChoice(
            self._what.currentData(),
            self._format.currentData(),
            self._rate.value(),
            self._pictures.value(),
            self._updates.value(),
            self._scale.value(),
            target,
        )

    def show_progress(self, done: int, total: int) -> None:
        """Show how far the recording has come."""
        self._set_recording(True)
        self._progress.setRange(0, total)
        self._progress.setValue(done)
        self._message.setText("Drawing…" if done <= total // 2 else "Putting together…")

    def show_end(self, sentence: str) -> None:
        """Say how the recording ended."""
        self._set_recording(False)
        self._progress.setValue(0)
        self._message.setText(sentence)

    def show_finished(self, target: Path) -> None:
        """Say that the recording is there."""
        self.show_end(f"Saved as {target.name}")

    def show_cancelled(self) -> None:
        """Say that nothing was kept."""
        self.show_end("Cancelled; nothing was saved.")

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give the recording up with the dialog."""
        self._give_up()
        super().closeEvent(event)

    def reject(self) -> None:
        """Give up a recording; close if there is none."""
        if self._is_recording:
            self._give_up()
        else:
            super().reject()

    def _give_up(self) -> None:
        if self._is_recording:
            self.cancel_requested.emit()

    def _arrange(self) -> None:
        self._form = QFormLayout(self)
        self._form.addRow("R&ecord", self._what)
        self._form.addRow("&Save as", self._format)
        self._form.addRow("&Pictures a second", self._rate)
        self._form.addRow("&Number of pictures", self._pictures)
        self._form.addRow("&Updates between two pictures", self._updates)
        self._form.addRow("S&cale", self._scale)
        self._form.addRow(self._progress)
        self._form.addRow(self._message)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._start = self._buttons.addButton("&Record…", QDialogButtonBox.ButtonRole.ActionRole)
        self._start.setDefault(True)
        self._start.clicked.connect(self._ask_and_start)
        self._buttons.rejected.connect(self.reject)
        self._form.addRow(self._buttons)

    def _show_rows(self) -> None:
        for box in (self._pictures, self._updates):
            self._form.setRowVisible(box, bool(self._what.currentData()))

    def _set_recording(self, recording: bool) -> None:
        self._is_recording = recording
        self._start.setEnabled(not recording)
        close = self._buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText("Cancel" if recording else "Close")
        for box in (self._what, self._format, self._rate, self._pictures, self._updates):
            box.setEnabled(not recording)
        self._scale.setEnabled(not recording)

    def _ask_and_start(self) -> None:
        kind: PictureFormat = self._format.currentData()
        name, _ = QFileDialog.getSaveFileName(
            self, "Save the recording", f"recording{kind.suffix}", f"{kind.label} (*{kind.suffix})"
        )
        if not name:
            return
        path: Path | None = Path(name)
        if path is not None and path.suffix.lower() != kind.suffix:
            path = with_ending(self, path, kind.suffix)
        if path is not None:
            self.start_requested.emit(self.choice(path))
