"""Which runs a sweep is made of, read from JSON."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
import numpy as np

from bp_gui.session.edits import MAX_SEED
from bp_gui.session.sweep.factors import FACTORS, Value

MAX_RUNS = 100_000
MAX_UPDATES = 10**9
SEED = "initial_seed"

Settings = tuple[tuple[str, Value], ...]


class SweepError(ValueError):
    """A specification that cannot be used; the message says where and why in one sentence."""


class Bounds(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Numbers are drawn between ``low`` and ``high``, or their logarithms are."""

    low: float
    high: float
    scale: Literal["linear", "log"] = "linear"


class Sample(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """So many runs, each with values drawn from ranges and from lists."""

    runs: Annotated[int, msgspec.Meta(ge=1, le=MAX_RUNS)]
    ranges: dict[str, Bounds] = {}
    choices: dict[str, list[Any]] = {}


class Specification(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """What a file says of a sweep, one attribute a key; ``docs/sweeps.md`` says what they mean."""

    base: str = "example:worked"
    updates: Annotated[int, msgspec.Meta(ge=0, le=MAX_UPDATES)] = 1000
    seed: Annotated[int, msgspec.Meta(ge=0, le=MAX_SEED)] = 0
    repeats: Annotated[int, msgspec.Meta(ge=1, le=MAX_RUNS)] = 1
    grid: dict[str, list[Any]] | None = None
    random: Sample | None = None


@dataclass(frozen=True)
class Sweep:
    """A sweep, ready to be run anywhere: it is made of plain values only.

    Attributes
    ----------
    base
        The text of the project file that every run starts from.
    updates
        How many updates each run makes.
    factors
        What is varied: the columns of the results.
    runs
        For each run the value of every factor.
    """

    base: str
    updates: int
    factors: tuple[str, ...]
    runs: tuple[Settings, ...]


@dataclass(frozen=True)
class Request:
    """What a specification asks for, before the project that it starts from is read.

    Attributes
    ----------
    base
        A file's path, or ``example:NAME``.
    updates, factors, runs
        See `Sweep`.
    """

    base: str
    updates: int
    factors: tuple[str, ...]
    runs: tuple[Settings, ...]

    def starting_from(self, base: str) -> Sweep:
        """Return the sweep from the text of a project file."""
        return Sweep(base, self.updates, self.factors, self.runs)


def decode(text: bytes | str) -> Specification:
    """Read a specification; whether its values are accepted is seen by `request_of`.

    Raises
    ------
    SweepError
        If it is not of this form.
    """
    try:
        return msgspec.json.decode(text, type=Specification)
    except msgspec.ValidationError as error:
        raise SweepError(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SweepError(f"not valid JSON: {error}") from None


def encode(spec: Specification) -> bytes:
    """Return a specification as the text of a file."""
    return msgspec.json.format(msgspec.json.encode(spec), indent=1) + b"\n"


def read_request(text: bytes | str) -> Request:
    """Return what the text of a specification asks for; see `request_of`."""
    return request_of(decode(text))


def request_of(spec: Specification) -> Request:
    """Return what a specification asks for.

    ``grid`` gives a list of values for each factor and every combination is run, ``repeats`` times
    with weights of their own; ``random`` draws ``runs`` combinations. Seeds of weights come from
    ``numpy.random.SeedSequence(seed, spawn_key=(run,))``, so that they do not depend on where
    and in which order runs are computed.

    Raises
    ------
    SweepError
        If a value is not accepted; the message says where it stands.
    """
    if (spec.grid is None) == (spec.random is None):
        raise SweepError("either grid or random must be given, and not both")
    if spec.grid is not None:
        factors, runs = _grid(spec.grid, spec.repeats, spec.seed)
    else:
        assert spec.random is not None
        factors, runs = _drawn(spec.random, spec.seed)
    return Request(spec.base, spec.updates, factors, runs)


def run_seed(seed: int, run: int) -> int:
    """Return the seed of a run's weights, 0 to 2³¹ − 1."""
    sequence = np.random.SeedSequence(seed, spawn_key=(run,))
    return int(sequence.generate_state(1)[0]) & MAX_SEED


def _grid(
    grid: Mapping[str, Sequence[Any]], repeats: int, seed: int
) -> tuple[tuple[str, ...], tuple[Settings, ...]]:
    names = _ordered("grid", grid)
    values = [_values(f"grid.{name}", name, grid[name]) for name in names]
    count = math.prod(len(each) for each in values) * repeats
    if count > MAX_RUNS:
        raise SweepError(f"grid: {count:,} runs are more than {MAX_RUNS:,}")
    combinations = [
        tuple(zip(names, combination, strict=True))
        for combination in itertools.product(*values)
        for _ in range(repeats)
    ]
    return _with_seeds(names, combinations, seed, repeated=repeats > 1)


def _drawn(random: Sample, seed: int) -> tuple[tuple[str, ...], tuple[Settings, ...]]:
    twice = sorted(set(random.ranges) & set(random.choices))
    if twice:
        raise SweepError(f"random: {twice[0]} has a range and choices; give one of them")
    names = _ordered("random", {**random.ranges, **random.choices})
    generator = np.random.default_rng(np.random.SeedSequence(seed))
    runs: list[Settings] = []
    choices = {
        name: _values(f"random.choices.{name}", name, given)
        for name, given in random.choices.items()
    }
    for name, bounds in random.ranges.items():
        _check_bounds(name, bounds)
    for _ in range(random.runs):
        settings: list[tuple[str, Value]] = []
        for name in names:
            if name in choices:
                options = choices[name]
                settings.append((name, options[int(generator.integers(len(options)))]))
            else:
                settings.append((name, _between(random.ranges[name], generator)))
        runs.append(tuple(settings))
    return _with_seeds(names, runs, seed, repeated=True)


def _with_seeds(
    names: tuple[str, ...], runs: Sequence[Settings], seed: int, *, repeated: bool
) -> tuple[tuple[str, ...], tuple[Settings, ...]]:
    """Return the runs, each with a seed of its own where weights are drawn or runs repeated."""
    if SEED in names or not (repeated or "hidden" in names or "initializer" in names):
        return names, tuple(runs)
    seeded = tuple((*settings, (SEED, run_seed(seed, k))) for k, settings in enumerate(runs))
    return (*names, SEED), seeded


def _ordered(place: str, given: Mapping[str, object]) -> tuple[str, ...]:
    for name in given:
        if name not in FACTORS:
            raise SweepError(f"{place}.{name}: unknown; known: {', '.join(FACTORS)}")
    if not given:
        raise SweepError(f"{place}: names no setting; known: {', '.join(FACTORS)}")
    return tuple(name for name in FACTORS if name in given)


def _values(place: str, name: str, given: Sequence[Any]) -> list[Value]:
    if not given:
        raise SweepError(f"{place}: has no value")
    try:
        return [FACTORS[name].read(value) for value in given]
    except ValueError as error:
        raise SweepError(f"{place}: {error}") from None


def _check_bounds(name: str, bounds: Bounds) -> None:
    place = f"random.ranges.{name}"
    if not FACTORS[name].numeric:
        raise SweepError(f"{place}: cannot be drawn between bounds; give choices")
    if not bounds.low <= bounds.high:
        raise SweepError(f"{place}: low {bounds.low} is above high {bounds.high}")
    if bounds.scale == "log" and bounds.low <= 0:
        raise SweepError(f"{place}: low {bounds.low} must be above 0 on a log scale")
    _values(place, name, [bounds.low, bounds.high])


def _between(bounds: Bounds, generator: np.random.Generator) -> float:
    if bounds.scale == "log":
        return float(np.exp(generator.uniform(np.log(bounds.low), np.log(bounds.high))))
    return float(generator.uniform(bounds.low, bounds.high))
