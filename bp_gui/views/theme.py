"""Colours and fonts: one accent, light and dark, safe for colour-blind readers.

Positive numbers are blue and negative ones orange (and dashed, or with a sign): the pair that most
people tell apart. The accent, a green, is used for nothing but what can be done or is selected.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette

from bp_gui.controller.settings import ThemeChoice

RESOURCES = Path(__file__).resolve().parents[2] / "resources"


@dataclass(frozen=True)
class Theme:
    """The colours of the window, as ``#rrggbb``.

    Attributes
    ----------
    background, surface, raised
        The canvas, panels and cards on it, and fields that can be typed into.
    border, grid
        Outlines and the faint lines of plots.
    text, muted
        Words and numbers, and words of less weight.
    accent, on_accent
        What can be done or is selected, and text upon it.
    positive, negative
        Sign of a weight or a number.
    forward, backward
        Direction of a pass: numbers on their way to the outputs, and errors on their way back.
    warning
        What went wrong.
    branches
        Lines of branches: the first is the accent; told apart by colour-blind readers too.
    """

    dark: bool
    background: str
    surface: str
    raised: str
    border: str
    grid: str
    text: str
    muted: str
    accent: str
    on_accent: str
    positive: str
    negative: str
    forward: str
    backward: str
    warning: str
    branches: tuple[str, ...]

    def branch_colour(self, number: int) -> str:
        """Return the colour of a branch by its number."""
        return self.branches[number % len(self.branches)]


LIGHT = Theme(
    dark=False,
    background="#f5f6f8",
    surface="#ffffff",
    raised="#ffffff",
    border="#d4d8df",
    grid="#e6e9ee",
    text="#1b2230",
    muted="#5c6675",
    accent="#0b7a69",
    on_accent="#ffffff",
    positive="#2a63b8",
    negative="#c2560c",
    forward="#7a4fb5",
    backward="#b3206b",
    warning="#b3261e",
    branches=("#0b7a69", "#7a4fb5", "#b8860b", "#c23b70", "#4d7f1f", "#5c6675"),
)
DARK = Theme(
    dark=True,
    background="#14171d",
    surface="#1c2129",
    raised="#2a323f",
    border="#465062",
    grid="#2a313c",
    text="#e8ebf0",
    muted="#9aa5b5",
    accent="#3fc1a8",
    on_accent="#08211c",
    positive="#79aef5",
    negative="#f0995a",
    forward="#b794f0",
    backward="#f28ab2",
    warning="#ff8a80",
    branches=("#3fc1a8", "#b794f0", "#e3b341", "#f28ab2", "#9ccc65", "#9aa5b5"),
)


def theme_for(choice: ThemeChoice) -> Theme:
    """Return the colours for a choice; SYSTEM follows what the desktop prefers."""
    if choice is ThemeChoice.SYSTEM:
        scheme = QGuiApplication.styleHints().colorScheme()
        return DARK if scheme == Qt.ColorScheme.Dark else LIGHT
    return DARK if choice is ThemeChoice.DARK else LIGHT


def load_fonts() -> None:
    """Register the fonts of the interface; formulas load theirs when the first one is set."""
    for path in sorted((RESOURCES / "fonts").glob("Inter-*.otf")):
        QFontDatabase.addApplicationFont(str(path))


def interface_font(point_size: float = 10.0) -> QFont:
    """Return the font of the interface, with digits of equal width."""
    font = QFont("Inter")
    font.setPointSizeF(point_size)
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def palette(theme: Theme) -> QPalette:
    """Return the Qt palette of a theme."""
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.background,
        role.WindowText: theme.text,
        role.Base: theme.raised,
        role.AlternateBase: theme.surface,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: theme.surface,
        role.ButtonText: theme.text,
        role.BrightText: theme.warning,
        role.ToolTipBase: theme.surface,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Link: theme.accent,
        role.Light: theme.border,
        role.Midlight: theme.border,
        role.Mid: theme.border,
        role.Dark: theme.border,
        role.Shadow: theme.border,
        role.Accent: theme.accent,
    }
    result = QPalette()
    for each, colour in colours.items():
        result.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, each, QColor(theme.muted))
    return result


def style_sheet(theme: Theme) -> str:
    """Return the few rules that a palette cannot express.

    Spin boxes are left to the palette: a style sheet box rule gives a spin box without buttons an
    edit field one pixel wide (Qt 6.11), and paints more slowly.
    """
    check = (RESOURCES / "icons" / f"check-{'dark' if theme.dark else 'light'}.svg").as_posix()
    return f"""
    QToolTip {{ background: {theme.surface}; color: {theme.text};
        border: 1px solid {theme.border}; padding: 4px; }}
    QToolBar {{ background: {theme.surface}; border: 0; border-bottom: 1px solid {theme.border};
        spacing: 4px; padding: 4px 8px; }}
    QToolBar QToolButton {{ border: 1px solid transparent; border-radius: 6px; padding: 4px 5px; }}
    QToolBar QToolButton#qt_toolbar_ext_button {{ padding: 0; border: 0; }}
    QToolBar QToolButton:hover {{ background: {theme.background}; border-color: {theme.border}; }}
    QToolBar QToolButton:pressed {{ background: {theme.border}; }}
    QToolBar QToolButton:focus {{ border-color: {theme.accent}; }}
    QToolBar QToolButton#primary {{ background: {theme.accent}; color: {theme.on_accent};
        font-weight: 600; }}
    QToolBar QToolButton:disabled {{ color: {theme.muted}; }}
    QStatusBar {{ background: {theme.surface}; border-top: 1px solid {theme.border};
        color: {theme.muted}; }}
    QStatusBar::item {{ border: 0; }}
    NumberBox[invalid="true"] {{ color: {theme.warning}; }}
    QFrame#message {{ background: {theme.surface}; border: 1px solid {theme.warning};
        border-radius: 8px; }}
    QFrame#notice {{ background: {theme.surface}; border: 1px solid {theme.border};
        border-radius: 8px; }}
    QFrame#notice QLabel#warning {{ font-weight: 600; }}
    QFrame#notice QToolButton {{ border: 1px solid {theme.border}; border-radius: 5px;
        padding: 2px 10px; color: {theme.text}; background: transparent; }}
    QFrame#notice QToolButton:hover, QFrame#notice QToolButton:focus {{
        border-color: {theme.accent}; }}
    QLabel#quiet {{ color: {theme.muted}; }}
    QFrame#card {{ background: {theme.surface}; border: 1px solid {theme.border};
        border-radius: 8px; }}
    QFrame#card QToolButton {{ border: 1px solid {theme.border}; border-radius: 5px;
        padding: 2px 8px; color: {theme.muted}; background: transparent; }}
    QFrame#card QToolButton:checked {{ color: {theme.accent}; border-color: {theme.accent}; }}
    QFrame#card QToolButton:hover, QFrame#card QToolButton:focus {{ color: {theme.text}; }}
    QFrame#card QToolButton:disabled {{ border-color: {theme.grid}; }}
    QFrame#card QToolButton#picture {{ padding: 3px 1px; }}
    QPushButton {{ border: 1px solid {theme.border}; border-radius: 5px; padding: 4px 14px;
        background: {theme.surface}; color: {theme.text}; }}
    QPushButton:default {{ background: {theme.accent}; border-color: {theme.accent};
        color: {theme.on_accent}; }}
    QPushButton:hover, QPushButton:focus {{ border-color: {theme.accent}; }}
    QPushButton:default:hover, QPushButton:default:focus {{ border-color: {theme.text}; }}
    QPushButton:pressed {{ background: {theme.border}; color: {theme.text}; }}
    QPushButton:disabled {{ background: {theme.surface}; border-color: {theme.grid};
        color: {theme.muted}; }}
    QTabWidget::pane {{ border: 0; }}
    QTabBar {{ background: transparent; }}
    QTabBar::tab {{ background: transparent; border: 0; border-bottom: 2px solid transparent;
        color: {theme.muted}; padding: 5px 9px; margin-right: 2px; }}
    QTabBar::tab:selected {{ color: {theme.text}; border-bottom-color: {theme.accent}; }}
    QTabBar::tab:hover {{ color: {theme.text}; }}
    QLabel#title {{ color: {theme.muted}; font-weight: 600; }}
    QLabel#section {{ font-weight: 600; }}
    QLabel#warning {{ color: {theme.warning}; }}
    QWidget#page {{ background: {theme.surface}; }}
    QFrame#line {{ background: {theme.grid}; border: 0; }}
    QTableView {{ background: {theme.surface}; border: 0; gridline-color: {theme.grid};
        alternate-background-color: {theme.background}; }}
    QCheckBox::indicator, QAbstractItemView::indicator {{ width: 11px; height: 11px;
        border: 1px solid {theme.muted}; border-radius: 3px; background: {theme.surface}; }}
    QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {{
        background: {theme.accent}; border-color: {theme.accent}; image: url("{check}"); }}
    QCheckBox::indicator:focus {{ border-color: {theme.accent}; }}
    QCheckBox::indicator:disabled {{ border-color: {theme.border}; }}
    QHeaderView::section {{ background: {theme.surface}; color: {theme.muted}; border: 0;
        border-bottom: 1px solid {theme.border}; padding: 4px 3px; font-weight: 600; }}
    QHeaderView::section:vertical {{ border-bottom: 0; }}
    QHeaderView {{ background: {theme.surface}; }}
    QTableCornerButton::section {{ background: {theme.surface}; border: 0;
        border-bottom: 1px solid {theme.border}; }}
    QAbstractScrollArea::corner {{ background: transparent; border: 0; }}
    QScrollBar {{ background: transparent; border: 0; }}
    QScrollBar:vertical {{ width: 10px; }}
    QScrollBar:horizontal {{ height: 10px; }}
    QScrollBar::handle {{ background: {theme.border}; border-radius: 3px; margin: 2px;
        min-width: 24px; min-height: 24px; }}
    QScrollBar::handle:hover {{ background: {theme.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QSplitter::handle {{ background: transparent; }}
    """
