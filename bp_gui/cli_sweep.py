"""The command ``sweep``: many trainings that differ in a few settings, to a table."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bp_gui.session import examples
from bp_gui.session.project_file import dumps
from bp_gui.session.sweep.executors import HERE, results
from bp_gui.session.sweep.spec import SweepError, read_request
from bp_gui.session.sweep.table import ResultFile

GOOD, BAD_INPUT, INTERRUPTED = 0, 2, 130


def add_sweep(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the others."""
    sweep = commands.add_parser("sweep", help="train many times with other settings")
    sweep.add_argument("spec", type=Path, metavar="SPEC", help="a JSON file that says what to vary")
    sweep.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help="a CSV file")
    sweep.add_argument(
        "--executor",
        default=HERE,
        metavar="WHERE",
        help="batch (this process, the default), process (one a core) or dask:ADDRESS",
    )
    sweep.add_argument("--json", action="store_true", help="print JSON for machines")
    sweep.set_defaults(command=_sweep)


def _sweep(options: argparse.Namespace) -> int:
    try:
        request = read_request(options.spec.read_bytes())
        sweep = request.starting_from(dumps(examples.load_named(_base(options.spec, request.base))))
    except SweepError as error:
        return _refuse(f"{options.spec}: {error}")
    try:
        file = ResultFile(options.output, sweep)
    except SweepError as error:
        return _refuse(str(error))
    missing = file.missing
    done, failed = len(sweep.runs) - len(missing), 0
    try:
        for result in results(sweep, missing, options.executor):
            file.add(result)
            done += 1
            failed += bool(result.error)
            _show_progress(done, len(sweep.runs))
    except SweepError as error:
        return _refuse(str(error))
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


def _refuse(reason: str) -> int:
    print(f"bp_gui: {reason}", file=sys.stderr)
    return BAD_INPUT


def _base(spec: Path, base: str) -> str:
    """Return where the project is: a path is meant from the folder of the specification."""
    return base if base.startswith(examples.PREFIX) else str(spec.parent / base)


def _show_progress(done: int, count: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == count else ""
        print(f"\r{done:,} of {count:,} runs", end=end, file=sys.stderr, flush=True)
