"""Between the window and the session: undo, training runs, files and settings. No widgets."""
