"""``python -m bp_gui COMMAND``: the headless commands."""

import sys

from bp_gui.cli import main
from bp_gui.session.exports.problem import ExportError
from bp_gui.session.exports.stills import Still
from bp_gui.session.snapshot import Snapshot


def draw(snapshot: Snapshot, wish: Still, title: str) -> bytes:
    """Draw a picture. Qt is imported here and not before: nothing else that is asked needs it."""
    try:
        from bp_gui.app.drawing import draw as drawn
    except ImportError as error:
        raise ExportError(f"pictures need Qt, which cannot be loaded: {error}") from error
    return drawn(snapshot, wish, title)


if __name__ == "__main__":
    sys.exit(main(draw=draw))
