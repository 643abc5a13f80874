"""Headless commands: the same engine without a window and without Qt.

Exit code 0 is good, 1 means that the answer is no, 2 is bad input with one line on standard error
that says where and why. Every command is described in docs/commands.md.
"""

from __future__ import annotations

import argparse
import csv
import io
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
from bp_gui.cli_export import Draw, add_export
from bp_gui.cli_options import Parser, add_file, add_json, add_sample, add_version, count, refused
from bp_gui.cli_progress import progress
from bp_gui.cli_sweep import add_sweep
from bp_gui.session import examples
from bp_gui.session.experiment import Experiment
from bp_gui.session.project_file import ProjectFileError, dumps_project
from bp_gui.session.self_test import run_self_test
from bp_gui.session.snapshot import Snapshot, evaluate
from bp_gui.session.training import prepare
from bp_gui.session.whole_file import write_together

GOOD, NO, INTERRUPTED = 0, 1, 130
_ABOUT = "Backpropagation without a window: the same engine, and no display needed."
_EPILOG = """\
FILE is a project file that the window saved, or example:NAME for one of the examples.
Exit code: 0 good; 1 the answer is no; 2 bad input, with one line that says where and why.

examples:
  python -m bp_gui trace example:worked
  python -m bp_gui train example:worked --updates 10000
  python -m bp_gui explain example:worked w5
  python -m bp_gui COMMAND --help

The window itself: python main.py [FILE]. All commands are described in docs/commands.md.
"""


def main(arguments: Sequence[str] | None = None, draw: Draw | None = None) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    arguments
        Of the command line; those of the process if none are given.
    draw
        What draws pictures. Drawing needs Qt, and so comes from above.
    """
    options = _parser(draw).parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        code = command(options)
        sys.stdout.flush()
        return code
    except (ProjectFileError, IndexError) as error:
        return refused(str(error))
    except BrokenPipeError:
        # The reader has had enough, as `head` does. Nothing may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD
    except OSError as error:
        place = "standard output" if error.filename is None else error.filename
        return refused(f"{place}: {error.strerror}")
    except KeyboardInterrupt:
        print("bp_gui: stopped; nothing was written", file=sys.stderr)
        return INTERRUPTED


def _parser(draw: Draw | None) -> Parser:
    parser = Parser(prog="python -m bp_gui", description=_ABOUT, epilog=_EPILOG)
    add_version(parser)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", title="commands")
    _add_trace(commands)
    _add_train(commands)
    add_explain(commands)
    add_check(commands)
    add_export(commands, draw)
    add_sweep(commands)
    _add_examples(commands)
    _add_self_test(commands)
    return parser


def _add_trace(commands: argparse._SubParsersAction[Parser]) -> None:
    trace = commands.add_parser(
        "trace",
        help="print every number of a forward and a backward pass, and of one update",
        description="Print the forward and the backward pass of one sample (z, a, delta, dW, db), "
        "then the gradient and the parameters after one update, which are those of the whole "
        "batch. Nothing is changed.",
    )
    add_file(trace)
    add_sample(trace)
    add_json(trace)
    trace.set_defaults(command=_trace)


def _add_train(commands: argparse._SubParsersAction[Parser]) -> None:
    train = commands.add_parser(
        "train",
        help="train, and print the cost and the parameters that are reached",
        description="Train, and print how many updates lie behind the result, its cost, its "
        "parameters and the output of its first sample. FILE stays as it is. Ends with 1 if a "
        "number leaves the finite ones: what is printed and written is the last finite state.",
    )
    add_file(train)
    train.add_argument(
        "--updates", type=count, required=True, metavar="N", help="how many updates to make"
    )
    train.add_argument("--save", type=Path, metavar="OUT", help="write the trained project")
    train.add_argument(
        "--csv",
        type=Path,
        metavar="OUT",
        help="write the cost at every update, or one an epoch where batches are smaller",
    )
    add_json(train)
    train.set_defaults(command=_train)


def _add_examples(commands: argparse._SubParsersAction[Parser]) -> None:
    listing = commands.add_parser(
        "examples",
        help="list the examples that come with the program",
        description="List what can stand for FILE without there being a file.",
    )
    add_json(listing)
    listing.set_defaults(command=_examples)


def _add_self_test(commands: argparse._SubParsersAction[Parser]) -> None:
    self_test = commands.add_parser(
        "self-test",
        help="check the numbers on this machine",
        description="Hold the worked example against numbers computed elsewhere, and two gradients "
        "against the complex step. Ends with 1 if one of them is wrong here.",
    )
    add_json(self_test)
    self_test.set_defaults(command=_self_test)


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
    project = examples.project_named(options.file)
    if options.csv and options.save and options.csv.resolve() == options.save.resolve():
        return refused(f"{options.csv}: --csv and --save name the same file")
    with progress() as show:
        show(f"0 of {options.updates:,} updates")
        prepare(project.experiment, options.updates)
        project, divergence = project.trained(
            options.updates, lambda made: show(f"{made:,} of {options.updates:,} updates")
        )
    experiment = project.experiment
    contents: dict[Path, bytes] = {}
    if options.csv:
        contents[options.csv] = _costs_as_csv(experiment)
    if options.save:
        contents[options.save] = dumps_project(project).encode()
    write_together(contents)
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
    if divergence is None:
        return GOOD
    print(
        f"bp_gui: training diverged: {divergence.quantity} became {divergence.value} at update "
        f"{divergence.update}; the numbers are those of update {experiment.updates}",
        file=sys.stderr,
    )
    return NO


def _costs_as_csv(experiment: Experiment) -> bytes:
    history, text = experiment.history, io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["update", "cost"])
    writer.writerows(zip(history.updates.tolist(), history.costs.tolist(), strict=True))
    writer.writerow([experiment.updates, experiment.batch_cost()])
    return text.getvalue().encode()


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
