"""Edits of layers and neurons: what survives, what is new, what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bp_gui.engine.arrays import frozen
from bp_gui.engine.initializers import INITIALIZERS
from bp_gui.engine.names import parse_name
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.session.data import Data, Scaling
from bp_gui.session.edits import Edit, EditError, ResetTraining, SetBiasPolicy, SetLocked, SetValue
from bp_gui.session.edits_structure import (
    AddLayer,
    AddNeuron,
    RemoveLayer,
    RemoveNeuron,
    ResizeLayer,
    SetActivation,
)
from bp_gui.session.edits_training import SetOptimizer
from bp_gui.session.experiment import Experiment
from bp_gui.session.project_file import dumps, loads
from bp_gui.session.snapshot import evaluate
from bp_gui.session.training import advance


@pytest.fixture
def narrow() -> Experiment:
    """A 2-3-1 network whose parameters are 1, 2, 3 … in the order of θ, with Adam's memory."""
    parameters = Parameters(Architecture((2, 3, 1), ("tanh", "sigmoid")), np.arange(1.0, 14.0))
    data = Data.of([[0.5, -1.0], [0.25, 2.0]], [[0.0], [1.0]])
    state = OPTIMIZERS["adam"].initial_state(13)
    slots = np.stack((np.arange(13.0) * 10, np.arange(13.0) * 100))
    return Experiment(
        parameters=parameters,
        data=data,
        eta=0.1,
        bias_policy=BiasPolicy.PER_NEURON,
        start=parameters.theta,
        optimizer_state=replace(state, slots=frozen(slots)),
        optimizer_name="adam",
        optimizer_settings=OPTIMIZERS["adam"].defaults,
    )


def test_removing_a_neuron_keeps_every_other_number(worked: Experiment) -> None:
    smaller = RemoveNeuron(1, 0).apply(worked)
    assert smaller.architecture.sizes == (2, 1, 2)
    np.testing.assert_array_equal(smaller.parameters.W[0], [[0.25, 0.3]])
    np.testing.assert_array_equal(smaller.parameters.W[1], [[0.45], [0.55]])
    np.testing.assert_array_equal(smaller.parameters.b[0], [0.35])
    np.testing.assert_array_equal(smaller.parameters.b[1], [0.6, 0.6])


def test_removing_a_neuron_of_a_narrow_network_takes_its_row_and_its_column(
    narrow: Experiment,
) -> None:
    # θ is W1 = [[1,2],[3,4],[5,6]], b1 = [7,8,9], W2 = [[10,11,12]], b2 = [13].
    smaller = RemoveNeuron(1, 1).apply(narrow)
    np.testing.assert_array_equal(smaller.parameters.theta, [1, 2, 5, 6, 7, 9, 10, 12, 13])
    expected = np.array([0, 1, 4, 5, 6, 8, 9, 11, 12])
    np.testing.assert_array_equal(smaller.optimizer_state.slots, [expected * 10, expected * 100])


def test_a_new_neuron_has_drawn_weights_no_bias_and_no_memory(narrow: Experiment) -> None:
    larger = AddNeuron(1).apply(narrow)
    draw = INITIALIZERS["xavier"].draw
    generator = np.random.default_rng(narrow.seed)
    W1, W2 = draw(generator, 4, 2, 0.0), draw(generator, 1, 4, 0.0)
    np.testing.assert_array_equal(larger.parameters.W[0], [[1, 2], [3, 4], [5, 6], W1[3]])
    np.testing.assert_array_equal(larger.parameters.W[1], [[10, 11, 12, W2[0, 3]]])
    np.testing.assert_array_equal(larger.parameters.b[0], [7, 8, 9, 0])
    W_memory, _ = larger.architecture.views(larger.optimizer_state.slots[0])
    np.testing.assert_array_equal(W_memory[0], [[0, 10], [20, 30], [40, 50], [0, 0]])
    assert larger.seed == narrow.seed + 1


def test_no_neuron_that_comes_later_is_like_one_that_is_there(narrow: Experiment) -> None:
    grown = AddNeuron(1).apply(narrow)
    again = AddNeuron(1).apply(RemoveNeuron(1, 0).apply(grown))
    rows = again.parameters.W[0]
    assert len(np.unique(rows, axis=0)) == len(rows)


