"""The passes and the update as equations between matrices, and each matrix as a heat map."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QLabel,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bp_gui.engine.names import COST, PER_POSITION, Kind, Ref
from bp_gui.explain.mathematics import Words, row
from bp_gui.explain.matrices import Block as MatrixBlock
from bp_gui.explain.matrices import Equation as MatrixEquation
from bp_gui.explain.matrices import MatrixView
from bp_gui.explain.matrix_equations import matrix_view
from bp_gui.explain.matrix_exports import matrices_as_latex, matrices_as_numpy, matrices_as_tsv
from bp_gui.explain.targets import Derivative, Gradient, Mistaken, Update
from bp_gui.explain.written import Digits, to_latex
from bp_gui.session.lab import Comparison
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.formula.blocks import Block, Equation, Heading, Prose, latex_of
from bp_gui.views.formula.sheet import Sheet
from bp_gui.views.heat_map import HeatMap, largest_of
from bp_gui.views.pace import Pace
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.panels.explanation import quantity_of
from bp_gui.views.panels.mistaken import mistaken_block, wrong_cells, wrong_lines
from bp_gui.views.theme import Theme

_WIDE = 600  # pixels from which on a matrix shows more of its cells
_MOST_CELLS = {False: 4, True: 6}
_LEAST_SPARE = 3  # of these cells, for a mistaken matrix to stand on the same line
_LATEX_CELLS = 10
_BETWEEN_MAPS = 12
_LETTERS = {
    Kind.WEIGHT: "W",
    Kind.BIAS: "b",
    Kind.NET_INPUT: "z",
    Kind.ACTIVATION: "a",
    Kind.DELTA: "delta",
    Kind.INPUT: "x",
    Kind.TARGET: "t",
}
_GROUPS = (
    ("Forward", "forward"),
    ("Backward", "backward"),
    ("Update", "update"),
)


class MatrixPanel(CardFrame):
    """Equations with real matrices; a cell that is clicked is selected everywhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Matrices", parent)
        self.sheet = Sheet()
        self.sheet.setAccessibleName("Equations between matrices")
        self.heat_map, self.mistaken_map = HeatMap(), HeatMap()
        self.chooser = QComboBox()
        self.chooser.setAccessibleName("Matrix")
        self.chooser.setToolTip("Which matrix is shown as a heat map")
        self._snapshot: Snapshot | None = None
        self._view: MatrixView | None = None
        self._comparison: Comparison | None = None
        self._selected: Ref | None = None
        self._is_sought = False
        self._pace = Pace(self)
        self._pace.due.connect(self._refresh)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.sheet)
        self._pages.addWidget(self._heat_map_page())
        self._make_head()
        self.body.addWidget(self._pages, 1)
        self._connect()

    def _heat_map_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.chooser)
        self.mistaken_map.setAccessibleName("Heat map with the mistakes")
        self._captions = QLabel("Right"), QLabel()
        self._captions[1].setObjectName("warning")
        both = self._maps = QGridLayout()
        both.setHorizontalSpacing(_BETWEEN_MAPS)
        for column, (caption, heat_map) in enumerate(
            zip(self._captions, (self.heat_map, self.mistaken_map), strict=True)
        ):
            both.addWidget(caption, 0, column)
            both.addWidget(heat_map, 1, column)
            both.setColumnStretch(column, 1 - column)
        both.setRowStretch(1, 1)
        layout.addLayout(both, 1)
        return page

    def _make_head(self) -> None:
        self.switch = QButtonGroup(self)
        for number, (text, tip) in enumerate(
            (
                ("Equations", "Both passes and the update as equations between matrices"),
                ("Heat map", "One matrix as colours, whole and of any size"),
            )
        ):
            button = self._button(text, tip)
            button.setCheckable(True)
            button.setChecked(number == 0)
            self.switch.addButton(button, number)
        copy = self._button("Copy", "Copy the matrices as LaTeX, as NumPy code or as a table")
        copy.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(copy)
        menu.addAction("As &LaTeX", self.copy_latex)
        menu.addAction("As &NumPy", self.copy_numpy)
        menu.addAction("As &TSV", self.copy_tsv)
        copy.setMenu(menu)

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        self.add_to_head(button)
        return button

    def _connect(self) -> None:
        self.switch.idToggled.connect(self._turn_page)
        self.chooser.currentIndexChanged.connect(self._show_heat_map)
        self.sheet.activated.connect(lambda target, _: self.selected.emit(quantity_of(target)))
        self.sheet.let_go.connect(lambda: self.selected.emit(None))
        self.sheet.menu_requested.connect(self._show_menu)
        self.sheet.copy_requested.connect(self._copy_block)
        for heat_map in (self.heat_map, self.mistaken_map):
            heat_map.activated.connect(lambda target: self.selected.emit(quantity_of(target)))
        for source in (self.sheet, self.heat_map, self.mistaken_map):
            source.hovered.connect(lambda target: self.hovered.emit(quantity_of(target)))

    # What it is told

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Show a moment; while many come in a row, some are left out, whole."""
        self._snapshot = new
        if old is None:
            self._refresh()
        else:
            self._pace.ask()

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Show matrices with mistakes beside the right ones; None for no mistakes."""
        self._comparison = comparison
        if comparison is None or comparison.is_of(self._snapshot):
            self._refresh()

    def show_selected(self, ref: Ref | None) -> None:
        """Mark a quantity's cells, and those of its gradient and its change."""
        self._selected = ref
        marked = related(ref)
        self._choose_matrix_of(ref)
        for view in (self.sheet, self.heat_map, self.mistaken_map):
            view.show_selected(*marked)
        self._is_sought = ref is not None
        self._seek()

    def _seek(self) -> None:
        """Scroll to the cell of what was selected last, once there are equations."""
        if self._is_sought and self.sheet.blocks and self._pages.currentIndex() == 0:
            self._is_sought = False
            self.sheet.reveal(self._selected)

    def show_hovered(self, ref: Ref | None) -> None:
        """Mark a quantity faintly."""
        self.sheet.show_hovered(ref)
        if self._pages.currentIndex():
            self.heat_map.show_hovered(*related(ref))

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self.sheet.set_theme(theme)
        self.heat_map.set_theme(theme)
        self.mistaken_map.set_theme(theme)

    def set_digits(self, digits: Digits) -> None:
        """Show numbers with so many digits."""
        self.sheet.set_digits(digits)
        self.heat_map.set_digits(digits)
        self.mistaken_map.set_digits(digits)

    def panes(self) -> list[QWidget]:
        """Return the equations or the heat map."""
        if self._pages.currentIndex() == 0:
            return [self.sheet]
        return [self.heat_map, *([self.mistaken_map] if self.mistaken_map.isVisible() else [])]

    # The page

    def _refresh(self) -> None:
        """Make the page in front from one snapshot."""
        if self._snapshot is None or not self.isVisible():
            self._pace.cancel()
            return
        self._pace.begin()
        self._view = matrix_view(self._snapshot)
        if self._pages.currentIndex() == 0:
            self.sheet.show_blocks(list(self._blocks(self._view)))
            self._seek()
        else:
            self._fill_chooser()
            self._show_heat_map()

    def _blocks(self, view: MatrixView) -> list[Block]:
        most = _MOST_CELLS[self.sheet.viewport().width() >= _WIDE]
        blocks: list[Block] = []
        for title, group in _GROUPS:
            blocks.append(Heading(title))
            for equation in getattr(view, group):
                blocks += _shown(equation, most, self._beside())
        return blocks

    def _beside(self) -> Comparison | None:
        """Return the numbers with mistakes, if there are any for the moment shown."""
        comparison = self._comparison
        return comparison if comparison and comparison.is_of(self._snapshot) else None

    def _turn_page(self, number: int, on: bool) -> None:
        if on:
            self._pages.setCurrentIndex(number)
            self._refresh()

    def _matrices(self) -> list[MatrixBlock]:
        """Return every matrix once, the given ones first."""
        assert self._view is not None
        return [*self._view.given, *(equation.result for equation in self._view.equations)]

    def _fill_chooser(self) -> None:
        texts = [self._entry(block) for block in self._matrices()]
        if texts != [self.chooser.itemText(n) for n in range(self.chooser.count())]:
            first_weights = next(n for n, text in enumerate(texts) if text.startswith("W"))
            chosen = self.chooser.currentIndex()
            is_old_choice = chosen >= 0 and self.chooser.count() == len(texts)
            self.chooser.blockSignals(True)
            self.chooser.clear()
            self.chooser.addItems(texts)
            self.chooser.setCurrentIndex(chosen if is_old_choice else first_weights)
            if not is_old_choice:
                self._choose_matrix_of(self._selected)
            self.chooser.blockSignals(False)

    def _entry(self, block: MatrixBlock) -> str:
        """Return what the list of matrices says of one."""
        beside = self._beside()
        differs = beside is not None and mistaken_block(block, beside) is not None
        return f"{block.code}   {block.dimensions}{'   differs' if differs else ''}"

    def _choose_matrix_of(self, ref: Ref | None) -> None:
        """Put the matrix into the heat map that holds a quantity itself."""
        letter = "" if ref is None else _LETTERS.get(ref.kind, "")
        if ref is None or not letter:
            return
        code = letter if ref.kind in PER_POSITION else f"{letter}{ref.layer + 1}"
        for number in range(self.chooser.count()):
            if self.chooser.itemText(number).split()[0] == code:
                self.chooser.setCurrentIndex(number)

    def _shown_matrix(self) -> MatrixBlock | None:
        position = self.chooser.currentIndex()
        return None if self._view is None or position < 0 else self._matrices()[position]

    def _show_heat_map(self) -> None:
        block = self._shown_matrix()
        if block is None:
            return
        beside = self._beside()
        mistaken = None if beside is None else mistaken_block(block, beside)
        for widget in (*self._captions, self.mistaken_map):
            widget.setVisible(mistaken is not None)
        self._maps.setColumnStretch(1, int(mistaken is not None))
        shown = [(self.heat_map, block)]
        if beside is not None and mistaken is not None:
            self._captions[1].setText(beside.phrase.capitalize())
            shown.append((self.mistaken_map, mistaken))
        limit = max(largest_of(each.values) for _, each in shown)
        for heat_map, each in shown:
            wrong = () if each is block else wrong_cells(each)
            heat_map.show_matrix(each.values, each.target, limit, wrong)
            heat_map.show_selected(*related(self._selected))

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while it could not be seen."""
        super().showEvent(event)
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many cells as there is room for."""
        super().resizeEvent(event)
        if (event.size().width() >= _WIDE) != (event.oldSize().width() >= _WIDE):
            self._refresh()

    # Copying

    def _current_view(self) -> MatrixView | None:
        """Return all matrices, or the one in the heat map by itself."""
        block = self._shown_matrix()
        if self._pages.currentIndex() == 0 or block is None:
            return self._view
        return MatrixView((block,), (), (), ())

    def copy_latex(self) -> None:
        """Copy the equations, or the matrix of the heat map, as LaTeX."""
        block = self._shown_matrix()
        if self._pages.currentIndex() and block is not None:
            text = to_latex(block.node(_LATEX_CELLS), self.sheet.digits)
            QGuiApplication.clipboard().setText(text)
        else:
            self._copy(lambda view: matrices_as_latex(view, self.sheet.digits))

    def copy_numpy(self) -> None:
        """Copy a NumPy script, or the matrix of the heat map as NumPy code."""
        self._copy(matrices_as_numpy)

    def copy_tsv(self) -> None:
        """Copy numbers between tabs."""
        self._copy(matrices_as_tsv)

    def _copy(self, write: Callable[[MatrixView], str]) -> None:
        view = self._current_view()
        if view is not None:
            QGuiApplication.clipboard().setText(write(view))

    def _copy_block(self, block: Block | None) -> None:
        if isinstance(block, Equation):
            QGuiApplication.clipboard().setText(latex_of(block, self.sheet.digits))
        else:
            self.copy_latex()

    def _show_menu(self, block: Block | None, place: QPoint) -> None:
        menu = QMenu(self)
        if isinstance(block, Equation):
            menu.addAction("Copy equation as LaTe&X", lambda: self._copy_block(block))
            menu.addSeparator()
        menu.addAction("Copy everything as &LaTeX", self.copy_latex)
        menu.addAction("Copy everything as &NumPy", self.copy_numpy)
        menu.addAction("Copy everything as &TSV", self.copy_tsv)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)


