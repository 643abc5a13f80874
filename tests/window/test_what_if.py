"""The page Analysis: what would be if, and what has been learned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bp_gui.app import Program
from bp_gui.controller.calculator import Calculator
from bp_gui.engine.gradient_check import GradientCheck, check_gradient
from bp_gui.engine.names import ETA, parse_name
from bp_gui.engine.network import Architecture, Parameters
from bp_gui.explain.numbers import format_number
from bp_gui.session.edits import SetValue, restarted
from bp_gui.session.examples import load_named
from bp_gui.session.experiment import Experiment
from bp_gui.session.health import Health
from bp_gui.session.training import advance
from bp_gui.session.whatif import line
from bp_gui.views.panels.analysis.along import AlongPanel
from bp_gui.views.panels.analysis.check import GradientCheckPanel
from bp_gui.views.panels.analysis.layers import LayersPanel
from bp_gui.views.panels.analysis.response import ResponsePanel
from bp_gui.views.panels.analysis.surface import SurfacePanel
from bp_gui.views.panels.analysis.surface_maps import Map
from bp_gui.views.panels.card import CardFrame
from bp_gui.views.plot.figure import Figure

W211 = parse_name("W2[1,1]")


def panel(program: Program, key: str) -> CardFrame:
    assert program.window.workspaces.choose(key)
    found = program.window.workspaces.panel(key)
    QCoreApplication.processEvents()  # lays it out
    return found


def drag(figure: Figure, to: QPointF, steps: int = 6) -> None:
    """Drag the figure's point to a place of its plane."""
    assert figure.handle is not None

    def on_screen(point: QPointF) -> QPoint:
        return figure.mapFromScene(figure.area.mapViewToScene(point))

    start, button = QPointF(figure.handle), Qt.MouseButton.LeftButton
    ends = [start + (to - start) * (k / steps) for k in range(1, steps + 1)]
    places = [on_screen(end) for end in ends]
    QTest.mousePress(figure.viewport(), button, pos=on_screen(start))
    for place in places:
        QTest.mouseMove(figure.viewport(), place)
    QTest.mouseRelease(figure.viewport(), button, pos=places[-1])


def test_dragging_the_point_moves_the_weight_as_one_edit(program: Program) -> None:
    program.selection.select(W211)
    along = panel(program, "along")
    assert isinstance(along, AlongPanel)
    assert along._plot is not None
    assert along._ref == W211
    before = program.store.snapshot.value(W211)
    drag(along._plot, QPointF(before - 1.0, along._line.cost if along._line else 0.0))
    assert program.store.snapshot.value(W211) == pytest.approx(before - 1.0, abs=0.05)
    assert program.store.undo_stack.count() == 1
    program.window.actions_["undo"].trigger()
    assert program.store.snapshot.value(W211) == before


@pytest.mark.parametrize("name", ["W1[2,1]", "b2[1]", "x[1]", "t[2]", "eta"])
def test_the_curve_goes_through_the_present_and_the_tangent_has_its_slope(
    worked: Experiment, name: str
) -> None:
    """The slope of each curve is held against central differences of the curve itself."""
    from bp_gui.session.snapshot import evaluate

    snapshot = evaluate(advance(worked, 3).experiment)
    found = line(snapshot, parse_name(name))
    assert found is not None
    expected = snapshot.next_cost if name == "eta" else snapshot.cost
    assert found.cost == pytest.approx(expected, rel=1e-12)
    h = 1e-5
    below, above = found.costs(np.array([found.present - h, found.present + h])).total
    assert found.slope == pytest.approx((above - below) / (2 * h), rel=1e-6, abs=1e-10)


def test_predicted_and_actual_change_are_printed(program: Program) -> None:
    program.selection.select(W211)
    along = panel(program, "along")
    assert isinstance(along, AlongPanel)
    texts = {key: label.text() for key, label in along._facts.items()}
    assert texts["slope"] == "0.082167"
    assert texts["step"] == "−0.0410835"
    assert texts["predicted"] == "−0.00337571"
    program.selection.select(ETA)
    assert along._ref == ETA
    assert along._facts["step"].text() == "0.5"
    assert along._facts["actual"].text() == "−0.00734334"


