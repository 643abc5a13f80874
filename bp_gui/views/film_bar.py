"""The bar under the graph that plays the film: transport, place, phases, pace and caption."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bp_gui.session.frames import Frame, Granularity, Phase
from bp_gui.views.choice_box import ChoiceBox
from bp_gui.views.flow import Flow
from bp_gui.views.icons import icon
from bp_gui.views.rich_text import with_subscripts
from bp_gui.views.theme import LIGHT, Theme

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
_GRANULARITIES = (
    (Granularity.STEP, "By step", "One product, one sum or one factor at a time"),
    (Granularity.NEURON, "By neuron", "One neuron at a time"),
    (Granularity.LAYER, "By layer", "One layer at a time"),
)


class FilmBar(QFrame):
    """Controls of the film; it asks, and shows what the player says.

    Signals
    -------
    play_toggled(), step_back_requested(), step_forward_requested()
        Transport.
    frame_chosen(int)
        A frame is wanted, counted from 0.
    speed_chosen(float), granularity_chosen(Granularity), phases_chosen(frozenset)
        How the film is to be told.
    loop_toggled(bool)
        Whether the update is made at the end, and the next film follows.
    close_requested()
        The film is over.
    """

    play_toggled = Signal()
    step_back_requested = Signal()
    step_forward_requested = Signal()
    frame_chosen = Signal(int)
    speed_chosen = Signal(object)
    granularity_chosen = Signal(object)
    phases_chosen = Signal(object)
    loop_toggled = Signal(bool)
    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName("Film")
        self._theme = LIGHT
        self._is_playing = False
        self._frame: Frame | None = None
        self._caption = self._make_caption()
        self._count = QLabel()
        self._count.setObjectName("quiet")
        self._buttons = self._make_buttons()
        self._slider = self._make_slider()
        self._speed = self._make_speed()
        self._granularity = ChoiceBox("Size of a step", "How much happens at a time")
        self._granularity.chosen.connect(self.granularity_chosen)
        self._phases = {phase: self._make_phase(phase) for phase in Phase}
        self._arrange()
        self.hide()

    @property
    def caption(self) -> str:
        """The formula of the moment, as plain text."""
        return self._caption.accessibleName()

    def show_frame(self, frame: Frame | None, index: int, count: int) -> None:
        """Show the place in the film and what happens there."""
        self._slider.blockSignals(True)
        self._slider.setRange(0, max(count - 1, 0))
        self._slider.setValue(index)
        self._slider.blockSignals(False)
        self._slider.setPageStep(max(count // 10, 1))
        self._count.setText(f"{index + 1} of {count}" if count else "")
        if frame is self._frame:
            return
        self._frame = frame
        if frame is None:
            self._say("", "")
        else:
            self._say(frame.phase.label, frame.caption)

    def show_state(
        self,
        *,
        playing: bool,
        looping: bool,
        speed: float,
        granularity: Granularity,
        possible: Collection[Granularity],
        phases: Collection[Phase],
    ) -> None:
        """Show how the film is told."""
        self._is_playing = playing
        self._buttons["play"].setIcon(icon("pause" if playing else "run", self._theme.text))
        self._buttons["play"].setAccessibleName("Pause the film" if playing else "Play the film")
        self._buttons["loop"].setChecked(looping)
        self._speed.show_choice(min(SPEEDS, key=lambda each: abs(each - speed)))
        offered = [each for each in _GRANULARITIES if each[0] in possible]
        if self._granularity.count() != len(offered):
            self._granularity.set_choices(offered)
        self._granularity.show_choice(granularity if granularity in possible else offered[0][0])
        for phase, box in self._phases.items():
            box.blockSignals(True)
            box.setChecked(phase in phases)
            box.blockSignals(False)

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        for name, button in self._buttons.items():
            picture = {"play": "pause" if self._is_playing else "run", "on": "step"}.get(name, name)
            if name != "close":
                button.setIcon(icon(picture, theme.text))

    def panes(self) -> list[QWidget]:
        """Return what the keyboard goes to."""
        return [self._slider] if self.isVisible() else []

    def _say(self, phase: str, caption: str) -> None:
        text = f"<b>{phase}</b>&nbsp;&nbsp; {with_subscripts(caption)}"
        self._caption.setText(text if phase else "")
        self._caption.setToolTip(caption)
        self._caption.setAccessibleName(caption)

    def _make_caption(self) -> QLabel:
        label = QLabel()
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        # Subscripts must not change the height of the bar from frame to frame.
        label.setFixedHeight(round(label.fontMetrics().height() * 1.5))
        return label

    def _make_buttons(self) -> dict[str, QToolButton]:
        specs: tuple[tuple[str, str, Callable[[], None]], ...] = (
            ("back", "One frame back (B)", self.step_back_requested.emit),
            ("play", "Play or pause the film (P)", self.play_toggled.emit),
            ("on", "Play the next frame (F)", self.step_forward_requested.emit),
            ("loop", "Make the update at the end and go on with the next", lambda: None),
            ("close", "Close the film (F7)", self.close_requested.emit),
        )
        buttons = {}
        for name, tip, slot in specs:
            button = QToolButton()
            button.setToolTip(tip)
            button.setAccessibleName(tip.partition(" (")[0])
            button.setIconSize(QSize(16, 16))
            button.clicked.connect(lambda _=False, slot=slot: slot())
            buttons[name] = button
        buttons["loop"].setCheckable(True)
        buttons["loop"].toggled.connect(self.loop_toggled)
        buttons["close"].setText("✕")
        return buttons

    def _make_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setAccessibleName("Place in the film")
        slider.setToolTip("Drag through the film")
        slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        slider.valueChanged.connect(self.frame_chosen)
        return slider

    def _make_speed(self) -> ChoiceBox:
        box = ChoiceBox("Speed", "How fast the film plays")
        box.set_choices((speed, f"{speed:g}×", "") for speed in SPEEDS)
        box.setMinimumContentsLength(4)
        box.chosen.connect(self.speed_chosen)
        return box

    def _make_phase(self, phase: Phase) -> QCheckBox:
        box = QCheckBox(phase.label)
        box.setChecked(True)
        box.setToolTip(f"Show the phase “{phase.label.lower()}”")
        box.toggled.connect(self._choose_phases)
        return box

    def _choose_phases(self) -> None:
        self.phases_chosen.emit(frozenset(p for p, box in self._phases.items() if box.isChecked()))

    def _arrange(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(10, 5, 8, 6)
        rows.setSpacing(4)
        rows.addLayout(_row((self._caption, 1), (self._buttons["close"], 0)))
        transport = [(self._buttons[name], 0) for name in ("back", "play", "on")]
        rows.addLayout(_row(*transport, (self._slider, 1), (self._count, 0)))
        rows.addLayout(self._choices())

    def _choices(self) -> Flow:
        """Return the phases and how they are told, in as many rows as the width makes of them."""
        last = Flow(10)
        for box in (*self._phases.values(), self._speed, self._granularity, self._buttons["loop"]):
            last.addWidget(box)
        for box in (self._speed, self._granularity):
            box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        return last


def _row(*widgets: tuple[QWidget, int]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(6)
    for widget, stretch in widgets:
        row.addWidget(widget, stretch)
    return row
