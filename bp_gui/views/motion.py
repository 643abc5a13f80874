"""Whether things may move: as a person has chosen, or as the system wishes where Qt tells it."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QStyle

from bp_gui.controller.settings import Motion


def things_move(choice: Motion) -> bool:
    """Return whether numbers may travel through the graph."""
    if choice is not Motion.SYSTEM:
        return choice is Motion.FULL
    return bool(QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animate))
