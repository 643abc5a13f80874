"""The command ``explain``: why a number is what it is, as text, LaTeX or data."""

from __future__ import annotations

import argparse
import json
import math
from typing import Any

from bp_gui.cli_options import Parser, add_file, add_sample, count
from bp_gui.engine.names import COST, Ref, UnknownNameError
from bp_gui.explain.documents import as_data, as_latex, as_text
from bp_gui.explain.explanation import Style
from bp_gui.explain.naming import Naming
from bp_gui.explain.numbers import MAX_DIGITS, MIN_DIGITS
from bp_gui.explain.targets import Derivative, Gradient, Target, Update
from bp_gui.explain.why import explain
from bp_gui.session import examples
from bp_gui.session.snapshot import evaluate

_EPILOG = """\
NAME is what textbooks or files call a number:
  w5  W2[1,2]  b1[2]  eta        a weight, a bias, the learning rate
  x[1]  h1  z_h1  o1  t[1]  C    an input, an activation, a net input, an output, a target, the cost
  delta1[1]  delta_h1            an error
  dC/dw5  do1/dz_o1              a derivative
  g:w5  new:w5                   the gradient that an update uses, and the value after it

examples:
  python -m bp_gui explain example:worked w5
  python -m bp_gui explain example:worked delta_h1 --unfold 1 --latex
"""


def add_explain(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the command to the others."""
    parser = commands.add_parser(
        "explain",
        help="say why a number is what it is, line by line",
        description="Say why a number is what it is: in symbols, with the numbers put in, and as "
        "a value; for a parameter the chain rule, the gradient and the update.",
        epilog=_EPILOG,
    )
    add_file(parser)
    parser.add_argument("name", metavar="NAME", help="which number: see below")
    add_sample(parser)
    parser.add_argument(
        "--digits", type=_digits, default=6, metavar="D", help="digits shown, 3 to 17; 6 by default"
    )
    parser.add_argument(
        "--unfold",
        type=count,
        default=0,
        metavar="D",
        help="write an error δ out over so many of the layers behind it; 0 by default",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--text", action="store_true", help="print plain text, the default")
    form.add_argument("--latex", action="store_true", help="print LaTeX, which needs amsmath")
    form.add_argument("--json", action="store_true", help="print one line of JSON, for machines")
    parser.set_defaults(command=run_explain)


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
