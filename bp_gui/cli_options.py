"""What the commands have in common: their parser, options that many take, and how they refuse."""

from __future__ import annotations

import argparse
import sys
from typing import Any, NoReturn

from bp_gui import __version__
from bp_gui.session.exports.stills import LARGEST, SCALES, SMALLEST

BAD_INPUT = 2
_MOST = 999_999_999_999  # that can be counted


class _Help(argparse.HelpFormatter):
    """Help that wraps sentences, and keeps the lines of a text that has some."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26)

    def add_argument(self, action: argparse.Action) -> None:
        """Make room for the longest command too, which argparse forgets to indent."""
        super().add_argument(action)
        if isinstance(action, argparse._SubParsersAction):
            self._action_max_length += self._indent_increment

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text if "\n" in text else super()._fill_text(text, width, indent)


class Parser(argparse.ArgumentParser):
    """A parser whose help keeps the lines of its examples, and whose errors are one line."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=_Help, **settings)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where the help is."""
        program = "bp_gui" if "bp_gui" in self.prog else self.prog.removeprefix("python ")
        self.exit(BAD_INPUT, f"{program}: {message}; {self.prog} --help explains\n")


def add_version(parser: argparse.ArgumentParser) -> None:
    """Add the question which version this is."""
    parser.add_argument(
        "--version",
        action="version",
        version=f"backprop-explorer {__version__}",
        help="show the version and exit",
    )


def refused(reason: str) -> int:
    """Say on standard error why a command cannot be carried out; return its exit code."""
    print(f"bp_gui: {reason}", file=sys.stderr)
    return BAD_INPUT


def add_file(parser: argparse.ArgumentParser, nargs: str | None = None) -> None:
    """Add the project that a command is about."""
    parser.add_argument(
        "file", metavar="FILE", nargs=nargs, help="a project file, or example:NAME for an example"
    )


def add_sample(parser: argparse.ArgumentParser) -> None:
    """Add the choice of a sample."""
    parser.add_argument(
        "--sample",
        type=int,
        default=1,
        metavar="N",
        help="which sample, counted from 1; 1 by default",
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add the choice of output for machines."""
    parser.add_argument("--json", action="store_true", help="print one line of JSON, for machines")


def count(text: str) -> int:
    """Return a whole number of 0 or more."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")
    digits = text.lstrip("0") or "0"
    if len(digits) > len(str(_MOST)):
        raise argparse.ArgumentTypeError(f"{text!r} is over the limit of {_MOST:,}")
    return int(digits)


def size(text: str) -> tuple[int, int]:
    """Return width and height, written ``WIDTHxHEIGHT``."""
    width, _, height = text.partition("x")
    try:
        found = int(width), int(height)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not WIDTHxHEIGHT") from None
    fits = all(low <= n <= high for n, low, high in zip(found, SMALLEST, LARGEST, strict=True))
    if not fits:
        low, high = "x".join(map(str, SMALLEST)), "x".join(map(str, LARGEST))
        raise argparse.ArgumentTypeError(f"{text!r} is outside {low} to {high}")
    return found


def scale(text: str) -> float:
    """Return how many times as large a picture is to be."""
    low, high = SCALES
    try:
        found = float(text)
    except ValueError:
        found = float("nan")
    if not low <= found <= high:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from {low:g} to {high:g}")
    return found
