"""What is said about a cost surface."""

from __future__ import annotations

from collections.abc import Sequence

from bp_gui.explain.numbers import format_number
from bp_gui.session.experiment import Experiment
from bp_gui.session.paths import Path
from bp_gui.session.planes import Plane
from bp_gui.views.theme import Theme


def scale_title(experiment: Experiment, output: int | None) -> str:
    """Return what the numbers of the scale are, and what they are counted in."""
    name = "C" if output is None else f"C[{output + 1}]"
    unit = "nats" if "cross_entropy" in experiment.cost_name else "squared units of t"
    if output is None and experiment.penalty:
        name += " with its penalty"
    return f"{name}, in {unit}"


def caption(
    plane: Plane, output: int | None, paths: Sequence[Path], theme: Theme, digits: int
) -> str:
    """Return a few words on everything that is drawn, in rich text."""
    name = "C" if output is None else f"C[{output + 1}]"
    across, up = (format_number(value, digits) for value in plane.slopes(output))
    parts = [
        f"Lines join places of equal {name}. "
        f"{_sign('➔', theme.text)} gradient of {name}, uphill: {across} across, {up} up.",
        f"{_sign('➔', theme.negative)} the next update.",
    ]
    if any(len(path.theta) > 1 for path in paths):
        colour = theme.branch_colour(paths[-1].branch)
        parts.append(
            f"{_sign('━', colour)} where training has been; dots count its updates, "
            "and the ring is where it began."
        )
    if not plane.holds_present:
        parts.append("The point is the nearest place on the plane: training has left it.")
    return " ".join(parts)


def _sign(text: str, colour: str) -> str:
    return f'<span style="color:{colour}">{text}</span>'
