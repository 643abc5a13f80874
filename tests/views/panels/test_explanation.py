"""The explanation panel: links, history, copying, and never a stale pair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bp_gui.engine.names import COST, Kind, Ref, parse_name
from bp_gui.engine.network import Architecture, Parameters
from bp_gui.explain.mathematics import Number, walk
from bp_gui.explain.name_choice import NameChoice
from bp_gui.explain.naming import ParameterNames
from bp_gui.explain.targets import Derivative
from bp_gui.session.edits import SetValue
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import evaluate
from bp_gui.views.formula.blocks import Equation, Heading, text_of
from bp_gui.views.panels.explanation import INVITATION, ExplanationPanel

W5, W1, H1 = parse_name("W2[1,1]"), parse_name("W1[1,1]"), parse_name("a1[1]")


def deep(worked: Experiment) -> Experiment:
    """A 2-3-4-1 network."""
    architecture = Architecture((2, 3, 4, 1), ("tanh", "sigmoid", "sigmoid"))
    theta = np.random.default_rng(3).normal(size=architecture.n_parameters)
    parameters = Parameters(architecture, theta)
    data = replace(worked.data, t=worked.data.t[:, :1], t_test=worked.data.t_test[:, :1])
    made = replace(worked, parameters=parameters, start=parameters.theta, data=data)
    return replace(made, optimizer_state=made.optimizer.initial_state(len(theta)))


@pytest.fixture
def make_panel(qtbot: QtBot) -> Callable[[Experiment], ExplanationPanel]:
    def make(experiment: Experiment) -> ExplanationPanel:
        panel = ExplanationPanel()
        qtbot.addWidget(panel)
        panel.resize(470, 640)
        panel.show_snapshot(evaluate(experiment), None)
        panel.show()
        return panel

    return make


@pytest.fixture
def panel(
    make_panel: Callable[[Experiment], ExplanationPanel], worked: Experiment
) -> ExplanationPanel:
    return make_panel(worked)


def texts(panel: ExplanationPanel) -> list[str]:
    return [text_of(block, 6) for block in panel.sheet.blocks]


def position_of(panel: ExplanationPanel, text: str) -> int:
    return next(n for n, t in enumerate(texts(panel)) if t.startswith(text))


def test_without_a_selection_it_invites_and_explains_the_cost(panel: ExplanationPanel) -> None:
    assert texts(panel)[0] == INVITATION
    assert "C = C_o1 + C_o2 = 0.274811 + 0.02356 = 0.298371" in texts(panel)


def test_the_chain_rule_of_w5_stands_there_in_names_in_numbers_and_as_a_value(
    panel: ExplanationPanel,
) -> None:
    panel.show_selected(W5)
    # The issue's own numbers, which are those of the well-known worked example.
    whole = next(t for t in texts(panel) if t.startswith("∂C/∂w5 ="))
    assert "∂C/∂o1 · ∂o1/∂z_o1 · ∂z_o1/∂w5" in whole
    assert "0.741365 · 0.186816 · 0.59327 = 0.082167" in whole


def test_a_quantity_that_is_clicked_is_selected(panel: ExplanationPanel, qtbot: QtBot) -> None:
    panel.show_selected(W5)
    with qtbot.waitSignal(panel.selected) as caught:
        place = panel.sheet.place_of(H1)
        assert place is not None
        QTest.mouseClick(
            panel.sheet.viewport(), Qt.MouseButton.LeftButton, pos=place.center().toPoint()
        )
    assert caught.args == [H1]


def test_a_factor_leads_to_the_line_that_explains_it(panel: ExplanationPanel) -> None:
    panel.show_selected(W5)
    output = Ref(Kind.ACTIVATION, 1, 0)
    start = position_of(panel, "∂C/∂w5 =")
    blocks = panel.sheet.blocks
    panel.sheet.activated.emit(Derivative(COST, output), start)
    assert panel.sheet.blocks == blocks
    assert panel.sheet._pointed == position_of(panel, "∂C/∂o1 =")


def test_an_error_in_a_deep_network_unfolds_in_place_and_folds_again(
    make_panel: Callable[[Experiment], ExplanationPanel], worked: Experiment
) -> None:
    panel = make_panel(deep(worked))
    panel.show_selected(W1)
    before = texts(panel)
    target = Derivative(COST, Ref(Kind.NET_INPUT, 1, 0))
    position, _ = next(
        (n, e)
        for n, e in enumerate(panel._entries)
        if e.line is not None and e.line.target == Ref(Kind.DELTA, 1, 0)
    )
    panel.sheet.activated.emit(target, position)
    inside = [e for e in panel._entries if e.path]
    assert inside
    assert all(e.block.depth == 1 for e in inside)
    assert isinstance(inside[0].block, Heading)
    panel.sheet.activated.emit(target, position)
    assert texts(panel) == before


def test_back_and_forward_among_what_was_explained(panel: ExplanationPanel, qtbot: QtBot) -> None:
    panel.selected.connect(panel.show_selected)  # as the window does
    for ref in (W5, H1, W1):
        panel.show_selected(ref)
    asked: list[Ref] = []
    panel.selected.connect(asked.append)
    panel.go_back()
    panel.go_back()
    panel.go_forward()
    assert asked == [H1, W5, H1]
    panel.show_selected(COST)
    panel.go_forward()
    assert asked == [H1, W5, H1]


def test_escape_lets_go_of_the_selection(panel: ExplanationPanel, qtbot: QtBot) -> None:
    panel.show_selected(W5)
    with qtbot.waitSignal(panel.selected) as caught:
        QTest.keyClick(panel.sheet, Qt.Key.Key_Escape)
    assert caught.args == [None]


def test_numbers_and_symbols_always_come_from_one_snapshot(
    panel: ExplanationPanel, worked: Experiment, qtbot: QtBot
) -> None:
    panel.show_selected(W5)
    experiment, old = worked, evaluate(worked)
    for step in range(1, 6):
        experiment = SetValue(W5, 0.4 + step / 100).apply(experiment)
        new = evaluate(experiment)
        panel.show_snapshot(new, old)
        old = new
        assert shown_values(panel) in ([0.4 + k / 100 for k in range(step + 1)])
    qtbot.waitUntil(lambda: shown_values(panel) == pytest.approx(0.45))


def shown_values(panel: ExplanationPanel) -> float:
    """Return the value of w5 on the page, the same wherever it stands there."""
    values = {
        node.value
        for block in panel.sheet.blocks
        if isinstance(block, Equation)
        for side in block.steps
        for node in walk(side)
        if isinstance(node, Number) and node.ref == W5
    }
    (value,) = values
    return value


def test_a_hidden_panel_does_nothing_and_catches_up(
    panel: ExplanationPanel, worked: Experiment
) -> None:
    panel.show_selected(W5)
    panel.hide()
    changed = evaluate(SetValue(W5, 0.75).apply(worked))
    panel.show_snapshot(changed, evaluate(worked))
    assert shown_values(panel) == 0.4
    panel.show()
    assert shown_values(panel) == 0.75


def test_another_network_forgets_what_it_does_not_have(
    panel: ExplanationPanel, worked: Experiment
) -> None:
    panel.show_selected(parse_name("W2[2,2]"))
    panel.show_snapshot(evaluate(deep(worked)), None)
    assert texts(panel)[0] == INVITATION


def test_names_are_the_readers(panel: ExplanationPanel, qtbot: QtBot) -> None:
    indexed = NameChoice(parameters=ParameterNames.INDEXED)
    with qtbot.waitSignal(panel.naming_chosen) as caught:
        panel.name_menu._actions[ParameterNames.INDEXED].trigger()
    assert caught.args == [indexed]
    panel.set_names(indexed)
    panel.show_selected(W5)
    assert texts(panel)[0] == "Weight W2[1,1], from h1 to o1"


def test_everything_and_one_equation_can_be_copied(panel: ExplanationPanel) -> None:
    panel.show_selected(W5)
    clipboard = QGuiApplication.clipboard()
    panel.copy_latex()
    assert r"\begin{align*}" in clipboard.text()
    panel.copy_text()
    assert clipboard.text().startswith("Weight w5, from h1 to o1")
    block = panel.sheet.blocks[position_of(panel, "z_o1 =")]
    menu = panel.made_menu(block)
    menu.actions()[0].trigger()
    assert clipboard.text().startswith(r"\begin{aligned}")
    menu.actions()[1].trigger()
    assert clipboard.text().startswith("z_o1 = w5 · h1 + w6 · h2 + b2 = ")
    menu.close()
    clipboard.clear()


@pytest.mark.parametrize(
    "name", ["W1[2,1]", "b1[1]", "z2[2]", "a1[1]", "delta1[2]", "x[1]", "t[2]", "C[1]", "C", "eta"]
)
def test_every_kind_of_quantity_has_a_page(panel: ExplanationPanel, name: str) -> None:
    panel.show_selected(parse_name(name))
    assert len(panel.sheet.blocks) > 3
    assert not panel.grab().isNull()


def test_a_snapshot_is_needed_before_anything_is_shown(qtbot: QtBot) -> None:
    panel = ExplanationPanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.show_selected(W5)
    assert panel.sheet.blocks == ()
