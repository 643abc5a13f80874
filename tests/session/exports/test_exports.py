"""What is exported holds the numbers on screen."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
from collections.abc import Callable

import numpy as np
import pytest
from safetensors.numpy import load

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.costs import COSTS
from bp_gui.engine.names import parse_name
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.session.examples import load_named
from bp_gui.session.experiment import Experiment
from bp_gui.session.exports import onnx_model, torch_script
from bp_gui.session.exports.problem import ExportError
from bp_gui.session.exports.registry import EXPORTS
from bp_gui.session.snapshot import Snapshot, evaluate
from bp_gui.session.training import advance
from tests.session.exports.moments import experiment, moments


@pytest.fixture(scope="module")
def every_moment() -> tuple[Snapshot, ...]:
    return tuple(moments())


def test_the_moments_hold_everything_that_a_network_can_be(
    every_moment: tuple[Snapshot, ...],
) -> None:
    shown = [snapshot.experiment for snapshot in every_moment]
    assert {name for e in shown for name in e.architecture.activations} == set(ACTIVATIONS)
    assert {e.cost_name for e in shown} == set(COSTS)
    assert {e.bias_policy for e in shown} == set(BiasPolicy)
    assert any(e.clip for e in shown)
    assert any(e.locked for e in shown)
    assert any(snapshot.batch is not None for snapshot in every_moment)


def test_pytorch_scripts_can_be_compiled_and_nothing_is_missing(
    every_moment: tuple[Snapshot, ...],
) -> None:
    assert set(torch_script.ACTIVATIONS) == set(onnx_model.ONNX_ACTIVATIONS) == set(ACTIVATIONS)
    assert set(torch_script.COSTS) == set(COSTS)
    for snapshot in every_moment:
        compile(EXPORTS["pytorch"].write(snapshot), "script", "exec")


def test_tables_hold_every_number_to_the_last_bit(every_moment: tuple[Snapshot, ...]) -> None:
    snapshot = every_moment[7]
    for key, separator in (("trace-csv", ","), ("trace-tsv", "\t")):
        text = EXPORTS[key].write(snapshot).decode()
        rows = dict(list(csv.reader(io.StringIO(text), delimiter=separator))[1:])
        for name in ("x[2]", "z1[3]", "a2[1]", "delta1[2]", "C[2]", "C", "W2[1,3]", "b1[1]"):
            assert float(rows[name]) == snapshot.value(parse_name(name)), name
        index = snapshot.experiment.architecture.index(parse_name("W2[1,3]"))
        assert float(rows["g:W2[1,3]"]) == snapshot.gradient[index]
        assert float(rows["new:W2[1,3]"]) == snapshot.next_theta[index]


@pytest.mark.parametrize("key", ["parameters-csv", "trace-tsv", "history-csv"])
def test_long_tables_come_in_pieces_that_say_how_far_they_are(key: str, worked: Experiment) -> None:
    architecture = Architecture((2, 64, 64, 2), ("tanh", "tanh", "sigmoid"))
    parameters = Parameters(architecture, np.zeros(architecture.n_parameters))
    large = {
        "parameters": parameters,
        "start": parameters.theta,
        "optimizer_state": worked.optimizer.initial_state(architecture.n_parameters),
    }
    trained = advance(worked, 12_000).experiment
    begin = trained if key == "history-csv" else Experiment(**{**vars_of(worked), **large})
    pieces = list(EXPORTS[key].pieces(evaluate(begin)))
    assert len(pieces) == {"parameters-csv": 1, "trace-tsv": 3, "history-csv": 3}[key]
    assert [piece.done for piece in pieces] == sorted({piece.done for piece in pieces})
    assert pieces[-1].done == 1.0  # so the count of rows was right


def test_the_history_ends_with_the_present(worked: Experiment) -> None:
    trained = advance(worked, 3).experiment
    text = EXPORTS["history-csv"].write(evaluate(trained)).decode()
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["update", "cost", "test cost"]
    assert [row[0] for row in rows[1:]] == ["0", "1", "2", "3"]
    assert float(rows[1][1]) == worked.batch_cost()
    assert float(rows[4][1]) == trained.batch_cost()
    assert rows[4][2] == ""


def test_the_history_has_one_row_an_epoch_where_batches_are_smaller_and_says_so() -> None:
    trained = advance(load_named("example:spiral"), 30).experiment
    text = EXPORTS["history-csv"].write(evaluate(trained)).decode()
    an_epoch = trained.updates_per_epoch
    assert an_epoch > 1
    rows = list(csv.reader(io.StringIO(text)))[1:]
    assert [int(row[0]) for row in rows] == [*range(0, 30, an_epoch), 30]
    assert "one an epoch" in EXPORTS["history-csv"].text


def test_arrays_are_bit_exact_and_hold_no_pickle(every_moment: tuple[Snapshot, ...]) -> None:
    snapshot = every_moment[5]
    experiment = snapshot.experiment
    with np.load(io.BytesIO(EXPORTS["npz"].write(snapshot)), allow_pickle=False) as found:
        np.testing.assert_array_equal(found["W2"], experiment.parameters.W[1])
        np.testing.assert_array_equal(found["delta1"], snapshot.backward.delta[0][0])
        np.testing.assert_array_equal(found["x"], experiment.x)
        assert json.loads(str(found["metadata"]))["sizes"] == "2-3-2"
    tensors = load(EXPORTS["safetensors"].write(snapshot))
    assert sorted(tensors) == ["W1", "W2", "b1", "b2"]
    np.testing.assert_array_equal(tensors["W1"], experiment.parameters.W[0])
    np.testing.assert_array_equal(tensors["b2"], experiment.parameters.b[1])


@pytest.mark.parametrize("key", ["latex", "markdown"])
def test_documents_are_balanced_and_in_plain_letters(
    key: str, every_moment: tuple[Snapshot, ...]
) -> None:
    for snapshot in every_moment[:3]:
        text = EXPORTS[key].write(snapshot).decode()
        assert text.count("{") == text.count("}")
        for name in ("align*", "aligned", "document", "bmatrix"):
            assert text.count(rf"\begin{{{name}}}") == text.count(rf"\end{{{name}}}")
        assert text.count("$$") % 2 == 0


def test_the_same_moment_gives_the_same_bytes(worked: Experiment) -> None:
    snapshot = evaluate(worked)
    for entry in EXPORTS.values():
        if entry.is_text:  # archives hold the time of day, and metadata in any order
            assert entry.write(snapshot) == entry.write(evaluate(worked)), entry.key


def test_numbers_that_are_not_finite_are_written_as_they_are() -> None:
    begin = experiment(("relu", "linear"), "half_squared_error", "adam", BiasPolicy.FIXED, seed=1)
    theta = begin.parameters.theta.copy()
    theta[:] = 1e200
    huge = Parameters(begin.architecture, theta)
    snapshot = evaluate(Experiment(**{**vars_of(begin), "parameters": huge}))
    assert not np.isfinite(snapshot.cost)
    exec(compile(EXPORTS["numpy"].write(snapshot), "script", "exec"), {})  # it checks itself


def vars_of(begin: Experiment) -> dict[str, object]:
    return {name: getattr(begin, name) for name in begin.__dataclass_fields__}


@pytest.mark.parametrize(
    ("sizes", "refusing", "instead"),
    [
        ((2, 41, 2), ("latex", "markdown"), "41 neurons.*40 is the limit: take the notebook or"),
        (
            (2, 256, 256, 2),
            ("numpy", "pytorch", "notebook", "latex", "markdown"),
            "take NPZ or safetensors",
        ),
    ],
)
def test_a_network_that_is_too_large_is_refused_with_what_takes_it(
    worked: Experiment, sizes: tuple[int, ...], refusing: tuple[str, ...], instead: str
) -> None:
    architecture = Architecture(sizes, ("tanh",) * (len(sizes) - 2) + ("sigmoid",))
    parameters = Parameters(architecture, np.zeros(architecture.n_parameters))
    large = {
        "parameters": parameters,
        "start": parameters.theta,
        "optimizer_state": worked.optimizer.initial_state(architecture.n_parameters),
    }
    snapshot = evaluate(Experiment(**{**vars_of(worked), **large}))
    for key in refusing:
        with pytest.raises(ExportError, match=instead):
            EXPORTS[key].write(snapshot)
    for key in {"numpy", "pytorch", "notebook", "npz", "safetensors"} - set(refusing):
        assert EXPORTS[key].write(snapshot)


@pytest.mark.skipif(
    importlib.util.find_spec("onnx") is not None, reason="onnx is installed, so nothing is missing"
)
def test_onnx_says_what_is_missing(worked: Experiment) -> None:
    with pytest.raises(ExportError, match="pip install onnx"):
        EXPORTS["onnx"].write(evaluate(worked))


def test_examples_export_in_every_format_that_needs_nothing_else() -> None:
    writers: list[tuple[str, Callable[[Snapshot], bytes]]] = [
        (e.key, e.write) for e in EXPORTS.values() if e.key != "onnx"
    ]
    for name in ("iris", "xor"):
        snapshot = evaluate(load_named(f"example:{name}"))
        for key, write in writers:
            assert write(snapshot), key
