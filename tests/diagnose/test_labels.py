"""What people call the quantities."""

from __future__ import annotations

import pytest

from bp_gui.diagnose.labels import meaning
from bp_gui.engine.network import Architecture

ARCHITECTURE = Architecture((2, 2, 2), ("sigmoid", "sigmoid"))


@pytest.mark.parametrize(
    ("label", "count", "names", "place"),
    [
        ("W1", 4, ["W1"], None),
        ("new W2", 4, ["W2"], None),
        ("W1_new", 4, ["W1"], None),
        ("old W1", 4, ["old W1"], None),
        ("weights 2", 4, ["W2"], None),
        ("W_ih", 4, ["W1"], None),
        ("W_ho", 4, ["W2"], None),
        ("w5", 1, ["W2"], (0, 0)),
        ("w5+", 1, ["W2"], (0, 0)),
        ("w2_to_w4_new", 3, ["W1"], (0, 1)),
        ("dW2", 4, ["dW2"], None),
        ("dE/dw5", 1, ["dW2"], (0, 0)),
        ("∂C/∂W1", 4, ["dW1"], None),
        ("grad_W1", 4, ["dW1"], None),
        ("gradient dW 1", 4, ["dW1"], None),
        ("0.weight.grad", 4, ["dW1"], None),
        ("2.weight", 4, ["W2"], None),
        ("W2[1,2]", 1, ["W2"], (0, 1)),
        ("b1", 2, ["b1"], None),
        ("db2", 2, ["db2"], None),
        ("delta2", 2, ["delta2"], None),
        ("δ1", 2, ["delta1"], None),
        ("delta_o", 2, ["delta2"], None),
        ("dC/dz1", 2, ["delta1"], None),
        ("z1", 2, ["z1"], None),
        ("net_h1", 1, ["z1"], (0,)),
        ("h_in", 2, ["z1"], None),
        ("out_o2", 1, ["a2"], (1,)),
        ("a1", 2, ["a1"], None),
        ("E_total", 1, ["cost", "cost after the update"], None),
        ("E_o1", 1, ["cost terms"], (0,)),
        ("C[2]", 1, ["cost terms"], (1,)),
        ("cost after one step", 1, ["cost after the update"], None),
        ("costs", 1, ["cost", "cost after the update"], None),
        ("losses", 2, ["cost terms"], None),
        ("old cost", 1, ["cost"], None),
        ("y_hat", 2, ["a2", "output after the update"], None),
        ("epoch 10 W1", 4, ["W1"], None),
        ("weights after 5 updates", 4, ["W1", "W2"], None),
    ],
)
def test_a_label_means(label: str, count: int, names: list[str], place: tuple[int, ...]) -> None:
    found = meaning(label, ARCHITECTURE, count)
    assert found is not None
    assert [quantity.name for quantity in found.quantities] == names
    assert found.place == place


@pytest.mark.parametrize("label", ["updates", "epoch", "seed"])
def test_other_labels_mean_nothing(label: str) -> None:
    assert meaning(label, ARCHITECTURE, 1) is None


@pytest.mark.parametrize("label", ["ΔW1", "Δw5", "WT_delta", "change of W1"])
def test_what_is_not_compared_is_not_taken_for_something_else(label: str) -> None:
    found = meaning(label, ARCHITECTURE, 1)
    assert found is not None
    assert found.quantities == ()


@pytest.mark.parametrize(
    "label", ["W3", "dW3", "new W7", "b3", "db4", "z3", "a3", "delta3", "W3.T"]
)
def test_a_layer_that_is_not_there_is_not_taken_for_another(label: str) -> None:
    found = meaning(label, ARCHITECTURE, 4)
    assert found is not None
    assert found.quantities == ()
