"""Opens the window: ``python main.py [FILE]``."""

import sys

from bp_gui.app import main

sys.exit(main())
