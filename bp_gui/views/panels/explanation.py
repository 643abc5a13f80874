"""Why the selected number is what it is: in names, with numbers put in, and as a value."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from bp_gui.engine.names import COST, Ref, UnknownNameError
from bp_gui.explain.documents import as_latex, as_text
from bp_gui.explain.explanation import Explanation, Style
from bp_gui.explain.name_choice import NameChoice
from bp_gui.explain.targets import Derivative, Gradient, Mistaken, Target, Update
from bp_gui.explain.why import explain
from bp_gui.explain.written import Digits
from bp_gui.session.lab import Comparison
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.formula.blocks import Block, Equation, Heading, Prose, latex_of, text_of
from bp_gui.views.formula.sheet import Sheet
from bp_gui.views.pace import Pace
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.panels.explanation_blocks import Entry, Page, Path, line_about
from bp_gui.views.panels.mistaken import Beside
from bp_gui.views.panels.name_menu import NameMenu
from bp_gui.views.theme import Theme

_MOST_REMEMBERED = 100
INVITATION = (
    "Click a number, a neuron or a connection to see where it comes from. Here, for a start, is "
    "the cost."
)


class ExplanationPanel(CardFrame):
    """The explanation of the selection; links lead to others or unfold them in place.

    Signals
    -------
    naming_chosen(NameChoice)
        The reader wants things to be called otherwise.
    """

    naming_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Explanation", parent)
        self.sheet = Sheet()
        self.sheet.setAccessibleName("Explanation")
        self._snapshot: Snapshot | None = None
        self._comparison: Comparison | None = None
        self._names = NameChoice()
        self._selected: Ref | None = None
        self._target: Target | None = None
        self._past: list[Ref] = []
        self._future: list[Ref] = []
        self._explanation: Explanation | None = None
        self._entries: list[Entry] = []
        self._unfolded: frozenset[Path] = frozenset()
        self._pace = Pace(self)
        self._pace.due.connect(self._refresh)
        self._make_head()
        self.body.addWidget(self.sheet, 1)
        self.sheet.activated.connect(self._activate)
        self.sheet.hovered.connect(lambda target: self.hovered.emit(quantity_of(target)))
        self.sheet.menu_requested.connect(self._show_menu)
        self.sheet.copy_requested.connect(self.copy_latex)
        self.sheet.let_go.connect(lambda: self.selected.emit(None))

    def _make_head(self) -> None:
        self._back = self._button("‹", "Back to what was explained before (Alt+Left)", self.go_back)
        self._forward = self._button("›", "Forward again (Alt+Right)", self.go_forward)
        self._back.setShortcut("Alt+Left")
        self._forward.setShortcut("Alt+Right")
        self._names_button = QToolButton()
        self._names_button.setText("Names")
        self._names_button.setToolTip("What things are called: w5 and h1, or W2[1,2] and a¹₁")
        self._names_button.setAccessibleName("Names")
        self._names_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.name_menu = NameMenu(self._names_button)
        self.name_menu.chosen.connect(self.naming_chosen)
        self._names_button.setMenu(self.name_menu)
        self.add_to_head(self._names_button)
        copy = self._button("Copy", "Copy the explanation as LaTeX or as text", None)
        copy.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(copy)
        menu.addAction("As &LaTeX").triggered.connect(lambda: self.copy_latex())
        menu.addAction("As &text").triggered.connect(lambda: self.copy_text())
        copy.setMenu(menu)
        self._update_history_buttons()

    def _button(self, text: str, tip: str, slot: Callable[[], None] | None) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip.partition(" (")[0])
        if slot is not None:
            button.clicked.connect(slot)
        self.add_to_head(button)
        return button

    # What it is told

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show a moment; while many come in a row, some are left out, whole."""
        self._snapshot = new
        if old is None:
            self._forget()
            self._refresh()
        else:
            self._pace.ask()

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Put numbers with mistakes beside the right ones; None for no mistakes."""
        self._comparison = comparison
        if comparison is None or comparison.is_of(self._snapshot):
            self._refresh()

    def show_selected(self, ref: Ref | None) -> None:
        """Explain a quantity, or the cost where nothing is selected."""
        self.sheet.show_selected(ref)
        if ref == self._selected and self._entries:
            return
        if self._selected is not None and ref is not None:
            self._past = [*self._past, self._selected][-_MOST_REMEMBERED:]
            self._future = []
        self._turn_to(ref)

    def show_target(self, target: Target) -> None:
        """Explain a derivative, a gradient or an update as the film comes to it."""
        wanted = None if isinstance(target, Ref) else target
        if wanted != self._target:
            self._target = wanted
            self.sheet.scroll_to_top()
            self._refresh()

    def show_hovered(self, ref: Ref | None) -> None:
        """Mark a quantity faintly."""
        self.sheet.show_hovered(ref)

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self.sheet.set_theme(theme)

    def set_digits(self, digits: Digits) -> None:
        """Show numbers with so many digits."""
        self.sheet.set_digits(digits)
        if self._comparison is not None:
            self._refresh()  # right and mistaken numbers may need more digits to be told apart

    def set_names(self, names: NameChoice) -> None:
        """Call things as the reader likes."""
        self._names = names
        self.name_menu.show_choice(names)
        self._refresh()

    def panes(self) -> list[QWidget]:
        """Return the sheet."""
        return [self.sheet]

    # Back and forward

    def go_back(self) -> None:
        """Ask for what was explained before."""
        if self._past:
            self._go(self._past.pop(), self._future)

    def go_forward(self) -> None:
        """Ask for what was explained after this."""
        if self._future:
            self._go(self._future.pop(), self._past)

    def _go(self, ref: Ref, other_way: list[Ref]) -> None:
        if self._selected is not None:
            other_way.append(self._selected)
        self._turn_to(ref)
        self.selected.emit(ref)

    def _turn_to(self, ref: Ref | None) -> None:
        self._selected, self._target = ref, None
        self._unfolded = frozenset()
        self.sheet.point_at(None)
        self.sheet.show_selected(ref)
        self.sheet.scroll_to_top()
        self._refresh()
        self._update_history_buttons()

    def _forget(self) -> None:
        self._past, self._future, self._selected = [], [], None
        self._target = None
        self._unfolded = frozenset()
        self._update_history_buttons()

    def _update_history_buttons(self) -> None:
        self._back.setEnabled(bool(self._past))
        self._forward.setEnabled(bool(self._future))

    # The page

    def _refresh(self) -> None:
        """Make the whole page from one snapshot."""
        if self._snapshot is None or not self.isVisible():
            self._pace.cancel()
            return
        self._pace.begin()
        try:
            self._explanation = self._explain(self._target or self._selected or COST)
        except UnknownNameError:  # selected in a network that has gone
            self._selected = self._target = None
            self._explanation = self._explain(COST)
        entries = list(self._page().entries(self._explanation))
        if self._selected is None:
            entries.insert(0, Entry(Prose(INVITATION, quiet=True)))
        self._entries = entries
        self.sheet.show_blocks([entry.block for entry in entries])

    def _page(self) -> Page:
        """Return what makes the blocks, with mistaken numbers beside the right ones if any."""
        comparison = self._comparison
        if comparison is None or not comparison.is_of(self._snapshot):
            return Page(self._explain, self._unfolded)
        beside = Beside(comparison, lambda t: self._explain(t).name, self.sheet.digits)
        return Page(self._explain, self._unfolded, beside)

    def _explain(self, target: Target) -> Explanation:
        assert self._snapshot is not None
        experiment = self._snapshot.experiment
        naming = self._names.naming(experiment.parameters, experiment.bias_policy)
        return explain(self._snapshot, target, Style(naming))

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while it could not be seen."""
        super().showEvent(event)
        self._refresh()

    # Links

    def _activate(self, target: Hashable, position: int) -> None:
        """Select a quantity; go to the line that explains a derivative, or unfold one here."""
        if isinstance(target, Ref | Mistaken):
            self.selected.emit(quantity_of(target))
            return
        entry = self._entries[position]
        if not isinstance(target, Derivative | Gradient | Update) or entry.line is None:
            return
        there = line_about(self._entries, target, entry.path, entry.number)
        if there is not None and entry.line.target != target:
            self.sheet.point_at(there)
            return
        if target != entry.line.target or target not in (t for _, t in entry.path):
            self._toggle((*entry.path, (entry.number, target)), entry)

    def _toggle(self, path: Path, entry: Entry) -> None:
        """Unfold an explanation below a line, or fold it again with all that it contains."""
        if path in self._unfolded:
            inside = (p for p in self._unfolded if p[: len(path)] == path)
            self._unfolded = self._unfolded.difference(inside)
        elif entry.line is not None and entry.line.target != path[-1][1]:
            self._unfolded |= {path}
        self._refresh()

    # Copying

    def copy_latex(self, block: Block | None = None) -> None:
        """Copy an equation, or the whole explanation, as LaTeX."""
        if isinstance(block, Equation):
            QGuiApplication.clipboard().setText(latex_of(block, self.sheet.digits))
        elif self._explanation is not None:
            text = as_latex(self._explanation, self.sheet.digits)
            QGuiApplication.clipboard().setText(text)

    def copy_text(self, block: Block | None = None) -> None:
        """Copy a block, or the whole explanation, as plain text."""
        if block is not None:
            QGuiApplication.clipboard().setText(text_of(block, self.sheet.digits))
        elif self._explanation is not None:
            QGuiApplication.clipboard().setText(as_text(self._explanation, self.sheet.digits))

    def _show_menu(self, block: Block | None, place: QPoint) -> None:
        self.made_menu(block).popup(place)

    def made_menu(self, block: Block | None) -> QMenu:
        """Return a menu for a block, and for the whole."""
        menu = QMenu(self)
        if isinstance(block, Equation):
            menu.addAction("Copy equation as &LaTeX", lambda: self.copy_latex(block))
            menu.addAction("Copy equation as te&xt", lambda: self.copy_text(block))
            menu.addSeparator()
        elif isinstance(block, Heading | Prose):
            menu.addAction("Copy these &words", lambda: self.copy_text(block))
            menu.addSeparator()
        menu.addAction("Copy everything as LaTe&X", self.copy_latex)
        menu.addAction("Copy everything as &text", self.copy_text)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu


def quantity_of(target: Hashable | None) -> Ref | None:
    """Return the quantity that a target is about, to be marked in the graph."""
    match target:
        case Ref():
            return target
        case Derivative(_, by) | Gradient(by) | Update(by):
            return by
        case Mistaken(of):
            return quantity_of(of)
        case _:
            return None
