"""The window for sweeps: what to vary on the left, what came of it on the right."""
