"""The command ``check``: somebody's numbers held against a project's."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bp_gui.cli_options import Parser, add_file, add_json, add_sample, refused
from bp_gui.diagnose.diagnosis import Verdict, diagnose
from bp_gui.diagnose.reading import ReadingError, decoded
from bp_gui.diagnose.words import as_data, sentences
from bp_gui.session import examples
from bp_gui.session.problem import problem_of

GOOD, NO = 0, 1
FROM_INPUT = "-"
_EXAMPLES = """\
examples:
  python -m bp_gui check example:worked mine.txt
  echo "[[0.1498, 0.1996], [0.2498, 0.2995]]" | python -m bp_gui check example:worked -
"""


def add_check(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the command to the others."""
    check = commands.add_parser(
        "check",
        help="compare your own numbers with the right ones, and find the mistake",
        description="Compare numbers that you computed for the next update with the project's, "
        "each to the digits it was written with. Where they differ, say what differs first and "
        "which known mistakes give exactly your numbers. Ends with 0 if all agree, with 1 if not.",
        epilog=_EXAMPLES,
    )
    add_file(check)
    check.add_argument(
        "numbers",
        metavar="NUMBERS",
        help="a file with what your program prints: matrices, lists, JSON, CSV, labelled or not; "
        "- reads standard input",
    )
    add_sample(check)
    add_json(check)
    check.set_defaults(command=_check)


def _check(options: argparse.Namespace) -> int:
    experiment = examples.load_named(options.file)
    if not 1 <= options.sample <= len(experiment.t):
        raise IndexError(f"sample {options.sample} does not exist: there are {len(experiment.t)}")
    try:
        found = diagnose(problem_of(experiment, options.sample - 1), _read(options.numbers))
    except ReadingError as error:
        return refused(f"{_name(options.numbers)}: {error}")
    if options.json:
        print(json.dumps(as_data(found, experiment.architecture)))
    else:
        print("\n".join(sentences(found, experiment.architecture)))
        for explanation in found.explanations:
            for mistake in explanation.mistakes:
                print(f"\n{mistake.label}: {mistake.cause}")
                print(f"  right: {mistake.right.text}\n  yours: {mistake.wrong.text}")
    return GOOD if found.verdict is Verdict.AGREES else NO


def _read(numbers: str) -> str:
    if numbers == FROM_INPUT:
        return decoded(sys.stdin.buffer.read())
    return decoded(Path(numbers).read_bytes())


def _name(numbers: str) -> str:
    return "the input" if numbers == FROM_INPUT else numbers
