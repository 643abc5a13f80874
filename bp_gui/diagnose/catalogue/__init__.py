"""The known mistakes and conventions: a registry of frozen entries.

To add one, write an entry in the file of its part of the algorithm: everything else reads the
registry.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bp_gui.diagnose.catalogue.backward import BACKWARD
from bp_gui.diagnose.catalogue.conventions import CONVENTIONS
from bp_gui.diagnose.catalogue.forward import FORWARD
from bp_gui.diagnose.catalogue.gradients import GRADIENTS
from bp_gui.diagnose.catalogue.optimizers import OPTIMIZER
from bp_gui.diagnose.catalogue.output import OUTPUT
from bp_gui.diagnose.catalogue.update import UPDATE
from bp_gui.diagnose.mistake import Mistake

MISTAKES: Mapping[str, Mistake] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            *FORWARD,
            *OUTPUT,
            *BACKWARD,
            *GRADIENTS,
            *UPDATE,
            *OPTIMIZER,
            *CONVENTIONS,
        )
    }
)
