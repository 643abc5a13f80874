"""The player of the film: a clock that moves a cursor through frames made beforehand."""

from __future__ import annotations

import time
from collections.abc import Collection

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bp_gui.explain.name_choice import NameChoice
from bp_gui.session.frames import Frame, Granularity, Phase
from bp_gui.session.snapshot import Snapshot
from bp_gui.session.story import granularities, tell

CLOCK_MS = 16
SLOWEST, FASTEST = 0.1, 10.0
SECONDS = {Granularity.STEP: 1.2, Granularity.NEURON: 1.6, Granularity.LAYER: 2.0}
LOOP_SECONDS = 0.5  # of a whole update, when training is what is watched
LONGEST_TICK = 0.25  # a window that was busy for longer does not skip the film ahead


class FilmPlayer(QObject):
    """Plays, pauses, steps, scrubs and loops through the film of the present moment.

    It holds frames and a place among them, and computes no number of the network.

    Signals
    -------
    moved()
        Another frame, or another place in it, is to be shown.
    told()
        The frames are others: another moment, granularity or choice of phases.
    state_changed()
        Playing, looping, speed or being open has changed.
    update_wanted()
        The update phase of a looping film is over: make the update.
    """

    moved = Signal()
    told = Signal()
    state_changed = Signal()
    update_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._snapshot: Snapshot | None = None
        self._story: tuple[Frame, ...] = ()
        self._frames: tuple[Frame, ...] = ()
        self._granularity = self._unlooped = Granularity.STEP
        self._phases = frozenset(Phase)
        self._digits, self._names = 6, NameChoice()
        self._moves = True
        self._index, self._progress = 0, 1.0
        self._speed = 1.0
        self._is_open = self._is_playing = self._is_single = self._is_looping = False
        self._is_suspended = False
        self._ticked_at = 0.0
        self._clock = QTimer(self, interval=CLOCK_MS)
        self._clock.timeout.connect(self._tick)

    # What there is

    @property
    def frames(self) -> tuple[Frame, ...]:
        """The frames of the chosen phases."""
        return self._frames

    @property
    def index(self) -> int:
        """Which frame is shown, counted from 0."""
        return self._index

    @property
    def progress(self) -> float:
        """How much of it is over, 0 to 1; where nothing moves, all of it."""
        return self._progress if self._moves else 1.0

    @property
    def frame(self) -> Frame | None:
        """The frame to show; None while the film is closed or a run goes faster than it."""
        if not self._is_open or self._is_suspended or not self._frames:
            return None
        return self._frames[self._index]

    @property
    def is_open(self) -> bool:
        """Whether the film is shown at all."""
        return self._is_open

    @property
    def is_playing(self) -> bool:
        """Whether it goes on by itself."""
        return self._is_playing

    @property
    def is_looping(self) -> bool:
        """Whether it makes the update at its end and goes on with the next."""
        return self._is_looping

    @property
    def moves(self) -> bool:
        """Whether numbers travel; otherwise each frame shows its result at once."""
        return self._moves

    @property
    def speed(self) -> float:
        """How fast, 1 for the usual pace."""
        return self._speed

    @property
    def granularity(self) -> Granularity:
        """How much happens in a frame."""
        return self._granularity

    @property
    def phases(self) -> frozenset[Phase]:
        """The phases that are shown."""
        return self._phases

    @property
    def possible_granularities(self) -> tuple[Granularity, ...]:
        """How finely the present network can be told."""
        if self._snapshot is None:
            return tuple(Granularity)
        return granularities(self._snapshot.experiment.architecture)

    # What it is told

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Tell the film of another moment, at the same place in it."""
        self._snapshot = snapshot
        if self._is_open and not self._is_suspended:
            self._tell()

    def set_digits(self, digits: int) -> None:
        """Write captions with so many significant digits."""
        self._digits = digits
        self._retell()

    def set_names(self, names: NameChoice) -> None:
        """Call things in captions as the reader likes."""
        self._names = names
        self._retell()

    def set_moves(self, moves: bool) -> None:
        """Let numbers travel, or show each frame's result at once and light it instead."""
        self._moves = moves
        self.moved.emit()

    def set_speed(self, speed: float) -> None:
        """Play so many times as fast, 0.1 to 10."""
        self._speed = min(max(speed, SLOWEST), FASTEST)
        self.state_changed.emit()

    def set_granularity(self, granularity: Granularity) -> None:
        """Tell it in smaller or larger pieces; the place stays near the same quantity."""
        self._granularity = granularity
        self._retell()

    def set_phases(self, phases: Collection[Phase]) -> None:
        """Show these phases; none at all counts as all of them."""
        self._phases = frozenset(phases) or frozenset(Phase)
        self._choose()

    def set_looping(self, looping: bool) -> None:
        """Make the update at the end and go on, or stop there.

        Several updates a second leave no time for single products, so a loop begins layer by
        layer; whoever wants it finer can say so.
        """
        if looping == self._is_looping:
            return
        self._is_looping = looping
        if looping:
            self._unlooped, self._granularity = self._granularity, Granularity.LAYER
        elif self._granularity is Granularity.LAYER:
            self._granularity = self._unlooped
        self._retell()
        self.state_changed.emit()

    def suspend(self, suspended: bool) -> None:
        """Leave the graph to a run, or take it up again."""
        self._is_suspended = suspended
        if suspended:
            self.pause()
        self._retell()
        self.moved.emit()

    def open(self) -> None:
        """Show the film from its start."""
        self._is_open = True
        self._index, self._progress = 0, 0.0
        self._retell()
        self.state_changed.emit()

    def close(self) -> None:
        """Show the moment as it is."""
        self.pause()
        self._is_open = False
        self.state_changed.emit()
        self.moved.emit()

    # Transport

    def play(self) -> None:
        """Go on; from the start where the film is at its end."""
        if not self._frames:
            return
        at_end = self._index == len(self._frames) - 1 and self._progress >= 1.0
        if at_end and not self._is_looping:
            self._index, self._progress = 0, 0.0
        self._start(single=False)

    def pause(self) -> None:
        """Stay where it is."""
        self._clock.stop()
        was_playing, self._is_playing, self._is_single = self._is_playing, False, False
        if was_playing:
            self.state_changed.emit()

    def toggle(self) -> None:
        """Play, or pause."""
        if self._is_playing:
            self.pause()
        else:
            self.play()

    def step_forward(self) -> None:
        """Play the next frame and stop at its end; pressed again meanwhile, go on to the next."""
        has_begun = self._is_playing or self.progress > 0.0
        self.pause()
        if has_begun and self._index >= len(self._frames) - 1:
            self.go_to(self._index)
            return
        self._index += int(has_begun)
        self._progress = 0.0 if self.moves else 1.0
        self.moved.emit()
        if self.moves:
            self._start(single=True)

    def step_back(self) -> None:
        """Go to the end of the frame before."""
        self.pause()
        self.go_to(self._index - 1)

    def go_to(self, index: int, progress: float = 1.0) -> None:
        """Show a frame; held within the film."""
        self._index = min(max(index, 0), max(len(self._frames) - 1, 0))
        self._progress = progress
        self.moved.emit()

    def go_to_phase(self, phase: Phase) -> None:
        """Show the first frame of a phase, if the film has one."""
        for index, frame in enumerate(self._frames):
            if frame.phase is phase:
                self.pause()
                self.go_to(index)
                return

    def advance(self, seconds: float) -> None:
        """Move the cursor by so much time of the film's clock."""
        place = self._index + self._progress + seconds * self._speed / self._frame_seconds()
        if self._is_single:
            place = min(place, self._index + 1.0)
        last = len(self._frames) - 1
        over = place >= last + 1.0
        place = min(place, last + 1.0)
        index = min(int(place), last)
        if self._is_single and place >= self._index + 1.0:
            index = self._index
        self._index, self._progress = index, min(place - index, 1.0)
        finished = over or (self._is_single and self._progress >= 1.0)
        if over and self._is_looping and not self._is_single:
            self._begin_next()
            return
        if finished:
            self.pause()
        self.moved.emit()

    def _begin_next(self) -> None:
        """Ask for the update; the next film begins where its snapshot comes in."""
        before = self._snapshot
        self._index, self._progress = 0, 0.0
        self.update_wanted.emit()
        if self._snapshot is before:
            self.pause()
        self.moved.emit()

    def _frame_seconds(self) -> float:
        if self._is_looping and not self._is_single:
            return LOOP_SECONDS / max(len(self._frames), 1)
        return SECONDS[self._granularity]

    def _start(self, *, single: bool) -> None:
        self._is_playing, self._is_single = True, single
        self._ticked_at = time.perf_counter()
        self._clock.start()
        self.state_changed.emit()

    @Slot()
    def _tick(self) -> None:
        now = time.perf_counter()
        passed, self._ticked_at = now - self._ticked_at, now
        self.advance(min(passed, LONGEST_TICK))

    def _retell(self) -> None:
        if self._is_open and not self._is_suspended and self._snapshot is not None:
            self._tell()

    def _tell(self) -> None:
        assert self._snapshot is not None
        self._story = tell(self._snapshot, self._granularity, self._digits, self._names)
        self._choose()

    def _choose(self) -> None:
        """Keep the frames of the chosen phases, and the place near what was shown."""
        shown = self._frames[self._index] if self._index < len(self._frames) else None
        before = self._frames
        self._frames = tuple(f for f in self._story if f.phase in self._phases) or self._story
        if shown is not None and len(before) != len(self._frames):
            self._index = _nearest(self._frames, shown)
        self._index = min(self._index, max(len(self._frames) - 1, 0))
        self.told.emit()
        self.moved.emit()


def _nearest(frames: tuple[Frame, ...], shown: Frame) -> int:
    """Return the frame of the same phase that shows most of what another one did."""
    order = list(Phase)

    def likeness(frame: Frame) -> tuple[bool, bool, bool, int]:
        distance = abs(order.index(frame.phase) - order.index(shown.phase))
        same = frame.phase is shown.phase
        meets = shown.focus in frame.lit or shown.focus in frame.gives or frame.focus == shown.focus
        return same, meets, frame.focus == shown.focus, -distance

    return max(range(len(frames)), key=lambda index: likeness(frames[index]), default=0)
