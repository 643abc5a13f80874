"""Where gradients flow; expected sets are read off a drawing of a 2-3-1 network."""

from __future__ import annotations

import pytest

from bp_gui.engine.names import COST, parse_name
from bp_gui.engine.network import Architecture
from bp_gui.explain.paths import gradient_path


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("W1[2,1]", {"a1[2]", "W2[1,2]", "a2[1]"}),
        ("b1[3]", {"a1[3]", "W2[1,3]", "a2[1]"}),
        ("W2[1,3]", {"a2[1]"}),
        ("delta1[1]", {"a1[1]", "W2[1,1]", "a2[1]"}),
        (
            "x[2]",
            {"W1[1,2]", "W1[2,2]", "W1[3,2]", "a1[1]", "a1[2]", "a1[3]"}
            | {"W2[1,1]", "W2[1,2]", "W2[1,3]", "a2[1]"},
        ),
        ("t[1]", set()),
    ],
)
def test_a_gradient_flows_through_all_that_lies_behind(name: str, names: set[str]) -> None:
    architecture = Architecture((2, 3, 1), ("tanh", "sigmoid"))
    assert {ref.name for ref in gradient_path(architecture, parse_name(name))} == names
    assert gradient_path(architecture, COST) == frozenset()
