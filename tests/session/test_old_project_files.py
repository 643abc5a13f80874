"""Project files as earlier versions wrote them: they open forever.

Never write the files in tests/fixtures again: what counts is that the program did so back then.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bp_gui.session.project_file import dumps, load, load_project, loads
from bp_gui.session.training import advance

FIXTURES = Path(__file__).parents[1] / "fixtures"
FILES = sorted(FIXTURES.glob("v*/*.backprop.json"))


def numbers(found: Any) -> np.ndarray:
    """Return what a list or a word of a file says, by other means than the program's."""
    if isinstance(found, dict):
        return np.frombuffer(base64.b64decode(found["float64"]), "<f8")
    return np.array(found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_old_file_opens_with_every_number_it_holds(path: Path) -> None:
    written = json.loads(path.read_text(encoding="utf-8"))
    experiment = load(path)
    for layer, W in enumerate(written["network"]["W"]):
        assert experiment.parameters.W[layer].tobytes() == numbers(W).tobytes()
    assert experiment.data.raw_x.tobytes() == numbers(written["data"]["x"]).tobytes()
    assert experiment.eta == written["training"]["eta"]
    assert experiment.updates == written.get("progress", {}).get("updates", 0)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_old_file_saved_again_trains_on_as_before(path: Path) -> None:
    opened = load(path)
    again = loads(dumps(opened))
    on, again_on = advance(opened, 7).experiment, advance(again, 7).experiment
    assert on.parameters.theta.tobytes() == again_on.parameters.theta.tobytes()


def test_there_are_files_of_every_version() -> None:
    assert {path.parent.name for path in FILES} == {"v1", "v2"}
    assert len(FILES) >= 8


def test_an_old_timeline_opens_with_every_moment_it_holds() -> None:
    path = FIXTURES / "v1" / "branches_notes_layout.backprop.json"
    written, project = json.loads(path.read_text(encoding="utf-8")), load_project(path)
    assert (project.notes, project.layout.page) == ("A note", "data")
    assert project.timeline is not None
    words = [numbers({"float64": word}).tobytes() for word in written["timeline"]["vectors"]]
    names = [(branch.name, branch.first, branch.last) for branch in project.timeline.branches]
    assert names == [("Run 1", 0, 27), ("Set a number of sample 1 to 0.5", 7, 16)]
    own = 2 + 2 + 3  # θ, start, m and v, θ, g and θ of the last update
    for branch, section in zip(
        project.timeline.branches, written["timeline"]["branches"], strict=True
    ):
        for moment, kept in zip(branch.moments, section["moments"], strict=True):
            theta = moment.experiment.parameters.theta.tobytes()
            assert kept["theta"] < own or theta == words[kept["theta"] - own]
            assert (moment.update, moment.label) == (kept["updates"], kept.get("label", ""))
    tip = project.timeline.state(0, 27)
    assert tip.updates == 27
    assert tip.architecture.sizes != project.experiment.architecture.sizes
