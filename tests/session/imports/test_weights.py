"""Weights from elsewhere: what is read, what would change, what is refused."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import save

from bp_gui.engine.names import parse_name
from bp_gui.engine.network import BiasPolicy
from bp_gui.explain.matrix_equations import matrix_view
from bp_gui.explain.matrix_exports import matrices_as_tsv
from bp_gui.session.edits import EditError, RandomWeights, SetLocked
from bp_gui.session.examples import load_named
from bp_gui.session.experiment import Experiment
from bp_gui.session.exports.registry import EXPORTS
from bp_gui.session.imports.layers import Orientation
from bp_gui.session.imports.problem import ImportProblem
from bp_gui.session.imports.weights import ImportWeights, preview, read_weights
from bp_gui.session.snapshot import evaluate


@pytest.fixture
def xor() -> Experiment:
    """A 2-3-1 network."""
    return load_named("example:xor")


def others(experiment: Experiment) -> Experiment:
    """Return the experiment with other weights."""
    return RandomWeights(99).apply(experiment)


def npz(**arrays: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


@pytest.mark.parametrize("key", ["parameters-csv", "parameters-tsv", "npz", "safetensors"])
@pytest.mark.parametrize("name", ["worked", "xor", "iris"])
def test_what_is_exported_comes_back_bit_for_bit(key: str, name: str) -> None:
    there = others(load_named(f"example:{name}"))
    content = EXPORTS[key].write(evaluate(there))
    here = load_named(f"example:{name}")
    back = preview(read_weights(content), here, "file").edit.apply(here)
    assert back.parameters.theta.tobytes() == there.parameters.theta.tobytes()


def test_copied_matrices_come_back(xor: Experiment) -> None:
    there = others(xor)
    parameters = there.parameters
    text = ""
    for layer in range(2):
        for name, rows in (("W", parameters.W[layer]), ("b", parameters.b[layer][:, None])):
            lines = "\n".join("\t".join(map(repr, row)) for row in rows.tolist())
            text += f"{name}{layer + 1}\n{lines}\n\n"
    found = preview(read_weights(text.encode()), xor, "pasted").edit.apply(xor)
    np.testing.assert_array_equal(found.parameters.theta, parameters.theta)
    everything = matrices_as_tsv(matrix_view(evaluate(there)))
    found = preview(read_weights(everything.encode()), xor, "copied").edit.apply(xor)
    np.testing.assert_array_equal(found.parameters.theta, parameters.theta)


def test_scikit_learns_matrices_are_turned(xor: Experiment) -> None:
    coefs = [np.arange(6.0).reshape(2, 3), np.arange(3.0).reshape(3, 1)]
    content = npz(
        coefs_0=coefs[0], coefs_1=coefs[1], intercepts_0=np.zeros(3), intercepts_1=np.ones(1)
    )
    shown = preview(read_weights(content), xor, "mlp.npz")
    assert shown.orientation is Orientation.FROM_TO
    assert not shown.can_switch
    found = shown.edit.apply(xor)
    np.testing.assert_array_equal(found.parameters.W[0], coefs[0].T)
    np.testing.assert_array_equal(found.parameters.W[1], coefs[1].T)
    assert found.parameters[parse_name("W1[3,1]")] == 2.0


def test_square_matrices_can_be_read_either_way(worked: Experiment) -> None:
    W = np.array([[1.0, 2.0], [3.0, 4.0]])
    source = read_weights(npz(coefs_0=W, coefs_1=W, intercepts_0=W[0], intercepts_1=W[1]))
    usual = preview(source, worked, "f")
    assert usual.orientation is Orientation.FROM_TO
    assert usual.can_switch
    assert "square" in usual.warnings[0]
    row = next(row for row in usual.rows if row.name == "W1[1,2]")
    assert (row.old, row.new) == (0.2, 3.0)
    turned = preview(source, worked, "f", Orientation.TO_FROM)
    assert next(row.new for row in turned.rows if row.name == "W1[1,2]") == 2.0


def test_a_state_dict_is_ordered_by_its_shapes(xor: Experiment) -> None:
    tensors = {
        "output.weight": np.ones((1, 3), dtype=np.float32),
        "output.bias": np.zeros(1, dtype=np.float32),
        "zhidden.weight": np.full((3, 2), 0.1, dtype=np.float32),
        "zhidden.bias": np.arange(3, dtype=np.float16),
    }
    shown = preview(read_weights(save(tensors)), xor, "model.safetensors")
    assert shown.orientation is Orientation.TO_FROM
    found = shown.edit.apply(xor).parameters
    np.testing.assert_array_equal(found.W[0], np.full((3, 2), np.float32(0.1)))
    np.testing.assert_array_equal(found.b[0], [0.0, 1.0, 2.0])


def test_tenth_layers_come_behind_ninth_ones() -> None:
    names = [f"{n}.weight" for n in (0, 2, 10)]
    source = read_weights(save({name: np.eye(2) * i for i, name in enumerate(names)}))
    assert [W[0, 0] for W in source.W] == [0.0, 1.0, 2.0]  # type: ignore[union-attr]


def test_a_table_by_name_may_hold_some_only(worked: Experiment) -> None:
    content = b'name,value\n"W1[1,2]",0.25\nb2[1],1e-3\n'
    shown = preview(read_weights(content), worked, "some.csv")
    assert [(row.name, row.old, row.new) for row in shown.rows] == [
        ("W1[1,2]", 0.2, 0.25),
        ("b2[1]", 0.6, 1e-3),
    ]
    assert shown.orientation is None
    assert shown.n_changed == 2


def test_missing_biases_stay_and_locks_are_told(worked: Experiment) -> None:
    locked = SetLocked(parse_name("W1[1,1]"), True).apply(worked)
    shown = preview(read_weights(npz(W1=np.ones((2, 2)), W2=np.ones((2, 2)))), locked, "f")
    assert [row.name[0] for row in shown.rows] == ["W"] * 8
    assert "no b1, b2" in " ".join(shown.warnings)
    assert "1 locked" in " ".join(shown.warnings)
    np.testing.assert_array_equal(shown.edit.apply(locked).parameters.b[0], [0.35, 0.35])


def test_matrices_that_make_no_network_are_refused_with_their_shapes(worked: Experiment) -> None:
    source = read_weights(npz(W1=np.zeros((3, 2)), W2=np.zeros((5, 4))))
    with pytest.raises(ImportProblem, match="3×2, 5×4 do not connect"):
        preview(source, worked, "f")


def test_the_edit_refuses_what_does_not_belong(worked: Experiment) -> None:
    with pytest.raises(EditError, match="do not fit"):
        ImportWeights(np.zeros(3), "f").apply(worked)
    with pytest.raises(EditError, match=r"W1\[1,2\] cannot be nan"):
        ImportWeights(np.where(np.arange(12) == 1, np.nan, 0.0), "f").apply(worked)
    shared = replace(worked, bias_policy=BiasPolicy.SHARED)
    with pytest.raises(EditError, match="biases of layer 1"):
        ImportWeights(np.arange(12.0), "f").apply(shared)


class TouchesAFile:
    """Unpickled, it would run code."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (exec, ("raise SystemExit('a pickle was read')",))


