"""A quiz on paper: the network in numbers, the questions, and the key on a page of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from bp_gui.engine.arrays import Array
from bp_gui.explain.numbers import format_number
from bp_gui.session.experiment import Experiment
from bp_gui.session.quiz import Question

_DIGITS = 6
_NAME = "Name ______________________   Date ______________"


def worksheet_text(experiment: Experiment, questions: Sequence[Question], seed: int) -> str:
    """Return the worksheet as plain text, the answer key last."""
    lines = [
        f"Backpropagation worksheet {seed}",
        "",
        _NAME,
        "",
        *_given(experiment),
        "",
        "Questions",
        "",
    ]
    for number, question in enumerate(questions, start=1):
        lines += [f"{number:2}. {question.text}", f"    {_line(question)}", ""]
    lines += ["\f", f"Answer key, worksheet {seed}", ""]
    lines += [f"{n:2}. {question.key}" for n, question in enumerate(questions, start=1)]
    return "\n".join(lines) + "\n"


def worksheet_html(experiment: Experiment, questions: Sequence[Question], seed: int) -> str:
    """Return the worksheet as HTML, the answer key on a page of its own."""
    given = "".join(f"<p>{escape(line)}</p>" for line in _given(experiment))
    asked = "".join(f"<li><p>{escape(q.text)}</p><p>{_spaced(q)}</p></li>" for q in questions)
    key = "".join(f"<li>{escape(q.key)}</li>" for q in questions)
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8">'
        f"<title>Backpropagation worksheet {seed}</title></head><body>"
        f"<h2>Backpropagation worksheet {seed}</h2><p>{_NAME}</p>{given}"
        f"<h3>Questions</h3><ol>{asked}</ol>"
        f'<h2 style="page-break-before: always">Answer key, worksheet {seed}</h2><ol>{key}</ol>'
        "</body></html>\n"
    )


def _given(experiment: Experiment) -> list[str]:
    """Return what has to be known to answer, a line each."""
    architecture = experiment.architecture
    sizes = "-".join(map(str, architecture.sizes))
    lines = [
        f"Network {sizes}, activations {', '.join(architecture.activations)}. "
        "W[to, from]; all parameters are updated at once.",
        f"Cost of a sample: Σ {experiment.cost.formula}. Update: {experiment.optimizer.formula}. "
        f"η = {_number(experiment.eta)}. Biases: {experiment.bias_policy.value.replace('_', ' ')}.",
        *_settings(experiment),
    ]
    for layer, (W, b) in enumerate(
        zip(experiment.parameters.W, experiment.parameters.b, strict=True), start=1
    ):
        lines.append(f"W{layer} = [{_rows(W)}],  b{layer} = [{_row(b.tolist())}]")
    lines += _memory(experiment)
    batch = experiment.batch(experiment.updates)
    used = range(len(experiment.t)) if batch is None else batch.tolist()
    if len(used) > 1:
        lines.append(f"Gradients are means over {len(used):,} samples:")
    for sample in used:
        x, t = experiment.x[sample].tolist(), experiment.t[sample].tolist()
        lines.append(f"x = [{_row(x)}],  t = [{_row(t)}]")
    return lines


def _settings(experiment: Experiment) -> Iterator[str]:
    """Yield the numbers in the formulas, and what else decides about an update."""
    chosen = zip(experiment.optimizer.settings, experiment.optimizer_settings, strict=True)
    said = [f"{setting.symbol} = {_number(value)}" for setting, value in chosen]
    if experiment.optimizer.slots:
        said.append(f"this is update n = {experiment.optimizer_state.updates + 1} of the optimizer")
    if said:
        yield f"{', '.join(said)}."
    if experiment.penalty:
        sizes = f"λ₁ = {_number(experiment.penalty.l1)}, λ₂ = {_number(experiment.penalty.l2)}"
        yield f"Penalty on weights, in cost and gradient: λ₁ Σ |w| + ½ λ₂ Σ w², {sizes}."
    if experiment.clip is not None:
        yield f"A gradient longer than {_number(experiment.clip)} is made that long."
    if experiment.locked:
        yield f"Locked: {', '.join(sorted(ref.name for ref in experiment.locked))}."


def _memory(experiment: Experiment) -> Iterator[str]:
    """Yield what the optimizer remembers, where that is not zeros."""
    state = experiment.optimizer_state
    if not state.slots.any():
        return
    for slot, numbers in zip(experiment.optimizer.slots, state.slots, strict=True):
        matrices, vectors = experiment.architecture.views(numbers)
        for layer, (W, b) in enumerate(zip(matrices, vectors, strict=True), start=1):
            yield f"{slot} of W{layer} = [{_rows(W)}],  of b{layer} = [{_row(b.tolist())}]"


def _line(question: Question) -> str:
    if question.choices:
        return "   ".join(f"☐ {choice}" for choice in question.choices)
    return "= ______________________"


def _spaced(question: Question) -> str:
    """Return the line for the answer as HTML, whose spaces stay."""
    return escape(_line(question)).replace("   ", "&emsp;&emsp;")


def _rows(matrix: Array) -> str:
    return "; ".join(_row(row) for row in matrix.tolist())


def _row(numbers: Sequence[float]) -> str:
    return ", ".join(_number(number) for number in numbers)


def _number(value: float) -> str:
    return format_number(value, _DIGITS)
