"""Records the film or the training: draws picture after picture, then has them put together.

Drawing belongs to the window's thread, one picture between two turns of its loop; putting together
is done by a thread of its own. Both can be cancelled, and nothing half-written is left.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QImageWriter

from bp_gui.controller.animation import SECONDS, FilmPlayer
from bp_gui.controller.store import Store
from bp_gui.session.moving_picture import CancelledError, PictureFormat, write
from bp_gui.session.training import advance


@dataclass(frozen=True)
class Plan:
    """What a recording is to become.

    Attributes
    ----------
    target
        The file, or the folder for single pictures.
    kind
        How it is saved.
    rate
        Pictures a second.
    """

    target: Path
    kind: PictureFormat
    rate: int


class Script(Protocol):
    """What is shown, picture by picture."""

    @property
    def count(self) -> int:
        """How many pictures."""

    def show(self, number: int) -> None:
        """Show what the picture of this number, counted from 0, is taken of."""

    def end(self) -> None:
        """Do what is due when no more pictures are taken."""


class FilmScript:
    """The whole film, as its player would play it.

    Parameters
    ----------
    player
        The film; it is opened if it is not open.
    rate
        Pictures a second.
    """

    def __init__(self, player: FilmPlayer, rate: int) -> None:
        self._player = player
        self._was_open, self._place = player.is_open, (player.index, player.progress)
        player.pause()
        if not player.is_open:
            player.open()
        seconds = SECONDS[player.granularity] / player.speed
        self._per_frame = max(round(seconds * rate), 1)

    @property
    def count(self) -> int:
        """How many pictures."""
        return len(self._player.frames) * self._per_frame

    def show(self, number: int) -> None:
        """Move the film to a picture; the last one of a frame shows its result."""
        index, part = divmod(number, self._per_frame)
        self._player.go_to(index, (part + 1) / self._per_frame)

    def end(self) -> None:
        """Leave the film as it was found."""
        self._player.go_to(*self._place)
        if not self._was_open:
            self._player.close()


class TrainingScript:
    """Training, with a picture every few updates; it is real, and one entry of undo.

    Parameters
    ----------
    store
        What is trained.
    pictures
        How many pictures, the first of the present moment.
    updates
        How many updates lie between two of them.
    """

    def __init__(self, store: Store, pictures: int, updates: int) -> None:
        self._store, self._pictures, self._updates = store, pictures, updates
        self._before = store.experiment

    @property
    def count(self) -> int:
        """How many pictures."""
        return self._pictures

    def show(self, number: int) -> None:
        """Train on to a picture; where training diverges it stays."""
        if number > 0:
            self._store.show(advance(self._store.experiment, self._updates).experiment)

    def end(self) -> None:
        """Record what has been trained."""
        made = self._store.experiment.updates - self._before.updates
        self._store.record(self._before, f"Train {made:,} updates")


class _Assembler(QObject):
    """Lives in a thread and puts pictures together."""

    progressed = Signal(int)
    ended = Signal(str, bool)

    def __init__(self, pictures: list[Path], plan: Plan) -> None:
        super().__init__()
        self._pictures, self._plan = pictures, plan
        self.stop = threading.Event()

    @Slot()
    def work(self) -> None:
        """Write the file; tell what went wrong, and whether the file is there."""
        plan, problem, written = self._plan, "", False
        try:
            write(self._pictures, plan.target, plan.kind, round(1000 / plan.rate), self._report)
            written = True
        except CancelledError:
            pass
        except OSError as error:
            problem = f"{plan.target.name} could not be written: {error.strerror or error}"
        self.ended.emit(problem, written)

    def _report(self, done: int) -> bool:
        self.progressed.emit(done)
        return not self.stop.is_set()


class Recorder(QObject):
    """Makes one recording at a time.

    Signals
    -------
    progressed(done, total)
        Pictures drawn and put together, of twice as many as there are pictures.
    finished(Path)
        The recording is where it was wanted.
    failed(sentence)
        It could not be written; nothing is left of it.
    cancelled()
        It was given up; nothing is left of it.
    """

    progressed = Signal(int, int)
    finished = Signal(object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plan: Plan | None = None
        self._script: Script | None = None
        self._take: Callable[[], QImage] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._pictures: list[Path] = []
        self._assembler: _Assembler | None = None
        self._thread: QThread | None = None
        self._clock = QTimer(self, interval=0)
        self._clock.timeout.connect(self._draw)

    @property
    def is_recording(self) -> bool:
        """Whether a recording is under way."""
        return self._plan is not None

    def start(self, plan: Plan, script: Script, take: Callable[[], QImage]) -> None:
        """Begin a recording.

        Parameters
        ----------
        plan
            What it is to become.
        script
            What is shown.
        take
            Takes a picture of what is shown.
        """
        self._plan, self._script, self._take = plan, script, take
        self._pictures = []
        self._folder = tempfile.TemporaryDirectory(prefix="backprop-recording-")
        self._clock.start()

    def cancel(self) -> None:
        """Give the recording up."""
        if self._assembler is not None:
            self._assembler.stop.set()
        elif self._plan is not None:
            self._end_script()
            self._clean_up()
            self.cancelled.emit()

    def shut_down(self) -> None:
        """Give up, and wait for the thread."""
        self.cancel()
        if self._thread is not None:
            self._thread.quit()
            self._thread.wait()
            self._clean_up()

    @Slot()
    def _draw(self) -> None:
        """Draw one picture."""
        assert self._script is not None
        assert self._take is not None
        assert self._folder is not None
        number, count = len(self._pictures), self._script.count
        if number >= count:
            self._end_script()
            self._assemble()
            return
        self._script.show(number)
        path = Path(self._folder.name) / f"{number:06d}.png"
        writer = QImageWriter(str(path), b"png")
        writer.setQuality(_FASTEST)
        if not writer.write(self._take()):
            self._end_script()
            self._clean_up()
            self.failed.emit("a picture could not be written: is the disk full?")
            return
        self._pictures.append(path)
        self.progressed.emit(number + 1, 2 * count)

    def _end_script(self) -> None:
        self._clock.stop()
        script, self._script = self._script, None
        if script is not None:
            script.end()

    def _assemble(self) -> None:
        assert self._plan is not None
        self._thread = QThread(self)
        self._assembler = _Assembler(self._pictures, self._plan)
        self._assembler.moveToThread(self._thread)
        self._thread.started.connect(self._assembler.work)
        queued = Qt.ConnectionType.QueuedConnection
        self._assembler.progressed.connect(self._report, queued)
        self._assembler.ended.connect(self._finish, queued)
        self._thread.start()

    @Slot(int)
    def _report(self, done: int) -> None:
        count = len(self._pictures)
        if count:
            self.progressed.emit(count + done, 2 * count)

    @Slot(str, bool)
    def _finish(self, problem: str, written: bool) -> None:
        plan = self._plan
        if plan is None:
            return
        self._clean_up()
        if problem:
            self.failed.emit(problem)
        elif written:
            self.finished.emit(plan.target)
        else:
            self.cancelled.emit()

    def _clean_up(self) -> None:
        if self._thread is not None:
            self._thread.quit()
            self._thread.wait()
            self._thread.deleteLater()
        if self._folder is not None:
            self._folder.cleanup()
        self._plan = self._take = self._folder = self._thread = self._assembler = None
        self._pictures = []


_FASTEST = 90  # of a PNG's "quality", which is how little it is compressed: the file is temporary
