"""Many experiments trained at once, where there are no compiled loops to train each by itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Sequence

from bp_gui.engine.stacked import Stack, is_worthwhile, kind_of
from bp_gui.session.experiment import Experiment
from bp_gui.session.training import Chunk, moved_on, stepwise, task_of

_WIDEST = 256  # runs in a stack; wider ones gain little and keep their results back for longer
_MOST_RECORDS = 2**24  # costs that a stack may hold

# What an update takes on a usual machine, in seconds: the calls of a layer, and a term (a sample
# times a parameter) of a run, in a stack and by itself.
_PER_LAYER, _PER_TERM, _PER_TERM_ALONE = 50e-6, 4e-9, 2e-9


def expected_seconds(experiment: Experiment, runs: int, updates: int) -> float:
    """Return about how long `advance_together` takes for so many experiments of one shape.

    It is the same on every machine, so that a choice that depends on it is.
    """
    rows = min(experiment.batches.size or len(experiment.t), len(experiment.t))
    layers, terms = experiment.architecture.n_layers, rows * experiment.architecture.n_parameters
    if is_worthwhile(task_of(experiment)):
        passes = -(-runs // _WIDEST) * layers * _PER_LAYER
        return updates * (passes + runs * terms * _PER_TERM)
    return updates * runs * (layers * _PER_LAYER + terms * _PER_TERM_ALONE)


def advance_together(
    experiments: Sequence[Experiment],
    updates: int,
    stopped: Callable[[], bool] = lambda: False,
) -> list[Chunk]:
    """Return what `advance` does with each of the experiments, by NumPy alone.

    Experiments of one shape are stacked and trained in the same passes, which gives the numbers of
    a run by itself to twelve digits, and the same bits whoever else is in the stack. Those whose
    passes are long are trained one by one.

    Parameters
    ----------
    experiments
        Where to begin.
    updates
        How many updates to make of each.
    stopped
        Asked every now and then; stop when it says so.
    """
    chunks = [Chunk(experiment) for experiment in experiments]
    for stack in _stacks(experiments, updates):
        if len(stack) == 1 and not is_worthwhile(task_of(experiments[stack[0]])):
            (alone,) = stack
            chunks[alone] = stepwise(experiments[alone], updates, math.inf, stopped)
            continue
        for place, chunk in zip(
            stack, _stacked([experiments[k] for k in stack], updates, stopped), strict=True
        ):
            chunks[place] = chunk
    return chunks


def _stacks(experiments: Sequence[Experiment], updates: int) -> Iterator[list[int]]:
    """Yield the positions of experiments that are trained together."""
    widest = min(_WIDEST, max(1, _MOST_RECORDS // max(updates, 1)))
    kinds: dict[Hashable, list[int]] = {}
    for place, experiment in enumerate(experiments):
        task = task_of(experiment)
        kind: Hashable = place
        if is_worthwhile(task):
            kind = kind_of(task), experiment.updates, experiment.optimizer_state.updates
        kinds.setdefault(kind, []).append(place)
    for places in kinds.values():
        yield from (places[at : at + widest] for at in range(0, len(places), widest))


def _stacked(
    experiments: Sequence[Experiment], updates: int, stopped: Callable[[], bool]
) -> Iterator[Chunk]:
    results = Stack([task_of(experiment) for experiment in experiments]).run(
        [experiment.parameters.theta for experiment in experiments],
        [experiment.optimizer_state for experiment in experiments],
        experiments[0].updates,
        updates,
        stopped,
    )
    for experiment, result in zip(experiments, results, strict=True):
        end = moved_on(experiment, result, by_loops=False)
        if result.is_finite:
            yield Chunk(end)
        else:
            # By itself the run goes on to where it breaks, and says which quantity it was.
            yield stepwise(end, updates - result.made, math.inf, stopped)
