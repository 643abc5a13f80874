"""Markdown tables, and numbers as they stand in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[str]], numbers: bool = False) -> list[str]:
    """Return the lines of a table; with numbers, all columns but the first are set to the right."""
    rule = ["---", *(["---:" if numbers else "---"] * (len(header) - 1))]
    return [f"| {' | '.join(cells)} |" for cells in (header, rule, *rows)]


def three_digits(value: float) -> str:
    """Return a positive number with three digits that count, and thousands set apart."""
    if value >= 100:
        return f"{value:,.0f}"
    digits = 1 if value >= 10 else 2 if value >= 1 else 3 if value >= 0.1 else 4
    return f"{value:.{digits}f}"
