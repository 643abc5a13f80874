"""Headless commands: the same engine without a window and without Qt.

Exit code 0 is good, 1 means that the answer is no, 2 is bad input with one line on standard error
that says where and why. Every command is described in docs/commands.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bp_gui.cli_check import add_check
from bp_gui.cli_explain import add_explain
from bp_gui.cli_export import add_export
from bp_gui.cli_sweep import add_sweep
from bp_gui.session import examples
from bp_gui.session.experiment import Experiment
from bp_gui.session.project_file import ProjectFileError, save
from bp_gui.session.self_test import run_self_test
from bp_gui.session.snapshot import Snapshot, evaluate
from bp_gui.session.training import advance, prepare

GOOD, NO, BAD_INPUT = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        code = command(options)
        sys.stdout.flush()
        return code
    except (ProjectFileError, IndexError) as error:
        return _refuse(str(error))
    except BrokenPipeError:
        # The reader has had enough, as `head` does. Nothing may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD
    except OSError as error:
        return _refuse(f"{error.filename}: {error.strerror}")


def _refuse(reason: str) -> int:
    print(f"bp_gui: {reason}", file=sys.stderr)
    return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bp_gui",
        description="Backpropagation without a window. FILE is a project file or example:NAME.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    trace = commands.add_parser("trace", help="forward and backward pass, and one update")
    trace.add_argument("file", metavar="FILE")
    trace.add_argument("--sample", type=int, default=1, metavar="N", help="which sample, from 1")
    trace.set_defaults(command=_trace)

    train = commands.add_parser("train", help="train, and print the cost that is reached")
    train.add_argument("file", metavar="FILE")
    train.add_argument("--updates", type=_count, required=True, metavar="N")
    train.add_argument("--save", type=Path, metavar="OUT", help="write the trained project")
    train.add_argument("--csv", type=Path, metavar="OUT", help="write the cost of every update")
    train.set_defaults(command=_train)

    add_check(commands)
    add_explain(commands)
    add_export(commands)
    add_sweep(commands)

    listing = commands.add_parser("examples", help="list the examples")
    listing.set_defaults(command=_examples)

    self_test = commands.add_parser("self-test", help="check the numbers on this machine")
    self_test.set_defaults(command=_self_test)

    for each in (trace, train, listing, self_test):
        each.add_argument("--json", action="store_true", help="print JSON for machines")
    return parser


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 13):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")
    return int(text)


def _trace(options: argparse.Namespace) -> int:
    snapshot = evaluate(examples.load_named(options.file), options.sample - 1)
    result = trace_as_data(snapshot)
    if options.json:
        _print_json(result)
    else:
        _print_tree(result)
    return GOOD


def trace_as_data(snapshot: Snapshot) -> dict[str, Any]:
    """Return what ``trace --json`` prints: passes of one sample, gradient and next of the batch."""
    experiment = snapshot.experiment
    architecture = experiment.architecture
    gradient_W, gradient_b = architecture.views(snapshot.gradient)
    next_W, next_b = architecture.views(snapshot.next_theta)
    return {
        "updates": experiment.updates,
        "cost": snapshot.cost,
        "forward": {"z": _rows(snapshot.forward.z), "a": _rows(snapshot.forward.a)},
        "backward": {
            "delta": _rows(snapshot.backward.delta),
            "dW": _lists(snapshot.backward.dW),
            "db": _lists(snapshot.backward.db),
        },
        "gradient": {"dW": _lists(gradient_W), "db": _lists(gradient_b)},
        "next": {"W": _lists(next_W), "b": _lists(next_b), "cost": snapshot.next_cost},
    }


def _train(options: argparse.Namespace) -> int:
    begin = examples.load_named(options.file)
    prepare(begin, options.updates)
    chunk = advance(begin, options.updates)
    experiment = chunk.experiment
    if options.csv:
        _write_costs(experiment, options.csv)
    if options.save:
        save(experiment, options.save)
    snapshot = evaluate(experiment)
    result = {
        "updates": experiment.updates,
        "cost": snapshot.cost,
        "W": _lists(experiment.parameters.W),
        "b": _lists(experiment.parameters.b),
        "output": snapshot.output.tolist(),
    }
    if options.json:
        _print_json(result)
    else:
        _print_tree(result)
    if chunk.divergence is None:
        return GOOD
    found = chunk.divergence
    print(
        f"bp_gui: training diverged: {found.quantity} became {found.value} at update "
        f"{found.update}; the numbers are those of update {experiment.updates}",
        file=sys.stderr,
    )
    return NO


def _write_costs(experiment: Experiment, path: Path) -> None:
    history = experiment.history
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["update", "cost"])
        writer.writerows(zip(history.updates.tolist(), history.costs.tolist(), strict=True))
        writer.writerow([experiment.updates, experiment.batch_cost()])


def _examples(options: argparse.Namespace) -> int:
    if options.json:
        _print_json(examples.names())
    else:
        print("\n".join(f"{examples.PREFIX}{name}" for name in examples.names()))
    return GOOD


def _self_test(options: argparse.Namespace) -> int:
    findings = run_self_test()
    if options.json:
        _print_json([{"check": f.check, "good": f.good, "detail": f.detail} for f in findings])
    else:
        for finding in findings:
            print(f"{'ok  ' if finding.good else 'FAIL'}  {finding.check}: {finding.detail}")
    return GOOD if all(finding.good for finding in findings) else NO


def _rows(arrays: Sequence[np.ndarray]) -> list[Any]:
    return [array[0].tolist() for array in arrays]


def _lists(arrays: Sequence[np.ndarray]) -> list[Any]:
    return [array.tolist() for array in arrays]


def _print_json(value: Any) -> None:
    print(json.dumps(_finite(value), allow_nan=False))


def _finite(value: Any) -> Any:
    """Return the value with ``"nan"``, ``"inf"`` and ``"-inf"`` for what JSON cannot write."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_finite(inner) for inner in value]
    return value


def _print_tree(value: dict[str, Any], indent: str = "") -> None:
    for key, inner in value.items():
        if isinstance(inner, dict):
            print(f"{indent}{key}")
            _print_tree(inner, indent + "  ")
        elif isinstance(inner, list) and inner and isinstance(inner[0], list):
            for layer, part in enumerate(inner, start=1):
                print(f"{indent}{key}{layer} {part}")
        else:
            print(f"{indent}{key} {inner}")
