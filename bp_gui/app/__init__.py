"""The composition root: the only place that wires the layers together.

============  ===========================================================================
module        holds
============  ===========================================================================
program       one window on one project, and the controllers behind it
cinema        the film of an update
pictures      still pictures and recordings
carrying      what a project file carries beside the experiment
interchange   what goes in and out: exports, imports, sharing
sweeps        the window for sweeps
command_line  opening the window, or drawing it into a file
============  ===========================================================================
"""

from __future__ import annotations

from bp_gui.app.command_line import main, make_application
from bp_gui.app.program import Program

__all__ = ["Program", "main", "make_application"]
