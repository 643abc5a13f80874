"""The command ``export``: a moment in another format, written whole or not at all."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bp_gui.session import examples
from bp_gui.session.exports.problem import ExportError
from bp_gui.session.exports.registry import EXPORTS
from bp_gui.session.snapshot import evaluate
from bp_gui.session.whole_file import write_whole

GOOD, BAD_INPUT = 0, 2
_PICTURES = frozenset({"svg", "pdf", "png"})


def add_export(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the others."""
    export = commands.add_parser(
        "export", help="write numbers, programs and documents; --list names the formats"
    )
    export.add_argument("file", nargs="?", metavar="FILE")
    export.add_argument("--to", metavar="FORMAT", help="which format; --list names them")
    export.add_argument("-o", "--output", metavar="OUT", help="a file, or - for the output")
    export.add_argument("--sample", type=int, default=1, metavar="N", help="which sample, from 1")
    export.add_argument("--list", action="store_true", help="list the formats")
    export.add_argument("--json", action="store_true", help="print JSON for machines")
    export.set_defaults(command=_export)


def _export(options: argparse.Namespace) -> int:
    if options.list:
        return _list(as_json=options.json)
    missing = [
        name
        for name, value in (
            ("FILE", options.file),
            ("--to FORMAT", options.to),
            ("-o OUT", options.output),
        )
        if value is None
    ]
    if missing:
        return _refuse(f"export needs {' and '.join(missing)}; --list names the formats")
    entry = EXPORTS.get(options.to)
    if entry is None:
        return _refuse(_unknown(options.to))
    snapshot = evaluate(examples.load_named(options.file), options.sample - 1)
    try:
        content = entry.write(snapshot)
    except ExportError as error:
        return _refuse(str(error))
    if options.output == "-":
        sys.stdout.buffer.write(content)
        return GOOD
    write_whole(Path(options.output), content)
    if options.json:
        print(json.dumps({"format": entry.key, "output": options.output, "bytes": len(content)}))
    return GOOD


def _list(*, as_json: bool) -> int:
    if as_json:
        entries = [{"format": e.key, "suffix": e.suffix, "text": e.text} for e in EXPORTS.values()]
        print(json.dumps(entries))
        return GOOD
    width = max(map(len, EXPORTS))
    for entry in EXPORTS.values():
        print(f"{entry.key:{width}}  {entry.text}")
    return GOOD


def _unknown(key: str) -> str:
    if key.lower() in _PICTURES:
        return f"{key}: pictures are exported from the window; export --list names the formats"
    return f"{key!r} is not a format; known: {', '.join(EXPORTS)}"


def _refuse(reason: str) -> int:
    print(f"bp_gui: {reason}", file=sys.stderr)
    return BAD_INPUT
