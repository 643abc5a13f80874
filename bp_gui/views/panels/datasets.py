"""The gallery of data: choose, say how much, how noisy and from which seed, keep some for testing.

What the gallery asks for is done by the session; a click here changes nothing by itself.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.coding import Coding
from bp_gui.engine.costs import COSTS
from bp_gui.engine.datasets import DATASETS, MOST_SAMPLES
from bp_gui.session.bundled import BUNDLED
from bp_gui.session.classification import coding_of
from bp_gui.session.data import Data, Origin
from bp_gui.session.edits import MAX_SEED
from bp_gui.session.edits_data import (
    ReplaceData,
    SplitData,
    SuitOutputs,
    UseDataset,
    can_be_reached,
    suits,
)
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.icons import icon
from bp_gui.views.integer_box import IntegerBox
from bp_gui.views.number_box import NumberBox
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.theme import Theme
from bp_gui.views.thumbnails import SIZE, thumbnail

_ACROSS = 6
_FONT_SHRINK = 0.85
_MOST_PERCENT = 90
_MEANINGS = {
    Coding.NUMBERS: "Targets are numbers",
    Coding.ZERO_ONE: "Targets are two classes, 0 and 1",
    Coding.PLUS_MINUS: "Targets are two classes, −1 and 1",
    Coding.ONE_HOT: "Targets are classes, one output each",
}


class DatasetPanel(CardFrame):
    """Pictures of all data there are, and the numbers that they are drawn by.

    Signals
    -------
    import_requested()
        A person wants to read a table from a file.
    """

    import_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Data sets", parent)
        self._experiment: Experiment | None = None
        self._data: Data | None = None
        self._coding = Coding.NUMBERS
        self._theme: Theme | None = None
        self.buttons: dict[str, QToolButton] = {}
        self.body.addLayout(self._gallery())
        self.count = _integer_box(1, MOST_SAMPLES, "Samples", "How many samples are drawn")
        self.noise = NumberBox()
        self.seed = _integer_box(0, MAX_SEED, "Data seed", "What the samples are drawn from")
        self.share = _integer_box(
            0, _MOST_PERCENT, "Test share", "How much is kept for testing; training never sees it"
        )
        self.share.setSuffix(" %")
        self.share.setFixedWidth(self.share.fontMetrics().horizontalAdvance("00 %") + 14)
        self.body.addLayout(self._numbers())
        self._advice, self._suit = QLabel(), QPushButton("Use")
        self.body.addLayout(self._advice_row())
        self._connect()

    # What it shows

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show where the samples come from, and what suits them."""
        self._experiment = new.experiment
        if new.experiment.data is not self._data:
            self._data = new.experiment.data
            self._coding = coding_of(self._data.t)
            self._show_origin(self._data)
        if old is None or not _same_outputs(old.experiment, new.experiment):
            self._show_advice(new.experiment)

    def set_theme(self, theme: Theme) -> None:
        """Paint the pictures in other colours."""
        self._theme = theme
        for name, button in self.buttons.items():
            button.setIcon(thumbnail(name, theme, self.devicePixelRatioF()))
        self.import_button.setIcon(icon("table", theme.muted))
        if self._experiment is not None:
            self._show_advice(self._experiment)

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self.noise.set_digits(digits)

    def panes(self) -> list[QWidget]:
        """Return the gallery's first picture."""
        return [next(iter(self.buttons.values()))]

    def _show_origin(self, data: Data) -> None:
        origin = data.origin
        dataset = None if origin is None else DATASETS.get(origin.name)
        for name, button in self.buttons.items():
            button.setChecked(origin is not None and origin.name == name)
        can_draw = dataset is not None and not dataset.is_fixed
        self.count.setEnabled(can_draw)
        self.noise.setEnabled(can_draw)
        total = len(data.t) + len(data.t_test)
        blockers = [QSignalBlocker(box) for box in (self.count, self.seed, self.share)]
        self.count.setValue(total)
        if origin is not None:
            self.seed.setValue(origin.seed)
            self.noise.set_value(origin.noise)
        self.share.setValue(_percent(data))
        for blocker in blockers:
            blocker.unblock()

    def _show_advice(self, experiment: Experiment) -> None:
        coding = self._coding
        activation, cost = ACTIVATIONS[coding.activation].label, COSTS[coding.cost].label.lower()
        reached = can_be_reached(experiment)
        meaning = _MEANINGS[coding]
        if not reached:
            text = f"{meaning}, out of reach of these outputs. Suited: {activation}, {cost}."
        elif suits(experiment, coding):
            text = f"{meaning}, which output and cost suit."
        else:
            text = f"{meaning}. Often used with: {activation}, {cost}."
        self._advice.setText(text)
        self._suit.setVisible(not suits(experiment, coding))
        colour = self._theme.warning if self._theme is not None and not reached else ""
        self._advice.setStyleSheet(f"color: {colour};" if colour else "")

    # What it asks for

    def _choose(self, name: str) -> None:
        """Ask for other data; the mark moves when they are there."""
        if self._data is not None:
            self._show_origin(self._data)
        if name in BUNDLED:
            table = BUNDLED[name]
            self.edit_requested.emit(
                ReplaceData(table.samples, table.label, self._share(), self.seed.value())
            )
            return
        dataset = DATASETS[name]
        noise = 0.0 if dataset.noise is None else dataset.noise.default
        origin = Origin(name, dataset.size, noise, self.seed.value(), self._share())
        self.edit_requested.emit(UseDataset(origin))

    def _draw_again(self) -> None:
        """Ask for the samples as the boxes say."""
        if self._data is None:
            return
        origin, share, seed = self._data.origin, self._share(), self.seed.value()
        if origin is None or origin.name not in DATASETS:
            if share != _percent(self._data) / 100 or self.sender() is self.seed:
                self.edit_requested.emit(SplitData(share, seed))
            return
        asked = replace(origin, samples=self.count.value(), seed=seed)
        if round(origin.test_share * 100) != self.share.value():
            asked = replace(asked, test_share=share)
        if asked != origin:
            self.edit_requested.emit(UseDataset(asked))

    def _ask_for_noise(self, noise: float) -> None:
        if self._data is not None and self._data.origin is not None:
            self.edit_requested.emit(UseDataset(replace(self._data.origin, noise=noise)))

    def _share(self) -> float:
        return self.share.value() / 100

    # Building

    def _gallery(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(4)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * _FONT_SHRINK)
        for name, dataset in DATASETS.items():
            tip = f"{dataset.label}: {dataset.formula}\n{dataset.source}"
            self._add_picture(grid, name, dataset.label, tip, font)
        for name, table in BUNDLED.items():
            tip = f"{table.label}: {table.summary}\n{table.source}"
            self._add_picture(grid, name, table.label, tip, font)
        self.import_button = _picture_button("File…", font)
        self.import_button.setToolTip("Read samples from a CSV file, or any table of text")
        self.import_button.setAccessibleName("Data from a file")
        self.import_button.clicked.connect(self.import_requested)
        grid.addWidget(self.import_button, *divmod(len(self.buttons), _ACROSS))
        for column in range(_ACROSS):
            grid.setColumnStretch(column, 1)
        return grid

    def _add_picture(self, grid: QGridLayout, name: str, label: str, tip: str, font: QFont) -> None:
        button = _picture_button(label, font)
        button.setCheckable(True)
        button.setToolTip(tip)
        button.clicked.connect(lambda _=False, name=name: self._choose(name))
        grid.addWidget(button, *divmod(len(self.buttons), _ACROSS))
        self.buttons[name] = button

    def _numbers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(4, 2, 4, 0)
        row.setSpacing(4)
        self.noise.set_description("Noise", "Standard deviation of the noise that is added")
        self.noise.setFixedWidth(self.noise.fontMetrics().horizontalAdvance("0.000") + 14)
        for text, box in (
            ("Samples", self.count),
            ("Noise σ", self.noise),
            ("Seed", self.seed),
            ("Test", self.share),
        ):
            label = QLabel(text)
            label.setObjectName("quiet")
            label.setBuddy(box)
            row.addWidget(label)
            row.addWidget(box)
        row.addStretch(1)
        return row

    def _advice_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(4, 0, 4, 0)
        self._advice.setObjectName("quiet")
        self._advice.setWordWrap(True)
        self._suit.setAccessibleName("Use the suited output activation and cost")
        self._suit.setToolTip("Take the output activation and the cost that suit the targets")
        row.addWidget(self._advice, 1)
        row.addWidget(self._suit)
        return row

    def _connect(self) -> None:
        for box in (self.count, self.seed, self.share):
            box.valueChanged.connect(self._draw_again)
        self.noise.value_edited.connect(self._ask_for_noise)
        self.noise.rejected.connect(self.rejected)
        self._suit.clicked.connect(lambda: self.edit_requested.emit(SuitOutputs(self._coding)))


def _integer_box(lowest: int, highest: int, name: str, tip: str) -> IntegerBox:
    box = IntegerBox(lowest, highest)
    box.setAccessibleName(name)
    box.setToolTip(tip)
    box.setFixedWidth(box.fontMetrics().horizontalAdvance("00000") + 14)
    return box


def _picture_button(label: str, font: QFont) -> QToolButton:
    button = QToolButton()
    button.setObjectName("picture")
    button.setText(label)
    button.setAccessibleName(label)
    button.setFont(font)
    button.setIconSize(SIZE)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    # As wide as the panel allows, so that all pictures are of one width.
    button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    button.setMinimumWidth(SIZE.width() + 4)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def _percent(data: Data) -> int:
    """Return how many of a hundred samples are kept for testing."""
    if data.origin is not None:
        return round(data.origin.test_share * 100)
    return round(100 * len(data.t_test) / (len(data.t) + len(data.t_test)))


def _same_outputs(old: Experiment, new: Experiment) -> bool:
    return (
        old.data is new.data
        and old.cost_name == new.cost_name
        and old.architecture.activations == new.architecture.activations
    )
