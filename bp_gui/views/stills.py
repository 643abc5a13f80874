"""Pictures of the graph and of the cost curve: for files, and for the frames of a recording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import (
    QBuffer,
    QIODevice,
    QMarginsF,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    QSizeF,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QImageWriter,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QRegion,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QToolButton, QWidget

from bp_gui.session.exports.stills import MOST_PIXELS, Ground, StillFormat
from bp_gui.session.frames import Frame
from bp_gui.session.whole_file import write_whole
from bp_gui.views.network.view import NetworkView
from bp_gui.views.theme import DARK, LIGHT, Theme

_POINTS_PER_INCH = 72
_PIXELS_PER_INCH = 96
_CAPTION = 34
_GAP = 8

Paint = Callable[[QPainter], None]


# Paper is white; a window's ground is a shade darker, so that its cards stand out.
GROUNDS: Final = {Ground.LIGHT: replace(LIGHT, background="#ffffff"), Ground.DARK: DARK}


def save_still(
    paint: Paint, size: QSize, path: Path, kind: StillFormat, scale: float, title: str
) -> str:
    """Draw a picture into a file; return why it could not be written, or nothing if it was.

    Nothing half-written stands under the name. See `still` for the parameters.
    """
    content = still(paint, size, kind, scale, title)
    if not content:
        return f"at a scale of {scale:g} it has more than {MOST_PIXELS:,} pixels"
    try:
        write_whole(path, content)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def still(paint: Paint, size: QSize, kind: StillFormat, scale: float, title: str) -> bytes:
    """Return a picture as the bytes of a file; none if it has too many pixels.

    Parameters
    ----------
    paint
        Paints it at its own size.
    size
        That size.
    kind
        How it is saved.
    scale
        How many times as large; of drawings too.
    title
        What the file says of itself.
    """
    draw = {StillFormat.SVG: _draw_svg, StillFormat.PDF: _draw_pdf, StillFormat.PNG: _draw_png}
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    drawn = draw[kind](paint, size, buffer, scale, title)
    return bytes(buffer.data().data()) if drawn else b""


def _draw_svg(paint: Paint, size: QSize, device: QIODevice, scale: float, title: str) -> bool:
    generator = QSvgGenerator()
    generator.setOutputDevice(device)
    generator.setSize(size * scale)
    generator.setViewBox(QRect(QPoint(0, 0), size))
    generator.setResolution(_PIXELS_PER_INCH)
    generator.setTitle(title)
    return _painted(QPainter(generator), paint, 1.0)


def _draw_pdf(paint: Paint, size: QSize, device: QIODevice, scale: float, title: str) -> bool:
    writer = QPdfWriter(device)
    writer.setTitle(title)
    writer.setResolution(_PIXELS_PER_INCH)
    points = QSizeF(size) * scale * _POINTS_PER_INCH / _PIXELS_PER_INCH
    page = QPageSize(points, QPageSize.Unit.Point, matchPolicy=QPageSize.SizeMatchPolicy.ExactMatch)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
    return _painted(QPainter(writer), paint, scale)


def _draw_png(paint: Paint, size: QSize, device: QIODevice, scale: float, title: str) -> bool:
    if size.width() * size.height() * scale**2 > MOST_PIXELS:
        return False
    image = image_of(paint, size, scale)
    image.setText("Title", title)
    return QImageWriter(device, b"png").write(image)


def image_of(paint: Paint, size: QSize, scale: float) -> QImage:
    """Return a picture in pixels."""
    image = QImage(size * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(Qt.GlobalColor.white)
    _painted(QPainter(image), paint, 1.0)
    return image


def _painted(painter: QPainter, paint: Paint, scale: float) -> bool:
    if not painter.isActive():
        return False
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        paint(painter)
    finally:
        painter.end()
    return True


def paint_graph(network: NetworkView) -> tuple[Paint, QSize]:
    """Return what paints the whole graph, and its size."""
    return network.paint_picture, network.picture_size.toSize()


def paint_curve(plot: QWidget, theme: Theme) -> tuple[Paint, QSize]:
    """Return what paints a plot as it stands but without its buttons, and its size."""

    def paint(painter: QPainter) -> None:
        painter.fillRect(plot.rect(), QColor(theme.background))
        seen = QRegion(plot.rect())
        for button in plot.findChildren(QToolButton):
            seen -= QRegion(button.geometry())
        plot.render(painter, QPoint(0, 0), seen, QWidget.RenderFlag.DrawChildren)

    return paint, plot.size()


def paint_both(network: NetworkView, below: QWidget, theme: Theme) -> tuple[Paint, QSize]:
    """Return what paints the graph with the curve under it, and its size."""
    graph, above = paint_graph(network)
    curve, under = paint_curve(below, theme)
    size = QSize(max(above.width(), under.width()), above.height() + _GAP + under.height())

    def paint(painter: QPainter) -> None:
        painter.fillRect(QRect(QPoint(0, 0), size), QColor(theme.background))
        graph(painter)
        painter.translate(0, above.height() + _GAP)
        curve(painter)

    return paint, size


def paint_film(
    network: NetworkView, frame: Frame | None, theme: Theme, font: QFont
) -> tuple[Paint, QSize]:
    """Return what paints the graph with the film's caption under it, and its size."""
    graph, above = paint_graph(network)
    size = QSize(above.width(), above.height() + _CAPTION)

    def paint(painter: QPainter) -> None:
        painter.fillRect(QRect(QPoint(0, 0), size), QColor(theme.background))
        graph(painter)
        if frame is None:
            return
        line = QRectF(QPointF(12, above.height()), QSizeF(size.width() - 24, _CAPTION))
        bold = QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(bold)
        painter.setPen(QColor(theme.text))
        painter.drawText(line, middle, frame.phase.label)
        painter.setFont(font)
        beside = line.adjusted(painter.fontMetrics().height() * 5.5, 0, 0, 0)
        text = painter.fontMetrics().elidedText(
            frame.caption, Qt.TextElideMode.ElideRight, int(beside.width())
        )
        painter.drawText(beside, middle, text)

    return paint, size
