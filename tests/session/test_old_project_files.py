"""Project files as earlier versions wrote them: they open forever.

Never write the files in tests/fixtures again: what counts is that the program did so back then.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bp_gui.session.project_file import dumps, load, loads
from bp_gui.session.training import advance

FIXTURES = Path(__file__).parents[1] / "fixtures"
FILES = sorted(FIXTURES.glob("v*/*.backprop.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_old_file_opens_with_every_number_it_holds(path: Path) -> None:
    written = json.loads(path.read_text(encoding="utf-8"))
    experiment = load(path)
    for layer, W in enumerate(written["network"]["W"]):
        np.testing.assert_array_equal(experiment.parameters.W[layer], W)
    np.testing.assert_array_equal(experiment.data.raw_x, written["data"]["x"])
    assert experiment.eta == written["training"]["eta"]
    assert experiment.updates == written.get("progress", {}).get("updates", 0)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_old_file_saved_again_trains_on_as_before(path: Path) -> None:
    opened = load(path)
    again = loads(dumps(opened))
    on, again_on = advance(opened, 7).experiment, advance(again, 7).experiment
    assert on.parameters.theta.tobytes() == again_on.parameters.theta.tobytes()


def test_there_are_files_of_every_version() -> None:
    assert {path.parent.name for path in FILES} == {"v1"}
    assert len(FILES) >= 6
