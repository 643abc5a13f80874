"""The mistake lab, the check and the predictions as a person uses them, each by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from bp_gui.controller.lab import CheckController, LabController, MistakeController
from bp_gui.controller.store import Store
from bp_gui.diagnose.catalogue import MISTAKES
from bp_gui.engine.names import ETA, Ref, parse_name
from bp_gui.session.edits import SetValue
from bp_gui.session.experiment import Experiment
from bp_gui.session.lab import Curves
from bp_gui.session.quiz import make_quiz
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.panels.check import CheckPanel
from bp_gui.views.panels.lab.panel import LabPanel
from bp_gui.views.panels.lab.table import Column
from bp_gui.views.panels.predict import PredictPanel
from bp_gui.views.theme import DARK, LIGHT
from bp_gui.views.worksheet import save_worksheet

PUBLISHED = "[[0.14976095, 0.1995219], [0.24969829, 0.29939658]]"


@pytest.fixture
def store(worked: Experiment) -> Store:
    return Store(worked)


@pytest.fixture
def shown(qtbot: QtBot, store: Store) -> Callable[[CardFrame], None]:
    """Show a panel of the worked example."""

    def show(panel: CardFrame) -> None:
        qtbot.addWidget(panel)
        panel.resize(470, 640)
        panel.set_theme(LIGHT)
        panel.set_digits(6)
        panel.show_snapshot(store.snapshot, None)
        store.snapshot_changed.connect(panel.show_snapshot)
        panel.show()
        qtbot.waitExposed(panel)

    return show


class TestLab:
    @pytest.fixture
    def mistakes(self, store: Store) -> MistakeController:
        return MistakeController(store)

    @pytest.fixture
    def panel(self, mistakes: MistakeController, shown: Callable[[CardFrame], None]) -> LabPanel:
        panel = LabPanel()
        mistakes.compared.connect(panel.show_comparison)
        panel.mistakes_chosen.connect(mistakes.choose)
        shown(panel)
        return panel

    def cell(self, panel: LabPanel, name: str, column: Column) -> str:
        row = panel.model.row_of(parse_name(name))
        assert row is not None
        return str(panel.model.index(row, column).data())

    def test_every_mistake_that_is_one_by_itself_can_be_switched_on(self, panel: LabPanel) -> None:
        singles = [m for m in MISTAKES.values() if not m.parts]
        assert panel.choice.list.count() == len(singles)

    def test_a_tick_shows_mistaken_numbers_and_a_red_check(self, panel: LabPanel) -> None:
        (item,) = panel.choice.list.findItems(
            "Transpose missing on the way back", Qt.MatchFlag.MatchExactly
        )
        item.setCheckState(Qt.CheckState.Checked)
        # 0.00046155… and 0.14976922… are the reference's numbers of missing_transpose.
        assert self.cell(panel, "W1[1,1]", Column.GRADIENT) == "0.000438568"
        assert self.cell(panel, "W1[1,1]", Column.MISTAKEN_GRADIENT) == "0.000461551"
        assert self.cell(panel, "W1[1,1]", Column.MISTAKEN_NEXT) == "0.149769"
        assert self.cell(panel, "W1[1,1]", Column.CHECK) == "✗"
        assert self.cell(panel, "W2[1,1]", Column.CHECK) == "✓"
        assert "multiplied by W itself" in panel.text.toPlainText()

    def test_leaving_the_lab_keeps_the_mistakes_on(
        self, panel: LabPanel, mistakes: MistakeController
    ) -> None:
        panel.choose(frozenset({"no_half"}))
        panel.hide()
        assert mistakes.names == {"no_half"}
        panel.show()
        assert panel.choice.chosen == {"no_half"}
        assert mistakes.comparison is not None
        delta = mistakes.comparison.different[parse_name("delta2[1]")]
        # δ of o1 of the worked example is 0.13849856…; without the ½ it is twice that.
        assert delta.right == pytest.approx(0.13849856162855698)
        assert delta.mistaken == pytest.approx(0.27699712325711395)

    def test_mistakes_that_are_switched_off_elsewhere_lose_their_tick(
        self, panel: LabPanel, mistakes: MistakeController
    ) -> None:
        panel.choose(frozenset({"no_half"}))
        mistakes.switch_off()
        assert panel.choice.chosen == frozenset()
        assert self.cell(panel, "W2[1,1]", Column.CHECK) == "✓"

    def test_curves_are_trained_between_other_events(
        self, qtbot: QtBot, panel: LabPanel, store: Store
    ) -> None:
        controller = LabController(store, panel)
        panel.curves_requested.connect(controller.begin)
        panel.curves_dropped.connect(controller.stop)
        controller.curves_changed.connect(panel.show_curves)
        with qtbot.waitSignal(controller.curves_changed, check_params_cb=_is_complete):
            panel.choose(frozenset({"sign_flipped"}))
        curves = panel.plot._curves
        assert curves is not None
        assert curves.mistaken[-1] > curves.right[-1]
        assert "with the mistakes" in panel.plot.accessibleDescription()

    def test_an_edit_is_followed(self, panel: LabPanel, store: Store) -> None:
        panel.choose(frozenset({"eta_forgotten"}))
        store.submit(SetValue(ETA, 1.0))
        right = self.cell(panel, "W2[1,1]", Column.NEXT)
        assert self.cell(panel, "W2[1,1]", Column.MISTAKEN_NEXT) == right

    def test_a_word_finds_a_mistake(self, qtbot: QtBot, panel: LabPanel) -> None:
        qtbot.keyClicks(panel.choice.filter, "transposed")
        rows = range(panel.choice.list.count())
        seen = [panel.choice.list.item(r) for r in rows if not panel.choice.list.isRowHidden(r)]
        assert "Transpose missing on the way back" in [item.text() for item in seen]
        assert len(seen) < 6

    def test_both_themes_and_all_digits_can_be_shown(self, panel: LabPanel) -> None:
        panel.choose(frozenset({"no_half", "missing_transpose"}))
        for theme, digits in ((DARK, 17), (LIGHT, 3)):
            panel.set_theme(theme)
            panel.set_digits(digits)
            assert not panel.grab().isNull()


def _is_complete(curves: Curves) -> bool:
    return curves.is_complete


class TestCheck:
    @pytest.fixture
    def panel(self, shown: Callable[[CardFrame], None], store: Store) -> CheckPanel:
        panel = CheckPanel()
        controller = CheckController(store, panel)
        panel.check_requested.connect(controller.check)
        controller.diagnosed.connect(panel.show_diagnosis)
        controller.unreadable.connect(panel.show_unreadable)
        shown(panel)
        return panel

    def test_typed_numbers_are_diagnosed_after_a_pause(
        self, qtbot: QtBot, panel: CheckPanel
    ) -> None:
        panel.numbers.setPlainText(PUBLISHED)
        qtbot.waitUntil(lambda: "Your W1 is what you get" in panel.result.toPlainText())
        said = panel.result.toPlainText()
        assert "the bias is left out of f′" in said
        assert "delta_h = (delta_o @ W2.T) * f_prime(z1)" in said

    def test_an_edit_has_the_numbers_looked_at_again(
        self, qtbot: QtBot, panel: CheckPanel, store: Store
    ) -> None:
        panel.numbers.setPlainText("cost: 0.298371109")
        qtbot.waitUntil(lambda: "agrees" in panel.result.toPlainText())
        store.submit(SetValue(parse_name("W1[1,1]"), 0.9))
        qtbot.waitUntil(lambda: "agrees" not in panel.result.toPlainText())

    def test_a_dropped_file_is_read(self, qtbot: QtBot, panel: CheckPanel, tmp_path: Path) -> None:
        path = tmp_path / "mine.txt"
        path.write_text(PUBLISHED, encoding="utf-8")
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        assert panel.numbers.canInsertFromMimeData(data)
        panel.numbers.insertFromMimeData(data)
        assert panel.numbers.toPlainText() == PUBLISHED

    def test_a_file_that_is_no_text_is_refused(
        self, qtbot: QtBot, panel: CheckPanel, tmp_path: Path
    ) -> None:
        path = tmp_path / "picture.png"
        path.write_bytes(b"\x89PNG\xff\xfe\x00")
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        panel.numbers.insertFromMimeData(data)
        assert "picture.png" in panel.result.toPlainText()

    def test_paste_and_clear(self, qtbot: QtBot, panel: CheckPanel) -> None:
        QGuiApplication.clipboard().setText("0.298371109")
        panel._paste()
        assert panel.numbers.toPlainText() == "0.298371109"
        qtbot.waitUntil(lambda: "agrees" in panel.result.toPlainText())
        panel.numbers.clear()
        qtbot.waitUntil(lambda: panel.result.toPlainText() == "")
        QGuiApplication.clipboard().clear()

    def test_a_spreadsheets_unicode_text_is_read(self, panel: CheckPanel, tmp_path: Path) -> None:
        path = tmp_path / "mine.txt"
        path.write_bytes("w5\t0,358916".encode("utf-16"))
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        panel.numbers.insertFromMimeData(data)
        assert panel.numbers.toPlainText() == "w5\t0,358916"

    def test_an_explanation_leads_to_the_lab(self, qtbot: QtBot, panel: CheckPanel) -> None:
        panel.numbers.setPlainText(PUBLISHED)
        qtbot.waitUntil(lambda: "See it in the lab" in panel.result.toPlainText())
        with qtbot.waitSignal(panel.lab_requested) as caught:
            address = re.search(r'href="(lab:[^"]*)"', panel.result.toHtml())
            assert address is not None
            panel.result.anchorClicked.emit(QUrl(address[1]))
        assert caught.args == [frozenset({"missing_transpose", "bias_omitted_in_derivative"})]

    def test_words_without_numbers_are_answered_in_words(
        self, qtbot: QtBot, panel: CheckPanel
    ) -> None:
        panel.numbers.setPlainText("hello")
        qtbot.waitUntil(lambda: "no numbers" in panel.result.toPlainText())


class TestPredict:
    @pytest.fixture
    def panel(self, shown: Callable[[CardFrame], None]) -> PredictPanel:
        panel = PredictPanel()
        shown(panel)
        return panel

    def test_a_run_of_right_answers_has_full_score(self, qtbot: QtBot, panel: PredictPanel) -> None:
        panel.count.setValue(4)
        qtbot.mouseClick(panel.start, Qt.MouseButton.LeftButton)
        for question in panel.questions:
            assert question.text in panel.question.text()
            if question.choices:
                (button,) = (b for b in panel._choices.buttons() if b.text() == question.key)
                qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
            else:
                qtbot.keyClicks(panel.answer, question.key)
                qtbot.keyClick(panel.answer, Qt.Key.Key_Return)
            assert "Right" in panel.verdict.text()
            qtbot.mouseClick(panel.next, Qt.MouseButton.LeftButton)
        assert panel.question.text() == "4 of 4 right."
        assert panel.log.count() == 4

    def test_a_wrong_answer_shows_the_right_one(self, qtbot: QtBot, panel: PredictPanel) -> None:
        qtbot.mouseClick(panel.start, Qt.MouseButton.LeftButton)
        question = panel.questions[0]
        wrong = next(choice for choice in question.choices if choice != question.key)
        panel._take(wrong)
        assert question.key in panel.verdict.text()
        assert panel.score.text() == "0 of 1 right"
        assert panel.next.isVisible()

    def test_values_are_hidden_while_a_question_is_open(
        self, qtbot: QtBot, panel: PredictPanel
    ) -> None:
        hidden: list[frozenset[Ref]] = []
        panel.hidden_changed.connect(hidden.append)
        panel.begin()
        ref = panel.questions[0].ref
        assert ref in hidden[-1]
        panel._take(panel.questions[0].key)
        assert hidden[-1] == frozenset()
        panel.next.click()
        assert hidden[-1]
        panel.hide()
        assert hidden[-1] == frozenset()

    def test_questions_about_a_moment_that_has_passed_say_so(
        self, panel: PredictPanel, store: Store
    ) -> None:
        panel.begin()
        assert not panel.about.isVisible()
        store.submit(SetValue(ETA, 1.0))
        assert panel.about.isVisible()
        assert "update 0" in panel.about.text()
        panel.begin()
        assert not panel.about.isVisible()

    def test_an_unclear_answer_may_be_given_again(self, qtbot: QtBot, panel: PredictPanel) -> None:
        for asked, box in panel.kinds.items():
            box.setChecked(asked.name == "GRADIENT")
        panel.begin()
        qtbot.keyClicks(panel.answer, "?")
        qtbot.keyClick(panel.answer, Qt.Key.Key_Return)
        assert "Type a number" in panel.verdict.text()
        assert panel.answer.isVisible()
        assert panel.score.text() == ""

    def test_the_worksheet_has_the_questions_that_would_be_asked(
        self, qtbot: QtBot, panel: PredictPanel, store: Store
    ) -> None:
        with qtbot.waitSignal(panel.worksheet_requested) as caught:
            qtbot.mouseClick(panel.paper, Qt.MouseButton.LeftButton)
        questions, seed = caught.args
        assert questions == make_quiz(store.experiment, seed, panel.count.value())


@pytest.mark.parametrize(
    ("ending", "start"), [("pdf", b"%PDF"), ("html", b"<!DOC"), ("txt", b"Back")]
)
def test_a_worksheet_is_saved_in_the_form_of_its_name(
    qtbot: QtBot, worked: Experiment, tmp_path: Path, ending: str, start: bytes
) -> None:
    path = tmp_path / f"sheet.{ending}"
    save_worksheet(path, worked, make_quiz(worked, 1, 5), 1)
    assert path.read_bytes().startswith(start)


def test_a_worksheet_that_cannot_be_saved_is_an_error(
    qtbot: QtBot, worked: Experiment, tmp_path: Path
) -> None:
    with pytest.raises(OSError, match="nowhere"):
        save_worksheet(tmp_path / "nowhere" / "sheet.pdf", worked, (), 1)
