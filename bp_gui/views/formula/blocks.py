"""What a sheet shows, one below the other: headings, prose and equations."""

from __future__ import annotations

from dataclasses import dataclass

from bp_gui.explain.mathematics import EQUALS, Node, Symbol, row
from bp_gui.explain.written import Digits, to_latex, to_text


@dataclass(frozen=True)
class Heading:
    """The title of what follows.

    Attributes
    ----------
    text
        A few words.
    depth
        How far it is unfolded inside others.
    large
        Whether it is the title of the whole page.
    """

    text: str
    depth: int = 0
    large: bool = False


@dataclass(frozen=True)
class Prose:
    """A paragraph of words.

    Attributes
    ----------
    text
        The words.
    quiet
        Whether they are of less weight, such as the caption of an equation.
    depth
        How far it is unfolded inside others.
    """

    text: str
    quiet: bool = False
    depth: int = 0


@dataclass(frozen=True)
class Equation:
    """``left = step = step …``, a step a line, the signs below each other.

    Attributes
    ----------
    left
        What stands before the first sign; None for a lone expression.
    steps
        What stands after each sign.
    relation
        The sign between ``left`` and the first step; the others are equals signs.
    depth
        How far it is unfolded inside others.
    """

    left: Node | None
    steps: tuple[Node, ...]
    relation: Symbol = EQUALS
    depth: int = 0


Block = Heading | Prose | Equation


def text_of(block: Block, digits: Digits) -> str:
    """Return a block as one line of text."""
    if not isinstance(block, Equation):
        return block.text
    return to_text(_whole(block), digits)


def latex_of(equation: Equation, digits: Digits) -> str:
    """Return an equation as LaTeX for mathematics mode, a step a line if there are several."""
    if equation.left is None or len(equation.steps) < 2:
        return to_latex(_whole(equation), digits)
    left = to_latex(equation.left, digits)
    signs = (equation.relation, *(EQUALS,) * (len(equation.steps) - 1))
    lines = [
        f"{'' if number else left} &{to_latex(sign, digits)} {to_latex(step, digits)}"
        for number, (sign, step) in enumerate(zip(signs, equation.steps, strict=True))
    ]
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}\n"


def _whole(equation: Equation) -> Node:
    items: list[Node] = [] if equation.left is None else [equation.left]
    for number, step in enumerate(equation.steps):
        if items:
            items.append(EQUALS if number else equation.relation)
        items.append(step)
    return row(*items)
