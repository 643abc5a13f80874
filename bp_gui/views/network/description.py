"""What a tooltip says about one quantity: what it is, now, after the last and the next update."""

from __future__ import annotations

from bp_gui.engine.names import Kind, Ref, neuron_name
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


def what_it_is(ref: Ref, n_layers: int) -> str:
    """Return the quantity in words, for instance ``weight from h2 to o1``."""
    if ref.kind is Kind.WEIGHT:
        source = neuron_name(ref.layer, ref.source, n_layers)
        return f"weight from {source} to {neuron_name(ref.layer + 1, ref.to, n_layers)}"
    layer = {Kind.INPUT: 0, Kind.TARGET: n_layers, Kind.OUTPUT_COST: n_layers}.get(
        ref.kind, ref.layer + 1
    )
    return _WHAT[ref.kind].format(to=neuron_name(layer, ref.to, n_layers))


def describe(snapshot: Snapshot, ref: Ref, digits: int) -> str:
    """Return the tooltip of a quantity, a line each."""
    architecture = snapshot.experiment.architecture
    lines = [
        f"{ref}: {what_it_is(ref, architecture.n_layers)}",
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
