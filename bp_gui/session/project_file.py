"""The project file ``NAME.backprop.json``: text to experiment and back, bit for bit.

The format is described in docs/project-file.md. Reading never trusts the text: every key, type,
shape and limit is checked before an experiment is made, and there is one kind of error.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
import numpy as np

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.costs import COSTS
from bp_gui.engine.names import UnknownNameError, parse_name
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.session.edits import MAX_SEED
from bp_gui.session.experiment import Experiment, LastUpdate
from bp_gui.session.history import CostHistory

FORMAT: Final = "backprop-explorer"
VERSION = 1
MAX_BYTES = 5_000_000
MAX_NUMBERS = 1_000_000
MAX_LAYERS = 8
MAX_UNITS = 256
MAX_HISTORY = 10_000

Count = Annotated[int, msgspec.Meta(ge=0, le=10**15)]
Matrix = list[list[float]]


class ProjectFileError(ValueError):
    """A project that cannot be read; the message says where and why in one sentence."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}" if place else reason)


class _Section(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=False):
    """An object of the file; a key it does not know is an error that names it."""


class _Network(_Section):
    sizes: Annotated[
        list[Annotated[int, msgspec.Meta(ge=1, le=MAX_UNITS)]],
        msgspec.Meta(min_length=2, max_length=MAX_LAYERS + 1),
    ]
    activations: list[str]
    W: list[Matrix]
    b: Matrix
    bias_policy: Literal["fixed", "per_neuron", "shared"] = "fixed"
    locked: list[str] = []


class _Data(_Section):
    x: Matrix
    t: Matrix


class _Training(_Section):
    optimizer: str = "gradient_descent"
    eta: Annotated[float, msgspec.Meta(ge=0)] = 0.5
    batch_size: None = None
    shuffle: Literal[False] = False
    seed: Annotated[int, msgspec.Meta(ge=0, le=MAX_SEED)] = 0


class _LastUpdate(_Section):
    before: list[float]
    gradient: list[float]
    after: list[float]


class _History(_Section):
    updates: list[Count]
    costs: list[float]


class _Progress(_Section):
    updates: Count
    start: list[float]
    optimizer_state: Matrix = []
    last_update: _LastUpdate | None = None
    history: _History | None = None


class _Project(_Section):
    format: Literal["backprop-explorer"]
    version: int
    network: _Network
    cost: str
    data: _Data
    training: _Training
    progress: _Progress | None = None


class _Header(msgspec.Struct):
    format: str = ""
    version: int = 0


def loads(text: bytes | str, source: str = "project") -> Experiment:
    """Return the experiment that a project file's text describes.

    Raises
    ------
    ProjectFileError
        For anything that is not a valid project; the message begins with ``source``.
    """
    raw = text.encode() if isinstance(text, str) else text
    try:
        if len(raw) > MAX_BYTES:
            raise ProjectFileError("", f"{len(raw):,} bytes is over the limit of {MAX_BYTES:,}")
        return _experiment(_decode(raw))
    except ProjectFileError as error:
        raise ProjectFileError(source, str(error)) from None


def load(path: Path) -> Experiment:
    """Return the experiment in a file.

    Raises
    ------
    ProjectFileError
        If the file is missing, a folder, unreadable, too large, or not a valid project.
    """
    try:
        if path.is_dir():
            raise ProjectFileError(str(path), "is a folder, not a project file")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ProjectFileError(str(path), error.strerror or str(error)) from error
    return loads(raw, path.name)


