"""Where training has been: what is not kept comes again, close where training was fast."""

from __future__ import annotations

import numpy as np
import pytest

from bp_gui.engine.names import parse_name
from bp_gui.session.edits import SetValue
from bp_gui.session.paths import Path, Paths, between
from bp_gui.session.timeline import Timeline
from bp_gui.session.training import advance


def trained(worked, *stops):
    timeline = Timeline(worked)
    for stop in stops:
        now = timeline.present
        timeline.record(advance(now, stop - now.updates).experiment)
    return timeline


def filled(timeline):
    paths, shape = Paths(), timeline.present.architecture
    for gap in paths.gaps(timeline.branch, shape):
        paths.fill(gap, list(between(gap)))
    return paths.path(timeline.branch, shape)


def test_what_lies_in_a_gap_is_what_training_goes_through(worked):
    path = filled(trained(worked, 500))
    assert len(path.theta) > 50
    for k in (1, len(path.updates) // 2, len(path.updates) - 2):
        expected = advance(worked, int(path.updates[k])).experiment.parameters.theta
        np.testing.assert_allclose(path.theta[k], expected, rtol=1e-12)
    assert (np.diff(path.updates) > 0).all()
    assert (path.updates[0], path.updates[-1]) == (0, 500)


def test_fast_parts_are_followed_more_closely_than_slow_ones(worked):
    path = filled(trained(worked, 3000))
    strides = np.diff(path.updates)
    assert strides[0] == 1
    assert strides[-3] > 30
    moved = np.linalg.norm(np.diff(path.theta, axis=0), axis=1)
    extent = np.linalg.norm(np.ptp(path.theta, axis=0))
    assert moved.max() < extent / 20


def test_an_edit_is_no_gap(worked):
    timeline = trained(worked, 200)
    edit = SetValue(parse_name("W1[1,1]"), 3.0, 0)
    timeline.record(edit.apply(timeline.present), edit.label)
    gaps = Paths().gaps(timeline.branch, worked.architecture)
    assert [(gap.first.updates, gap.last.updates) for gap in gaps] == [(0, 200)]


def test_a_filled_gap_is_not_filled_again(worked):
    timeline, paths = trained(worked, 300), Paths()
    (gap,) = paths.gaps(timeline.branch, worked.architecture)
    paths.fill(gap, list(between(gap)))
    assert paths.gaps(timeline.branch, worked.architecture) == []


def test_a_thinned_path_keeps_its_ends_and_goes_evenly():
    angles = np.linspace(0, 6, 2000) ** 2
    theta = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    path = Path(0, np.arange(2000.0), theta).thinned(100)
    assert len(path.theta) <= 101
    assert (path.updates[0], path.updates[-1]) == (0, 1999)
    far = np.linalg.norm(np.diff(path.theta, axis=0), axis=1)
    assert far.max() == pytest.approx(36 / 100, rel=0.25)
