"""A quiet line that says that the window shows mistakes, wherever one is, and how to end it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from bp_gui.session.lab import Comparison


class _Sentence(QLabel):
    """One line that shows as much as there is room for."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._whole = ""

    def show_sentence(self, sentence: str) -> None:
        """Show another sentence."""
        self._whole = sentence
        self.setToolTip(sentence)
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the sentence into the new width."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        elided = Qt.TextElideMode.ElideRight
        self.setText(self.fontMetrics().elidedText(self._whole, elided, self.width()))


class MistakeNotice(QFrame):
    """Names the mistakes that are on; hidden while there are none.

    Signals
    -------
    lab_requested()
        Somebody wants to see the lab.
    off_requested()
        All mistakes are to be switched off.
    """

    lab_requested = Signal()
    off_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAccessibleName("Mistake lab")
        self._sentence = ""
        self._label = _Sentence()
        heading = QLabel("Mistake lab:")
        heading.setObjectName("warning")
        self.lab = self._button("Open the lab", "See right and wrong lines side by side")
        self.lab.clicked.connect(self.lab_requested)
        self.off = self._button("Switch off", "Show the right numbers alone again (Ctrl+Shift+X)")
        self.off.clicked.connect(self.off_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 6, 4)
        layout.setSpacing(6)
        layout.addWidget(heading)
        layout.addWidget(self._label, 1)
        layout.addWidget(self.lab)
        layout.addWidget(self.off)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown, empty if none."""
        return "" if self.isHidden() else f"Mistake lab: {self._sentence}"

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Name the mistakes; None for none."""
        if comparison is None:
            self.hide()
            return
        said = f"{comparison.clause}."
        if not comparison.has_effect:
            said += " It changes nothing in this update."
        if said != self._sentence:
            self._sentence = said
            self.setAccessibleDescription(said)
            self._label.show_sentence(said)
        self.show()

    def panes(self) -> list[QWidget]:
        """Return what the keyboard goes to from pane to pane."""
        return [] if self.isHidden() else [self.off]

    @staticmethod
    def _button(text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        return button
