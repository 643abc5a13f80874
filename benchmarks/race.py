"""All peers at the same work, in turn: each waits while another runs."""

from __future__ import annotations

import json
import os
import select
import statistics
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np

from benchmarks.peers.registry import NODE_MODULES, ROOT, Peer
from benchmarks.reference import trained
from benchmarks.workloads import Workload

ROUNDS = 7
ATTEMPTS = 3
RUN_SECONDS = 0.05
SLOW_SECONDS = 1.0
SLOW_ROUNDS = 3
PATIENCE = 90.0

# They choose slower kernels in a current OpenBLAS than it chooses for itself.
_UNSET = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


class PeerError(Exception):
    """A peer ended or did not answer; the message says what it last wrote."""


class Child:
    """A peer's process, spoken to as benchmarks/peers/serve.py says."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115, closed on exit
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            encoding="utf-8",
        )

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()
        self._errors.close()

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to one line.

        Raises
        ------
        PeerError
            If there is none.
        """
        sending, receiving = self._process.stdin, self._process.stdout
        assert sending is not None
        assert receiving is not None
        try:
            sending.write(json.dumps(request) + "\n")
            sending.flush()
        except BrokenPipeError:
            raise PeerError(self._last_words()) from None
        ready, _, _ = select.select([receiving], [], [], PATIENCE)
        if not ready:
            raise PeerError(f"no answer in {PATIENCE:.0f} s")
        line = receiving.readline()
        if not line:
            raise PeerError(self._last_words())
        answer: dict[str, Any] = json.loads(line)
        return answer

    def seconds(self, updates: int) -> float:
        """Return how long so many updates take it."""
        return float(self.ask({"updates": updates})["seconds"])

    def _last_words(self) -> str:
        self._process.wait()
        self._errors.seek(0)
        lines = self._errors.read().split("\n")
        return next((line for line in reversed(lines) if line.strip()), "ended without a word")


def environment() -> dict[str, str]:
    """Return the environment that every peer runs in."""
    kept = {name: value for name, value in os.environ.items() if name not in _UNSET}
    return {**kept, "NODE_PATH": str(NODE_MODULES), "JAX_PLATFORMS": "cpu"}


@dataclass
class Standing:
    """What is known of one peer at one workload.

    Attributes
    ----------
    peer, workload
        Which, and the key of the work.
    trouble
        Why it has no times, or "".
    versions
        Of what it runs with.
    difference
        Largest distance of a parameter from the reference after the check.
    times
        Seconds an update, one for each round.
    """

    peer: Peer
    workload: str
    trouble: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    difference: float = float("nan")
    times: list[float] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether its parameters are those of the reference, within its precision."""
        return self.difference <= self.peer.tolerance

    @property
    def seconds(self) -> float:
        """The median time of an update."""
        return statistics.median(self.times)

    def ratio(self, other: Standing) -> float:
        """Return how many times as long as another it takes, the median over the rounds."""
        return statistics.median(a / b for a, b in zip(self.times, other.times, strict=False))


def race(workload: Workload, peers: Iterable[Peer]) -> dict[str, Standing]:
    """Start every peer, check it, and time all of them round by round, in changing order."""
    standings = {peer.name: Standing(peer, workload.name) for peer in peers}
    running: dict[str, tuple[Child, int]] = {}
    with ExitStack() as stack:
        for name, standing in standings.items():
            standing.trouble = standing.peer.obstacle(workload) or ""
            if standing.trouble:
                continue
            try:
                child = stack.enter_context(Child(standing.peer.command))
                _check(child, workload, standing)
                running[name] = child, _long_enough(child, workload)
            except (PeerError, OSError) as error:
                standing.trouble = f"failed: {error}"
        for number in range(ROUNDS):
            names = list(running)
            first = number % len(names)
            for name in chain(names[first:], names[:first]):
                _time(*running[name], standings[name], number)
    return standings


def _check(child: Child, workload: Workload, standing: Standing) -> None:
    """Compare the parameters after a few updates from the start with the reference."""
    standing.versions = child.ask(workload.document())["versions"]
    child.seconds(workload.check_updates)
    answer = child.ask({"parameters": True})
    expected = trained(workload, standing.peer.rule, workload.check_updates)
    pairs = zip(chain(answer["W"], answer["b"]), chain(expected.W, expected.b), strict=True)
    standing.difference = max(float(np.abs(got - right).max()) for got, right in pairs)
    if not standing.agrees:
        standing.trouble = f"off by {standing.difference:.1e}"


def _long_enough(child: Child, workload: Workload) -> int:
    """Return how many updates, in whole epochs, take about the time of a run; warms up as well."""
    updates = workload.batches
    while (seconds := child.seconds(updates)) < RUN_SECONDS / 2:
        updates *= 2
    epochs = round(updates * RUN_SECONDS / seconds / workload.batches)
    return max(1, epochs) * workload.batches


def _time(child: Child, updates: int, standing: Standing, number: int) -> None:
    """Add the best of a few runs to the times of a peer; slow ones run once, in few rounds."""
    is_slow = bool(standing.times) and standing.times[0] * updates > SLOW_SECONDS
    if is_slow and number >= SLOW_ROUNDS:
        return
    seconds = child.seconds(updates)
    for _ in range(0 if seconds > SLOW_SECONDS else ATTEMPTS - 1):
        seconds = min(seconds, child.seconds(updates))
    standing.times.append(seconds / updates)
