"""The command ``explain``: why a number is what it is, as text, LaTeX or data."""

from __future__ import annotations

import argparse
import json
import math
from typing import Any

from bp_gui.engine.names import COST, Ref, UnknownNameError
from bp_gui.explain.documents import as_data, as_latex, as_text
from bp_gui.explain.explanation import Style
from bp_gui.explain.naming import Naming
from bp_gui.explain.numbers import MAX_DIGITS, MIN_DIGITS
from bp_gui.explain.targets import Derivative, Gradient, Target, Update
from bp_gui.explain.why import explain
from bp_gui.session import examples
from bp_gui.session.snapshot import evaluate

_NAMES = "w5, h1, z_h1, W2[1,2], b1[2], delta1[1], C, eta, dC/dw5, do1/dz_o1, g:w5 or new:w5"


def add_explain(commands: Any) -> argparse.ArgumentParser:
    """Add the command to the subparsers of `argparse` and return its parser."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "explain", help="say why a number is what it is, line by line"
    )
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("name", metavar="NAME", help=f"such as {_NAMES}")
    parser.add_argument("--sample", type=int, default=1, metavar="N", help="which sample, from 1")
    parser.add_argument("--digits", type=_digits, default=6, metavar="D", help="3 to 17")
    parser.add_argument("--unfold", type=int, default=0, metavar="D", help="layers of δ to unfold")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--text", action="store_true", help="plain text, which is the default")
    form.add_argument("--latex", action="store_true", help="LaTeX for a document with amsmath")
    form.add_argument("--json", action="store_true", help="print JSON for machines")
    parser.set_defaults(command=run_explain)
    return parser


def _digits(text: str) -> int:
    if not (text.isascii() and text.isdigit() and MIN_DIGITS <= int(text) <= MAX_DIGITS):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of digits from 3 to 17")
    return int(text)


def run_explain(options: argparse.Namespace) -> int:
    """Print the explanation that the options ask for.

    Raises
    ------
    IndexError
        If there is no such sample or no such quantity.
    """
    snapshot = evaluate(examples.load_named(options.file), options.sample - 1)
    experiment = snapshot.experiment
    naming = Naming.of(experiment.parameters, experiment.bias_policy)
    try:
        target = find_target(naming, options.name)
        explanation = explain(snapshot, target, Style(naming, unfold=options.unfold))
    except UnknownNameError as error:
        raise IndexError(str(error)) from error
    if options.json:
        print(json.dumps(_finite(as_data(explanation, options.digits)), allow_nan=False))
    elif options.latex:
        print(as_latex(explanation, options.digits), end="")
    else:
        print(as_text(explanation, options.digits), end="")
    return 0


def find_target(naming: Naming, name: str) -> Target:
    """Return what a name asks about.

    Parameters
    ----------
    naming
        The names of the network; the program's own names are known as well.
    name
        A quantity, ``dA/dB`` for a derivative, ``g:w5`` for the gradient of an update and
        ``new:w5`` for the update.

    Raises
    ------
    UnknownNameError
        If the network has nothing of that name.
    """
    prefix, colon, parameter = name.partition(":")
    if colon and prefix in ("g", "new"):
        ref = _parameter(naming, parameter)
        return Gradient(ref) if prefix == "g" else Update(ref)
    above, slash, below = name.partition("/")
    if slash and above.startswith("d") and below.startswith("d"):
        of = COST if above == "dC" else naming.find(above[1:])
        return Derivative(of, naming.find(below[1:]))
    return naming.find(name)


def _parameter(naming: Naming, name: str) -> Ref:
    ref = naming.find(name)
    if not ref.is_parameter:
        raise UnknownNameError(f"{name} is neither a weight nor a bias: no update changes it")
    return ref


def _finite(value: Any) -> Any:
    """Return the value with texts for the numbers that JSON cannot write."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_finite(inner) for inner in value]
    return value
