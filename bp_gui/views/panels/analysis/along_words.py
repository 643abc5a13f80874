"""What is said about the cost along one quantity."""

from __future__ import annotations

from collections.abc import Iterator

from bp_gui.engine.names import ETA, Kind
from bp_gui.explain.numbers import format_number
from bp_gui.session.snapshot import Snapshot
from bp_gui.session.whatif import Line


def about_step(snapshot: Snapshot, found: Line, digits: int) -> str:
    """Return whose step is drawn, and why it is not −η ∂C/∂v where it is not."""
    experiment, ref = snapshot.experiment, found.ref
    if ref == ETA:
        return (
            "The step leads from η = 0 to the present η: the next update. The tangent at η = 0 "
            "is what its gradient promises."
        )
    if not found.step.is_made:
        if ref.kind in (Kind.INPUT, Kind.TARGET):
            why = "No update changes what the network is shown"
        elif ref in experiment.locked:
            why = f"{ref} is locked, so no update changes it"
        else:
            why = f"Biases are {experiment.bias_policy.value} here, so no update changes {ref}"
        return f"{why}: the step shows what −η ∂C/∂v would do."
    reasons = list(_reasons(snapshot))
    if not reasons:
        return "The step is what the next update does: −η ∂C/∂v."
    plain = format_number(-experiment.eta * found.slope, digits)
    return f"The step is what the next update does, not −η ∂C/∂v = {plain}: {', '.join(reasons)}."


def _reasons(snapshot: Snapshot) -> Iterator[str]:
    """Yield what makes the next update another than a plain step down the drawn slope."""
    experiment = snapshot.experiment
    if snapshot.batch is not None:
        samples = len(experiment.t)
        yield f"its gradient is of a batch of {snapshot.batch_size} of {samples} samples"
    is_clipped = bool((snapshot.used_gradient != snapshot.gradient).any())
    if is_clipped and experiment.clip is not None:
        yield f"it is clipped to a norm of {format_number(experiment.clip, 3)}"
    if experiment.optimizer_name != "gradient_descent":
        yield f"{experiment.optimizer.label} makes the step"
