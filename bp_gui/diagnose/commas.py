"""Commas that are the decimal mark, as in ``w5 = 0,3589`` and ``[0,3589; 0,4087]``.

A comma also separates, so it is taken for the decimal mark only where a list makes no sense: there
is no point, every comma between two digits belongs to a number of its own, and the others are no
borders between such numbers or have a space behind them. ``[1,2]`` stays a list.
"""

from __future__ import annotations

import re

_EXPONENT = r"(?:[eE][+-]?\d+)?"
_ALONE = re.compile(rf"(?<![\d.,])([+-]?\d+),(\d{{2,}}{_EXPONENT})(?![\d,])")
_NUMBER = re.compile(rf"(?<![\w.,])([+-]?\d),(\d+{_EXPONENT})(?![\w.]|,\S)")
# Nobody starts a whole number with 0, and few write 0 and 3589 without a space between them.
_TELLING = re.compile(
    r"[+-]?0,\d{3}|[+-]?\d,\d{4}|[+-]?\d,0\d|-0,"
    r"|[+-]?0,\d\d+(?:[eE][+-]?\d+)?[ \t]+[+-]?\d,"  # 0,15 0,2 would have two separators
)
_PLACE = re.compile(r"(?<=\w)\[\d+(?:,\d+)*\]")  # of a name: W1[2,1]
_INNERMOST = re.compile(r"[\[{(]([^\[\]{}()]*)[\]})]")
_SEPARATING = re.compile(r",(?=\s|$)")


def with_points(text: str) -> str:
    """Return a text with points for decimal commas, if it has any."""
    if "," not in text:
        return text
    if not any(mark in text for mark in ".[{") and len(_ALONE.findall(text)) == text.count(","):
        return _ALONE.sub(r"\1.\2", text)
    names = _PLACE.findall(text)
    pieces = _PLACE.split(text)
    blanked = "[]".join(pieces)
    if not _are_decimal(blanked):
        return text
    pointed = [_NUMBER.sub(r"\1.\2", piece) for piece in pieces]
    return "".join(p + n for p, n in zip(pointed, [*names, ""], strict=True))


def _are_decimal(text: str) -> bool:
    """Whether no comma in a text, whose names have no places, separates without a space."""
    if re.search(r"\d\.|\.\d", text) or not any(
        _TELLING.match(text, match.start()) for match in _NUMBER.finditer(text)
    ):
        return False
    if any(_NUMBER.fullmatch(inner.strip()) for inner in _INNERMOST.findall(text)):
        return False  # [0,3589] is a list of two
    return "," not in _SEPARATING.sub("", _NUMBER.sub("", text))