def test_a_new_layer_takes_the_weights_behind_it_and_leaves_the_biases(
    narrow: Experiment,
) -> None:
    deeper = AddLayer(2, 4, "relu").apply(narrow)
    assert deeper.architecture == Architecture((2, 3, 4, 1), ("tanh", "relu", "sigmoid"))
    np.testing.assert_array_equal(deeper.parameters.W[0], [[1, 2], [3, 4], [5, 6]])
    np.testing.assert_array_equal(deeper.parameters.b[1], np.zeros(4))
    np.testing.assert_array_equal(deeper.parameters.b[2], [13])
    back = RemoveLayer(2).apply(deeper)
    assert back.architecture == narrow.architecture
    np.testing.assert_array_equal(back.parameters.W[0], narrow.parameters.W[0])
    assert np.all(back.parameters.W[1] != narrow.parameters.W[1])


def test_locks_move_with_their_parameters(narrow: Experiment) -> None:
    for name in ("W1[2,1]", "W1[3,2]", "W2[1,3]", "b1[3]", "b2[1]"):
        narrow = SetLocked(parse_name(name), True).apply(narrow)
    smaller = RemoveNeuron(1, 1).apply(narrow)
    assert {ref.name for ref in smaller.locked} == {"W1[2,2]", "W2[1,2]", "b1[2]", "b2[1]"}
    deeper = AddLayer(1, 2, "tanh").apply(narrow)
    assert {ref.name for ref in deeper.locked} == {"W3[1,3]", "b2[3]", "b3[1]"}


def test_samples_follow_the_input_and_the_output_layer(worked: Experiment) -> None:
    wider = ResizeLayer(0, 3).apply(ResizeLayer(2, 3).apply(worked))
    np.testing.assert_array_equal(wider.x, [[0.05, 0.1, 0.0]])
    np.testing.assert_array_equal(wider.t, [[0.01, 0.99, 0.0]])
    # Another input of 0 changes no output of the network.
    np.testing.assert_array_equal(evaluate(wider).output[:2], evaluate(worked).output)
    without = RemoveNeuron(0, 0).apply(RemoveNeuron(2, 0).apply(worked))
    np.testing.assert_array_equal(without.x, [[0.1]])
    np.testing.assert_array_equal(without.t, [[0.99]])


def test_names_and_scaling_follow_the_columns(narrow: Experiment) -> None:
    data = replace(
        narrow.data, scaling=Scaling.of(narrow.data.raw_x), input_names=("width", "height")
    )
    changed = AddNeuron(0).apply(RemoveNeuron(0, 0).apply(replace(narrow, data=data)))
    assert changed.data.input_names == ("height", "x[2]")
    np.testing.assert_allclose(changed.x, [[-1.0, 0.0], [1.0, 0.0]])


def test_training_goes_on_counting_and_reset_finds_the_new_shape(narrow: Experiment) -> None:
    trained = advance(narrow, 7).experiment
    larger = AddNeuron(1).apply(trained)
    assert larger.updates == 7
    assert len(larger.history) == 7
    assert larger.optimizer_state.updates == trained.optimizer_state.updates
    assert larger.last_update is None
    reset = ResetTraining().apply(larger)
    np.testing.assert_array_equal(reset.parameters.W[0][:3], narrow.parameters.W[0])
    np.testing.assert_array_equal(reset.parameters.W[0][3], larger.parameters.W[0][3])
    assert advance(larger, 3).experiment.updates == 10


def test_before_the_first_update_the_new_shape_is_the_start(worked: Experiment) -> None:
    larger = AddNeuron(1).apply(worked)
    np.testing.assert_array_equal(larger.start, larger.parameters.theta)


def test_a_new_neuron_shares_the_bias_of_its_layer(worked: Experiment) -> None:
    shared = SetBiasPolicy(BiasPolicy.SHARED).apply(worked)
    larger = AddNeuron(1).apply(shared)
    np.testing.assert_array_equal(larger.parameters.b[0], [0.35, 0.35, 0.35])
    assert dumps(loads(dumps(larger))) == dumps(larger)


def test_reset_after_sharing_gives_equal_biases(narrow: Experiment) -> None:
    shared = SetBiasPolicy(BiasPolicy.SHARED).apply(advance(narrow, 3).experiment)
    reset = ResetTraining().apply(shared)
    np.testing.assert_array_equal(reset.parameters.b[0], [8.0, 8.0, 8.0])


def test_another_activation_leaves_every_number(worked: Experiment) -> None:
    changed = SetActivation(1, "relu").apply(worked)
    assert changed.architecture.activations == ("relu", "sigmoid")
    np.testing.assert_array_equal(changed.parameters.theta, worked.parameters.theta)
    assert SetActivation(2, "softmax").apply(worked).architecture.activations[-1] == "softmax"
    assert SetActivation(1, "sigmoid").apply(worked) is worked


