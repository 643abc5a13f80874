"""The command ``check``: somebody's numbers held against a project's."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bp_gui.diagnose.diagnosis import Verdict, diagnose
from bp_gui.diagnose.reading import ReadingError
from bp_gui.diagnose.words import as_data, sentences
from bp_gui.session import examples
from bp_gui.session.problem import problem_of

GOOD, NO, BAD_INPUT = 0, 1, 2
FROM_INPUT = "-"


def add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the others."""
    check = commands.add_parser("check", help="compare numbers, and find what went wrong")
    check.add_argument("file", metavar="FILE")
    check.add_argument(
        "numbers", metavar="NUMBERS", help="a file with numbers in any form; - reads the input"
    )
    check.add_argument("--sample", type=int, default=1, metavar="N", help="which sample, from 1")
    check.add_argument("--json", action="store_true", help="print JSON for machines")
    check.set_defaults(command=_check)


def _check(options: argparse.Namespace) -> int:
    experiment = examples.load_named(options.file)
    if not 1 <= options.sample <= len(experiment.t):
        raise IndexError(f"sample {options.sample} does not exist: there are {len(experiment.t)}")
    try:
        found = diagnose(problem_of(experiment, options.sample - 1), _read(options.numbers))
    except (ReadingError, UnicodeDecodeError) as error:
        reason = str(error) if isinstance(error, ReadingError) else "is not text"
        print(f"bp_gui: {_name(options.numbers)}: {reason}", file=sys.stderr)
        return BAD_INPUT
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
        return sys.stdin.read()
    return Path(numbers).read_text(encoding="utf-8-sig")


def _name(numbers: str) -> str:
    return "the input" if numbers == FROM_INPUT else numbers
