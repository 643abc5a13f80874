"""The right side of the window: pages of panels, one of which is in front.

Panels are made when their page is first looked at, and are told only of what happens while they can
be seen. So a panel that nobody looks at costs nothing, and none has to take care of that itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QTabWidget, QWidget

from bp_gui.engine.names import Ref
from bp_gui.explain.name_choice import NameChoice
from bp_gui.explain.targets import Target
from bp_gui.session.lab import Comparison
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.scrolling import Scrolling
from bp_gui.views.theme import Theme

SMALLEST_WIDTH = 436  # with a scroll bar beside them, below that forms would be cut off


@dataclass(frozen=True)
class Page:
    """One page.

    Attributes
    ----------
    key
        What the page is called in settings and on the command line; never changed.
    title
        What the tab says.
    tip
        What the page is for, in one sentence.
    panels
        From top to bottom: key, how to make it, and how much of the height it gets; 0 for as
        much as it needs. Where ``tabbed``, one of them is in front instead.
    tabbed
        Whether the panels lie behind each other.
    """

    key: str
    title: str
    tip: str
    panels: tuple[tuple[str, Callable[[], CardFrame], int], ...]
    tabbed: bool = False


def _panel(module: str, name: str) -> Callable[[], CardFrame]:
    """Return what makes a panel; its module is imported when somebody looks at it first."""

    def make() -> CardFrame:
        panel = getattr(import_module(f"bp_gui.views.panels.{module}"), name)()
        assert isinstance(panel, CardFrame)
        return panel

    return make


PAGES: tuple[Page, ...] = (
    Page(
        "explain",
        "Explain",
        "Why a number is what it is: the chain rule and the matrices, with the numbers put in",
        (
            ("explanation", _panel("explanation", "ExplanationPanel"), 3),
            ("matrices", _panel("matrices", "MatrixPanel"), 2),
        ),
    ),
    Page(
        "parameters",
        "Parameters",
        "Every weight and bias before and after an update",
        (("parameters", _panel("parameters", "ParameterPanel"), 1),),
    ),
    Page(
        "network",
        "Network",
        "Layers, cost, optimizer, batches and starting weights",
        (("setup", _panel("setup.panel", "SetupPanel"), 1),),
    ),
    Page(
        "data",
        "Data",
        "What the network learns from",
        (
            ("datasets", _panel("datasets", "DatasetPanel"), 0),
            ("samples", _panel("data", "SamplesPanel"), 1),
        ),
    ),
    Page(
        "analysis",
        "Analysis",
        "What the network has learned, and what would be if",
        (
            ("along", _panel("analysis.along", "AlongPanel"), 1),
            ("surface", _panel("analysis.surface", "SurfacePanel"), 1),
            ("response", _panel("analysis.response", "ResponsePanel"), 1),
            ("layers", _panel("analysis.layers", "LayersPanel"), 1),
            ("gradients", _panel("analysis.check", "GradientCheckPanel"), 1),
            ("accuracy", _panel("accuracy", "AccuracyPanel"), 1),
        ),
        tabbed=True,
    ),
    Page(
        "mistakes",
        "Mistakes",
        "Known mistakes, whose numbers they give, and questions to answer",
        (
            ("lab", _panel("lab.panel", "LabPanel"), 1),
            ("check", _panel("check", "CheckPanel"), 1),
            ("predict", _panel("predict", "PredictPanel"), 1),
        ),
        tabbed=True,
    ),
)


class Workspaces(QTabWidget):
    """The pages.

    Signals
    -------
    panel_made(key, panel)
        A panel has just been made: whoever talks to it connects to it now.
    page_chosen(key)
        Another page is in front.
    """

    panel_made = Signal(str, object)
    page_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("workspaces")
        self.setAccessibleName("Workspaces")
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self.tabBar().setExpanding(False)
        self.setMinimumWidth(SMALLEST_WIDTH)
        self._holders: list[QSplitter | QTabWidget] = []
        self._panels: dict[str, CardFrame] = {}
        self._shown: dict[str, Snapshot | None] = {}
        self._snapshot: Snapshot | None = None
        self._comparison: Comparison | None = None
        self._compared: dict[str, Comparison | None] = {}
        self._selected: Ref | None = None
        self._theme: Theme | None = None
        self._names: NameChoice | None = None
        self._digits = 6
        for page in PAGES:
            holder = QTabWidget() if page.tabbed else QSplitter(Qt.Orientation.Vertical)
            holder.setObjectName(page.key)
            self._holders.append(holder)
            position = self.addTab(holder if page.tabbed else Scrolling(holder), page.title)
            self.setTabToolTip(position, f"{page.tip} (Alt+{position + 1})")
        self.currentChanged.connect(self._bring_up)

    @property
    def panels(self) -> dict[str, CardFrame]:
        """The panels that have been made, by key."""
        return self._panels

    @property
    def page(self) -> str:
        """The key of the page in front."""
        return PAGES[self.currentIndex()].key

    @property
    def place(self) -> str:
        """What `choose` takes to come back: the panel in front of its page, or the page."""
        page, holder = PAGES[self.currentIndex()], self.currentWidget()
        if isinstance(holder, QTabWidget):
            return page.panels[max(holder.currentIndex(), 0)][0]
        return page.key

    @property
    def names(self) -> NameChoice | None:
        """What things are called; None where nobody has said."""
        return self._names

    def choose(self, key: str) -> bool:
        """Bring the page or the panel of this key to the front; return whether there is one."""
        for position, page in enumerate(PAGES):
            inside = [panel for panel, _, _ in page.panels]
            if key == page.key or key in inside:
                self.setCurrentIndex(position)
                holder = self._holders[position]
                self._bring_up()
                if key in inside and isinstance(holder, QTabWidget):
                    holder.setCurrentIndex(inside.index(key))
                return True
        return False

    def begin(self) -> None:
        """Make the panels of the page in front: the window is about to be seen."""
        self._bring_up()

    def panel(self, key: str) -> CardFrame:
        """Return a panel, made now if it has not been looked at yet."""
        if key not in self._panels:
            (page,) = (page for page in PAGES if key in [name for name, _, _ in page.panels])
            self._make(page)
        return self._panels[key]

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show a moment in every panel that can be seen."""
        self._snapshot = new
        if old is None:
            self._shown = dict.fromkeys(self._panels)
        for key in self._in_front():
            self._refresh(key)

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Show numbers with mistakes beside the right ones in every panel that can be seen."""
        self._comparison = comparison
        for key in self._in_front():
            self._compare(key)

    def show_selected(self, ref: Ref | None) -> None:
        """Mark a quantity."""
        self._selected = ref
        for key in self._in_front():
            self._panels[key].show_selected(ref)

    def show_hovered(self, ref: Ref | None) -> None:
        """Mark a quantity faintly."""
        for key in self._in_front():
            self._panels[key].show_hovered(ref)

    def show_target(self, target: Target) -> None:
        """Explain a part of a formula."""
        for key in self._in_front():
            self._panels[key].show_target(target)

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        for panel in self._panels.values():
            panel.set_theme(theme)

    def set_names(self, names: NameChoice) -> None:
        """Call things as the reader likes."""
        self._names = names
        for panel in self._panels.values():
            panel.set_names(names)

    def set_digits(self, digits: int) -> None:
        """Show so many significant digits."""
        self._digits = digits
        for panel in self._panels.values():
            panel.set_digits(digits)

    def panes(self) -> list[QWidget]:
        """Return what the keyboard goes to from pane to pane on the page in front."""
        return [pane for key in self._in_front() for pane in self._panels[key].panes()]

    def _in_front(self) -> Iterator[str]:
        """Yield the keys of the panels that can be seen."""
        page = PAGES[self.currentIndex()]
        holder = self._holders[self.currentIndex()]
        for position, (key, _, _) in enumerate(page.panels):
            hidden = isinstance(holder, QTabWidget) and holder.currentIndex() != position
            if key in self._panels and not hidden:
                yield key

    def _bring_up(self) -> None:
        page = PAGES[self.currentIndex()]
        if page.panels[0][0] not in self._panels:
            self._make(page)
        for key in self._in_front():
            self._refresh(key)
            self._panels[key].show_selected(self._selected)
        self.page_chosen.emit(page.key)

    def _refresh(self, key: str) -> None:
        """Tell a panel of the present moment, if it does not show it yet."""
        self._compare(key)
        if self._snapshot is not None and self._shown.get(key) is not self._snapshot:
            self._panels[key].show_snapshot(self._snapshot, self._shown.get(key))
            self._shown[key] = self._snapshot

    def _compare(self, key: str) -> None:
        """Tell a panel of the present mistakes, if it does not know them yet."""
        if self._compared.get(key) is not self._comparison:
            self._panels[key].show_comparison(self._comparison)
            self._compared[key] = self._comparison

    def _make(self, page: Page) -> None:
        """Make the panels of a page and tell them how things stand."""
        holder = self._holders[PAGES.index(page)]
        for position, (key, make, share) in enumerate(page.panels):
            panel = make()
            self._panels[key], self._shown[key] = panel, None
            if isinstance(holder, QTabWidget):
                holder.addTab(Scrolling(panel), panel.accessibleName())
            else:
                holder.setChildrenCollapsible(False)
                holder.setHandleWidth(8)
                holder.addWidget(panel)
                holder.setStretchFactor(position, share)
            panel.set_digits(self._digits)
            if self._names is not None:
                panel.set_names(self._names)
            if self._theme is not None:
                panel.set_theme(self._theme)
            self.panel_made.emit(key, panel)
        if isinstance(holder, QTabWidget):
            holder.setDocumentMode(True)
            holder.tabBar().setDrawBase(False)
            holder.currentChanged.connect(self._bring_up)
        elif len(page.panels) > 1:
            holder.setSizes([share * 1000 for _, _, share in page.panels])
