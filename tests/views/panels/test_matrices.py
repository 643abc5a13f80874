"""The matrix panel: real matrices in the equations, cells that are selected everywhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bp_gui.engine.names import parse_name
from bp_gui.engine.network import Architecture, Parameters
from bp_gui.explain.mathematics import Matrix, walk
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import evaluate
from bp_gui.views.formula.blocks import Equation, text_of
from bp_gui.views.panels.matrices import MatrixPanel

W22 = parse_name("W2[1,2]")


@pytest.fixture
def experiment(worked: Experiment) -> Experiment:
    """A 2-9-1 network, whose matrices are too large to be shown whole."""
    architecture = Architecture((2, 9, 1), ("sigmoid", "sigmoid"))
    theta = np.random.default_rng(4).normal(size=architecture.n_parameters)
    parameters = Parameters(architecture, theta)
    data = replace(worked.data, t=worked.data.t[:, :1], t_test=worked.data.t_test[:, :1])
    made = replace(worked, parameters=parameters, start=theta, data=data)
    return replace(made, optimizer_state=made.optimizer.initial_state(len(theta)))


@pytest.fixture
def panel(qtbot: QtBot, experiment: Experiment) -> MatrixPanel:
    panel = MatrixPanel()
    qtbot.addWidget(panel)
    panel.resize(470, 640)
    panel.show_snapshot(evaluate(experiment), None)
    panel.show()
    return panel


def matrices(panel: MatrixPanel) -> list[Matrix]:
    equations = [block for block in panel.sheet.blocks if isinstance(block, Equation)]
    steps = [step for equation in equations for step in equation.steps]
    return [node for step in steps for node in walk(step) if isinstance(node, Matrix)]


def test_every_equation_stands_in_names_and_in_numbers(panel: MatrixPanel) -> None:
    written = [text_of(block, 3) for block in panel.sheet.blocks]
    for beginning in ("z1 = W1 x + b1 = [", "a1 = σ(z1) = ", "z2 = W2 a1 + b2 = ["):
        assert any(text.startswith(beginning) for text in written), beginning
    assert any(text.startswith("δ1 = ") and "⊙" in text for text in written)


def test_large_matrices_are_elided_and_small_ones_are_not(panel: MatrixPanel) -> None:
    shapes = {(m.shape, len(m.rows), len(m.rows[0])) for m in matrices(panel)}
    assert ((9, 2), 4, 2) in shapes
    assert ((2, 1), 2, 1) in shapes
    panel.resize(760, 640)
    assert ((9, 2), 6, 2) in {(m.shape, len(m.rows), len(m.rows[0])) for m in matrices(panel)}


def test_a_cell_that_is_clicked_is_selected(panel: MatrixPanel, qtbot: QtBot) -> None:
    ref = parse_name("W1[1,2]")
    place = panel.sheet.place_of(ref)
    assert place is not None
    with qtbot.waitSignal(panel.selected) as caught:
        QTest.mouseClick(
            panel.sheet.viewport(), Qt.MouseButton.LeftButton, pos=place.center().toPoint()
        )
    assert caught.args == [ref]


def test_the_heat_map_shows_the_whole_matrix_of_what_is_selected(
    panel: MatrixPanel, qtbot: QtBot, experiment: Experiment
) -> None:
    panel.switch.button(1).click()
    panel.show_selected(W22)
    assert panel.chooser.currentText().split()[0] == "W2"
    np.testing.assert_array_equal(panel.heat_map._values, experiment.parameters.W[1])
    with qtbot.waitSignal(panel.selected) as caught:
        QTest.keyClick(panel.heat_map, Qt.Key.Key_Return)
    assert caught.args == [W22]
    assert panel.panes() == [panel.heat_map]


def test_a_gradient_cell_selects_its_weight(panel: MatrixPanel, qtbot: QtBot) -> None:
    panel.switch.button(1).click()
    texts = [panel.chooser.itemText(n) for n in range(panel.chooser.count())]
    panel.chooser.setCurrentIndex(next(n for n, t in enumerate(texts) if t.startswith("dW1")))
    with qtbot.waitSignal(panel.selected) as caught:
        QTest.mouseClick(
            panel.heat_map.viewport(),
            Qt.MouseButton.LeftButton,
            pos=panel.heat_map.place_of((6, 1)).center(),
        )
    assert caught.args == [parse_name("W1[7,2]")]


def test_matrices_are_copied_as_latex_numpy_and_a_table(
    panel: MatrixPanel, experiment: Experiment
) -> None:
    clipboard = QGuiApplication.clipboard()
    panel.copy_latex()
    assert r"\begin{bmatrix}" in clipboard.text()
    panel.copy_numpy()
    scope: dict[str, object] = {}
    exec(clipboard.text(), scope)
    np.testing.assert_allclose(scope["a2"], evaluate(experiment).output[:, None], rtol=1e-12)
    panel.switch.button(1).click()
    panel.show_selected(W22)
    panel.copy_tsv()
    name, line = clipboard.text().strip().splitlines()
    assert name == "W2"
    assert [float(cell) for cell in line.split("\t")] == list(experiment.parameters.W[1][0])
    panel.copy_latex()
    assert clipboard.text().startswith(r"\underset")
    clipboard.clear()


def test_a_fast_run_leaves_out_whole_moments_and_ends_on_the_last(
    panel: MatrixPanel, experiment: Experiment, qtbot: QtBot
) -> None:
    old = evaluate(experiment)
    for step in range(1, 5):
        new = evaluate(replace(experiment, eta=step / 10))
        panel.show_snapshot(new, old)
        old = new
    qtbot.waitUntil(lambda: not panel._pace.is_waiting)
    assert panel._view is not None
    assert panel._view.update[0].result.values == pytest.approx(
        evaluate(replace(experiment, eta=0.4)).next_theta[:18].reshape(9, 2)
    )


def test_the_selected_cell_is_scrolled_to(panel: MatrixPanel) -> None:
    bar, sheet = panel.sheet.verticalScrollBar(), panel.sheet
    panel.show_selected(parse_name("delta1[1]"))
    assert bar.value() > 0
    place = sheet.place_of(parse_name("delta1[1]"))
    assert place is not None
    assert sheet.viewport().rect().contains(place.toRect())


def test_a_cell_that_can_be_seen_is_not_scrolled_away_from(panel: MatrixPanel) -> None:
    bar = panel.sheet.verticalScrollBar()
    bar.setValue(10)
    for ref in (parse_name("W1[1,2]"), None):
        panel.show_selected(ref)
        assert bar.value() == 10


def test_a_cell_selected_before_the_panel_is_seen_is_scrolled_to(
    qtbot: QtBot, experiment: Experiment
) -> None:
    panel = MatrixPanel()
    qtbot.addWidget(panel)
    panel.resize(470, 300)
    panel.show_selected(parse_name("delta1[1]"))
    panel.show_snapshot(evaluate(experiment), None)
    panel.show()
    assert panel.sheet.verticalScrollBar().value() > 0
