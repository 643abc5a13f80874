"""Right and wrong lines of the algorithm, and numbers, side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from PySide6.QtGui import QFontDatabase

from bp_gui.diagnose.mistake import Line, Mistake
from bp_gui.views.theme import Theme

_BRACED = re.compile(r"_\{([^}]*)\}")
_SINGLE = re.compile(r"_(\w+)")


def side_by_side(mistakes: Iterable[Mistake], theme: Theme, wrong: str) -> str:
    """Return a table of right and wrong lines for each mistake.

    Parameters
    ----------
    mistakes
        What to show.
    theme
        For the colours.
    wrong
        The heading of the column with the wrong lines.
    """
    return "".join(_one(mistake, theme, wrong) for mistake in mistakes)


def _one(mistake: Mistake, theme: Theme, wrong: str) -> str:
    colour = theme.muted if mistake.is_convention else theme.warning
    return (
        f'<p style="margin:8px 0 0 0"><b>{escape(mistake.label)}</b></p>'
        '<table width="100%" cellspacing="0" cellpadding="5" style="margin:3px 0"><tr>'
        f"{_cell('Right', mistake.right, theme, theme.accent)}"
        f"{_cell(wrong, mistake.wrong, theme, colour)}</tr></table>"
        f'<p style="margin:1px 0 0 0; color:{theme.muted}">{escape(mistake.cause)}</p>'
    )


def _cell(heading: str, line: Line, theme: Theme, colour: str) -> str:
    family = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    code = "<br>".join(escape(row) for row in line.numpy.split("\n"))
    return (
        f'<td width="50%" valign="top" bgcolor="{theme.background}">'
        f'<span style="color:{colour}; font-weight:600">{escape(heading)}</span><br>'
        f"{_typeset(line.text)}<br>"
        f"<span style=\"font-family:'{family}',monospace; font-size:small; "
        f'color:{theme.muted}">{code}</span></td>'
    )


def _typeset(text: str) -> str:
    """Return mathematics with its indices below the line."""
    return _SINGLE.sub(r"<sub>\1</sub>", _BRACED.sub(r"<sub>\1</sub>", escape(text)))
