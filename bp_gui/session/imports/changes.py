"""What would change, of up to half a million parameters, without making a row for each at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from bp_gui.engine.arrays import Array
from bp_gui.engine.network import Architecture
from bp_gui.session.imports.theta import parameter_at


@dataclass(frozen=True)
class Change:
    """One parameter, before and after; it has no value before in a network that is to come."""

    name: str
    old: float | None
    new: float


@dataclass(frozen=True, eq=False)
class Changes(Sequence[Change]):
    """The parameters that a file gives, in the order of θ; each is made when it is looked at.

    Attributes
    ----------
    architecture
        The network that they are of, present or to come.
    places
        Which they are: positions in θ, rising.
    old
        The present θ; None for a network that is to come.
    new
        What θ would be.
    """

    architecture: Architecture
    places: NDArray[np.int64]
    old: Array | None
    new: Array

    @property
    def n_changed(self) -> int:
        """How many get another value."""
        if self.old is None:
            return len(self)
        return int(np.count_nonzero(self.old[self.places] != self.new[self.places]))

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, row: int) -> Change: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[Change]: ...
    def __getitem__(self, row: int | slice) -> Change | Sequence[Change]:
        if isinstance(row, slice):
            return [self[each] for each in range(*row.indices(len(self)))]
        place = int(self.places[row])
        old = None if self.old is None else float(self.old[place])
        return Change(parameter_at(self.architecture, place).name, old, float(self.new[place]))
