"""Pictures without a window on the screen: what ``export --to svg`` and its like draw."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from PySide6.QtCore import QSize, Qt, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget

from bp_gui.app.command_line import make_application, show_message
from bp_gui.session.exports.problem import ExportError
from bp_gui.session.exports.stills import MOST_PIXELS, Still, Subject
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.network.view import NetworkView
from bp_gui.views.plot.cost_plot import CostPlot
from bp_gui.views.stills import GROUNDS, Paint, paint_both, paint_curve, paint_graph, still
from bp_gui.views.theme import Theme

_CURVE_SHARE = 0.42  # of the graph's height


def draw(snapshot: Snapshot, wish: Still, title: str) -> bytes:
    """Return a picture of a moment as the bytes of a file.

    Parameters
    ----------
    snapshot
        What is shown.
    wish
        What is to be in the picture, and how it is saved.
    title
        What the file says of itself.

    Raises
    ------
    ExportError
        If it has more pixels than can be drawn.
    """
    _begin_qt()
    theme = GROUNDS[wish.ground]
    width, height = wish.room
    with (
        _shown(NetworkView(), QSize(width, height)) as network,
        _shown(CostPlot(), QSize(width, round(height * _CURVE_SHARE))) as plot,
    ):
        for view in (network, plot):
            view.set_theme(theme)
            view.show_snapshot(snapshot, None)
        painted = _painted(wish.subject, network, plot, theme)
        content = still(*painted, wish.format, wish.scale, title)
    if not content:
        raise ExportError(
            f"at a scale of {wish.scale:g} the picture has more than {MOST_PIXELS:,} pixels, "
            "which is the limit"
        )
    return content


def _painted(
    subject: Subject, network: NetworkView, plot: CostPlot, theme: Theme
) -> tuple[Paint, QSize]:
    match subject:
        case Subject.GRAPH:
            return paint_graph(network)
        case Subject.CURVE:
            return paint_curve(plot, theme)
        case Subject.BOTH:
            return paint_both(network, plot, theme)


def _begin_qt() -> None:
    """Start Qt without a display, unless it runs already."""
    if QApplication.instance() is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        qInstallMessageHandler(show_message)
        _kept.append(make_application(sys.argv[:1]))


_kept: list[QApplication] = []  # Qt's end would be the end of a picture in the making


W = TypeVar("W", bound=QWidget)


@contextmanager
def _shown(widget: W, size: QSize) -> Iterator[W]:
    """Give a widget its size as if it were on the screen, and take it away again."""
    widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    widget.resize(size)
    widget.show()
    try:
        yield widget
    finally:
        widget.hide()
        widget.deleteLater()
