"""The passes of one moment told as a film: every frame is computed here, before it starts.

The hidden errors of the backward phase use the weights that the snapshot holds, which are the old
ones: nothing is updated before the update phase, and all parameters are updated there at once.
"""

from __future__ import annotations

from bp_gui.engine.network import Architecture
from bp_gui.explain.name_choice import NameChoice
from bp_gui.session.frames import Frame, Granularity, in_order
from bp_gui.session.snapshot import Snapshot
from bp_gui.session.telling.ahead import Ahead
from bp_gui.session.telling.back import Back
from bp_gui.session.telling.change import Changing

MOST_PARAMETERS_BY_STEP = 400
MOST_NEURONS = 400


def granularities(architecture: Architecture) -> tuple[Granularity, ...]:
    """Return how finely a network of this size can be told, finest first.

    A film of a hundred thousand products would have no end that anybody sees.
    """
    result = [Granularity.LAYER]
    if sum(architecture.sizes[1:]) <= MOST_NEURONS:
        result.insert(0, Granularity.NEURON)
        if architecture.n_parameters <= MOST_PARAMETERS_BY_STEP:
            result.insert(0, Granularity.STEP)
    return tuple(result)


def tell(
    snapshot: Snapshot,
    granularity: Granularity = Granularity.STEP,
    digits: int = 6,
    names: NameChoice = NameChoice(),  # noqa: B008  (frozen)
) -> tuple[Frame, ...]:
    """Return the film of one update: forward, error, backward, gradient, update.

    Parameters
    ----------
    snapshot
        The moment before the update; its sample is the one that is followed.
    granularity
        How much happens in a frame; the next coarser one where the network is too large for it.
    digits
        Significant digits of the numbers in captions.
    names
        What captions call things.
    """
    possible = granularities(snapshot.experiment.architecture)
    chosen = granularity if granularity in possible else possible[0]
    told = snapshot, chosen, digits, names
    ahead, changing = Ahead(*told), Changing(*told)
    parts = (
        ahead.forward(),
        ahead.error(),
        Back(*told).backward(),
        changing.gradient(),
        changing.update(),
    )
    return in_order(tuple(frame for part in parts for frame in part))
