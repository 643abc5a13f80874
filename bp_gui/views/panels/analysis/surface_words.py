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
    name = _name(output)
    unit = "nats" if "cross_entropy" in experiment.cost_name else "squared units of t"
    if output is None and experiment.penalty:
        name += " with its penalty"
    return f"{name}, in {unit}"


def gradient_text(plane: Plane, output: int | None, digits: int) -> str:
    """Return the two numbers of the gradient's arrow."""
    across, up = (format_number(value, digits) for value in plane.slopes(output))
    return f"gradient of {_name(output)}: {across} across, {up} up"


def caption(plane: Plane, output: int | None, paths: Sequence[Path], theme: Theme) -> str:
    """Return a few words on everything that is drawn, in rich text."""
    name = _name(output)
    parts = [
        f"Lines join places of equal {name}.",
        f"{_sign('➔', theme.text)}its gradient, uphill;",
        f"{_sign('➔', theme.negative)}the next update.",
    ]
    if any(len(path.theta) > 1 for path in paths):
        colour = theme.branch_colour(paths[-1].branch)
        parts.append(
            f"{_sign('━', colour)}where training has been, from the ring on; "
            "dots count its updates."
        )
    if not plane.holds_present:
        parts.append("The point is the nearest place on the plane: training has left it.")
    return " ".join(parts)


def _name(output: int | None) -> str:
    return "C" if output is None else f"C[{output + 1}]"


def _sign(text: str, colour: str) -> str:
    return f'<span style="color:{colour}">{text}</span>\u00a0'
