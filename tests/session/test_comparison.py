"""Two moments in one table."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from bp_gui.engine.network import Architecture, Parameters
from bp_gui.session.comparison import HEADER, as_table, compare
from bp_gui.session.edits import restarted
from bp_gui.session.experiment import Experiment
from bp_gui.session.timeline import Timeline
from bp_gui.session.training import advance


def test_it_lists_costs_eta_and_every_parameter_with_its_gradient(worked: Experiment) -> None:
    later = advance(replace(worked, eta=2.0), 3).experiment
    rows = {row.name: row for row in compare(worked, later)}
    architecture = worked.architecture
    assert [name for name in rows if name[0] in "Wb"] == [ref.name for ref in architecture.refs()]
    # 0.298371109 and 0.0821670 are the worked example's published cost and gradient of w5.
    assert rows["C"].a == pytest.approx(0.298371109, abs=1e-9)
    assert rows["C"].b == pytest.approx(later.batch_cost(), abs=1e-15)
    assert rows["W2[1,1]"].gradient_a == pytest.approx(0.082167, abs=1e-6)
    assert rows["eta"].difference == 1.5
    assert rows["updates"].difference == 3.0
    for ref in architecture.refs():
        row = rows[ref.name]
        assert row.difference == later.parameters[ref] - worked.parameters[ref]


def test_what_only_one_network_has_has_no_difference(worked: Experiment) -> None:
    architecture = Architecture((2, 3, 1), ("sigmoid", "sigmoid"))
    theta = np.random.default_rng(1).normal(size=architecture.n_parameters)
    other = restarted(worked, Parameters(architecture, theta)).with_samples(
        worked.x, worked.t[:, :1]
    )
    rows = {row.name: row for row in compare(worked, other)}
    assert rows["W2[2,1]"].b is None
    assert rows["W1[3,2]"].a is None
    assert rows["W1[3,2]"].difference is None
    assert rows["W1[1,1]"].difference is not None


def test_the_table_reads_back_bit_for_bit(worked: Experiment) -> None:
    rows = compare(worked, advance(worked, 1).experiment)
    for delimiter in ",\t":
        header, *lines = csv.reader(io.StringIO(as_table(rows, delimiter)), delimiter=delimiter)
        assert tuple(header) == HEADER
        for row, (name, *cells) in zip(rows, lines, strict=True):
            assert name == row.name
            assert tuple(float(c) if c else None for c in cells) == row.numbers


def test_looking_at_a_state_does_not_go_there(worked: Experiment) -> None:
    timeline = Timeline(worked)
    timeline.record(advance(worked, 10).experiment)
    state = timeline.state(timeline.branch.number, 4)
    assert state.updates == 4
    assert timeline.present.updates == 10
    assert timeline.go_to(timeline.branch.number, 4).updates == 4
