"""Weights of another network than the present one: it is rebuilt, visibly and undoably."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from safetensors.numpy import save

from bp_gui.engine.names import parse_name
from bp_gui.engine.network import Architecture, BiasPolicy
from bp_gui.session.edits import EditError, RandomWeights, SetLocked
from bp_gui.session.examples import load_named, names
from bp_gui.session.experiment import Experiment
from bp_gui.session.exports.registry import EXPORTS
from bp_gui.session.imports.layers import FoundLayers, Orientation
from bp_gui.session.imports.problem import ImportProblem
from bp_gui.session.imports.rebuild import RebuildNetwork
from bp_gui.session.imports.theta import parameter_at
from bp_gui.session.imports.weights import ImportWeights, preview, read_weights
from bp_gui.session.project_file import dumps, loads
from bp_gui.session.snapshot import evaluate
from bp_gui.session.training import advance

KEYS = ["parameters-csv", "parameters-tsv", "npz", "safetensors"]


def npz(**arrays: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def sklearn_file(*sizes: int) -> bytes:
    """Return what docs/exports.md says to write of a scikit-learn network."""
    generator = np.random.default_rng(4)
    arrays = {}
    for layer, (n_from, n_to) in enumerate(pairwise(sizes)):
        arrays[f"coefs_{layer}"] = generator.normal(size=(n_from, n_to))
        arrays[f"intercepts_{layer}"] = generator.normal(size=n_to)
    return npz(**arrays)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("name", [name for name in names() if name != "worked"])
def test_every_example_can_come_in_the_place_of_another(
    key: str, name: str, worked: Experiment
) -> None:
    there = RandomWeights(7).apply(load_named(f"example:{name}"))
    content = EXPORTS[key].write(evaluate(there))
    shown = preview(read_weights(content), worked, "file")
    assert isinstance(shown.edit, RebuildNetwork)
    here = shown.edit.apply(worked)
    assert here.architecture.sizes == there.architecture.sizes
    assert here.parameters.theta.tobytes() == there.parameters.theta.tobytes()
    if key in ("npz", "safetensors"):  # these say which activations they were made with
        assert here.architecture == there.architecture
    assert loads(dumps(here)).parameters.theta.tobytes() == there.parameters.theta.tobytes()


def test_a_scikit_learn_network_computes_what_it_computed_there(worked: Experiment) -> None:
    content = sklearn_file(2, 8, 3)
    source = read_weights(content)
    shown = preview(source, worked, "mlp.npz", activations=("relu", "linear"))
    assert shown.orientation is Orientation.FROM_TO
    here = shown.edit.apply(worked)
    with np.load(io.BytesIO(content)) as file:
        hidden = np.maximum(here.x @ file["coefs_0"] + file["intercepts_0"], 0.0)
        expected = hidden @ file["coefs_1"] + file["intercepts_1"]
    np.testing.assert_allclose(evaluate(here).outputs, expected, rtol=1e-14)
    assert [row.old for row in shown.rows] == [None] * 51
    assert shown.n_changed == 51


def test_a_state_dict_of_pytorch_rebuilds_in_its_own_orientation(worked: Experiment) -> None:
    tensors = {
        "0.weight": np.ones((8, 4), dtype=np.float32),
        "0.bias": np.zeros(8, dtype=np.float32),
        "2.weight": np.full((3, 8), 0.5, dtype=np.float32),
    }
    shown = preview(read_weights(save(tensors)), worked, "model.safetensors")
    assert shown.orientation is Orientation.TO_FROM
    here = shown.edit.apply(worked)
    assert here.architecture.sizes == (4, 8, 3)
    np.testing.assert_array_equal(here.parameters.b[1], np.zeros(3))
    assert "no b2: these biases are 0" in " ".join(shown.warnings)


def test_matrices_that_connect_both_ways_can_be_read_both_ways(worked: Experiment) -> None:
    source = read_weights(npz(W1=np.ones((2, 3)), W2=np.zeros((3, 2))))
    shown = preview(source, worked, "f")
    assert shown.can_switch
    assert shown.edit.apply(worked).architecture.sizes == (3, 2, 3)
    turned = preview(source, worked, "f", Orientation.FROM_TO)
    assert turned.edit.apply(worked).architecture.sizes == (2, 3, 2)
    assert "The names speak for the other orientation" in turned.warnings


def test_turning_weights_that_fit_may_rebuild() -> None:
    xor = load_named("example:xor")  # 2-3-1
    source = read_weights(npz(W1=np.ones((3, 2)), W2=np.zeros((1, 3))))
    assert isinstance(preview(source, xor, "f").edit, ImportWeights)
    assert not preview(source, xor, "f").can_switch
    deep = FoundLayers((np.ones((3, 2)), np.ones((2, 3))), (None, None), Orientation.TO_FROM)
    shown = preview(deep, xor, "f", Orientation.FROM_TO)
    assert shown.edit.apply(xor).architecture.sizes == (3, 2, 3)


@pytest.mark.parametrize("sizes", [(2, 3, 1), (4, 8, 3), (1, 1), (5, 2, 7, 3)])
def test_a_place_in_theta_is_the_parameter_that_stands_there(sizes: tuple[int, ...]) -> None:
    architecture = Architecture(sizes, ("tanh",) * (len(sizes) - 1))
    places = range(architecture.n_parameters)
    assert [parameter_at(architecture, each) for each in places] == list(architecture.refs())


def test_rows_of_a_preview_are_read_like_any_sequence(worked: Experiment) -> None:
    rows = preview(read_weights(sklearn_file(2, 3, 1)), worked, "f").rows
    assert [row.name for row in rows[-2:]] == ["W2[1,3]", "b2[1]"]
    assert rows[0].name == "W1[1,1]"
    assert len(rows) == 13


def test_what_becomes_of_samples_and_training_is_told_and_happens(worked: Experiment) -> None:
    trained = SetLocked(parse_name("W1[1,1]"), True).apply(advance(worked, 5).experiment)
    shown = preview(read_weights(sklearn_file(4, 8, 1)), trained, "f")
    told = ". ".join(shown.warnings)
    assert "Training begins anew at update 0" in told
    assert "Every sample gets 2 more inputs of 0" in told
    assert "Every sample loses its last target" in told
    here = shown.edit.apply(trained)
    assert here.updates == 0
    assert not here.locked
    assert here.seed == trained.seed
    np.testing.assert_array_equal(here.x, [[0.05, 0.1, 0.0, 0.0]])
    np.testing.assert_array_equal(here.t, [[0.01]])
    assert advance(here, 3).experiment.updates == 3


@pytest.mark.parametrize(
    ("name", "sizes", "expected"),
    [
        ("worked", (2, 3, 1), ("sigmoid", "sigmoid")),  # as here, layer by layer
        ("xor", (2, 5, 5, 1), ("tanh", "tanh", "sigmoid")),  # as the first hidden layer here
        ("iris", (4, 3), ("softmax",)),
        ("iris", (4, 5, 1), ("tanh", "sigmoid")),  # softmax of one output is always 1
    ],
)
def test_activations_are_those_of_this_network_where_a_file_says_none(
    name: str, sizes: tuple[int, ...], expected: tuple[str, ...]
) -> None:
    here = load_named(f"example:{name}")
    shown = preview(read_weights(sklearn_file(*sizes)), here, "f")
    assert shown.edit.apply(here).architecture.activations == expected


def test_a_cost_that_is_not_defined_for_the_output_is_told() -> None:
    xor = load_named("example:xor")
    assert xor.cost_name == "binary_cross_entropy"
    source = read_weights(sklearn_file(2, 4, 1))
    told = preview(source, xor, "f", activations=("relu", "linear")).warnings
    assert any("binary cross-entropy, is not defined" in sentence for sentence in told)


def test_a_table_of_another_network_must_be_whole(worked: Experiment) -> None:
    with pytest.raises(ImportProblem, match=r"W2\[1,3\]"):
        preview(read_weights(b"W1[1,1],0.5\nW2[1,3],0.5\n"), worked, "some.csv")


def test_shared_biases_must_be_equal_in_the_network_to_come(worked: Experiment) -> None:
    shared = replace(worked, bias_policy=BiasPolicy.SHARED)
    for sizes in ((2, 3, 1), (2, 2, 2)):  # another network, and the present one
        with pytest.raises(ImportProblem, match="biases of layer 1 are one number"):
            preview(read_weights(sklearn_file(*sizes)), shared, "f")
    shown = preview(read_weights(sklearn_file(2, 3, 1)), worked, "f")
    with pytest.raises(EditError, match="biases of layer 1 are one number"):
        shown.edit.apply(shared)


def test_a_damaged_word_on_activations_is_no_obstacle(worked: Experiment) -> None:
    content = EXPORTS["safetensors"].write(evaluate(load_named("example:xor")))
    for wrong in (b"tonh", b"    ", b"12 3"):
        source = read_weights(content.replace(b"tanh", wrong, 1))
        assert preview(source, worked, "f").edit.apply(worked).architecture.sizes == (2, 3, 1)
