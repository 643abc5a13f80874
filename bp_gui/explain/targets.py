"""What can be asked "why?": quantities, the factors of the chain rule, gradients and updates."""

from __future__ import annotations

from dataclasses import dataclass

from bp_gui.engine.names import Ref


@dataclass(frozen=True)
class Derivative:
    """``∂of/∂by`` for the shown sample: one factor of a chain, or a whole chain."""

    of: Ref
    by: Ref


@dataclass(frozen=True)
class Gradient:
    """The number g that an update of a parameter uses: batch, penalty, bias policy, clipping."""

    by: Ref


@dataclass(frozen=True)
class Update:
    """What one update makes of a parameter."""

    of: Ref


@dataclass(frozen=True)
class Mistaken:
    """What mistakes make of a number: it stands beside the right one, and is not explained."""

    of: Target


Target = Ref | Derivative | Gradient | Update
