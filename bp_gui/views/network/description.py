"""What a tooltip says about one quantity: what it is, now, after the last and the next update."""

from __future__ import annotations

from bp_gui.engine.names import Kind, Ref
from bp_gui.explain.name_choice import Labels
from bp_gui.explain.naming import Naming
from bp_gui.explain.numbers import format_exact, format_number
from bp_gui.session.snapshot import Snapshot

_WHAT = {
    Kind.BIAS: "bias of {to}",
    Kind.NET_INPUT: "net input of {to}: weighted inputs plus bias",
    Kind.ACTIVATION: "activation of {to}: what it passes on",
    Kind.DELTA: "error of {to}: ∂C/∂z of this sample",
    Kind.INPUT: "input {to}",
    Kind.TARGET: "target of {to}",
    Kind.OUTPUT_COST: "what {to} adds to the cost of this sample",
    Kind.COST: "cost: the mean over all samples",
    Kind.ETA: "learning rate η",
}


def what_it_is(ref: Ref, naming: Naming) -> str:
    """Return the quantity in words, for instance ``weight from h2 to o1``."""
    n_layers = naming.architecture.n_layers
    if ref.kind is Kind.WEIGHT:
        source = naming.neuron_text(ref.layer, ref.source)
        return f"weight from {source} to {naming.neuron_text(ref.layer + 1, ref.to)}"
    layer = {Kind.INPUT: 0, Kind.TARGET: n_layers, Kind.OUTPUT_COST: n_layers}.get(
        ref.kind, ref.layer + 1
    )
    return _WHAT[ref.kind].format(to=naming.neuron_text(layer, ref.to))


def describe(snapshot: Snapshot, ref: Ref, digits: int, naming: Naming) -> str:
    """Return the tooltip of a quantity, a line each."""
    name = Labels(naming, both=True).text(ref) if ref.is_parameter else ref.name
    lines = [
        f"{name}: {what_it_is(ref, naming)}",
        f"value {format_exact(snapshot.value(ref))}",
    ]
    if ref.is_parameter:
        lines += _update_lines(snapshot, ref, digits)
    return "\n".join(lines)


def _update_lines(snapshot: Snapshot, ref: Ref, digits: int) -> list[str]:
    experiment = snapshot.experiment
    k = experiment.architecture.index(ref)

    def story(before: float, gradient: float, after: float) -> str:
        numbers = [format_number(v, digits) for v in (before, gradient, after - before, after)]
        return "{} before, g = {}, Δ = {}, {} after".format(*numbers)

    lines = []
    if not experiment.trainable[k]:
        lines.append("training leaves it alone: it is locked or its bias is fixed")
    now = float(experiment.parameters.theta[k])
    lines.append(
        "next update: " + story(now, float(snapshot.gradient[k]), float(snapshot.next_theta[k]))
    )
    last = experiment.last_update
    if last is not None:
        lines.append(
            f"update {experiment.updates:,}: "
            + story(float(last.before[k]), float(last.gradient[k]), float(last.after[k]))
        )
    return lines
