"""An experiment's next update as the search for mistakes takes it."""

from __future__ import annotations

from bp_gui.diagnose.problem import Problem
from bp_gui.session.experiment import Experiment


def problem_of(experiment: Experiment, sample: int = 0) -> Problem:
    """Return the problem that the next update of an experiment is.

    Parameters
    ----------
    experiment
        The moment before the update.
    sample
        0-based index of the sample that single rows of z, a and δ belong to.
    """
    last = experiment.last_update
    return Problem(
        parameters=experiment.parameters,
        x=experiment.x,
        t=experiment.t,
        eta=experiment.eta,
        objective=experiment.objective,
        optimizer=experiment.optimizer,
        settings=experiment.optimizer_settings,
        state=experiment.optimizer_state,
        locked=frozenset(experiment.architecture.index(ref) for ref in experiment.locked),
        clip=experiment.clip,
        batch=experiment.batch(experiment.updates),
        sample=sample,
        previous_gradient=None if last is None else last.gradient,
    )
