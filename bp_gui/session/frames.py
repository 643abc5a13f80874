"""The frames of a film: what one moment of a pass lights, carries, says and reveals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from bp_gui.engine.names import Kind, Ref
from bp_gui.explain.targets import Target

VEILED = frozenset({Kind.NET_INPUT, Kind.ACTIVATION, Kind.DELTA, Kind.OUTPUT_COST})


class Phase(Enum):
    """A part of the film; the value is the key saved in settings, the order is the film's."""

    FORWARD = "forward"
    ERROR = "error"
    BACKWARD = "backward"
    GRADIENT = "gradient"
    UPDATE = "update"

    @property
    def label(self) -> str:
        """What a person reads."""
        return self.value.capitalize()


class Granularity(Enum):
    """How much happens in one frame; the value is the key saved in settings."""

    STEP = "step"
    NEURON = "neuron"
    LAYER = "layer"


@dataclass(frozen=True)
class Pulse:
    """A number on its way along an edge.

    Attributes
    ----------
    edge
        The weight whose edge it runs along.
    begin, end
        Where it sets out and where it stops, 0 at the FROM neuron and 1 at the TO neuron.
    origin
        The quantity that it sets out from; its chip has the colour of that neuron.
    sent, arriving
        The number before the weight and behind it: ``a`` and ``w · a``, or ``δ`` and ``w · δ``.
    """

    edge: Ref
    begin: float
    end: float
    origin: Ref
    sent: float
    arriving: float

    @property
    def is_backward(self) -> bool:
        """Whether it runs against the forward pass."""
        return self.end < self.begin

    def at(self, progress: float) -> float:
        """Return its place on the edge, 0 to 1, when so much of the frame is over."""
        return self.begin + (self.end - self.begin) * progress

    def carried(self, progress: float) -> float:
        """Return the number that it carries then: the weight is met in the middle."""
        return self.sent if progress < 0.5 else self.arriving


@dataclass(frozen=True)
class Change:
    """A parameter that the update phase has moved: both numbers stand until the phase ends."""

    ref: Ref
    old: float
    new: float


@dataclass(frozen=True)
class Frame:
    """One moment of the film.

    Attributes
    ----------
    phase
        Which pass it belongs to.
    caption
        The formula of the moment with its numbers.
    value
        The number that the moment gives; of a group of neurons, the last one's.
    focus
        What is selected meanwhile.
    lit
        What the moment reads and gives; the graph and the matrices light it.
    target
        What the explanation panel explains.
    pulses
        The numbers under way.
    known
        z, a, δ and C terms that have been computed before this moment.
    gives
        Those that it adds, at its end.
    changes
        Parameters moved so far, this moment's included; the snapshot still holds the old ones.
    """

    phase: Phase
    caption: str
    value: float
    focus: Ref
    lit: tuple[Ref, ...]
    target: Target
    pulses: tuple[Pulse, ...] = ()
    known: frozenset[Ref] = frozenset()
    gives: tuple[Ref, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def weight(self) -> Ref | None:
        """The one weight that the moment is about, if it is about one."""
        weights = [ref for ref in self.lit if ref.kind is Kind.WEIGHT]
        return weights[0] if len(weights) == 1 else None

    def known_at(self, progress: float) -> frozenset[Ref]:
        """Return what has been computed when so much of the frame is over, 0 to 1."""
        return self.known.union(self.gives) if self.gives and progress >= 1.0 else self.known


def in_order(frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
    """Return the frames, each knowing what those before it have given and changed."""
    known: frozenset[Ref] = frozenset()
    changes: tuple[Change, ...] = ()
    result = []
    for frame in frames:
        changes += frame.changes
        result.append(replace(frame, known=known, changes=changes))
        if frame.gives:
            known = known.union(frame.gives)
    return tuple(result)
