"""The optimizer with its settings, the penalties, clipping, and what training does to biases."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from bp_gui.engine.names import ETA
from bp_gui.engine.network import BiasPolicy
from bp_gui.engine.optimizers import OPTIMIZERS, Optimizer
from bp_gui.explain.numbers import format_exact
from bp_gui.session.edits import SetBiasPolicy, SetValue
from bp_gui.session.edits_training import (
    SetClip,
    SetOptimizer,
    SetOptimizerSetting,
    SetPenalty,
)
from bp_gui.session.experiment import Experiment
from bp_gui.views.choice_box import ChoiceBox
from bp_gui.views.number_box import NumberBox
from bp_gui.views.panels.setup.section import (
    Section,
    button,
    check,
    quiet,
    unbroken,
    without_symbol,
)

FIRST_CLIP = 1.0
POLICIES = (
    (BiasPolicy.FIXED, "fixed", "Training leaves the biases alone, as the worked example does"),
    (BiasPolicy.PER_NEURON, "per neuron", "Every bias is trained by its own gradient δ"),
    (
        BiasPolicy.SHARED,
        "shared in a layer",
        "A layer has one bias; its gradient is the sum of its neurons' δ",
    ),
)
_MOST_SETTINGS = max(len(each.settings) for each in OPTIMIZERS.values())


class OptimizerSection(Section):
    """How an update follows from the gradient."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Optimizer", parent)
        self._experiment: Experiment | None = None
        self._optimizer: Optimizer | None = None
        self.choice = ChoiceBox("Optimizer", "How an update follows from the gradient g")
        self.choice.set_choices(
            (each.name, each.label, f"{each.formula}\n{each.source}")
            for each in OPTIMIZERS.values()
        )
        self.choice.chosen.connect(lambda key: self.edit_requested.emit(SetOptimizer(key)))
        self.add_row("Rule", self.choice)
        self.formula = self.add_text("formula")
        self.source = self.add_text()
        self.eta = self.number("network.eta", "Learning rate η: how far an update goes")
        self.eta.value_edited.connect(lambda v: self.edit_requested.emit(SetValue(ETA, v)))
        self.usual = button("", "Use the usual learning rate", "")
        self.usual.clicked.connect(self._use_usual)
        self.add_row("Learning rate η", self.eta, self.usual)
        self.settings: list[tuple[QLabel, NumberBox, QLabel]] = [
            self._setting_row(position) for position in range(_MOST_SETTINGS)
        ]

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the optimizer of a moment."""
        self._experiment = experiment
        optimizer = experiment.optimizer
        if optimizer is not self._optimizer:
            self._optimizer = optimizer
            self._show_optimizer(optimizer)
        self.eta.set_value(experiment.eta)
        self.usual.setVisible(experiment.eta != optimizer.usual_eta)
        for (_, box, _), value in zip(self.settings, experiment.optimizer_settings, strict=False):
            box.set_value(value)

    def _show_optimizer(self, optimizer: Optimizer) -> None:
        self.choice.show_choice(optimizer.name)
        self.formula.setText(optimizer.formula.replace(";  ", "\n").replace(",  ", "\n"))
        self.source.setText(unbroken(optimizer.source))
        usual = format_exact(optimizer.usual_eta)
        self.usual.setText(f"usual: {usual}")
        self.usual.setToolTip(f"{optimizer.label} often begins well with η = {usual}: use it")
        for position, widgets in enumerate(self.settings):
            used = position < len(optimizer.settings)
            for widget in widgets:
                widget.setVisible(used)
            if used:
                label, box, note = widgets
                setting = optimizer.settings[position]
                label.setText(setting.symbol)
                note.setText(without_symbol(setting))
                box.set_description(setting.name, f"{setting.label}: {setting.accepted}")

    def _setting_row(self, position: int) -> tuple[QLabel, NumberBox, QLabel]:
        note = quiet("")
        box = self.number("setting", "")
        box.value_edited.connect(lambda value: self._set(position, value))
        return self.add_row("", box, note), box, note

    def _set(self, position: int, value: float) -> None:
        assert self._optimizer is not None
        name = self._optimizer.settings[position].name
        self.edit_requested.emit(SetOptimizerSetting(name, value))

    def _use_usual(self) -> None:
        assert self._optimizer is not None
        self.edit_requested.emit(SetValue(ETA, self._optimizer.usual_eta))


class LimitsSection(Section):
    """What holds weights and gradients back, and whether biases move."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Penalty, clipping, biases", parent)
        self._experiment: Experiment | None = None
        self.l1 = self.number("l1", "λ₁: adds λ₁ Σ |w| to the cost; biases are left out")
        self.l2 = self.number("l2", "λ₂: adds ½ λ₂ Σ w² to the cost; biases are left out")
        self.l1.value_edited.connect(lambda v: self._set_penalty(v, None))
        self.l2.value_edited.connect(lambda v: self._set_penalty(None, v))
        self.add_row("Penalty L1", self.l1, quiet("+ λ₁ Σ |w|"))
        self.add_row("Penalty L2", self.l2, quiet("+ ½ λ₂ Σ w²"))
        self.clip = self.number("clip", "Largest norm c that the gradient may have")
        self.clip.value_edited.connect(lambda v: self.edit_requested.emit(SetClip(v)))
        self.clips = check("g · min(1, c / ‖g‖)", "Make a gradient shorter where it is too long")
        self.clips.clicked.connect(self._switch_clip)
        self.add_row("Clip gradient", self.clip, self.clips)
        self.policy = ChoiceBox("Bias policy", "What training does to biases")
        self.policy.set_choices(POLICIES)
        self.policy.chosen.connect(lambda key: self.edit_requested.emit(SetBiasPolicy(key)))
        self.add_row("Biases", self.policy)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the limits of a moment."""
        self._experiment = experiment
        self.policy.show_choice(experiment.bias_policy)
        self.l1.set_value(experiment.penalty.l1)
        self.l2.set_value(experiment.penalty.l2)
        clip = experiment.clip
        self.clips.setChecked(clip is not None)
        self.clip.setEnabled(clip is not None)
        if clip is not None or self.clip.value() == 0.0:
            self.clip.set_value(FIRST_CLIP if clip is None else clip)

    def _set_penalty(self, l1: float | None, l2: float | None) -> None:
        assert self._experiment is not None
        present = self._experiment.penalty
        edit = SetPenalty(present.l1 if l1 is None else l1, present.l2 if l2 is None else l2)
        self.edit_requested.emit(edit)

    def _switch_clip(self, wanted: bool) -> None:
        assert self._experiment is not None
        self.clips.setChecked(self._experiment.clip is not None)
        self.edit_requested.emit(SetClip(self.clip.value() if wanted else None))
