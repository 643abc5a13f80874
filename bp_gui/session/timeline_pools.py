"""What many moments share, written once: vectors, settings, samples and cost histories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import msgspec
import numpy as np

from bp_gui.engine.arrays import Array
from bp_gui.session.data import Data
from bp_gui.session.experiment import Experiment
from bp_gui.session.history import CostHistory
from bp_gui.session.project_numbers import word_of
from bp_gui.session.project_schema import (
    MAX_HISTORY,
    MAX_LABEL,
    CostsSection,
    DataSection,
    MomentLastUpdateSection,
    MomentSection,
    SettingsSection,
)
from bp_gui.session.project_writer import data_section, training_section
from bp_gui.session.timeline import Moment

_BYTES_OF_MOMENT = 200  # of its text, beside what it shares
_BYTES_OF_NUMBER = 20  # of the text of samples


def own_vectors(experiment: Experiment) -> list[Array]:
    """Return the vectors that a file holds of the present itself, in the order of their numbers."""
    theta = experiment.parameters.theta
    return vectors_of(experiment) if experiment.updates else [theta]


def vectors_of(experiment: Experiment) -> list[Array]:
    """Return θ, θ at the start, what the optimizer remembers, and θ, g, θ of the last update."""
    last = experiment.last_update
    updates = [] if last is None else [last.before, last.gradient, last.after]
    return [
        experiment.parameters.theta,
        experiment.start,
        *experiment.optimizer_state.slots,
        *updates,
    ]


@dataclass(frozen=True)
class _Parts:
    """What a moment consists of, and what tells it from that of others."""

    vectors: list[Array]
    digests: list[bytes]
    settings: SettingsSection
    settings_key: bytes

    @classmethod
    def of(cls, experiment: Experiment) -> _Parts:
        vectors, settings = vectors_of(experiment), _settings(experiment)
        return cls(vectors, list(map(_digest, vectors)), settings, msgspec.json.encode(settings))


class Pools:
    """Vectors, settings and samples that have been written, by their numbers.

    Parameters
    ----------
    present
        What the file holds besides the timeline; its vectors, settings and samples come first.
    """

    def __init__(self, present: Experiment) -> None:
        self.words: list[bytes] = []
        self.settings: list[SettingsSection] = []
        self.data: list[DataSection] = []
        own = list(map(_digest, own_vectors(present)))
        self._own = len(own)
        self._vectors = {digest: own.index(digest) for digest in own}
        self._settings = {msgspec.json.encode(_settings(present)): 0}
        self._data = {id(present.data): 0}
        self._parts: dict[Moment, _Parts] = {}

    def largest(self, experiment: Experiment) -> int:
        """Return about how many bytes of text a moment like this one adds, if all is new."""
        vectors = vectors_of(experiment)[1:]
        return _BYTES_OF_MOMENT + sum(map(_room, vectors))

    def room(self, moment: Moment) -> int:
        """Return about how many bytes of text a moment adds."""
        parts, data = self._parts_of(moment), moment.experiment.data
        named = dict(zip(parts.digests, parts.vectors, strict=True))
        room = _BYTES_OF_MOMENT
        room += sum(_room(named[digest]) for digest in named.keys() - self._vectors.keys())
        if parts.settings_key not in self._settings:
            room += len(parts.settings_key)
        if id(data) not in self._data:
            samples = (data.raw_x, data.t, data.raw_x_test, data.t_test)
            room += _BYTES_OF_NUMBER * sum(array.size for array in samples)
        return room

    def section(self, moment: Moment) -> MomentSection:
        """Return how a moment stands in a file, without its history; what is new is taken in."""
        experiment, parts = moment.experiment, self._parts_of(moment)
        theta, start, *others = map(self._vector_number, parts.digests, parts.vectors)
        n_slots = len(experiment.optimizer_state.slots)
        last, of_last = experiment.last_update, others[n_slots:]
        return MomentSection(
            updates=experiment.updates,
            theta=theta,
            start=start,
            label=moment.label[:MAX_LABEL],
            settings=self._settings_number(parts),
            data=self._data_number(experiment.data),
            optimizer_state=others[:n_slots],
            optimizer_updates=experiment.optimizer_state.updates,
            last_update=None
            if last is None
            else MomentLastUpdateSection(of_last[0], of_last[1], of_last[2], last.compiled),
        )

    def _parts_of(self, moment: Moment) -> _Parts:
        if moment not in self._parts:
            self._parts[moment] = _Parts.of(moment.experiment)
        return self._parts[moment]

    def _vector_number(self, digest: bytes, vector: Array) -> int:
        if digest not in self._vectors:
            self._vectors[digest] = self._own + len(self.words)
            self.words.append(word_of(vector))
        return self._vectors[digest]

    def _settings_number(self, parts: _Parts) -> int:
        if parts.settings_key not in self._settings:
            self.settings.append(parts.settings)
            self._settings[parts.settings_key] = len(self.settings)
        return self._settings[parts.settings_key]

    def _data_number(self, data: Data) -> int:
        if id(data) not in self._data:
            self.data.append(data_section(data))
            self._data[id(data)] = len(self.data)
        return self._data[id(data)]


def _settings(experiment: Experiment) -> SettingsSection:
    architecture = experiment.architecture
    return SettingsSection(
        sizes=list(architecture.sizes),
        activations=list(architecture.activations),
        bias_policy=experiment.bias_policy.value,
        locked=sorted(ref.name for ref in experiment.locked),
        cost=experiment.cost_name,
        training=training_section(experiment),
    )


def _digest(vector: Array) -> bytes:
    """Return what tells a vector from all others; of float64, so −0 and 0 differ."""
    return blake2b(np.ascontiguousarray(vector).data, digest_size=16).digest()


def _room(vector: Array) -> int:
    """Return how many bytes of text a vector takes."""
    return 4 * (vector.nbytes + 2) // 3 + 4


class Histories:
    """Cost histories that share their beginnings; too long ones are thinned, all alike.

    Parameters
    ----------
    own
        The history of the present, number 0, which the file holds besides the timeline.
    branches
        The histories of each branch's moments, in their order.
    """

    def __init__(self, own: CostHistory, branches: Sequence[Sequence[CostHistory]]) -> None:
        self._stride = 1
        # The file thins its own history in another way if it is too long: then it is no beginning.
        self._begin(own if len(own) <= MAX_HISTORY else CostHistory(), branches)
        if self._entries() > MAX_HISTORY:
            self._begin(CostHistory(), branches)
        while self._entries() > self._stride * MAX_HISTORY:
            self._stride *= 2

    def places(self, branch: int) -> list[tuple[int, int]]:
        """Return for each moment of a branch which history it has, and how much of it."""
        return [(number, self._thinned(count)) for number, count in self._places[branch]]

    def sections(self) -> list[CostsSection]:
        """Return how the histories stand in a file, from number 1."""
        return [
            self._section(history, base, shared)
            for history, (base, shared) in zip(self._known[1:], self._bases[1:], strict=True)
        ]

    def _begin(self, own: CostHistory, branches: Sequence[Sequence[CostHistory]]) -> None:
        self._known, self._bases = [own], [(0, 0)]
        self._places = [self._placed(histories) for histories in branches]

    def _entries(self) -> int:
        shared = sum(count for _, count in self._bases)
        return sum(map(len, self._known)) - shared

    def _placed(self, histories: Sequence[CostHistory]) -> list[tuple[int, int]]:
        """Return number and length for each; a later moment's history is as a rule the longer."""
        places: list[tuple[int, int]] = []
        following: CostHistory | None = None
        for history in reversed(histories):
            if following is None or not history.is_beginning_of(following):
                number = self._number(history)
            places.append((number, len(history)))
            following = history
        return places[::-1]

    def _number(self, history: CostHistory) -> int:
        """Return the number of a history that begins with this one, made if there is none."""
        shared = [history.shared_with(other) for other in self._known]
        base = int(np.argmax(shared))
        if shared[base] == len(history):
            return base
        self._known.append(history)
        self._bases.append((base, shared[base]))
        return len(self._known) - 1

    def _thinned(self, count: int) -> int:
        return -(-count // self._stride)

    def _section(self, history: CostHistory, base: int, shared: int) -> CostsSection:
        keep = slice(self._thinned(shared) * self._stride, None, self._stride)
        tests = history.test_costs[keep]
        return CostsSection(
            updates=word_of(history.updates[keep].astype(np.float64)),
            costs=word_of(history.costs[keep]),
            test_costs=b"" if np.isnan(tests).all() else word_of(tests),
            of=base,
            shared=self._thinned(shared),
        )
