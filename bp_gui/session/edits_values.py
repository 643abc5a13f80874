"""Setting many numbers at once, as by pasting; undone together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from bp_gui.engine.names import Ref
from bp_gui.session.edits import EditError, SetValue
from bp_gui.session.experiment import Experiment


@dataclass(frozen=True)
class SetValues:
    """Give several parameters new values.

    Attributes
    ----------
    values
        Which, and the finite numbers that they get; of one that is named twice the last counts.
    """

    values: tuple[tuple[Ref, float], ...]

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        count = len(self.values)
        return f"Set {count:,} value{'' if count == 1 else 's'}"

    @property
    def merge_key(self) -> str | None:
        """See `Edit.merge_key`."""
        return None

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`; either all values are set or none."""
        if not self.values:
            raise EditError("there are no values to set")
        edits = (SetValue(ref, value) for ref, value in self.values)
        return reduce(lambda changed, edit: edit.apply(changed), edits, experiment)
