"""This program beside its peers: the results of the races as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from benchmarks.peers.registry import C_LOOP, OWN, OWN_NUMPY, PEERS, Peer
from benchmarks.race import ATTEMPTS, ROUNDS, SLOW_ROUNDS, Standing, race
from benchmarks.tables import table, three_digits
from benchmarks.workloads import WORKLOADS

Standings = Mapping[str, Standing]
Results = Mapping[str, Standings]

OTHERS = tuple(name for name in PEERS if name not in (OWN, OWN_NUMPY, C_LOOP))


@dataclass(frozen=True)
class Goal:
    """A promise about one workload: at most so many times as long as each rival takes.

    Attributes
    ----------
    text
        The promise in words.
    workload
        Its key.
    rivals
        Keys of peers.
    at_most
        Largest ratio of this program's time to a rival's.
    """

    text: str
    workload: str
    rivals: tuple[str, ...]
    at_most: float


_BLAS_RIVALS = ("torch", "jax")
GOALS = (
    Goal("2-2-2: within 1.5 of a C loop", "2-2-2, one sample", (C_LOOP,), 1.5),
    Goal("2-2-2: ahead of all others", "2-2-2, one sample", OTHERS, 1.0),
    Goal("2-4-2-1: ahead of all others by 5", "2-4-2-1, batches of 10", OTHERS, 1 / 5),
    Goal("2-16-16-1: ahead of JAX", "2-16-16-1, full batch of 500", ("jax",), 1.0),
    Goal("784-30-10: ahead of PyTorch, JAX", "784-30-10, batches of 10", _BLAS_RIVALS, 1.0),
    Goal("784-100-10: ahead of PyTorch, JAX", "784-100-10, batches of 128", _BLAS_RIVALS, 1.0),
)


def measure() -> dict[str, dict[str, Standing]]:
    """Run every race and print the times as they come in."""
    results = {}
    for name, workload in WORKLOADS.items():
        print(name, flush=True)
        results[name] = race(workload, PEERS.values())
        for standing in results[name].values():
            print(f"  {standing.peer.label}: {_cell(standing, results[name])}", flush=True)
    return results


def report(results: Results) -> list[str]:
    """Return the chapter of RESULTS.md."""
    return [
        "## Training beside other programs",
        "",
        "Microseconds an update, and in brackets how many times as long as this program that is.",
        f"All run in turn: {ROUNDS} rounds, in each the best of {ATTEMPTS} short runs of each "
        f"program (over a second long: one run, {SLOW_ROUNDS} rounds), timed by its own clock "
        "after warming up. Times are medians over the rounds, ratios medians of the rounds' "
        "ratios. Sigmoid neurons, half squared error, plain gradient descent, biases trained "
        "unless they are said to be fixed; initial weights and data are the same for all.",
        "",
        *_times(results),
        "",
        "† Another rule, see below: one update after every sample, counted here for as many "
        "samples as are in a batch; or another output layer.",
        "",
        "### What was promised",
        "",
        *table(("promise", "closest rival", "time to the rival's", "kept"), _kept(results)),
        "",
        "### What is measured, and whether it computes the same",
        "",
        "Every program's weights and biases are compared with those of this program's NumPy path "
        "after a few updates from the same start; the largest difference over all workloads is "
        "given. Where a program trains by another rule, the NumPy path follows that rule.",
        "",
        *table(
            ("program", "versions", "measured", "numbers", "rule", "largest difference"),
            _rules(results),
        ),
        "",
        "TensorFlow Playground's network (nn.ts) is in no package, so it is not measured.",
    ]


def _times(results: Results) -> list[str]:
    rows = []
    for peer in PEERS.values():
        cells = (_cell(standings[peer.name], standings) for standings in results.values())
        rows.append((peer.label, *cells))
    return table(("", *results), rows, numbers=True)


def _cell(standing: Standing, standings: Standings) -> str:
    """Return time and ratio, or why there is none."""
    if not standing.times:
        return standing.trouble
    mark = "†" if standing.peer.rule.differences(WORKLOADS[standing.workload].batch_size) else ""
    text = three_digits(standing.seconds * 1e6) + mark
    reference = standings[OWN]
    if standing is not reference and reference.times:
        text += f" (×{three_digits(standing.ratio(reference))})"
    return f"{text}, {standing.trouble}" if standing.trouble else text


def _kept(results: Results) -> Iterator[tuple[str, ...]]:
    for goal in GOALS:
        standings = results[goal.workload]
        reference = standings[OWN]
        ratios = {
            rival: reference.ratio(standings[rival])
            for rival in goal.rivals
            if rival in standings and standings[rival].times and standings[rival].agrees
        }
        if not ratios or not reference.times:
            yield goal.text, "not measured", "", ""
            continue
        closest = max(ratios, key=ratios.__getitem__)
        ratio = ratios[closest]
        kept = "yes" if ratio <= goal.at_most and reference.agrees else "**no**"
        yield goal.text, PEERS[closest].label, three_digits(ratio), kept


def _rules(results: Results) -> Iterator[tuple[str, ...]]:
    for peer in PEERS.values():
        standings = [result[peer.name] for result in results.values()]
        measured = [standing for standing in standings if standing.versions]
        if not measured:
            yield peer.label, "", peer.how, "", "", standings[-1].trouble
            continue
        versions = ", ".join(f"{name} {v}" for name, v in measured[0].versions.items())
        worst = max(standing.difference for standing in measured)
        agrees = all(standing.agrees for standing in measured)
        verdict = f"{worst:.0e}" if agrees else f"**{worst:.0e}**"
        yield peer.label, versions, peer.how, f"{peer.bits} bits", _rule(peer), verdict


def _rule(peer: Peer) -> str:
    """Return in words how a peer trains, in batches where it can."""
    differences = peer.rule.differences(batch_size=2)
    return "other: " + "; ".join(differences) if differences else "the same"
