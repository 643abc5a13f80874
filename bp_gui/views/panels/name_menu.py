"""The menu in which a reader chooses what things are called."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from bp_gui.explain.name_choice import NameChoice
from bp_gui.explain.naming import NeuronNames, ParameterNames

_PARAMETERS = {
    ParameterNames.NUMBERED: "Weights w1, w2, … as in textbooks",
    ParameterNames.INDEXED: "Weights W2[1,2]: layer, to, from",
}
_NEURONS = {
    NeuronNames.LETTERED: "Neurons i1, h1, o1",
    NeuronNames.LAYERED: "Neurons x₁, a¹₁: layer above",
}


class NameMenu(QMenu):
    """Two groups of choices, one for parameters and one for neurons.

    Signals
    -------
    chosen(NameChoice)
        A person chose another one.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = NameChoice()
        self._actions: dict[ParameterNames | NeuronNames, QAction] = {}
        self._add_group(_PARAMETERS)
        self.addSeparator()
        self._add_group(_NEURONS)
        self.show_choice(self._choice)

    def _add_group(self, texts: dict[ParameterNames, str] | dict[NeuronNames, str]) -> None:
        group = QActionGroup(self)
        for value, text in texts.items():
            action = self.addAction(text)
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(lambda _=False, value=value: self._choose(value))
            self._actions[value] = action

    def _choose(self, value: ParameterNames | NeuronNames) -> None:
        if isinstance(value, ParameterNames):
            self.chosen.emit(replace(self._choice, parameters=value))
        else:
            self.chosen.emit(replace(self._choice, neurons=value))

    def show_choice(self, choice: NameChoice) -> None:
        """Mark what is chosen."""
        self._choice = choice
        self._actions[choice.parameters].setChecked(True)
        self._actions[choice.neurons].setChecked(True)
