"""The dialog that reads a table: how it is cut, what its columns become, and a live preview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSignalBlocker,
    Qt,
)
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMessageBox,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from bp_gui.engine.coding import Coding
from bp_gui.session.edits import MAX_SEED
from bp_gui.session.edits_data import ReplaceData
from bp_gui.session.table_columns import BadRows, Choice, Repeats, Role, suggest
from bp_gui.session.table_import import TableSamples, to_samples
from bp_gui.session.table_text import (
    MAX_BYTES,
    Decimal,
    Layout,
    Separator,
    Table,
    TableError,
    decoded,
    read_table,
    sniff,
)
from bp_gui.views.copying import make_copyable
from bp_gui.views.integer_box import IntegerBox
from bp_gui.views.theme import LIGHT, Theme

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_FONT_SHRINK = 0.85
_MOST_PERCENT = 90
FILTER = "Tables (*.csv *.tsv *.txt *.dat);;All files (*)"
ROLES = {
    Role.INPUT: ("Input", "A number that the network is given"),
    Role.TARGET: ("Target", "A number that the network is to put out"),
    Role.CLASS: ("Class", "Words or numbers that name a class to tell"),
    Role.IGNORED: ("Ignored", "Left out"),
}
_CODINGS = {
    Coding.ONE_HOT: "one output each",
    Coding.ZERO_ONE: "one output, 0 or 1",
    Coding.PLUS_MINUS: "one output, −1 or 1",
}


class PreviewModel(QAbstractTableModel):
    """The cells as they are read; the header says what becomes of each column."""

    def __init__(self) -> None:
        super().__init__()
        self._table = Table((), (), ())
        self._roles: tuple[Role, ...] = ()
        self._theme = LIGHT

    def show_table(self, table: Table, roles: tuple[Role, ...]) -> None:
        """Show another table."""
        self.beginResetModel()
        self._table, self._roles = table, roles
        self.endResetModel()

    def show_roles(self, roles: tuple[Role, ...]) -> None:
        """Show what else becomes of the columns."""
        self._roles = roles
        if roles and self._table.rows:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(roles) - 1)
            last = self.index(self.rowCount() - 1, len(roles) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._table.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._table.names)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell; those of ignored columns are faint."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._table.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.ForegroundRole:
            is_ignored = self._roles[index.column()] is Role.IGNORED
            return QColor(self._theme.muted if is_ignored else self._theme.text)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a column's name and role, or the line that a row stands on."""
        if orientation is Qt.Orientation.Vertical:
            return self._table.lines[section] if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{self._table.names[section]}\n{ROLES[self._roles[section]][0].lower()}"
        return None


