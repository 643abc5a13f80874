"""What is said about a response."""

from __future__ import annotations

from collections.abc import Sequence

from bp_gui.explain.numbers import format_number
from bp_gui.session.responses import DecisionMap, Response, ResponseMap, Rest
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.plot.shades import class_colour
from bp_gui.views.theme import Theme

_MOST_TOLD = 6  # outputs in a tip


def about(found: Response, name: str, classes: Sequence[str], wrong: str, theme: Theme) -> str:
    """Return a caption in rich text.

    Parameters
    ----------
    found
        What is drawn.
    name
        Whose response it is.
    classes
        What the classes are called, where the network names one.
    wrong
        How many samples' classes are not told.
    theme
        The colours that the classes have.
    """
    drawn = found.drawn
    if isinstance(drawn, DecisionMap):
        told = ", ".join(
            f'<span style="color:{class_colour(theme, k)}">●</span>\u00a0{each}'
            for k, each in enumerate(classes)
        )
        text = f"The class that the network names: {told}. Ringed in red: {wrong} wrong."
    elif isinstance(drawn, ResponseMap):
        text = (
            f"Blue: {name} above {format_number(drawn.middle, 3)}, orange: below; the line lies "
            "between. Points: training samples by their target; the ring is the one shown."
        )
    else:
        text = f"The curve is {name}; the ring is sample {found.snapshot.sample + 1}."
        layers = found.snapshot.experiment.architecture.n_layers
        if found.neuron is not None and found.neuron.layer == layers - 1:
            text += " Points are targets; a thin line joins each with what the network gives."
    return text + _about_rest(found)


def _about_rest(found: Response) -> str:
    others = found.snapshot.experiment.architecture.n_inputs - len(found.window.varied)
    if not others:
        return ""
    sample = f"those of sample {found.snapshot.sample + 1}"
    held = sample if found.window.rest is Rest.SAMPLE else "their means"
    noun = "input is" if others == 1 else "inputs are"
    return (
        f" The other {others} {noun} held at {held}; those of the samples differ, so a sample "
        "can lie on the other side of a line and yet be right."
    )


def about_sample(snapshot: Snapshot, sample: int, digits: int) -> str:
    """Return what a sample says under the pointer: target, output and residual of each output."""
    t, a = snapshot.experiment.t[sample], snapshot.outputs[sample]
    lines = [f"sample {sample + 1}"]
    for k, (target, output) in enumerate(zip(t.tolist(), a.tolist(), strict=True), start=1):
        numbers = (format_number(value, digits) for value in (target, output, target - output))
        lines.append("t[{}] = {}, a = {}, residual t − a = {}".format(k, *numbers))
    more = len(t) - _MOST_TOLD
    return "\n".join(lines if more <= 0 else [*lines[: _MOST_TOLD + 1], f"and {more} more"])