def test_dragging_over_the_surface_moves_two_parameters(program: Program) -> None:
    surface = panel(program, "surface")
    assert isinstance(surface, SurfacePanel)
    assert surface._plot is not None
    drag(surface._plot, QPointF(1.0, -0.5))
    snapshot = program.store.snapshot
    assert snapshot.value(W211) == pytest.approx(1.0, abs=0.05)
    assert snapshot.value(parse_name("W2[2,1]")) == pytest.approx(-0.5, abs=0.05)
    assert program.store.undo_stack.count() == 1
    assert program.store.undo_stack.undoText() == "Move W2[1,1] and W2[2,1]"


def test_the_surface_shows_the_way_of_every_branch_and_its_main_directions(
    program: Program, qtbot: QtBot
) -> None:
    before = program.store.experiment
    for _ in range(6):
        program.store.show(advance(program.store.experiment, 20).experiment)
    program.store.record(before, "Train")
    surface = panel(program, "surface")
    assert isinstance(surface, SurfacePanel)
    # Between the seven kept states training is followed once more.
    qtbot.waitUntil(lambda: [len(each.theta) > 40 for each in surface._paths] == [True])
    surface.choices[0].setCurrentText("main directions")
    surface.fit()
    assert surface._map is not None
    assert surface._map.plane.names[0].startswith("main direction 1")
    surface.choices[0].setCurrentIndex(0)
    surface.choices[1].setCurrentIndex(0)
    surface.fit()
    assert "choose two that differ" in surface._note.text()


def test_the_gradient_check_agrees_and_names_the_worst(program: Program) -> None:
    check = panel(program, "gradients")
    assert isinstance(check, GradientCheckPanel)
    assert check.verdict.text().startswith("<b>All 12 gradients agree</b> with the complex step")
    assert check.model.index(0, 4).data() == "✓ agrees"
    check.epsilon.setValue(-70)
    assert "ε = 1e−7" in check._epsilon_text.text()


def test_functions_with_kinks_are_checked_by_central_differences(
    make_program: Callable[..., Program], worked: Experiment
) -> None:
    parameters = Parameters(Architecture((2, 2, 2), ("relu", "sigmoid")), worked.parameters.theta)
    check = panel(make_program(restarted(worked, parameters)), "gradients")
    assert isinstance(check, GradientCheckPanel)
    assert "central differences" in check.verdict.text()
    assert check.verdict.text().startswith("<b>All 12")


@pytest.mark.parametrize("name", ["spiral", "sine", "iris", "worked"])
@pytest.mark.parametrize("key", ["along", "surface", "response", "layers", "gradients"])
def test_every_panel_shows_every_example(
    make_program: Callable[..., Program], qtbot: QtBot, name: str, key: str
) -> None:
    program = make_program(load_named(f"example:{name}"))
    shown = panel(program, key)
    program.training.step()
    if isinstance(shown, SurfacePanel):
        qtbot.waitUntil(lambda: not shown._calculator.is_busy, timeout=60_000)
    if isinstance(shown, ResponsePanel):
        for position in range(shown.neuron.count()):
            shown.neuron.setCurrentIndex(position)
            shown._draw()


def test_dead_and_saturated_layers_are_named(worked: Experiment) -> None:
    dead = Parameters(
        Architecture((2, 2, 2), ("relu", "sigmoid")), -np.abs(worked.parameters.theta)
    )
    sentences = Health(restarted(worked, dead)).sentences
    assert any("2 of 2 neurons are dead (h1, h2)" in sentence for sentence in sentences)
    large = replace(worked, parameters=Parameters(worked.architecture, worked.start * 20))
    assert any("is saturated" in sentence for sentence in Health(large).sentences)
    assert Health(worked).sentences == ()


def test_the_layers_say_when_all_is_well(program: Program) -> None:
    layers = panel(program, "layers")
    assert isinstance(layers, LayersPanel)
    assert layers.findings.text().startswith("No layer is saturated")