class ImportDialog(QDialog):
    """Shows what is made of a text, and lets a person choose otherwise.

    Parameters
    ----------
    text
        The table.
    title
        Where it comes from, for instance the name of the file.
    encoding
        What it was read as, for the person to know.
    theme
        Colours.
    """

    def __init__(
        self, text: str, title: str, encoding: str, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text, self._title, self._theme = text, title, theme
        self._table: Table | None = None
        self._choice = Choice(())
        self._samples: TableSamples | None = None
        self.setWindowTitle(f"Read {title}")
        self.model = PreviewModel()
        self.model.setParent(self)
        self.model.set_theme(theme)
        self.separator = _choice_box("Separator", {s: s.label for s in Separator})
        self.decimal = _choice_box("Decimal mark", {d: d.label for d in Decimal})
        self.header = QCheckBox("&First row names the columns")
        self.preview = self._preview()
        self.role = _choice_box("Column becomes", {r: text for r, (text, _) in ROLES.items()})
        self.coding = _choice_box("Classes as", _CODINGS)
        self.bad_rows = _choice_box(
            "Unreadable rows", {BadRows.REFUSE: "are an error", BadRows.SKIP: "are skipped"}
        )
        self.repeats = _choice_box(
            "Repeated rows", {Repeats.KEEP: "are kept", Repeats.SKIP: "are skipped"}
        )
        self.share, self.seed = IntegerBox(0, _MOST_PERCENT), IntegerBox(0, MAX_SEED)
        self.verdict = QLabel()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._build(encoding)
        self._connect()
        self._show_layout(sniff(text))
        self._read()
        self.resize(760, 560)

    @property
    def edit(self) -> ReplaceData | None:
        """What is asked for; None while the table cannot be read."""
        if self._samples is None:
            return None
        return ReplaceData(self._samples, self._title, self.share.value() / 100, self.seed.value())

    # What it shows

    def _layout(self) -> Layout:
        return Layout(
            self.separator.currentData(), self.decimal.currentData(), self.header.isChecked()
        )

    def _show_layout(self, layout: Layout) -> None:
        blockers = [QSignalBlocker(w) for w in (self.separator, self.decimal, self.header)]
        self.separator.setCurrentIndex(self.separator.findData(layout.separator))
        self.decimal.setCurrentIndex(self.decimal.findData(layout.decimal))
        self.header.setChecked(layout.has_header)
        for blocker in blockers:
            blocker.unblock()

    def _read(self) -> None:
        """Cut the text as chosen, and begin with what is suggested for its columns."""
        layout = self._layout()
        try:
            table = self._table = read_table(self._text, layout)
        except TableError as error:
            self._table, self._samples = None, None
            self.model.show_table(Table((), (), ()), ())
            self._show_verdict(str(error), is_good=False)
            return
        suggested = suggest(table, layout.decimal)
        self._choice = replace(
            suggested, bad_rows=self._choice.bad_rows, repeats=self._choice.repeats
        )
        self.model.show_table(table, self._choice.roles)
        self.preview.setCurrentIndex(self.model.index(0, 0))
        blocker = QSignalBlocker(self.coding)
        self.coding.setCurrentIndex(max(self.coding.findData(suggested.coding), 0))
        blocker.unblock()
        self._show_role()
        self._judge()

    def _judge(self) -> None:
        """Say what samples the choices make, or why they make none."""
        if self._table is None:
            return
        self.coding.setEnabled(Role.CLASS in self._choice.roles)
        try:
            samples = self._samples = to_samples(
                self._table, self._choice, self.decimal.currentData()
            )
        except TableError as error:
            self._samples = None
            self._show_verdict(str(error), is_good=False)
            return
        targets = ", ".join(samples.t_names[:6]) + ("…" if len(samples.t_names) > 6 else "")
        counts = (len(samples.x), samples.x.shape[1], samples.t.shape[1])
        rows, inputs, outputs = map(_counted, counts, ("sample", "input", "target"))
        lines = [f"{rows} with {inputs} and {outputs}: {targets}."]
        lines += [f"{note[:1].upper()}{note[1:]}." for note in samples.notes]
        self._show_verdict("\n".join(lines), is_good=True)

    def _show_verdict(self, text: str, *, is_good: bool) -> None:
        self.verdict.setText(text if is_good else f"{text[:1].upper()}{text[1:]}.")
        colour = self._theme.text if is_good else self._theme.warning
        self.verdict.setStyleSheet(f"color: {colour};")
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(is_good)

    def _columns(self) -> list[int]:
        """Return the columns that a role is chosen for: the selected ones, else the current one."""
        selection = self.preview.selectionModel()
        chosen = [index.column() for index in selection.selectedColumns()]
        current = self.preview.currentIndex()
        return chosen or ([current.column()] if current.isValid() else [])

    def _show_role(self) -> None:
        columns = self._columns()
        self.role.setEnabled(bool(columns))
        if columns:
            blocker = QSignalBlocker(self.role)
            self.role.setCurrentIndex(self.role.findData(self._choice.roles[columns[0]]))
            blocker.unblock()

    # What is chosen

    def _choose_role(self) -> None:
        roles = list(self._choice.roles)
        for column in self._columns():
            roles[column] = self.role.currentData()
        self._choice = replace(self._choice, roles=tuple(roles))
        self.model.show_roles(self._choice.roles)
        self._choose()

    def _choose(self) -> None:
        self._choice = replace(
            self._choice,
            coding=self.coding.currentData(),
            bad_rows=self.bad_rows.currentData(),
            repeats=self.repeats.currentData(),
        )
        self._judge()

    # Building

    def _build(self, encoding: str) -> None:
        body = QVBoxLayout(self)
        body.setSpacing(8)
        top = _row(("&Separator", self.separator), ("&Decimals", self.decimal))
        top.insertWidget(top.count() - 1, self.header)
        note = QLabel(f"read as {encoding}")
        note.setObjectName("quiet")
        top.addWidget(note)
        body.addLayout(top)
        body.addWidget(self.preview, 1)
        body.addLayout(_row(("Selected &column is", self.role), ("C&lasses as", self.coding)))
        self.share.setSuffix(" %")
        self.share.setAccessibleName("Test share")
        self.share.setToolTip("How much is kept for testing; training never sees it")
        self.seed.setAccessibleName("Split seed")
        self.seed.setToolTip("What decides which samples are kept for testing")
        body.addLayout(
            _row(
                ("&Unreadable rows", self.bad_rows),
                ("&Repeated rows", self.repeats),
                ("&Keep for testing", self.share),
                ("S&eed", self.seed),
            )
        )
        self.verdict.setWordWrap(True)
        self.verdict.setAccessibleName("What is read")
        body.addWidget(self.verdict)
        body.addWidget(self.buttons)

    def _connect(self) -> None:
        self.separator.activated.connect(self._read)
        self.decimal.activated.connect(self._read)
        self.header.toggled.connect(self._read)
        self.role.activated.connect(self._choose_role)
        for box in (self.coding, self.bad_rows, self.repeats):
            box.activated.connect(self._choose)
        self.preview.selectionModel().selectionChanged.connect(self._show_role)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _preview(self) -> QTableView:
        view = QTableView()
        view.setModel(self.model)
        view.setAccessibleName("Preview")
        view.setToolTip("Select a column to say what becomes of it")
        view.setTabKeyNavigation(False)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setAlternatingRowColors(True)
        view.setCornerButtonEnabled(False)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        make_copyable(view)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectColumns)
        small = QFont(view.font())
        small.setPointSizeF(small.pointSizeF() * _FONT_SHRINK)
        for widget in (view, view.horizontalHeader(), view.verticalHeader()):
            widget.setFont(small)
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.verticalHeader().setDefaultSectionSize(view.fontMetrics().height() + 7)
        view.horizontalHeader().setDefaultSectionSize(110)
        return view


