"""What a reader wants things to be called, in whatever network comes."""

from __future__ import annotations

from dataclasses import dataclass

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
