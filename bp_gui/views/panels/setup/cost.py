"""The cost function: what it is of one output, of a sample and of a batch."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.costs import COSTS
from bp_gui.session.edits_training import SetCost
from bp_gui.session.experiment import Experiment
from bp_gui.views.choice_box import ChoiceBox
from bp_gui.views.panels.setup.section import Section, unbroken


class CostSection(Section):
    """The choice with its formulas, and a warning where the outputs do not suit it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Cost", parent)
        self._shown: tuple[str, str, bool] | None = None
        self.choice = ChoiceBox("Cost function", "What training makes small")
        self.choice.set_choices(
            (each.name, each.label, f"{each.formula}\n{each.source}") for each in COSTS.values()
        )
        self.choice.chosen.connect(lambda key: self.edit_requested.emit(SetCost(key)))
        self.add_row("Function", self.choice)
        self.formula = self.add_text("formula")
        self.fused = self.add_text()
        self.batch = self.add_text()
        self.warning = self.add_text("warning")
        self.source = self.add_text()

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the cost of a moment."""
        cost, last = experiment.cost, experiment.architecture.activations[-1]
        penalty = bool(experiment.penalty)
        if (cost.name, last, penalty) == self._shown:
            return
        self._shown = cost.name, last, penalty
        self.choice.show_choice(cost.name)
        self.formula.setText(
            f"one output:  C = {cost.formula}\nderivative:  ∂C/∂a = {cost.derivative_formula}"
        )
        output = ACTIVATIONS[last].label
        fused = cost.fused.get(last)
        self.fused.setVisible(fused is not None)
        if fused is not None:
            self.fused.setText(
                f"With {output} as the last activation both are taken in one step, exact for any "
                f"z:  C = {fused.formula},  δ = {fused.delta_formula}"
            )
        self.batch.setText(
            "A sample costs the sum over its outputs, a batch the mean over its samples"
            f"{', plus the penalty' if penalty else ''}."
        )
        defined = cost.is_defined_for(last)
        self.warning.setVisible(not defined)
        self.warning.setText(
            f"{cost.label} is defined for outputs between 0 and 1 only, and {output} leaves that "
            "range. Choose sigmoid or softmax for the output layer, or another cost."
        )
        self.source.setText(unbroken(cost.source))