def ask_about_table(
    content: bytes, title: str, theme: Theme, parent: QWidget | None = None
) -> ReplaceData | None:
    """Ask what to make of a table; return the edit, or None if it is not wanted.

    Raises
    ------
    TableError
        If the bytes are no text, or too many.
    """
    text, encoding = decoded(content)
    dialog = ImportDialog(text, title, encoding, theme, parent)
    try:
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        return dialog.edit if accepted else None
    finally:
        dialog.deleteLater()


def import_file(
    theme: Theme, parent: QWidget | None = None, path: Path | None = None
) -> ReplaceData | None:
    """Ask for a file where none is given, and what to make of it; say so if it cannot be read."""
    if path is None:
        name, _ = QFileDialog.getOpenFileName(parent, "Read samples from a table", "", FILTER)
        if not name:
            return None
        path = Path(name)
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        return ask_about_table(content, path.name, theme, parent)
    except (OSError, TableError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        QMessageBox.warning(parent, "Read a table", f"{path.name}: {reason}")
        return None


def _choice_box(name: str, entries: Mapping[Any, str]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for entry, text in entries.items():
        box.addItem(text, entry)
    return box


def _row(*labelled: tuple[str, QWidget]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(6)
    for text, widget in labelled:
        label = QLabel(text)
        label.setObjectName("quiet")
        label.setBuddy(widget)
        row.addWidget(label)
        row.addWidget(widget)
        row.addSpacing(8)
    row.addStretch(1)
    return row


def _counted(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"
