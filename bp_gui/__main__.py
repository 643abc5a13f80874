"""``python -m bp_gui COMMAND``: the headless commands."""

import sys

from bp_gui.cli import main

sys.exit(main())
