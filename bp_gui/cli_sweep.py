"""The command ``sweep``: many trainings that differ in a few settings, to a table."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bp_gui.cli_options import Parser, add_json, refused
from bp_gui.cli_progress import progress
from bp_gui.session import examples
from bp_gui.session.project_file import dumps
from bp_gui.session.sweep.executors import HERE, results
from bp_gui.session.sweep.spec import SweepError, read_request
from bp_gui.session.sweep.table import ResultFile

GOOD, INTERRUPTED = 0, 130


_EXAMPLES = """\
SPEC holds, for instance:
  {"base": "example:worked", "updates": 1000, "grid": {"eta": [0.1, 0.5, 2], "hidden": [[2], [4]]}}

examples:
  python -m bp_gui sweep spec.json -o results.csv
  python -m bp_gui sweep spec.json -o results.csv --executor process
"""


def add_sweep(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the command to the others."""
    sweep = commands.add_parser(
        "sweep",
        help="train once for every combination of some settings, to a table",
        description="Train once for every combination of settings that SPEC names, or for so many "
        "drawn at random, and write a row for each as soon as it is there. Started again with the "
        "same OUT, it computes only the rows that are missing; Ctrl+C stops it with whole rows.",
        epilog=_EXAMPLES,
    )
    sweep.add_argument(
        "spec", type=Path, metavar="SPEC", help="a JSON file that says what to vary: docs/sweeps.md"
    )
    sweep.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT", help="the CSV file to write"
    )
    sweep.add_argument(
        "--executor",
        default=HERE,
        metavar="WHERE",
        help="where to compute: batch, in this process, the default; process, in one for every "
        "core; dask:ADDRESS, on a cluster",
    )
    add_json(sweep)
    sweep.set_defaults(command=_sweep)


def _sweep(options: argparse.Namespace) -> int:
    try:
        request = read_request(options.spec.read_bytes())
        sweep = request.starting_from(dumps(examples.load_named(_base(options.spec, request.base))))
    except SweepError as error:
        return refused(f"{options.spec}: {error}")
    try:
        file = ResultFile(options.output, sweep)
    except SweepError as error:
        return refused(str(error))
    missing = file.missing
    done, failed = len(sweep.runs) - len(missing), 0
    try:
        with progress() as show:
            for result in results(sweep, missing, options.executor):
                file.add(result)
                done += 1
                failed += bool(result.error)
                show(f"{done:,} of {len(sweep.runs):,} runs")
    except SweepError as error:
        return refused(str(error))
    except KeyboardInterrupt:
        print(
            f"bp_gui: stopped after {done:,} of {len(sweep.runs):,} runs; the same command "
            f"goes on from there",
            file=sys.stderr,
        )
        return INTERRUPTED
    finally:
        file.close()
    if options.json:
        print(json.dumps({"runs": len(sweep.runs), "computed": len(missing), "failed": failed}))
    else:
        print(f"{len(missing):,} of {len(sweep.runs):,} runs computed, {failed:,} failed")
    return GOOD


def _base(spec: Path, base: str) -> str:
    """Return where the project is: a path is meant from the folder of the specification."""
    return base if base.startswith(examples.PREFIX) else str(spec.parent / base)
