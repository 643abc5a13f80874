"""An explanation as the blocks of a sheet, with others unfolded inside it. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bp_gui.explain.explanation import Explanation, Line
from bp_gui.explain.targets import Target
from bp_gui.views.formula.blocks import Block, Equation, Heading, Prose
from bp_gui.views.panels.mistaken import Beside

Path = tuple[tuple[int, Target], ...]
"""Through which lines one has come: the line's number, and what was asked there."""


@dataclass(frozen=True)
class Entry:
    """A block and where it comes from.

    Attributes
    ----------
    block
        What is shown.
    line
        The line of the explanation that it shows; None for words.
    number
        The line's number in its explanation.
    path
        Where that explanation is unfolded; empty for the page itself.
    """

    block: Block
    line: Line | None = None
    number: int = -1
    path: Path = ()


@dataclass(frozen=True)
class Page:
    """An explanation with what is unfolded inside it.

    Attributes
    ----------
    explain
        Answers what is asked in a line.
    unfolded
        What has been asked.
    beside
        What stands beside the right numbers, where mistakes are on.
    """

    explain: Callable[[Target], Explanation]
    unfolded: frozenset[Path]
    beside: Beside | None = None

    def entries(self, explanation: Explanation) -> Iterator[Entry]:
        """Yield the blocks of a page."""
        yield Entry(Heading(explanation.title, large=True))
        yield from self._sections(explanation, ())

    def _sections(self, explanation: Explanation, path: Path) -> Iterator[Entry]:
        depth, number = len(path), 0
        for position, section in enumerate(explanation.sections):
            if position or path:
                title = section.title if not path or position else explanation.title
                yield Entry(Heading(title, depth), path=path)
            if section.text:
                yield Entry(Prose(section.text, depth=depth), path=path)
            for line in section.lines:
                yield from self._line(line, number, path)
                number += 1
            if self.beside is not None and not path and position == 0:
                yield from map(Entry, self.beside.section(explanation.target))

    def _line(self, line: Line, number: int, path: Path) -> Iterator[Entry]:
        depth = len(path)
        if line.caption:
            yield Entry(Prose(line.caption, quiet=True, depth=depth), path=path)
        left, *steps = line.parts
        yield Entry(Equation(left, tuple(steps), line.sign, depth), line, number, path)
        if self.beside is not None and (path or number):
            yield from (Entry(block, path=path) for block in self.beside.note(line, depth))
        for longer in sorted(self.unfolded, key=str):
            if longer[:-1] == path and longer[-1][0] == number:
                target = longer[-1][1]
                yield from self._sections(self.explain(target), longer)


def line_about(entries: list[Entry], target: Target, path: Path, other_than: int) -> int | None:
    """Return which block shows the line that explains a target, if the same explanation has one.

    Parameters
    ----------
    entries
        The blocks.
    target
        What is asked.
    path
        Which explanation it is asked in.
    other_than
        The line that it is asked in.
    """
    for position, entry in enumerate(entries):
        is_here = entry.line is not None and entry.path == path and entry.number != other_than
        if is_here and entry.line is not None and entry.line.target == target:
            return position
    return None
