"""The window as a person uses it: typing, keys, buttons, files, closing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from bp_gui.app import Program
from bp_gui.controller.settings import ThemeChoice
from bp_gui.engine.batches import Batches
from bp_gui.engine.names import parse_name
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.explain.name_choice import NameChoice
from bp_gui.explain.naming import NeuronNames, ParameterNames
from bp_gui.session.edits import restarted
from bp_gui.session.edits_structure import AddLayer, RemoveNeuron, ResizeLayer, SetActivation
from bp_gui.session.experiment import Experiment
from bp_gui.session.project_file import save
from bp_gui.views.network.layout import Detail
from bp_gui.views.network.picture import MOST_EDGES, strokes
from bp_gui.views.number_box import NumberBox
from bp_gui.views.panels.parameters import ParameterPanel
from bp_gui.views.panels.setup.panel import SetupPanel
from bp_gui.views.questions import Answer
from bp_gui.views.theme import LIGHT

W212 = parse_name("W2[1,2]")


def box_of(program: Program, name: str) -> NumberBox:
    return program.window.network.editors.boxes[parse_name(name)]


def parameters_of(program: Program) -> ParameterPanel:
    program.window.workspaces.choose("parameters")
    panel = program.window.workspaces.panel("parameters")
    assert isinstance(panel, ParameterPanel)
    return panel


def press(program: Program, key: Qt.Key, modifiers: Qt.KeyboardModifier | None = None) -> None:
    target = QApplication.focusWidget() or program.window
    QTest.keyClick(target, key, modifiers or Qt.KeyboardModifier.NoModifier)


def setup_of(program: Program) -> SetupPanel:
    program.window.workspaces.choose("network")
    panel = program.window.workspaces.panel("setup")
    assert isinstance(panel, SetupPanel)
    return panel


def type_into(program: Program, name: str, text: str) -> None:
    assert program.window.network.focus_editor(parse_name(name))
    QTest.keyClicks(QApplication.focusWidget(), text)


def sized(experiment: Experiment, *sizes: int, activation: str = "sigmoid") -> Experiment:
    """Return an experiment with other layer sizes and seeded random numbers."""
    generator = np.random.default_rng(5)
    architecture = Architecture(sizes, (activation,) * (len(sizes) - 1))
    theta = generator.normal(size=architecture.n_parameters)
    parameters = Parameters(architecture, theta)
    x, t = generator.normal(size=(2, sizes[0])), generator.uniform(size=(2, sizes[-1]))
    return restarted(experiment, parameters).with_samples(x, t)


def test_it_opens_on_the_worked_example_with_a_box_on_every_number(program: Program) -> None:
    boxes = program.window.network.editors.boxes
    names = {ref.name for ref in boxes}
    architecture = program.store.experiment.architecture
    assert names == {r.name for r in architecture.refs()} | {"x[1]", "x[2]", "t[1]", "t[2]"}
    for ref, box in boxes.items():
        assert box.isVisible()
        assert box.objectName() == ref.name
        assert ref.name in box.accessibleName()
        assert box.value() == program.store.snapshot.value(ref)
    assert "0.298371" in program.window.cost.accessibleDescription()


def test_by_keyboard_alone_type_a_weight_step_and_undo(program: Program) -> None:
    type_into(program, "W2[1,2]", "0.41")
    press(program, Qt.Key.Key_Return)
    assert program.store.snapshot.value(W212) == 0.41
    press(program, Qt.Key.Key_N)
    assert program.store.experiment.updates == 1
    press(program, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert program.store.experiment.updates == 0
    press(program, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert program.store.snapshot.value(W212) == 0.45
    assert not program.window.isWindowModified()


def test_a_number_half_typed_counts_when_a_step_is_made(program: Program) -> None:
    type_into(program, "W2[1,2]", "0,41")
    press(program, Qt.Key.Key_N)
    assert program.store.experiment.last_update is not None
    k = program.store.experiment.architecture.index(W212)
    assert program.store.experiment.last_update.before[k] == 0.41


def test_tab_goes_through_the_boxes_in_reading_order_and_changes_nothing(program: Program) -> None:
    program.window.network.focus_editor(parse_name("x[1]"))
    seen = []
    for _ in range(6):
        seen.append(QApplication.focusWidget().objectName())
        press(program, Qt.Key.Key_Tab)
    assert seen == ["x[1]", "x[2]", "W1[1,1]", "W1[1,2]", "W1[2,1]", "W1[2,2]"]
    assert program.store.undo_stack.count() == 0


def test_every_edit_refreshes_graph_cost_and_table(program: Program) -> None:
    table = parameters_of(program).model
    row = program.store.experiment.architecture.index(W212)
    type_into(program, "W2[1,2]", "-1.5")
    press(program, Qt.Key.Key_Return)
    assert box_of(program, "W2[1,2]").text() == "−1.5"
    assert table.index(row, 1).data() == "−1.5"
    expected = program.store.snapshot.cost
    assert f"{expected:.6g}" in program.window.cost.accessibleDescription()


def test_a_value_that_is_refused_leaves_the_old_one_standing(program: Program) -> None:
    eta = program.window.tool_bar.eta
    eta.setFocus()
    eta.selectAll()
    QTest.keyClicks(eta, "-1")
    QTest.keyClick(eta, Qt.Key.Key_Return)
    assert program.store.experiment.eta == 0.5
    assert eta.value() == 0.5
    assert eta.text() == "0.5"
    assert "eta" in program.window.statusBar().currentMessage()


def test_the_bias_policy_changes_what_training_does(program: Program) -> None:
    policy = setup_of(program).limits.policy
    policy.activated.emit(policy.findData(BiasPolicy.PER_NEURON))
    assert program.store.experiment.bias_policy is BiasPolicy.PER_NEURON
    program.window.actions_["step"].trigger()
    assert program.store.snapshot.value(parse_name("b2[1]")) == pytest.approx(0.5307507191857215)


def test_run_and_pause_by_space_and_the_title_shows_unsaved_changes(
    program: Program, qtbot: QtBot
) -> None:
    assert "Worked example" in program.window.windowTitle()
    assert not program.window.isWindowModified()
    press(program, Qt.Key.Key_Space)
    assert program.training.is_running
    assert program.window.actions_["run"].text() == "&Pause"
    qtbot.waitUntil(lambda: program.store.experiment.updates > 5, timeout=30_000)
    press(program, Qt.Key.Key_Space)
    assert not program.training.is_running
    assert program.window.isWindowModified()
    assert program.window.actions_["run"].text() == "&Run"


def test_undo_and_redo_name_what_they_do(program: Program) -> None:
    type_into(program, "W2[1,2]", "0.41")
    press(program, Qt.Key.Key_Return)
    assert program.window.actions_["undo"].text() == "&Undo Set W2[1,2] to 0.41"
    program.window.actions_["undo"].trigger()
    assert not program.window.actions_["undo"].isEnabled()
    assert program.window.actions_["redo"].text() == "&Redo Set W2[1,2] to 0.41"


def test_new_random_weights_twice_are_different_and_the_seed_moves_on(program: Program) -> None:
    program.window.actions_["random"].trigger()
    first = program.store.experiment.parameters.theta
    assert program.store.experiment.seed == 1
    program.window.actions_["random"].trigger()
    assert not np.array_equal(first, program.store.experiment.parameters.theta)
    assert program.store.undo_stack.undoText() == "New random weights (seed 1)"


def test_the_seed_can_be_edited(program: Program) -> None:
    seed = setup_of(program).initializer.seed
    seed.setFocus()
    seed.selectAll()
    QTest.keyClicks(seed, "42")
    QTest.keyClick(seed, Qt.Key.Key_Return)
    assert program.store.experiment.seed == 42
    program.window.actions_["random"].trigger()
    assert program.store.undo_stack.undoText() == "New random weights (seed 42)"


def test_whole_numbers_half_typed_count_when_a_key_acts_on_them(
    program: Program, qtbot: QtBot
) -> None:
    updates, seed = program.window.tool_bar.updates, setup_of(program).initializer.seed
    for box, text in ((updates, "7"), (seed, "42")):
        box.setFocus()
        box.selectAll()
        QTest.keyClicks(box, text)
        if box is updates:
            QTest.keyClick(box, Qt.Key.Key_T)
            qtbot.waitUntil(lambda: program.store.experiment.updates == 7, timeout=30_000)
            qtbot.waitUntil(lambda: not program.training.is_running)
        else:
            QTest.keyClick(box, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert program.store.undo_stack.undoText() == "New random weights (seed 42)"


def test_an_epoch_ends_where_every_sample_has_been_used(program: Program, qtbot: QtBot) -> None:
    x = np.random.default_rng(3).normal(size=(7, 2))
    batches = Batches(size=2)
    start = replace(program.store.experiment.with_samples(x, x), batches=batches)
    program.store.start_over(start)
    program.window.actions_["step"].trigger()
    for expected in (4, 8):
        program.window.actions_["epoch"].trigger()
        qtbot.waitUntil(lambda: not program.training.is_running)
        assert program.store.experiment.updates == expected
    assert program.store.undo_stack.undoText() == "Train 4 updates"


def test_reset_goes_back_to_where_training_began_and_can_be_undone(program: Program) -> None:
    start = program.store.experiment.parameters.theta
    program.window.actions_["step"].trigger()
    program.window.actions_["step"].trigger()
    program.window.actions_["reset"].trigger()
    np.testing.assert_array_equal(program.store.experiment.parameters.theta, start)
    assert program.store.experiment.updates == 0
    assert not program.window.actions_["reset"].isEnabled()
    program.window.actions_["undo"].trigger()
    assert program.store.experiment.updates == 2


def test_every_button_pressed_twice_leaves_a_working_window(
    program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program.window, "ask_file_to_open", lambda: None)
    monkeypatch.setattr(program.window, "ask_file_to_save", lambda suggestion: None)
    monkeypatch.setattr(program.window, "ask_about_changes", lambda name: Answer.CANCEL)
    for button in program.window.findChildren(QToolButton):
        # A menu would wait for a person; what its entries do is tested by itself.
        if button.isVisible() and button.isEnabled() and button.menu() is None:
            button.click()
            button.click()
    program.training.pause()
    assert np.isfinite(program.store.snapshot.cost)


def test_the_last_update_shows_before_gradient_change_and_after(program: Program) -> None:
    program.window.actions_["step"].trigger()
    panel = parameters_of(program)
    panel._switch.button(1).click()
    row = program.store.experiment.architecture.index(parse_name("W2[1,1]"))
    cells = [panel.model.index(row, column).data() for column in range(5)]
    assert cells == ["w5 = W2[1,1]", "0.4", "0.082167", "−0.0410835", "0.358916"]


def test_the_table_edits_and_locks_any_parameter(program: Program) -> None:
    panel = parameters_of(program)
    row = program.store.experiment.architecture.index(W212)
    panel.table.setFocus()
    panel.table.setCurrentIndex(panel.model.index(row, 1))
    panel.table.edit(panel.model.index(row, 1))
    editor = panel.table.findChild(NumberBox)
    editor.selectAll()
    QTest.keyClicks(editor, "0.77")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert program.store.snapshot.value(W212) == 0.77
    index = panel.model.index(row, 0)
    panel.model.setData(index, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    assert W212 in program.store.experiment.locked
    program.window.actions_["step"].trigger()
    assert program.store.snapshot.value(W212) == 0.77


def test_the_table_is_edited_and_locked_by_typing_alone(program: Program) -> None:
    table = parameters_of(program).table
    program.selection.select(W212)
    table.setFocus()
    for character in "0.66":
        QTest.keyClicks(QApplication.focusWidget(), character)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert program.store.snapshot.value(W212) == 0.66
    press(program, Qt.Key.Key_L)
    assert program.store.experiment.locked == {W212}
    press(program, Qt.Key.Key_L)
    assert not program.store.experiment.locked


def test_selecting_a_box_selects_the_row_and_the_edge(program: Program) -> None:
    program.window.network.focus_editor(W212)
    assert program.selection.ref == W212
    row = program.store.experiment.architecture.index(W212)
    assert parameters_of(program).table.currentIndex().row() == row


def test_digits_change_the_display_and_not_the_numbers(program: Program) -> None:
    program.window.actions_["step"].trigger()
    exact = program.store.snapshot.value(W212)
    program.window.tool_bar.digits.setValue(17)
    box = box_of(program, "W2[1,2]")
    assert float(box.text()) == exact
    program.window.tool_bar.digits.setValue(3)
    assert box.text() == "0.409"
    box.setFocus()
    program.window.network.focus_editor(parse_name("x[1]"))
    assert program.store.snapshot.value(W212) == exact


def test_divergence_is_reported_with_the_quantity_and_the_update(
    make_program: Callable[..., Program], worked: Experiment
) -> None:
    program = make_program(replace(sized(worked, 2, 2, 2, activation="linear"), eta=1e200))
    for _ in range(5):
        program.window.actions_["step"].trigger()
    text = program.window.message_bar.text
    assert "diverged" in text
    assert f"update {program.store.experiment.updates + 1}" in text
    assert np.isfinite(program.store.snapshot.cost)


def test_save_open_and_the_question_about_changes(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.backprop.json"
    monkeypatch.setattr(program.window, "ask_file_to_save", lambda suggestion: path)
    type_into(program, "W2[1,2]", "0.41")
    press(program, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert path.exists()
    assert program.window.windowTitle().startswith("mine[*]")
    assert not program.window.isWindowModified()
    program.window.actions_["step"].trigger()
    monkeypatch.setattr(program.window, "ask_about_changes", lambda name: Answer.CANCEL)
    assert not program.open(path)
    assert program.store.experiment.updates == 1
    monkeypatch.setattr(program.window, "ask_about_changes", lambda name: Answer.DISCARD)
    assert program.open(path)
    assert program.store.snapshot.value(W212) == 0.41


def test_a_damaged_file_gives_a_dialog_and_leaves_the_project(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    program.document.failed.disconnect()
    program.document.failed.connect(said.append)
    before = program.store.experiment
    bad = tmp_path / "bad.json"
    bad.write_text("{")
    assert not program.open(bad)
    assert len(said) == 1
    assert "bad.json" in said[0]
    assert program.store.experiment is before


def test_a_file_dropped_on_the_window_is_opened(
    program: Program, worked: Experiment, tmp_path: Path
) -> None:
    path = tmp_path / "dropped.backprop.json"
    save(replace(worked, eta=0.125), path)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(200, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    program.window.dropEvent(event)
    assert program.store.experiment.eta == 0.125


def test_closing_while_training_ends_cleanly(
    program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program.window, "ask_about_changes", lambda name: Answer.DISCARD)
    program.window.actions_["run"].trigger()
    qtbot.waitUntil(lambda: program.store.experiment.updates > 5, timeout=30_000)
    assert program.window.close()
    assert not program.training.is_running


def test_closing_can_be_cancelled(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    program.window.actions_["step"].trigger()
    monkeypatch.setattr(program.window, "ask_about_changes", lambda name: Answer.CANCEL)
    assert not program.window.close()
    assert program.window.isVisible()


def test_the_logarithmic_axis_is_remembered(make_program: Callable[..., Program]) -> None:
    first = make_program()
    assert first.window.curve.plot is not None
    first.window.curve.plot.set_logarithmic(True)
    assert first.settings.logarithmic
    second = make_program()
    assert second.window.curve.plot is not None
    assert second.window.curve.plot.is_logarithmic()


def test_light_and_dark_are_remembered(program: Program) -> None:
    program.choose_theme(ThemeChoice.DARK)
    assert program.settings.theme is ThemeChoice.DARK
    dark = QApplication.palette().window().color().lightness()
    program.choose_theme(ThemeChoice.LIGHT)
    assert QApplication.palette().window().color().lightness() > dark


@pytest.mark.parametrize("sizes", [(2, 2, 2), (3, 4, 2), (2, 3, 1), (1, 1), (2, 2, 2, 2, 2, 2)])
def test_boxes_and_cards_never_cover_each_other(
    make_program: Callable[..., Program], worked: Experiment, sizes: tuple[int, ...]
) -> None:
    program = make_program(sized(worked, *sizes))
    for width, height in ((1280, 800), (1920, 1080), (700, 500)):
        program.window.resize(width, height)
        QApplication.processEvents()
        boxes = [box.geometry() for box in program.window.network.editors.boxes.values()]
        for k, box in enumerate(boxes):
            assert not any(box.intersects(other) for other in boxes[k + 1 :])


@pytest.mark.parametrize(
    ("sizes", "detail"),
    [((2, 2, 2), Detail.BOXES), ((2, 8, 8, 2), Detail.VALUES), ((64, 32, 10), Detail.DOTS)],
)
def test_detail_follows_the_room(
    make_program: Callable[..., Program],
    worked: Experiment,
    sizes: tuple[int, ...],
    detail: Detail,
) -> None:
    program = make_program(sized(worked, *sizes))
    QApplication.processEvents()
    assert program.window.network.detail is detail


def test_zooming_in_brings_detail_and_zooming_out_takes_it(
    make_program: Callable[..., Program], worked: Experiment
) -> None:
    program = make_program(sized(worked, 64, 32, 10))
    for _ in range(12):
        program.window.actions_["zoom_in"].trigger()
    assert program.window.network.detail > Detail.DOTS
    program.window.actions_["zoom_all"].trigger()
    assert program.window.network.detail is Detail.DOTS


def test_in_a_large_network_a_click_opens_one_box_on_the_value(
    make_program: Callable[..., Program], worked: Experiment
) -> None:
    program = make_program(sized(worked, 2, 8, 8, 2))
    network = program.window.network
    program.window.resize(1400, 1080)  # where every row of a card has room
    QApplication.processEvents()
    layout = network._layout
    assert layout is not None
    card = layout.cards[1][3]
    row, place = card.rows[-1]
    assert row.ref == parse_name("b1[4]")
    where = network.mapFromScene(place.center())
    QTest.mouseClick(network.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(where))
    box = network.editors.floating
    assert box is not None
    assert box.hasFocus()
    QTest.keyClicks(box, "0.125")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert program.store.snapshot.value(row.ref) == 0.125


def test_arrow_keys_walk_through_the_neurons(program: Program) -> None:
    network = program.window.network
    network.setFocus()
    press(program, Qt.Key.Key_Right)
    press(program, Qt.Key.Key_Right)
    press(program, Qt.Key.Key_Down)
    assert program.selection.ref == parse_name("a1[2]")
    press(program, Qt.Key.Key_Escape)
    assert program.selection.ref is None


def test_every_control_has_an_accessible_name_and_a_tooltip(program: Program) -> None:
    from PySide6.QtWidgets import QAbstractSpinBox, QComboBox

    window = program.window
    controls = [
        *window.findChildren(QAbstractSpinBox),
        *window.findChildren(QComboBox),
    ]
    for control in controls:
        if control.isVisible():
            assert control.accessibleName(), control
            assert control.toolTip(), control


def test_what_is_selected_is_let_go_when_it_no_longer_exists(program: Program) -> None:
    program.selection.select(parse_name("W1[2,1]"))
    program.store.submit(RemoveNeuron(1, 1))
    assert program.selection.ref is None
    program.selection.select(parse_name("a1[1]"))
    program.store.submit(AddLayer(1, 3, "tanh"))
    assert program.selection.ref == parse_name("a1[1]")
    program.store.undo_stack.undo()
    program.store.undo_stack.undo()
    assert program.store.experiment.architecture.sizes == (2, 2, 2)


def test_the_network_page_changes_structure_while_training_runs(
    program: Program, qtbot: QtBot
) -> None:
    size = setup_of(program).layers.rows[1].size
    program.window.actions_["run"].trigger()
    qtbot.waitUntil(lambda: program.store.experiment.updates > 5)
    size.stepUp()
    assert program.store.experiment.architecture.sizes == (2, 3, 2)
    reached = program.store.experiment.updates
    qtbot.waitUntil(lambda: program.store.experiment.updates > reached + 5)
    assert size.value() == 3
    program.window.actions_["run"].trigger()


@pytest.mark.parametrize("sizes", [(64, 32, 10), (256, 256), (4,) * 9, (1, 256, 1)])
def test_every_structure_is_drawn(program: Program, sizes: tuple[int, ...]) -> None:
    program.store.start_over(sized(program.store.experiment, *sizes))
    program.store.submit(SetActivation(len(sizes) - 1, "softmax"))
    assert not program.window.network.grab().isNull()
    program.store.submit(ResizeLayer(0, sizes[0] // 2 + 1))
    assert program.window.network.detail is not None


def test_a_crowded_graph_draws_the_largest_weights_and_says_what_its_layers_are(
    program: Program,
) -> None:
    program.store.start_over(sized(program.store.experiment, 64, 256, 10))
    network, layout = program.window.network, program.window.network._layout
    assert layout is not None
    lines = [line for s in strokes(network._snapshot, layout, LIGHT, None) for line in s.lines]
    assert len(lines) == MOST_EDGES
    focused = strokes(network._snapshot, layout, LIGHT, (1, 7))
    assert len([line for s in focused for line in s.lines]) > MOST_EDGES
    captions = [label.text for label in network._labels()]
    assert captions == ["input", "sigmoid", "sigmoid"]


def test_digits_may_be_counted_behind_the_point(program: Program) -> None:
    action = program.window.actions_["decimals"]
    action.trigger()
    assert box_of(program, "W1[1,1]").text() == "0.150000"
    assert "C = 0.298371" in program.window.cost.accessibleDescription()
    assert "0.082167" in parameters_of(program).model.index(6, 2).data()
    assert program.settings.decimals
    action.trigger()
    assert box_of(program, "W1[1,1]").text() == "0.15"
    assert program.store.snapshot.value(parse_name("W1[1,1]")) == 0.15


def test_graph_table_and_cost_call_things_alike(program: Program) -> None:
    table, network = parameters_of(program).model, program.window.network
    first, weight = table.index(0, 0), parse_name("W1[1,1]")
    assert network._label(weight) == first.data() == "w1 = W1[1,1]"
    program.choose_names(NameChoice(ParameterNames.INDEXED, NeuronNames.LAYERED))
    assert network._label(weight) == first.data() == "W1[1,1]"
    layout = network._layout
    assert layout is not None
    assert [network._face(card).name for card in layout.all_cards()] == [
        "x1",
        "x2",
        "a¹₁",
        "a¹₂",
        "a²₁",
        "a²₂",
    ]
    assert "from x1 to a¹₁" in str(first.data(Qt.ItemDataRole.ToolTipRole))
    assert "from x1 to a¹₁" in box_of(program, "W1[1,1]").toolTip()
    assert [name.text() for name, _ in program.window.cost._labels] == ["C1", "C2"]