def test_a_plane_holds_still_while_training_and_is_laid_anew_when_it_has_settled(
    program: Program, qtbot: QtBot
) -> None:
    surface = panel(program, "surface")
    assert isinstance(surface, SurfacePanel)
    surface.choices[0].setCurrentText("random directions")
    surface.fit()
    assert not surface.choices[1].isEnabled()
    assert surface._map is not None
    before = surface._map
    for _ in range(3):
        program.training.step(2)
        assert surface._map.costs is before.costs
        assert surface._map.plane.present != before.plane.present
    assert "training has left it" in surface._note.text()
    qtbot.waitUntil(lambda: surface._map is not None and surface._map.plane.holds_present)
    assert surface._map.plane.present == pytest.approx((0.0, 0.0), abs=1e-9)
    assert "training has left it" not in surface._note.text()


def test_dragging_over_random_directions_keeps_the_plane(program: Program, qtbot: QtBot) -> None:
    surface = panel(program, "surface")
    assert isinstance(surface, SurfacePanel)
    surface.choices[0].setCurrentText("random directions")
    surface.fit()
    assert surface._plot is not None
    drag(surface._plot, QPointF(0.5, -0.5))
    surface._settle()
    assert surface._map is not None
    assert surface._map.plane.present == pytest.approx((0.5, -0.5), abs=0.05)


def test_the_surface_of_one_output_has_that_outputs_cost_and_gradient(program: Program) -> None:
    """W2[2,1] does not lead to the first output: along it C[1] is flat."""
    surface = panel(program, "surface")
    assert isinstance(surface, SurfacePanel)
    surface.output.setCurrentText("C[1]")
    surface.fit()
    assert surface._map is not None
    assert np.ptp(surface._map.costs, axis=0).max() == pytest.approx(0.0, abs=1e-15)
    assert surface._slopes.text() == "gradient of C[1]: 0.082167 across, 0 up"


