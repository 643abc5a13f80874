"""Predict: questions about the next update, marked and counted, and a worksheet of them."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QHideEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bp_gui.engine.names import Kind, Ref
from bp_gui.session.quiz import Asked, Grade, Grader, Outcome, Question, make_quiz
from bp_gui.session.snapshot import Snapshot
from bp_gui.views.integer_box import IntegerBox
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.theme import LIGHT, Theme

MOST_QUESTIONS = 50
_FIRST_COUNT = 8
_LARGE = 1.3
_MARKS = {Outcome.CORRECT: "✓", Outcome.WRONG: "✗"}


class PredictPanel(CardFrame):
    """One question at a time, an answer, and what there is to say about it.

    Signals
    -------
    hidden_changed(refs)
        What nobody should show while a question is open: a frozenset of `Ref`; empty for nothing.
        A parameter in it stands for its gradient and its next value; its own value is given.
    worksheet_requested(questions, seed)
        The questions are to be put on paper.
    """

    hidden_changed = Signal(object)
    worksheet_requested = Signal(object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Predict", parent)
        self._snapshot: Snapshot | None = None
        self._asked_of: Snapshot | None = None
        self._grader: Grader | None = None
        self._theme = LIGHT
        self._questions: tuple[Question, ...] = ()
        self._position = 0
        self._grade: Grade | None = None  # of the question shown
        self._marks: list[Outcome] = []
        self.score = QLabel()
        self.score.setObjectName("title")
        self.score.setAccessibleName("Score")
        self.add_to_head(self.score)
        self.question = QLabel()
        self.question.setWordWrap(True)
        self.question.setAccessibleName("Question")
        self.about = _quiet("")
        self.about.setWordWrap(True)
        self.about.setAccessibleName("Which moment")
        self.about.hide()
        self.answer = QLineEdit()
        self.answer.setAccessibleName("Your answer")
        self.answer.returnPressed.connect(self._submit)
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.verdict.setAccessibleName("Verdict")
        self.verdict.setTextFormat(Qt.TextFormat.RichText)
        self.log = QListWidget()
        self.log.setAccessibleName("Questions so far")
        self.log.setFrameShape(QListWidget.Shape.NoFrame)
        self.log.setWordWrap(True)
        self.log.viewport().setAutoFillBackground(False)
        self._choices = QButtonGroup(self)
        self._build()
        self._show_question()

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions of the present run."""
        return self._questions

    def show_snapshot(self, new: Snapshot, old: Snapshot | None) -> None:
        """Remember the moment; a run of questions goes on about its own."""
        self._snapshot = new
        if self._asked_of is None or old is None:
            self._end()
        self._show_staleness()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        self._show_verdict()

    def panes(self) -> list[QWidget]:
        """Return what the keyboard goes to."""
        return [self.answer if self.answer.isVisible() else self.start]

    def begin(self) -> None:
        """Start a run of questions about the present moment."""
        if self._snapshot is None:
            return
        kinds = frozenset(asked for asked, box in self.kinds.items() if box.isChecked())
        experiment = self._snapshot.experiment
        self._asked_of = self._snapshot
        self._grader = Grader(experiment)
        self._questions = make_quiz(experiment, self.seed.value(), self.count.value(), kinds)
        self._marks = []
        self.log.clear()
        self._ask(0)
        self._show_staleness()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing needs to be hidden while the questions cannot be seen."""
        super().hideEvent(event)
        self.hidden_changed.emit(frozenset())

    # Building

    def _build(self) -> None:
        large = QFont(self.question.font())
        large.setPointSizeF(large.pointSizeF() * _LARGE)
        large.setWeight(QFont.Weight.DemiBold)
        self.question.setFont(large)
        self.body.addLayout(self._settings())
        self.body.addSpacing(8)
        self.body.addWidget(self.question)
        self.body.addWidget(self.about)
        self.body.addLayout(self._answers())
        self.body.addWidget(self.verdict)
        self.body.addSpacing(4)
        self.body.addWidget(self.log, 1)

    def _settings(self) -> QVBoxLayout:
        self.count = _integer(1, MOST_QUESTIONS, _FIRST_COUNT, "How many questions")
        self.seed = _integer(0, 999_999, 1, "Seed: the same seed asks the same questions")
        self.start = QPushButton("Start")
        self.start.setToolTip("Ask about the next update")
        self.start.clicked.connect(self.begin)
        self.paper = QToolButton()
        self.paper.setText("Worksheet…")
        self.paper.setToolTip("Save the questions with an answer key as PDF, HTML or text")
        self.paper.setAccessibleName("Save a worksheet")
        self.paper.clicked.connect(self._request_worksheet)
        first, kinds = QHBoxLayout(), QGridLayout()
        for part in ("Questions", self.count, "Seed", self.seed, None, self.paper, self.start):
            if part is None:
                first.addStretch(1)
            else:
                first.addWidget(_quiet(part) if isinstance(part, str) else part)
        self.kinds = {}
        for position, asked in enumerate(Asked):
            box = QCheckBox(asked.value.removeprefix("A ").capitalize())
            box.setAccessibleName(asked.value)
            box.setChecked(True)
            self.kinds[asked] = box
            kinds.addWidget(box, position // 2, position % 2)
        kinds.setColumnStretch(2, 1)
        kinds.setHorizontalSpacing(24)
        settings = QVBoxLayout()
        settings.setSpacing(6)
        settings.addLayout(first)
        settings.addLayout(kinds)
        return settings

    def _answers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.answer.setPlaceholderText("as many digits as you like")
        row.addWidget(self.answer, 1)
        for position in range(3):
            button = QPushButton()
            self._choices.addButton(button, position)
            row.addWidget(button)
        self._choices.buttonClicked.connect(lambda button: self._take(button.text()))
        self.check = QPushButton("Check")
        self.check.clicked.connect(self._submit)
        self.next = QPushButton("Next")
        self.next.clicked.connect(lambda: self._ask(self._position + 1))
        row.addWidget(self.check)
        row.addWidget(self.next)
        row.addStretch(0)
        return row

    # What happens

    @property
    def _current(self) -> Question | None:
        there = self._position < len(self._questions)
        return self._questions[self._position] if there else None

    @property
    def _is_open(self) -> bool:
        """Whether an answer is waited for."""
        graded = self._grade is not None and self._grade.outcome is not Outcome.UNCLEAR
        return self._current is not None and not graded

    def _ask(self, position: int) -> None:
        self._position, self._grade = position, None
        self.answer.clear()
        self._show_question()

    def _end(self) -> None:
        self._asked_of, self._questions, self._marks = None, (), []
        self.log.clear()
        self._ask(0)

    def _submit(self) -> None:
        if self._is_open:
            self._take(self.answer.text())

    def _take(self, answer: str) -> None:
        question = self._current
        if not self._is_open or question is None or self._grader is None:
            return
        self._grade = self._grader.grade(question, answer)
        if not self._is_open:
            self._marks.append(self._grade.outcome)
            self.log.insertItem(0, _entry(len(self._marks), question, answer, self._grade))
        self._show_question()

    def _show_question(self) -> None:
        question, is_open = self._current, self._is_open
        right = self._marks.count(Outcome.CORRECT)
        self.score.setText(f"{right} of {len(self._marks)} right" if self._marks else "")
        if question is not None:
            self.question.setText(f"{self._position + 1}. {question.text}")
        elif self._questions:
            self.question.setText(f"{right} of {len(self._questions)} right.")
        else:
            self.question.setText("Predict what the next update does, then see.")
        choices = question.choices if question is not None else ()
        for widget in (self.answer, self.check):
            widget.setVisible(is_open and not choices)
        for button, text in zip(self._choices.buttons(), (*choices, "", "", ""), strict=False):
            button.setText(text)
            button.setVisible(is_open and bool(text))
        is_last = self._position + 1 >= len(self._questions)
        self.next.setText("Score" if is_last else "Next")
        self.next.setVisible(question is not None and not is_open)
        self._show_verdict()
        self._focus(choices)
        self.hidden_changed.emit(_hidden_by(question) if question and is_open else frozenset())

    def _focus(self, choices: tuple[str, ...]) -> None:
        if not self.isVisible() or self._current is None:
            return
        if not self._is_open:
            self.next.setFocus()
        elif choices:
            self._choices.buttons()[0].setFocus()
        else:
            self.answer.setFocus()

    def _show_verdict(self) -> None:
        grade = self._grade
        if grade is None:
            self.verdict.clear()
            return
        colour = {Outcome.CORRECT: self._theme.accent, Outcome.WRONG: self._theme.warning}
        shade = colour.get(grade.outcome, self._theme.muted)
        self.verdict.setText(f'<span style="color:{shade}">{escape(grade.text)}</span>')

    def _show_staleness(self) -> None:
        """Say so when the questions are about a moment that has passed."""
        asked = self._asked_of
        self.about.setVisible(asked is not None and asked is not self._snapshot)
        if asked is not None:
            self.about.setText(
                f"The questions are about update {asked.experiment.updates:,}, where they were "
                "asked. The window shows another moment now."
            )

    def _request_worksheet(self) -> None:
        if self._snapshot is None:
            return
        kinds = frozenset(asked for asked, box in self.kinds.items() if box.isChecked())
        questions = make_quiz(
            self._snapshot.experiment, self.seed.value(), self.count.value(), kinds
        )
        self.worksheet_requested.emit(questions, self.seed.value())


def _hidden_by(question: Question) -> frozenset[Ref]:
    """Return what would give the answer away: the parameter's numbers, and δ where it leads to."""
    ref = question.ref
    return frozenset({ref, Ref(Kind.DELTA, ref.layer, ref.to)})


def _entry(number: int, question: Question, answer: str, grade: Grade) -> QListWidgetItem:
    mark = _MARKS[grade.outcome]
    said = f"{mark}  {number}. {question.text}  {answer.strip()}"
    if grade.outcome is Outcome.WRONG:
        said += f"\n{grade.text}"
    item = QListWidgetItem(said)
    item.setToolTip(grade.text)
    return item


def _integer(low: int, high: int, value: int, tip: str) -> IntegerBox:
    box = IntegerBox(low, high)
    box.setValue(value)
    box.setToolTip(tip)
    box.setAccessibleName(tip)
    return box


def _quiet(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("quiet")
    return label
