"""Cost curves as data; no plotting library is needed to make them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bp_gui.engine.arrays import Array
from bp_gui.session.timeline import Branch
from bp_gui.views.plot.curve_bins import Numbers


@dataclass(frozen=True, eq=False)
class OtherCurve:
    """The cost of another branch.

    Attributes
    ----------
    colour
        As ``#rrggbb``.
    updates, costs
        Ascending update counts, at least one, and the cost at each.
    """

    colour: str
    updates: Numbers
    costs: Array


def branch_curve(branch: Branch, colour: str) -> OtherCurve:
    """Return the curve of a branch from where it begins."""
    history, tip = branch.tip.history, branch.tip
    own = history.updates >= branch.first
    with np.errstate(all="ignore"):
        last = tip.batch_cost()
    updates = np.append(history.updates[own], tip.updates)
    return OtherCurve(colour, updates, np.append(history.costs[own], last))