def test_arrow_keys_move_the_point_and_a_burst_is_one_edit(program: Program) -> None:
    program.selection.select(W211)
    along = panel(program, "along")
    assert isinstance(along, AlongPanel)
    assert along._plot is not None
    along._plot.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(4):
        QTest.keyClick(along._plot, Qt.Key.Key_Right)
    QTest.keyClick(along._plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    # Of a range of 6: four steps of a hundredth, and one of a tenth back.
    assert program.store.snapshot.value(W211) == pytest.approx(0.4 + 4 * 0.06 - 0.6, rel=1e-9)
    assert program.store.undo_stack.count() == 1
    QTest.keyClick(along._plot, Qt.Key.Key_Up)
    assert program.store.undo_stack.count() == 1


def test_zooming_to_the_step_makes_it_a_quarter_of_the_picture(program: Program) -> None:
    program.selection.select(W211)
    along = panel(program, "along")
    assert isinstance(along, AlongPanel)
    assert along._plot is not None
    assert along._line is not None
    along.zoom.click()
    low, high = along._plot.x_range()
    assert abs(along._line.step.change) / (high - low) == pytest.approx(0.25)


def test_the_cost_axis_can_be_logarithmic(program: Program) -> None:
    along = panel(program, "along")
    assert isinstance(along, AlongPanel)
    assert along._plot is not None
    assert along._line is not None
    along.logarithmic.click()
    assert along._plot.left.logarithmic
    x, y = along._plot._curve.getData()
    np.testing.assert_allclose(10.0**y, along._line.costs(x).total, rtol=1e-12)


def test_the_note_says_why_the_step_is_not_the_plain_one(
    make_program: Callable[..., Program], worked: Experiment
) -> None:
    clipped = replace(worked, clip=0.01)
    program = make_program(clipped)
    program.selection.select(W211)
    along = panel(program, "along")
    assert isinstance(along, AlongPanel)
    assert "not −η ∂C/∂v = −0.0410835: it is clipped to a norm of 0.01." in along._note.text()
    program.selection.select(parse_name("b2[1]"))
    assert "Biases are fixed here" in along._note.text()
    program.selection.select(parse_name("x[1]"))
    assert along._note.text().startswith("No update changes what the network is shown")


def test_the_graph_is_marked_where_gradients_differ_and_only_when_asked(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = program.window.actions_["check_gradients"]
    marks = program.window.network._verdicts
    program.training.step()
    assert not marks.isVisible()
    action.trigger()
    assert marks._shown is not None
    assert len(marks._shown.right) == 12

    def mistaken(*parts: Any) -> GradientCheck:
        found = check_gradient(*parts)
        analytic = found.analytic.copy()
        analytic[[0, 7]] *= 1.001
        return replace(found, analytic=analytic)

    monkeypatch.setattr("bp_gui.controller.gradients.check_gradient", mistaken)
    program.training.step()
    assert program.window.network._wrong == {parse_name("W1[1,1]"), parse_name("W2[1,2]")}
    assert len(marks._shown.wrong) == 2
    action.trigger()
    assert not marks.isVisible()


def test_the_panel_and_the_menu_switch_the_same_marks(program: Program) -> None:
    check = panel(program, "gradients")
    assert isinstance(check, GradientCheckPanel)
    check.marks.click()
    assert program.gradients.is_on
    program.window.actions_["check_gradients"].trigger()
    assert not check.marks.isChecked()


def test_a_check_that_takes_long_does_not_hold_up_the_window(
    make_program: Callable[..., Program], qtbot: QtBot
) -> None:
    program = make_program(load_named("example:spiral"))
    check = panel(program, "gradients")
    assert isinstance(check, GradientCheckPanel)
    assert check._calculator.is_busy
    qtbot.waitUntil(lambda: "337 gradients agree" in check.verdict.text(), timeout=30_000)


def test_classes_are_shown_with_those_that_are_told_wrong(
    make_program: Callable[..., Program],
) -> None:
    program = make_program(load_named("example:iris"))
    program.training.step(60)
    shown = panel(program, "response")
    assert isinstance(shown, ResponsePanel)
    assert shown._plot is not None
    assert shown.neuron.currentText() == "class"
    snapshot = program.store.snapshot
    wrong = snapshot.outputs.argmax(axis=1) != snapshot.experiment.t.argmax(axis=1)
    assert f"{wrong.sum()} of 120 wrong" in shown._note.text()
    assert len(shown._plot._wrong.points()) == wrong.sum() > 0
    tip = shown._tip(0.0, 0.0, 7)
    residual = snapshot.experiment.t[7, 0] - snapshot.outputs[7, 0]
    assert tip.startswith("sample 8\nt[1] = ")
    assert f"residual t − a = {format_number(float(residual), 6)}" in tip


def test_other_inputs_are_held_at_the_sample_or_at_their_means(
    make_program: Callable[..., Program],
) -> None:
    program = make_program(load_named("example:iris"))
    shown = panel(program, "response")
    assert isinstance(shown, ResponsePanel)
    assert shown._plot is not None
    assert "held at those of sample 1;" in shown._note.text()
    before = shown._plot._field._pixels
    assert before is not None
    shown.rest.setCurrentIndex(1)
    shown._draw()
    assert "held at their means;" in shown._note.text()
    assert not np.array_equal(shown._plot._field._pixels, before)


def test_zooming_into_a_response_computes_what_is_in_view(program: Program) -> None:
    shown = panel(program, "response")
    assert isinstance(shown, ResponsePanel)
    assert shown._plot is not None
    shown._plot.area.setRange(xRange=(0.0, 0.2), yRange=(0.0, 0.1), padding=0)
    shown._plot.range_changed.emit()
    assert shown._spans is not None
    assert shown._spans[0] == pytest.approx((0.0, 0.2))
    program.training.step()
    assert shown._plot.x_range() == pytest.approx((0.0, 0.2))
    shown.fit()
    assert shown._plot.x_range()[1] > 1.0


def test_every_layer_says_how_steep_it_is_and_how_much_of_the_error_reaches_it(
    program: Program,
) -> None:
    """Mean of a (1 − a) over h1 and h2, against ¼; δ of both layers: the reference's."""
    layers = panel(program, "layers")
    assert isinstance(layers, LayersPanel)
    first, last = layers.picture._rows
    a, delta = program.store.snapshot.forward.a, program.store.snapshot.backward.delta
    steep = float((a[0] * (1 - a[0])).mean() / 0.25)
    assert first.name == "Layer 1: 2 × sigmoid"
    assert first.state.startswith(f"f′ is {steep:.0%} of f′(0), δ ")
    share = np.sqrt((delta[0] ** 2).mean() / (delta[1] ** 2).mean())
    assert first.state.endswith(f"δ {format_number(float(share), 3)} of the last layer's")
    assert [cell.reach for cell in last.cells][1] == 1.0
    assert last.cells[3].reach == pytest.approx(0.0826676, rel=1e-5)


def test_moving_the_point_over_main_directions_leaves_them_as_they_are(
    program: Program, qtbot: QtBot
) -> None:
    program.training.step(300)
    surface = panel(program, "surface")
    assert isinstance(surface, SurfacePanel)
    qtbot.waitUntil(lambda: [len(path.theta) > 40 for path in surface._paths] == [True])
    surface.choices[0].setCurrentText("main directions")
    surface.fit()
    assert surface._map is not None
    assert surface._plot is not None
    before = surface._map.plane
    drag(surface._plot, QPointF(before.present[0] + 0.2, before.present[1]))
    surface._settle()
    np.testing.assert_array_equal(surface._map.plane.first, before.first)
    program.training.step(300)
    found = surface.findChild(Calculator)
    assert found is not None
    shown: list[Map] = []
    found.found.connect(shown.append)
    qtbot.waitUntil(lambda: bool(shown) and not np.array_equal(shown[-1].plane.first, before.first))


def test_mistakes_turn_the_marks_red_where_the_check_of_their_gradients_fails(
    program: Program,
) -> None:
    """Without f' of the hidden layer every gradient below it is wrong, and none above."""
    program.window.actions_["check_gradients"].trigger()
    assert program.window.network._wrong == frozenset()
    program.mistakes.controller.choose(frozenset({"no_hidden_derivative"}))
    hidden = {parse_name(f"W1[{to},{source}]") for to in (1, 2) for source in (1, 2)}
    assert program.window.network._wrong is not None
    assert program.window.network._wrong >= hidden
    assert all(ref.layer == 0 for ref in program.window.network._wrong)
    program.training.step()
    comparison = program.mistakes.controller.comparison
    assert comparison is not None
    refs = list(program.store.experiment.architecture.refs())
    expected = frozenset(refs[k] for k in np.flatnonzero(comparison.red))
    assert program.window.network._wrong == expected
    program.mistakes.controller.switch_off()
    assert program.window.network._wrong == frozenset()


def test_a_zoomed_curve_follows_the_point_without_losing_its_width(program: Program) -> None:
    program.selection.select(W211)
    along = panel(program, "along")
    assert isinstance(along, AlongPanel)
    assert along._plot is not None
    along.zoom.click()
    low, high = along._plot.x_range()
    program.store.submit(SetValue(W211, 2.0))
    moved_low, moved_high = along._plot.x_range()
    assert moved_high - moved_low == pytest.approx(high - low)
    assert (moved_low + moved_high) / 2 == pytest.approx(2.0)


def test_a_network_of_one_weight_is_shown_on_every_panel(
    make_program: Callable[..., Program], worked: Experiment
) -> None:
    parameters = Parameters(Architecture((1, 1), ("sigmoid",)), np.array([0.7, 0.1]))
    single = restarted(worked, parameters).with_samples(np.ones((2, 1)), np.zeros((2, 1)))
    program = make_program(single)
    for key in ("along", "surface", "response", "layers", "gradients"):
        panel(program, key)
        program.training.step()
    surface = panel(program, "surface")
    assert isinstance(surface, SurfacePanel)
    surface.choices[0].setCurrentText("random directions")
    surface.fit()
    assert "span no plane" in surface._note.text()
