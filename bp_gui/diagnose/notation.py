"""Names and lines as textbooks and programs write them, as the other readers here expect them.

``w¹₂₁``, ``w^1_{21}`` and ``W1[1][0]`` become ``W1[2,1]``; of a line that works a number out, as
``w5+ = w5 − 0.5 · 0.082 = 0.359``, its name and its result are left.
"""

from __future__ import annotations

import re

from bp_gui.diagnose.written import NUMBER

_DIGITS = "0123456789"
_HIGH, _LOW = "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"
_PLAIN_HIGH, _PLAIN_LOW = str.maketrans(_HIGH, _DIGITS), str.maketrans(_LOW + "ₒₕ", _DIGITS + "oh")
_LATEX = re.compile(r"\\(?:begin|end)\{\w+\*?\}|\\(?:left|right)(?![A-Za-z])")
_PRINTED = re.compile(rf"(?<=[A-Za-zδ])([{_HIGH}])([{_LOW}]{{1,2}})(?!\w)")
_LOWERED = re.compile(rf"(?<=[A-Za-zδ])([{_LOW}]+|[ₒₕ][{_LOW}]+)")
_NAME = r"(?<![\w\\])([A-Za-zδ]|\\delta)"
_RAISED, _PLACE = r"\^(?:\{?\(?([1-9])\)?\}?)", r"_(?:\{([1-9]),?([1-9])?\}|([1-9])(?!\d))"
_LAYER_FIRST = re.compile(_NAME + _RAISED + _PLACE)
_LAYER_LAST = re.compile(_NAME + _PLACE + _RAISED)
_CHAINED = re.compile(r"(?<=[A-Za-z]\d)\[(\d{1,4})\]\s?\[(\d{1,4})\](?=\s*[=:]\s*[-+.\d])")
_OPERATOR = re.compile(r"[*×·⋅]\s*[\w(.∂]|[\w).]\s+[-+]\s+[\d.(]")
_BRACKETED = re.compile(r"\[[\d,]*\]")
_BORDER = re.compile(r"[,;|\t\[\]]")


def plain_names(text: str) -> str:
    """Return a text with its names as ``W2[1,2]``, ``b1[2]`` and ``w5``, and without working."""
    plain = _LATEX.sub(" ", text)
    plain = _PRINTED.sub(
        lambda m: _indexed(m[1].translate(_PLAIN_HIGH), *m[2].translate(_PLAIN_LOW)), plain
    )
    plain = _LOWERED.sub(lambda m: f"_{m[1].translate(_PLAIN_LOW)}", plain)
    plain = _LAYER_FIRST.sub(lambda m: m[1] + _indexed(m[2], m[3] or m[5], m[4]), plain)
    plain = _LAYER_LAST.sub(lambda m: m[1] + _indexed(m[5], m[2] or m[4], m[3]), plain)
    # Programs count from 0.
    plain = _CHAINED.sub(lambda m: _indexed("", *(str(int(i) + 1) for i in m.groups())), plain)
    return "\n".join(map(_without_working, plain.split("\n")))


def _indexed(layer: str, *place: str | None) -> str:
    return f"{layer}[{','.join(i for i in place if i)}]"


def _without_working(line: str) -> str:
    """Return ``name = result`` of a line that goes through an expression to its result."""
    if line.count("=") < 2:
        return line
    name, *between, result = line.split("=")
    middle = _BRACKETED.sub("", "=".join(between))
    is_worked = NUMBER.fullmatch(result.strip()) and not _BORDER.search(middle)
    return f"{name}={result}" if is_worked and _OPERATOR.search(middle) else line
