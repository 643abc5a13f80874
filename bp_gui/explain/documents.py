"""An explanation as a document: plain text, LaTeX, Markdown, or data for machines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bp_gui.engine.names import Ref
from bp_gui.explain.explanation import Explanation, Line
from bp_gui.explain.targets import Derivative, Gradient, Target, Update
from bp_gui.explain.written import Digits, to_latex, to_text, words_to_latex


def as_text(explanation: Explanation, digits: Digits) -> str:
    """Return the explanation as plain text, one line an equation."""
    lines = [explanation.title]
    for section in explanation.sections:
        lines += ["", section.title]
        lines += [f"  {section.text}"] if section.text else []
        for line in section.lines:
            caption = f"   ({line.caption.removesuffix('.')})" if line.caption else ""
            lines.append(f"  {to_text(line.equation, digits)}{caption}")
    return "\n".join((*lines, ""))


def as_latex(explanation: Explanation, digits: Digits) -> str:
    """Return the explanation as LaTeX to put into a document that uses amsmath."""
    lines = [rf"\section*{{{words_to_latex(explanation.title)}}}"]
    for section in explanation.sections:
        lines += ["", rf"\subsection*{{{words_to_latex(section.title)}}}"]
        lines += [words_to_latex(section.text)] if section.text else []
        lines += [r"\begin{align*}", *_aligned(section.lines, digits), r"\end{align*}"]
    return "\n".join((*lines, ""))


def as_markdown(explanation: Explanation, digits: Digits) -> str:
    """Return the explanation as Markdown with mathematics between double dollars."""
    lines = [f"## {explanation.title}"]
    for section in explanation.sections:
        lines += ["", f"### {section.title}"]
        lines += ["", section.text] if section.text else []
        aligned = (r"\begin{aligned}", *_aligned(section.lines, digits), r"\end{aligned}")
        lines += ["", "$$", *aligned, "$$"]
    return "\n".join((*lines, ""))


def _aligned(lines: tuple[Line, ...], digits: Digits) -> Iterator[str]:
    """Yield the rows of an alignment: one a side of the equation, the signs below each other."""
    for position, line in enumerate(lines):
        left, *rest = (to_latex(part, digits) for part in line.parts)
        signs = (to_latex(line.sign, digits), *["="] * (len(rest) - 1))
        rows = [
            f"{'' if i else left} &{sign} {part}"
            for i, (sign, part) in enumerate(zip(signs, rest, strict=True))
        ]
        end = r" \\[1ex]" if position < len(lines) - 1 else ""
        yield " \\\\\n".join(rows) + end


def as_data(explanation: Explanation, digits: Digits) -> dict[str, Any]:
    """Return the explanation as plain data: texts, and numbers as they are."""
    return {
        "target": target_name(explanation.target),
        "name": to_text(explanation.name, digits),
        "title": explanation.title,
        "value": explanation.value,
        "sections": [
            {
                "title": section.title,
                "text": section.text,
                "lines": [_line_data(line, digits) for line in section.lines],
            }
            for section in explanation.sections
        ],
    }


def _line_data(line: Line, digits: Digits) -> dict[str, Any]:
    substituted = None if line.substituted is None else to_text(line.substituted, digits)
    return {
        "left": to_text(line.left, digits),
        "sign": line.sign.text,
        "symbolic": [to_text(part, digits) for part in line.symbolic],
        "substituted": substituted,
        "value": line.value,
        "caption": line.caption,
        "latex": to_latex(line.equation, digits),
        "target": None if line.target is None else target_name(line.target),
    }


def target_name(target: Target) -> str:
    """Return what a target is called in commands: ``W2[1,2]``, ``dC/dW2[1,2]``, ``g:W2[1,2]``."""
    match target:
        case Ref():
            return target.name
        case Derivative(of, by):
            return f"d{of}/d{by}"
        case Gradient(by):
            return f"g:{by}"
        case Update(of):
            return f"new:{of}"
