"""Timelines in project files: what is visited after reopening is what was there, bit for bit."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from bp_gui.engine.batches import Batches
from bp_gui.engine.names import ETA, parse_name
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.explain.name_choice import NameChoice
from bp_gui.explain.naming import NeuronNames, ParameterNames
from bp_gui.session import timeline_choice, timeline_pools, timeline_writer
from bp_gui.session.data import Data
from bp_gui.session.edits import Edit, ResetTraining, SetLocked, SetValue, restarted
from bp_gui.session.edits_data import AddSamples
from bp_gui.session.edits_structure import AddNeuron
from bp_gui.session.edits_training import SetOptimizer
from bp_gui.session.examples import load_named
from bp_gui.session.experiment import Experiment, LastUpdate
from bp_gui.session.history import CostHistory
from bp_gui.session.project import Layout, Project
from bp_gui.session.project_file import (
    ProjectFileError,
    dumps,
    dumps_project,
    loads,
    loads_project,
)
from bp_gui.session.timeline import Timeline
from bp_gui.session.training import advance


def trained(timeline: Timeline, updates: int, pieces: int = 1) -> None:
    for _ in range(pieces):
        timeline.record(advance(timeline.present, updates // pieces).experiment)


def edited(timeline: Timeline, edit: Edit) -> None:
    timeline.record(edit.apply(timeline.present), edit.label)


def bits(value: Any) -> Any:
    """Return what two equal values have in common, down to the last bit."""
    if isinstance(value, np.ndarray):
        return value.shape, value.tobytes()
    if isinstance(value, CostHistory):
        return [bits(each) for each in (value.updates, value.costs, value.test_costs)]
    if isinstance(value, Experiment | LastUpdate | Data | Parameters):
        return [bits(getattr(value, field.name)) for field in fields(value)]
    if hasattr(value, "slots") and hasattr(value, "updates"):
        return bits(value.slots), value.updates
    return value


def reopened(timeline: Timeline) -> Timeline:
    again = loads_project(dumps_project(Project(timeline.present, timeline))).timeline
    assert again is not None
    return again


def assert_same_everywhere(one: Timeline, other: Timeline) -> None:
    """Visit every update of every branch of both."""
    assert [(b.number, b.name, b.parent, b.first, b.last) for b in one.branches] == [
        (b.number, b.name, b.parent, b.first, b.last) for b in other.branches
    ]
    for branch in one.branches:
        for update in range(branch.first, branch.last + 1):
            there = bits(one.state(branch.number, update))
            assert there == bits(other.state(branch.number, update)), (branch.name, update)


@pytest.fixture
def lively() -> Timeline:
    """Adam on shuffled batches, three branches, edits of every kind, then back in the past."""
    generator = np.random.default_rng(3)
    architecture = Architecture((2, 3, 1), ("tanh", "sigmoid"))
    parameters = Parameters(architecture, generator.normal(size=architecture.n_parameters))
    x, t = generator.normal(size=(7, 2)), generator.uniform(size=(7, 1))
    experiment = replace(
        restarted(load_named("example:worked"), parameters),
        data=replace(Data.of(x, t), raw_x_test=x[:2] + 1, t_test=t[:2]),
        bias_policy=BiasPolicy.PER_NEURON,
        batches=Batches(3, shuffle=True),
        eta=0.05,
    )
    timeline = Timeline(SetOptimizer("adam").apply(experiment))
    trained(timeline, 40, pieces=8)
    edited(timeline, SetValue(parse_name("W1[2,1]"), 0.123456789))
    trained(timeline, 30, pieces=3)
    edited(timeline, AddNeuron(1))
    edited(timeline, SetLocked(parse_name("b1[4]"), True))
    trained(timeline, 20, pieces=2)
    timeline.go_to(0, 33)
    edited(timeline, SetValue(ETA, 0.2))
    edited(timeline, SetOptimizer("adagrad"))
    trained(timeline, 25, pieces=5)
    timeline.rename(1, "faster")
    edited(timeline, ResetTraining())
    edited(timeline, AddSamples(np.array([[0.5, 0.25, 1.0]])))
    trained(timeline, 12, pieces=4)
    timeline.go_to(1, 46)
    return timeline


def test_every_moment_of_every_branch_comes_back_bit_for_bit(lively: Timeline) -> None:
    again = reopened(lively)
    assert len(again.branches) == 3
    assert_same_everywhere(lively, again)
    assert bits(again.present) == bits(lively.present)
    assert again.branch.name == "faster"
    labels = [[m.label for m in branch.edits()] for branch in lively.branches]
    assert [[m.label for m in branch.edits()] for branch in again.branches] == labels


def test_reading_and_writing_again_changes_nothing(lively: Timeline) -> None:
    again = reopened(lively)
    text = dumps_project(Project(again.present, again))
    assert text == dumps_project(Project(lively.present, lively))


def test_a_reopened_timeline_goes_on_as_before(lively: Timeline) -> None:
    again = reopened(lively)
    for timeline in (lively, again):
        trained(timeline, 4)
        edited(timeline, SetValue(ETA, 0.3))
        trained(timeline, 10)
    assert len(again.branches) == 4
    assert_same_everywhere(lively, again)


def test_a_present_that_is_kept_is_the_same_object(lively: Timeline) -> None:
    lively.go_to(0, 90)
    again = reopened(lively)
    assert again.is_at_tip
    assert again.visit(again.present)
    trained(again, 5)
    assert len(again.branches) == 3


def test_thinned_moments_are_computed_again_bit_for_bit(
    lively: Timeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeline_writer, "MOST_BETWEEN", 2)
    again = reopened(lively)
    kept = [len(branch.moments) for branch in again.branches]
    assert sum(kept) < sum(len(branch.moments) for branch in lively.branches)
    assert_same_everywhere(lively, again)


def test_where_there_is_no_room_the_beginning_goes_and_the_present_stays(
    lively: Timeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    for budget in range(200, 20_000, 3_300):
        monkeypatch.setattr(timeline_writer, "BUDGET_BYTES", budget)
        project = loads_project(dumps_project(Project(lively.present, lively)))
        assert bits(project.experiment) == bits(lively.present)
        if project.timeline is None:
            continue
        for branch in project.timeline.branches:
            for update in range(branch.first, branch.last + 1):
                known = bits(lively.state(branch.number, update))
                assert bits(project.timeline.state(branch.number, update)) == known


def test_a_file_without_a_past_says_nothing_of_it(worked: Experiment) -> None:
    assert dumps_project(Project(worked, Timeline(worked))) == dumps(worked)


def test_a_long_training_takes_a_stated_part_of_the_file(worked: Experiment) -> None:
    timeline = Timeline(worked)
    trained(timeline, 12_000, pieces=300)
    for eta in np.linspace(0.1, 1.0, 20):
        timeline.go_to(0, 6_000)
        edited(timeline, SetValue(ETA, float(eta)))
        trained(timeline, 200, pieces=200)
    text = dumps_project(Project(timeline.present, timeline))
    section = json.loads(text)["timeline"]
    size = len(json.dumps({**section, "histories": []}))
    assert len(section["branches"]) == 21
    assert size < 1.1 * timeline_writer.BUDGET_BYTES
    entries = sum(len(base64.b64decode(each["costs"])) // 8 for each in section["histories"])
    assert entries <= 10_000
    again = loads_project(text).timeline
    assert again is not None
    for branch, update in ((0, 17), (0, 11_999), (7, 6_123), (20, 6_200)):
        theta = timeline.state(branch, update).parameters.theta
        assert again.state(branch, update).parameters.theta.tobytes() == theta.tobytes()


def test_a_gap_that_takes_too_long_to_compute_is_not_written(
    worked: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    timeline = Timeline(worked)
    trained(timeline, 1000)
    trained(timeline, 100, pieces=20)
    monkeypatch.setattr(timeline_choice, "_MOST_WORK", 60 * 20_000)
    again = reopened(timeline)
    assert (again.branch.first, again.branch.last) == (1000, 1100)


def test_histories_of_branches_share_what_they_have_in_common(worked: Experiment) -> None:
    timeline = Timeline(worked)
    trained(timeline, 400)
    timeline.go_to(0, 300)
    edited(timeline, SetValue(ETA, 0.2))
    trained(timeline, 50)
    timeline.go_to(0, 400)
    (costs,) = json.loads(dumps_project(Project(timeline.present, timeline)))["timeline"][
        "histories"
    ]
    assert (costs.get("of", 0), costs["shared"]) == (0, 301)  # the edit leaves the cost at 300
    assert len(base64.b64decode(costs["costs"])) == 8 * 49
    again = reopened(timeline)
    assert bits(again.state(1, 350).history) == bits(timeline.state(1, 350).history)


def test_a_history_of_another_experiment_is_kept_as_it_is(worked: Experiment) -> None:
    timeline = Timeline(worked)
    trained(timeline, 20)
    stranger = advance(replace(worked, eta=3.0), 50).experiment
    timeline.record(stranger, "Use shared text")
    trained(timeline, 10)
    again = reopened(timeline)
    for update in (0, 20, 50, 60):
        assert bits(again.state(0, update)) == bits(timeline.state(0, update))


def test_infinite_memories_of_past_moments_come_back(worked: Experiment) -> None:
    experiment = advance(SetOptimizer("adagrad").apply(worked), 3).experiment
    slots = experiment.optimizer_state.slots.copy()
    slots[0, 2] = np.inf
    state = replace(experiment.optimizer_state, slots=slots)
    timeline = Timeline(replace(experiment, optimizer_state=state))
    trained(timeline, 2)
    edited(timeline, SetValue(ETA, 0.01))
    assert_same_everywhere(timeline, reopened(timeline))


def test_notes_and_layout_come_back(worked: Experiment) -> None:
    layout = Layout(
        page="analysis",
        selected=parse_name("delta2[1]"),
        sample=0,
        digits=9,
        decimals=True,
        names=NameChoice(ParameterNames.INDEXED, NeuronNames.LAYERED),
        zoom=1.5625,
        logarithmic=True,
    )
    notes = 'Why does w5 fall?\n„δ“ says it: 0.138…\t\\ "quoted"'
    again = loads_project(dumps_project(Project(worked, None, notes, layout)))
    assert (again.notes, again.layout) == (notes, layout)
    assert loads_project(dumps(worked)).layout == Layout()


def test_optional_parts_leave_the_others_as_they_are(lively: Timeline) -> None:
    whole = json.loads(dumps_project(Project(lively.present, lively, "A note", Layout(digits=7))))
    plain = json.loads(dumps(lively.present))
    assert whole["version"] == plain["version"] == 1
    assert {key: whole[key] for key in plain} == plain
    assert list(whole)[len(plain) :] == ["timeline", "notes", "layout"]


def lively_document(lively: Timeline) -> dict[str, Any]:
    layout = Layout(selected=parse_name("W1[1,2]"), sample=2)
    document: dict[str, Any] = json.loads(
        dumps_project(Project(lively.present, lively, "note", layout))
    )
    return document


def word(*numbers: float) -> str:
    return base64.b64encode(np.array(numbers).tobytes()).decode()


WRONG: dict[str, tuple[str, Any, str]] = {
    "an unknown key": ("timeline.wat", 1, "wat"),
    "an unknown key of a moment": ("timeline.branches.0.moments.1.wat", 1, "moments[1]"),
    "no branch": ("timeline.branches", [], "timeline.branches"),
    "no moment": ("timeline.branches.1.moments", [], "branches[1].moments"),
    "a number twice": ("timeline.branches.1.number", 0, "branches[1].number"),
    "a name twice": ("timeline.branches.1.name", "Run 1", "branches[1].name"),
    "no name": ("timeline.branches.1.name", " ", "branches[1].name"),
    "a long name": ("timeline.branches.1.name", "x" * 41, "branches[1].name"),
    "a parent that is not there": ("timeline.branches.1.parent", 9, "branches[1].parent"),
    "a parent of itself": ("timeline.branches.1.parent", 1, "branches[1].parent"),
    "a present nowhere": ("timeline.present.branch", 7, "present.branch"),
    "a present beyond": ("timeline.present.moment", 99, "present.moment"),
    "a present at another update": ("timeline.present.moment", 0, "timeline.present"),
    "a kept present at another update": ("timeline.present.kept", True, "timeline.present"),
    "a vector that is not there": ("timeline.branches.0.moments.1.theta", 999, "moments[1].theta"),
    "a vector of another length": ("timeline.vectors.0", word(1.0, 2.0), "theta"),
    "a vector that is not whole": ("timeline.vectors.0", "AAAA", "vectors[0]"),
    "a vector that is no base64": ("timeline.vectors.0", "?", "vectors[0]"),
    "NaN": ("timeline.vectors.0", word(*[np.nan] * 13), "theta"),
    "settings that are not there": ("timeline.branches.0.moments.0.settings", 99, "settings"),
    "an unknown optimizer": ("timeline.settings.0.training.optimizer", "sgd", "settings[0]"),
    "an unknown cost": ("timeline.settings.0.cost", "loss", "settings[0]: cost"),
    "a missing activation": ("timeline.settings.0.activations", ["tanh"], "settings[0]"),
    "samples that are not there": ("timeline.branches.0.moments.0.data", 99, "data"),
    "samples of another width": ("timeline.data.0.x", [[1.0, 2.0, 3.0]], "data[0]"),
    "a memory that is missing": (
        "timeline.branches.0.moments.1.optimizer_state",
        [],
        "optimizer_state",
    ),
    "a moment before the one before": ("timeline.branches.0.moments.2.updates", 1, "moments[2]"),
    "a moment that takes forever to reach": (
        "timeline.branches.2.moments.-1.updates",
        10**12,
        "updates",
    ),
    "a history that is not there": ("timeline.branches.0.moments.1.history", [77, 1], "history[0]"),
    "a history that is shorter": ("timeline.branches.0.moments.1.history", [0, 999], "history[1]"),
    "a history that goes beyond": ("timeline.branches.0.moments.1.history", [0, 30], "history[1]"),
    "a history that descends": ("timeline.histories.0.updates", word(3.0, 2.0), "histories[0]"),
    "a history after itself": ("timeline.histories.0.of", 1, "histories[0].of"),
    "half an update": ("timeline.histories.0.updates", word(0.5), "histories[0]"),
    "a long note": ("notes", "x" * 100_001, "notes"),
    "a number for a note": ("notes", 3, "notes"),
    "an unknown key of the layout": ("layout.colour", "red", "colour"),
    "a quantity that is none": ("layout.selected", "w", "layout.selected"),
    "a quantity that is not there": ("layout.selected", "W3[1,1]", "layout.selected"),
    "a sample that is not there": ("layout.sample", 8, "layout.sample"),
    "too many digits": ("layout.digits", 18, "layout.digits"),
    "an unknown naming": ("layout.parameter_names", "greek", "layout.parameter_names"),
    "half a naming": ("layout.neuron_names", "layered", "layout.parameter_names"),
    "a graph too small": ("layout.zoom", 0.5, "layout.zoom"),
    "a page that is no key": ("layout.page", "../x", "layout.page"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_refused_in_a_sentence_with_the_place(lively: Timeline, case: str) -> None:
    path, value, place = WRONG[case]
    document = deepcopy(lively_document(lively))
    holder: Any = document
    *parents, last = (int(key) if key.lstrip("-").isdigit() else key for key in path.split("."))
    for key in parents:
        holder = holder[key]
    holder[last] = value
    with pytest.raises(ProjectFileError) as refusal:
        loads(json.dumps(document), "mine")
    message = str(refusal.value)
    assert message.startswith("mine: ")
    assert place in message
    assert "\n" not in message
    assert len(message) < 400


def test_vectors_that_are_alike_are_written_once(worked: Experiment) -> None:
    pools = timeline_pools.Pools(advance(worked, 1).experiment)
    timeline = Timeline(worked)
    trained(timeline, 1)
    sections = [pools.section(moment) for moment in timeline.branch.moments]
    assert pools.words == []
    assert sections[1].last_update is not None
    assert sections[1].last_update.before == sections[0].theta


@pytest.mark.parametrize("make", [ResetTraining, lambda: SetValue(ETA, 3.0)])
def test_a_project_knows_its_own_present(worked: Experiment, make: Callable[[], Edit]) -> None:
    timeline = Timeline(worked)
    other = make().apply(advance(worked, 1).experiment)
    with pytest.raises(ValueError, match="another"):
        Project(other, timeline)
