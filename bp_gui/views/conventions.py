"""The conventions in force, in the status line: each a link to a paragraph on what others do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from bp_gui.explain.conventions import Convention, conventions
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.theme import LIGHT, Theme

_BETWEEN = "&nbsp;&nbsp;·&nbsp;&nbsp;"
_POPUP_WIDTH = 380
_AT_REST = ("penalty", "clipping")  # said only where there is something to say


class ConventionPopup(QFrame):
    """A paragraph on one convention; Escape or a click beside it closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("card")
        self.setFixedWidth(_POPUP_WIDTH)
        self._title = QLabel()
        self._title.setObjectName("title")
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(6)
        layout.addWidget(self._title)
        layout.addWidget(self._text)

    def show_convention(self, convention: Convention) -> None:
        """Fill in a convention."""
        self._title.setText(convention.title)
        self._text.setText(convention.paragraph)
        self.setAccessibleName(convention.title)
        self.setAccessibleDescription(convention.paragraph)
        self.adjustSize()

    @property
    def text(self) -> str:
        """The paragraph shown."""
        return self._text.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on any key that would end it."""
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Space):
            self.hide()
        else:
            super().keyPressEvent(event)


class ConventionLine(QWidget):
    """One line of links; Tab goes from one to the next, Return opens its paragraph.

    Signals
    -------
    opened(Convention)
        Somebody reads a paragraph.
    """

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.popup = ConventionPopup(self)
        self._conventions: tuple[Convention, ...] = ()
        self._theme = LIGHT
        self._label = QLabel()
        self._label.setObjectName("quiet")
        self._label.setAccessibleName("Conventions")
        self._label.setToolTip("Each of these is a choice; click one to read what others choose")
        self._label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._label.setTextFormat(Qt.TextFormat.RichText)
        self._label.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self._label.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._label.linkActivated.connect(self.open)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 10, 0)
        layout.addWidget(self._label)

    @property
    def text(self) -> str:
        """What it says, without links."""
        return "   ·   ".join(convention.short for convention in self._conventions)

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Say what holds now."""
        shown = _worth_saying(conventions(new.experiment))
        if shown != self._conventions:
            self._conventions = shown
            self._write()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        self._write()

    def open(self, key: str) -> None:
        """Show the paragraph of a convention above the line."""
        convention = next(each for each in self._conventions if each.key == key)
        self.popup.show_convention(convention)
        corner = self.mapToGlobal(QPoint(self.width() - _POPUP_WIDTH, -self.popup.height() - 6))
        self.popup.move(corner)
        self.popup.show()
        self.opened.emit(convention)

    def _write(self) -> None:
        style = f"color:{self._theme.muted}; text-decoration:none"
        links = [
            f'<a href="{each.key}" style="{style}">{_escaped(each.short)}</a>'
            for each in self._conventions
        ]
        self._label.setText(_BETWEEN.join(links))
        self._label.setAccessibleDescription(self.text)


def _worth_saying(every: Sequence[Convention]) -> tuple[Convention, ...]:
    return tuple(
        each for each in every if each.key not in _AT_REST or not each.short.startswith("no ")
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(" ", "&nbsp;")
