"""The section of a project file that holds a timeline, checked, to the timeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

import numpy as np

from bp_gui.engine.arrays import Array
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.optimizers import OptimizerState
from bp_gui.session.data import Data
from bp_gui.session.experiment import Experiment, LastUpdate
from bp_gui.session.history import CostHistory
from bp_gui.session.project_error import ProjectFileError
from bp_gui.session.project_numbers import array_of, check_length
from bp_gui.session.project_reader import architecture_of, check_shared, data_of, framed
from bp_gui.session.project_schema import (
    MAX_MOMENTS,
    BranchSection,
    CostsSection,
    MomentSection,
    TimelineSection,
)
from bp_gui.session.timeline import MAX_NAME, Branch, Moment, Place, Timeline
from bp_gui.session.timeline_choice import longest_gap
from bp_gui.session.timeline_pools import own_vectors

_MAX_COUNT = 10**15
_T = TypeVar("_T")
_SLACK = 4  # how much longer than the longest gap that is written one may be


def timeline_of(section: TimelineSection, present: Experiment) -> Timeline:
    """Return the timeline that a section describes.

    Parameters
    ----------
    section
        With keys and types checked.
    present
        The experiment of the same file.

    Raises
    ------
    ProjectFileError
        If numbers of vectors, settings, samples, histories or branches lead nowhere, or shapes,
        order or limits are not kept; the message names the place.
    """
    return _Reader(section, present).timeline()


class _Reader:
    """What has been read so far."""

    def __init__(self, section: TimelineSection, present: Experiment) -> None:
        self._section, self._present = section, present
        self._vectors = dict(enumerate(own_vectors(present)))
        self._end = len(self._vectors) + len(section.vectors)
        self._histories = [present.history]
        for number, costs in enumerate(section.histories):
            self._histories.append(self._history(f"timeline.histories[{number}]", costs))
        self._frames: dict[tuple[int, int], Experiment] = {}
        self._data: dict[int, Data] = {0: present.data}

    def timeline(self) -> Timeline:
        """See `timeline_of`."""
        count = sum(len(branch.moments) for branch in self._section.branches)
        if count > MAX_MOMENTS:
            raise ProjectFileError(
                "timeline.branches", f"{count:,} moments: at most {MAX_MOMENTS:,}"
            )
        known: dict[int, Branch] = {}
        names: set[str] = set()
        for position, section in enumerate(self._section.branches):
            place = f"timeline.branches[{position}]"
            if section.number in known or (known and section.number < max(known)):
                raise ProjectFileError(f"{place}.number", "branches must ascend by number")
            if section.parent is not None and section.parent not in known:
                raise ProjectFileError(
                    f"{place}.parent", f"there is no branch {section.parent} before this one"
                )
            if not 0 < len(section.name.strip()) <= MAX_NAME or section.name in names:
                raise ProjectFileError(
                    f"{place}.name", f"must be another one of 1 to {MAX_NAME} characters"
                )
            names.add(section.name)
            known[section.number] = self._branch(place, section)
        return Timeline.restored(known.values(), self._place(known), self._present)

    def _place(self, branches: dict[int, Branch]) -> Place:
        """Return where the present is; it lies between two moments, or is one of them."""
        here = self._section.present
        if here.branch not in branches:
            raise ProjectFileError("timeline.present.branch", f"there is no branch {here.branch}")
        moments = branches[here.branch].moments
        if here.moment >= len(moments):
            raise ProjectFileError(
                "timeline.present.moment", f"{here.moment} is not below {len(moments)}"
            )
        at, updates = moments[here.moment].update, self._present.updates
        following = moments[min(here.moment + 1, len(moments) - 1)].update
        if not at <= updates <= following or (here.kept and at != updates):
            raise ProjectFileError("timeline.present", f"update {updates} does not lie there")
        if here.kept:
            label = moments[here.moment].label
            moments[here.moment] = Moment(self._present, label)
        return Place(here.branch, here.moment)

    def _branch(self, place: str, section: BranchSection) -> Branch:
        moments = [
            Moment(self._experiment(f"{place}.moments[{k}]", moment), moment.label)
            for k, moment in enumerate(section.moments)
        ]
        for position, (before, after) in enumerate(pairwise(moments), start=1):
            gap, most = after.update - before.update, _SLACK * longest_gap(before.experiment, after)
            if not 0 <= gap <= most:
                raise ProjectFileError(
                    f"{place}.moments[{position}].updates",
                    f"{after.update} is not up to {most:,} above the {before.update} before it",
                )
        return Branch(section.number, section.name, section.parent, moments)

    def _experiment(self, place: str, moment: MomentSection) -> Experiment:
        frame = self._frame(place, moment)
        n = frame.architecture.n_parameters
        theta = self._vector(f"{place}.theta", moment.theta, n)
        slots = self._slots(f"{place}.optimizer_state", moment.optimizer_state, frame)
        experiment = replace(
            frame,
            parameters=Parameters(frame.architecture, theta),
            start=self._vector(f"{place}.start", moment.start, n),
            optimizer_state=OptimizerState(slots, moment.optimizer_updates),
            updates=moment.updates,
            last_update=self._last_update(f"{place}.last_update", moment, n),
            history=self._history_at(f"{place}.history", moment),
        )
        if experiment.bias_policy is BiasPolicy.SHARED:
            with _inside(place):
                check_shared(experiment.parameters)
        return experiment

    def _frame(self, place: str, moment: MomentSection) -> Experiment:
        """Return an experiment with a moment's settings and samples, whatever its numbers."""
        key = moment.settings, moment.data
        if key not in self._frames:
            self._frames[key] = self._new_frame(place, moment)
        return self._frames[key]

    def _new_frame(self, place: str, moment: MomentSection) -> Experiment:
        section = _numbered(f"{place}.settings", moment.settings, [None, *self._section.settings])
        if section is None:
            frame = self._present
        else:
            with _inside(f"timeline.settings[{moment.settings - 1}]"):
                architecture = architecture_of(section)
                zeros = Parameters(architecture, np.zeros(architecture.n_parameters))
                frame = framed(section, section.cost, section.training, zeros, self._present.data)
        architecture = frame.architecture
        data = self._samples(place, moment, architecture)
        if (data.n_inputs, data.n_targets) != (architecture.n_inputs, architecture.n_outputs):
            raise ProjectFileError(f"{place}.data", "these samples do not fit the network")
        return replace(frame, data=data)

    def _samples(self, place: str, moment: MomentSection, architecture: Architecture) -> Data:
        section = _numbered(f"{place}.data", moment.data, [None, *self._section.data])
        if section is not None and moment.data not in self._data:
            with _inside(f"timeline.data[{moment.data - 1}]"):
                self._data[moment.data] = data_of(architecture, section)
        return self._data[moment.data]

    def _numbers(self, place: str, number: int, expected: int) -> Array:
        """Return the vector of a number, whatever numbers it holds."""
        if number >= self._end:
            raise ProjectFileError(place, f"{number} leads nowhere: vectors end at {self._end - 1}")
        if number not in self._vectors:
            position = number - (self._end - len(self._section.vectors))
            with _inside(f"timeline.vectors[{position}]"):
                self._vectors[number] = _unpacked(self._section.vectors[position])
        check_length(place, self._vectors[number], expected)
        return self._vectors[number]

    def _vector(self, place: str, number: int, expected: int) -> Array:
        """Return a vector of finite numbers."""
        vector = self._numbers(place, number, expected)
        if not np.isfinite(vector).all():
            raise ProjectFileError(place, "holds what is not a finite number")
        return vector

    def _slots(self, place: str, numbers: Sequence[int], frame: Experiment) -> Array:
        """Return what the optimizer remembers, (slots, P); perhaps +∞, as in the whole file."""
        n = frame.architecture.n_parameters
        check_length(place, numbers, len(frame.optimizer.slots), "rows")
        slots = np.empty((len(numbers), n))
        for position, number in enumerate(numbers):
            vector = self._numbers(f"{place}[{position}]", number, n)
            if not (vector > -np.inf).all():
                raise ProjectFileError(place, "holds what is neither a number nor infinity")
            slots[position] = vector
        slots.flags.writeable = False
        return slots

    def _last_update(self, place: str, moment: MomentSection, n: int) -> LastUpdate | None:
        last = moment.last_update
        if last is None:
            return None
        return LastUpdate(
            before=self._vector(f"{place}.before", last.before, n),
            gradient=self._vector(f"{place}.gradient", last.gradient, n),
            after=self._vector(f"{place}.after", last.after, n),
            compiled=last.compiled,
        )

    def _history(self, place: str, section: CostsSection) -> CostHistory:
        base = _numbered(f"{place}.of", section.of, self._histories)
        if section.shared > len(base):
            raise ProjectFileError(f"{place}.shared", f"{section.shared} is over {len(base)}")
        with _inside(place):
            updates, costs = _unpacked(section.updates), _unpacked(section.costs)
            tests = np.full(len(costs), np.nan)
            if section.test_costs:
                tests = _unpacked(section.test_costs)
        check_length(f"{place}.costs", costs, len(updates))
        check_length(f"{place}.test_costs", tests, len(updates))
        counts = np.append(base.updates[: section.shared][-1:], updates)
        whole = (counts == np.floor(counts)) & (counts >= 0) & (counts <= _MAX_COUNT)
        if not whole.all() or (np.diff(counts) <= 0).any() or not np.isfinite(costs).all():
            raise ProjectFileError(place, "updates must ascend, and costs be finite numbers")
        return base.first(section.shared).extended(updates, costs, tests)

    def _history_at(self, place: str, moment: MomentSection) -> CostHistory:
        number, count = moment.history
        history = _numbered(f"{place}[0]", number, self._histories)
        if count > len(history):
            raise ProjectFileError(f"{place}[1]", f"{count} is over {len(history)}")
        if count and history.updates[count - 1] >= moment.updates:
            raise ProjectFileError(f"{place}[1]", f"goes beyond update {moment.updates}")
        return history.first(count)


def _unpacked(word: bytes) -> Array:
    try:
        return array_of(word)
    except ValueError as error:
        raise ProjectFileError("", str(error)) from None


def _numbered(place: str, number: int, values: Sequence[_T]) -> _T:
    """Return the value of a number; one that leads nowhere is refused."""
    if number >= len(values):
        raise ProjectFileError(place, f"{number} leads nowhere: numbers end at {len(values) - 1}")
    return values[number]


@contextmanager
def _inside(place: str) -> Iterator[None]:
    """Put the place of a section before the places in it."""
    try:
        yield
    except ProjectFileError as error:
        raise ProjectFileError(place, str(error)) from None
