"""Files that nobody meant: whatever is read, there is one kind of error, and soon.

``python -m tests.campaigns.fuzz [NUMBER]`` reads so many mutated files in turn through every
registered reader and says what went wrong; ``make fuzz`` reads 100,000. A reader is added by an
entry of `TARGETS`.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import chain

import numpy as np
from safetensors.numpy import save

from bp_gui.engine.names import ETA, parse_name
from bp_gui.engine.network import Architecture, Parameters
from bp_gui.explain.name_choice import NameChoice
from bp_gui.session.edits import SetValue, restarted
from bp_gui.session.edits_data import SetCell
from bp_gui.session.edits_structure import AddNeuron
from bp_gui.session.edits_training import SetOptimizer
from bp_gui.session.examples import load_named
from bp_gui.session.experiment import Experiment
from bp_gui.session.exports.registry import EXPORTS
from bp_gui.session.imports.playground import read_playground
from bp_gui.session.imports.problem import ImportProblem
from bp_gui.session.imports.weights import preview, read_weights
from bp_gui.session.project import Layout, Project
from bp_gui.session.project_file import ProjectFileError, dumps, dumps_project, loads_project
from bp_gui.session.share import from_share_text, repacked, to_share_text
from bp_gui.session.snapshot import evaluate
from bp_gui.session.table_columns import suggest
from bp_gui.session.table_import import to_samples
from bp_gui.session.table_text import TableError, decoded, read_table, sniff
from bp_gui.session.timeline import Timeline
from bp_gui.session.training import advance
from tests.campaigns.large_projects import all_hostile
from tests.campaigns.odd_json import odd

MOST_SECONDS = 1.0
MOST_BYTES = 100_000_000
_INTERESTING = (
    b"",
    b"\0",
    b"\xff" * 8,
    b"9" * 400,
    b"-1",
    b"1e999",
    b"NaN",
    b"[" * 2_000,
    b"{",
    b'"',
    b",",
    b"\t",
    b"\n",
    "−".encode(),
)


def mutated(seed: bytes, generator: random.Random) -> bytes:
    """Return a file with one to four things changed: bytes, pieces, length."""
    content = bytearray(seed)
    for _ in range(generator.randint(1, 4)):
        at = generator.randrange(len(content) + 1)
        end = min(len(content), at + generator.choice((1, 1, 2, 8, 64, 1_000)))
        match generator.randrange(6):
            case 0:
                content[at:end] = generator.randbytes(end - at)
            case 1:
                del content[at:end]
            case 2:
                content[at:at] = content[at:end] * generator.choice((1, 2, 50))
            case 3:
                content[at:end] = generator.choice(_INTERESTING)
            case 4:
                del content[at:]
            case _ if content:
                content[at % len(content)] ^= 1 << generator.randrange(8)
    return bytes(content)


@dataclass(frozen=True)
class FuzzTarget:
    """A reader and what it is fed.

    Attributes
    ----------
    name
        What reports call it.
    seeds
        Makes good files, which are mutated.
    read
        Takes the bytes; raises one of ``allowed`` or nothing.
    allowed
        The reader's one kind of error.
    mutate
        Makes a bad file of a good one.
    """

    name: str
    seeds: Callable[[], Sequence[bytes]]
    read: Callable[[bytes], object]
    allowed: type[Exception] = ImportProblem
    mutate: Callable[[bytes, random.Random], bytes] = mutated


@dataclass(frozen=True)
class Failure:
    """A file that was not read as promised."""

    target: str
    number: int
    reason: str


def _weights(content: bytes) -> object:
    here = load_named_once()
    return preview(read_weights(content), here, "fuzz").edit.apply(here)


@cache
def load_named_once() -> Experiment:
    """Return the experiment that everything is read for."""
    return load_named("example:xor")


def _weight_seeds(*keys: str) -> Callable[[], Sequence[bytes]]:
    """Return weights that fit, and some of another network, which rebuild it."""
    snapshots = [evaluate(load_named(f"example:{name}")) for name in ("xor", "iris")]
    return lambda: [EXPORTS[key].write(snapshot) for key in keys for snapshot in snapshots]


def _npz_seeds() -> Sequence[bytes]:
    stored = io.BytesIO()
    np.savez(stored, coefs_0=np.ones((2, 3)), coefs_1=np.ones((3, 1), dtype=np.float32))
    return (stored.getvalue(), *_weight_seeds("npz")())


def _tensor_seeds() -> Sequence[bytes]:
    state = {"0.weight": np.ones((3, 2), dtype=np.float16), "2.weight": np.ones((1, 3))}
    return (save(state), *_weight_seeds("safetensors")())


def _table_seeds() -> Sequence[bytes]:
    blocks = b"W1\n1,2\n3,4\n5,6\nb1\n1\n2\n3\nW2\n1,2,3\nb2\n4\n"
    return (blocks, *_weight_seeds("parameters-csv", "parameters-tsv")())


def _share(content: bytes) -> object:
    """Read a text; its checksum is put right first, or nothing behind it would be tried."""
    text = content.decode("latin-1")
    return from_share_text(repacked(text))


def _share_seeds() -> Sequence[bytes]:
    return [to_share_text(load_named(f"example:{n}")).encode() for n in ("worked", "xor")]


def _samples(content: bytes) -> object:
    text, _ = decoded(content)
    layout = sniff(text)
    table = read_table(text, layout)
    return to_samples(table, suggest(table, layout.decimal), layout.decimal)


@cache
def _project_seeds() -> Sequence[bytes]:
    """Return small projects, and one with all that a file can hold."""
    timeline = Timeline(SetOptimizer("adam").apply(load_named("example:xor")))
    timeline.record(advance(timeline.present, 12).experiment)
    for edit in (AddNeuron(1), SetValue(ETA, 0.25), SetOptimizer("adagrad")):
        timeline.record(edit.apply(timeline.present), edit.label)
        timeline.record(advance(timeline.present, 5).experiment)
    timeline.go_to(0, 7)
    for edit in (SetCell(0, 1, 0.5), SetValue(ETA, 2.0)):
        timeline.record(edit.apply(timeline.present), edit.label)
    timeline.record(advance(timeline.present, 9).experiment)
    layout = Layout("data", parse_name("W1[1,2]"), 1, 7, True, NameChoice(), 1.5, False)
    everything = Project(timeline.present, timeline, "A note", layout)
    plain = [dumps(load_named(f"example:{name}")).encode() for name in ("worked", "xor")]
    wide = _long_arrays(load_named("example:worked"))
    return (*plain, dumps(wide).encode(), *2 * [dumps_project(everything).encode()])


def _long_arrays(worked: Experiment) -> Experiment:
    """Return an experiment whose arrays are words in its file."""
    architecture = Architecture((90, 50, 1), ("tanh", "linear"))
    parameters = Parameters(architecture, np.linspace(-1, 1, architecture.n_parameters))
    x = np.linspace(0, 1, 90 * 50).reshape(50, 90)
    experiment = restarted(worked, parameters).with_samples(x, x[:, :1])
    return advance(SetOptimizer("adagrad").apply(experiment), 2).experiment


def _project(content: bytes) -> object:
    """Read a project; what is read can be written, and read again."""
    project = loads_project(content)
    text = dumps_project(project)
    try:
        return loads_project(text)
    except ProjectFileError as error:
        raise AssertionError(f"written, and then refused: {error}") from None


TARGETS = (
    FuzzTarget("weights from NPZ", _npz_seeds, _weights),
    FuzzTarget("weights from safetensors", _tensor_seeds, _weights),
    FuzzTarget("weights from tables", _table_seeds, _weights),
    FuzzTarget("shared text", _share_seeds, _share),
    FuzzTarget(
        "Playground's addresses",
        lambda: [
            b"http://playground.tensorflow.org/#activation=tanh&batchSize=10&dataset=circle"
            b"&networkShape=4,2&learningRate=0.03&noise=0&percTrainData=50&seed=0.4"
        ],
        lambda content: read_playground(content.decode("latin-1")).edit.apply(load_named_once()),
    ),
    FuzzTarget(
        "samples from CSV",
        lambda: [b"x1,x2,t\n0,1,1\n1,0,1\n0,0,0\n", b'"a";"b"\n1,5;2,5\n3,5;4,5\n'],
        _samples,
        TableError,
    ),
    FuzzTarget("project file", _project_seeds, _project, ProjectFileError),
    FuzzTarget("project file of sound syntax", _project_seeds, _project, ProjectFileError, odd),
)


def run(count: int, seed: int = 0, targets: Sequence[FuzzTarget] = TARGETS) -> Iterator[Failure]:
    """Read mutated files, ``count`` in all, and yield what is not as promised."""
    generator = random.Random(seed)
    seeds = {target.name: target.seeds() for target in targets}
    for target in targets:  # what is loaded at the first use is no cost of a file
        for good in seeds[target.name]:
            target.read(good)
    tracemalloc.start()
    try:
        for number in range(count):
            target = targets[number % len(targets)]
            content = target.mutate(generator.choice(seeds[target.name]), generator)
            reason = _tried(target, content)
            if reason:
                yield Failure(target.name, number, reason)
    finally:
        tracemalloc.stop()


def _tried(target: FuzzTarget, content: bytes) -> str:
    """Return what is not as promised when a file is read; empty if all is well."""
    tracemalloc.reset_peak()
    before, begin = tracemalloc.get_traced_memory()[0], time.process_time()
    try:
        target.read(content)
    except target.allowed as error:
        if not str(error):
            return "an error without a reason"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    seconds = time.process_time() - begin
    used = tracemalloc.get_traced_memory()[1] - before
    if seconds > MOST_SECONDS:
        return f"took {seconds:.1f} s"
    return f"took {used / 1e6:.0f} MB" if used > MOST_BYTES else ""


def large() -> Iterator[Failure]:
    """Read hostile project files of the largest size, and yield what is not as promised."""
    for number, (what, content) in enumerate(all_hostile()):
        begin = time.process_time()
        with suppress(ProjectFileError):
            _project(content)
        seconds = time.process_time() - begin
        if seconds > MOST_SECONDS:
            yield Failure(f"large project file, {what}", number, f"took {seconds:.1f} s")


def main() -> int:
    """Run the campaign; the exit code is 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.fuzz", description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    failures = 0
    for failure in chain(large(), run(options.count, options.seed)):
        failures += 1
        print(f"{failure.target}, file {failure.number}: {failure.reason}")
    print(f"{options.count:,} files read, {failures} not as promised")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
