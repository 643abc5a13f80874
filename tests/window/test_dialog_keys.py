"""Every dialog can be used by keyboard alone, and is heard by whoever listens to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollBar,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bp_gui.session.experiment import Experiment
from bp_gui.session.timeline import Timeline
from bp_gui.views.dialogs.compare import CompareDialog
from bp_gui.views.dialogs.csv_import import ImportDialog
from bp_gui.views.dialogs.export import ExportDialog
from bp_gui.views.dialogs.export_picture import ExportPictureDialog
from bp_gui.views.dialogs.paste import PasteDialog
from bp_gui.views.dialogs.record import RecordDialog
from bp_gui.views.theme import LIGHT

USED = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
)
DIALOGS: dict[str, Callable[[Experiment], QDialog]] = {
    "compare": lambda experiment: CompareDialog(Timeline(experiment), 6),
    "table": lambda _: ImportDialog("x,t\n1,0\n2,1\n", "mine.csv", "UTF-8", LIGHT),
    "export": lambda _: ExportDialog("Mine", LIGHT),
    "picture": lambda _: ExportPictureDialog(with_curve=True),
    "paste": lambda _: PasteDialog("", LIGHT),
    "record": lambda _: RecordDialog(),
}


@pytest.fixture(params=DIALOGS)
def dialog(request: pytest.FixtureRequest, qtbot: QtBot, worked: Experiment) -> QDialog:
    made = DIALOGS[request.param](worked)
    qtbot.addWidget(made)
    made.show()
    return made


def used(dialog: QDialog) -> list[QWidget]:
    """Return what a person can use, without the parts that Qt makes inside its own widgets."""
    found = []
    for widget in dialog.findChildren(QWidget):
        parent = widget.parentWidget()
        is_part = (
            isinstance(widget, QScrollBar | QHeaderView)
            or isinstance(parent, QComboBox | QAbstractSpinBox | QTableView)
            or widget.objectName().startswith("qt_")
        )
        if isinstance(widget, USED) and widget.isVisible() and widget.isEnabled() and not is_part:
            found.append(widget)
    return found


def spoken(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return str(interface.text(QAccessible.Text.Name)).strip()


def test_everything_has_a_name(dialog: QDialog) -> None:
    assert [widget for widget in used(dialog) if not spoken(widget)] == []


def test_tab_comes_to_everything_and_is_never_trapped(dialog: QDialog) -> None:
    wanted = {id(widget): widget for widget in used(dialog)}
    first = next(iter(wanted.values()))
    first.setFocus()
    reached = set()
    for _ in range(3 * len(wanted) + 3):
        focus = dialog.focusWidget()
        reached.update(id(w) for w in (focus, focus.parentWidget() if focus else None) if w)
        QTest.keyClick(focus or dialog, Qt.Key.Key_Tab)
    assert [type(wanted[key]).__name__ for key in wanted if key not in reached] == []


def test_escape_closes_it(dialog: QDialog) -> None:
    used(dialog)[0].setFocus()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_no_two_letters_of_a_dialog_are_alike(dialog: QDialog) -> None:
    labels = [label.text() for label in dialog.findChildren(QLabel) if label.buddy() is not None]
    buttons = [b.text() for b in dialog.findChildren(QPushButton) if b.isVisible()]
    boxes = [box.text() for box in dialog.findChildren(QCheckBox)]
    letters = [
        text[text.index("&") + 1].lower() for text in (*labels, *buttons, *boxes) if "&" in text
    ]
    assert [letter for letter, count in Counter(letters).items() if count > 1] == []


def test_return_in_a_number_box_does_nothing_that_was_not_asked_for(
    qtbot: QtBot, worked: Experiment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    copied: list[bool] = []
    monkeypatch.setattr(CompareDialog, "copy", lambda self: copied.append(True))
    dialog = DIALOGS["compare"](worked)
    qtbot.addWidget(dialog)
    dialog.show()
    box = next(w for w in used(dialog) if isinstance(w, QAbstractSpinBox))
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert copied == []
