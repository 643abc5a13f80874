"""Names as rich text, for labels."""

from __future__ import annotations

import html
import re

_SUBSCRIPT = re.compile(r"_(\w[\w·]*)")


def with_subscripts(text: str) -> str:
    """Return one line of text as rich text, ``z_h1`` with h1 set lower and smaller."""
    return _SUBSCRIPT.sub(r"<sub>\1</sub>", html.escape(text)).replace("   ", "&emsp;")