def test_no_pickle_is_read() -> None:
    objects = np.array([TouchesAFile()], dtype=object)
    with pytest.raises(ImportProblem, match="Python objects"):
        read_weights(npz(W1=objects))
    with pytest.raises(ImportProblem, match="Python objects"):
        read_weights(npz(coefs_=objects))
    with pytest.raises(ImportProblem, match="pickle"):
        read_weights(b"\x80\x04\x95")


def bomb(claimed: tuple[int, ...], numbers: int) -> bytes:
    """Return an NPZ whose header claims a shape and which unpacks to so many zeros."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f8", "fortran_order": False, "shape": claimed}
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("W1.npy", header.getvalue() + bytes(8 * numbers))
    return file.getvalue()


def test_sizes_are_checked_before_anything_is_unpacked() -> None:
    large = bomb((5_000, 5_000), 25_000_000)
    assert len(large) < 250_000
    with pytest.raises(ImportProblem, match="25,000,000 numbers are too many"):
        read_weights(large)
    with pytest.raises(ImportProblem, match="its header needs 32 bytes"):
        read_weights(bomb((2, 2), 1_000_000))
    with pytest.raises(ImportProblem, match="its header needs 4,000,000 bytes"):
        read_weights(bomb((500, 1_000), 4))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "nothing to read"),
        (b"1,2\n3,4\n", "line 1.*below no name"),
        (b"W1\n1,2\n3\n", "line 3: has 1 numbers"),
        (b"W1\n1,x\n", "line 2: “x” is not a number"),
        (b"W1[1,1],0.5\nW1[1,1],0.6\n", "line 2: .*was there before"),
        (b"W1[1,1],0.5\nhello\n", "line 2"),
        (b"W1[1,1],nan\n", "not a finite number"),
        (b"W9[1,1],0.5\n", "W9"),
        (b"x" * 5_000_001, "5.0 MB"),
        (b"PK\x03\x04 not a zip", "whole NPZ"),
        (npz(stuff=np.eye(2)), "no weights are found"),
        (npz(W1=np.zeros((2, 300))), "256 units"),
        (npz(**{f"W{i}": np.eye(2) for i in range(1, 10)}), "9 layers are too many"),
        (npz(W1=np.zeros((2, 2), dtype=complex)), "not numbers"),
        (npz(W1=np.zeros((2, 2, 2))), "matrix or a vector"),
        (npz(W1=np.eye(2), b1=np.zeros(3)), "3 biases do not fit"),
        (npz(W1=np.eye(2), b2=np.zeros(2)), "not its matrix"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(
    content: bytes, said: str, worked: Experiment
) -> None:
    with pytest.raises(ImportProblem) as caught:
        preview(read_weights(content), worked, "file")
    assert re.search(said, str(caught.value)), str(caught.value)
