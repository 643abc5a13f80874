"""Whoever listens to the window or uses it by keyboard alone finds everything named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QTableView,
    QTabWidget,
    QTextEdit,
    QWidget,
)

from bp_gui.app import Program
from bp_gui.views.workspaces import PAGES, Page

INTERACTIVE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)


def interactive(root: QWidget) -> Iterator[QWidget]:
    """Yield what a person can use, without the parts that Qt makes inside its own widgets."""
    for widget in root.findChildren(QWidget):
        if not (widget.isVisible() and isinstance(widget, INTERACTIVE)):
            continue
        parent = widget.parentWidget()
        is_part = isinstance(widget, QScrollBar | QHeaderView) or isinstance(
            parent, QComboBox | QAbstractSpinBox | QTabBar
        )
        is_corner = isinstance(parent, QTableView) and isinstance(widget, QAbstractButton)
        if not (is_part or is_corner or widget.objectName().startswith("qt_")):
            yield widget


def spoken(widget: QWidget) -> str:
    """Return what a screen reader says for the widget."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return str(interface.text(QAccessible.Text.Name)).strip()


def described(widget: QWidget) -> str:
    """Return where a widget is, for the message of a test that fails."""
    path: list[str] = []
    at: QWidget | None = widget
    while at is not None and len(path) < 4:
        path.append(type(at).__name__ + (f"#{at.objectName()}" if at.objectName() else ""))
        at = at.parentWidget()
    return " < ".join(path)


def fronts(program: Program) -> Iterator[None]:
    """Bring every panel of the page in front once."""
    page = program.window.workspaces.currentWidget()
    tabs = page if isinstance(page, QTabWidget) else None
    for k in range(1 if tabs is None else tabs.count()):
        if tabs is not None:
            tabs.setCurrentIndex(k)
        yield


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_everything_that_can_be_used_has_a_name(program: Program, page: Page) -> None:
    program.window.workspaces.choose(page.key)
    for _ in fronts(program):
        assert not [described(w) for w in interactive(program.window) if not spoken(w)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_everything_on_a_page_can_have_the_focus(program: Program, page: Page) -> None:
    # The tool bar's buttons are left out: each is in a menu and has a key.
    program.window.workspaces.choose(page.key)
    for _ in fronts(program):
        for widget in interactive(program.window.workspaces):
            if widget.isEnabled():
                assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, described(widget)


def test_no_two_actions_of_the_window_share_a_shortcut(program: Program) -> None:
    owners: dict[str, list[str]] = {}
    for action in program.window.findChildren(QAction):
        if action.shortcutContext() is not Qt.ShortcutContext.WindowShortcut:
            continue
        for keys in action.shortcuts():
            owners.setdefault(keys.toString(), []).append(action.text())
    assert {keys: texts for keys, texts in owners.items() if len(texts) > 1} == {}
