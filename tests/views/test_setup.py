"""The page on which network and training are put together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bp_gui.controller.store import Store
from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.costs import COSTS
from bp_gui.engine.initializers import INITIALIZERS
from bp_gui.engine.names import parse_name
from bp_gui.engine.network import BiasPolicy
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.session.edits_structure import AddLayer
from bp_gui.session.edits_training import SetOptimizer
from bp_gui.session.experiment import Experiment
from bp_gui.views.choice_box import ChoiceBox
from bp_gui.views.number_box import NumberBox
from bp_gui.views.panels.setup.batches import epoch_in_words
from bp_gui.views.panels.setup.panel import SetupPanel


@pytest.fixture
def store(worked: Experiment, qapp: QApplication) -> Store:
    return Store(worked)


@pytest.fixture
def panel(store: Store, qtbot: QtBot) -> Iterator[SetupPanel]:
    made = SetupPanel()
    made.edit_requested.connect(store.submit)
    store.snapshot_changed.connect(made.show_snapshot)
    made.show_snapshot(store.snapshot, None)
    made.resize(470, 700)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    made.deleteLater()


def choose(box: ChoiceBox, key: object) -> None:
    position = box.findData(key)
    assert position >= 0, key
    box.activated.emit(position)


def type_number(box: NumberBox, text: str) -> None:
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def texts(panel: SetupPanel) -> list[str]:
    return [row.formula.text() for row in panel.layers.rows]


def test_every_choice_comes_from_its_registry(panel: SetupPanel) -> None:
    for box, registry in (
        (panel.cost.choice, COSTS),
        (panel.optimizer.choice, OPTIMIZERS),
        (panel.initializer.choice, INITIALIZERS),
        (panel.layers.rows[-1].activation, ACTIVATIONS),
    ):
        assert box is not None
        assert [box.itemData(k) for k in range(box.count())] == list(registry)


def test_only_the_output_layer_offers_softmax(panel: SetupPanel) -> None:
    hidden, output = panel.layers.rows[1].activation, panel.layers.rows[2].activation
    assert hidden is not None
    assert output is not None
    assert hidden.findData("softmax") == -1
    assert output.findData("softmax") >= 0


def test_layers_are_resized_added_and_removed_and_undone(store: Store, panel: SetupPanel) -> None:
    panel.layers.rows[1].size.stepUp()
    assert store.experiment.architecture.sizes == (2, 3, 2)
    assert panel.layers.rows[1].size.value() == 3
    add = panel.layers.rows[2].add
    assert add is not None
    add.click()
    assert store.experiment.architecture.sizes == (2, 3, 4, 2)
    assert len(panel.layers.rows) == 4
    remove = panel.layers.rows[1].remove
    assert remove is not None
    remove.click()
    assert store.experiment.architecture.sizes == (2, 4, 2)
    for _ in range(store.undo_stack.count()):
        store.undo_stack.undo()
    assert [row.size.value() for row in panel.layers.rows] == [2, 2, 2]


def test_eight_layers_leave_no_room_for_another(store: Store, panel: SetupPanel) -> None:
    for _ in range(6):
        store.submit(AddLayer(1, 2, "tanh"))
    add = panel.layers.rows[3].add
    assert add is not None
    assert not add.isEnabled()
    assert "8" in add.toolTip()


def test_an_activation_is_chosen_with_its_formula_shown(store: Store, panel: SetupPanel) -> None:
    box = panel.layers.rows[1].activation
    assert box is not None
    choose(box, "tanh")
    assert store.experiment.architecture.activations == ("tanh", "sigmoid")
    assert texts(panel)[1] == "a = tanh(z)"
    assert box.currentData() == "tanh"


def test_the_selected_neuron_is_removed(store: Store, panel: SetupPanel) -> None:
    assert not panel.layers.remove_neuron.isEnabled()
    panel.show_selected(parse_name("W1[1,1]"))
    assert not panel.layers.remove_neuron.isEnabled()
    panel.show_selected(parse_name("a1[1]"))
    assert panel.layers.remove_neuron.text() == "Remove h1"
    panel.layers.remove_neuron.click()
    np.testing.assert_array_equal(store.experiment.parameters.W[0], [[0.25, 0.3]])


def test_a_cost_that_is_not_defined_for_the_outputs_is_said_plainly(
    store: Store, panel: SetupPanel
) -> None:
    choose(panel.cost.choice, "binary_cross_entropy")
    assert not panel.cost.warning.isVisible()
    assert panel.cost.fused.isVisible()
    output = panel.layers.rows[2].activation
    assert output is not None
    choose(output, "tanh")
    assert panel.cost.warning.isVisible()
    assert "between 0 and 1" in panel.cost.warning.text()
    assert not panel.cost.fused.isVisible()


def test_an_optimizer_shows_its_settings_and_suggests_a_rate(
    store: Store, panel: SetupPanel
) -> None:
    choose(panel.optimizer.choice, "adam")
    shown = [(label.text(), box.value()) for label, box, _ in panel.optimizer.settings]
    assert shown == [("β₁", 0.9), ("β₂", 0.999), ("ε", 1e-8)]
    assert store.experiment.eta == 0.5
    panel.optimizer.usual.click()
    assert store.experiment.eta == 0.01
    assert not panel.optimizer.usual.isVisible()
    type_number(panel.optimizer.settings[0][1], "0.8")
    assert store.experiment.optimizer_settings == (0.8, 0.999, 1e-8)
    choose(panel.optimizer.choice, "gradient_descent")
    assert not any(box.isVisible() for _, box, _ in panel.optimizer.settings)


def test_what_is_refused_is_not_left_standing(store: Store, panel: SetupPanel) -> None:
    choose(panel.optimizer.choice, "momentum")
    box = panel.optimizer.settings[0][1]
    type_number(box, "2")
    assert box.value() == 0.9
    assert box.text() == "0.9"


def test_penalties_and_clipping(store: Store, panel: SetupPanel) -> None:
    type_number(panel.limits.l1, "0.01")
    type_number(panel.limits.l2, "0.5")
    assert (store.experiment.penalty.l1, store.experiment.penalty.l2) == (0.01, 0.5)
    assert "penalty" in panel.cost.batch.text()
    assert not panel.limits.clip.isEnabled()
    panel.limits.clips.click()
    assert store.experiment.clip == 1.0
    type_number(panel.limits.clip, "2.5")
    assert store.experiment.clip == 2.5
    panel.limits.clips.click()
    assert store.experiment.clip is None
    assert not panel.limits.clips.isChecked()


def test_the_bias_policy_is_chosen_once(store: Store, panel: SetupPanel) -> None:
    choose(panel.limits.policy, BiasPolicy.FIXED)
    assert store.undo_stack.count() == 0
    choose(panel.limits.policy, BiasPolicy.SHARED)
    assert store.experiment.bias_policy is BiasPolicy.SHARED


def test_batches_say_what_an_epoch_is(store: Store, panel: SetupPanel) -> None:
    x = np.random.default_rng(1).normal(size=(33, 2))
    store.start_over(store.experiment.with_samples(x, x))
    assert panel.batches.epoch.text() == "An epoch is 1 update, of all 33 samples."
    assert not panel.batches.batch_size.isEnabled()
    panel.batches.all.click()
    assert store.experiment.batches.size == 10
    assert panel.batches.epoch.text() == (
        "An epoch is 4 updates, 10 of the 33 samples each; the last one has 3."
    )
    panel.batches.shuffle.click()
    panel.batches.seed.stepUp()
    assert store.experiment.batches.shuffle
    assert store.experiment.shuffle_seed == 1
    panel.batches.all.click()
    assert store.experiment.batches.size is None


def test_an_even_epoch_has_no_smaller_last_batch(worked: Experiment) -> None:
    x = np.zeros((8, 2))
    even = worked.with_samples(x, x)
    even = replace(even, batches=replace(even.batches, size=4))
    assert epoch_in_words(even) == "An epoch is 2 updates, 4 of the 8 samples each."
    assert epoch_in_words(worked) == "An epoch is 1 update, of the one sample."


def test_weights_are_drawn_by_the_chosen_initializer(store: Store, panel: SetupPanel) -> None:
    choose(panel.initializer.choice, "constant")
    assert panel.initializer.setting.isVisible()
    type_number(panel.initializer.setting, "0.25")
    panel.initializer.draw.click()
    assert set(store.experiment.parameters.W[0].ravel()) == {0.25}
    assert panel.initializer.seed.value() == 1
    choose(panel.initializer.choice, "he")
    assert not panel.initializer.setting.isVisible()


def test_the_wheel_over_a_box_without_focus_changes_nothing(
    store: Store, panel: SetupPanel
) -> None:
    panel.setFocus()
    down = QPoint(0, -120)
    for box in (panel.cost.choice, panel.layers.rows[1].size, panel.optimizer.eta):
        event = QWheelEvent(
            QPointF(5, 5),
            QPointF(box.mapToGlobal(QPoint(5, 5))),
            QPoint(),
            down,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(box, event)
    assert store.undo_stack.count() == 0


def test_every_field_has_a_name_and_an_explanation(store: Store, panel: SetupPanel) -> None:
    store.submit(SetOptimizer("adam"))
    store.submit(AddLayer(1, 3, "tanh"))
    for section in panel.findChildren(ChoiceBox):
        assert section.accessibleName()
        assert section.toolTip()
    for row in panel.layers.rows:
        for widget in (row.size, row.add, row.remove):
            assert widget is None or (widget.accessibleName() and widget.toolTip())


def test_it_fits_the_narrow_column(store: Store, panel: SetupPanel) -> None:
    store.submit(SetOptimizer("adam"))
    store.submit(AddLayer(1, 3, "gelu"))
    QApplication.processEvents()
    page = panel.area.widget()
    assert page is not None
    assert page.minimumSizeHint().width() <= panel.area.viewport().width()
