"""The edit that moves several parameters at once, as dragging a point over a surface does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bp_gui.engine.arrays import Array
from bp_gui.engine.network import Parameters
from bp_gui.session.edits import EditError, with_parameters
from bp_gui.session.experiment import Experiment


@dataclass(frozen=True, eq=False)
class MoveParameters:
    """Go to another θ.

    Attributes
    ----------
    theta
        The new θ, (P,), finite.
    along
        What it was moved along, as the undo menu says it: ``W2[1,1] and W2[1,2]``.
    """

    theta: Array
    along: str

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Move {self.along}"

    @property
    def merge_key(self) -> str | None:
        """See `Edit.merge_key`."""
        return f"move/{self.along}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        expected = experiment.parameters.theta.shape
        if self.theta.shape != expected:
            raise EditError(f"{self.along}: θ has shape {self.theta.shape}, expected {expected}")
        if not np.isfinite(self.theta).all():
            raise EditError(f"{self.along} cannot go there: only finite numbers are accepted")
        return with_parameters(experiment, Parameters(experiment.architecture, self.theta))
