"""Timelines that came about by chance, written and read again: nothing is another."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace

import pytest

from bp_gui.engine.batches import Batches
from bp_gui.engine.names import ETA, parse_name
from bp_gui.session import timeline as timeline_module
from bp_gui.session import timeline_writer
from bp_gui.session.edits import RandomWeights, ResetTraining, SetLocked, SetValue
from bp_gui.session.edits_structure import AddNeuron
from bp_gui.session.edits_training import SetOptimizer
from bp_gui.session.examples import load_named
from bp_gui.session.project import Project
from bp_gui.session.project_file import dumps_project, loads_project
from bp_gui.session.timeline import Timeline, TimelineError
from tests.session.test_project_timeline import assert_same_everywhere, bits, edited, trained


def at_random(generator: random.Random) -> Timeline:
    """Train, edit, go back, undo, rename and delete in any order."""
    experiment = load_named(f"example:{generator.choice(('worked', 'xor'))}")
    if generator.random() < 0.5:
        experiment = replace(experiment, batches=Batches(3, shuffle=True))
    timeline = Timeline(experiment)
    seen = [experiment]
    for _ in range(generator.randint(3, 25)):
        _do_something(timeline, seen, generator)
        seen.append(timeline.present)
    return timeline


def _do_something(timeline: Timeline, seen: list, generator: random.Random) -> None:
    branch = generator.choice(timeline.branches)
    match generator.randrange(8):
        case 0 | 1 | 2:
            trained(timeline, generator.randint(5, 30), generator.choice((1, 5)))
        case 3:
            edit = generator.choice(
                (
                    SetValue(ETA, generator.random()),
                    SetValue(parse_name("b1[1]"), generator.random()),
                    SetLocked(parse_name("b1[1]"), generator.random() < 0.5),
                    SetOptimizer(generator.choice(("adam", "rmsprop", "gradient_descent"))),
                    AddNeuron(1),
                    RandomWeights(3),
                    ResetTraining(),
                )
            )
            if edit.apply(timeline.present) is not timeline.present:
                edited(timeline, edit)
        case 4:
            timeline.go_to(branch.number, generator.randint(branch.first, branch.last))
        case 5:
            timeline.visit(generator.choice(seen))
        case 6:
            with suppress(TimelineError):
                timeline.delete(branch.number)
        case _:
            with suppress(TimelineError):
                timeline.rename(branch.number, f"n{generator.randrange(9)}")


@pytest.mark.parametrize("seed", range(10))
def test_whatever_was_done_comes_back_and_goes_on_alike(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = random.Random(seed)
    with monkeypatch.context() as patch:
        patch.setattr(timeline_module, "RECENT", generator.choice((4, 4096)))
        timeline = at_random(generator)
    monkeypatch.setattr(timeline_writer, "MOST_BETWEEN", generator.choice((1, 3, 200)))
    project = loads_project(dumps_project(Project(timeline.present, timeline)))
    assert bits(project.experiment) == bits(timeline.present)
    again = project.timeline or Timeline(project.experiment)
    assert_same_everywhere(timeline, again)
    for each in (timeline, again):
        trained(each, 3)
    assert bits(timeline.present) == bits(again.present)
    assert [branch.name for branch in timeline.branches] == [b.name for b in again.branches]
