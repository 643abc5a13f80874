"""What a reader wants things to be called, in whatever network comes."""

from __future__ import annotations

from dataclasses import dataclass

from bp_gui.engine.names import Ref
from bp_gui.engine.network import BiasPolicy, Parameters
from bp_gui.explain.naming import Naming, NeuronNames, ParameterNames


@dataclass(frozen=True)
class NameChoice:
    """The choice for parameters and the one for neurons."""

    parameters: ParameterNames = ParameterNames.NUMBERED
    neurons: NeuronNames = NeuronNames.LETTERED

    def naming(self, parameters: Parameters, policy: BiasPolicy) -> Naming:
        """Return the names in one network at one moment."""
        return Naming.of(parameters, policy, self.parameters, self.neurons)


@dataclass(frozen=True)
class Labels:
    """What stands beside a number on the graph and in tables.

    Attributes
    ----------
    naming
        The names in explanations.
    both
        Whether the name in files stands beside that of a parameter: so it is until the reader has
        chosen, since either may be met elsewhere.
    """

    naming: Naming
    both: bool

    def text(self, ref: Ref) -> str:
        """Return what a quantity is called, for instance ``w1 = W1[1,1]``."""
        text = self.naming.text(ref)
        return f"{text} = {ref.name}" if self.both and text != ref.name else text


def labels(names: NameChoice | None, parameters: Parameters, policy: BiasPolicy) -> Labels:
    """Return the labels in one network at one moment; None for a reader who has not chosen yet."""
    choice = NameChoice() if names is None else names
    return Labels(choice.naming(parameters, policy), both=names is None)