def dumps(experiment: Experiment) -> str:
    """Return the text of an experiment's project file; reading it back gives every bit again."""
    document = msgspec.to_builtins(_project(experiment))
    sections = []
    for key, value in document.items():
        if isinstance(value, dict):
            lines = ",\n".join(f"    {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items())
            sections.append(f"  {json.dumps(key)}: {{\n{lines}\n  }}")
        elif value is not None:
            sections.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(sections) + "\n}\n"


def save(experiment: Experiment, path: Path) -> None:
    """Write a project file so that at every moment either the old or the new one is whole.

    Raises
    ------
    OSError
        If it cannot be written; the old file is untouched.
    """
    target = path.resolve()  # a link stays a link
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(dumps(experiment))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _decode(raw: bytes) -> _Project:
    """Return the file's sections, with every key and type checked."""
    try:
        header = msgspec.json.decode(raw, type=_Header)
        if header.format == FORMAT and header.version > VERSION:
            raise ProjectFileError(
                "version", f"{header.version} is newer than {VERSION}, the newest known here"
            )
        project = msgspec.json.decode(raw, type=_Project)
        if project.version != VERSION:
            raise ProjectFileError("version", f"{project.version} is not known; use {VERSION}")
        json.loads(raw, object_pairs_hook=_refuse_duplicates)
    except msgspec.ValidationError as error:
        reason, _, place = str(error).partition(" - at `$")
        raise ProjectFileError(place.strip(".`"), _lower_first(reason)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProjectFileError("", f"not valid JSON: {_lower_first(str(error))}") from None
    except RecursionError:
        raise ProjectFileError("", "not a project: brackets are nested too deeply") from None
    return project


def _lower_first(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ProjectFileError(twice, "this key stands twice in the same object")
    return found


def _experiment(project: _Project) -> Experiment:
    """Return the experiment, with shapes, names and limits checked."""
    network, training = project.network, project.training
    _one_of("cost", project.cost, COSTS)
    _one_of("training.optimizer", training.optimizer, OPTIMIZERS)
    architecture = _architecture(network)
    parameters = _parameters(architecture, network)
    x, t = _samples(architecture, project.data)
    policy = BiasPolicy(network.bias_policy)
    if policy is BiasPolicy.SHARED:
        _check_shared(parameters)
    slots = OPTIMIZERS[training.optimizer].slots
    experiment = Experiment(
        parameters=parameters,
        x=x,
        t=t,
        eta=training.eta,
        bias_policy=policy,
        start=parameters.theta,
        optimizer_state=frozen(np.zeros((slots, architecture.n_parameters))),
        locked=frozenset(_locked(architecture, network.locked)),
        cost_name=project.cost,
        optimizer_name=training.optimizer,
        seed=training.seed,
    )
    return experiment if project.progress is None else _resumed(experiment, project.progress)


def _one_of(place: str, name: str, registry: Any) -> None:
    if name not in registry:
        raise ProjectFileError(place, f"{name!r} is unknown; known: {', '.join(registry)}")


def _architecture(network: _Network) -> Architecture:
    n_layers = len(network.sizes) - 1
    if len(network.activations) != n_layers:
        raise ProjectFileError(
            "network.activations", f"has {len(network.activations)} entries, expected {n_layers}"
        )
    for layer, name in enumerate(network.activations):
        _one_of(f"network.activations[{layer}]", name, ACTIVATIONS)
    return Architecture(tuple(network.sizes), tuple(network.activations))


def _parameters(architecture: Architecture, network: _Network) -> Parameters:
    sizes = architecture.sizes
    _length("network.W", network.W, architecture.n_layers, "matrices")
    _length("network.b", network.b, architecture.n_layers, "lists")
    W = [
        _matrix(f"network.W[{layer}]", rows, sizes[layer + 1], sizes[layer])
        for layer, rows in enumerate(network.W)
    ]
    b = [
        _vector(f"network.b[{layer}]", values, sizes[layer + 1])
        for layer, values in enumerate(network.b)
    ]
    return Parameters.from_layers(architecture, W, b)


def _samples(architecture: Architecture, data: _Data) -> tuple[Array, Array]:
    if not data.x:
        raise ProjectFileError("data.x", "has no sample, expected at least one")
    columns = architecture.n_inputs + architecture.n_outputs
    if len(data.x) * columns > MAX_NUMBERS:
        raise ProjectFileError("data", f"has more than {MAX_NUMBERS:,} numbers")
    x = _matrix("data.x", data.x, len(data.x), architecture.n_inputs)
    t = _matrix("data.t", data.t, len(data.x), architecture.n_outputs)
    return x, t


def _locked(architecture: Architecture, names: Sequence[str]) -> Iterator[Any]:
    for position, name in enumerate(names):
        try:
            ref = parse_name(name)
            architecture.index(ref)
        except (UnknownNameError, IndexError) as error:
            raise ProjectFileError(f"network.locked[{position}]", str(error)) from None
        yield ref


def _check_shared(parameters: Parameters) -> None:
    for layer, biases in enumerate(parameters.b):
        if np.any(biases != biases[0]):
            raise ProjectFileError(
                f"network.b[{layer}]", "biases of a layer must be equal when they are shared"
            )


def _resumed(experiment: Experiment, progress: _Progress) -> Experiment:
    """Return the experiment with its training progress."""
    n = experiment.architecture.n_parameters
    place = "progress.optimizer_state"
    last = progress.last_update
    return replace(
        experiment,
        updates=progress.updates,
        start=_vector("progress.start", progress.start, n),
        optimizer_state=_matrix(place, progress.optimizer_state, experiment.optimizer.slots, n),
        last_update=None if last is None else _last_update(last, n),
        history=_history(progress),
    )


def _last_update(last: _LastUpdate, n: int) -> LastUpdate:
    place = "progress.last_update"
    return LastUpdate(
        before=_vector(f"{place}.before", last.before, n),
        gradient=_vector(f"{place}.gradient", last.gradient, n),
        after=_vector(f"{place}.after", last.after, n),
    )


def _history(progress: _Progress) -> CostHistory:
    if progress.history is None:
        return CostHistory()
    updates, costs = progress.history.updates, progress.history.costs
    place = "progress.history"
    _length(f"{place}.costs", costs, len(updates))
    ascending = all(a < b for a, b in pairwise(updates))
    if updates and (not ascending or updates[-1] >= progress.updates):
        raise ProjectFileError(
            f"{place}.updates", f"must ascend and stay below {progress.updates}, the present update"
        )
    return CostHistory().extended(updates, costs)


def _project(experiment: Experiment) -> _Project:
    """Return the file's sections for an experiment."""
    parameters = experiment.parameters
    return _Project(
        format=FORMAT,
        version=VERSION,
        network=_Network(
            sizes=list(parameters.architecture.sizes),
            activations=list(parameters.architecture.activations),
            W=[W.tolist() for W in parameters.W],
            b=[b.tolist() for b in parameters.b],
            bias_policy=experiment.bias_policy.value,
            locked=sorted(ref.name for ref in experiment.locked),
        ),
        cost=experiment.cost_name,
        data=_Data(x=experiment.x.tolist(), t=experiment.t.tolist()),
        training=_Training(
            optimizer=experiment.optimizer_name, eta=experiment.eta, seed=experiment.seed
        ),
        progress=None if experiment.updates == 0 else _progress(experiment),
    )


def _progress(experiment: Experiment) -> _Progress:
    last, history = experiment.last_update, experiment.history.thinned(MAX_HISTORY)
    return _Progress(
        updates=experiment.updates,
        start=experiment.start.tolist(),
        optimizer_state=experiment.optimizer_state.tolist(),
        last_update=None
        if last is None
        else _LastUpdate(last.before.tolist(), last.gradient.tolist(), last.after.tolist()),
        history=_History(history.updates.tolist(), history.costs.tolist()),
    )


def _length(place: str, values: Sequence[object], expected: int, of: str = "numbers") -> None:
    if len(values) != expected:
        raise ProjectFileError(place, f"has {len(values)} {of}, expected {expected}")


def _vector(place: str, values: Sequence[float], expected: int) -> Array:
    _length(place, values, expected)
    return frozen(values)


def _matrix(place: str, rows: Matrix, n_rows: int, n_columns: int) -> Array:
    _length(place, rows, n_rows, "rows")
    for position, row in enumerate(rows):
        _length(f"{place}[{position}]", row, n_columns)
    return frozen(np.array(rows, dtype=np.float64).reshape(n_rows, n_columns))