def test_a_size_that_stays_is_no_change(worked: Experiment) -> None:
    assert ResizeLayer(1, 2).apply(worked) is worked


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (ResizeLayer(1, 257), ("hidden layer", "257", "256")),
        (ResizeLayer(0, 0), ("input layer", "0 neurons", "1 to 256")),
        (ResizeLayer(3, 2), ("layer 3", "0 (the inputs) to 2")),
        (AddLayer(1, 300, "tanh"), ("300", "256")),
        (AddLayer(3, 2, "tanh"), ("3", "1 to 2")),
        (AddLayer(0, 2, "tanh"), ("0", "1 to 2")),
        (AddLayer(1, 2, "softmax"), ("softmax", "hidden layer 1", "output layer only")),
        (AddLayer(1, 2, "step"), ("'step'", "sigmoid")),
        (RemoveLayer(0), ("input layer", "hidden")),
        (RemoveLayer(2), ("output layer", "hidden")),
        (RemoveLayer(9), ("layer 9",)),
        (RemoveNeuron(1, 2), ("neuron 3", "hidden layer", "2")),
        (RemoveNeuron(-1, 0), ("layer -1",)),
        (SetActivation(0, "tanh"), ("input layer", "no activation")),
        (SetActivation(1, "softmax"), ("softmax", "hidden layer", "output layer only")),
        (SetActivation(1, "step"), ("'step'",)),
    ],
)
def test_a_refusal_names_the_value_and_the_limit(
    worked: Experiment, edit: Edit, words: tuple[str, ...]
) -> None:
    with pytest.raises(EditError) as refusal:
        edit.apply(worked)
    assert all(word in str(refusal.value) for word in words), refusal.value


def test_the_only_neuron_of_a_layer_stays(narrow: Experiment) -> None:
    with pytest.raises(EditError, match="o1 cannot be removed"):
        RemoveNeuron(2, 0).apply(narrow)


def test_there_are_at_most_eight_layers(worked: Experiment) -> None:
    deep = worked
    for _ in range(6):
        deep = AddLayer(1, 2, "tanh").apply(deep)
    assert deep.architecture.n_layers == 8
    with pytest.raises(EditError, match=r"9 layers .* 8 is the limit"):
        AddLayer(1, 2, "tanh").apply(deep)
    assert dumps(loads(dumps(deep))) == dumps(deep)


def test_samples_stay_within_the_limit_of_a_file(worked: Experiment) -> None:
    many = worked.with_samples(np.zeros((100_000, 2)), np.zeros((100_000, 2)))
    with pytest.raises(EditError, match=r"100,000 samples .* 1,100,000 numbers: 1,000,000"):
        ResizeLayer(0, 9).apply(many)


def test_a_large_network_with_adams_memory_is_saved_and_read(worked: Experiment) -> None:
    wide = ResizeLayer(1, 200).apply(ResizeLayer(2, 200).apply(worked))
    trained = advance(SetOptimizer("adam").apply(wide), 1).experiment
    again = loads(dumps(trained))
    np.testing.assert_array_equal(again.optimizer_state.slots, trained.optimizer_state.slots)


def test_sharing_makes_the_optimizers_memory_of_biases_equal_too(narrow: Experiment) -> None:
    # Biases 7, 8, 9 with memories 60, 70, 80 and 600, 700, 800.
    shared = SetBiasPolicy(BiasPolicy.SHARED).apply(narrow)
    np.testing.assert_array_equal(shared.parameters.b[0], [8, 8, 8])
    np.testing.assert_array_equal(shared.optimizer_state.slots[:, 6:9], [[70] * 3, [700] * 3])
    larger = AddNeuron(1).apply(shared)
    _, memory = larger.architecture.views(larger.optimizer_state.slots[0])
    np.testing.assert_array_equal(memory[0], [70] * 4)
    trained = advance(larger, 2).experiment
    assert len(set(trained.parameters.b[0])) == 1


def test_a_shared_bias_outside_the_network_is_refused(worked: Experiment) -> None:
    shared = SetBiasPolicy(BiasPolicy.SHARED).apply(worked)
    with pytest.raises(EditError, match=r"b3\[1\] is not a parameter of a 2-2-2 network"):
        SetValue(parse_name("b3[1]"), 0.5).apply(shared)
