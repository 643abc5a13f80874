"""The command ``export``: a moment in another format, written whole or not at all."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bp_gui.cli_options import Parser, add_file, add_json, add_sample, refused, scale, size
from bp_gui.cli_progress import progress
from bp_gui.session import examples
from bp_gui.session.exports.problem import ExportError
from bp_gui.session.exports.registry import EXPORTS
from bp_gui.session.exports.stills import Ground, Still, StillFormat, Subject
from bp_gui.session.exports.tables import Piece
from bp_gui.session.snapshot import Snapshot, evaluate
from bp_gui.session.whole_file import write_whole

Draw = Callable[[Snapshot, Still, str], bytes]  # what, how, and its title, to the file's bytes
GOOD = 0
_STILLS = {each.key: each for each in StillFormat}
_EXAMPLES = """\
examples:
  python -m bp_gui export --list
  python -m bp_gui export example:worked --to notebook -o derivation.ipynb
  python -m bp_gui export mine.backprop.json --to png --picture both --scale 2 -o mine.png
  python -m bp_gui export example:worked --to trace-csv -o -
"""


def add_export(commands: argparse._SubParsersAction[Parser], draw: Draw | None) -> None:
    """Add the command to the others.

    Parameters
    ----------
    commands
        Where to.
    draw
        What draws pictures; None where nothing can.
    """
    export = commands.add_parser(
        "export",
        help="write numbers, programs, documents and pictures",
        description="Write a project in another format: tables and arrays of its numbers, programs "
        "that compute them again, the derivation as a document, or a picture. A file that "
        "was there before stays as it was until the new one is whole.",
        epilog=_EXAMPLES,
    )
    add_file(export, nargs="?")
    export.add_argument("--to", metavar="FORMAT", help="which format: one of those --list names")
    export.add_argument("-o", "--output", metavar="OUT", help="the file to write; - prints it")
    add_sample(export)
    export.add_argument("--list", action="store_true", help="list the formats, and write nothing")
    add_json(export)
    pictures = export.add_argument_group("pictures (svg, pdf, png)")
    pictures.add_argument(
        "--picture",
        choices=[each.value for each in Subject],
        help="the graph, the cost curve, or both, one below the other; graph by default",
    )
    pictures.add_argument(
        "--theme",
        choices=[each.value for each in Ground],
        help="colours on white paper or on a dark ground; light by default",
    )
    pictures.add_argument(
        "--size",
        type=size,
        metavar="WxH",
        help="room for the graph in pixels, 960x600 by default; the curve is as wide",
    )
    pictures.add_argument(
        "--scale", type=scale, metavar="S", help="how many times as large, 0.5 to 8; 1 by default"
    )
    export.set_defaults(command=partial(_export, draw=draw))


def _export(options: argparse.Namespace, draw: Draw | None) -> int:
    if options.list:
        return _list(as_json=options.json)
    needed = {"FILE": options.file, "--to FORMAT": options.to, "-o OUT": options.output}
    missing = [name for name, value in needed.items() if value is None]
    if missing:
        return refused(f"export needs {' and '.join(missing)}; export --list names the formats")
    try:
        content = _content(options, draw)
    except ExportError as error:
        return refused(str(error))
    if options.output == "-":
        sys.stdout.buffer.write(content)
        return GOOD
    write_whole(Path(options.output), content)
    if options.json:
        print(json.dumps({"format": options.to, "output": options.output, "bytes": len(content)}))
    return GOOD


def _content(options: argparse.Namespace, draw: Draw | None) -> bytes:
    """Return the bytes of the file that the options ask for."""
    if options.to not in EXPORTS and options.to not in _STILLS:
        known = ", ".join((*EXPORTS, *_STILLS))
        raise ExportError(f"{options.to!r} is not a format; known: {known}")
    still = _still(options)
    if still is not None and draw is None:
        raise ExportError(f"{options.to}: nothing here can draw; use python -m bp_gui export")
    snapshot = evaluate(examples.load_named(options.file), options.sample - 1)
    if still is None or draw is None:
        return _joined(EXPORTS[options.to].pieces(snapshot))
    return draw(snapshot, still, Path(options.file.removeprefix(examples.PREFIX)).name)


def _joined(pieces: Iterator[Piece]) -> bytes:
    """Return the bytes of a file, and show how far they are."""
    contents = []
    with progress() as show:
        for piece in pieces:
            show(f"{piece.done:4.0%}")
            contents.append(piece.content)
    return b"".join(contents)


def _still(options: argparse.Namespace) -> Still | None:
    """Return the picture that is asked for; None if it is something else."""
    format_ = _STILLS.get(options.to)
    given = {
        name: value
        for name in ("picture", "theme", "size", "scale")
        if (value := getattr(options, name)) is not None
    }
    if format_ is None:
        if given:
            raise ExportError(
                f"--{next(iter(given))} is for pictures ({', '.join(_STILLS)}), "
                f"and {options.to} is none"
            )
        return None
    usual = Still(format_)
    return Still(
        format_,
        Subject(given.get("picture", usual.subject)),
        Ground(given.get("theme", usual.ground)),
        given.get("scale", usual.scale),
        given.get("size", usual.room),
    )


def _list(*, as_json: bool) -> int:
    entries = [(entry.key, entry.suffix, entry.text) for entry in EXPORTS.values()]
    entries += [(each.key, each.value, f"{each.text}: see --picture.") for each in StillFormat]
    if as_json:
        named = [{"format": k, "suffix": suffix, "text": text} for k, suffix, text in entries]
        print(json.dumps(named))
        return GOOD
    width = max(len(key) for key, _, _ in entries)
    for key, _, text in entries:
        print(f"{key:{width}}  {text}")
    return GOOD
