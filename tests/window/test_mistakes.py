"""Mistakes in the whole window: side by side on every page, until they are switched off.

The numbers are those of the reference file, made by another program.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bp_gui.app import Program
from bp_gui.app.command_line import _finish_drawing
from bp_gui.diagnose.catalogue import MISTAKES
from bp_gui.engine.batches import Batches
from bp_gui.engine.names import COST, ETA, Ref, parse_name
from bp_gui.engine.network import Architecture, Parameters
from bp_gui.explain.numbers import format_number
from bp_gui.explain.targets import Derivative, Mistaken, Update
from bp_gui.session.edits import SetValue, restarted
from bp_gui.session.experiment import Experiment
from bp_gui.views.formula.blocks import Equation, text_of
from bp_gui.views.formula.sheet import Sheet
from bp_gui.views.network.layout import Detail
from bp_gui.views.panels.analysis.check import GradientCheckPanel
from bp_gui.views.panels.explanation import ExplanationPanel
from bp_gui.views.panels.lab.panel import LabPanel
from bp_gui.views.panels.matrices import MatrixPanel
from bp_gui.views.panels.parameters import ParameterPanel
from bp_gui.views.panels.predict import PredictPanel
from bp_gui.views.parameters.model import Column

REFERENCE = Path(__file__).parents[1] / "reference" / "worked_example.json"
KNOWN = json.loads(REFERENCE.read_text())["known_mistakes_one_step_fixed_bias"]
W111 = parse_name("W1[1,1]")
TRANSPOSE = frozenset({"missing_transpose"})


P = TypeVar("P")


def panel(program: Program, key: str, kind: type[P]) -> P:
    program.window.workspaces.choose(key)
    found = program.window.workspaces.panel(key)
    assert isinstance(found, kind)
    return found


def said(sheet: Sheet) -> str:
    return "\n".join(text_of(block, 6) for block in sheet.blocks)


def marked(sheet: Sheet) -> set[object]:
    """Return what the mistaken numbers on a sheet are mistaken for."""
    sheet._set_all()
    regions = [region for item in sheet.page.items for region in item.regions]
    return {region.target.of for region in regions if isinstance(region.target, Mistaken)}


@pytest.fixture
def mistaken(program: Program) -> Program:
    program.mistakes.controller.choose(TRANSPOSE)
    return program


def test_nothing_is_compared_while_no_mistake_is_on(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("compared without a mistake")

    monkeypatch.setattr("bp_gui.controller.lab.compare", never)
    program.store.submit(SetValue(ETA, 0.25))
    assert program.mistakes.controller.comparison is None
    assert program.window.mistake_notice.text == ""
    assert not program.window.actions_["mistakes_off"].isEnabled()


def test_a_line_names_the_mistakes_on_every_page_and_switches_them_off(
    qtbot: QtBot, mistaken: Program
) -> None:
    notice = mistaken.window.mistake_notice
    for page in ("explain", "data", "mistakes", "parameters"):
        mistaken.window.workspaces.choose(page)
        assert notice.text == "Mistake lab: W2 is not transposed on the way back."
    notice.off.setFocus()
    QTest.keyClick(notice.off, Qt.Key.Key_Space)
    assert notice.text == ""
    assert mistaken.mistakes.controller.names == frozenset()


def test_a_key_switches_them_off_and_the_next_pane_key_reaches_the_line(
    qtbot: QtBot, mistaken: Program
) -> None:
    window = mistaken.window
    for _ in range(20):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F6)
        if window.mistake_notice.off.hasFocus():
            break
    assert window.mistake_notice.off.hasFocus()
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window, Qt.Key.Key_X, keys)
    assert mistaken.mistakes.controller.names == frozenset()


def test_space_ticks_a_mistake_and_presses_buttons_instead_of_running(
    qtbot: QtBot, program: Program
) -> None:
    lab = panel(program, "lab", LabPanel)
    lab.choice.list.setCurrentRow(0)
    lab.choice.list.setFocus()
    QTest.keyClick(lab.choice.list, Qt.Key.Key_Space)
    assert program.mistakes.controller.names == {"no_bias_forward"}
    predict = panel(program, "predict", PredictPanel)
    predict.start.setFocus()
    QTest.keyClick(predict.start, Qt.Key.Key_Space)
    assert predict.questions
    assert not program.training.is_running


def test_the_line_opens_the_lab_with_the_mistakes_ticked(qtbot: QtBot, mistaken: Program) -> None:
    mistaken.window.mistake_notice.lab.click()
    assert mistaken.window.workspaces.page == "mistakes"
    assert panel(mistaken, "lab", LabPanel).choice.chosen == TRANSPOSE


def test_the_graph_shows_both_next_values_of_a_weight(mistaken: Program) -> None:
    labels = mistaken.window.network._labels()
    wrong = {label.text for label in labels if label.is_wrong}
    W1 = KNOWN["missing_transpose"]["W_after_1"][0]
    assert wrong == {format_number(w, 6) for row in W1 for w in row}
    assert "→ 0.149781" in {label.text for label in labels}
    assert "with the mistake 0.149769" in mistaken.window.network._description(W111)


def test_the_graph_follows_an_edit_without_being_laid_out_again(
    mistaken: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = mistaken.window.network
    before = {label.text for label in network._labels() if label.is_wrong}
    monkeypatch.setattr(network, "_lay_out", lambda: pytest.fail("laid out again"))
    mistaken.store.submit(SetValue(parse_name("W2[1,1]"), 0.9))
    shown = network._edges._labels
    assert {label.text for label in shown if label.is_wrong} not in (before, set())
    assert network._comparison is mistaken.mistakes.controller.comparison


def test_the_explanation_has_the_wrong_line_below_the_right_one(mistaken: Program) -> None:
    explanation = panel(mistaken, "explanation", ExplanationPanel)
    mistaken.selection.select(parse_name("delta1[1]"))
    text = said(explanation.sheet)
    assert "δ_h1 = right 0.00877135 with the mistake 0.00923101" in _plain(text)
    assert "δ1 = W2ᵀδ2 ⊙ f′(z1)\nδ1 = W2δ2 ⊙ f′(z1)" in text
    assert marked(explanation.sheet) == {parse_name("delta1[1]")}


def test_a_number_that_a_mistake_only_reaches_says_from_where(mistaken: Program) -> None:
    explanation = panel(mistaken, "explanation", ExplanationPanel)
    mistaken.selection.select(W111)
    text = _plain(said(explanation.sheet))
    assert "The line itself is right. It is computed from what is wrong:\nδ_h1 =" in text
    assert "w1 ← right 0.149781 with the mistake 0.149769" in text
    assert {Derivative(COST, W111), Update(W111)} <= marked(explanation.sheet)


def test_a_number_that_a_mistake_does_not_reach_stays_the_same(mistaken: Program) -> None:
    explanation = panel(mistaken, "explanation", ExplanationPanel)
    mistaken.selection.select(parse_name("a1[1]"))
    assert "With the mistake\nIt stays the same." in said(explanation.sheet)
    assert marked(explanation.sheet) == set()


def test_numbers_that_agree_in_all_digits_shown_get_more(mistaken: Program) -> None:
    explanation = panel(mistaken, "explanation", ExplanationPanel)
    mistaken.selection.select(None)
    # Both next costs are 0.291028 to six digits.
    assert "right 0.2910278 with the mistake 0.2910277" in _plain(said(explanation.sheet))


def test_switching_off_takes_mistaken_numbers_from_every_page(mistaken: Program) -> None:
    explanation = panel(mistaken, "explanation", ExplanationPanel)
    matrices = panel(mistaken, "matrices", MatrixPanel)
    mistaken.selection.select(W111)
    assert marked(explanation.sheet)
    assert marked(matrices.sheet)
    mistaken.mistakes.controller.switch_off()
    assert marked(explanation.sheet) == marked(matrices.sheet) == set()
    assert not [label for label in mistaken.window.network._labels() if label.is_wrong]


def test_matrices_stand_side_by_side_with_the_cells_that_differ_marked(mistaken: Program) -> None:
    sheet = panel(mistaken, "matrices", MatrixPanel).sheet
    weights = {Ref(W111.kind, 0, to, source) for to in range(2) for source in range(2)}
    expected: set[object] = {parse_name("delta1[1]"), parse_name("delta1[2]")}
    expected |= {Derivative(COST, ref) for ref in weights} | {Update(ref) for ref in weights}
    assert marked(sheet) == expected
    assert "the mistaken line" in said(sheet)


def test_heat_maps_stand_side_by_side_on_one_scale(mistaken: Program) -> None:
    matrices = panel(mistaken, "matrices", MatrixPanel)
    matrices.switch.button(1).click()
    entries = [matrices.chooser.itemText(k) for k in range(matrices.chooser.count())]
    position = next(k for k, text in enumerate(entries) if text.startswith("dW1"))
    assert entries[position].endswith("differs")
    matrices.chooser.setCurrentIndex(position)
    assert matrices.mistaken_map.isVisible()
    assert len(matrices.mistaken_map._wrong) == 4
    assert matrices.heat_map._limit == matrices.mistaken_map._limit
    assert matrices.mistaken_map.text_of((0, 0)).endswith("0.000461551, mistaken")
    mistaken.mistakes.controller.switch_off()
    assert not matrices.mistaken_map.isVisible()


def test_the_table_of_parameters_has_a_column_of_mistaken_values(mistaken: Program) -> None:
    parameters = panel(mistaken, "parameters", ParameterPanel)
    model = parameters.model
    heading = model.headerData(Column.LAST, Qt.Orientation.Horizontal)
    assert heading == "Mistaken"
    W = KNOWN["missing_transpose"]["W_after_1"]
    for name, value, wrong in (("W1[1,1]", W[0][0][0], True), ("W2[1,1]", W[1][0][0], False)):
        index = model.index(model.row_of(parse_name(name)) or 0, Column.LAST)
        assert model.text_at(index) == format_number(value, 6)
        assert model.is_wrong(index) == wrong
    mistaken.mistakes.controller.switch_off()
    assert model.headerData(Column.LAST, Qt.Orientation.Horizontal) == "Last"


@pytest.mark.parametrize(
    ("name", "red"),
    [
        ("missing_transpose", {"W1", "b1"}),
        ("one_path_only", {"W1", "b1"}),
        ("no_output_derivative", {"W1", "b1", "W2", "b2"}),
        ("eta_twice", set()),  # the gradient is right: what is done with it is not
        ("bias_added_twice", {"b1", "b2"}),  # ∂z/∂b is 2 there
    ],
)
def test_the_gradient_check_is_red_exactly_where_the_gradient_is_wrong(
    program: Program, name: str, red: set[str]
) -> None:
    program.mistakes.controller.choose(frozenset({name}))
    check = panel(program, "gradients", GradientCheckPanel)
    verdicts = {
        check.model.ref_at(row).name.partition("[")[0]: check.model.index(row, 4).data()
        for row in range(check.model.rowCount())
    }
    assert {key for key, verdict in verdicts.items() if verdict == "✗ differs"} == red
    program.mistakes.controller.switch_off()
    assert "All 12 gradients agree" in check.verdict.text()


def test_the_marks_on_the_graph_are_red_where_the_mistaken_gradient_is_wrong(
    qtbot: QtBot, program: Program
) -> None:
    program.window.actions_["check_gradients"].setChecked(True)
    network = program.window.network
    qtbot.waitUntil(lambda: network._wrong == frozenset())
    program.mistakes.controller.choose(frozenset({"one_path_only"}))
    refs = program.store.experiment.architecture.refs()
    below = {ref for ref in refs if ref.layer == 0}
    qtbot.waitUntil(lambda: network._wrong == below)
    program.store.submit(SetValue(parse_name("W2[2,1]"), 0.0))
    # From h1 no path leads over o2 any more: what h1 takes from o1 alone is right.
    right = {ref for ref in below if ref.to == 0}
    qtbot.waitUntil(lambda: network._wrong == below - right)
    program.mistakes.controller.switch_off()
    qtbot.waitUntil(lambda: network._wrong == frozenset())


def test_the_comparison_follows_training_undo_and_the_shown_sample(
    qtbot: QtBot, make_program: Callable[..., Program], worked: Experiment
) -> None:
    two = worked.with_samples(np.array([[0.05, 0.1], [0.3, 0.8]]), np.array([[0.01, 0.99]] * 2))
    program = make_program(two)
    controller = program.mistakes.controller
    controller.choose(TRANSPOSE)
    for change in (
        program.training.step,
        lambda: program.store.show_sample(1),
        program.store.undo_stack.undo,
    ):
        change()
        assert controller.comparison is not None
        assert controller.comparison.is_of(program.store.snapshot)
        assert program.window.network._comparison is controller.comparison


def test_the_film_comes_to_a_mistaken_number_when_it_comes_to_the_right_one(
    mistaken: Program,
) -> None:
    def shown() -> list[str | None]:
        faces = [face for card, face in mistaken.window.network._neurons._drawn if card.layer == 1]
        return [other for face in faces for other in face.others if other]

    assert shown() != []
    mistaken.film.open()
    mistaken.film.go_to(0)
    assert shown() == []
    mistaken.film.go_to(len(mistaken.film.frames) - 1)
    assert shown() != []


def test_a_question_hides_the_mistaken_number_too(mistaken: Program) -> None:
    predict = panel(mistaken, "predict", PredictPanel)
    predict.begin()
    network = mistaken.window.network
    for ref in network._beside.hidden:
        assert network._beside.other(ref, 6) == ""
        assert "with the mistake" not in network._description(ref)


def nets(worked: Experiment) -> dict[str, Experiment]:
    """Return networks of several shapes, with batches, and outputs and costs that go together."""
    generator = np.random.default_rng(11)

    def made(sizes: tuple[int, ...], activations: tuple[str, ...], cost: str) -> Experiment:
        architecture = Architecture(sizes, activations)
        theta = generator.normal(size=architecture.n_parameters)
        x, t = generator.normal(size=(5, sizes[0])), np.eye(sizes[-1])[np.arange(5) % sizes[-1]]
        made = restarted(worked, Parameters(architecture, theta)).with_samples(x, t)
        return replace(made, cost_name=cost, batches=Batches(2, shuffle=True))

    return {
        "2-2-2": worked,
        "2-3-1": made((2, 3, 1), ("tanh", "sigmoid"), "half_squared_error"),
        "softmax": made((3, 4, 3), ("sigmoid", "softmax"), "categorical_cross_entropy"),
        "relu": made((2, 5, 4, 2), ("relu", "relu", "linear"), "half_squared_error"),
    }


@pytest.mark.parametrize("shape", ["2-2-2", "2-3-1", "softmax", "relu"])
def test_every_mistake_can_be_shown_in_every_network(
    make_program: Callable[..., Program], worked: Experiment, shape: str
) -> None:
    program = make_program(nets(worked)[shape])
    explanation = panel(program, "explanation", ExplanationPanel)
    last = program.store.experiment.architecture.n_layers - 1
    program.selection.select(Ref(W111.kind, last, 0, 0))
    for name in MISTAKES:
        program.mistakes.controller.choose(frozenset({name}))
        comparison = program.mistakes.controller.comparison
        assert comparison is not None
        text = program.window.mistake_notice.text
        assert text.startswith("Mistake lab: ")
        assert ("It changes nothing" in text) == (not comparison.has_effect)
        assert any(isinstance(block, Equation) for block in explanation.sheet.blocks)
        assert not program.window.grab().isNull()


@pytest.mark.parametrize(("width", "marks"), [(6, 1), (12, 0)])
def test_a_graph_too_large_for_boxes_marks_its_wrong_edges_unless_they_are_very_many(
    make_program: Callable[..., Program], worked: Experiment, width: int, marks: int
) -> None:
    architecture = Architecture((2, width, width, 2), ("sigmoid",) * 3)
    theta = np.random.default_rng(3).normal(size=architecture.n_parameters)
    program = make_program(restarted(worked, Parameters(architecture, theta)))
    plain = len(program.window.network._edges._marks)
    program.mistakes.controller.choose(TRANSPOSE)
    network = program.window.network
    assert network.detail is not Detail.BOXES
    assert len(network._edges._marks) == plain + marks


def test_only_rows_with_a_second_number_take_more_room(mistaken: Program) -> None:
    layout = mistaken.window.network._layout
    assert layout is not None
    hidden = layout.cards[1][0]
    heights = {row.symbol: place.height() for row, place in hidden.rows}
    assert heights["z"] == heights["a"] < heights["δ"]


def _plain(text: str) -> str:
    return " ".join(text.replace("\n", " \n ").split(" ")).replace("  ", " ").replace(" \n ", "\n")


def test_a_screenshot_waits_for_the_curves_of_the_lab(program: Program) -> None:
    lab = panel(program, "lab", LabPanel)
    program.mistakes.controller.choose(TRANSPOSE)
    _finish_drawing(program)
    assert lab.plot._drawing is not None
