"""What new weights are drawn by."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from bp_gui.engine.initializers import INITIALIZERS
from bp_gui.session.edits import RandomWeights, SetSeed
from bp_gui.session.edits_training import SetInitializer, SetInitializerSetting
from bp_gui.session.experiment import Experiment
from bp_gui.views.choice_box import ChoiceBox
from bp_gui.views.panels.setup.section import (
    Section,
    button,
    quiet,
    seed,
    show_integer,
    taken,
    unbroken,
    without_symbol,
)


class InitializerSection(Section):
    """The distribution, its number, the seed, and a button that draws."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Starting weights", parent)
        self._experiment: Experiment | None = None
        self.choice = ChoiceBox("Initializer", "What new weights are drawn by")
        self.choice.set_choices(
            (each.name, each.label, f"{each.formula}\n{each.source}")
            for each in INITIALIZERS.values()
        )
        self.choice.chosen.connect(lambda key: self.edit_requested.emit(SetInitializer(key)))
        self.add_row("Initializer", self.choice)
        self.formula = self.add_text("formula")
        self.source = self.add_text()
        self.setting = self.number("initializer_setting", "")
        self.setting.value_edited.connect(
            lambda value: self.edit_requested.emit(SetInitializerSetting(value))
        )
        self.note = quiet("")
        self.setting_label = self.add_row("", self.setting, self.note)
        self.seed = seed("Seed", "Seed of the next random weights")
        self.seed.valueChanged.connect(self._set_seed)
        self.draw = button(
            "Draw new weights",
            "Draw new weights",
            "Draw all weights from this seed and begin training anew; biases and locked weights "
            "stay, and the next seed takes this one's place (Ctrl+R)",
        )
        self.draw.clicked.connect(self._draw)
        self.add_row("Seed", self.seed, self.draw)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the initializer of a moment."""
        before, self._experiment = self._experiment, experiment
        entry = experiment.initializer
        if before is None or before.initializer is not entry:
            self.choice.show_choice(entry.name)
            self.formula.setText(f"w ~ {entry.formula}")
            self.source.setText(unbroken(entry.source))
            for widget in (self.setting_label, self.setting, self.note):
                widget.setVisible(entry.setting is not None)
            if entry.setting is not None:
                tip = f"{entry.setting.label}: {entry.setting.accepted}"
                self.setting.set_description("initializer_setting", tip)
                self.setting_label.setText(entry.setting.symbol)
                self.note.setText(without_symbol(entry.setting))
        self.setting.set_value(experiment.initializer_setting)
        show_integer(self.seed, experiment.seed)

    def _set_seed(self) -> None:
        assert self._experiment is not None
        self.edit_requested.emit(SetSeed(taken(self.seed, self._experiment.seed)))

    def _draw(self) -> None:
        assert self._experiment is not None
        self.edit_requested.emit(RandomWeights(self._experiment.seed))