def _shown(equation: MatrixEquation, most: int, beside: Comparison | None) -> list[Block]:
    """Return an equation in names, in numbers, and with its result; mistaken ones beside it."""
    result = equation.result.node(most)
    right = row(*equation.right_side(most))
    words = f"{equation.title}. {equation.caption}".strip()
    blocks: list[Block] = [Prose(words, quiet=True)]
    mistaken = None if beside is None else mistaken_block(equation.result, beside)
    if beside is None or mistaken is None:
        steps = (equation.symbolic, right, result)
        return [*blocks, Equation(equation.result.name, steps, equation.sign)]
    both = (result, Words(beside.phrase), mistaken.node(most))
    if equation.result.shape[1] > most - _LEAST_SPARE:
        steps = (equation.symbolic, right, result)
        more = [Equation(None, (row(*both[1:]),))]
    else:
        steps, more = (equation.symbolic, right, row(*both)), []
    blocks.append(Equation(equation.result.name, steps, equation.sign))
    return [*blocks, *more, *wrong_lines(equation.result, mistaken, beside)]


def related(ref: Ref | None) -> tuple[Hashable, ...]:
    """Return a quantity with its derivative, its gradient and its update, which have cells too."""
    if ref is None:
        return ()
    right = (ref, Derivative(COST, ref), Gradient(ref), Update(ref))
    return (*right, *(Mistaken(each) for each in right))
