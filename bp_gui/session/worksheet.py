"""A quiz on paper: the network in numbers, the questions, and the key on a page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bp_gui.explain.numbers import format_number
from bp_gui.session.experiment import Experiment
from bp_gui.session.quiz import Question

_DIGITS = 6


def worksheet_text(experiment: Experiment, questions: Sequence[Question], seed: int) -> str:
    """Return the worksheet as plain text, the answer key last."""
    lines = [f"Backpropagation worksheet {seed}", "", *_given(experiment), "", "Questions", ""]
    for number, question in enumerate(questions, start=1):
        lines += [f"{number:2}. {question.text}", f"    {_line(question)}", ""]
    lines += ["\f", f"Answer key, worksheet {seed}", ""]
    lines += [f"{n:2}. {question.key}" for n, question in enumerate(questions, start=1)]
    return "\n".join(lines) + "\n"


def worksheet_html(experiment: Experiment, questions: Sequence[Question], seed: int) -> str:
    """Return the worksheet as HTML, the answer key on a page of its own."""
    given = "".join(f"<p>{escape(line)}</p>" for line in _given(experiment))
    asked = "".join(f"<li><p>{escape(q.text)}</p><p>{escape(_line(q))}</p></li>" for q in questions)
    key = "".join(f"<li>{escape(q.key)}</li>" for q in questions)
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8">'
        f"<title>Backpropagation worksheet {seed}</title></head><body>"
        f"<h2>Backpropagation worksheet {seed}</h2>{given}<h3>Questions</h3><ol>{asked}</ol>"
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
    ]
    for layer, (W, b) in enumerate(
        zip(experiment.parameters.W, experiment.parameters.b, strict=True), start=1
    ):
        rows = "; ".join(_row(row) for row in W.tolist())
        lines.append(f"W{layer} = [{rows}],  b{layer} = [{_row(b.tolist())}]")
    batch = experiment.batch(experiment.updates)
    used = range(len(experiment.t)) if batch is None else batch.tolist()
    for sample in used:
        x, t = experiment.x[sample].tolist(), experiment.t[sample].tolist()
        lines.append(f"x = [{_row(x)}],  t = [{_row(t)}]")
    return lines


def _line(question: Question) -> str:
    if question.choices:
        return "   ".join(f"☐ {choice}" for choice in question.choices)
    return "= ______________________"


def _row(numbers: Sequence[float]) -> str:
    return ", ".join(_number(number) for number in numbers)


def _number(value: float) -> str:
    return format_number(value, _DIGITS)
